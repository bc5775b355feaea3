//! What requests with an `Idempotency-Key` were answered.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Connection, SqlStore};
use crate::server::store::rows::KeptRow;
use crate::server::store::{AskedKey, Kept, KeptAnswer, KeptAnswers, Stored};

pub(super) async fn find(db: &mut Connection, asked: &AskedKey) -> Result<Option<Kept>, sqlx::Error> {
    let sql = "select request, status, body, retry_after_secs, claimed_at from kept_answers where subject = $1 and key = $2";
    let row: Option<KeptRow> = sqlx::query_as(sql).bind(asked.subject.as_str()).bind(&asked.key).fetch_optional(db).await?;
    Ok(row.map(|row| row.into_kept(asked)))
}

/// The first that asks claims the key. So does one that repeats a request whose process died.
pub(super) async fn claim(
    db: &mut Connection,
    asked: &AskedKey,
    now: Timestamp,
    dead_before: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "insert into kept_answers (subject, key, request, claimed_at) values ($1, $2, $3, $4)
               on conflict (subject, key) do update set claimed_at = excluded.claimed_at
               where kept_answers.request = excluded.request and kept_answers.status is null and kept_answers.claimed_at < $5";
    let insert = sqlx::query(sql).bind(asked.subject.as_str()).bind(&asked.key).bind(&asked.request);
    let insert = insert.bind(now.as_millisecond()).bind(dead_before.as_millisecond());
    Ok(insert.execute(db).await?.rows_affected() > 0)
}

pub(super) async fn keep(db: &mut Connection, asked: &AskedKey, answer: &KeptAnswer) -> Result<(), sqlx::Error> {
    let sql = "update kept_answers set status = $3, body = $4, retry_after_secs = $5 where subject = $1 and key = $2";
    let update = sqlx::query(sql).bind(asked.subject.as_str()).bind(&asked.key).bind(i64::from(answer.status));
    update.bind(&answer.body).bind(answer.retry_after_secs.map(i64::from)).execute(db).await.map(drop)
}

/// What did nothing may be asked again under the same key.
pub(super) async fn give_up(db: &mut Connection, asked: &AskedKey) -> Result<(), sqlx::Error> {
    let sql = "delete from kept_answers where subject = $1 and key = $2 and status is null";
    sqlx::query(sql).bind(asked.subject.as_str()).bind(&asked.key).execute(db).await.map(drop)
}

#[async_trait]
impl KeptAnswers for SqlStore {
    async fn find_kept(&self, asked: &AskedKey) -> Stored<Option<Kept>> {
        Ok(find(&mut *self.reader.acquire().await?, asked).await?)
    }

    async fn claim_key(&self, asked: &AskedKey, now: Timestamp, dead_before: Timestamp) -> Stored<bool> {
        hand_over!(self.execute(asked), db => claim(db, &asked, now, dead_before))
    }

    async fn keep_answer(&self, asked: &AskedKey, answer: &KeptAnswer) -> Stored<()> {
        hand_over!(self.execute(asked, answer), db => keep(db, &asked, &answer))
    }

    async fn give_key_up(&self, asked: &AskedKey) -> Stored<()> {
        hand_over!(self.execute(asked), db => give_up(db, &asked))
    }
}
