//! The rows that a run leaves behind: what may not be there at all, and what a sweep must take away.

use std::time::Duration;

use crate::database::Desk;
use crate::server::Fault;

/// What must never be there.
const LEAKS: [(&str, &str); 3] = [
    (
        "a grant that lives without its session",
        "select id from grants where is_offline = 0 and ended_at is null
         and session not in (select digest from sessions where rotated_at is null)",
    ),
    (
        "an application that is to be told of a session that nobody is signed in with",
        "select client_id from session_clients where session not in (select digest from sessions where account_id is not null)",
    ),
    ("a notice that nobody is told", "select id from logout_notices"),
];

/// What is over at a given time.
const AGING: [&str; 4] = [
    "update tokens set expires_at = 1 returning digest",
    "update grants set expires_at = 1 returning id",
    "update authorization_requests set expires_at = 1 returning digest",
    "update sessions set expires_at = 1 returning digest",
];

/// What must be empty then.
const SWEPT: [(&str, &str); 4] = [
    ("a token that outlives a sweep", "select digest from tokens"),
    ("a grant that outlives a sweep", "select id from grants"),
    ("a waiting request that outlives a sweep", "select digest from authorization_requests"),
    ("an application of a session that outlives a sweep", "select client_id from session_clients"),
];

/// How often it is looked whether the sweep is done, and the pause between.
const LOOKS: usize = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// What is there and should not be.
pub async fn leaks(desk: &mut Desk) -> Result<Vec<(String, usize)>, Fault> {
    count(desk, &LEAKS).await
}

/// Lets the time of everything be over.
pub async fn age(desk: &mut Desk) -> Result<(), Fault> {
    for sql in AGING {
        desk.texts(sql).await?;
    }
    Ok(())
}

/// What a sweep, which a replica begins when it starts, leaves behind.
pub async fn unswept(desk: &mut Desk) -> Result<Vec<(String, usize)>, Fault> {
    for _ in 0..LOOKS {
        if count(desk, &SWEPT).await?.is_empty() {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    count(desk, &SWEPT).await
}

async fn count(desk: &mut Desk, questions: &[(&str, &str)]) -> Result<Vec<(String, usize)>, Fault> {
    let mut found = Vec::new();
    for (what, sql) in questions {
        let rows = desk.texts(sql).await?.len();
        if rows > 0 {
            found.push(((*what).to_owned(), rows));
        }
    }
    Ok(found)
}
