//! The first connection: what is on the other side, and whether it is fit to hold what is remembered.

use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, Row, raw_sql};

use super::sql;
use crate::server::store::{StoreFault, Stored, migrations};

/// No statement of ours takes long; one that does is stuck behind a lock. It ends before the verb that waits for it does. The isolation is
/// the one that the guarded statements are written for, whatever the database's default is. The last is a word of our own: a pooler that
/// swallows these options does not hand it on.
const SETTINGS: [(&str, &str); 9] = [
    ("statement_timeout", "4s"),
    ("idle_in_transaction_session_timeout", "10s"),
    ("default_transaction_isolation", "read committed"),
    // What runs for a millisecond is not worth compiling, whatever number of rows is expected of a set.
    ("jit", "off"),
    // Every row is looked up by an index. Planned once, perhaps while the tables are still empty, statements about sets would go on reading
    // them whole; planned for the length of each array, they would be planned each time.
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("beonho.is_direct", "yes"),
];

/// The same for one transaction, through a pooler that refuses options at the start of a connection, or loses them after it.
pub(super) const BEGIN_LENT: &str = "begin isolation level read committed; \
    set local statement_timeout = '4s'; set local idle_in_transaction_session_timeout = '10s'";

/// Begins what reads many rows at once: for that, PostgreSQL plans as it does by itself.
pub(super) const BEGIN_REPORT: &str = "begin read only; set local plan_cache_mode = auto; set local enable_seqscan = on; \
    set local enable_hashjoin = on; set local enable_mergejoin = on";

/// Begins the transaction of a group: it gives up soon where somebody holds a lock, because others of the group have nothing to do with that.
pub(super) const BEGIN_TOGETHER: &str = "begin; set local lock_timeout = '250ms'";

/// The same through a pooler.
pub(super) const BEGIN_LENT_TOGETHER: &str = "begin isolation level read committed; set local lock_timeout = '250ms'; \
    set local statement_timeout = '4s'; set local idle_in_transaction_session_timeout = '10s'";

/// A migration takes its time, and so does the wait for that of another replica. The lock ends with the transaction, so it holds through
/// a pooler too. Its number is one that other programs hardly use.
const BEGIN_MIGRATION: &str = "begin isolation level read committed; set local statement_timeout = 0; \
    set local idle_in_transaction_session_timeout = 0; select pg_advisory_xact_lock(7309452107621)";

/// What a URL says to whoever knows of a pooler that nobody could find out about: no statement is kept.
const KEEPS_NOTHING: &str = "statement-cache-capacity=0";

/// What the other side says of itself.
const ASK: &str = "select coalesce(current_setting('beonho.is_direct', true), '') as is_direct,
    pg_encoding_to_char(encoding)::text as encoding, current_setting('transaction_read_only') as is_read_only,
    current_user::text as role, coalesce(current_schema()::text, '') as schema,
    coalesce(has_schema_privilege(current_schema(), 'create'), false)::text as may_create
    from pg_database where datname = current_database()";

/// How PostgreSQL is reached.
pub(super) struct Way {
    pub(super) options: PgConnectOptions,
    /// Whether a connection is ours for as long as we hold it, with what we set and keep on it.
    pub(super) is_direct: bool,
}

/// The options of a URL, without what poolers refuse at the start of a connection.
pub(super) fn options(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?.application_name("beonho").extra_float_digits(None);
    Ok(options.disable_statement_logging())
}

/// Connects, finds out whether there is a pooler in between, and refuses a database that would fail some people later.
pub(super) async fn connect(url: &str) -> Stored<(PgConnection, Way)> {
    let plain = options(url)?;
    let direct = plain.clone().options(SETTINGS);
    let mut db = match PgConnection::connect_with(&direct).await {
        Err(fault) if is_refused_by_a_pooler(&fault) => PgConnection::connect_with(&plain).await?,
        connected => connected?,
    };
    let is_direct = look_at(&mut db).await? && !url.contains(KEEPS_NOTHING);
    if !is_direct {
        tracing::info!("PostgreSQL is reached through a pooler: every verb is a transaction, and no statement is kept");
    }
    Ok((db, Way { options: if is_direct { direct } else { plain }, is_direct }))
}

/// `PgBouncer` refuses what it does not know (08P01).
fn is_refused_by_a_pooler(fault: &sqlx::Error) -> bool {
    fault
        .as_database_error()
        .is_some_and(|told| told.code().as_deref() == Some("08P01") || told.message().contains("startup parameter"))
}

/// Whether the connection is direct. Fails where the database is none that can be worked on.
async fn look_at(db: &mut PgConnection) -> Stored<bool> {
    let said = db.fetch_one(raw_sql(ASK)).await?;
    let text = |column: &str| said.try_get::<String, _>(column);
    let encoding = text("encoding")?;
    if encoding != "UTF8" {
        return Err(StoreFault(format!("its encoding is {encoding}: make a database with encoding 'UTF8'").into()));
    }
    if text("is_read_only")? == "on" {
        return Err(StoreFault("it can only be read: a standby, or default_transaction_read_only".into()));
    }
    Ok(text("is_direct")? == "yes")
}

/// Makes and changes the tables. Replicas that do so at once wait for the first.
pub(super) async fn migrate(mut db: PgConnection) -> Stored<()> {
    demand_place(&mut db).await?;
    let mut tx = db.begin_with(BEGIN_MIGRATION).await?;
    let migrated = sql::migrate(&mut tx).await;
    // Through a pooler, what was kept on this connection would stay there for others.
    tx.clear_cached_statements().await?;
    migrated?;
    tx.commit().await?;
    Ok(db.close().await?)
}

/// Tables are made in the first schema of the search path, which must be there and ours to write in.
async fn demand_place(db: &mut PgConnection) -> Stored<()> {
    let said = db.fetch_one(raw_sql(ASK)).await?;
    let (role, schema): (String, String) = (said.try_get("role")?, said.try_get("schema")?);
    if schema.is_empty() {
        return Err(StoreFault(
            format!("no schema of the search_path of the role {role} exists: create schema … authorization {role}").into(),
        ));
    }
    if said.try_get::<String, _>("may_create")? != "true" {
        let grant = format!("grant create on schema {schema} to {role}");
        return Err(StoreFault(format!("the role {role} may not make tables in the schema {schema}: {grant}").into()));
    }
    Ok(())
}

/// Where others made the tables, we may lack the rights to work with them.
pub(super) async fn demand_rights(db: &mut PgConnection) -> Stored<()> {
    let sql = "select coalesce(string_agg(what || ' on ' || name, ', ' order by name, what), '')
               from unnest($1::text[]) as name, unnest(array['select', 'insert', 'update', 'delete']) as what
               where not has_table_privilege(name, what)";
    let mut tx = db.begin().await?;
    let lacking = sqlx::query_scalar(sql).bind(migrations::tables()).persistent(false).fetch_one(&mut *tx).await?;
    let lacking: String = lacking;
    tx.commit().await?;
    if lacking.is_empty() { Ok(()) } else { Err(StoreFault(format!("the role lacks rights: grant {lacking}").into())) }
}
