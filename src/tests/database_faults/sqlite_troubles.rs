//! What goes wrong with a file.

use std::path::PathBuf;

use async_trait::async_trait;
use sqlx::{Connection, SqliteConnection};

use super::stage::Stage;
use super::{ALL_FAIL, Row, Set, Trouble, WRITES_FAIL};
use crate::databases::{Database, Kind};
use crate::process::Process;

pub fn rows() -> Vec<Row> {
    vec![
        Row { name: "locked by another process", set: || set(|| Locked(None)), expected: WRITES_FAIL },
        Row { name: "moved away", set: moved, expected: ALL_FAIL },
        Row { name: "no byte can be written", set: || Box::pin(set_full()), expected: WRITES_FAIL },
    ]
}

fn set<T: Trouble + 'static>(trouble: fn() -> T) -> Set {
    Box::pin(async move {
        let database = Database::fresh(Kind::Sqlite).await;
        let stage = Stage::over(&database.url, &database.url).await.holding(database);
        let trouble: Box<dyn Trouble> = Box::new(trouble());
        (stage, trouble)
    })
}

/// A file that can be moved away.
pub fn moved() -> Set {
    set(|| Moved)
}

/// Another process writes for longer than anybody waits.
struct Locked(Option<SqliteConnection>);

#[async_trait]
impl Trouble for Locked {
    async fn begin(&mut self, stage: &Stage) {
        let mut db = SqliteConnection::connect(&stage.url).await.expect("the file opens");
        sqlx::query("begin exclusive").execute(&mut db).await.expect("locked");
        self.0 = Some(db);
    }

    async fn end(&mut self, _stage: &Stage) {
        self.0.take().expect("a connection").close().await.expect("closed");
    }
}

/// Somebody moves the file away, and then back.
struct Moved;

impl Moved {
    fn paths(stage: &Stage) -> (PathBuf, PathBuf) {
        let path = PathBuf::from(stage.url.trim_start_matches("sqlite://"));
        (path.clone(), path.with_extension("away"))
    }
}

#[async_trait]
impl Trouble for Moved {
    async fn begin(&mut self, stage: &Stage) {
        let (path, away) = Self::paths(stage);
        std::fs::rename(path, away).expect("moved away");
    }

    async fn end(&mut self, stage: &Stage) {
        let (path, away) = Self::paths(stage);
        std::fs::rename(away, path).expect("moved back");
    }
}

async fn set_full() -> (Stage, Box<dyn Trouble>) {
    let database = Database::fresh(Kind::Sqlite).await;
    let (stage, process) = Stage::in_process(&database.url).await;
    (stage.holding(database), Box::new(Full(process)))
}

/// As on a full disk or a read-only mount: every write fails, while the file is open already.
struct Full(Process);

#[async_trait]
impl Trouble for Full {
    async fn begin(&mut self, _stage: &Stage) {
        self.0.limit_files("0");
    }

    async fn end(&mut self, _stage: &Stage) {
        self.0.limit_files("unlimited");
    }
}
