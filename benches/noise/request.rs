//! Requests that a well-meant one turned into: drawn from a seed, so that a run can be repeated.

use super::chance::Chance;

/// Where a mutation starts.
struct Sound {
    method: &'static str,
    path: &'static str,
    content_type: &'static str,
    body: &'static str,
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

const SOUND: [Sound; 22] = [
    post("/v1/verification", JSON, r#"{"phone_number":"010NNNNNNNN"}"#),
    post("/v1/verification", JSON, r#"{"phone_number":"010NNNNNNNN","purpose":"sign_in"}"#),
    post("/v1/verification/check", JSON, r#"{"code":"CCCCCC"}"#),
    post("/v1/verification/check", JSON, r#"{"code":"CCCCCC","challenge_id":"IIIIIIIIIIIIIIIIIIIIII"}"#),
    post("/v1/accounts", JSON, r#"{"nickname":"번호","consent":true}"#),
    post("/api/start", FORM, "phone_number=010NNNNNNNN&purpose=sign_up"),
    post("/api/resend", FORM, "purpose=sign_up"),
    post("/api/check", FORM, "code=CCCCCC&challenge=&once=abc&purpose=sign_up"),
    post("/api/sign-up", FORM, "nickname=%EB%B2%88&once=abc&consent=on"),
    post("/api/start-over", FORM, "purpose=sign_in"),
    post("/api/sign-out", FORM, ""),
    post("/api/status", FORM, ""),
    get("/v1/verification"),
    get("/v1/openapi.json"),
    get("/"),
    get("/sign-in"),
    get("/welcome"),
    get("/cookies"),
    get("/language?to=en&back=/sign-in"),
    get("/inbox"),
    get("/readyz"),
    get("/pkg/beonho.js"),
];

const fn post(path: &'static str, content_type: &'static str, body: &'static str) -> Sound {
    Sound { method: "POST", path, content_type, body }
}

const fn get(path: &'static str) -> Sound {
    Sound { method: "GET", path, content_type: "", body: "" }
}

const METHODS: [&str; 9] = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"];
const PATHS: [&str; 12] = [
    "//",
    "/../../etc/passwd",
    "/%00",
    "/%ff%fe",
    "/pkg/../../Cargo.toml",
    "/pkg/%2e%2e/%2e%2e",
    "/api/",
    "/api/none",
    "/v1/",
    "/?a=%",
    "*",
    "/v1/verification/",
];
const HEADERS: [&str; 26] = [
    "accept: text/html",
    "accept: */*",
    "accept: \u{1}\u{7f}",
    "accept-encoding: br, gzip",
    "accept-encoding: br;q=x",
    "accept-language: en;q=9,ko;q=-1,,;;",
    "authorization: Basic AAAA",
    "connection: upgrade",
    "content-encoding: gzip",
    "content-type: text/plain",
    "content-type: application/json; charset=\"",
    "content-type: multipart/form-data; boundary=",
    "cookie: beonho_session=; session=; beonho_lang=xx",
    "cookie: beonho_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "cookie: ;;;=;==;session",
    "expect: 100-continue",
    "forwarded: for=\"[::\"",
    "if-none-match: \"x\"",
    "if-modified-since: Sun, 32 Nov 2026 99:99:99 GMT",
    "origin: https://evil.example",
    "origin: null",
    "range: bytes=5-1,-,0-0",
    "referer: http://localhost/\u{b2c8}",
    "sec-fetch-site: cross-site",
    "x-forwarded-for: ::1, 1.2.3, 999.1.1.1, [::1]:80,",
    "x-http-method-override: DELETE",
];

/// What goes on the wire, and how its answer is read.
pub struct Request {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether an answer has a body.
    pub has_body: bool,
    /// Whether the connection can serve another request afterwards.
    pub is_whole: bool,
}

/// Who makes a request.
#[derive(Default)]
pub struct Caller {
    /// The session, once there is one.
    pub cookie: Option<String>,
    /// The eight digits after 010.
    pub number: String,
    /// The code that the number was sent, or a guess.
    pub code: String,
}

/// Draws a request.
pub fn draw(chance: &mut Chance, caller: &Caller) -> Request {
    let Sound { method, path, content_type, body } = chance.one_of(&SOUND);
    let (mut method, mut path) = ((*method).to_owned(), (*path).to_owned());
    let id = format!("{:022x}", chance.next());
    let mut body = body
        .replace("NNNNNNNN", &caller.number)
        .replace("CCCCCC", &caller.code)
        .replace("IIIIIIIIIIIIIIIIIIIIII", &id)
        .into_bytes();
    let mut head = format!("host: localhost\r\nx-forwarded-for: 10.{}.{}.9\r\n", chance.below(250), chance.below(250)).into_bytes();
    if !content_type.is_empty() {
        head.extend(format!("content-type: {content_type}\r\n").bytes());
    }
    if let Some(cookie) = caller.cookie.as_deref().filter(|_| chance.below(8) > 0) {
        head.extend(format!("cookie: beonho_session={}\r\n", spoilt(chance, cookie)).bytes());
    }
    for _ in 0..chance.below(4) {
        match chance.below(9) {
            0 => (*chance.one_of(&METHODS)).clone_into(&mut method),
            1 => (*chance.one_of(&PATHS)).clone_into(&mut path),
            2 => path = longer(chance, &path),
            3..=5 => head.extend(format!("{}\r\n", chance.one_of(&HEADERS)).bytes()),
            _ => spoil(chance, &mut body),
        }
    }
    assemble(chance, &method, &path, head, &body)
}

/// One in a hundred is no HTTP at all from some byte on.
fn assemble(chance: &mut Chance, method: &str, path: &str, mut head: Vec<u8>, body: &[u8]) -> Request {
    let is_whole = chance.below(100) > 0;
    let length =
        if is_whole { body.len().to_string() } else { (*chance.one_of(&["-1", "x", "18446744073709551616", "0"])).to_owned() };
    head.extend(format!("content-length: {length}\r\n").bytes());
    let mut bytes = format!("{method} {path} HTTP/1.1\r\n").into_bytes();
    bytes.extend_from_slice(&head);
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    if !is_whole {
        spoil(chance, &mut bytes);
    }
    Request { bytes, has_body: method != "HEAD", is_whole }
}

fn spoilt(chance: &mut Chance, cookie: &str) -> String {
    let mut bytes = cookie.as_bytes().to_vec();
    if chance.below(10) == 0 {
        let at = usize::try_from(chance.below(bytes.len() as u64)).unwrap_or_default();
        bytes[at] = b'A';
        bytes.truncate(at + 8);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn longer(chance: &mut Chance, path: &str) -> String {
    let times = usize::try_from(chance.below(2_000)).unwrap_or_default();
    format!("{path}{}", chance.one_of(&["a", "/", "?x=1", "%41", "&b"]).repeat(times))
}

/// Cuts, flips, repeats, nests or fills.
fn spoil(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let at = usize::try_from(chance.below(bytes.len() as u64 + 1)).unwrap_or_default();
    match chance.below(7) {
        0 => bytes.truncate(at),
        1 => bytes.insert(at, u8::try_from(chance.below(256)).unwrap_or_default()),
        2 => bytes.extend_from_within(at..),
        3 => *bytes = b"[".repeat(at * 40),
        4 => bytes.extend(std::iter::repeat_n(b'9', at * 200)),
        5 => {
            bytes.splice(at..at, "\u{1f600}\u{202e}\u{0}é".bytes());
        }
        _ => bytes.splice(at..at, *b"\\ud800%ff%00\"").for_each(drop),
    }
}
