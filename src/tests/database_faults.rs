//! Every way in which a database fails, through the whole server: what everybody is told, how long that takes, and that the same server
//! goes on right afterwards with nothing half-written. Printed as a table.

mod books;
mod postgres_troubles;
mod read_only;
mod sqlite_troubles;
mod stage;
mod stop;

use std::time::Duration;

use async_trait::async_trait;
use beonho::server::clock::Stopwatch;
pub use books::{count, execute};
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use tokio::time::timeout;

use crate::databases::{Kind, on_both_databases};
use crate::fake_sens::SEND;
use crate::faults::{Fault, Gate};
use crate::world::NUMBER;
use stage::{Answers, COLUMNS, Stage};

on_both_databases!(every_fault_of_a_database_has_one_answer, a_send_whose_record_fails_stays_counted_and_is_not_repeated,);

/// What goes wrong, and how it passes.
#[async_trait]
trait Trouble: Send {
    /// Before anything is asked.
    async fn begin(&mut self, stage: &Stage);
    /// Whether it strikes while the posts are under way, and the others look afterwards.
    fn strikes_posts(&self) -> bool {
        false
    }
    /// While the posts are under way.
    async fn strike(&mut self, _stage: &Stage) {}
    /// It passes, and the server is told nothing of it.
    async fn end(&mut self, stage: &Stage);
}

type Set = BoxFuture<'static, (Stage, Box<dyn Trouble>)>;

/// A row of the table: its world, and what everybody must be told while the trouble lasts.
struct Row {
    name: &'static str,
    set: fn() -> Set,
    expected: [&'static str; COLUMNS.len()],
}

/// What a row came to.
struct Played {
    row: Row,
    told: Answers,
    told_ms: u64,
    afterwards: Answers,
    afterwards_ms: u64,
    /// How many each number got.
    sms: Vec<usize>,
}

/// How many rows are played at once: most of the time a row waits for its time limit.
const ROWS_AT_ONCE: usize = 4;
/// A row that takes longer hangs.
const LONGEST_ROW: Duration = Duration::from_mins(1);
/// No answer takes longer: the five seconds that a verb of the store may take, and a busy machine's due.
const LONGEST_MS: u64 = 7_000;
/// All who ask again are answered in less, together.
const LONGEST_RECOVERY_MS: u64 = 5_000;
/// What the others are told while nothing can be written.
const UNAVAILABLE: &str = "503 unavailable";
/// Nobody is served.
const ALL_FAIL: [&str; COLUMNS.len()] =
    [UNAVAILABLE, UNAVAILABLE, "503", UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE];
/// Whoever only looks is served.
const POSTS_FAIL: [&str; COLUMNS.len()] =
    ["200 pending", "200 status", "200", UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE];
/// The same, and the server is not ready: nothing can be written for as long as it lasts.
const WRITES_FAIL: [&str; COLUMNS.len()] =
    ["200 pending", "200 status", "503", UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE];
/// Everybody asks again, and nothing was lost.
const RECOVERED: [&str; COLUMNS.len()] =
    ["200 verified", "200 status", "200", "202 code_sent", "303 pending", "200 verified", "200 verified", "201 signed_up"];

async fn every_fault_of_a_database_has_one_answer(kind: Kind) {
    let rows = match kind {
        Kind::Sqlite => sqlite_troubles::rows(),
        Kind::Postgres => postgres_troubles::rows(),
    };
    let playing = stream::iter(rows).map(|row| tokio::spawn(timeout(LONGEST_ROW, Box::pin(play(row)))));
    let played = playing.buffered(ROWS_AT_ONCE).map(|played| played.expect("no panic").expect("the story ends"));
    let played: Vec<_> = played.collect().await;
    print(kind, &played);
    for Played { row, told, told_ms, afterwards, afterwards_ms, sms } in played {
        assert_eq!(told, row.expected, "{}", row.name);
        assert_eq!(afterwards, RECOVERED, "after {}", row.name);
        assert_eq!(sms, [1; stage::PEOPLE], "{}", row.name);
        assert!(told_ms < LONGEST_MS && afterwards_ms < LONGEST_RECOVERY_MS, "{}: {told_ms} ms, {afterwards_ms} ms", row.name);
    }
}

async fn play(row: Row) -> Played {
    let (stage, mut trouble) = (row.set)().await;
    let people = stage.people().await;
    trouble.begin(&stage).await;
    let watch = Stopwatch::start();
    let (posts, looks) = if trouble.strikes_posts() {
        let (posts, ()) = tokio::join!(people.post(), trouble.strike(&stage));
        (posts, people.look().await)
    } else {
        tokio::join!(people.post(), people.look())
    };
    let (told, told_ms) = ([looks, posts].concat(), watch.elapsed_ms());
    trouble.end(&stage).await;
    books::assert_whole(&stage, row.name).await;
    let watch = Stopwatch::start();
    let posts = people.post().await;
    let (afterwards, afterwards_ms) = ([people.look().await, posts].concat(), watch.elapsed_ms());
    books::assert_whole(&stage, row.name).await;
    let sms = stage.sms_by_number().into_values().collect();
    Played { row, told, told_ms, afterwards, afterwards_ms, sms }
}

fn print(kind: Kind, played: &[Played]) {
    println!("{:34}{}s", format!("{kind:?}"), COLUMNS.map(|column| format!("{column:17}")).concat());
    for row in played {
        let line = |name: &str, answers: &Answers, ms: u64| {
            let cells = answers.iter().map(|answer| format!("{answer:17}")).collect::<Vec<_>>().concat();
            println!("{name:34}{cells}{}.{}", ms / 1000, ms % 1000 / 100);
        };
        line(row.row.name, &row.told, row.told_ms);
        line("  right afterwards", &row.afterwards, row.afterwards_ms);
    }
}

/// The database goes while the text is at the vendor: it was reserved before, so nobody sends it again.
async fn a_send_whose_record_fails_stays_counted_and_is_not_repeated(kind: Kind) {
    let (stage, mut trouble) = match kind {
        Kind::Sqlite => sqlite_troubles::moved().await,
        Kind::Postgres => postgres_troubles::cut_off().await,
    };
    let (person, gate) = (stage.browser(), Gate::new());
    person.page("/").await;
    stage.sens.faults.add(SEND, Fault::Gate(gate.clone()));
    let (asking, number) = (person.twin(), NUMBER);
    let asked = tokio::spawn(async move { asking.asks(number).await });
    gate.arrival().await;
    trouble.begin(&stage).await;
    gate.open();
    assert_eq!(asked.await.expect("the task ends").outcome(), "unavailable");
    trouble.end(&stage).await;
    assert_eq!(books::count(&stage.url, "select count(*) from sends where result = 'reserved'").await, 1);
    let again = person.asks(NUMBER).await;
    assert_eq!((again.outcome().as_str(), again.status_field("sends_left")), ("pending", 4.into()));
    assert_eq!(person.checks(&stage.code()).await.outcome(), "verified");
    assert_eq!(stage.sens.sms().len(), 1);
}
