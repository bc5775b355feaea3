//! Tells applications that a session is over (OpenID Connect Back-Channel Logout 1.0). Every replica may: each notice is claimed by one.

use std::time::Duration;

use futures::future::join_all;
use jiff::SignedDuration;

use super::{Authorizer, json};
use crate::authorization::claims::logout_token;
use crate::authorization::lifetimes::NOTICE_WAITS;
use crate::server::provider::http_client;
use crate::server::store::{LogoutNotice, StoreFault};

/// How many are told at once.
const BATCH: u32 = 16;
/// How long an application may take.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// When another replica may try, if this one dies while it does.
const LEASE: SignedDuration = SignedDuration::from_secs(30);

impl Authorizer {
    /// Tells whoever is due to be told.
    pub(crate) async fn deliver_notices(&self) -> Result<(), StoreFault> {
        let now = self.now();
        let notices = self.store.claim_notices(now, now + LEASE, BATCH).await?;
        let told = join_all(notices.iter().map(|notice| self.deliver(notice))).await;
        told.into_iter().collect()
    }

    async fn deliver(&self, notice: &LogoutNotice) -> Result<(), StoreFault> {
        let client = self.find_client(&notice.client_id).await?;
        let uri = client.as_ref().and_then(|client| client.backchannel_logout_uri.as_deref());
        let (Some(client), Some(uri)) = (&client, uri) else { return self.store.remove_notice(&notice.id).await };
        let sub = self.subject_of(client, &notice.account_id).await?;
        let claims = logout_token(&self.issuer, &client.id, &sub, notice.sid.as_deref(), &notice.id, self.now());
        let token = self.sign(client.algorithm, "logout+jwt", json::object(claims)).await?;
        let Err(why) = self.post(uri, &token).await else { return self.store.remove_notice(&notice.id).await };
        let wait = usize::try_from(notice.tries).ok().and_then(|tries| NOTICE_WAITS.get(tries.saturating_sub(1)));
        tracing::warn!(
            client = client.id,
            tries = notice.tries,
            why,
            gives_up = wait.is_none(),
            "an application was not told of a sign-out"
        );
        match wait {
            Some(wait) => self.store.delay_notice(&notice.id, self.now() + *wait).await,
            None => self.store.remove_notice(&notice.id).await,
        }
    }

    /// Hands a token over; else why not, in words of ours.
    async fn post(&self, uri: &str, token: &str) -> Result<(), String> {
        let http = self.http.get_or_try_init(async || http_client(None)).await.map_err(|fault| fault.to_string())?;
        match http.post(uri).timeout(TIME_LIMIT).form(&[("logout_token", token)]).send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("HTTP {}", answer.status().as_u16())),
            Err(fault) if fault.is_timeout() => Err("no answer in time".to_owned()),
            Err(_) => Err("no connection".to_owned()),
        }
    }
}
