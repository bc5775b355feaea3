//! Vendors that call back: what became of a text is told once, whoever tells it how often and in which order; whoever is not the vendor changes
//! nothing and learns nothing.

mod messages;
mod programs;

use serde_json::json;

use crate::browser::{Answered, Browser};
use crate::databases::Kind;
use crate::fake_messages::FakeMessages;
use crate::fake_program::FakeProgram;
use crate::metrics::Scrape;
use crate::test_server::START_MS;
use crate::world::World;

/// A world whose texts go to a program of the operator's.
async fn with_program(kind: Kind) -> (World, FakeProgram) {
    let program = FakeProgram::start().await;
    (World::with_accounts(kind, "http", &program.settings()).await, program)
}

/// A world whose texts go to Twilio.
async fn with_messages(kind: Kind) -> (World, FakeMessages) {
    let messages = FakeMessages::start().await;
    (World::with_accounts(kind, "twilio_messaging", &messages.settings()).await, messages)
}

const NOW_SECS: i64 = START_MS / 1000;

/// What somebody is told of their text; nothing while nobody has told.
async fn delivery(person: &Browser) -> String {
    person.island("/api/status", &[("purpose", "sign_up".to_owned())]).await.compact().delivery
}

/// Taken, and nothing is told by it.
fn assert_taken(answered: &Answered) {
    assert_eq!((answered.status, answered.body.as_str(), answered.new_cookie()), (204, "", None), "{answered:?}");
}

/// Refused, and nothing is told by it.
fn assert_refused(answered: &Answered, status: u16, why: &str) {
    assert_eq!((answered.status, answered.body.as_str(), answered.new_cookie()), (status, "", None), "{why}: {answered:?}");
}

fn told(send_id: &str, status: &str) -> String {
    json!({"type": "sms.delivery", "data": {"send_id": send_id, "status": status, "reason": "3001"}}).to_string()
}

/// How often deliveries of a result were counted.
async fn counted(world: &World, result: &str) -> usize {
    let scrape = Scrape::of(world).await;
    let of = |line: &&str| line.starts_with("beonho_delivery_total") && line.contains(&format!("result=\"{result}\""));
    scrape.0.lines().filter(of).filter_map(|line| line.rsplit(' ').next()?.parse::<usize>().ok()).sum()
}
