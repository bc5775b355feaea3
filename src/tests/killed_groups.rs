//! The real program is killed while a group is being written: nothing of the group is left, and nobody of it was answered.

use std::time::Duration;

use beonho::server::provider::sens;
use reqwest::Method;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tokio::task::JoinSet;

use crate::browser::Browser;
use crate::database_faults::{count, execute};
use crate::databases::{Database, Kind, on_both_databases};
use crate::fake_sens::FakeSens;
use crate::process::Process;
use crate::test_server::Settings;

on_both_databases!(nothing_is_left_of_a_group_that_was_killed);

/// How many ask at once. The first of them is a group, the others are the next.
const MANY: u32 = 12;

/// The first send passes; whatever group comes next takes long in the middle of its transaction.
const HALT_SQLITE: [&str; 1] = ["create trigger halt before insert on sends when (select count(*) from sends) > 0
    begin select count(*) from sqlite_master a, sqlite_master b, sqlite_master c, sqlite_master d, sqlite_master e; end"];
const HALT_POSTGRES: [&str; 2] = [
    "create function halt() returns trigger language plpgsql as $$
     begin if (select count(*) from sends) > 0 then perform pg_sleep(2); end if; return new; end $$",
    "create trigger halt before insert on sends for each row execute function halt()",
];

async fn nothing_is_left_of_a_group_that_was_killed(kind: Kind) {
    let (database, sens) = (Database::fresh(kind).await, FakeSens::start().await);
    let own = [("DATABASE_URL", database.url.as_str()), ("SMS_PROVIDER", sens::NAME), ("TRUSTED_PROXIES", "1")];
    let settings: Settings = own.map(|(name, value)| (name, value.to_owned())).into_iter().chain(sens.settings()).collect();
    let mut process = Process::start(&settings).await;
    for halt in if kind == Kind::Sqlite { &HALT_SQLITE[..] } else { &HALT_POSTGRES } {
        execute(&database.url, halt).await;
    }
    let asking = ask(&process.base);
    while !is_halted(kind, &database.url).await {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    process.signal("KILL");
    process.wait();
    let answered = asking.join_all().await.into_iter().filter(|is_sent| *is_sent).count();
    assert!(answered < 2, "{answered} were answered before the commit");
    while is_halted(kind, &database.url).await {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    execute(&database.url, if kind == Kind::Sqlite { "drop trigger halt" } else { "drop function halt cascade" }).await;
    for rows in ["count(*) from sends", "count(*) from challenges", "cast(coalesce(sum(sends), 0) as bigint) from hourly_sends"] {
        // The first send stands whether or not its answer was on its way yet.
        assert!(count(&database.url, &format!("select {rows}")).await < 2, "{rows}");
    }
    let process = Process::start(&settings).await;
    let answered = ask(&process.base).join_all().await.into_iter().filter(|is_sent| *is_sent).count();
    assert!(answered + 1 >= MANY as usize, "nobody waits out a cooldown for nothing: {answered}");
}

/// Everybody asks for a code, each with a number and an address of their own; whether one was told that it is sent.
fn ask(base: &str) -> JoinSet<bool> {
    let mut asking = JoinSet::new();
    for n in 0..MANY {
        let request = Browser::new(base).request(Method::POST, "/v1/verification");
        let request = request.header("x-forwarded-for", format!("203.0.113.{n}"));
        let request = request.json(&json!({"phone_number": format!("0101234{n:04}")}));
        asking.spawn(async move {
            let Ok(answer) = request.send().await else { return false };
            answer.text().await.is_ok_and(|text| text.contains(r#""code_sent""#))
        });
    }
    asking
}

/// Whether a group is in the middle of its transaction.
async fn is_halted(kind: Kind, url: &str) -> bool {
    if kind == Kind::Postgres {
        let halted = "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()";
        return count(url, halted).await > 0;
    }
    let options: SqliteConnectOptions = url.parse().expect("a URL");
    let mut db = options.busy_timeout(Duration::from_millis(20)).connect().await.expect("the file opens");
    let is_free = sqlx::query("begin immediate").execute(&mut db).await.is_ok();
    db.close().await.expect("closed");
    !is_free
}
