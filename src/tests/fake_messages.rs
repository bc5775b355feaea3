//! Twilio's messages: takes every text, and calls back.

use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::response::Response;
use axum::{Router, routing};
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::Method;
use ring::hmac;
use serde_json::json;
use tokio::net::TcpListener;

use crate::browser::{Answered, Browser, JSON};
use crate::faults::{Faults, answer};
use crate::test_server::Settings;
use crate::world::Sms;

pub const SEND: &str = "send";
pub const LOOK: &str = "look";
pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
pub const TOKEN: &str = "messagesToken0123456789";

/// The vendor. It stops with the test's runtime.
pub struct FakeMessages {
    pub base_url: String,
    pub faults: Faults,
    texts: Arc<Mutex<Vec<Text>>>,
    told: Arc<Mutex<(&'static str, Option<u32>)>>,
}

/// A text as it was posted.
#[derive(Clone)]
pub struct Text {
    pub sid: String,
    pub sms: Sms,
    /// Where its vendor is to call back.
    pub callback: String,
}

#[derive(Clone)]
struct Desk {
    faults: Faults,
    texts: Arc<Mutex<Vec<Text>>>,
    told: Arc<Mutex<(&'static str, Option<u32>)>>,
}

impl FakeMessages {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("an address"));
        let desk = Desk { faults: Faults::default(), texts: Arc::default(), told: Arc::new(Mutex::new(("sent", None))) };
        let Desk { faults, texts, told } = desk.clone();
        let messages = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
        let message = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages/{{message}}");
        let app = Router::new().route(&messages, routing::post(send)).route(&message, routing::get(look)).with_state(desk);
        tokio::spawn(async { axum::serve(listener, app).await.expect("the fake serves") });
        Self { base_url, faults, texts, told }
    }

    pub fn settings(&self) -> Settings {
        let own = [
            ("TWILIO_ACCOUNT_SID", ACCOUNT),
            ("TWILIO_AUTH_TOKEN", TOKEN),
            ("TWILIO_FROM", "+15005550006"),
            ("TWILIO_MESSAGING_BASE_URL", self.base_url.as_str()),
        ];
        own.map(|(name, value)| (name, value.to_owned())).into()
    }

    /// The texts so far, oldest first.
    pub fn texts(&self) -> Vec<Text> {
        self.texts.lock().expect("lock").clone()
    }

    /// What it says of every text from now on, when it is asked.
    pub fn tell(&self, status: &'static str, error_code: u32) {
        *self.told.lock().expect("lock") = (status, Some(error_code));
    }

    /// The one that came last.
    pub fn last(&self) -> Text {
        self.texts().pop().expect("a text was sent")
    }
}

async fn send(State(desk): State<Desk>, Form(form): Form<Vec<(String, String)>>) -> Response {
    desk.faults.meet(SEND, || desk.take(&form)).await
}

async fn look(State(desk): State<Desk>) -> Response {
    let last = desk.texts.lock().expect("lock").last().cloned().expect("a text was sent");
    let (status, error_code) = *desk.told.lock().expect("lock");
    let told = json!({"sid": last.sid, "to": last.sms.to, "status": status, "error_code": error_code});
    desk.faults.meet(LOOK, || answer(200, JSON, told.to_string())).await
}

impl Desk {
    fn take(&self, form: &[(String, String)]) -> Response {
        let value = |name: &str| form.iter().find(|(named, _)| named == name).map_or("", |(_, value)| value.as_str());
        let mut texts = self.texts.lock().expect("lock");
        let (sid, to) = (format!("SM{:032x}", texts.len() + 1), value("To").to_owned());
        let sms = Sms::of_text(&to, value("Body"));
        texts.push(Text { sid: sid.clone(), sms, callback: value("StatusCallback").to_owned() });
        answer(201, JSON, json!({"sid": sid, "to": to, "status": "queued", "error_code": null}).to_string())
    }
}

/// What Twilio posts of a text.
pub fn form(sid: &str, status: &str, error_code: &str) -> Vec<(&'static str, String)> {
    let mut form = vec![
        ("SmsSid", sid.to_owned()),
        ("SmsStatus", status.to_owned()),
        ("MessageStatus", status.to_owned()),
        ("To", "+821012345678".to_owned()),
        ("MessageSid", sid.to_owned()),
        ("AccountSid", ACCOUNT.to_owned()),
        ("From", "+15005550006".to_owned()),
        ("ApiVersion", "2010-04-01".to_owned()),
    ];
    if !error_code.is_empty() {
        form.push(("ErrorCode", error_code.to_owned()));
    }
    form
}

/// The signature as Twilio says to make it.
pub fn signature(token: &str, address: &str, form: &[(&str, String)]) -> String {
    let mut sorted = form.to_vec();
    sorted.sort();
    let signed = sorted.iter().fold(address.to_owned(), |signed, (name, value)| signed + name + value);
    BASE64_STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes()), signed.as_bytes()))
}

/// Posts a form to the address of a text, signed for it.
pub async fn call_back(person: &Browser, callback: &str, form: &[(&str, String)]) -> Answered {
    call_back_with(person, callback, &signature(TOKEN, callback, form), form).await
}

/// The same with any signature.
pub async fn call_back_with(person: &Browser, callback: &str, signature: &str, form: &[(&str, String)]) -> Answered {
    let path = callback.strip_prefix("http://localhost:3000").expect("an address at PUBLIC_ORIGIN");
    let request = person.request(Method::POST, path).header("x-twilio-signature", signature);
    person.send(request.form(form)).await
}
