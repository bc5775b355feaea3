//! The real program in a process of its own.

use std::io::{ErrorKind, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use crate::test_server::{SECRET_KEY, Settings};

/// Where it is.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_beonho");
/// How often its log is looked at.
const PAUSE: Duration = Duration::from_millis(5);

/// A program that runs until it is stopped, or the test ends.
pub struct Process {
    pub base: String,
    child: Child,
    log: Arc<Log>,
}

/// What it logs, out of a socket that is read whenever somebody wants to know: what it logged before it answered is there, however busy the
/// machine is.
struct Log {
    end: UnixStream,
    read: Mutex<Vec<u8>>,
}

impl Log {
    /// Reads all that there is; false once there will be no more.
    fn catch_up(&self) -> bool {
        let mut read = self.read.lock().expect("lock");
        let mut chunk = [0; 4096];
        loop {
            match (&self.end).read(&mut chunk) {
                Ok(0) => return false,
                Ok(length) => read.extend_from_slice(&chunk[..length]),
                Err(fault) => return fault.kind() == ErrorKind::WouldBlock,
            }
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.read.lock().expect("lock")).trim_end().to_owned()
    }

    /// Where it serves.
    fn address(&self) -> Option<String> {
        let text = self.text();
        let line = text.lines().find(|line| line.contains("beonho serves"))?;
        line.split_once("address=")?.1.split_whitespace().next().map(str::to_owned)
    }
}

impl Process {
    /// Starts it on a free port and waits until it serves. Writing beyond `RLIMIT_FSIZE` is an error for it, as on a full disk, and no signal.
    pub async fn start(settings: &Settings) -> Self {
        let (end, its) = UnixStream::pair().expect("sockets");
        end.set_nonblocking(true).expect("a socket");
        let child = command(settings).stderr(OwnedFd::from(its)).spawn().expect("the program starts");
        let log = Arc::new(Log { end, read: Mutex::default() });
        let kept = Arc::clone(&log);
        // Nobody may ask for a while, and the socket holds only so much.
        std::thread::spawn(move || {
            while kept.catch_up() {
                std::thread::sleep(PAUSE);
            }
        });
        let address = loop {
            let is_running = log.catch_up();
            match log.address() {
                Some(address) => break address,
                None => assert!(is_running, "it does not serve: {}", log.text()),
            }
            tokio::time::sleep(PAUSE).await;
        };
        Self { base: format!("http://{address}"), child, log }
    }

    /// What it logged until now.
    pub fn log(&self) -> String {
        self.log.catch_up();
        self.log.text()
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
