//! The table of repeated requests: whatever a person repeats, the server knows where they stand. Rows × {SENS, Twilio} × {`SQLite`,
//! `PostgreSQL`}, printed as it runs.

mod several;
mod single;
mod switched;

use beonho::server::provider::{sens, twilio_verify};
use futures::future::{BoxFuture, join_all};

use crate::databases::Kind;
use crate::world::World;

/// One column of the table.
#[derive(Clone, Copy)]
pub struct Column {
    pub kind: Kind,
    pub provider: &'static str,
}

const COLUMNS: [Column; 4] = [
    Column { kind: Kind::Sqlite, provider: sens::NAME },
    Column { kind: Kind::Postgres, provider: sens::NAME },
    Column { kind: Kind::Sqlite, provider: twilio_verify::NAME },
    Column { kind: Kind::Postgres, provider: twilio_verify::NAME },
];

/// A row: what is repeated, and the story that plays it.
type Row = (&'static str, fn(Column) -> BoxFuture<'static, ()>);

macro_rules! rows {
    ($($room:ident::$name:ident),* $(,)?) => {
        [$((stringify!($name), (|column| Box::pin($room::$name(column))) as fn(Column) -> BoxFuture<'static, ()>)),*]
    };
}

impl Column {
    /// A world with this column's database and provider.
    pub async fn world(self) -> World {
        self.world_with(&[]).await
    }

    pub async fn world_with(self, settings: &[(&'static str, &str)]) -> World {
        World::with(self.kind, self.provider, settings).await
    }

    pub fn is_hosted(self) -> bool {
        self.provider == twilio_verify::NAME
    }

    /// How long a code is good.
    pub fn lifetime_secs(self) -> i64 {
        if self.is_hosted() { 600 } else { 300 }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_repeated_request_gets_the_right_answer() {
    let rows: [Row; 22] = rows![
        single::not_yet_verified_and_asks_again,
        single::asks_again_after_the_wait,
        single::asks_with_another_number_while_waiting,
        single::already_verified_asks_again,
        single::already_verified_asks_with_another_number,
        single::verified_then_checks_again,
        single::wrong_code_again_and_again,
        single::asks_again_after_expiry,
        single::asks_again_after_exhaustion,
        single::starts_over_and_asks_again,
        single::verified_waits_too_long,
        single::the_strict_rule_allows_one_request_per_window,
        single::the_answer_to_a_send_never_arrives,
        several::another_browser_asks_for_the_same_number,
        several::a_number_that_has_an_account,
        several::refresh_and_back_in_each_state,
        several::two_tabs_in_different_states,
        several::two_subjects_and_one_number,
        several::two_subjects_take_turns_with_one_number,
        switched::pending_on_a_provider_whose_settings_are_there,
        switched::pending_on_a_provider_whose_settings_are_gone,
        switched::a_resend_goes_to_the_current_provider,
    ];
    println!("{:52} sens/sqlite   sens/postgres twilio/sqlite twilio/postgres", "");
    let mut wrong = Vec::new();
    for row in rows {
        wrong.extend(play(row).await);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Plays a row in every column, prints it, and gives back what failed.
async fn play((name, story): Row) -> Vec<String> {
    let cells = join_all(COLUMNS.map(|column| tokio::spawn(story(column)))).await;
    let words = cells.iter().map(|cell| format!("{:14}", if cell.is_ok() { "passed" } else { "FAILED" }));
    println!("{:52} {}", name.replace('_', " "), words.collect::<String>());
    let failed = cells.into_iter().zip(COLUMNS).filter(|(cell, _)| cell.is_err());
    failed.map(|(_, column)| format!("{name}: {} on {:?}, see above", column.provider, column.kind)).collect()
}
