//! The table that is printed, and the aims.

use std::time::Duration;

use super::database::Kind;
use super::flows::Measured;
use super::refusals::{PER_SECOND, Refused};
use super::server::Server;

/// Ticks of `/proc/PID/stat` in a second (`getconf CLK_TCK` on every Linux of today).
const TICKS_PER_SECOND: f64 = 100.0;

/// One measurement.
pub struct Row {
    /// The database.
    pub kind: Kind,
    /// What was in it before.
    pub rows: u64,
    /// How many flows went on at once.
    pub connections: u64,
    /// What it took.
    pub measured: Measured,
}

/// Prints the head of the table.
pub fn print_head() {
    println!(
        "| database | rows before | connections | flows/s | start p50 | p95 | p99 | check p50 | p95 | p99 | CPU s/1000 flows | peak MiB |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
}

impl Row {
    /// Prints one line of it.
    pub fn print(&self) {
        let Measured { starts, checks, peak_mib, .. } = &self.measured;
        let times: Vec<String> = [starts, checks]
            .iter()
            .flat_map(|times| [50, 95, 99].map(|percent| format!("{:.1} ms", millis(times, percent))))
            .collect();
        println!(
            "| {} | {} | {} | {:.0} | {} | {:.2} | {peak_mib:.0} |",
            self.kind.name(),
            self.rows,
            self.connections,
            self.flows_per_second(),
            times.join(" | "),
            self.cpu_per_thousand(),
        );
    }

    fn flows_per_second(&self) -> f64 {
        count(&self.measured.checks) / self.measured.elapsed.as_secs_f64()
    }

    /// Seconds of the server's processor for a thousand flows, which is milliseconds for one.
    pub fn cpu_per_thousand(&self) -> f64 {
        self.measured.cpu_seconds * 1000.0 / count(&self.measured.checks)
    }
}

/// Prints what one address that asks without end costs others.
pub fn print_refusals(kind: Kind, rows: u64, Refused { per_second, strangers }: &Refused) {
    let [start, check] = [&strangers.starts, &strangers.checks].map(|times| millis(times, 99));
    println!(
        "- {}, {rows} rows: {per_second:.0} refused asks a second from one address (aim: {PER_SECOND}), and a stranger's start p99 {start:.1} ms \
         (aim: below 100), check p99 {check:.1} ms; {} flows, {} failed",
        kind.name(),
        strangers.checks.len(),
        strangers.failed
    );
}

/// Prints what was aimed at beside what came out.
pub fn print_aims(rows: &[Row]) {
    println!();
    for row in rows.iter().filter(|row| row.connections == 64) {
        let (name, before, cpu) = (row.kind.name(), row.rows, row.cpu_per_thousand());
        println!("- {name}, {before} rows, 64 connections: {cpu:.2} CPU s/1000 flows (aim: at most 0.5)");
        let one = rows.iter().find(|one| (one.kind, one.rows, one.connections) == (row.kind, before, 1));
        if let (Some(one), Kind::Sqlite) = (one, row.kind) {
            println!(
                "  throughput {:.1} times that of one connection (aim: at least 4)",
                row.flows_per_second() / one.flows_per_second()
            );
        }
    }
    for full in rows.iter().filter(|row| row.rows > 10_000) {
        let few = rows.iter().find(|few| (few.kind, few.rows, few.connections) == (full.kind, 10_000, full.connections));
        let Some(few) = few else { continue };
        let times = |times: fn(&Measured) -> &[Duration]| millis(times(&full.measured), 50) / millis(times(&few.measured), 50);
        let (start, check) = (times(|measured| &measured.starts), times(|measured| &measured.checks));
        let (name, rows, connections) = (full.kind.name(), full.rows, full.connections);
        println!(
            "- {name}, {connections} connections: with {rows} rows start p50 is {start:.2} and check p50 {check:.2} times that with 10000 (aim: at most 1.3)"
        );
    }
}

fn millis(sorted: &[Duration], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

#[expect(clippy::cast_precision_loss, reason = "nobody waits for 2^52 flows")]
fn count(times: &[Duration]) -> f64 {
    times.len() as f64
}

/// Seconds of processor time that a server has used (proc(5), `stat`: the fields after the name, which ends with a parenthesis).
pub fn cpu_seconds(server: &Server) -> f64 {
    let stat = server.process_file("stat");
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: f64 = fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / TICKS_PER_SECOND
}

/// The most memory that a server has had.
pub fn peak_mib(server: &Server) -> f64 {
    let status = server.process_file("status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}
