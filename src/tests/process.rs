//! The real program in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::test_server::{SECRET_KEY, Settings};

/// Where it is.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_beonho");

/// A program that runs until it is stopped, or the test ends.
pub struct Process {
    pub base: String,
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
}

impl Process {
    /// Starts it on a free port and waits until it serves. Writing beyond `RLIMIT_FSIZE` is an error for it, as on a full disk, and no signal.
    pub async fn start(settings: &Settings) -> Self {
        let mut child = command(settings).stderr(Stdio::piped()).spawn().expect("the program starts");
        let lines = BufReader::new(child.stderr.take().expect("a log"));
        let (log, (found, address)) = (Arc::new(Mutex::new(Vec::new())), oneshot::channel());
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            let mut found = Some(found);
            for line in lines.lines().map_while(Result::ok) {
                let address = line.split_once("address=").and_then(|(_, rest)| rest.split_whitespace().next()).map(str::to_owned);
                let serves = line.contains("beonho serves");
                // Before it is told: whoever waits for it looks for it.
                kept.lock().expect("lock").push(line);
                if let (Some(address), Some(found)) = (address, found.take_if(|_| serves)) {
                    let _ = found.send(address);
                }
            }
        });
        let Ok(address) = address.await else { panic!("it does not serve: {:#?}", log.lock().expect("lock")) };
        Self { base: format!("http://{address}"), child, log }
    }

    /// What it logged until now.
    pub fn log(&self) -> String {
        self.log.lock().expect("lock").join("\n")
    }

    /// Sets how large its files may grow, in bytes, as `prlimit` takes it.
    pub fn limit_files(&self, bytes: &str) {
        let limit = format!("--fsize={bytes}:");
        run(Command::new("prlimit").args(["--pid", &self.child.id().to_string(), &limit]));
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        run(Command::new("kill").args(["-s", name, &self.child.id().to_string()]));
    }

    /// Whether it has not ended.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_none()
    }

    /// Waits until it has ended.
    pub fn wait(&mut self) -> ExitStatus {
        tokio::task::block_in_place(|| self.child.wait()).expect("it ends")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(settings: &Settings) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", r#"trap "" XFSZ; exec "$0""#, PROGRAM]).env_clear();
    command.envs([
        ("LEPTOS_SITE_ADDR", "127.0.0.1:0"),
        ("SECRET_KEY", SECRET_KEY),
        ("DRAIN_SECS", "0"),
        ("METRICS_ADDR", "127.0.0.1:0"),
        ("ADMIN_ADDR", "127.0.0.1:0"),
    ]);
    command.envs(settings.iter().map(|(name, value)| (*name, value.as_str())));
    command
}

/// A program of the system that listens on a port until the test ends.
pub struct Listening(Child);

impl Listening {
    /// Starts it on a free port, for which `prepare` makes the command, and waits until it listens.
    pub async fn start(prepare: impl Fn(u16) -> Command) -> (u16, Self) {
        // Between finding a port and listening on it, somebody else may take it.
        for _ in 0..5 {
            let port =
                TcpListener::bind("127.0.0.1:0").await.and_then(|listener| listener.local_addr()).expect("a free port").port();
            let mut command = prepare(port);
            let mut running = Self(command.spawn().expect("the program is there: make test installs it"));
            while running.0.try_wait().expect("a child").is_none() {
                if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                    return (port, running);
                }
                tokio::task::yield_now().await;
            }
        }
        panic!("{:?} does not start", prepare(0));
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs a command of the system.
pub fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).status();
    assert!(status.as_ref().is_ok_and(ExitStatus::success), "{command:?}: {status:?}");
}
