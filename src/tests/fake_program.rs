//! The operator's program behind `SMS_HTTP_URL`, and what it posts back.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Router, routing};
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;

use crate::browser::{Answered, Browser, JSON};
use crate::faults::{Faults, answer};
use crate::test_server::Settings;
use crate::world::Sms;

pub const SEND: &str = "send";
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The program. It stops with the test's runtime.
pub struct FakeProgram {
    pub url: String,
    pub faults: Faults,
    posts: Arc<Mutex<Vec<Posted>>>,
}

/// A text as it was posted.
#[derive(Clone)]
pub struct Posted {
    pub send_id: String,
    pub sms: Sms,
}

#[derive(Clone)]
struct Desk {
    faults: Faults,
    posts: Arc<Mutex<Vec<Posted>>>,
}

impl FakeProgram {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/send-sms", listener.local_addr().expect("an address"));
        let desk = Desk { faults: Faults::default(), posts: Arc::default() };
        let Desk { faults, posts } = desk.clone();
        let app = Router::new().route("/send-sms", routing::post(take)).with_state(desk);
        tokio::spawn(async { axum::serve(listener, app).await.expect("the fake serves") });
        Self { url, faults, posts }
    }

    pub fn settings(&self) -> Settings {
        let own = [("SMS_HTTP_URL", self.url.as_str()), ("SMS_HTTP_SECRET", SECRET), ("SMS_HTTP_REPORTS", "yes")];
        own.map(|(name, value)| (name, value.to_owned())).into()
    }

    /// The texts so far, oldest first.
    pub fn posts(&self) -> Vec<Posted> {
        self.posts.lock().expect("lock").clone()
    }

    /// The one that came last.
    pub fn last(&self) -> Posted {
        self.posts().pop().expect("a text was posted")
    }
}

async fn take(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> Response {
    desk.faults.meet(SEND, || desk.take(&headers, &body)).await
}

impl Desk {
    fn take(&self, headers: &HeaderMap, bytes: &[u8]) -> Response {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (send_id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
        if header("webhook-signature") != signature(send_id, timestamp, bytes) {
            return answer(401, JSON, r#"{"error":{"http_code":401,"message":"signature"}}"#);
        }
        let body: Value = serde_json::from_slice(bytes).expect("JSON");
        let to = format!("+{}", body["user"]["phone"].as_str().expect("a number"));
        let sms = Sms::of_text(&to, body["beonho"]["text"].as_str().expect("a text"));
        assert_eq!(sms.code, body["sms"]["otp"]);
        self.posts.lock().expect("lock").push(Posted { send_id: send_id.to_owned(), sms });
        answer(200, JSON, "{}")
    }
}

/// The signature as Standard Webhooks says to make it.
fn signature(id: &str, timestamp: &str, body: &[u8]) -> String {
    let key = BASE64_STANDARD.decode(&SECRET[6..]).expect("base64");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

/// Posts what became of a text, signed at a time (unix seconds).
pub async fn report(person: &Browser, secs: i64, body: &str) -> Answered {
    let (id, timestamp) = (format!("evt_{secs}"), secs.to_string());
    let signed = signature(&id, &timestamp, body.as_bytes());
    report_as(person, &[("webhook-id", &id), ("webhook-timestamp", &timestamp), ("webhook-signature", &signed)], body).await
}

/// Posts it with these headers.
pub async fn report_as(person: &Browser, headers: &[(&str, &str)], body: &str) -> Answered {
    let request = person.request(Method::POST, "/hooks/sms").header("content-type", JSON).body(body.to_owned());
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    person.send(request).await
}
