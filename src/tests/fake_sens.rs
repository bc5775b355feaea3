//! A SENS that takes every text and keeps it.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::response::Response;
use axum::{Json, Router, routing};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::faults::{Faults, answer};
use crate::test_server::Settings;
use crate::world::Sms;

/// What the fake calls a send.
pub const SEND: &str = "send";
pub const LOOK: &str = "look";
pub const SECRET: &str = "sensSecretKey0123456789";
pub const ACCESS_KEY: &str = "SENSACCESSKEY000001";

/// The vendor. It stops with the test's runtime.
pub struct FakeSens {
    pub base_url: String,
    pub faults: Faults,
    texts: Arc<Mutex<Vec<Sms>>>,
}

#[derive(Clone)]
struct Counter {
    faults: Faults,
    texts: Arc<Mutex<Vec<Sms>>>,
}

impl FakeSens {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("an address"));
        let counter = Counter { faults: Faults::default(), texts: Arc::default() };
        let Counter { faults, texts } = counter.clone();
        let path = "/sms/v2/services/{service}/messages";
        let message = format!("{path}/{{message}}");
        let app = Router::new().route(path, routing::post(send).get(list)).route(&message, routing::get(list)).with_state(counter);
        tokio::spawn(async { axum::serve(listener, app).await.expect("the fake serves") });
        Self { base_url, faults, texts }
    }

    /// The account's settings.
    pub fn settings(&self) -> Settings {
        vec![
            ("NAVER_SERVICE_ID", "ncp:sms:kr:123456789012:beonho".into()),
            ("NAVER_ACCESS_KEY", ACCESS_KEY.into()),
            ("NAVER_SECRET_KEY", SECRET.into()),
            ("SENDER_PHONE_NUMBER", "1588-0000".into()),
            ("SENS_BASE_URL", self.base_url.clone()),
        ]
    }

    pub fn sms(&self) -> Vec<Sms> {
        self.texts.lock().expect("lock").clone()
    }
}

async fn send(State(counter): State<Counter>, Json(body): Json<Value>) -> Response {
    counter.faults.meet(SEND, || counter.take(&body)).await
}

impl Counter {
    fn take(&self, body: &Value) -> Response {
        let to = body["messages"][0]["to"].as_str().unwrap_or_default();
        if to.is_empty() || !to.bytes().all(|byte| byte.is_ascii_digit()) {
            return answer(400, "application/json", r#"{"status":400,"errorMessage":"to"}"#);
        }
        let sms = Sms::of_text(&format!("+82{}", &to[1..]), body["content"].as_str().unwrap_or_default());
        self.texts.lock().expect("lock").push(sms);
        let accepted = json!({"requestId": "RSSA-1", "requestTime": "t", "statusCode": "202", "statusName": "success"});
        answer(202, "application/json", accepted.to_string())
    }
}

/// No result yet, as right after a send.
async fn list(State(counter): State<Counter>) -> Response {
    let nothing = r#"{"statusCode":"202","statusName":"success","messages":[]}"#;
    counter.faults.meet(LOOK, || answer(200, "application/json", nothing)).await
}
