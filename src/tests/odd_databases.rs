//! Databases of a team that are set up otherwise than ours: set right where that can be, refused with a reason where not.

use std::sync::Arc;

use beonho::server::clock::ManualClock;
use beonho::server::store;
use futures::future::join_all;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::browser::Browser;
use crate::databases::{Database, Kind};
use crate::test_server::{START_MS, Settings, TestServer};
use crate::world::NUMBER;

async fn execute(url: &str, sql: &str) {
    let mut db = PgConnection::connect(url).await.expect("the database answers");
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut db).await.expect(sql);
}

fn name_of(url: &str) -> &str {
    url.rsplit_once('/').expect("a database").1
}

/// The guarded statements are written for `read committed`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_default_isolation_changes_no_answer() {
    for isolation in ["serializable", "repeatable read"] {
        let database = Database::fresh(Kind::Postgres).await;
        let sql = format!("alter database {} set default_transaction_isolation = '{isolation}'", name_of(&database.url));
        execute(&database.url, &sql).await;
        let settings: Settings =
            vec![("DATABASE_URL", database.url.clone()), ("TRUSTED_PROXIES", "1".to_owned()), ("SMS_PROVIDER", "sens".to_owned())];
        let sens = crate::fake_sens::FakeSens::start().await;
        let settings: Settings = settings.into_iter().chain(sens.settings()).collect();
        let server = TestServer::start(&settings, &Arc::new(ManualClock::at(START_MS))).await;
        let person = Browser::new(&server.base);
        let asks = (0..40).map(|n| {
            let person = person.stranger();
            tokio::spawn(async move {
                let request =
                    person.request(reqwest::Method::POST, "/v1/verification").header("x-forwarded-for", format!("203.0.113.{n}"));
                person.send(request.json(&serde_json::json!({"phone_number": NUMBER}))).await.outcome()
            })
        });
        let told: Vec<_> = join_all(asks).await.into_iter().map(|told| told.expect("the task ends")).collect();
        assert_eq!(told.iter().filter(|outcome| *outcome == "code_sent").count(), 1, "{told:?}");
        assert!(told.iter().all(|outcome| outcome == "code_sent" || outcome == "try_later"), "{isolation}: {told:?}");
    }
}

#[tokio::test]
async fn a_database_that_cannot_hold_every_text_is_refused_by_its_encoding() {
    let database = Database::fresh(Kind::Postgres).await;
    for encoding in ["EUC_KR", "LATIN1", "SQL_ASCII"] {
        let name = format!("{}_{}", name_of(&database.url), encoding.to_lowercase());
        execute(&database.url, &format!("create database {name} encoding '{encoding}' template template0 locale 'C'")).await;
        let url = database.url.replace(name_of(&database.url), &name);
        let fault = store::connect(&url).await.err().expect("refused");
        let reason = std::error::Error::source(&fault).map(ToString::to_string).unwrap_or_default();
        assert!(reason.contains(encoding) && reason.contains("UTF8"), "{reason}");
    }
}

#[tokio::test]
async fn a_role_without_rights_is_told_which_it_lacks() {
    let database = Database::fresh(Kind::Postgres).await;
    let role = format!("{}_guest", name_of(&database.url));
    execute(&database.url, &format!("create role {role} login")).await;
    let url = database.url.replace("postgres@", &format!("{role}@"));
    let reason = |fault: store::StoreFault| std::error::Error::source(&fault).map(ToString::to_string).unwrap_or_default();
    let told = reason(store::connect(&url).await.err().expect("refused"));
    assert!(told.contains(&format!("grant create on schema public to {role}")), "{told}");
    store::connect(&database.url).await.expect("its owner makes the tables");
    execute(&database.url, &format!("grant usage on schema public to {role}")).await;
    execute(&database.url, &format!("grant select on _sqlx_migrations to {role}")).await;
    let told = reason(store::connect(&url).await.err().expect("refused"));
    assert!(told.contains("insert on sends"), "{told}");
    execute(&database.url, &format!("grant select, insert, update, delete on all tables in schema public to {role}")).await;
    store::connect(&url).await.expect("whoever may read and write needs no more");
}
