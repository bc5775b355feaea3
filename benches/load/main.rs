//! How fast it is: whole flows against the release build, on both databases, empty and full. `make bench` runs it.
//!
//! A flow is what one person costs: ask for a code, read it from the fake vendor, give it back. The last measurement of each database is of one
//! person at a time while an address whose budget is spent asks ten thousand times a second.
//!
//! `--flows N` and `--seconds N` bound one measurement, `--rows N,N` says what is in the database before it, `--connections N,N` how many
//! flows go on at once, `--databases sqlite,postgres` where; `--quick` is a look of a minute.

#[path = "../shared/arguments.rs"]
mod arguments;
#[expect(dead_code, reason = "a flow looks at less of an answer than a chaos run does")]
#[path = "../shared/caller.rs"]
mod caller;
mod chart;
#[path = "../shared/database.rs"]
mod database;
mod flows;
mod preload;
mod refusals;
#[path = "../shared/server.rs"]
mod server;
mod table;
#[expect(dead_code, reason = "a flow looks at less of a message than a chaos run does")]
#[path = "../shared/vendor.rs"]
mod vendor;
#[path = "../shared/wire.rs"]
mod wire;

use std::sync::Arc;
use std::time::Duration;

use arguments::Arguments;
use database::{Database, Kind};
use flows::{Load, Measured};
use server::{Fault, Server, Settings};
use table::Row;
use vendor::{Fate, Vendor};

/// Flows before each measurement, so that statements are prepared and connections open.
const WARM_UP_FLOWS: u64 = 50;

#[tokio::main]
async fn main() -> Result<(), Fault> {
    let words = Arguments::of_process();
    let is_quick = words.has("--quick");
    let flows = words.number("--flows", if is_quick { 500 } else { 10_000 })?;
    let seconds = words.number("--seconds", if is_quick { 4 } else { 12 })?;
    let connections = numbers(&words.text("--connections", "1,4,16,64"))?;
    let rows = numbers(&words.text("--rows", if is_quick { "10000" } else { "0,10000,5000000" }))?;
    let vendor = Vendor::start(|_, _| Fate { delay: Duration::ZERO, status: Some(202), is_delivered: true }).await?;
    let bench = Bench { vendor, flows, limit: Duration::from_secs(seconds), connections };
    table::print_head();
    let mut measured = Vec::new();
    for name in words.text("--databases", "sqlite,postgres").split(',') {
        for rows in &rows {
            measured.extend(bench.measure(Kind::parse(name)?, *rows).await?);
        }
    }
    chart::print(&measured);
    table::print_aims(&measured);
    if measured.iter().any(|row| row.measured.failed > 0) { Err("some flows failed".into()) } else { Ok(()) }
}

fn numbers(text: &str) -> Result<Vec<u64>, Fault> {
    Ok(text.split(',').map(|number| number.replace('_', "").parse()).collect::<Result<_, _>>()?)
}

/// What all measurements have in common.
struct Bench {
    vendor: Arc<Vendor>,
    flows: u64,
    limit: Duration,
    connections: Vec<u64>,
}

impl Bench {
    /// Every number of connections on one database, each with a fresh server.
    async fn measure(&self, kind: Kind, rows: u64) -> Result<Vec<Row>, Fault> {
        let database = Database::create(kind).await?;
        preload::make_durable(&database).await?;
        let settings = self.settings(&database, rows)?;
        // It migrates; then what the database is to hold is put in.
        drop(Server::start(&settings).await?);
        preload::fill(&database, rows).await?;
        let mut measured = Vec::new();
        for connections in &self.connections {
            let server = Server::start(&settings).await?;
            let row = Row { kind, rows, connections: *connections, measured: self.run(&server, &settings, *connections).await? };
            row.print();
            measured.push(row);
        }
        let server = Server::start(&settings).await?;
        self.load(&settings, 1, WARM_UP_FLOWS).run().await?;
        table::print_refusals(kind, rows, &refusals::run(self.load(&settings, 1, self.flows)).await?);
        drop(server);
        Ok(measured)
    }

    fn load(&self, settings: &Settings, connections: u64, flows: u64) -> Load {
        Load { address: settings.address, vendor: Arc::clone(&self.vendor), connections, flows, limit: self.limit }
    }

    fn settings(&self, database: &Database, rows: u64) -> Result<Settings, Fault> {
        // The day's budget leaves room for the flows and no more than that: a service sets it to what it expects.
        let day = (rows + 1_000_000).to_string();
        Ok(Settings {
            address: server::free_address(0)?,
            database_url: database.url.clone(),
            vendor: self.vendor.address,
            log: database.folder.path().join("server.log"),
            others: vec![("MAX_SENDS_PER_DAY", day)],
        })
    }

    async fn run(&self, server: &Server, settings: &Settings, connections: u64) -> Result<Measured, Fault> {
        self.load(settings, connections, WARM_UP_FLOWS).run().await?;
        let cpu_before = table::cpu_seconds(server);
        let mut measured = self.load(settings, connections, self.flows).run().await?;
        measured.cpu_seconds = table::cpu_seconds(server) - cpu_before;
        measured.peak_mib = table::peak_mib(server);
        if measured.failed > 0 {
            eprintln!("{} flows failed; the server's log ends with:\n{}", measured.failed, server::tail(&settings.log));
        }
        Ok(measured)
    }
}
