//! What goes wrong with a server and the way to it.

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::task::JoinHandle;

use super::stage::Stage;
use super::{ALL_FAIL, POSTS_FAIL, Row, Set, Trouble, WRITES_FAIL};
use crate::browser::{Answered, Browser, JSON};
use crate::databases::{Database, Kind};
use crate::link::Link;
use crate::own_postgres::OwnPostgres;

pub fn rows() -> Vec<Row> {
    vec![
        Row { name: "PostgreSQL crashes and restarts", set: || Box::pin(set_own()), expected: ALL_FAIL },
        Row { name: "connections cut in a transaction", set: || set(Cut::default), expected: POSTS_FAIL },
        Row { name: "every connection waits for a lock", set: || set(Exhausted::default), expected: ALL_FAIL },
        Row { name: "a standby that only reads", set: || set(|| Standby), expected: WRITES_FAIL },
        Row { name: "no way to the server", set: cut_off, expected: ALL_FAIL },
        Row { name: "the server hangs and goes on", set: || set_link(Way::Hangs), expected: ALL_FAIL },
        Row { name: "the server vanishes", set: || set_link(Way::Vanishes), expected: ALL_FAIL },
        Row { name: "it vanishes while all ask", set: || set_link(Way::VanishesAmid), expected: ALL_FAIL },
    ]
}

fn set<T: Trouble + 'static>(trouble: fn() -> T) -> Set {
    Box::pin(async move {
        let database = Database::fresh(Kind::Postgres).await;
        let stage = Stage::over(&database.url, &database.url).await;
        let trouble: Box<dyn Trouble> = Box::new(trouble());
        (stage, trouble)
    })
}

async fn execute(db: &mut PgConnection, sql: &str) {
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(db).await.unwrap_or_else(|fault| panic!("{sql}: {fault}"));
}

/// One who looks after the database from beside the server.
async fn admin(stage: &Stage) -> PgConnection {
    PgConnection::connect(&stage.url).await.expect("the database answers")
}

/// Ends every connection of the server.
async fn terminate(stage: &Stage) {
    let ours = "select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and application_name = 'beonho'";
    execute(&mut admin(stage).await, ours).await;
}

/// Waits until that many of the server's connections wait for a lock.
async fn until_waiting(stage: &Stage, connections: i64) {
    let sql = "select count(*) from pg_stat_activity
               where datname = current_database() and application_name = 'beonho' and wait_event_type = 'Lock'";
    let mut db = admin(stage).await;
    while sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut db).await.expect("a count") < connections {
        tokio::task::yield_now().await;
    }
}

async fn set_own() -> (Stage, Box<dyn Trouble>) {
    let server = tokio::task::spawn_blocking(OwnPostgres::start).await.expect("a server");
    let mut db = PgConnection::connect(&server.url).await.expect("the database answers");
    // PostgreSQL's own default, which throw-away servers do without: a crash loses nothing that was committed.
    execute(&mut db, "alter database postgres set synchronous_commit = on").await;
    (Stage::over(&server.url, &server.url).await, Box::new(Crash(server)))
}

struct Crash(OwnPostgres);

#[async_trait]
impl Trouble for Crash {
    async fn begin(&mut self, _stage: &Stage) {
        tokio::task::block_in_place(|| self.0.crash());
    }

    async fn end(&mut self, _stage: &Stage) {
        tokio::task::block_in_place(|| self.0.start_again());
    }
}

/// The posts have written half of what they will, and wait for the tables of the other half when their connections end.
#[derive(Default)]
struct Cut(Option<PgConnection>);

/// How many posts there are.
const POSTS: i64 = 5;

#[async_trait]
impl Trouble for Cut {
    async fn begin(&mut self, stage: &Stage) {
        let mut db = admin(stage).await;
        execute(&mut db, "begin").await;
        execute(&mut db, "lock table sends, sessions in exclusive mode").await;
        self.0 = Some(db);
    }

    fn strikes_posts(&self) -> bool {
        true
    }

    async fn strike(&mut self, stage: &Stage) {
        until_waiting(stage, POSTS).await;
        terminate(stage).await;
    }

    async fn end(&mut self, _stage: &Stage) {
        execute(self.0.as_mut().expect("a connection"), "rollback").await;
    }
}

/// As many programs ask as there are connections, each from elsewhere and with a key of its own, which is looked for by a statement of its own
/// (what many want to know at once takes one connection). None of them gets an answer.
#[derive(Default)]
struct Exhausted(Option<PgConnection>, Vec<JoinHandle<Answered>>);

/// How many connections a server has.
const CONNECTIONS: i64 = 16;

async fn asks_from(person: Browser, at: u8) -> Answered {
    let request = person.request(reqwest::Method::POST, "/v1/verification").header("content-type", JSON);
    let request = request.header("x-forwarded-for", format!("203.0.113.{at}")).header("idempotency-key", format!("key-{at}"));
    person.send(request.body(format!(r#"{{"phone_number":"010-2222-00{at:02}"}}"#))).await
}

#[async_trait]
impl Trouble for Exhausted {
    async fn begin(&mut self, stage: &Stage) {
        let crowd: Vec<_> = (0..CONNECTIONS).map(|_| stage.browser()).collect();
        for person in &crowd {
            person.page("/").await;
        }
        let mut db = admin(stage).await;
        execute(&mut db, "begin").await;
        execute(&mut db, "lock table kept_answers in access exclusive mode").await;
        self.1 = (1..).zip(crowd).map(|(at, person)| tokio::spawn(asks_from(person, at))).collect();
        until_waiting(stage, CONNECTIONS).await;
        execute(&mut db, "lock table sends, sessions, challenges, accounts, budgets in access exclusive mode").await;
        self.0 = Some(db);
    }

    async fn end(&mut self, _stage: &Stage) {
        execute(self.0.as_mut().expect("a connection"), "rollback").await;
        for asked in std::mem::take(&mut self.1) {
            assert_eq!(asked.await.expect("the task ends").status, 503);
        }
    }
}

/// After a failover the server finds a standby, until that is promoted.
struct Standby;

impl Standby {
    async fn set(stage: &Stage, is_read_only: &str) {
        let name = stage.url.rsplit_once('/').expect("a database").1;
        let sql = format!("alter database {name} set default_transaction_read_only = {is_read_only}");
        let mut db = admin(stage).await;
        execute(&mut db, "set default_transaction_read_only = off").await;
        execute(&mut db, &sql).await;
        terminate(stage).await;
    }
}

#[async_trait]
impl Trouble for Standby {
    async fn begin(&mut self, stage: &Stage) {
        Self::set(stage, "on").await;
    }

    async fn end(&mut self, stage: &Stage) {
        Self::set(stage, "off").await;
    }
}

/// What becomes of the way to the server.
#[derive(Clone, Copy)]
enum Way {
    Cut,
    Hangs,
    Vanishes,
    /// While every connection is in use.
    VanishesAmid,
}

/// A way that can be cut.
pub fn cut_off() -> Set {
    set_link(Way::Cut)
}

fn set_link(way: Way) -> Set {
    Box::pin(async move {
        let database = Database::fresh(Kind::Postgres).await;
        let (link, over) = Link::to(&database.url).await;
        let trouble: Box<dyn Trouble> = Box::new(Lost { link, way, crowd: Exhausted::default() });
        (Stage::over(&database.url, &over).await, trouble)
    })
}

struct Lost {
    link: Link,
    way: Way,
    crowd: Exhausted,
}

#[async_trait]
impl Trouble for Lost {
    async fn begin(&mut self, stage: &Stage) {
        match self.way {
            Way::Cut => self.link.cut().await,
            Way::VanishesAmid => {
                self.crowd.begin(stage).await;
                self.link.vanish();
                self.crowd.end(stage).await;
            }
            Way::Hangs => self.link.hang(),
            Way::Vanishes => self.link.vanish(),
        }
    }

    async fn end(&mut self, _stage: &Stage) {
        self.link.open().await;
    }
}
