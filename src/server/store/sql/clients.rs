//! Applications that were added by command, and the keys.

use async_trait::async_trait;
use jiff::Timestamp;

use super::oversight::audit;
use super::{Connection, SqlStore, kept};
use crate::server::store::rows::instant;
use crate::server::store::{Clients, Deed, Stored, StoredClient, StoredKey};

async fn find(db: &mut Connection, id: &str) -> Result<Option<StoredClient>, sqlx::Error> {
    let found = sqlx::query_as("select id, settings from clients where id = $1").bind(id).fetch_optional(db).await?;
    Ok(found.map(|(id, settings)| StoredClient { id, settings }))
}

async fn find_all(db: &mut Connection) -> Result<Vec<StoredClient>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as("select id, settings from clients order by id").fetch_all(db).await?;
    Ok(rows.into_iter().map(|(id, settings)| StoredClient { id, settings }).collect())
}

async fn add(db: &mut Connection, client: &StoredClient, deed: &Deed) -> Result<bool, sqlx::Error> {
    let sql = "insert into clients (id, settings, changed_at) values ($1, $2, $3) on conflict (id) do nothing";
    let insert = sqlx::query(sql).bind(&client.id).bind(&client.settings).bind(deed.at.as_millisecond());
    let is_added = insert.execute(&mut *db).await?.rows_affected() > 0;
    if is_added {
        audit(db, "client add", &client.id, deed).await?;
    }
    Ok(is_added)
}

async fn change(db: &mut Connection, client: &StoredClient, deed: &Deed) -> Result<bool, sqlx::Error> {
    let sql = "update clients set settings = $2, changed_at = $3 where id = $1";
    let update = sqlx::query(sql).bind(&client.id).bind(&client.settings).bind(deed.at.as_millisecond());
    let is_changed = update.execute(&mut *db).await?.rows_affected() > 0;
    if is_changed {
        audit(db, "client rotate", &client.id, deed).await?;
    }
    Ok(is_changed)
}

async fn remove(db: &mut Connection, id: &str, deed: &Deed) -> Result<bool, sqlx::Error> {
    let is_removed = sqlx::query("delete from clients where id = $1").bind(id).execute(&mut *db).await?.rows_affected() > 0;
    if is_removed {
        audit(db, "client remove", id, deed).await?;
        sqlx::query("delete from session_clients where client_id = $1").bind(id).execute(&mut *db).await?;
        sqlx::query("delete from grants where client_id = $1").bind(id).execute(db).await?;
    }
    Ok(is_removed)
}

/// Writing what stands there anew is how a statement tells it.
async fn claim_constant(db: &mut Connection, name: &str, value: &str) -> Result<String, sqlx::Error> {
    let sql = "insert into constants (name, value) values ($1, $2) on conflict (name) do update set value = constants.value
               returning value";
    sqlx::query_scalar(sql).bind(name).bind(value).fetch_one(db).await
}

type KeyRow = (String, String, i64, String, i64, i64);

async fn find_keys(db: &mut Connection) -> Result<Vec<StoredKey>, sqlx::Error> {
    let sql = "select kid, algorithm, generation, sealed, made_at, signs_from from signing_keys order by algorithm, generation";
    let rows: Vec<KeyRow> = sqlx::query_as(sql).fetch_all(db).await?;
    let key = |(kid, algorithm, generation, sealed, made_at, signs_from)| {
        let (made_at, signs_from): (Timestamp, Timestamp) = (instant(made_at), instant(signs_from));
        StoredKey { kid, algorithm, generation, sealed, made_at, signs_from }
    };
    Ok(rows.into_iter().map(key).collect())
}

async fn add_key(db: &mut Connection, key: &StoredKey, deed: Option<&Deed>) -> Result<bool, sqlx::Error> {
    let sql = "insert into signing_keys (kid, algorithm, generation, sealed, made_at, signs_from) values ($1, $2, $3, $4, $5, $6)
               on conflict (algorithm, generation) do nothing";
    let insert = sqlx::query(sql).bind(&key.kid).bind(&key.algorithm).bind(key.generation).bind(&key.sealed);
    let insert = insert.bind(key.made_at.as_millisecond()).bind(key.signs_from.as_millisecond());
    let is_added = insert.execute(&mut *db).await?.rows_affected() > 0;
    if let (true, Some(deed)) = (is_added, deed) {
        let action = if key.signs_from > key.made_at { "keys rotate" } else { "keys rotate --now" };
        audit(db, action, &key.kid, deed).await?;
    }
    Ok(is_added)
}

async fn seal_key_anew(db: &mut Connection, kid: &str, sealed: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update signing_keys set sealed = $2 where kid = $1").bind(kid).bind(sealed).execute(db).await.map(drop)
}

async fn remove_key(db: &mut Connection, kid: &str) -> Result<(), sqlx::Error> {
    sqlx::query("delete from signing_keys where kid = $1").bind(kid).execute(db).await.map(drop)
}

#[async_trait]
impl Clients for SqlStore {
    async fn find_client(&self, id: &str) -> Stored<Option<StoredClient>> {
        Ok(find(&mut *self.reader.acquire().await?, id).await?)
    }

    async fn find_clients(&self) -> Stored<Vec<StoredClient>> {
        Ok(find_all(&mut *self.reader.acquire().await?).await?)
    }

    async fn add_client(&self, client: &StoredClient, deed: &Deed) -> Stored<bool> {
        hand_over!(self.transact(client, deed), db => kept(add(db, &client, &deed)))
    }

    async fn mark_client(&self, client: &StoredClient, deed: &Deed) -> Stored<bool> {
        hand_over!(self.transact(client, deed), db => kept(change(db, &client, &deed)))
    }

    async fn remove_client(&self, id: &str, deed: &Deed) -> Stored<bool> {
        hand_over!(self.transact(id, deed), db => kept(remove(db, &id, &deed)))
    }

    async fn claim_constant(&self, name: &str, value: &str) -> Stored<String> {
        hand_over!(self.execute(name, value), db => claim_constant(db, &name, &value))
    }

    async fn find_signing_keys(&self) -> Stored<Vec<StoredKey>> {
        Ok(find_keys(&mut *self.reader.acquire().await?).await?)
    }

    async fn add_signing_key(&self, key: &StoredKey, deed: Option<&Deed>) -> Stored<bool> {
        let deed = deed.cloned();
        hand_over!(self.transact(key, deed), db => kept(add_key(db, &key, deed.as_ref())))
    }

    async fn mark_signing_key(&self, kid: &str, sealed: &str) -> Stored<()> {
        hand_over!(self.execute(kid, sealed), db => seal_key_anew(db, &kid, &sealed))
    }

    async fn remove_signing_key(&self, kid: &str) -> Stored<()> {
        hand_over!(self.execute(kid), db => remove_key(db, &kid))
    }
}
