//! The faults, and what each must come to.

use futures::future::BoxFuture;
use tokio::net::TcpListener;

use super::Question::{self, MessagesSend, ProgramSend, SensSend, TwilioCheck, TwilioStart};
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

/// A row of the table.
pub struct Case {
    name: &'static str,
    cells: Vec<(Question, Trouble, &'static str)>,
}

impl Case {
    fn new(name: &'static str) -> Self {
        Self { name, cells: Vec::new() }
    }

    /// What a trouble comes to at one vendor, in the place of what stood there.
    fn at(mut self, question: Question, trouble: impl Into<Trouble>, told: &'static str) -> Self {
        self.cells.retain(|cell| cell.0 != question);
        self.cells.push((question, trouble.into(), told));
        self
    }

    /// The cells that there are, each with what it must come to.
    pub fn cells(self) -> impl Iterator<Item = (&'static str, Question, Trouble, &'static str)> {
        let name = self.name;
        self.cells.into_iter().map(move |(question, trouble, told)| (name, question, trouble, told))
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

const FAILED: &str = "delivery_failed, given back";
const BLOCKED: &str = "delivery_blocked, given back";
const INVALID: &str = "invalid_phone_number, given back";
const SENT: &str = "code_sent, charged";
const MAY_ARRIVE: &str = "code_may_arrive, charged";
const UNJUDGED: &str = "unavailable, given back";
const UNKNOWN: &str = "unavailable, charged";
const EXPIRED: &str = "code_expired, over";
const EXHAUSTED: &str = "too_many_attempts, over";

/// The same trouble everywhere: what a send and what a check come to.
fn alike(name: &'static str, trouble: impl Into<Trouble>, send: &'static str, check: &'static str) -> Case {
    let trouble = trouble.into();
    let told = |question| if question == TwilioCheck { check } else { send };
    Question::ALL.into_iter().fold(Case::new(name), |case, question| case.at(question, trouble.clone(), told(question)))
}

fn certain(name: &'static str, trouble: impl Into<Trouble>) -> Case {
    alike(name, trouble, FAILED, UNJUDGED)
}

fn unknown(name: &'static str, fault: Fault) -> Case {
    alike(name, fault, MAY_ARRIVE, UNKNOWN)
}

/// A status with a code of each vendor's own: what a message, a start and a check of Twilio's come to.
fn refused(name: &'static str, status: u16, codes: [(u32, &'static str); 3]) -> Case {
    let sens = Fault::json(status, r#"{"error":{"errorCode":"200","message":"m","details":"d"}}"#);
    let program = Fault::json(status, format!(r#"{{"error":{{"http_code":{status},"message":"m"}}}}"#));
    let of_twilio = [MessagesSend, TwilioStart, TwilioCheck].into_iter().zip(codes);
    of_twilio.fold(Case::new(name).at(SensSend, sens, FAILED).at(ProgramSend, program, FAILED), |case, (question, (code, told))| {
        case.at(question, Fault::twilio(status, code), told)
    })
}

pub fn cases() -> Vec<Case> {
    [connection_cases(), refusal_cases(), unreadable_cases(), cases_of_some()].into_iter().flatten().collect()
}

fn connection_cases() -> Vec<Case> {
    vec![
        certain("connection refused", Trouble::Elsewhere(|| Box::pin(closed_address()))),
        certain("no such host", Trouble::Elsewhere(|| Box::pin(async { "https://nowhere.invalid".to_owned() }))),
        certain("TLS failure", Trouble::Elsewhere(|| Box::pin(plain_where_tls_belongs()))),
        unknown("cut after the request", Fault::Cut),
        unknown("no answer", Fault::Hang),
        unknown("slow body", Fault::SlowBody(202)),
        unknown("drip", Fault::Drip(200)),
    ]
}

fn refusal_cases() -> Vec<Case> {
    vec![
        certain("redirect", Fault::Redirect),
        refused("400", 400, [(21211, INVALID), (60200, INVALID), (60200, UNJUDGED)]),
        refused("401", 401, [(20003, FAILED), (20003, FAILED), (20003, UNJUDGED)]),
        refused("403", 403, [(21408, BLOCKED), (60410, BLOCKED), (60605, UNJUDGED)]),
        refused("404", 404, [(20404, FAILED), (20404, FAILED), (20404, EXPIRED)]),
        refused("413", 413, [(0, FAILED), (0, FAILED), (0, UNJUDGED)]),
        refused("429", 429, [(63038, FAILED), (60203, FAILED), (60202, EXHAUSTED)]),
        certain("500", Fault::status(500)),
        certain("502", Fault::status(502)),
        certain("503", Fault::status(503)),
        unknown("504", Fault::status(504)),
    ]
}

fn unreadable_cases() -> Vec<Case> {
    let nulls = r#"{"sid":null,"to":null,"status":null,"valid":null,"requestId":null,"statusCode":null,"statusName":null}"#;
    // A program that says nothing of an error has said that all is well.
    let enough = |name, fault: Fault| unknown(name, fault.clone()).at(ProgramSend, fault, SENT);
    vec![
        enough("200 with {}", Fault::json(200, "{}")),
        enough("200 with nulls", Fault::json(200, nulls)),
        unknown("200 with HTML", Fault::html()),
        unknown("200 with half a JSON", Fault::json(200, r#"{"sid":"VE0"#)),
        enough("200 with an empty body", Fault::json(200, "")),
        unknown("200 with 10 MB", Fault::Junk),
    ]
}

/// What each vendor writes in a way of its own, and not all can.
fn cases_of_some() -> Vec<Case> {
    let passing = || Trouble::ForEver(Fault::twilio(429, 20429));
    let other = |status| FakeTwilio::verification_of("VE00000000000000000000000000000000", "+821099999999", status);
    let text_of_other = r#"{"sid":"SM00000000000000000000000000000000","to":"+821099999999","status":"queued"}"#;
    vec![
        Case::new("429 that does not pass").at(MessagesSend, passing(), FAILED).at(TwilioStart, passing(), FAILED).at(
            TwilioCheck,
            passing(),
            UNJUDGED,
        ),
        unknown("200 with an error", Fault::twilio(200, 60200))
            .at(SensSend, Fault::json(200, r#"{"requestId":"R","statusCode":"400"}"#), MAY_ARRIVE)
            .at(ProgramSend, Fault::json(200, r#"{"error":{"http_code":400,"message":"m"}}"#), FAILED),
        Case::new("another number")
            .at(MessagesSend, Fault::json(201, text_of_other), MAY_ARRIVE)
            .at(TwilioStart, other("pending"), MAY_ARRIVE)
            .at(TwilioCheck, other("approved"), UNKNOWN),
        Case::new("canceled").at(TwilioStart, other("canceled"), MAY_ARRIVE).at(TwilioCheck, Trouble::Canceled, EXPIRED),
    ]
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
