//! The contract of the store: every verb, on both databases.

mod accounts;
mod challenges;
mod console;
mod deliveries;
mod erasure;
mod find_send;
mod gathered;
mod grants;
mod model;
mod oversight;
mod reports;
mod sends;
mod sessions;
mod signing_keys;

use std::sync::Arc;

use beonho::server::entropy;
use beonho::server::store::{self, Deed, DeliveryResult, Reservation, Rotation, SendRequest, SendResult, Store, StoredSession};
use beonho::verification::{
    Challenge, ChallengeId, CodeDigest, Delivered, Judge, PhoneNumber, Policy, Purpose, SendHistory, SendPlan, SendRefusal,
    SubjectId,
};
use jiff::{SignedDuration, Timestamp};

use crate::databases::{Database, Kind};
use crate::test_server::START_MS;

/// A store with nothing in it, and the policy that it is asked with.
struct Shelf {
    store: Arc<dyn Store>,
    policy: Policy,
    database: Database,
}

/// Seconds after the start of the test.
fn at(secs: i64) -> Timestamp {
    Timestamp::from_millisecond(START_MS).expect("in range") + SignedDuration::from_secs(secs)
}

fn subject(name: &str) -> SubjectId {
    SubjectId::from_stored(name.to_owned())
}

fn deed(secs: i64) -> Deed {
    Deed { actor: "mina".into(), reason: "asked on the phone".into(), at: at(secs) }
}

fn number(last: u32) -> PhoneNumber {
    PhoneNumber::from_stored(format!("+82101234{last:04}"))
}

fn ask(who: &str, last: u32) -> SendRequest {
    SendRequest {
        subject: subject(who),
        requester: "192.0.2.1".into(),
        phone_number: number(last),
        purpose: Purpose::SignUp,
        judge: Judge::Ours,
        provider: "sens",
        country: "KR".to_owned(),
        price: None,
        proof: None,
    }
}

/// What `decide` makes of a history that allows it: a code with the digest of the send's name.
fn reservation(plan: SendPlan, now: Timestamp) -> Reservation {
    let send_id = entropy::new_id();
    let challenge = match &plan {
        SendPlan::AddCode(current) => current.id.clone(),
        SendPlan::OpenChallenge => ChallengeId::from_stored(entropy::new_id()),
    };
    let code_digest = Some(CodeDigest::from_stored(format!("digest-of-{send_id}")));
    Reservation {
        send_id,
        plan,
        challenge,
        code_digest,
        at: now,
        expires_at: now + SignedDuration::from_secs(300),
        after: SendHistory::default(),
    }
}

/// A rotation from one cookie's digest to another.
fn rotation(who: &str, old: &str, new: &str, now: Timestamp) -> Rotation {
    Rotation {
        old_digest: old.into(),
        new_digest: new.into(),
        subject: subject(who),
        expires_at: now + SignedDuration::from_hours(24),
        account_expires_at: now + SignedDuration::from_hours(720),
        former: None,
        sid: format!("sid of {new}"),
        by: "once".into(),
        at: now,
    }
}

impl Shelf {
    async fn new(kind: Kind) -> Self {
        let database = Database::fresh(kind).await;
        let store = store::connect(&database.url).await.expect("the store opens");
        Self { store, policy: Policy::default(), database }
    }

    /// Reserves a send under the policy, as the verifier does.
    async fn reserve(&self, request: &SendRequest, now: Timestamp) -> Result<Reservation, SendRefusal> {
        let asked = beonho::verification::AskedSend {
            phone_number: request.phone_number.clone(),
            purpose: request.purpose,
            country: request.country.clone(),
            judge: request.judge.clone(),
            ended: None,
            is_signed_up: false,
            needs_work: false,
        };
        let policy = self.policy.clone();
        let decide = move |history: &SendHistory| Ok(reservation(policy.may_send(&asked, history, now)?, now));
        self.store.reserve_send(request, &self.policy, now, Box::new(decide)).await.expect("reserved")
    }

    /// A pending challenge of a subject and a number.
    async fn pending(&self, who: &str, last: u32, now: Timestamp) -> Challenge {
        let reserved = self.reserve(&ask(who, last), now).await.expect("the send is allowed");
        let accepted = SendResult::Accepted { provider: "sens", reference: None, poll_at: None };
        self.store.mark_send(&reserved.send_id, &accepted, now).await.expect("marked");
        self.challenge(&reserved.challenge).await
    }

    /// A challenge that its subject has just verified.
    async fn verified(&self, who: &str, last: u32, now: Timestamp) -> Challenge {
        let challenge = self.pending(who, last, now).await;
        let rotation = rotation(who, &format!("{who} old"), &format!("{who} new"), now);
        self.store.mark_verified(&challenge, &rotation).await.expect("verified");
        self.challenge(&challenge.id).await
    }

    async fn challenge(&self, id: &ChallengeId) -> Challenge {
        self.store.find_challenge(id).await.expect("asked").expect("the challenge is there")
    }

    async fn history(&self, who: &str, now: Timestamp) -> SendHistory {
        self.store.find_history(&subject(who), &self.policy, now).await.expect("asked")
    }

    /// How many codes of a challenge are good: those that an attempt is compared with, which is given back. None once it is over.
    async fn codes(&self, id: &ChallengeId, now: Timestamp) -> usize {
        let owner = self.challenge(id).await.subject;
        let attempt = self.store.count_attempt(Some(id), &owner, u32::MAX, now).await.expect("counted");
        self.store.give_attempt_back(id).await.expect("given back");
        attempt.map_or(0, |attempt| attempt.codes.len())
    }

    async fn session(&self, digest: &str) -> Option<StoredSession> {
        let found = self.store.find_visitor(digest, &subject("nobody"), "192.0.2.1", &self.policy, at(0)).await;
        found.expect("found").0
    }

    async fn mark_delivery(&self, send_id: &str, delivered: Delivered, reason: &str, now: Timestamp) {
        let result = DeliveryResult { send_id: send_id.to_owned(), delivered, reason: reason.to_owned() };
        self.store.mark_deliveries(&[result], now).await.expect("marked");
    }

    /// How much counts against subject and number.
    async fn spent(&self, who: &str, now: Timestamp) -> (usize, usize) {
        let history = self.history(who, now).await;
        (history.subject_sends.len(), history.number_sends.len())
    }
}
