//! Several senders behind one press: whoever presses gets one text, by whichever of them works.

use crate::browser::{Answered, Browser};
use crate::databases::{Kind, on_both_databases};
use crate::fake_program::{FakeProgram, SEND};
use crate::faults::{Fault, Gate};
use crate::metrics::Scrape;
use crate::races::{ROOMY, at_once, expect, tally};
use crate::world::{NUMBER, OTHER_NUMBER, Sms, World};

on_both_databases!(
    fifty_people_at_once_get_one_text_each_while_the_first_sender_fails,
    fifty_presses_of_one_person_at_once_are_one_text_whoever_sends_it,
    after_an_answer_that_nobody_knows_no_other_sender_is_asked,
    a_resend_goes_by_another_sender_and_either_code_is_good,
    a_sender_that_fails_is_passed_over_until_a_probe_finds_it_well,
);

const MANY: usize = 50;

/// A world whose texts go by a program of the operator's, and by SENS where that one fails.
async fn world(kind: Kind) -> (World, FakeProgram) {
    let program = FakeProgram::start().await;
    let roomy = ROOMY.map(|(name, value)| (name, value.to_owned()));
    let world = World::with_accounts(kind, "http,sens", &[program.settings(), roomy.into()].concat()).await;
    (world, program)
}

fn fails(program: &FakeProgram, times: usize) {
    (0..times).for_each(|_| program.faults.add(SEND, Fault::status(503)));
}

/// A number for each person, each in a prefix of its own.
fn number(n: usize) -> String {
    format!("010-{:04}-5678", 2000 + n)
}

async fn asks(person: Browser, number: String) -> Answered {
    person.asks(&number).await
}

fn texts(program: &FakeProgram) -> Vec<Sms> {
    program.posts().into_iter().map(|post| post.sms).collect()
}

/// How many texts came by the program, and how many by SENS.
fn counted(world: &World, program: &FakeProgram) -> (usize, usize) {
    (texts(program).len(), world.sens.sms().len())
}

async fn fifty_people_at_once_get_one_text_each_while_the_first_sender_fails(kind: Kind) {
    let (world, program) = world(kind).await;
    fails(&program, MANY);
    let answers = at_once(MANY, |n| asks(world.browser(), number(n))).await;
    expect(&tally(&answers), &[("code_sent", MANY)]);
    assert_eq!(counted(&world, &program), (0, MANY));
    let mut sent: Vec<_> = world.sens.sms().into_iter().map(|sms| sms.to).collect();
    sent.sort();
    let everybody: Vec<_> = (0..MANY).map(|n| number(n).replacen('0', "+82", 1).replace('-', "")).collect();
    assert_eq!(sent, everybody, "nobody is left out, and nobody gets two");
    let failed = r#"beonho_vendor_request_duration_seconds_count{provider="http",operation="send",outcome="unavailable"}"#;
    assert!(Scrape::of(&world).await.value(failed).is_some_and(|times| times >= 5.0), "the first was asked");
}

async fn fifty_presses_of_one_person_at_once_are_one_text_whoever_sends_it(kind: Kind) {
    for (faults, by) in [(0, (1, 0)), (MANY, (0, 1))] {
        let (world, program) = world(kind).await;
        fails(&program, faults);
        let person = world.browser();
        person.page("/").await;
        let answers = at_once(MANY, |_| asks(person.twin(), NUMBER.to_owned())).await;
        expect(&tally(&answers), &[("code_sent", 1), ("pending", MANY - 1)]);
        assert_eq!(counted(&world, &program), by);
    }
}

async fn after_an_answer_that_nobody_knows_no_other_sender_is_asked(kind: Kind) {
    let gate = Gate::new();
    for (fault, taken) in [(Fault::GateAfter(gate.clone()), 1), (Fault::LostAnswer, 1), (Fault::Cut, 0)] {
        let (world, program) = world(kind).await;
        program.faults.add(SEND, fault);
        let person = world.browser();
        assert_eq!(person.asks(NUMBER).await.outcome(), "code_may_arrive");
        // Whatever comes late now comes for nobody.
        gate.open();
        assert_eq!(person.asks(NUMBER).await.outcome(), "pending");
        assert_eq!(counted(&world, &program), (taken, 0), "one press, one text");
        if let Some(sms) = texts(&program).pop() {
            assert_eq!(person.checks(&sms.code).await.outcome(), "verified");
        }
    }
}

async fn a_resend_goes_by_another_sender_and_either_code_is_good(kind: Kind) {
    let (world, program) = world(kind).await;
    for (number, by_second) in [(NUMBER, false), (OTHER_NUMBER, true)] {
        let person = world.browser();
        let before = counted(&world, &program);
        assert_eq!(person.asks(number).await.outcome(), "code_sent");
        assert_eq!(counted(&world, &program), (before.0 + 1, before.1));
        world.advance(60);
        assert_eq!(person.asks(number).await.outcome(), "code_sent");
        assert_eq!(counted(&world, &program), (before.0 + 1, before.1 + 1));
        let mut texts = if by_second { world.sens.sms() } else { texts(&program) };
        let code = texts.pop().expect("a text came").code;
        assert_eq!(person.checks(&code).await.outcome(), "verified", "by the second: {by_second}");
    }
}

async fn a_sender_that_fails_is_passed_over_until_a_probe_finds_it_well(kind: Kind) {
    let (world, program) = world(kind).await;
    let mut people = 0..;
    let mut next = async || {
        let number = number(people.next().expect("there is another"));
        assert_eq!(world.browser().asks(&number).await.outcome(), "code_sent");
        let told = Scrape::of(&world).await.value(r#"beonho_sender_passed_over{provider="http"}"#);
        (counted(&world, &program), told == Some(1.0))
    };
    fails(&program, 5);
    for n in 1..=5 {
        assert_eq!(next().await, ((0, n), n == 5), "of fewer than five nothing is said");
    }
    assert_eq!(next().await, ((0, 6), true), "it would have worked, and is not asked");
    world.advance(30);
    fails(&program, 1);
    assert_eq!(next().await, ((0, 7), true), "a probe that fails is no text lost");
    assert_eq!(next().await, ((0, 8), true));
    world.advance(30);
    assert_eq!(next().await, ((1, 8), false), "a probe that goes through");
    assert_eq!(next().await, ((2, 8), false), "and all go there again");
}
