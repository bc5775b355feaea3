//! The real program is told to stop, as a service manager tells it.

use beonho::server::provider::sens;

use crate::browser::Browser;
use crate::database_faults::count;
use crate::databases::{Database, Kind, on_both_databases};
use crate::fake_sens::{FakeSens, SEND};
use crate::faults::{Fault, Gate};
use crate::process::Process;
use crate::test_server::Settings;
use crate::world::{NUMBER, OTHER_NUMBER, until_refused};

on_both_databases!(a_signal_to_stop_fails_readiness_first_and_cuts_nothing);

/// Long enough to be asked in, on a busy machine.
const DRAIN_SECS: &str = "2";

async fn a_signal_to_stop_fails_readiness_first_and_cuts_nothing(kind: Kind) {
    let (database, sens) = (Database::fresh(kind).await, FakeSens::start().await);
    let own = [("DATABASE_URL", database.url.as_str()), ("SMS_PROVIDER", sens::NAME), ("DRAIN_SECS", DRAIN_SECS)];
    let settings: Settings = own.map(|(name, value)| (name, value.to_owned())).into_iter().chain(sens.settings()).collect();
    for signal in ["TERM", "INT"] {
        let mut process = Process::start(&settings).await;
        stop_amid_requests(&mut process, &sens, signal).await;
    }
    let process = Process::start(&settings).await;
    let accepted = "select count(*) from sends where result = 'accepted'";
    assert_eq!(count(&database.url, accepted).await, 6, "all that the vendor took is in the books");
    drop(process);
}

/// One waits for an answer, and one has left, while the vendor is called; a third comes after the signal.
async fn stop_amid_requests(process: &mut Process, sens: &FakeSens, signal: &str) {
    let (people, gate) = ([(); 3].map(|()| Browser::new(&process.base)), Gate::new());
    let [waiting, leaving, late] = people;
    let request = |person: Browser, number: String| tokio::spawn(async move { person.asks(&number).await.outcome() });
    (0..2).for_each(|_| sens.faults.add(SEND, Fault::Gate(gate.clone())));
    let waiting = request(waiting, number(signal, 1));
    gate.arrival().await;
    let leaving = request(leaving, number(signal, 2));
    gate.arrival().await;
    leaving.abort();
    assert_eq!(late.page("/readyz").await.status, 200);
    process.signal(signal);
    while late.page("/readyz").await.status == 200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(late.page("/healthz").await.status, 200);
    assert_eq!(late.asks(&number(signal, 3)).await.outcome(), "code_sent", "readiness fails first");
    until_refused(&process.base).await;
    (0..2).for_each(|_| gate.open());
    assert_eq!(waiting.await.expect("the task ends"), "code_sent");
    assert!(process.wait().success(), "{}", process.log());
}

fn number(signal: &str, last: u32) -> String {
    let number = if signal == "TERM" { NUMBER } else { OTHER_NUMBER };
    format!("{}{last:04}", &number[..9])
}
