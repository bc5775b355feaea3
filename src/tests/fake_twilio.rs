//! A Twilio Verify that remembers: one verification per number, five sends and five checks each, ten minutes long.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Form, Router, routing};
use beonho::server::clock::{Clock, ManualClock};
use beonho::server::entropy;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::net::TcpListener;

use crate::faults::{Fault, Faults, answer};
use crate::test_server::Settings;
use crate::world::Sms;

/// What the fake calls its operations.
pub const START: &str = "start";
pub const CHECK: &str = "check";
pub const CANCEL: &str = "cancel";
pub const FETCH: &str = "fetch";
pub const AUTH_TOKEN: &str = "twilioAuthToken0123456789";
pub const ACCOUNT_SID: &str = "AC0123456789abcdef0123456789abcdef";
const SERVICE_SID: &str = "VA0123456789abcdef0123456789abcdef";
const MAX_SENDS: u32 = 5;
const MAX_CHECKS: u32 = 5;
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

type Fields = HashMap<String, String>;

/// The vendor. It stops with the test's runtime.
pub struct FakeTwilio {
    pub base_url: String,
    pub faults: Faults,
    office: Office,
}

#[derive(Clone)]
struct Office {
    clock: Arc<ManualClock>,
    faults: Faults,
    books: Arc<Mutex<Books>>,
}

#[derive(Default)]
struct Books {
    live: Vec<Verification>,
    sms: Vec<Sms>,
    checks: u32,
    /// The sid of each look-up.
    fetches: Vec<String>,
}

#[derive(Clone)]
struct Verification {
    sid: String,
    to: String,
    code: String,
    sends: u32,
    checks: u32,
    expires_at: Timestamp,
}

impl FakeTwilio {
    pub async fn start(clock: &Arc<ManualClock>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("an address"));
        let office = Office { clock: clock.clone(), faults: Faults::default(), books: Arc::default() };
        let app = routes().with_state(office.clone());
        tokio::spawn(async { axum::serve(listener, app).await.expect("the fake serves") });
        Self { base_url, faults: office.faults.clone(), office }
    }

    /// The account's settings.
    pub fn settings(&self) -> Settings {
        vec![
            ("TWILIO_ACCOUNT_SID", ACCOUNT_SID.into()),
            ("TWILIO_AUTH_TOKEN", AUTH_TOKEN.into()),
            ("TWILIO_VERIFY_SERVICE_SID", SERVICE_SID.into()),
            ("TWILIO_VERIFY_BASE_URL", self.base_url.clone()),
        ]
    }

    pub fn sms(&self) -> Vec<Sms> {
        self.office.books.lock().expect("lock").sms.clone()
    }

    /// How many codes were looked at.
    pub fn checks(&self) -> u32 {
        self.office.books.lock().expect("lock").checks
    }

    /// How often it was asked about a verification.
    pub fn fetches(&self) -> usize {
        self.office.books.lock().expect("lock").fetches.len()
    }

    /// How often it was asked about that one.
    pub fn fetches_of(&self, sid: &str) -> usize {
        self.office.books.lock().expect("lock").fetches.iter().filter(|fetched| *fetched == sid).count()
    }

    /// Somebody ends every verification in the vendor's console.
    pub fn clear(&self) {
        self.office.books.lock().expect("lock").live.clear();
    }

    /// The sids of the verifications that are pending.
    pub fn live(&self) -> Vec<String> {
        self.office.books.lock().expect("lock").live.iter().map(|live| live.sid.clone()).collect()
    }

    /// A verification as the vendor writes it.
    pub fn verification_of(sid: &str, to: &str, status: &str) -> Fault {
        Fault::json(200, body(sid, to, status))
    }

    /// What the vendor says of its one pending verification when somebody else has cancelled it.
    pub fn canceled(&self) -> Fault {
        Self::verification_of(&self.live()[0], "+821012345678", "canceled")
    }
}

fn routes() -> Router<Office> {
    Router::new()
        .route("/v2/Services/{service}/Verifications", routing::post(start))
        .route("/v2/Services/{service}/VerificationCheck", routing::post(check))
        .route("/v2/Services/{service}/Verifications/{sid}", routing::post(cancel).get(fetch))
}

async fn start(State(office): State<Office>, Form(fields): Form<Fields>) -> Response {
    office.faults.meet(START, || office.start(&fields)).await
}

async fn check(State(office): State<Office>, Form(fields): Form<Fields>) -> Response {
    office.faults.meet(CHECK, || office.check(&fields)).await
}

async fn cancel(State(office): State<Office>, Path((_, sid)): Path<(String, String)>, Form(fields): Form<Fields>) -> Response {
    assert_eq!(fields.get("Status").map(String::as_str), Some("canceled"));
    office.faults.meet(CANCEL, || office.cancel(&sid)).await
}

async fn fetch(State(office): State<Office>, Path((_, sid)): Path<(String, String)>) -> Response {
    office.faults.meet(FETCH, || office.fetch(&sid)).await
}

impl Office {
    fn fetch(&self, sid: &str) -> Response {
        let mut books = self.books.lock().expect("lock");
        books.fetches.push(sid.to_owned());
        let live = books.live_of(self.clock.now(), |live| live.sid == sid);
        live.map_or_else(|| error(404, 20404), |live| verification(200, &live, "pending"))
    }

    /// The code is drawn when the verification is made, and sent again with each start.
    fn start(&self, fields: &Fields) -> Response {
        let (to, now) = (fields.get("To").cloned().unwrap_or_default(), self.clock.now());
        let mut books = self.books.lock().expect("lock");
        let live = books.live_of(now, |live| live.to == to).unwrap_or_else(|| Verification::new(&to, now));
        if live.sends >= MAX_SENDS {
            return error(429, 60203);
        }
        let live = Verification { sends: live.sends + 1, ..live };
        books.sms.push(Sms { to, code: live.code.clone() });
        books.keep(&live);
        verification(201, &live, "pending")
    }

    fn check(&self, fields: &Fields) -> Response {
        let mut books = self.books.lock().expect("lock");
        books.checks += 1;
        let is_asked = |live: &Verification| fields.get("VerificationSid") == Some(&live.sid) || fields.get("To") == Some(&live.to);
        let Some(live) = books.live_of(self.clock.now(), is_asked) else { return error(404, 20404) };
        if live.checks >= MAX_CHECKS {
            return error(429, 60202);
        }
        let live = Verification { checks: live.checks + 1, ..live };
        if fields.get("Code") == Some(&live.code) {
            books.forget(&live.sid);
            return verification(200, &live, "approved");
        }
        books.keep(&live);
        verification(200, &live, "pending")
    }

    fn cancel(&self, sid: &str) -> Response {
        let mut books = self.books.lock().expect("lock");
        let Some(live) = books.live_of(self.clock.now(), |live| live.sid == sid) else { return error(404, 20404) };
        books.forget(sid);
        verification(200, &live, "canceled")
    }
}

impl Books {
    fn live_of(&self, now: Timestamp, is_asked: impl Fn(&Verification) -> bool) -> Option<Verification> {
        self.live.iter().find(|live| now < live.expires_at && is_asked(live)).cloned()
    }

    fn keep(&mut self, changed: &Verification) {
        self.forget(&changed.sid);
        self.live.push(changed.clone());
    }

    fn forget(&mut self, sid: &str) {
        self.live.retain(|live| live.sid != sid);
    }
}

impl Verification {
    fn new(to: &str, now: Timestamp) -> Self {
        let sid = format!("VE{:032x}", u128::from_be_bytes(entropy::bytes()));
        let code = entropy::one_time_code().as_str().to_owned();
        Self { sid, to: to.to_owned(), code, sends: 0, checks: 0, expires_at: now + LIFETIME }
    }
}

fn verification(http_status: u16, live: &Verification, status: &str) -> Response {
    answer(http_status, "application/json", body(&live.sid, &live.to, status))
}

fn body(sid: &str, to: &str, status: &str) -> String {
    let valid = status == "approved";
    json!({
        "sid": sid, "service_sid": SERVICE_SID, "account_sid": ACCOUNT_SID, "to": to, "channel": "sms", "status": status,
        "valid": valid, "lookup": {"carrier": null}, "amount": null, "payee": null, "send_code_attempts": []
    })
    .to_string()
}

fn error(status: u16, code: u32) -> Response {
    let body = json!({"code": code, "message": "m", "more_info": "u", "status": status});
    answer(status, "application/json", body.to_string())
}
