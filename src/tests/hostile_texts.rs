//! Texts that a database may not be able to hold, in every field that takes text: whatever they are, both databases answer the same, and no
//! answer is a fault.

use serde_json::{Value, json};

use crate::browser::{Answered, Browser};
use crate::databases::Kind;
use crate::world::{NUMBER, World};

const TEXTS: [&str; 16] = [
    "",
    "\0",
    "123\u{0}456",
    "a\u{0}b",
    "\u{1}\u{7f}\u{85}",
    "\u{feff}\u{fffe}\u{ffff}",
    "\u{10ffff}\u{e000}",
    "🙂믜뷁",
    "e\u{301}\u{1112}\u{1161}\u{11ab}",
    "' or 1=1 --",
    "\\u0000\\",
    "%00%",
    "\u{202e}321",
    "{}[]<>&\"'",
    "\r\nset-cookie: a=b",
    "AAAAAAAAAAAAAAAAAAAAA\u{0}",
];

/// A field, by where it is posted and what stands beside it.
type Field = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const FIELDS: [Field; 11] = [
    ("/v1/verification", "phone_number", &[]),
    ("/v1/verification/check", "code", &[]),
    ("/v1/verification/check", "challenge_id", &[("code", "123456")]),
    ("/v1/accounts", "nickname", &[]),
    ("/api/start", "phone_number", &[]),
    ("/api/start", "purpose", &[("phone_number", "010-1")]),
    ("/api/check", "code", &[]),
    ("/api/check", "challenge", &[("code", "123456")]),
    ("/api/check", "once", &[("code", "12345")]),
    ("/api/sign-up", "nickname", &[]),
    ("/api/sign-up", "consent", &[("nickname", "")]),
];

fn body(field: &str, text: &str, beside: &[(&str, &str)]) -> Value {
    let fields = beside.iter().copied().chain([(field, text)]).map(|(name, value)| (name.to_owned(), json!(value)));
    Value::Object(fields.collect())
}

/// What a page says after a form, or the interface at once.
async fn told(person: &Browser, path: &str, field: &str, text: &str, beside: &[(&str, &str)]) -> String {
    if path.starts_with("/v1") {
        let answered = person.json(path, &body(field, text, beside)).await;
        return format!("{} {}", answered.status, answered.outcome());
    }
    let fields: Vec<_> = beside.iter().copied().chain([(field, text)]).map(|(name, value)| (name, value.to_owned())).collect();
    let posted: Answered = person.form(path, &fields).await;
    let page = person.page(posted.redirect()).await;
    let state = if page.body.contains("One moment") { "replaced".into() } else { page.page_state() };
    format!("{} {state}", page.page_outcome())
}

async fn table(kind: Kind) -> Vec<String> {
    let mut rows = Vec::new();
    // With few budgets to spend, and somebody at each step.
    let world = World::with(kind, "outbox", &[("MAX_SENDS_PER_SUBJECT", "1000"), ("MAX_ATTEMPTS", "10")]).await;
    let (asker, proven) = (world.browser(), world.browser());
    asker.page("/").await;
    proven.verifies(&world, NUMBER).await;
    for (path, field, beside) in FIELDS {
        let person = if field == "nickname" || field == "consent" { &proven } else { &asker };
        for text in TEXTS {
            let person = if path == "/v1/accounts" || path == "/api/sign-up" { person.twin() } else { person.clone() };
            let visible = !matches!(text, "🙂믜뷁" | "' or 1=1 --" | "\\u0000\\" | "%00%" | "{}[]<>&\"'");
            // A nickname that is one would end the story.
            if field == "nickname" && (!visible || text.starts_with('e')) {
                continue;
            }
            rows.push(format!("{path:24}{field:14}{text:?}: {}", told(&person, path, field, text, beside).await));
        }
    }
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_answer_hostile_texts_the_same() {
    let (sqlite, postgres) = (table(Kind::Sqlite).await, table(Kind::Postgres).await);
    for row in &postgres {
        println!("{row}");
        assert!(!row.contains("unavailable") && !row.contains(" 50"), "{row}");
    }
    assert_eq!(sqlite, postgres);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_of_every_script_are_kept_as_they_are_seen() {
    for kind in Kind::ALL {
        for (typed, kept) in [("🙂믜뷁", "🙂믜뷁"), ("e\u{301}\u{1112}\u{1161}\u{11ab}", "é한"), ("%00%", "%00%")] {
            let world = World::new(kind).await;
            let person = world.browser();
            person.verifies(&world, NUMBER).await;
            assert_eq!(person.signs_up(typed).await.outcome(), "signed_up", "{typed}");
            assert!(person.page("/welcome").await.body.contains(&format!(">{kept}</bdi>")), "{typed}");
        }
    }
}

/// The box is ticked by its own value and no other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consent_is_given_by_its_own_value_only() {
    let world = World::with(Kind::Sqlite, "outbox", &[("TERMS_URL", "https://example.com/terms")]).await;
    let person = world.browser();
    person.verifies(&world, NUMBER).await;
    for consent in ["no", "0", "false", "off", "on", "YES ", ""] {
        let fields = [("nickname", "준호".to_owned()), ("consent", consent.to_owned())];
        assert_eq!(person.island("/api/sign-up", &fields).await.compact().outcome, "invalid_request", "{consent}");
    }
    let fields = [("nickname", "준호".to_owned()), ("consent", "yes".to_owned())];
    assert_eq!(person.island("/api/sign-up", &fields).await.compact().outcome, "signed_up");
}
