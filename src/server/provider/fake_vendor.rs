//! A vendor for tests: a server on a free port that answers bytes as scripted, and keeps what it was asked.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

use super::{ProviderFault, TIME_LIMIT, http_client};

/// What happens on one connection, once the request has been read.
#[derive(Clone)]
pub(super) struct Script {
    bytes: Vec<u8>,
    then: Then,
}

/// How a connection goes on after the scripted bytes.
#[derive(Clone, Copy)]
pub(super) enum Then {
    /// It ends in order.
    Close,
    /// It ends with a reset.
    Reset,
    /// It stays open, and nothing more comes.
    Hang,
    /// One byte every ten milliseconds, without end.
    Drip,
}

impl Script {
    /// The time limit to meet it with: a short one if it never ends, else the real one, however busy the machine is.
    pub(super) fn time_limit(&self) -> Duration {
        if matches!(self.then, Then::Hang | Then::Drip) { Duration::from_millis(500) } else { TIME_LIMIT }
    }

    /// Any bytes.
    pub(super) fn raw(bytes: impl Into<Vec<u8>>, then: Then) -> Self {
        Self { bytes: bytes.into(), then }
    }

    /// An answer with a status and a JSON body.
    pub(super) fn json(status: u16, body: &str) -> Self {
        Self::answer(status, "Content-Type: application/json\r\n", body)
    }

    /// An answer with header lines of its own, each ended by `\r\n`.
    pub(super) fn answer(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        let head = format!("HTTP/1.1 {status} Scripted\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
        Self::raw(head + body, Then::Close)
    }

    /// An answer that promises a megabyte, gives `body`, and goes on as told.
    pub(super) fn promise(status: u16, body: &str, then: Then) -> Self {
        let head = format!("HTTP/1.1 {status} Scripted\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n");
        Self::raw(head + body, then)
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// Method, target and version.
    pub(super) line: String,
    headers: Vec<(String, String)>,
    /// The body.
    pub(super) body: String,
}

impl Asked {
    /// The value of a header, or nothing.
    pub(super) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }
}

/// The server. It stops when it is dropped, so that many in turn keep few connections open.
pub(super) struct FakeVendor {
    /// `127.0.0.1` and its port.
    pub(super) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    _serving: AbortOnDropHandle<()>,
}

impl FakeVendor {
    /// Listens, and plays one script per connection; the last one again and again.
    pub(super) async fn start(scripts: Vec<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("address").to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let serving = AbortOnDropHandle::new(tokio::spawn(serve(listener, scripts, asked.clone())));
        Self { address, asked, _serving: serving }
    }

    /// Its address over plain HTTP.
    pub(super) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("lock").clone()
    }
}

/// The real client. One per test, since reading the certificates takes longer than an exchange.
pub(super) fn client() -> reqwest::Client {
    thread_local!(static CLIENT: reqwest::Client = http_client(None).expect("certificates"));
    CLIENT.with(Clone::clone)
}

/// The name of a fault, for tables.
pub(super) fn kind_of(fault: &ProviderFault) -> &'static str {
    match fault {
        ProviderFault::InvalidNumber(_) => "invalid number",
        ProviderFault::Blocked(_) => "blocked",
        ProviderFault::QuotaExhausted(_) => "quota exhausted",
        ProviderFault::Refused(_) => "refused",
        ProviderFault::Unavailable(_) => "unavailable",
        ProviderFault::Unknown(_) => "unknown",
    }
}

/// All that this thread logs while the guard lives, from the finest level on.
pub(super) fn captured_log() -> (CapturedLog, tracing::subscriber::DefaultGuard) {
    // With a single subscriber, tracing lets the thread that comes first decide for all whether a line is logged.
    static SECOND: OnceLock<tracing::Dispatch> = OnceLock::new();
    SECOND.get_or_init(|| tracing::Dispatch::new(tracing::subscriber::NoSubscriber::new()));
    let log = CapturedLog::default();
    let writer = log.clone();
    let builder = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).without_time();
    (log, tracing::subscriber::set_default(builder.with_writer(move || writer.clone()).finish()))
}

/// What was logged.
#[derive(Clone, Default)]
pub(super) struct CapturedLog(Arc<Mutex<Vec<u8>>>);

impl CapturedLog {
    /// The lines so far.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("lock")).into_owned()
    }
}

impl std::io::Write for CapturedLog {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// An address where nobody listens.
pub(super) async fn closed_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("address").to_string()
}

/// An address where a server speaks before it is asked, as one does that is not a web server.
pub(super) async fn speaks_first(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("address").to_string();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        // The client may have hung up.
        let _ = stream.write_all(bytes).await;
        std::future::pending::<()>().await;
    });
    address
}

async fn serve(listener: TcpListener, scripts: Vec<Script>, asked: Arc<Mutex<Vec<Asked>>>) {
    let mut played = JoinSet::new();
    for at in 0.. {
        let Ok((stream, _)) = listener.accept().await else { return };
        let script = scripts[at.min(scripts.len() - 1)].clone();
        played.spawn(play(stream, script, asked.clone()));
    }
}

async fn play(mut stream: TcpStream, script: Script, asked: Arc<Mutex<Vec<Asked>>>) {
    let Some(request) = read_request(&mut stream).await else { return };
    asked.lock().expect("lock").push(request);
    // The client hangs up when it has read enough.
    let _ = stream.write_all(&script.bytes).await;
    match script.then {
        Then::Close => {}
        Then::Reset => stream.set_zero_linger().expect("linger"),
        Then::Hang => std::future::pending().await,
        Then::Drip => {
            while stream.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<Asked> {
    let mut read = Vec::new();
    loop {
        if let Some(request) = parse_request(&String::from_utf8_lossy(&read)) {
            return Some(request);
        }
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
}

fn parse_request(text: &str) -> Option<Asked> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let line = lines.next()?.to_owned();
    let headers = lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_owned(), value.to_owned()));
    let asked = Asked { line, headers: headers.collect(), body: body.to_owned() };
    let length: usize = asked.header("content-length").parse().unwrap_or(0);
    (asked.body.len() >= length).then_some(asked)
}
