//! The JSON interface as a program with a cookie calls it.

use std::io::{Error, ErrorKind, Result};

use serde_json::Value;

use super::wire::{Message, Wire};

/// A call of the interface.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// `/v1/…`.
    pub path: &'a str,
    /// JSON, or nothing.
    pub body: &'a str,
    /// The session.
    pub cookie: Option<&'a str>,
    /// The address that the proxy in front is said to have seen.
    pub requester: &'a str,
}

/// What came back.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The stable code of the outcome.
    pub outcome: String,
    /// Where the subject stands.
    pub state: String,
    /// The challenge that stands in the status.
    pub challenge: Option<String>,
    /// The session that goes on from here, when it is another.
    pub cookie: Option<String>,
}

/// Calls and waits for the answer. An error means that nobody knows what became of the call.
pub async fn call(wire: &mut Wire, call: &Call<'_>) -> Result<Answer> {
    let Call { method, path, body, requester, .. } = call;
    let cookie = call.cookie.map(|cookie| format!("cookie: beonho_session={cookie}\r\n")).unwrap_or_default();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nx-forwarded-for: {requester}\r\n{cookie}\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    wire.write(request.as_bytes()).await?;
    read(&wire.read(true).await?)
}

fn read(message: &Message) -> Result<Answer> {
    let json: Value = serde_json::from_slice(&message.body).map_err(|fault| Error::new(ErrorKind::InvalidData, fault))?;
    let text = |place: &str| json.pointer(place).and_then(Value::as_str).map(str::to_owned);
    let cookie = message.header("set-cookie").and_then(|cookie| cookie.strip_prefix("beonho_session="));
    Ok(Answer {
        status: message.status(),
        outcome: text("/outcome").unwrap_or_default(),
        state: text("/status/state").unwrap_or_default(),
        challenge: text("/status/challenge_id"),
        cookie: cookie.and_then(|cookie| cookie.split(';').next()).map(str::to_owned),
    })
}
