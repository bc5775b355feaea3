//! What goes wrong at a vendor, told beforehand: each fault is met by one request.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONNECTION, CONTENT_TYPE, LOCATION};
use axum::response::Response;
use tokio::sync::Semaphore;

/// One fault.
#[derive(Clone)]
pub enum Fault {
    /// An answer of this status, content type and body.
    Answer(u16, &'static str, String),
    /// Nothing comes.
    Hang,
    /// The connection is cut after the request was read.
    Cut,
    /// All goes well at the vendor, and its answer is lost on the way: 504.
    LostAnswer,
    /// The head of a success comes, and its body never does.
    SlowBody(u16),
    /// It comes byte by byte, without end.
    Drip(u16),
    /// Ten million bytes come with a success.
    Junk,
    /// A redirect to elsewhere.
    Redirect,
    /// The request waits at the gate, and then all is well.
    Gate(Gate),
    /// The request waits at the gate, and is then answered with this status.
    GateThen(Gate, u16),
    /// All goes well at the vendor, and its answer waits at the gate.
    GateAfter(Gate),
}

impl Fault {
    pub fn status(status: u16) -> Self {
        Self::json(status, r#"{"code":20001,"message":"m"}"#)
    }

    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self::Answer(status, "application/json", body.into())
    }

    pub fn twilio(status: u16, code: u32) -> Self {
        Self::json(status, format!(r#"{{"code":{code},"message":"m","more_info":"u","status":{status}}}"#))
    }

    pub fn html() -> Self {
        Self::Answer(200, "text/html", "<html><body>It works!</body></html>".into())
    }
}

/// Says when a request arrived, and lets it go on when told.
#[derive(Clone)]
pub struct Gate {
    arrived: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

impl Gate {
    pub fn new() -> Self {
        Self { arrived: Arc::new(Semaphore::new(0)), open: Arc::new(Semaphore::new(0)) }
    }

    /// Waits until one more request stands at the gate.
    pub async fn arrival(&self) {
        self.arrived.acquire().await.expect("the gate stays").forget();
    }

    /// Lets one request through.
    pub fn open(&self) {
        self.open.add_permits(1);
    }

    async fn pass(&self) {
        self.arrived.add_permits(1);
        self.open.acquire().await.expect("the gate stays").forget();
    }
}

/// The faults to come, in order; when there are no more, all is well.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<VecDeque<(&'static str, Fault)>>>);

impl Faults {
    /// The next request of this kind meets the fault.
    pub fn add(&self, operation: &'static str, fault: Fault) {
        self.0.lock().expect("lock").push_back((operation, fault));
    }

    /// Answers a request of this kind: as the next fault has it, or else as the vendor does.
    pub async fn meet(&self, operation: &str, vendor: impl FnOnce() -> Response) -> Response {
        match self.take(operation) {
            None => vendor(),
            Some(Fault::Answer(status, content_type, body)) => answer(status, content_type, body),
            Some(Fault::Hang) => std::future::pending().await,
            // Unwinding without a message: the connection ends with its task.
            Some(Fault::Cut) => std::panic::resume_unwind(Box::new("cut")),
            Some(Fault::LostAnswer) => {
                vendor();
                answer(504, "text/html", "<html></html>")
            }
            Some(Fault::SlowBody(status)) => slow(status),
            Some(Fault::Drip(status)) => drip(status),
            Some(Fault::Junk) => answer(200, "application/json", "{".repeat(10_000_000)),
            Some(Fault::Redirect) => redirect(),
            Some(Fault::GateThen(gate, status)) => {
                gate.pass().await;
                answer(status, "application/json", "{}")
            }
            Some(Fault::Gate(gate)) => {
                gate.pass().await;
                vendor()
            }
            Some(Fault::GateAfter(gate)) => {
                let answer = vendor();
                gate.pass().await;
                answer
            }
        }
    }

    fn take(&self, operation: &str) -> Option<Fault> {
        let mut faults = self.0.lock().expect("lock");
        let at = faults.iter().position(|(of, _)| *of == operation)?;
        faults.remove(at).map(|(_, fault)| fault)
    }
}

/// An answer after which the connection closes, so that a vendor that stopped is not reached over an old one.
pub fn answer(status: u16, content_type: &str, body: impl Into<Body>) -> Response {
    let response = Response::builder().status(status).header(CONTENT_TYPE, content_type).header(CONNECTION, "close");
    response.body(body.into()).expect("an answer")
}

fn slow(status: u16) -> Response {
    let never = futures::stream::pending::<Result<Bytes, std::io::Error>>();
    answer(status, "application/json", Body::from_stream(never))
}

fn drip(status: u16) -> Response {
    let drops = futures::stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
    });
    answer(status, "application/json", Body::from_stream(drops))
}

fn redirect() -> Response {
    let mut response = answer(302, "text/html", Body::empty());
    response.headers_mut().insert(LOCATION, "https://example.com/".parse().expect("an address"));
    response
}
