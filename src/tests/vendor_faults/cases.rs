//! The faults, and what each must come to.

use futures::future::BoxFuture;
use tokio::net::TcpListener;

use super::Question;
use crate::fake_twilio::FakeTwilio;
use crate::faults::Fault;

/// What goes wrong.
#[derive(Clone)]
pub enum Trouble {
    /// The next request meets this.
    Fault(Fault),
    /// So do all that follow.
    ForEver(Fault),
    /// The vendor says that the verification was canceled.
    Canceled,
    /// The vendor's address is another.
    Elsewhere(fn() -> BoxFuture<'static, String>),
}

type Cell = Option<(Trouble, &'static str)>;

/// A row of the table.
pub struct Case {
    name: &'static str,
    cells: [(Question, Cell); 3],
}

impl Case {
    /// The cells that there are, each with what it must come to.
    pub fn cells(self) -> impl Iterator<Item = (&'static str, Question, Trouble, &'static str)> {
        let name = self.name;
        self.cells.into_iter().filter_map(move |(question, cell)| cell.map(|(trouble, told)| (name, question, trouble, told)))
    }
}

const FAILED: &str = "delivery_failed, given back";
const BLOCKED: &str = "delivery_blocked, given back";
const INVALID: &str = "invalid_phone_number, given back";
const MAY_ARRIVE: &str = "code_may_arrive, charged";
const UNJUDGED: &str = "unavailable, given back";
const UNKNOWN: &str = "unavailable, charged";
const EXPIRED: &str = "code_expired, over";
const EXHAUSTED: &str = "too_many_attempts, over";

fn case(name: &'static str, send: Cell, start: Cell, check: Cell) -> Case {
    Case { name, cells: [(Question::SensSend, send), (Question::TwilioStart, start), (Question::TwilioCheck, check)] }
}

/// The same trouble everywhere: what a send and what a check come to.
fn alike(name: &'static str, trouble: &Trouble, send: &'static str, check: &'static str) -> Case {
    case(name, Some((trouble.clone(), send)), Some((trouble.clone(), send)), Some((trouble.clone(), check)))
}

fn certain(name: &'static str, trouble: &Trouble) -> Case {
    alike(name, trouble, FAILED, UNJUDGED)
}

fn unknown(name: &'static str, fault: Fault) -> Case {
    alike(name, &Trouble::Fault(fault), MAY_ARRIVE, UNKNOWN)
}

/// A status with a code of each vendor's own.
fn refused(name: &'static str, status: u16, start: (u32, &'static str), check: (u32, &'static str)) -> Case {
    let twilio = |(code, told)| Some((Trouble::Fault(Fault::twilio(status, code)), told));
    let sens = Fault::json(status, r#"{"error":{"errorCode":"200","message":"m","details":"d"}}"#);
    case(name, Some((Trouble::Fault(sens), FAILED)), twilio(start), twilio(check))
}

fn twilio_only(name: &'static str, start: Cell, check: Cell) -> Case {
    case(name, None, start, check)
}

pub fn cases() -> Vec<Case> {
    [connection_cases(), refusal_cases(), unreadable_cases()].into_iter().flatten().collect()
}

fn connection_cases() -> Vec<Case> {
    vec![
        certain("connection refused", &Trouble::Elsewhere(|| Box::pin(closed_address()))),
        certain("no such host", &Trouble::Elsewhere(|| Box::pin(async { "https://nowhere.invalid".to_owned() }))),
        certain("TLS failure", &Trouble::Elsewhere(|| Box::pin(plain_where_tls_belongs()))),
        unknown("cut after the request", Fault::Cut),
        unknown("no answer", Fault::Hang),
        unknown("slow body", Fault::SlowBody(202)),
    ]
}

fn refusal_cases() -> Vec<Case> {
    let passing = Fault::twilio(429, 20429);
    vec![
        certain("redirect", &Trouble::Fault(Fault::Redirect)),
        refused("400", 400, (60200, INVALID), (60200, UNJUDGED)),
        refused("401", 401, (20003, FAILED), (20003, UNJUDGED)),
        refused("403", 403, (60410, BLOCKED), (60605, UNJUDGED)),
        refused("404", 404, (20404, FAILED), (20404, EXPIRED)),
        refused("413", 413, (0, FAILED), (0, UNJUDGED)),
        refused("429", 429, (60203, FAILED), (60202, EXHAUSTED)),
        twilio_only(
            "429 that does not pass",
            Some((Trouble::ForEver(passing.clone()), FAILED)),
            Some((Trouble::ForEver(passing), UNJUDGED)),
        ),
        certain("500", &Trouble::Fault(Fault::status(500))),
        certain("502", &Trouble::Fault(Fault::status(502))),
        certain("503", &Trouble::Fault(Fault::status(503))),
        unknown("504", Fault::status(504)),
    ]
}

fn unreadable_cases() -> Vec<Case> {
    let other = |status| FakeTwilio::verification_of("VE00000000000000000000000000000000", "+821099999999", status);
    let nulls = r#"{"sid":null,"to":null,"status":null,"valid":null,"requestId":null,"statusCode":null,"statusName":null}"#;
    vec![
        unknown("200 with {}", Fault::json(200, "{}")),
        unknown("200 with nulls", Fault::json(200, nulls)),
        unknown("200 with HTML", Fault::html()),
        unknown("200 with half a JSON", Fault::json(200, r#"{"sid":"VE0"#)),
        unknown("200 with an empty body", Fault::json(200, "")),
        twilio_only("another number", Some(told(other("pending"), MAY_ARRIVE)), Some(told(other("approved"), UNKNOWN))),
        twilio_only("canceled", Some(told(other("canceled"), MAY_ARRIVE)), Some((Trouble::Canceled, EXPIRED))),
    ]
}

fn told(fault: Fault, told: &'static str) -> (Trouble, &'static str) {
    (Trouble::Fault(fault), told)
}

async fn closed_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

/// A server that speaks plain text where TLS is expected.
async fn plain_where_tls_belongs() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // The client may have hung up.
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"220 mail.example.com\r\n").await;
        }
    });
    url
}
