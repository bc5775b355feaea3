//! Accounts. A unique index on the number settles races.

use async_trait::async_trait;

use super::{Connection, SqlStore, erasure, kept, sessions};
use crate::server::store::rows::AccountRow;
use crate::server::store::{Account, Accounts, AddedAccount, Deed, Ending, NewAccount, Rotation, Stored};
use crate::verification::PhoneNumber;

pub(super) async fn find(db: &mut Connection, id: &str) -> Result<Option<Account>, sqlx::Error> {
    let sql = "select id, phone_number, nickname, consented_at, created_at from accounts where id = $1";
    let row: Option<AccountRow> = sqlx::query_as(sql).bind(id).fetch_optional(db).await?;
    Ok(row.map(Account::from))
}

pub(super) async fn find_id_of_number(db: &mut Connection, number: &PhoneNumber) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("select id from accounts where phone_number = $1").bind(number.as_e164()).fetch_optional(db).await
}

/// The number is that of the challenge, which is closed here whether or not the number was still free.
pub(super) async fn add(
    db: &mut Connection,
    account: &NewAccount,
    rotation: &Rotation,
) -> Result<Ending<AddedAccount>, sqlx::Error> {
    let now = rotation.at.as_millisecond();
    let close = "update challenges set closed_at = $1
                 where id = $2 and subject = $3 and verified_at > $4 and closed_at is null
                 returning phone_number";
    let close = sqlx::query_scalar(close).bind(now).bind(account.challenge.as_str()).bind(rotation.subject.as_str());
    let number: Option<String> = close.bind(account.verified_after.as_millisecond()).fetch_optional(&mut *db).await?;
    let Some(number) = number else { return Ok(Ending::Rollback(AddedAccount::NotVerified)) };
    let insert = "insert into accounts (id, phone_number, nickname, consented_at, created_at) values ($1, $2, $3, $4, $5)
                  on conflict (phone_number) do nothing";
    let insert = sqlx::query(insert).bind(&account.id).bind(number).bind(&account.nickname);
    let insert = insert.bind(account.consented_at.map(jiff::Timestamp::as_millisecond)).bind(now);
    if insert.execute(&mut *db).await?.rows_affected() == 0 {
        return Ok(Ending::Commit(AddedAccount::NumberTaken));
    }
    let is_rotated = sessions::rotate(db, rotation, Some(&account.id), "signed_up").await?;
    Ok(if is_rotated { Ending::Commit(AddedAccount::Added) } else { Ending::Rollback(AddedAccount::NotVerified) })
}

#[async_trait]
impl Accounts for SqlStore {
    async fn add_account(&self, account: &NewAccount, rotation: &Rotation) -> Stored<AddedAccount> {
        hand_over!(self.transact(account, rotation), db => add(db, &account, &rotation))
    }

    async fn find_account(&self, id: &str) -> Stored<Option<Account>> {
        Ok(find(&mut *self.reader.acquire().await?, id).await?)
    }

    async fn remove_account(&self, number: &PhoneNumber, deed: &Deed) -> Stored<bool> {
        hand_over!(self.transact(number, deed), db => kept(erasure::remove_account(db, &number, &deed)))
    }
}
