//! Whether the promises hold while replicas are killed: people ask for codes, guess and sign up through all of them at once, every answer
//! and every message is recorded, and the record is checked. Beside them applications ask who is there, while their codes and tokens come
//! twice, people sign out and keys are rotated. `make chaos` runs it.
//!
//! `--database sqlite|postgres`, `--seconds N`, `--replicas N`, `--budget N` (how many messages the day's money is for), and `--seed N`, which repeats the schedule of a run. `--self-test` only shows
//! that the checkers find what is planted in records.

mod apps;
#[path = "../shared/arguments.rs"]
mod arguments;
#[path = "../shared/caller.rs"]
mod caller;
#[path = "../shared/chance.rs"]
mod chance;
mod checker;
#[path = "../shared/database.rs"]
mod database;
mod gather;
mod person;
mod planted;
mod presses;
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

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use apps::{Apps, Ledger};
use arguments::Arguments;
use database::{Database, Kind};
use person::{Person, Stage};
use record::{Book, Record};
use replicas::Replicas;
use schedule::Schedule;
use server::{Fault, Settings};
use vendor::Vendor;

/// How much longer than planned a run may take.
const LATENESS: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> Result<(), Fault> {
    let words = Arguments::of_process();
    let planted = planted::test()? + apps::planted::test()?;
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
    let addresses = (0..replicas).map(server::free_address).collect::<Result<Vec<_>, _>>()?;
    let apps = Apps::start(seed, schedule.guests.clone(), addresses[0]).await?;
    let whole = budget + apps.messages();
    let settings = addresses.into_iter().map(|address| settings(&database, &vendor, &apps, address, whole)).collect();
    run(&schedule, &database, vendor, &apps, settings).await?.judge(budget)
}

/// What a message costs: ten won.
const PRICE_MICROS: i64 = 10_000_000;
/// How many messages one replica may have under way at one instant: one for each of its connections to the database, and two more.
const IN_FLIGHT: i64 = 12;

fn settings(database: &Database, vendor: &Vendor, apps: &Apps, address: SocketAddr, budget: i64) -> Settings {
    let mut others = vec![
        ("SMS_PROVIDERS", "http,sens".to_owned()),
        ("SMS_HTTP_URL", format!("http://{}/hook", vendor.address)),
        ("SMS_HTTP_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()),
        ("RESEND_COOLDOWN_SECS", "1".to_owned()),
        ("MAX_SENDS_PER_DAY", "1000000".to_owned()),
        ("PRICES", r#"{"KR": "10 KRW"}"#.to_owned()),
        ("BUDGET_PER_DAY", format!("{} KRW", budget * 10)),
        ("BUDGET_SHARES", "sign_in=0".to_owned()),
    ];
    others.extend(apps.settings());
    Settings {
        address,
        database_url: database.url.clone(),
        vendor: vendor.address,
        log: database.folder.path().join(format!("{}.log", address.port())),
        others,
    }
}

async fn run(
    schedule: &Schedule,
    database: &Database,
    vendor: Arc<Vendor>,
    apps: &Apps,
    settings: Vec<Settings>,
) -> Result<Run, Fault> {
    let (of_first, logs) = (settings[0].clone(), settings.iter().map(|settings| settings.log.clone()).collect());
    let replicas = Arc::new(Replicas::start(settings).await?);
    let browsers = apps.prepare(replicas.addresses(), &vendor).await?;
    let prepared = gather::book(database).await?;
    let stage = Arc::new(Stage {
        replicas: replicas.addresses().to_vec(),
        vendor,
        begun_at: now(),
        entries: Mutex::default(),
        held: Mutex::default(),
        opened: Mutex::default(),
    });
    let ends_at = stage.begun_at + Duration::from_millis(schedule.end_ms);
    let (scene, mut visitors) = apps.play(&replicas, browsers, &of_first, (stage.begun_at, ends_at));
    let people = play(schedule, &stage);
    replicas.suffer(&schedule.kills, stage.begun_at).await;
    people.join_all().await;
    while let Some(visited) = visitors.join_next().await {
        visited??;
    }
    let killed = replicas.recover().await?;
    let mut record = gather::record(&stage, schedule, database).await?;
    record.money.of_hours -= prepared.of_hours;
    record.money.of_sends -= prepared.of_sends;
    let ledger = apps.gather(&scene, database).await?;
    Ok(Run { record, ledger, killed, lasted: stage.begun_at.elapsed(), logs })
}

/// What a run left behind.
struct Run {
    record: Record,
    ledger: Ledger,
    killed: usize,
    lasted: Duration,
    logs: Vec<PathBuf>,
}

impl Run {
    fn judge(mut self, budget: i64) -> Result<(), Fault> {
        let in_flight = IN_FLIGHT * i64::try_from(self.logs.len())?;
        self.record.money = Book { price: PRICE_MICROS, budget: budget * PRICE_MICROS, in_flight, ..self.record.money };
        let (violations, broken) = (checker::check(&self.record), apps::check(&self.ledger));
        summary::print(&self.record, self.killed, self.lasted);
        apps::print(&self.ledger);
        let panics = |log: &PathBuf| std::fs::read_to_string(log).unwrap_or_default().matches("panicked").count();
        let panics: usize = self.logs.iter().map(panics).sum();
        println!("| panics in the servers' logs | {panics} |\n| **violations** | **{}** |", violations.len() + broken.len());
        if violations.is_empty() && broken.is_empty() && panics == 0 {
            let planted = apps::planted::test_in(&self.ledger)?;
            println!(
                "\n{} violations were planted in this run's record and found; no place for {:?}",
                planted.count, planted.without_place
            );
            return Ok(());
        }
        println!("\n{}\n{}", summary::lines(&violations), summary::lines(&broken));
        println!("the whole record is in {} and {}", summary::keep(&self.record)?, apps::keep(&self.ledger)?);
        Err("a promise was not kept".into())
    }
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

#[expect(clippy::disallowed_methods, reason = "the schedule's clock, beside the servers")]
fn now() -> Instant {
    Instant::now()
}
