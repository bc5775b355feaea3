//! Every way in which a vendor fails, through the whole server: what the person is told, and what is charged. Printed as a table.

mod cases;

use beonho::server::clock::Stopwatch;
use beonho::server::provider::{http_hook, sens, twilio_messaging, twilio_verify};
use futures::stream::{self, StreamExt};

use crate::browser::Answered;
use crate::databases::{Kind, on_both_databases};
use crate::fake_messages::{self, FakeMessages};
use crate::fake_program::{self, FakeProgram};
use crate::fake_sens::SEND;
use crate::fake_twilio::{CANCEL, CHECK, START};
use crate::faults::Fault;
use crate::world::{NUMBER, World};
use cases::{Case, Trouble, cases};

on_both_databases!(
    every_fault_of_a_vendor_has_one_answer,
    a_number_is_given_back_three_failures_a_day,
    a_correction_that_fails_leaves_the_code_in_hand,
    a_requester_is_given_back_nothing,
    a_start_that_cannot_cancel_the_earlier_one_sends_nothing,
    a_refusal_that_passes_is_repeated,
);

/// What is asked of which vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    SensSend,
    ProgramSend,
    MessagesSend,
    TwilioStart,
    TwilioCheck,
}

impl Question {
    const ALL: [Self; 5] = [Self::SensSend, Self::ProgramSend, Self::MessagesSend, Self::TwilioStart, Self::TwilioCheck];

    /// The vendor, the setting of its address, and what its fake calls this.
    fn asked_of(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::SensSend => (sens::NAME, "SENS_BASE_URL", SEND),
            Self::ProgramSend => (http_hook::NAME, "SMS_HTTP_URL", fake_program::SEND),
            Self::MessagesSend => (twilio_messaging::NAME, "TWILIO_MESSAGING_BASE_URL", fake_messages::SEND),
            Self::TwilioStart => (twilio_verify::NAME, "TWILIO_VERIFY_BASE_URL", START),
            Self::TwilioCheck => (twilio_verify::NAME, "TWILIO_VERIFY_BASE_URL", CHECK),
        }
    }
}

/// How many cells are played at once: most of the time a cell waits for its time limit.
const CELLS_AT_ONCE: usize = 12;

async fn every_fault_of_a_vendor_has_one_answer(kind: Kind) {
    let cells = cases().into_iter().flat_map(Case::cells);
    let played = stream::iter(cells).map(|(name, question, trouble, expected)| async move {
        let found = tokio::spawn(Box::pin(play(kind, question, trouble))).await.expect("the story ends");
        (name, question, found, expected)
    });
    let played: Vec<_> = played.buffered(CELLS_AT_ONCE).collect().await;
    let mut wrong = Vec::new();
    let line = |first: &str, cells: [String; 5]| println!("{first:26}{}", cells.map(|cell| format!("{cell:34}")).concat());
    line(&format!("{kind:?}"), Question::ALL.map(|question| format!("{question:?}")));
    for row in played.chunk_by(|a, b| a.0 == b.0) {
        let told = |question| row.iter().find(|cell| cell.1 == question).map_or("-", |cell| cell.2.as_str()).to_owned();
        line(row[0].0, Question::ALL.map(told));
        wrong.extend(row.iter().filter(|cell| cell.2 != cell.3));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Meets a trouble with a fresh server and says what came of it.
async fn play(kind: Kind, question: Question, trouble: Trouble) -> String {
    let (provider, setting, operation) = question.asked_of();
    let (program, messages) = (FakeProgram::start().await, FakeMessages::start().await);
    let accounts = match question {
        Question::ProgramSend => program.settings(),
        Question::MessagesSend => messages.settings(),
        Question::SensSend | Question::TwilioStart | Question::TwilioCheck => Vec::new(),
    };
    let mut world = World::with_accounts(kind, provider, &accounts).await;
    let faults = match question {
        Question::ProgramSend => &program.faults,
        Question::MessagesSend => &messages.faults,
        Question::SensSend | Question::TwilioStart | Question::TwilioCheck => world.twilio_or_sens(provider),
    };
    let mut person = world.browser();
    if question == Question::TwilioCheck {
        assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    }
    match trouble {
        Trouble::Fault(fault) => faults.add(operation, fault),
        Trouble::ForEver(fault) => (0..20).for_each(|_| faults.add(operation, fault.clone())),
        Trouble::Canceled => faults.add(operation, world.twilio.canceled()),
        Trouble::Elsewhere(url) => {
            world = world.restart(provider, accounts, &[(setting, &url().await)]).await;
            person = person.at(&world.server.base);
        }
    }
    match question {
        Question::TwilioCheck => told_of_check(&person.checks("123456").await),
        _ => told_of_send(&person.asks(NUMBER).await),
    }
}

fn told_of_send(answer: &Answered) -> String {
    let [sends_left, resend_in] = ["sends_left", "resend_in_secs"].map(|field| answer.status_field(field).as_u64());
    let charge = match (sends_left, resend_in) {
        (Some(5), None) => "given back",
        (Some(4), Some(60)) => "charged",
        _ => "charged wrongly",
    };
    format!("{}, {charge}", answer.outcome())
}

fn told_of_check(answer: &Answered) -> String {
    let charge = match answer.status_field("attempts_left").as_u64() {
        Some(5) => "given back",
        Some(4) => "charged",
        Some(0) | None => "over",
        Some(_) => "charged wrongly",
    };
    format!("{}, {charge}", answer.outcome())
}

async fn a_number_is_given_back_three_failures_a_day(kind: Kind) {
    for (provider, operation) in [(sens::NAME, SEND), (twilio_verify::NAME, START)] {
        let world = World::with(kind, provider, &[]).await;
        (0..4).for_each(|_| world.twilio_or_sens(provider).add(operation, Fault::status(503)));
        let person = world.browser();
        for is_charged in [false, false, false, true] {
            let failed = person.asks(NUMBER).await;
            assert_eq!((failed.status, failed.outcome().as_str(), failed.state().as_str()), (502, "delivery_failed", "none"));
            assert_eq!(failed.status_field("sends_left"), 5, "{provider}");
            assert_eq!(failed.body.contains("did not count"), !is_charged, "{failed:?}");
            assert_eq!(failed.json()["retry_after_secs"].as_u64(), is_charged.then_some(60), "{provider}");
        }
        assert_eq!(person.asks(NUMBER).await.outcome(), "try_later", "the number rests after the fourth");
        assert_eq!(person.asks("010-9999-0000").await.outcome(), "code_sent", "the person does not");
        world.advance(60);
        assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    }
}

/// The code in hand is as good as the message says.
async fn a_correction_that_fails_leaves_the_code_in_hand(kind: Kind) {
    for (provider, operation) in [(sens::NAME, SEND), (twilio_verify::NAME, START)] {
        let world = World::with(kind, provider, &[]).await;
        let person = world.browser();
        person.asks(NUMBER).await;
        let code = world.code();
        world.advance(60);
        world.twilio_or_sens(provider).add(operation, Fault::status(503));
        let failed = person.asks("010-9999-0000").await;
        assert_eq!((failed.outcome().as_str(), failed.state().as_str()), ("delivery_failed", "pending"), "{provider}");
        assert_eq!(failed.status_field("phone_number"), "+82 10-****-5678");
        assert_eq!(person.checks(&code).await.outcome(), "verified", "{provider}");
    }
}

async fn a_requester_is_given_back_nothing(kind: Kind) {
    let world = World::with(kind, sens::NAME, &[("MAX_SENDS_PER_REQUESTER", "2")]).await;
    (0..2).for_each(|_| world.sens.faults.add(SEND, Fault::status(500)));
    for _ in 0..2 {
        assert_eq!(world.browser().asks(NUMBER).await.outcome(), "delivery_failed");
    }
    let refused = world.browser().asks(NUMBER).await;
    assert_eq!((refused.outcome().as_str(), refused.json()["retry_after_secs"].as_u64()), ("sends_exhausted", Some(3600)));
    assert!(world.sms().is_empty());
}

async fn a_start_that_cannot_cancel_the_earlier_one_sends_nothing(kind: Kind) {
    let world = World::with(kind, twilio_verify::NAME, &[]).await;
    let (a, b) = (world.browser(), world.browser());
    a.asks(NUMBER).await;
    world.advance(60);
    for fault in [Fault::Cut, Fault::Hang] {
        world.twilio.faults.add(CANCEL, fault);
        let waited = Stopwatch::start();
        assert_eq!(told_of_send(&b.asks(NUMBER).await), "delivery_failed, given back");
        assert!(waited.elapsed_ms() < 4000, "it leaves no time for a start");
    }
    assert_eq!((world.sms().len(), a.looks().await.state().as_str()), (1, "pending"));
    assert_eq!(a.checks(&world.code()).await.outcome(), "verified");
}

/// 20429 was never processed, so it is repeated within the time limit.
async fn a_refusal_that_passes_is_repeated(kind: Kind) {
    let world = World::with(kind, twilio_verify::NAME, &[]).await;
    let person = world.browser();
    for operation in [START, CHECK] {
        (0..2).for_each(|_| world.twilio.faults.add(operation, Fault::twilio(429, 20429)));
    }
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    assert_eq!(person.checks(&world.code()).await.outcome(), "verified");
    assert_eq!(world.sms().len(), 1);
}
