//! What a busy day leaves in the database: challenges and sent codes, spread over the last 23 hours, because older ones are swept away.
//!
//! Names are spread over the whole key space, as random ones are, but come in order, so that millions of rows go in within minutes.

use sqlx::AssertSqlSafe;

use super::database::{Database, Desk, Kind};
use super::server::Fault;

const PAGE_MS: u64 = 23 * 3600 * 1000;

/// The server that tests start does not wait for the disk; here it does, as a real one would. `SQLite` does without being told.
pub async fn make_durable(database: &Database) -> Result<(), Fault> {
    if database.kind == Kind::Postgres {
        let mut desk = database.open().await?;
        for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
            desk.run(&format!("alter system set {setting} = on")).await?;
        }
        desk.run("select pg_reload_conf()").await?;
    }
    Ok(())
}

/// Puts that many challenges and as many sent codes in.
pub async fn fill(database: &Database, rows: u64) -> Result<(), Fault> {
    if rows == 0 {
        return Ok(());
    }
    let mut desk = database.open().await?;
    let indexes = indexes(&mut desk, database.kind).await?;
    if database.kind == Kind::Sqlite {
        desk.run("pragma synchronous = off; pragma cache_size = -400000; pragma temp_store = memory").await?;
    } else {
        desk.run("set maintenance_work_mem = '512MB'; set synchronous_commit = off").await?;
    }
    for (name, _) in &indexes {
        desk.run(&format!("drop index {name}")).await?;
    }
    for statement in inserts(database.kind, rows) {
        desk.run(&statement).await?;
    }
    for (_, create) in &indexes {
        desk.run(create).await?;
    }
    desk.run(match database.kind {
        Kind::Sqlite => "pragma wal_checkpoint(truncate)",
        Kind::Postgres => "vacuum analyze",
    })
    .await?;
    if database.kind == Kind::Postgres {
        desk.run("checkpoint").await?;
    }
    Ok(())
}

impl Desk {
    async fn run(&mut self, sql: &str) -> Result<(), Fault> {
        let query = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(db) => query.execute(db).await.map(|_| ())?,
            Self::Postgres(db) => query.execute(db).await.map(|_| ())?,
        }
        Ok(())
    }
}

/// The names of the indexes of both tables and how they are made, without those of their primary keys.
async fn indexes(desk: &mut Desk, kind: Kind) -> Result<Vec<(String, String)>, Fault> {
    let (names, texts) = match kind {
        Kind::Sqlite => {
            let of =
                "from sqlite_master where type = 'index' and sql is not null and tbl_name in ('challenges', 'sends') order by name";
            (format!("select name {of}"), format!("select sql {of}"))
        }
        Kind::Postgres => {
            let of =
                "from pg_indexes where tablename in ('challenges', 'sends') and indexname not like '%_pkey' order by indexname";
            (format!("select indexname::text {of}"), format!("select indexdef {of}"))
        }
    };
    Ok(desk.texts(&names).await?.into_iter().zip(desk.texts(&texts).await?).collect())
}

/// Seven in ten signed up, two let the code expire, one started over.
fn inserts(kind: Kind, rows: u64) -> [String; 2] {
    let step = u64::from(u32::MAX) / rows;
    let (series, id, subject, now, number) = match kind {
        Kind::Sqlite => (
            format!("with recursive series (n) as (select 1 union all select n + 1 from series where n < {rows})"),
            format!("printf('%08x', n * {step})"),
            "printf('%08x', n * 2654435761 % 4294967296)",
            "(cast(strftime('%s', 'now') as integer) * 1000)",
            "printf('%07d', n * 7919 % 10000000)",
        ),
        Kind::Postgres => (
            format!("with series (n) as (select generate_series(1, {rows}::bigint))"),
            format!("lpad(to_hex(n * {step}), 8, '0')"),
            "lpad(to_hex(n * 2654435761 % 4294967296), 8, '0')",
            "(extract(epoch from now())::bigint * 1000)",
            "lpad((n * 7919 % 10000000)::text, 7, '0')",
        ),
    };
    let at = format!("({now} - {PAGE_MS} + n * {PAGE_MS} / {rows})");
    let number = format!("'+82102' || {number}");
    let challenges = format!(
        "insert into challenges (id, subject, phone_number, purpose, provider, attempts, opened_at, expires_at, verified_at, closed_at)
         {series}
         select {id} || 'challenge_abcd', {subject} || 'subject_of_a_session_that_was_abcde', {number}, 'sign_up', 'sens', 1,
             {at}, {at} + 300000, case when n % 10 < 7 then {at} + 20000 end, case when n % 10 < 8 then {at} + 40000 end
         from series"
    );
    let sends = format!(
        "insert into sends (id, challenge_id, subject, requester, phone_number, code_digest, reserved_at, expires_at, result,
             given_back, provider_reference, delivery)
         {series}
         select {id} || 'send_abcdefghi', {id} || 'challenge_abcd', {subject} || 'subject_of_a_session_that_was_abcde',
             '10.' || n % 200 || '.' || n / 200 % 250 || '.' || n % 50, {number}, 'digest_of_a_code_in_base64_abcdefghijklmnopqr',
             {at}, {at} + 300000, 'accepted', 0, 'RSLA-1700000000000-1234-12345678-abcdefgh', 'delivered'
         from series"
    );
    [challenges, sends]
}
