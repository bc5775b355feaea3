//! What every verb owes its caller whatever the database does: an end in time, and no answer from a file that is not there any more.

mod database_file;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

pub(super) use self::database_file::DatabaseFile;
use super::recent_faults::{RecentFaults, Watch};
use super::{
    AbuseFacts, Account, Accounts, AddedAccount, AskedKey, Attempt, AuditLine, Challenges, Clients, Console, DayFigures,
    DecideSend, Deed, DeliveryResult, Event, Grant, Grants, GuardBook, HeldToken, Hold, Kept, KeptAnswer, KeptAnswers,
    LogoutNotice, NewAccount, NewConsoleSession, NewToken, NumberStory, Oversight, OwnSession, Proven, Redeemed, Refreshed,
    Refused, Reservation, Rotation, SendCharge, SendRequest, SendResult, Sends, SentText, Sessions, Store, StoreFault, Stored,
    StoredClient, StoredEvidence, StoredKey, StoredSession, Suspect, Tallied, WaitingRequest,
};
use crate::verification::guard::CountrySlot;
use crate::verification::{Challenge, ChallengeId, HoldKey, PhoneNumber, Policy, SendHistory, SendRefusal, SubjectId};

/// How long a verb may take, the wait for a connection and for locks included. What is not done then is rolled back; a request ends with
/// the first verb that fails.
pub(super) const VERB_TIME_LIMIT: Duration = Duration::from_secs(5);

/// A store whose verbs end in time.
pub(super) struct Guarded<S> {
    store: S,
    file: Option<DatabaseFile>,
    recent_faults: Arc<RecentFaults>,
}

impl<S: Store> Guarded<S> {
    pub(super) fn new(store: S, file: Option<DatabaseFile>, recent_faults: Arc<RecentFaults>) -> Self {
        Self { store, file, recent_faults }
    }

    async fn guard<T>(&self, verb: impl Future<Output = Stored<T>>) -> Stored<T> {
        if self.file.as_ref().is_some_and(|file| !file.is_in_place()) {
            return Err(StoreFault("the database file was removed or replaced while the server runs".into()));
        }
        let verb = pin!(verb);
        // Dropped before the verb is, and so before its connection goes back to the pool.
        let mut watch = Watch::over(&self.recent_faults);
        let late = |_| Err(StoreFault("the database did not answer in time".into()));
        let result = tokio::time::timeout(VERB_TIME_LIMIT, verb).await.unwrap_or_else(late);
        watch.is_well = result.is_ok();
        result
    }
}

macro_rules! guarded_verbs {
    ($contract:ident: $(fn $verb:ident($($name:ident: $type:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl<S: Store> $contract for Guarded<S> {
            $(async fn $verb(&self, $($name: $type),*) -> Stored<$answer> {
                self.guard(self.store.$verb($($name),*)).await
            })*
        }
    };
}

guarded_verbs! { Store:
    fn ping() -> ();
    fn sweep(policy: &Policy, now: Timestamp, batch: u32) -> bool;
}

guarded_verbs! { Sessions:
    fn find_visitor(digest: &str, subject: &SubjectId, requester: &str, policy: &Policy, now: Timestamp)
        -> (Option<StoredSession>, SendHistory);
    fn prolong_session(digest: &str, expires_at: Timestamp) -> ();
    fn count_repeat(digest: &str, max_repeats: u32) -> bool;
    fn remove_session(digest: &str, subject: &SubjectId, now: Timestamp) -> ();
}

guarded_verbs! { KeptAnswers:
    fn find_kept(asked: &AskedKey) -> Option<Kept>;
    fn claim_key(asked: &AskedKey, now: Timestamp, dead_before: Timestamp) -> bool;
    fn keep_answer(asked: &AskedKey, answer: &KeptAnswer) -> ();
    fn give_key_up(asked: &AskedKey) -> ();
}

guarded_verbs! { Sends:
    fn reserve_send(request: &SendRequest, policy: &Policy, now: Timestamp, decide: DecideSend)
        -> Result<Reservation, SendRefusal>;
    fn mark_send(send_id: &str, result: &SendResult, now: Timestamp) -> SendCharge;
    fn find_last_sender(challenge: &ChallengeId) -> Option<String>;
    fn claim_polls(now: Timestamp, batch: u32) -> Vec<SentText>;
    fn find_send(send_id: &str) -> Option<SentText>;
    fn mark_deliveries(results: &[DeliveryResult], now: Timestamp) -> Vec<String>;
    fn lift_budgets(number: Option<&PhoneNumber>, deed: &Deed) -> u64;
}

guarded_verbs! { Challenges:
    fn find_challenge(id: &ChallengeId) -> Option<Challenge>;
    fn count_attempt(id: Option<&ChallengeId>, subject: &SubjectId, max_attempts: u32, now: Timestamp) -> Option<Attempt>;
    fn mark_exhausted(id: &ChallengeId, max_attempts: u32) -> ();
    fn mark_expired(id: &ChallengeId, now: Timestamp) -> ();
    fn give_attempt_back(id: &ChallengeId) -> ();
    fn mark_verified(challenge: &Challenge, rotation: &Rotation) -> Proven;
    fn find_hosted(number: &PhoneNumber, provider: &str, except: &ChallengeId, opened_after: Timestamp) -> Vec<Challenge>;
    fn claim_look_up(id: &ChallengeId, now: Timestamp, last_before: Timestamp) -> bool;
    fn mark_reference(id: &ChallengeId, reference: &str, now: Timestamp) -> ();
    fn close_challenge(id: &ChallengeId, now: Timestamp) -> ();
    fn close_challenges(subject: &SubjectId, now: Timestamp) -> ();
}

guarded_verbs! { Accounts:
    fn add_account(account: &NewAccount, rotation: &Rotation) -> AddedAccount;
    fn find_account(id: &str) -> Option<Account>;
    fn remove_account(number: &PhoneNumber, deed: &Deed) -> bool;
}

guarded_verbs! { Oversight:
    fn add_refusals(refused: &[Refused], counts: &[(String, u64)], now: Timestamp) -> ();
    fn note_fault(send_id: &str, fault: &str) -> ();
    fn find_service_sends(now: Timestamp) -> u64;
    fn tell_of(number: &PhoneNumber, now: Timestamp) -> NumberStory;
    fn find_abuse(since: Timestamp) -> AbuseFacts;
}

guarded_verbs! { GuardBook:
    fn find_evidence(suspect: &Suspect) -> StoredEvidence;
    fn find_country_slots(from: i64) -> Vec<CountrySlot>;
    fn find_prefix_slots(from: i64) -> Vec<Tallied>;
    fn add_tally(tallied: &[Tallied], shard: i64) -> ();
    fn hold(hold: &Hold, event: &Event) -> bool;
    fn find_holds() -> Vec<Hold>;
    fn lift_hold(key: &HoldKey, deed: &Deed) -> bool;
    fn keep_hold(key: &HoldKey, until: Timestamp, deed: &Deed) -> bool;
    fn find_costs(currency: &str, now: Timestamp) -> Vec<(String, i64)>;
    fn add_event(event: &Event) -> bool;
    fn find_events(most: u32) -> Vec<Event>;
}

guarded_verbs! { Console:
    fn add_link(digest: &str, deed: &Deed, expires_at: Timestamp) -> ();
    fn find_link(digest: &str, now: Timestamp) -> bool;
    fn claim_link(digest: &str, session: &NewConsoleSession, now: Timestamp) -> bool;
    fn add_console_session(session: &NewConsoleSession, deed: &Deed) -> ();
    fn claim_console_session(digest: &str, rested_since: Timestamp, now: Timestamp) -> Option<String>;
    fn remove_console_session(digest: &str) -> ();
    fn mark_unmasked(number: &PhoneNumber, deed: &Deed) -> ();
    fn find_audit(behind: Option<&(Timestamp, String)>, limit: u32) -> Vec<AuditLine>;
    fn find_day(now: Timestamp) -> DayFigures;
}

guarded_verbs! { Clients:
    fn find_client(id: &str) -> Option<StoredClient>;
    fn find_clients() -> Vec<StoredClient>;
    fn add_client(client: &StoredClient, deed: &Deed) -> bool;
    fn mark_client(client: &StoredClient, deed: &Deed) -> bool;
    fn remove_client(id: &str, deed: &Deed) -> bool;
    fn claim_constant(name: &str, value: &str) -> String;
    fn find_signing_keys() -> Vec<StoredKey>;
    fn add_signing_key(key: &StoredKey, deed: Option<&Deed>) -> bool;
    fn mark_signing_key(kid: &str, sealed: &str) -> ();
    fn remove_signing_key(kid: &str) -> ();
}

guarded_verbs! { Grants:
    fn add_request(request: &WaitingRequest, most: u32) -> bool;
    fn find_request(digest: &str, now: Timestamp) -> Option<WaitingRequest>;
    fn add_grant(grant: &Grant) -> bool;
    fn find_grant(code: &str) -> Option<Grant>;
    fn redeem_code(grant: &Grant, tokens: &[NewToken], now: Timestamp) -> Redeemed;
    fn find_token(digest: &str, now: Timestamp) -> Option<HeldToken>;
    fn refresh_tokens(digest: &str, tokens: &[NewToken], forget_at: Timestamp, repeatable_after: Timestamp, now: Timestamp)
        -> Refreshed;
    fn remove_token(digest: &str) -> ();
    fn end_grant(id: &str, now: Timestamp) -> ();
    fn find_own_sessions(account_id: &str, now: Timestamp) -> Vec<OwnSession>;
    fn end_sessions(account_id: &str, now: Timestamp) -> ();
    fn end_session(account_id: &str, digest: &str, now: Timestamp) -> ();
    fn claim_notices(now: Timestamp, again_at: Timestamp, batch: u32) -> Vec<LogoutNotice>;
    fn delay_notice(id: &str, due_at: Timestamp) -> ();
    fn remove_notice(id: &str) -> ();
}
