//! Who is asked, in which order, and how often.

use std::sync::Mutex;

use async_trait::async_trait;

use super::*;
use crate::server::clock::{Clock, ManualClock};
use crate::server::provider::Delivery;
use crate::server::provider::message::Parcel;

/// A sender that answers as scripted, and then always takes.
struct Scripted {
    name: &'static str,
    answers: Mutex<Vec<Result<Receipt, ProviderFault>>>,
    takes: Duration,
    asked: Arc<Mutex<Vec<&'static str>>>,
}

#[async_trait]
impl SmsSender for Scripted {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn send(&self, message: &Message<'_>) -> Result<Receipt, ProviderFault> {
        self.asked.lock().expect("unpoisoned").push(self.name);
        tokio::time::sleep(self.takes.min(message.deadline.remaining())).await;
        self.answers.lock().expect("unpoisoned").pop().unwrap_or(Ok(Receipt { reference: Some(self.name.into()) }))
    }

    async fn delivery(&self, _receipt: &str) -> Result<Delivery, ProviderFault> {
        Ok(Delivery::Waiting)
    }
}

/// Senders, and who was asked.
struct Stage {
    senders: Vec<Arc<dyn SmsSender>>,
    asked: Arc<Mutex<Vec<&'static str>>>,
    health: Health,
}

impl Stage {
    fn new(scripts: Vec<(&'static str, Duration, Vec<ProviderFault>)>) -> Self {
        let asked = Arc::<Mutex<Vec<&'static str>>>::default();
        let scripted = |(name, takes, faults): (&'static str, Duration, Vec<ProviderFault>)| -> Arc<dyn SmsSender> {
            let answers = Mutex::new(faults.into_iter().rev().map(Err).collect());
            Arc::new(Scripted { name, answers, takes, asked: Arc::clone(&asked) })
        };
        let senders = scripts.into_iter().map(scripted).collect();
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(0));
        Self { senders, asked, health: Health::new(&clock, &Arc::default()) }
    }

    async fn hand_over(&self) -> Handed {
        let parcel = Parcel::new("text");
        hand_over(&self.senders, &self.health, &parcel.message()).await.expect("somebody was asked")
    }

    fn asked(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.asked.lock().expect("unpoisoned"))
    }
}

fn down() -> ProviderFault {
    ProviderFault::Unavailable("no connection".into())
}

#[tokio::test]
async fn a_certain_failure_goes_to_the_next() {
    for fault in [
        down(),
        ProviderFault::Refused("a".into()),
        ProviderFault::QuotaExhausted("b".into()),
        ProviderFault::InvalidNumber("c".into()),
    ] {
        let stage = Stage::new(vec![("solapi", Duration::ZERO, vec![fault]), ("sens", Duration::ZERO, vec![])]);
        let handed = stage.hand_over().await;
        assert_eq!((handed.by, handed.result), ("sens", Ok(Receipt { reference: Some("sens".into()) })));
        assert_eq!(stage.asked(), ["solapi", "sens"]);
    }
}

#[tokio::test]
async fn what_nobody_knows_goes_to_nobody_else() {
    let lost = ProviderFault::Unknown("the connection was cut".into());
    let stage = Stage::new(vec![("solapi", Duration::ZERO, vec![lost.clone()]), ("sens", Duration::ZERO, vec![])]);
    let handed = stage.hand_over().await;
    assert_eq!((handed.by, handed.result), ("solapi", Err(lost)));
    assert_eq!(stage.asked(), ["solapi"]);
}

#[tokio::test]
async fn nobody_is_asked_when_the_time_is_nearly_over() {
    let stage = Stage::new(vec![("solapi", Duration::ZERO, vec![down()]), ("sens", Duration::ZERO, vec![])]);
    let parcel = Parcel::new("text").within(LEAST_TIME);
    let handed = hand_over(&stage.senders, &stage.health, &parcel.message()).await.expect("somebody was asked");
    assert_eq!(handed.result, Err(down()));
    assert_eq!(stage.asked(), ["solapi"]);
}

#[tokio::test]
async fn of_several_failures_the_one_that_says_most_is_told() {
    let nowhere = ProviderFault::InvalidNumber("a landline".into());
    let stage = Stage::new(vec![("solapi", Duration::ZERO, vec![nowhere.clone()]), ("sens", Duration::ZERO, vec![down()])]);
    let handed = stage.hand_over().await;
    assert_eq!((handed.by, handed.result), ("solapi", Err(nowhere)));
}

#[tokio::test]
async fn whoever_fails_is_asked_last_and_whoever_sent_before_is_asked_later() {
    let stage =
        Stage::new(vec![("solapi", Duration::ZERO, vec![]), ("sens", Duration::ZERO, vec![]), ("http", Duration::ZERO, vec![])]);
    let order = |last| in_order(&stage.senders, &stage.health, last).iter().map(|sender| sender.name()).collect::<Vec<_>>();
    assert_eq!(order(None), ["solapi", "sens", "http"]);
    assert_eq!(order(Some("solapi")), ["sens", "http", "solapi"]);
    for _ in 0..5 {
        stage.health.note("sens", Some(&down()));
    }
    assert_eq!(order(None), ["solapi", "http", "sens"]);
    assert_eq!(order(Some("solapi")), ["http", "solapi", "sens"]);
}
