//! Whether the server keeps its head: random and mutated requests, in any order, with good and spoilt cookies. Nothing may answer 500,
//! nothing may panic, and memory stays flat. `make noise` runs it.
//!
//! `--requests N`, `--connections N`, `--quick`, and `--seed N`, which repeats the requests of a run.

#[path = "../shared/arguments.rs"]
mod arguments;
#[path = "../shared/chance.rs"]
mod chance;
#[expect(dead_code, reason = "only a fresh database is needed here")]
#[path = "../shared/database.rs"]
mod database;
mod request;
#[path = "../shared/server.rs"]
mod server;
#[expect(dead_code, reason = "only the newest code is needed here")]
#[path = "../shared/vendor.rs"]
mod vendor;
#[path = "../shared/wire.rs"]
mod wire;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use arguments::Arguments;
use chance::Chance;
use database::{Database, Kind};
use request::{Caller, Request};
use server::{Fault, Server, Settings};
use vendor::{Fate, Vendor};
use wire::{Message, Wire};

/// How long an answer to a whole request may take, and to one that is not.
const PATIENCE: Duration = Duration::from_secs(20);
const SHORT_PATIENCE: Duration = Duration::from_millis(200);
/// After the warm-up, this much more memory is still flat: caches fill.
const SLACK_KIB: u64 = 32 * 1024;
/// The run is looked at this many times.
const LOOKS: u64 = 10;

/// How many requests one caller makes.
const REQUESTS_OF_A_CALLER: u64 = 25;
/// Statuses that nobody may be answered. 503 is the honest answer where the database fails, and is told apart by the log.
const FAULTS: [u16; 3] = [500, 502, 504];
const UNAVAILABLE: u16 = 503;

/// Which status was answered how often; 0 where the connection was closed without an answer.
type Counts = BTreeMap<u16, u64>;

#[tokio::main]
async fn main() -> Result<(), Fault> {
    let words = Arguments::of_process();
    let requests = words.number("--requests", if words.has("--quick") { 20_000 } else { 200_000 })?;
    let connections = words.number("--connections", 16)?;
    let seed = words.number("--seed", u64::from(std::process::id()))?;
    println!("{requests} requests over {connections} connections, seed {seed}\n");
    let database = Database::create(Kind::Sqlite).await?;
    let vendor = Vendor::start(|_, _| Fate { delay: Duration::ZERO, status: Some(202), is_delivered: true }).await?;
    let settings = settings(&database, &vendor)?;
    let server = Server::start(&settings).await?;
    println!("| requests | memory KiB | answers by status (0: closed without one) |\n|--:|--:|---|");
    let (mut counts, mut memory) = (Counts::new(), Vec::new());
    for look in 0..LOOKS {
        let mut workers = JoinSet::new();
        for worker in 0..connections {
            let chance = Chance::of(seed ^ (look << 32) ^ (worker << 16));
            workers.spawn(work(settings.address, Arc::clone(&vendor), chance, requests / LOOKS / connections));
        }
        for done in workers.join_all().await {
            for (status, count) in done? {
                *counts.entry(status).or_default() += count;
            }
        }
        memory.push(resident_kib(&server));
        println!("| {} | {} | {counts:?} |", counts.values().sum::<u64>(), memory[memory.len() - 1]);
    }
    judge(&counts, &memory, &std::fs::read_to_string(&settings.log)?)
}

fn settings(database: &Database, vendor: &Vendor) -> Result<Settings, Fault> {
    Ok(Settings {
        address: server::free_address(0)?,
        database_url: database.url.clone(),
        vendor: vendor.address,
        log: database.folder.path().join("server.log"),
        others: vec![("MAX_SENDS_PER_DAY", "1000000".to_owned()), ("RESEND_COOLDOWN_SECS", "1".to_owned())],
    })
}

fn judge(counts: &Counts, memory: &[u64], log: &str) -> Result<(), Fault> {
    let faults: u64 = FAULTS.iter().filter_map(|status| counts.get(status)).sum();
    let unavailable = counts.get(&UNAVAILABLE).copied().unwrap_or_default();
    let explained = log.matches("the database failed").count() as u64;
    let (first, last) = (memory[0], memory[memory.len() - 1]);
    let panics = log.matches("panicked").count();
    println!("\nfaults answered: {faults}; panics: {panics}; memory: {first} KiB, then {last} KiB");
    println!("unavailable: {unavailable}, of which the log explains {explained} by the database:");
    for (line, times) in lines_without_time(log) {
        println!("  {times} x {line}");
    }
    if faults == 0 && unavailable <= explained && panics == 0 && last > 0 && last < first + SLACK_KIB {
        Ok(())
    } else {
        Err("the server lost its head".into())
    }
}

fn lines_without_time(log: &str) -> BTreeMap<&str, usize> {
    let mut lines = BTreeMap::new();
    for line in log.lines() {
        *lines.entry(line.split_once(' ').map_or(line, |(_, text)| text.trim())).or_default() += 1;
    }
    lines
}

fn resident_kib(server: &Server) -> u64 {
    let status = server.process_file("status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or_default()
}

/// Makes requests one after another, over one connection as long as it lasts, as one caller after another: each has a cookie, a number, and
/// now and then the right code.
async fn work(address: SocketAddr, vendor: Arc<Vendor>, mut chance: Chance, requests: u64) -> Result<Counts, Fault> {
    let (mut counts, mut caller, mut wire) = (Counts::new(), Caller::default(), None::<Wire>);
    for index in 0..requests {
        if index.is_multiple_of(REQUESTS_OF_A_CALLER) {
            caller = Caller { number: chance.between(20_000_000, 100_000_000).to_string(), ..Caller::default() };
        }
        let sent = vendor.messages_to(&format!("+8210{}", caller.number)).pop().filter(|_| chance.below(4) > 0);
        caller.code = sent.map_or_else(|| format!("{:06}", chance.below(1_000_000)), |sms| sms.code);
        let request = request::draw(&mut chance, &caller);
        let mut open = match wire.take() {
            Some(open) => open,
            None => Wire::open(address).await?,
        };
        let answer = exchange(&mut open, &request).await?;
        let status = answer.as_ref().map_or(0, Message::status);
        *counts.entry(status).or_default() += 1;
        if FAULTS.contains(&status) {
            eprintln!("{status} to {:.200}", String::from_utf8_lossy(&request.bytes).escape_debug().to_string());
        }
        if let Some(answer) = answer.filter(|_| request.is_whole) {
            let given = answer.header("set-cookie").and_then(|text| text.strip_prefix("beonho_session=")?.split(';').next());
            caller.cookie = given.map(str::to_owned).or(caller.cookie);
            let goes_on = answer.header("connection").is_none_or(|word| !word.eq_ignore_ascii_case("close"));
            wire = Some(open).filter(|_| goes_on);
        }
    }
    Ok(counts)
}

/// No answer to a request that is whole would be a fault of ours, but a server may close on what it cannot read.
async fn exchange(wire: &mut Wire, request: &Request) -> Result<Option<Message>, Fault> {
    if wire.write(&request.bytes).await.is_err() {
        return Ok(None);
    }
    let patience = if request.is_whole { PATIENCE } else { SHORT_PATIENCE };
    loop {
        match tokio::time::timeout(patience, wire.read(request.has_body)).await {
            // 100 Continue: the answer follows.
            Ok(Ok(answer)) if answer.status() == 100 => {}
            Ok(answer) => return Ok(answer.ok()),
            Err(_) if request.is_whole => return Err(format!("no answer to {}", String::from_utf8_lossy(&request.bytes)).into()),
            Err(_) => return Ok(None),
        }
    }
}
