//! The faults, and what each must be taken for.

use super::super::fake_vendor::{Script, Then};
use super::{Column, Trouble};

/// A row of the table.
pub(super) struct Fault {
    pub(super) name: &'static str,
    behaves: Behaves,
    means: &'static str,
    /// Who rightly takes it for something else.
    except: &'static [(&'static str, &'static str)],
}

/// How the vendor behaves.
enum Behaves {
    Answers(fn(&Column) -> Script),
    AnswersOfAnother,
    NobodyListens,
    SpeaksNoTls,
}

const HTML: &str = "<!doctype html><title>Welcome</title>";
const HTML_TYPE: &str = "Content-Type: text/html\r\n";
const ELSEWHERE: &str = "Location: https://example.com/\r\n";
const MUCH: usize = 10_000_000;
/// Every field that any of them reads, and nothing in it.
const NULLS: &str = r#"{"sid":null,"to":null,"status":null,"valid":null,"error_code":null,"requestId":null,"statusCode":null,
    "statusName":null,"messages":null,"failedMessageList":null,"groupInfo":null,"messageList":null,"error":null}"#;
/// A program that answers nothing more than that all is well has said enough.
const HTTP_ACCEPTS: &[(&str, &str)] = &[("http", "accepted")];

impl Fault {
    fn new(name: &'static str, means: &'static str, behaves: Behaves) -> Self {
        Self { name, behaves, means, except: &[] }
    }

    fn but(self, except: &'static [(&'static str, &'static str)]) -> Self {
        Self { except, ..self }
    }

    pub(super) fn means_to(&self, column: &Column) -> &'static str {
        self.except.iter().find(|(name, _)| *name == column.name).map_or(self.means, |(_, means)| means)
    }

    /// None where the vendor cannot fail so.
    pub(super) fn trouble(&self, column: &Column) -> Option<Trouble> {
        Some(match self.behaves {
            Behaves::Answers(script) => Trouble::Answer(script(column)),
            Behaves::AnswersOfAnother => Trouble::Answer(column.success(column.of_another.as_ref()?)),
            Behaves::NobodyListens => Trouble::NobodyListens,
            Behaves::SpeaksNoTls => Trouble::NoTls,
        })
    }
}

impl Column {
    fn success(&self, body: &str) -> Script {
        Script::json(self.status, body)
    }

    /// A success that promises more than comes.
    fn begun(&self, then: Then) -> Script {
        Script::promise(self.status, &self.whole, then)
    }
}

fn answers(name: &'static str, means: &'static str, script: fn(&Column) -> Script) -> Fault {
    Fault::new(name, means, Behaves::Answers(script))
}

fn refused(name: &'static str, script: fn(&Column) -> Script) -> Fault {
    answers(name, "refused", script)
}

fn unavailable(name: &'static str, script: fn(&Column) -> Script) -> Fault {
    answers(name, "unavailable", script)
}

fn unknown(name: &'static str, script: fn(&Column) -> Script) -> Fault {
    answers(name, "unknown", script)
}

/// All of them.
pub(super) fn faults() -> Vec<Fault> {
    [certain_faults(), successes(), unknown_faults()].into_iter().flatten().collect()
}

/// After these it is known that nothing was sent.
fn certain_faults() -> Vec<Fault> {
    vec![
        Fault::new("nobody listens", "unavailable", Behaves::NobodyListens),
        Fault::new("no TLS", "unavailable", Behaves::SpeaksNoTls),
        refused("302", |_| Script::answer(302, ELSEWHERE, "")),
        refused("308", |_| Script::answer(308, ELSEWHERE, "")),
        refused("302 with a success in it", |c| Script::answer(302, ELSEWHERE, &c.whole)),
        refused("400, body cut", |_| Script::promise(400, "{", Then::Close)),
        refused("400, body hangs", |_| Script::promise(400, "{\"code\":", Then::Hang)),
        refused("401 empty", |_| Script::answer(401, "", "")),
        refused("404 empty", |_| Script::answer(404, "", "")),
        refused("404 HTML", |_| Script::answer(404, HTML_TYPE, HTML)),
        refused("410 empty", |_| Script::answer(410, "", "")),
        refused("413 empty", |_| Script::answer(413, "", "")),
        answers("429 empty", "quota exhausted", |_| Script::answer(429, "", "")),
        unavailable("500 empty", |_| Script::answer(500, "", "")),
        unavailable("502 HTML", |_| Script::answer(502, HTML_TYPE, HTML)),
        unavailable("503 empty", |_| Script::answer(503, "", "")),
        unavailable("503, body hangs", |_| Script::promise(503, "", Then::Hang)),
    ]
}

/// A status that tells of success. Below it is whatever something between us and the vendor may write.
fn successes() -> Vec<Fault> {
    vec![
        answers("success", "accepted", |c| c.success(&c.whole)).but(&[("twilio_verify check", "approved")]),
        unknown("success, error inside", |c| c.success(&c.error_inside)).but(&[("http", "refused")]),
        Fault::new("success, another recipient", "unknown", Behaves::AnswersOfAnother),
        unknown("success, empty", |c| Script::answer(c.status, "", "")).but(HTTP_ACCEPTS),
        unknown("success, blank", |c| Script::answer(c.status, "", " \r\n")).but(HTTP_ACCEPTS),
        unknown("204", |_| Script::answer(204, "", "")).but(HTTP_ACCEPTS),
        unknown("success, {}", |c| c.success("{}")).but(HTTP_ACCEPTS),
        unknown("success, nulls", |c| c.success(NULLS)).but(HTTP_ACCEPTS),
        unknown("success, null", |c| c.success("null")),
        unknown("success, []", |c| c.success("[]")),
        unknown("success, a text", |c| c.success("\"ok\"")),
        unknown("success, half a JSON", |c| c.success(&c.whole[..c.whole.len() - 1])),
        unknown("200 HTML", |_| Script::answer(200, HTML_TYPE, HTML)),
        unknown("success, body cut", |c| c.begun(Then::Close)),
        unknown("success, body reset", |c| c.begun(Then::Reset)),
        unknown("success, body hangs", |c| c.begun(Then::Hang)),
        unknown("success, slow drip", |c| c.begun(Then::Drip)),
        unknown("success, 10 MB of junk", |c| Script::answer(c.status, "", &"{".repeat(MUCH))),
        unknown("success, 10 MB behind it", |c| c.success(&format!("{}{}", c.whole, " ".repeat(MUCH)))),
    ]
}

fn unknown_faults() -> Vec<Fault> {
    vec![
        unknown("504 empty", |_| Script::answer(504, "", "")),
        unknown("520 empty", |_| Script::answer(520, "", "")),
        unknown("not HTTP", |_| Script::raw("SSH-2.0-OpenSSH_9.6\r\n", Then::Close)),
        unknown("no answer", |_| Script::raw("", Then::Hang)),
        unknown("cut after the request", |_| Script::raw("", Then::Close)),
        unknown("reset after the request", |_| Script::raw("", Then::Reset)),
    ]
}
