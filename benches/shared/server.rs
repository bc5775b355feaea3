//! The release binary as a child process.

use std::fs::{File, OpenOptions};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::wire::Wire;

/// The server that is measured: the one that is deployed.
const BINARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/release/beonho");
/// Names another build in its place, to compare two in one run.
const OTHER_BINARY: &str = "BEONHO_BINARY";
/// How often readiness is asked for, and how many times.
const READY_PAUSE: Duration = Duration::from_millis(20);
const READY_QUESTIONS: usize = 3000;

/// Anything that stops a run.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// How a server is started.
#[derive(Clone)]
pub struct Settings {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its database.
    pub database_url: String,
    /// The vendor that stands in for SENS.
    pub vendor: SocketAddr,
    /// Where its standard error goes.
    pub log: PathBuf,
    /// Further settings.
    pub others: Vec<(&'static str, String)>,
}

/// A running server; it is killed when this is dropped.
pub struct Server {
    child: Child,
}

impl Server {
    /// Starts one and waits until it is ready.
    pub async fn start(settings: &Settings) -> Result<Self, Fault> {
        let log = OpenOptions::new().create(true).append(true).open(&settings.log)?;
        let spawned = command(settings, log).spawn().map_err(|fault| format!("{}: {fault} (make build)", binary().display()));
        let mut server = Self { child: spawned? };
        for _ in 0..READY_QUESTIONS {
            if is_ready(settings.address).await {
                return Ok(server);
            }
            if server.child.try_wait()?.is_some() {
                break;
            }
            tokio::time::sleep(READY_PAUSE).await;
        }
        Err(format!("the server did not become ready: {}", tail(&settings.log)).into())
    }

    /// Ends it at once: SIGKILL.
    pub fn kill(&mut self) {
        // Both fail only for a process that has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// What `/proc` says of the process.
    pub fn process_file(&self, name: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{name}", self.child.id())).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The binary that is started.
pub fn binary() -> PathBuf {
    std::env::var_os(OTHER_BINARY).map_or_else(|| BINARY.into(), PathBuf::from)
}

/// `SECRET_KEY` of every server.
pub fn secret_key() -> String {
    "5a".repeat(32)
}

fn command(settings: &Settings, log: File) -> Command {
    let mut command = Command::new(binary());
    let (address, vendor) = (settings.address, settings.vendor);
    command.env_clear().current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    command.env("DATABASE_URL", &settings.database_url).env("SECRET_KEY", secret_key()).env("RUST_LOG", "error");
    command.env("LEPTOS_SITE_ADDR", address.to_string()).env("PUBLIC_ORIGIN", format!("http://localhost:{}", address.port()));
    if !settings.others.iter().any(|(name, _)| *name == "SMS_PROVIDERS") {
        command.env("SMS_PROVIDER", "sens");
    }
    command.env("SENS_BASE_URL", format!("http://{vendor}")).env("NAVER_SERVICE_ID", "ncp:sms:kr:1:bench");
    command.env("NAVER_ACCESS_KEY", "access").env("NAVER_SECRET_KEY", "secret").env("SENDER_PHONE_NUMBER", "15880000");
    command.env("TRUSTED_PROXIES", "1").env("DRAIN_SECS", "0").env("METRICS_ADDR", "off").env("ADMIN_ADDR", "off");
    command.envs(settings.others.iter().map(|(name, value)| (name, value)));
    command
}

async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut wire) = Wire::open(address).await else { return false };
    let asked = wire.write(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    asked.is_ok() && wire.read(true).await.is_ok_and(|answer| answer.status() == 200)
}

/// The last lines of a log.
pub fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(5)..].join("\n")
}

/// A port of this machine that nobody listens on: below those that the system gives to connections, so that none takes it while a
/// server that was killed is away. Each of several servers has an index of its own.
pub fn free_address(index: usize) -> Result<SocketAddr, Fault> {
    let first = 12_000 + std::process::id() % 6_000 + 100 * u32::try_from(index)?;
    let ports = (0..100).filter_map(|step| u16::try_from(first + step).ok());
    let mut free = ports.filter_map(|port| TcpListener::bind(("127.0.0.1", port)).ok());
    Ok(free.next().ok_or("no free port")?.local_addr()?)
}
