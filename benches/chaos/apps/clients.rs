//! The applications: one that is plain, one that may refresh and reads ES256, and one without a secret that knows nobody by the name that others do.

use std::fmt::Write;
use std::net::SocketAddr;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What a run must know of an application.
pub struct Client {
    /// Its `client_id`.
    pub id: &'static str,
    /// Where codes go.
    pub redirect_uri: &'static str,
    /// None for one that cannot keep any.
    pub secret: Option<&'static str>,
    /// Whether it may have refresh tokens.
    pub may_refresh: bool,
    /// What its ID tokens are signed with.
    pub algorithm: &'static str,
    /// Whether it knows people by names of its own.
    pub is_pairwise: bool,
}

/// All of them. A move names one by its place.
pub const CLIENTS: [Client; 3] = [
    Client {
        id: "plain",
        redirect_uri: "https://plain.example/callback",
        secret: Some("the secret of plain"),
        may_refresh: false,
        algorithm: "RS256",
        is_pairwise: false,
    },
    Client {
        id: "lasting",
        redirect_uri: "https://lasting.example/callback",
        secret: Some("the secret of lasting"),
        may_refresh: true,
        algorithm: "ES256",
        is_pairwise: false,
    },
    Client {
        id: "pocket",
        redirect_uri: "http://127.0.0.1/callback",
        secret: None,
        may_refresh: true,
        algorithm: "RS256",
        is_pairwise: true,
    },
];

/// Where an application lets its person be led after a sign-out.
pub const AFTERWARDS: &str = "https://apps.example/goodbye";

impl Client {
    /// What an application says at the token endpoint to be known: a header, and fields.
    pub fn credentials(&self) -> (String, String) {
        match self.secret {
            Some(secret) => {
                let pair = BASE64_STANDARD.encode(format!("{}:{}", self.id, secret.replace(' ', "+")));
                (format!("authorization: Basic {pair}\r\n"), String::new())
            }
            None => (String::new(), format!("&client_id={}", self.id)),
        }
    }

    fn settings(&self, receiver: SocketAddr) -> Value {
        let digests: Vec<String> = self.secret.iter().map(|secret| hex(&Sha256::digest(secret))).collect();
        json!({
            "client_id": self.id,
            "client_secret_sha256": digests,
            "redirect_uris": [self.redirect_uri],
            "post_logout_redirect_uris": [AFTERWARDS],
            "backchannel_logout_uri": format!("http://{receiver}/{}", self.id),
            "token_endpoint_auth_method": if self.secret.is_some() { "client_secret_basic" } else { "none" },
            "refresh": self.may_refresh,
            "id_token_signed_response_alg": self.algorithm,
            "subject_type": if self.is_pairwise { "pairwise" } else { "public" },
        })
    }
}

/// `OIDC_CLIENTS`.
pub fn setting(receiver: SocketAddr) -> String {
    Value::from(CLIENTS.iter().map(|client| client.settings(receiver)).collect::<Vec<_>>()).to_string()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
