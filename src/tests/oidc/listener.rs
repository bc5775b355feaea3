//! An application's own endpoint, which Beonho tells that a session is over.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Router, routing};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use url::form_urlencoded;

use super::id_token::IdToken;
use super::relying_party::ISSUER;
use crate::browser::Browser;

/// It keeps what it hears, and answers with a status that tests set.
#[derive(Clone)]
pub struct Listener {
    pub uri: String,
    heard: Arc<Mutex<Vec<String>>>,
    status: Arc<Mutex<u16>>,
}

type Kept = (Arc<Mutex<Vec<String>>>, Arc<Mutex<u16>>);

async fn hear(State((heard, status)): State<Kept>, headers: HeaderMap, body: String) -> StatusCode {
    assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
    heard.lock().expect("lock").push(body);
    StatusCode::from_u16(*status.lock().expect("lock")).expect("a status")
}

impl Listener {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let uri = format!("http://{}/logout", listener.local_addr().expect("an address"));
        let (heard, status): Kept = (Arc::default(), Arc::new(Mutex::new(200)));
        let app = Router::new().route("/logout", routing::post(hear)).with_state((Arc::clone(&heard), Arc::clone(&status)));
        tokio::spawn(async { axum::serve(listener, app).await.expect("the application serves") });
        Self { uri, heard, status }
    }

    pub fn answers(&self, status: u16) {
        *self.status.lock().expect("lock") = status;
    }

    pub fn count(&self) -> usize {
        self.heard.lock().expect("lock").len()
    }

    /// Waits until so many notices have come in all: the server looks each second.
    pub async fn hears(&self, count: usize) {
        let hearing = async {
            while self.count() < count {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_secs(20), hearing).await.unwrap_or_else(|_| panic!("{} of {count} notices came", self.count()));
        assert_eq!(self.count(), count);
    }

    /// Waits for as long as the server needs to look twice: nothing more comes.
    pub async fn hears_nothing_more(&self) {
        let count = self.count();
        sleep(Duration::from_millis(2200)).await;
        assert_eq!(self.count(), count);
    }

    /// The n-th notice, whose signature holds, with what every logout token claims (Back-Channel Logout 1.0, 2.4).
    pub async fn token(&self, n: usize, line: &Browser, client_id: &str, now_secs: i64) -> IdToken {
        let body = self.heard.lock().expect("lock")[n].clone();
        let fields: Vec<_> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let [(name, text)] = &fields[..] else { panic!("one field: {body}") };
        assert_eq!(name, "logout_token");
        let token = IdToken::verified(line, text).await;
        let claims = &token.claims;
        assert_eq!((&claims["iss"], &claims["aud"]), (&ISSUER.into(), &client_id.into()));
        assert_eq!((token.number_of("iat"), token.number_of("exp")), (now_secs, now_secs + 120));
        assert_eq!(claims["events"], json!({"http://schemas.openid.net/event/backchannel-logout": {}}));
        assert!(claims["jti"].as_str().is_some_and(|jti| jti.len() >= 16), "{claims}");
        assert_eq!((claims.get("nonce"), &token.head["typ"]), (None, &"logout+jwt".into()));
        token
    }
}
