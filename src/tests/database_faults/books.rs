//! What must hold of the rows at every moment, whatever went wrong.

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use super::stage::Stage;

/// Each counts what must not be there.
const HALVES: [(&str, &str); 7] = [
    ("a send without its challenge", "select count(*) from sends where challenge_id not in (select id from challenges)"),
    ("a challenge without a send", "select count(*) from challenges where id not in (select challenge_id from sends)"),
    (
        "an account without its session",
        "select count(*) from accounts where id not in (select account_id from sessions where account_id is not null)",
    ),
    (
        "a proof without its session",
        "select count(*) from challenges where verified_at is not null
           and subject not in (select subject from sessions where rotated_at is null)",
    ),
    (
        "a proof used up without an account",
        "select count(*) from challenges where verified_at is not null and closed_at is not null
           and phone_number not in (select phone_number from accounts)",
    ),
    (
        "a day's count that is not that of the sends",
        "select count(*) from (select (select coalesce(sum(sends), 0) from hourly_sends) as counted,
           (select count(*) from sends where given_back = 0 and result <> 'taken') as made) as sums where counted <> made",
    ),
    // Each person posts the code twice: while the trouble lasts, and afterwards.
    ("an attempt counted twice", "select count(*) from challenges where attempts > 2"),
];

/// Nothing is half-written, and every SMS is in the books.
pub async fn assert_whole(stage: &Stage, row: &str) {
    for (half, sql) in HALVES {
        assert_eq!(count(&stage.url, sql).await, 0, "{row}: {half}");
    }
    for (number, sms) in stage.sms_by_number() {
        let sends = format!("select count(*) from sends where phone_number = '{number}' and result = 'accepted'");
        assert_eq!(count(&stage.url, &sends).await, i64::try_from(sms).expect("few"), "{row}: SMS to {number}");
    }
}

/// What a statement counts, asked past the server.
pub async fn count(url: &str, sql: &str) -> i64 {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("postgres") {
        let mut db = PgConnection::connect(url).await.expect("the database answers");
        return sqlx::query_scalar(sql).fetch_one(&mut db).await.expect("a count");
    }
    let mut db = SqliteConnection::connect(url).await.expect("the database answers");
    sqlx::query_scalar(sql).fetch_one(&mut db).await.expect("a count")
}

/// Does something to a database past the server.
pub async fn execute(url: &str, sql: &str) {
    let text = AssertSqlSafe(sql.to_owned());
    if url.starts_with("postgres") {
        let mut db = PgConnection::connect(url).await.expect("the database answers");
        sqlx::query(text).execute(&mut db).await.expect(sql);
        return;
    }
    let mut db = SqliteConnection::connect(url).await.expect("the database answers");
    sqlx::query(text).execute(&mut db).await.expect(sql);
}
