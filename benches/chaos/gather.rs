//! What a run leaves behind, put together.

use std::collections::HashMap;

use super::caller::Call;
use super::database::Database;
use super::person::{Held, Stage, lock, speak};
use super::record::{Book, Ending, Heard, Record};
use super::schedule::Schedule;
use super::server::Fault;

/// Gathers the record, and asks for the state of every acknowledged verification.
pub async fn record(stage: &Stage, schedule: &Schedule, database: &Database) -> Result<Record, Fault> {
    let held: HashMap<String, Held> = lock(&stage.held).clone();
    let mut endings = Vec::new();
    for (proof, Held { subject, number, cookie }) in held {
        let ask = Call { method: "GET", path: "/v1/verification", body: "", cookie: Some(&cookie), requester: "10.8.0.1" };
        let (_, Heard::Answered(answer)) = speak(&stage.replicas, endings.len(), &ask).await else {
            return Err("a replica that nobody kills does not answer".into());
        };
        endings.push(Ending { proof, subject, number, state: answer.state });
    }
    let messages = schedule.stories.iter().flat_map(|story| stage.vendor.messages_to(&format!("+82{}", &story.number[1..])));
    let accounts = database.open().await?.texts("select phone_number from accounts").await?;
    let entries = std::mem::take(&mut *lock(&stage.entries));
    Ok(Record { entries, messages: messages.collect(), endings, accounts, money: book(database).await? })
}

/// What messages cost until now, as the hours say it and as the sends do.
pub async fn book(database: &Database) -> Result<Book, Fault> {
    let of_hours = sum(database, "select cast(coalesce(sum(micros), 0) as text) from hourly_costs").await?;
    let of_sends = "select cast(coalesce(sum(price_micros), 0) as text) from sends where result <> 'failed'";
    Ok(Book { of_hours, of_sends: sum(database, of_sends).await?, ..Book::default() })
}

async fn sum(database: &Database, sql: &'static str) -> Result<i64, Fault> {
    let texts = database.open().await?.texts(sql).await?;
    Ok(texts.first().ok_or("there is no sum")?.parse()?)
}
