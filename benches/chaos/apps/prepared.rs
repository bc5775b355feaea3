//! Signs the guests in, each in a few browsers, while nobody is killed yet: what follows is about applications.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::future::try_join_all;

use super::guest::{Browser, requester_of};
use super::plan::Guest;
use crate::caller::{Answer, Call};
use crate::person::speak;
use crate::record::Heard;
use crate::server::Fault;
use crate::vendor::Vendor;

/// A number rests a second between two codes.
const COOLDOWN: Duration = Duration::from_millis(1_050);

/// The browsers of each guest.
pub async fn sign_in(guests: &[Guest], replicas: &[SocketAddr], vendor: &Arc<Vendor>) -> Result<Vec<Vec<Browser>>, Fault> {
    let mut session = 0;
    let all = guests.iter().enumerate().map(|(account, guest)| {
        let first = session;
        session += guest.sessions;
        sign_in_guest(account, first, guest, replicas, vendor)
    });
    try_join_all(all.collect::<Vec<_>>()).await
}

async fn sign_in_guest(
    account: usize,
    first: usize,
    guest: &Guest,
    replicas: &[SocketAddr],
    vendor: &Vendor,
) -> Result<Vec<Browser>, Fault> {
    let mut browsers = Vec::new();
    for place in 0..guest.sessions {
        let caller = Caller { requester: requester_of(account), replicas, replica: account + place };
        let purpose = if place == 0 { "sign_up" } else { "sign_in" };
        let cookie = caller.sign_in(&guest.number, purpose, vendor).await?;
        browsers.push(Browser { session: first + place, cookie, is_out: false });
        if place + 1 < guest.sessions {
            tokio::time::sleep(COOLDOWN).await;
        }
    }
    Ok(browsers)
}

struct Caller<'a> {
    requester: String,
    replicas: &'a [SocketAddr],
    replica: usize,
}

impl Caller<'_> {
    /// The cookie of a session that is signed in. The first makes the account.
    async fn sign_in(&self, typed: &str, purpose: &str, vendor: &Vendor) -> Result<String, Fault> {
        let fresh = self.post("/v1/verification", r#"{"phone_number":"0"}"#, None).await?.cookie.ok_or("no cookie came")?;
        let body = format!(r#"{{"phone_number":"{typed}","purpose":"{purpose}"}}"#);
        let sent = self.post("/v1/verification", &body, Some(&fresh)).await?;
        let sms = vendor.messages_to(&format!("+82{}", &typed[1..])).pop().ok_or_else(|| format!("no code came: {sent:?}"))?;
        let body = format!(r#"{{"code":"{}","challenge_id":"{}"}}"#, sms.code, sent.challenge.unwrap_or_default());
        let checked = self.post("/v1/verification/check", &body, Some(&fresh)).await?;
        let cookie = checked.cookie.clone().ok_or_else(|| format!("a guest could not sign in: {checked:?}"))?;
        if checked.state == "signed_up" {
            return Ok(cookie);
        }
        let made = self.post("/v1/accounts", r#"{"nickname":"Guest"}"#, Some(&cookie)).await?;
        Ok(made.cookie.clone().ok_or_else(|| format!("a guest could not sign up: {made:?}"))?)
    }

    async fn post(&self, path: &str, body: &str, cookie: Option<&str>) -> Result<Answer, Fault> {
        let call = Call { method: "POST", path, body, cookie, requester: &self.requester };
        match speak(self.replicas, self.replica, &call).await {
            (_, Heard::Answered(answer)) => Ok(answer),
            _ => Err("a replica that nobody kills does not answer".into()),
        }
    }
}
