//! Whether the promises hold while replicas are killed: people ask for codes, guess and sign up through all of them at once, every answer
//! and every message is recorded, and the record is checked. `make chaos` runs it.
//!
//! `--database sqlite|postgres`, `--seconds N`, `--replicas N`, `--budget N` (how many messages the day's money is for), and `--seed N`, which repeats the schedule of a run. `--self-test` only shows
//! that the checker finds what is planted in a record.

#[path = "../shared/arguments.rs"]
mod arguments;
#[path = "../shared/caller.rs"]
mod caller;
#[path = "../shared/chance.rs"]
mod chance;
mod checker;
#[path = "../shared/database.rs"]
mod database;
mod person;
mod planted;
mod record;
mod replicas;
mod schedule;
#[expect(dead_code, reason = "a chaos run does not look at processor time")]
#[path = "../shared/server.rs"]
mod server;
mod summary;
#[path = "../shared/vendor.rs"]
mod vendor;
#[path = "../shared/wire.rs"]
mod wire;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use arguments::Arguments;
use caller::Call;
use database::{Database, Kind};
use person::{Held, Person, Stage, lock, speak};
use record::{Book, Ending, Heard, Record};
use replicas::Replicas;
use schedule::Schedule;
use server::{Fault, Settings};
use vendor::Vendor;

/// How much longer than planned a run may take.
const LATENESS: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> Result<(), Fault> {
    let words = Arguments::of_process();
    let planted = planted::test()?;
    println!("checker: {planted} of {planted} planted violations were found, none in the sound record");
    if words.has("--self-test") {
        return Ok(());
    }
    let kind = Kind::parse(&words.text("--database", "postgres"))?;
    let seed = words.number("--seed", u64::from(std::process::id()))?;
    let replicas = usize::try_from(words.number("--replicas", if kind == Kind::Sqlite { 1 } else { 3 })?)?;
    if replicas == 0 || kind == Kind::Sqlite && replicas > 1 {
        return Err("SQLite has one replica, PostgreSQL one or more".into());
    }
    let schedule = Schedule::draw(seed, words.number("--seconds", 60)?, replicas);
    summary::print_plan(kind.name(), seed, replicas, &schedule);
    let database = Database::create(kind).await?;
    let vendor = Vendor::start(move |number, earlier| schedule::fate(seed, number, earlier)).await?;
    let budget = i64::try_from(words.number("--budget", 1_000_000)?)?;
    let settings = (0..replicas).map(|index| settings(&database, &vendor, index, budget)).collect::<Result<Vec<_>, _>>()?;
    run(&schedule, &database, vendor, settings, budget).await
}

/// What a message costs: ten won.
const PRICE_MICROS: i64 = 10_000_000;
/// How many messages one replica may have under way at one instant: one for each of its connections to the database, and two more.
const IN_FLIGHT: i64 = 12;

fn settings(database: &Database, vendor: &Vendor, index: usize, budget: i64) -> Result<Settings, Fault> {
    let address = server::free_address(index)?;
    Ok(Settings {
        address,
        database_url: database.url.clone(),
        vendor: vendor.address,
        log: database.folder.path().join(format!("{}.log", address.port())),
        others: vec![
            ("RESEND_COOLDOWN_SECS", "1".to_owned()),
            ("MAX_SENDS_PER_DAY", "1000000".to_owned()),
            ("PRICES", r#"{"KR": "10 KRW"}"#.to_owned()),
            ("BUDGET_PER_DAY", format!("{} KRW", budget * 10)),
            ("BUDGET_SHARES", "sign_in=0".to_owned()),
        ],
    })
}

async fn run(
    schedule: &Schedule,
    database: &Database,
    vendor: Arc<Vendor>,
    settings: Vec<Settings>,
    budget: i64,
) -> Result<(), Fault> {
    let in_flight = IN_FLIGHT * i64::try_from(settings.len())?;
    let addresses = settings.iter().map(|settings| settings.address).collect();
    let logs: Vec<_> = settings.iter().map(|settings| settings.log.clone()).collect();
    let replicas = Replicas::start(settings).await?;
    let stage = Arc::new(Stage {
        replicas: addresses,
        vendor,
        begun_at: now(),
        entries: Mutex::default(),
        held: Mutex::default(),
        opened: Mutex::default(),
    });
    let people = play(schedule, &stage);
    let killed = replicas.suffer(&schedule.kills, stage.begun_at).await?;
    people.join_all().await;
    let book = Book { price: PRICE_MICROS, budget: budget * PRICE_MICROS, in_flight, ..Book::default() };
    let record = record(&stage, schedule, database, book).await?;
    let violations = checker::check(&record);
    summary::print(&record, killed, stage.begun_at.elapsed());
    let panics: usize = logs.iter().map(|log| std::fs::read_to_string(log).unwrap_or_default().matches("panicked").count()).sum();
    println!("| panics in the servers' logs | {panics} |\n| **violations** | **{}** |", violations.len());
    if violations.is_empty() && panics == 0 {
        return Ok(());
    }
    println!("\n{}\nthe whole record is in {}", summary::lines(&violations), summary::keep(&record)?);
    Err("a promise was not kept".into())
}

/// Lets every person of every story act in its own time. On a machine that is too slow for it, acts that come too late are left out.
fn play(schedule: &Schedule, stage: &Arc<Stage>) -> JoinSet<()> {
    let (mut people, mut subject) = (JoinSet::new(), 0);
    let too_late = stage.begun_at + Duration::from_millis(schedule.end_ms) + LATENESS;
    for (index, story) in schedule.stories.iter().enumerate() {
        let begins_at = stage.begun_at + Duration::from_millis(story.at_ms);
        for acts in story.people.clone() {
            subject += 1;
            let mut person = Person::new(Arc::clone(stage), subject, index, &story.number);
            people.spawn(async move {
                tokio::time::sleep_until(begins_at.into()).await;
                person.arrive().await;
                for act in &acts {
                    tokio::time::sleep_until((begins_at + Duration::from_millis(act.after_ms)).into()).await;
                    if now() > too_late {
                        return;
                    }
                    person.perform(act).await;
                }
            });
        }
    }
    people
}

/// Gathers the record, and asks for the state of every acknowledged verification.
async fn record(stage: &Stage, schedule: &Schedule, database: &Database, book: Book) -> Result<Record, Fault> {
    let held: HashMap<String, Held> = lock(&stage.held).clone();
    let mut endings = Vec::new();
    for (proof, Held { subject, number, cookie }) in held {
        let ask = Call { method: "GET", path: "/v1/verification", body: "", cookie: Some(&cookie), requester: "10.8.0.1" };
        let (_, Heard::Answered(answer)) = speak(&stage.replicas, endings.len(), &ask).await else {
            return Err("a replica that nobody kills does not answer".into());
        };
        endings.push(Ending { proof, subject, number, state: answer.state });
    }
    let messages = schedule.stories.iter().flat_map(|story| stage.vendor.messages_to(&format!("+82{}", &story.number[1..])));
    let accounts = database.open().await?.texts("select phone_number from accounts").await?;
    let entries = std::mem::take(&mut *lock(&stage.entries));
    let of_hours = sum(database, "select cast(coalesce(sum(micros), 0) as text) from hourly_costs").await?;
    let of_sends = "select cast(coalesce(sum(price_micros), 0) as text) from sends where result <> 'failed'";
    let money = Book { of_hours, of_sends: sum(database, of_sends).await?, ..book };
    Ok(Record { entries, messages: messages.collect(), endings, accounts, money })
}

async fn sum(database: &Database, sql: &'static str) -> Result<i64, Fault> {
    let texts = database.open().await?.texts(sql).await?;
    Ok(texts.first().ok_or("there is no sum")?.parse()?)
}

#[expect(clippy::disallowed_methods, reason = "the schedule's clock, beside the servers")]
fn now() -> Instant {
    Instant::now()
}
