//! A replica of another version beside this one: what a newer one has added to the database disturbs nobody.

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use crate::databases::{Kind, on_both_databases};
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(a_newer_replica_that_adds_columns_and_tables_disturbs_nobody);

/// What a later release's migration does.
const LATER: [&str; 5] = [
    "alter table accounts add column of_a_later_release text",
    "alter table challenges add column of_a_later_release text default 'sms'",
    "alter table sends add column of_a_later_release bigint not null default 0",
    "create table of_a_later_release (id text primary key, at bigint not null)",
    "insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (20990101000000, 'later', true, '', 1)",
];

async fn execute(url: &str, sql: &str) {
    if url.starts_with("sqlite:") {
        let mut db = SqliteConnection::connect(url).await.expect("the database answers");
        sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut db).await.expect(sql);
    } else {
        let mut db = PgConnection::connect(url).await.expect("the database answers");
        sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut db).await.expect(sql);
    }
}

async fn a_newer_replica_that_adds_columns_and_tables_disturbs_nobody(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.asks(NUMBER).await;
    world.browser().joins(&world, "010-3333-4444").await;
    for sql in LATER {
        execute(world.database_url(), sql).await;
    }
    // This one goes on, with statements that it prepared before, and another of its version starts.
    assert_eq!(person.checks(&world.wrong_code()).await.outcome(), "incorrect_code");
    world.browser().joins(&world, OTHER_NUMBER).await;
    let world = world.restart("outbox", Vec::new(), &[]).await;
    world.advance(60);
    world.browser().joins(&world, "010-3333-5555").await;
}
