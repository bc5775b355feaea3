//! A back end that sends a person through `/v1`: asks for a code, checks it, makes an account.
//!
//! `cargo run --features ssr --example back_end -- http://localhost:3000 010-1234-5678` while `make serve` runs; the code stands at `/inbox`.

use std::error::Error;
use std::io::{Write, stdin, stdout};
use std::time::Duration;

use reqwest::Client;
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};

/// Longer than the server takes: it gives a vendor five seconds.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// One person on their way. Who they are is their cookie: keep one for each, and keep what `Set-Cookie` says.
struct Person {
    http: Client,
    base: String,
    cookie: Option<String>,
}

impl Person {
    /// Posts, and posts again under the same key when no answer came: nothing is sent or counted twice.
    async fn post(&mut self, path: &str, body: &Value) -> Result<Value, Box<dyn Error>> {
        let key = format!("{:032x}", rand::random::<u128>());
        for tries_left in (0..3).rev() {
            let request = self.http.post(format!("{}{path}", self.base)).header("Idempotency-Key", &key).json(body);
            let request = match &self.cookie {
                Some(cookie) => request.header(COOKIE, cookie),
                None => request,
            };
            match request.send().await {
                Err(fault) if tries_left == 0 => return Err(fault.into()),
                Err(_) => {}
                Ok(response) => {
                    if let Some(set) = response.headers().get(SET_COOKIE) {
                        self.cookie = set.to_str()?.split(';').next().map(str::to_owned);
                    }
                    return Ok(response.json().await?);
                }
            }
        }
        unreachable!("the last try returns")
    }
}

/// Asks whoever sits at the terminal.
fn ask(what: &str) -> Result<String, Box<dyn Error>> {
    print!("{what}: ");
    stdout().flush()?;
    let mut line = String::new();
    let read = stdin().read_line(&mut line)?;
    if read == 0 { Err("nothing more was typed".into()) } else { Ok(line.trim().to_owned()) }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let [base, number] = std::env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|_| "usage: back_end BASE_URL NUMBER")?;
    // Beonho's reqwest leaves the choice of a TLS library to whoever uses it.
    rustls::crypto::ring::default_provider().install_default().map_err(|_| "a TLS library was chosen before")?;
    let mut person = Person { http: Client::builder().timeout(TIME_LIMIT).build()?, base, cookie: None };

    let sent = person.post("/v1/verification", &json!({"phone_number": number})).await?;
    println!("{}", sent["message"].as_str().unwrap_or_default());
    let mut state = sent["status"]["state"].clone();
    while state == "pending" {
        let checked = person.post("/v1/verification/check", &json!({"code": ask("code")?})).await?;
        println!("{}", checked["message"].as_str().unwrap_or_default());
        state = checked["status"]["state"].clone();
    }
    if state == "verified" {
        // Where the service has terms, the person agrees to them first.
        let joined = person.post("/v1/accounts", &json!({"nickname": ask("nickname")?, "consent": true})).await?;
        println!("{}", joined["message"].as_str().unwrap_or_default());
        state = joined["status"]["state"].clone();
    }
    if state == "signed_up" { Ok(()) } else { Err("no account".into()) }
}
