//! Sends: what counts, what is given back, and which codes are left.

use beonho::server::store::{self, Consumed, SendCharge, SendRequest, SendResult};
use beonho::verification::send::Budget;
use beonho::verification::{AskedSend, Challenge, Judge, Policy, Purpose, SendHistory, SendRefusal, State};

use super::{Shelf, ask, at, deed, number, reservation, rotation, subject};
use crate::database_faults::execute;
use crate::databases::{Kind, on_both_databases, rows_of_all_tables};

on_both_databases!(
    the_database_answers,
    a_send_counts_from_its_reservation_for_subject_and_number,
    another_number_closes_the_old_challenge,
    a_resend_prolongs_the_challenge,
    a_certain_failure_removes_the_code_and_is_given_back_three_times,
    a_failed_resend_leaves_the_earlier_code,
    a_failure_that_is_told_after_the_proof_leaves_it,
    a_correction_that_fails_leaves_the_earlier_challenge,
    a_correction_that_fails_brings_nothing_back_that_was_left,
    a_refused_send_leaves_nothing,
    a_resend_adds_no_code_to_what_is_over,
    an_unknown_send_stays_counted_and_its_code_is_good,
    a_requester_gets_nothing_back_and_waits_an_hour,
    who_took_the_last_text_is_kept_with_the_send,
    rows_of_an_older_replica_are_read,
    the_service_has_a_budget_of_its_own,
    what_the_service_got_back_does_not_count,
    an_answer_that_a_number_is_taken_counts_for_the_subject_alone,
    sends_count_for_a_rolling_day,
    a_lifted_budget_counts_from_then_on,
);

fn spent(budget: Budget, until_secs: i64) -> SendRefusal {
    SendRefusal::Exhausted { budget, until: at(until_secs) }
}

async fn the_database_answers(kind: Kind) {
    Shelf::new(kind).await.store.ping().await.expect("it answers");
}

async fn a_send_counts_from_its_reservation_for_subject_and_number(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let reserved = shelf.reserve(&ask("a", 1), at(0)).await.expect("allowed");
    let history = shelf.history("a", at(1)).await;
    assert_eq!((history.subject_sends.len(), history.number_sends), (1, vec![at(0)]));
    let current = history.current.expect("a challenge");
    assert_eq!((current.id, current.phone_number), (reserved.challenge, number(1)));
    assert_eq!(current.state, State::Pending { attempts: 0, expires_at: at(300) });
    assert_eq!(shelf.reserve(&ask("a", 2), at(1)).await.expect_err("a wait"), SendRefusal::Cooldown { until: at(60) });
    assert_eq!(shelf.reserve(&ask("b", 1), at(1)).await.expect_err("a wait"), SendRefusal::NumberResting { until: at(60) });
}

async fn another_number_closes_the_old_challenge(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let old = shelf.pending("a", 1, at(0)).await;
    let new = shelf.pending("a", 2, at(60)).await;
    assert_eq!(shelf.challenge(&old.id).await.state, State::Closed);
    assert_eq!(shelf.history("a", at(60)).await.current, Some(new));
}

async fn a_resend_prolongs_the_challenge(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    shelf.pending("a", 1, at(0)).await;
    let challenge = shelf.pending("a", 1, at(60)).await;
    assert_eq!(challenge.state, State::Pending { attempts: 0, expires_at: at(360) });
}

async fn a_certain_failure_removes_the_code_and_is_given_back_three_times(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    for n in 0..3 {
        let reserved = shelf.reserve(&ask("a", 1), at(n)).await.expect("the cooldown is lifted");
        shelf.store.mark_send(&reserved.send_id, &SendResult::Failed, at(n)).await.expect("marked");
        shelf.store.mark_send(&reserved.send_id, &SendResult::Failed, at(n)).await.expect("marked again");
        assert_eq!(shelf.challenge(&reserved.challenge).await.state, State::Closed);
        assert_eq!(shelf.codes(&reserved.challenge, at(n)).await, 0);
        assert_eq!(shelf.spent("a", at(n)).await, (0, 0));
    }
    let fourth = shelf.reserve(&ask("a", 1), at(3)).await.expect("allowed");
    assert_eq!(shelf.store.mark_send(&fourth.send_id, &SendResult::Failed, at(3)).await.expect("marked"), SendCharge::Kept);
    assert_eq!(shelf.store.mark_send(&fourth.send_id, &SendResult::Failed, at(3)).await.expect("again"), SendCharge::GivenBack);
    assert_eq!(shelf.spent("a", at(4)).await, (0, 0), "it is no waste of the subject's");
    assert_eq!(shelf.reserve(&ask("a", 1), at(4)).await.expect_err("a rest"), SendRefusal::NumberResting { until: at(63) });
    assert!(shelf.reserve(&ask("a", 2), at(4)).await.is_ok(), "another number may be asked for at once");
    let next_day = shelf.reserve(&ask("b", 1), at(86_403)).await.expect("allowed");
    shelf.store.mark_send(&next_day.send_id, &SendResult::Failed, at(86_403)).await.expect("marked");
    assert!(shelf.reserve(&ask("b", 1), at(86_403)).await.is_ok(), "a day later it is given back again");
}

async fn a_failed_resend_leaves_the_earlier_code(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let id = shelf.pending("a", 1, at(0)).await.id;
    let resend = shelf.reserve(&ask("a", 1), at(60)).await.expect("allowed");
    shelf.store.mark_send(&resend.send_id, &SendResult::Failed, at(61)).await.expect("marked");
    assert_eq!(shelf.challenge(&id).await.state, State::Pending { attempts: 0, expires_at: at(300) });
    assert_eq!(shelf.codes(&id, at(61)).await, 1);
    assert_eq!(shelf.spent("a", at(61)).await, (1, 1));
}

/// A vendor may deliver, and say afterwards that it did not.
async fn a_failure_that_is_told_after_the_proof_leaves_it(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let reserved = shelf.reserve(&ask("a", 1), at(0)).await.expect("allowed");
    let challenge = shelf.challenge(&reserved.challenge).await;
    shelf.store.mark_verified(&challenge, &rotation("a", "old", "new", at(1))).await.expect("verified");
    shelf.store.mark_send(&reserved.send_id, &SendResult::Failed, at(2)).await.expect("marked");
    assert_eq!(shelf.challenge(&challenge.id).await.state, State::Verified { verified_at: at(1) });
}

/// The last guess exhausts a challenge until it turns out to be right. A send in between must not close what was proven. SQLite lets nobody
/// in between.
#[tokio::test]
async fn a_proof_that_comes_while_a_send_is_decided_stays() {
    let shelf = Shelf::new(Kind::Postgres).await;
    let challenge = shelf.pending("a", 1, at(0)).await;
    shelf.store.mark_exhausted(&challenge.id, shelf.policy.max_attempts).await.expect("marked");
    let (policy, url) = (shelf.policy.clone(), shelf.database.url.clone());
    let proven = challenge.clone();
    let decide = move |history: &SendHistory| {
        let asked = first_ask();
        let plan = policy.may_send(&asked, history, at(61));
        if plan.is_ok() {
            prove_elsewhere(url.clone(), proven.clone());
        }
        Ok(reservation(plan?, at(61)))
    };
    let decided = shelf.store.reserve_send(&ask("a", 1), &shelf.policy, at(61), Box::new(decide)).await.expect("asked");
    assert_eq!(decided.expect_err("refused"), SendRefusal::AlreadyVerified);
    assert_eq!(shelf.challenge(&challenge.id).await.state, State::Verified { verified_at: at(61) });
}

/// What another replica does meanwhile.
fn prove_elsewhere(url: String, challenge: Challenge) {
    let proof = async move {
        let store = store::connect(&url).await.expect("the store opens");
        store.mark_verified(&challenge, &rotation("a", "old", "new", at(61))).await.expect("verified").consumed
    };
    let replica = std::thread::spawn(|| tokio::runtime::Runtime::new().expect("a runtime").block_on(proof));
    assert_eq!(replica.join().expect("no panic"), Consumed::Verified);
}

/// The code in hand is as good as before.
async fn a_correction_that_fails_leaves_the_earlier_challenge(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let earlier = shelf.pending("a", 1, at(0)).await;
    let correction = shelf.reserve(&ask("a", 2), at(60)).await.expect("allowed");
    assert_eq!(shelf.challenge(&earlier.id).await.state, State::Closed);
    shelf.store.mark_send(&correction.send_id, &SendResult::Failed, at(61)).await.expect("marked");
    assert_eq!(shelf.challenge(&correction.challenge).await.state, State::Closed);
    assert_eq!(shelf.history("a", at(61)).await.current, Some(earlier.clone()));
    assert_eq!(shelf.codes(&earlier.id, at(61)).await, 1);
}

/// What a person did meanwhile stays.
async fn a_correction_that_fails_brings_nothing_back_that_was_left(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let earlier = shelf.pending("a", 1, at(0)).await;
    let correction = shelf.reserve(&ask("a", 2), at(60)).await.expect("allowed");
    shelf.store.close_challenges(&subject("a"), at(61)).await.expect("closed");
    shelf.store.mark_send(&correction.send_id, &SendResult::Failed, at(62)).await.expect("marked");
    assert_eq!(shelf.challenge(&earlier.id).await.state, State::Closed, "the person started over");
    let again = shelf.pending("b", 3, at(100)).await;
    let correction = shelf.reserve(&ask("b", 4), at(160)).await.expect("allowed");
    shelf.store.close_challenge(&again.id, at(161)).await.expect("closed");
    shelf.store.mark_send(&correction.send_id, &SendResult::Failed, at(162)).await.expect("marked");
    assert_eq!(shelf.challenge(&again.id).await.state, State::Closed, "its vendor ended it");
}

async fn a_refused_send_leaves_nothing(kind: Kind) {
    let shelf = Shelf { policy: Policy { max_sends_per_requester: 2, ..Policy::default() }, ..Shelf::new(kind).await };
    shelf.pending("a", 1, at(0)).await;
    shelf.pending("b", 2, at(0)).await;
    let before = rows_of_all_tables(&shelf.database.url).await;
    for (who, last) in [("a", 1), ("a", 3), ("c", 1), ("c", 3), ("d", 4)] {
        assert!(shelf.reserve(&ask(who, last), at(1)).await.is_err());
    }
    assert_eq!(rows_of_all_tables(&shelf.database.url).await, before);
}

/// A guess that is under way may use a challenge up, or prove it, while a resend is decided.
async fn a_resend_adds_no_code_to_what_is_over(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let challenge = shelf.pending("a", 1, at(0)).await;
    let stale = shelf.history("a", at(60)).await;
    shelf.store.mark_exhausted(&challenge.id, shelf.policy.max_attempts).await.expect("marked");
    let (policy, asked) = (shelf.policy.clone(), first_ask());
    let is_first = std::sync::atomic::AtomicBool::new(true);
    let decide = move |history: &SendHistory| {
        let seen = if is_first.swap(false, std::sync::atomic::Ordering::SeqCst) { &stale } else { history };
        Ok(reservation(policy.may_send(&asked, seen, at(60))?, at(60)))
    };
    let decided = shelf.store.reserve_send(&ask("a", 1), &shelf.policy, at(60), Box::new(decide)).await.expect("asked");
    assert_ne!(decided.expect("allowed").challenge, challenge.id, "a new challenge takes its place");
}

async fn an_unknown_send_stays_counted_and_its_code_is_good(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let reserved = shelf.reserve(&ask("a", 1), at(0)).await.expect("allowed");
    shelf.store.mark_send(&reserved.send_id, &SendResult::Unknown { provider: "sens" }, at(5)).await.expect("marked");
    assert_eq!(shelf.codes(&reserved.challenge, at(5)).await, 1);
    assert_eq!(shelf.spent("a", at(5)).await, (1, 1));
}

async fn a_requester_gets_nothing_back_and_waits_an_hour(kind: Kind) {
    let policy = Policy { max_sends_per_requester: 2, ..Policy::default() };
    let shelf = Shelf { policy, ..Shelf::new(kind).await };
    for n in 0..2 {
        let reserved = shelf.reserve(&ask("a", 1), at(n)).await.expect("allowed");
        shelf.store.mark_send(&reserved.send_id, &SendResult::Failed, at(n)).await.expect("marked");
    }
    assert_eq!(shelf.reserve(&ask("b", 2), at(9)).await.expect_err("spent"), spent(Budget::Requester, 3600));
    let elsewhere = SendRequest { requester: "192.0.2.2".into(), ..ask("b", 2) };
    assert!(shelf.reserve(&elsewhere, at(9)).await.is_ok());
    assert!(shelf.reserve(&ask("c", 3), at(3600)).await.is_ok());
}

/// What `ask("a", 1)` asks of the rules.
fn first_ask() -> AskedSend {
    AskedSend {
        phone_number: number(1),
        country: "KR".to_owned(),
        purpose: Purpose::SignUp,
        judge: Judge::Ours,
        ended: None,
        is_signed_up: false,
        needs_work: false,
    }
}

async fn who_took_the_last_text_is_kept_with_the_send(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let challenge = shelf.pending("a", 1, at(0)).await;
    let last = async || shelf.store.find_last_sender(&challenge.id).await.expect("found");
    assert_eq!(last().await.as_deref(), Some("sens"));
    let second = shelf.reserve(&ask("a", 1), at(60)).await.expect("allowed");
    assert_eq!(second.challenge, challenge.id);
    assert_eq!(last().await.as_deref(), Some("sens"), "the second was not taken yet");
    shelf.store.mark_send(&second.send_id, &SendResult::Unknown { provider: "solapi" }, at(61)).await.expect("marked");
    assert_eq!(last().await.as_deref(), Some("solapi"), "it may have been");
    let story = shelf.store.tell_of(&number(1), at(62)).await.expect("told");
    let senders: Vec<_> = story.sends.iter().map(|send| send.provider.as_deref()).collect();
    assert_eq!(senders, [Some("solapi"), Some("sens")]);
}

/// It knows no judge and no sender of a send: a challenge has a provider, which is both.
async fn rows_of_an_older_replica_are_read(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let (ours, theirs) = (shelf.pending("a", 1, at(0)).await, shelf.pending("b", 2, at(0)).await);
    execute(&shelf.database.url, "update challenges set judge = null").await;
    execute(&shelf.database.url, "update sends set provider = null").await;
    execute(&shelf.database.url, &format!("update challenges set provider = 'twilio_verify' where id = '{}'", theirs.id.as_str()))
        .await;
    assert_eq!(shelf.challenge(&ours.id).await.judge, Judge::Ours);
    assert_eq!(shelf.challenge(&theirs.id).await.judge, Judge::Hosted("twilio_verify".into()));
    let found = shelf.store.find_hosted(&number(2), "twilio_verify", &ours.id, at(-1)).await.expect("found");
    assert_eq!(found.len(), 1);
    let story = shelf.store.tell_of(&number(1), at(1)).await.expect("told");
    assert_eq!(story.sends[0].provider.as_deref(), Some("sens"));
}

async fn the_service_has_a_budget_of_its_own(kind: Kind) {
    let policy = Policy { max_sends_per_day: 2, ..Policy::default() };
    let shelf = Shelf { policy, ..Shelf::new(kind).await };
    shelf.pending("a", 1, at(0)).await;
    shelf.pending("b", 2, at(1)).await;
    assert_eq!(shelf.reserve(&ask("c", 3), at(2)).await.expect_err("spent"), SendRefusal::ServiceExhausted);
    let hour_after_a_day = at(86_400 + 3600);
    assert!(shelf.reserve(&ask("c", 3), hour_after_a_day).await.is_ok());
}

async fn what_the_service_got_back_does_not_count(kind: Kind) {
    let policy = Policy { max_sends_per_day: 1, ..Policy::default() };
    let shelf = Shelf { policy, ..Shelf::new(kind).await };
    let failed = shelf.reserve(&ask("a", 1), at(0)).await.expect("allowed");
    shelf.store.mark_send(&failed.send_id, &SendResult::Failed, at(0)).await.expect("marked");
    shelf.pending("b", 2, at(1)).await;
    assert_eq!(shelf.reserve(&ask("c", 3), at(2)).await.expect_err("spent"), SendRefusal::ServiceExhausted);
}

async fn an_answer_that_a_number_is_taken_counts_for_the_subject_alone(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    super::accounts::account(&shelf, "owner", 1, at(0)).await;
    for n in 0..5 {
        assert_eq!(shelf.reserve(&ask("a", 1), at(60 + n)).await.expect_err("taken"), SendRefusal::NumberTaken);
    }
    assert_eq!(shelf.reserve(&ask("a", 1), at(65)).await.expect_err("spent"), spent(Budget::Subject, 86_460));
    let history = shelf.history("a", at(65)).await;
    assert_eq!((history.subject_sends.len(), history.current), (5, None));
    assert!(history.subject_sends.iter().all(|send| !send.is_delivery));
    let sign_in = SendRequest { purpose: Purpose::SignIn, ..ask("b", 1) };
    assert!(shelf.reserve(&sign_in, at(66)).await.is_ok());
}

async fn sends_count_for_a_rolling_day(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    for n in 0..5 {
        shelf.pending("a", 1, at(n * 60)).await;
    }
    assert_eq!(shelf.reserve(&ask("b", 1), at(1000)).await.expect_err("spent"), spent(Budget::Number, 86_400));
    assert!(shelf.reserve(&ask("b", 1), at(86_400)).await.is_ok());
    assert_eq!(
        shelf.reserve(&ask("c", 1), at(86_459)).await.expect_err("a wait"),
        SendRefusal::NumberResting { until: at(86_460) }
    );
}

/// The number's budget and rest, and for those who asked for it their own budget and cooldown.
async fn a_lifted_budget_counts_from_then_on(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    for n in 0..5 {
        shelf.pending("a", 1, at(n * 60)).await;
    }
    assert_eq!(shelf.reserve(&ask("a", 1), at(300)).await.expect_err("spent"), spent(Budget::Subject, 86_400));
    assert_eq!(shelf.store.lift_budgets(Some(&number(2)), &deed(0)).await.expect("a number that was never sent a code"), 0);
    assert_eq!(shelf.store.lift_budgets(Some(&number(1)), &deed(0)).await.expect("lifted"), 5);
    assert!(shelf.reserve(&ask("a", 1), at(241)).await.is_ok(), "no budget and no cooldown is left");
    assert_eq!(shelf.spent("a", at(242)).await, (1, 1));
    for (who, last) in [("b", 2), ("c", 3)] {
        shelf.pending(who, last, at(250)).await;
    }
    assert_eq!(shelf.store.lift_budgets(None, &deed(0)).await.expect("lifted for all"), 3);
    for (who, last) in [("b", 2), ("c", 3), ("a", 1)] {
        assert_eq!(shelf.spent(who, at(251)).await, (0, 0), "{who}");
        assert!(shelf.reserve(&ask(who, last), at(251)).await.is_ok());
    }
}
