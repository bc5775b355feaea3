//! A vendor in this process that speaks as SENS does, and at `/hook` as a program of the operator's, and keeps every message it was given.

use std::collections::HashMap;
use std::io::Result;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use super::wire::{Message, Wire};

/// An SMS as it reached the vendor.
#[derive(Clone, Debug)]
pub struct Sms {
    /// The number, `+8210…`.
    pub number: String,
    /// Which press of a button it belongs to: each has a code of its own.
    pub press: String,
    /// The code in its text.
    pub code: String,
    /// What the vendor does with it.
    pub fate: Fate,
}

/// What the vendor does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// How long the answer takes.
    pub delay: Duration,
    /// The HTTP status of the answer; with none the connection is cut.
    pub status: Option<u16>,
    /// Whether the carrier delivers it, if it is accepted.
    pub is_delivered: bool,
}

impl Sms {
    /// Whether the carrier has it, or may have it.
    pub fn may_arrive(&self) -> bool {
        matches!(self.fate.status, Some(202) | None)
    }
}

/// Decides what becomes of a message from its number and how many went to that number before.
type Decide = Box<dyn Fn(&str, usize) -> Fate + Send + Sync>;

/// The vendor.
pub struct Vendor {
    /// Where it listens.
    pub address: SocketAddr,
    messages: Mutex<HashMap<String, Vec<Sms>>>,
    decide: Decide,
}

impl Vendor {
    /// Starts one.
    pub async fn start(decide: impl Fn(&str, usize) -> Fate + Send + Sync + 'static) -> Result<Arc<Self>> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let vendor = Arc::new(Self { address, messages: Mutex::default(), decide: Box::new(decide) });
        let serving = Arc::clone(&vendor);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let vendor = Arc::clone(&serving);
                // Whatever ends a connection is the other side's doing, or the fate of a message.
                tokio::spawn(async move { vendor.serve(stream).await });
            }
        });
        Ok(vendor)
    }

    /// The messages to a number, oldest first.
    pub fn messages_to(&self, number: &str) -> Vec<Sms> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.get(number).cloned().unwrap_or_default()
    }

    async fn serve(&self, stream: TcpStream) -> Result<()> {
        let mut wire = Wire::over(stream);
        loop {
            let request = wire.read(true).await?;
            if request.start_line.starts_with("GET ") {
                wire.write(&answer(200, &self.delivery(&request.start_line))).await?;
                continue;
            }
            let (fate, body) = self.keep(&request);
            if !fate.delay.is_zero() {
                tokio::time::sleep(fate.delay).await;
            }
            let Some(status) = fate.status else { return Ok(()) };
            wire.write(&answer(status, &body)).await?;
        }
    }

    fn keep(&self, request: &Message) -> (Fate, Value) {
        let refused = Fate { delay: Duration::ZERO, status: Some(400), is_delivered: false };
        let Some((number, code)) = read(request) else { return (refused, Value::Null) };
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = messages.entry(number.clone()).or_default();
        let index = earlier.len();
        let fate = (self.decide)(&number, index);
        earlier.push(Sms { number: number.clone(), press: code.clone(), code, fate });
        let body = match fate.status {
            Some(202) => json!({"requestId": format!("{number}.{index}"), "statusCode": "202", "statusName": "success"}),
            _ => Value::Null,
        };
        (fate, body)
    }

    /// Answers both questions about a message at once: a message bears the name of its request.
    fn delivery(&self, target: &str) -> Value {
        let name = target.split(' ').nth(1).and_then(|path| path.rsplit(['/', '=']).next()).unwrap_or_default();
        let name = name.replace("%2B", "+");
        let fate =
            name.split_once('.').and_then(|(number, index)| Some(self.messages_to(number).get(index.parse::<usize>().ok()?)?.fate));
        let is_delivered = fate.is_some_and(|fate| fate.is_delivered);
        let (code, word) = if is_delivered { ("0", "success") } else { ("3018", "fail") };
        let message = json!({"requestId": name, "messageId": name, "status": "COMPLETED", "statusCode": code, "statusName": word});
        json!({"statusCode": "202", "statusName": "success", "messages": [message]})
    }
}

fn answer(status: u16, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let length = body.len();
    format!("HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

fn read(request: &Message) -> Option<(String, String)> {
    let body: Value = serde_json::from_slice(&request.body).ok()?;
    if let (Some(code), Some(number)) = (body.pointer("/sms/otp"), body.pointer("/sms/phone")) {
        return Some((format!("+{}", number.as_str()?), code.as_str()?.to_owned()));
    }
    let national = body.pointer("/messages/0/to")?.as_str()?.strip_prefix('0')?;
    let (_, code) = body.get("content")?.as_str()?.rsplit_once('#')?;
    Some((format!("+82{national}"), code.to_owned()))
}
