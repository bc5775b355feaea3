//! The SQL text, the same for both databases. What differs comes from the module that includes this file: `Db`, how a verb talks to it
//! (`Connection`), how it reads and writes (`Reader`, `Writer`), whether it locks rows, and how many statements a reservation is.

#[path = "sql/accounts.rs"]
mod accounts;
#[path = "sql/challenges.rs"]
mod challenges;
#[path = "sql/deliveries.rs"]
mod deliveries;
#[path = "sql/erasure.rs"]
mod erasure;
#[path = "sql/history.rs"]
mod history;
#[path = "sql/kept_answers.rs"]
mod kept_answers;
#[path = "sql/schema.rs"]
mod schema;
#[path = "sql/sends.rs"]
mod sends;
#[path = "sql/sessions.rs"]
mod sessions;

use async_trait::async_trait;
use jiff::Timestamp;

use super::super::migrations::Schema;
use super::super::{
    Account, AddedAccount, AskedKey, Attempt, Consumed, DecideSend, DeliveryResult, DuePoll, Ending, Kept, KeptAnswer, NewAccount,
    Reservation, Rotation, SendCharge, SendRequest, SendResult, Store, Stored, StoredSession,
};
use super::{Connection, Reader, Writer};
use crate::verification::{Challenge, ChallengeId, Delivered, PhoneNumber, Policy, SendHistory, SendRefusal, SubjectId};
pub(super) use schema::migrate;
pub(super) use sends::{count, open, send};

/// The readers and the writer of one database. PostgreSQL has one pool for both.
pub(in crate::server::store) struct SqlStore {
    pub(super) reader: Reader,
    pub(super) writer: Writer,
}

impl SqlStore {
    pub(super) async fn find_schema(&self) -> Stored<Schema> {
        Ok(schema::find_schema(&mut *self.reader.acquire().await?).await?)
    }
}

/// Hands a verb to the writer, with copies of what it borrows, because the writer may work in a task of its own.
macro_rules! write {
    ($store:ident . $method:ident ($($borrowed:ident),*), $db:ident => $verb:expr) => {{
        $(let $borrowed = $borrowed.to_owned();)*
        $store.writer.$method(move |$db| Box::pin(async move { $verb.await })).await
    }};
}

/// The ending of a verb that always keeps what it wrote.
async fn kept<T>(verb: impl Future<Output = Result<T, sqlx::Error>>) -> Result<Ending<T>, sqlx::Error> {
    verb.await.map(Ending::Commit)
}

#[async_trait]
impl Store for SqlStore {
    async fn ping(&self) -> Stored<()> {
        self.writer.ping().await
    }

    async fn find_visitor(
        &self,
        digest: &str,
        subject: &SubjectId,
        requester: &str,
        policy: &Policy,
        now: Timestamp,
    ) -> Stored<(Option<StoredSession>, SendHistory)> {
        Ok(history::find_visitor(&mut *self.reader.acquire().await?, digest, subject, requester, policy, now).await?)
    }

    async fn prolong_session(&self, digest: &str, expires_at: Timestamp) -> Stored<()> {
        write!(self.execute(digest), db => sessions::prolong(db, &digest, expires_at))
    }

    async fn count_repeat(&self, digest: &str, max_repeats: u32) -> Stored<bool> {
        write!(self.execute(digest), db => sessions::count_repeat(db, &digest, max_repeats))
    }

    async fn find_kept(&self, asked: &AskedKey) -> Stored<Option<Kept>> {
        Ok(kept_answers::find(&mut *self.reader.acquire().await?, asked).await?)
    }

    async fn claim_key(&self, asked: &AskedKey, now: Timestamp, dead_before: Timestamp) -> Stored<bool> {
        write!(self.execute(asked), db => kept_answers::claim(db, &asked, now, dead_before))
    }

    async fn keep_answer(&self, asked: &AskedKey, answer: &KeptAnswer) -> Stored<()> {
        write!(self.execute(asked, answer), db => kept_answers::keep(db, &asked, &answer))
    }

    async fn give_key_up(&self, asked: &AskedKey) -> Stored<()> {
        write!(self.execute(asked), db => kept_answers::give_up(db, &asked))
    }

    async fn remove_session(&self, digest: &str, subject: &SubjectId, now: Timestamp) -> Stored<()> {
        write!(self.transact(digest, subject), db => kept(erasure::remove_session(db, &digest, &subject, now)))
    }

    async fn find_challenge(&self, id: &ChallengeId) -> Stored<Option<Challenge>> {
        Ok(challenges::find(&mut *self.reader.acquire().await?, id).await?)
    }

    async fn reserve_send(
        &self,
        request: &SendRequest,
        policy: &Policy,
        now: Timestamp,
        decide: DecideSend,
    ) -> Stored<Result<Reservation, SendRefusal>> {
        write!(self.transact(request, policy), db => sends::reserve(db, &request, &policy, now, &decide))
    }

    async fn mark_send(&self, send_id: &str, result: &SendResult, now: Timestamp) -> Stored<SendCharge> {
        match result {
            SendResult::Failed => write!(self.transact(send_id), db => kept(sends::mark_failed(db, &send_id, now))),
            SendResult::Accepted { reference, poll_at } => {
                let poll_at = *poll_at;
                write!(self.execute(send_id, reference), db => sends::mark_accepted(db, &send_id, reference.as_deref(), poll_at))?;
                Ok(SendCharge::Kept)
            }
            SendResult::Unknown => {
                write!(self.execute(send_id), db => sends::mark_unknown(db, &send_id))?;
                Ok(SendCharge::Kept)
            }
        }
    }

    async fn claim_polls(&self, now: Timestamp, batch: u32) -> Stored<Vec<DuePoll>> {
        write!(self.execute(), db => deliveries::claim(db, now, batch))
    }

    async fn mark_deliveries(&self, results: &[DeliveryResult], now: Timestamp) -> Stored<()> {
        // One that was lost takes locks, and two of them in one transaction could wait for each other's.
        let (lost, delivered): (Vec<_>, Vec<_>) = results.iter().cloned().partition(|result| result.delivered == Delivered::No);
        for result in lost {
            write!(self.transact(), db => kept(deliveries::mark(db, &result, now)))?;
        }
        if delivered.is_empty() {
            return Ok(());
        }
        write!(self.transact(delivered), db => kept(deliveries::mark_all(db, &delivered, now)))
    }

    async fn count_attempt(
        &self,
        id: Option<&ChallengeId>,
        subject: &SubjectId,
        max_attempts: u32,
        now: Timestamp,
    ) -> Stored<Option<Attempt>> {
        let id = id.cloned();
        write!(self.execute(subject), db => challenges::count_attempt(db, id.as_ref(), &subject, max_attempts, now))
    }

    async fn mark_exhausted(&self, id: &ChallengeId, max_attempts: u32) -> Stored<()> {
        write!(self.execute(id), db => challenges::mark_exhausted(db, &id, max_attempts))
    }

    async fn mark_expired(&self, id: &ChallengeId, now: Timestamp) -> Stored<()> {
        write!(self.execute(id), db => challenges::mark_expired(db, &id, now))
    }

    async fn give_attempt_back(&self, id: &ChallengeId) -> Stored<()> {
        write!(self.execute(id), db => challenges::give_attempt_back(db, &id))
    }

    async fn mark_verified(&self, challenge: &Challenge, rotation: &Rotation) -> Stored<Consumed> {
        write!(self.transact(challenge, rotation), db => challenges::mark_verified(db, &challenge, &rotation))
    }

    async fn find_hosted(
        &self,
        number: &PhoneNumber,
        provider: &str,
        except: &ChallengeId,
        opened_after: Timestamp,
    ) -> Stored<Vec<Challenge>> {
        Ok(challenges::find_hosted(&mut *self.reader.acquire().await?, number, provider, except, opened_after).await?)
    }

    async fn claim_look_up(&self, id: &ChallengeId, now: Timestamp, last_before: Timestamp) -> Stored<bool> {
        write!(self.execute(id), db => challenges::claim_look_up(db, &id, now, last_before))
    }

    async fn mark_reference(&self, id: &ChallengeId, reference: &str, now: Timestamp) -> Stored<()> {
        write!(self.transact(id, reference), db => kept(challenges::mark_reference(db, &id, &reference, now)))
    }

    async fn close_challenge(&self, id: &ChallengeId, now: Timestamp) -> Stored<()> {
        write!(self.execute(id), db => challenges::close_one(db, &id, now))
    }

    async fn close_challenges(&self, subject: &SubjectId, now: Timestamp) -> Stored<()> {
        write!(self.execute(subject), db => challenges::close(db, &subject, now))
    }

    async fn add_account(&self, account: &NewAccount, rotation: &Rotation) -> Stored<AddedAccount> {
        write!(self.transact(account, rotation), db => accounts::add(db, &account, &rotation))
    }

    async fn find_account(&self, id: &str) -> Stored<Option<Account>> {
        Ok(accounts::find(&mut *self.reader.acquire().await?, id).await?)
    }

    async fn lift_budgets(&self, number: Option<&PhoneNumber>) -> Stored<u64> {
        let number = number.cloned();
        write!(self.execute(), db => sends::lift_budgets(db, number.as_ref()))
    }

    async fn remove_account(&self, number: &PhoneNumber) -> Stored<bool> {
        write!(self.transact(number), db => kept(erasure::remove_account(db, &number)))
    }

    async fn sweep(&self, policy: &Policy, now: Timestamp, batch: u32) -> Stored<bool> {
        write!(self.execute(policy), db => erasure::sweep(db, &policy, now, batch))
    }
}
