//! The decisions, at their edges.

use jiff::SignedDuration;

use super::*;
use crate::verification::challenge::tests::{at, pending};
use crate::verification::{DaySpent, State};

fn asked() -> AskedSend {
    AskedSend {
        phone_number: pending(0, 0).phone_number,
        purpose: Purpose::SignUp,
        country: "KR".to_owned(),
        judge: Judge::Ours,
        ended: None,
        is_signed_up: false,
        needs_work: false,
    }
}

fn deliveries(at_secs: &[i64]) -> Vec<CountedSend> {
    at_secs.iter().map(|secs| CountedSend { at: at(*secs), is_delivery: true }).collect()
}

fn decide(history: &SendHistory, now_secs: i64) -> Result<SendPlan, SendRefusal> {
    Policy::default().may_send(&asked(), history, at(now_secs))
}

fn spent_of(budget: Budget, until_secs: i64) -> SendRefusal {
    SendRefusal::Exhausted { budget, until: at(until_secs) }
}

/// All of the day's sends.
fn spent_day() -> DaySpent {
    DaySpent { sends: 1000, ..DaySpent::default() }
}

#[test]
fn a_first_send_opens_a_challenge() {
    assert_eq!(decide(&SendHistory::default(), 0), Ok(SendPlan::OpenChallenge));
}

#[test]
fn a_resend_waits_for_the_cooldown_and_then_adds_a_code() {
    let history = SendHistory {
        current: Some(pending(2, 300)),
        subject_sends: deliveries(&[0]),
        number_sends: vec![at(0)],
        ..SendHistory::default()
    };
    assert_eq!(decide(&history, 59), Err(SendRefusal::Cooldown { until: at(60) }));
    assert_eq!(decide(&history, 60), Ok(SendPlan::AddCode(Box::new(pending(2, 300)))));
}

#[test]
fn another_number_judge_or_purpose_and_a_dead_challenge_open_a_new_one() {
    let history = |challenge| SendHistory { current: Some(challenge), ..SendHistory::default() };
    let other_number = Challenge { phone_number: PhoneNumber::from_stored("+821087654321".into()), ..pending(0, 300) };
    let other_judge = Challenge { judge: Judge::Hosted("twilio_verify".into()), ..pending(0, 300) };
    let other_purpose = Challenge { purpose: Purpose::SignIn, ..pending(0, 300) };
    for challenge in [other_number, other_judge, other_purpose, pending(5, 300), pending(0, 50)] {
        assert_eq!(decide(&history(challenge), 60), Ok(SendPlan::OpenChallenge));
    }
}

#[test]
fn another_sender_adds_a_code_all_the_same() {
    let current = Challenge { first_sender: "sens".into(), ..pending(0, 300) };
    let history = SendHistory { current: Some(current.clone()), ..SendHistory::default() };
    assert_eq!(decide(&history, 60), Ok(SendPlan::AddCode(Box::new(current))));
}

#[test]
fn a_verified_or_signed_up_subject_is_told_so_first() {
    let verified = Challenge { state: State::Verified { verified_at: at(0) }, ..pending(1, 300) };
    let history = SendHistory { current: Some(verified), is_number_taken: true, ..SendHistory::default() };
    assert_eq!(decide(&history, 10), Err(SendRefusal::AlreadyVerified));
    assert_eq!(decide(&history, 1800), Err(SendRefusal::NumberTaken));
    let member = AskedSend { is_signed_up: true, ..asked() };
    assert_eq!(Policy::default().may_send(&member, &history, at(10)), Err(SendRefusal::SignedUp));
}

#[test]
fn a_taken_number_is_told_while_the_budget_lasts_and_does_not_stop_a_sign_in() {
    let told = CountedSend { at: at(0), is_delivery: false };
    let history = SendHistory { is_number_taken: true, subject_sends: vec![told; 4], ..SendHistory::default() };
    assert_eq!(decide(&history, 1), Err(SendRefusal::NumberTaken));
    let spent = SendHistory { subject_sends: vec![told; 5], ..history.clone() };
    assert_eq!(decide(&spent, 1), Err(spent_of(Budget::Subject, 86_400)));
    let sign_in = AskedSend { purpose: Purpose::SignIn, ..asked() };
    assert_eq!(Policy::default().may_send(&sign_in, &history, at(1)), Ok(SendPlan::OpenChallenge));
}

#[test]
fn an_answer_that_a_number_is_taken_starts_no_cooldown() {
    let told = CountedSend { at: at(0), is_delivery: false };
    let history = SendHistory { subject_sends: vec![told], ..SendHistory::default() };
    assert_eq!(decide(&history, 1), Ok(SendPlan::OpenChallenge));
}

#[test]
fn a_number_rests_a_minute_at_most_whoever_asks() {
    let history = SendHistory { number_sends: vec![at(0)], ..SendHistory::default() };
    assert_eq!(decide(&history, 59), Err(SendRefusal::NumberResting { until: at(60) }));
    let slow = Policy { resend_cooldown: SignedDuration::from_secs(600), ..Policy::default() };
    assert!(slow.may_send(&asked(), &history, at(60)).is_ok());
    let quick = Policy { resend_cooldown: SignedDuration::from_secs(2), ..Policy::default() };
    assert!(quick.may_send(&asked(), &history, at(2)).is_ok());
}

#[test]
fn the_sixth_send_waits_until_the_first_is_a_day_old() {
    let history = SendHistory { number_sends: (0..5).rev().map(|n| at(n * 100)).collect(), ..SendHistory::default() };
    assert_eq!(decide(&history, 1000), Err(spent_of(Budget::Number, 86_400)));
    let subject = SendHistory { subject_sends: deliveries(&[400, 300, 200, 100, 50]), ..SendHistory::default() };
    assert_eq!(decide(&subject, 1000), Err(spent_of(Budget::Subject, 86_450)));
    let four = SendHistory { subject_sends: deliveries(&[400, 300, 200, 100]), ..SendHistory::default() };
    assert!(decide(&four, 1000).is_ok());
}

#[test]
fn a_requester_waits_an_hour_and_the_service_says_so_last() {
    let history = SendHistory { requester_spent_at: Some(at(0)), day: spent_day(), ..SendHistory::default() };
    assert_eq!(decide(&history, 10), Err(spent_of(Budget::Requester, 3600)));
    let service = SendHistory { day: spent_day(), ..SendHistory::default() };
    assert_eq!(decide(&service, 10), Err(SendRefusal::ServiceExhausted));
}

#[test]
fn a_cooldown_is_told_before_a_taken_number_and_costs_nothing() {
    let told = CountedSend { at: at(1), is_delivery: false };
    let sends = [vec![told; 3], deliveries(&[0])].concat();
    let ask = |is_number_taken| decide(&SendHistory { is_number_taken, subject_sends: sends.clone(), ..SendHistory::default() }, 5);
    assert_eq!(ask(true), Err(SendRefusal::Cooldown { until: at(60) }));
    assert_eq!(ask(true), ask(false));
}

#[test]
fn nobody_waits_for_what_the_vendor_has_ended() {
    let history = SendHistory {
        current: Some(pending(0, 300)),
        subject_sends: deliveries(&[0]),
        number_sends: vec![at(0)],
        ..SendHistory::default()
    };
    let ended = |id: &str| AskedSend { ended: Some(ChallengeId::from_stored(id.to_owned())), ..asked() };
    let ask = |ended: &AskedSend, history: &SendHistory| Policy::default().may_send(ended, history, at(5));
    assert_eq!(ask(&ended("c"), &history), Ok(SendPlan::OpenChallenge));
    assert_eq!(ask(&ended("another"), &history), Err(SendRefusal::Cooldown { until: at(60) }), "another took its place");
    let spent = SendHistory { subject_sends: deliveries(&[0; 5]), ..history.clone() };
    assert_eq!(ask(&ended("c"), &spent), Err(spent_of(Budget::Subject, 86_400)));
    let spent = SendHistory { number_sends: vec![at(0); 5], ..history };
    assert_eq!(ask(&ended("c"), &spent), Err(spent_of(Budget::Number, 86_400)));
}

#[test]
fn a_clock_that_steps_back_makes_nobody_wait_longer() {
    let history = SendHistory { subject_sends: deliveries(&[0]), number_sends: vec![at(0)], ..SendHistory::default() };
    for step_secs in [6, 61, 36_000] {
        assert_eq!(decide(&history, -step_secs), Ok(SendPlan::OpenChallenge), "{step_secs}");
    }
    assert_eq!(decide(&history, -5), Err(SendRefusal::Cooldown { until: at(60) }), "replicas differ by that much");
    let spent = SendHistory { subject_sends: deliveries(&[0; 5]), requester_spent_at: Some(at(0)), ..history };
    assert_eq!(decide(&spent, -36_000), Err(spent_of(Budget::Subject, 86_400 - 36_000)), "a day from now at most");
}

#[test]
fn what_is_left_of_a_day_is_kept_for_accounts() {
    let history = |sends, is_number_taken| SendHistory {
        day: DaySpent { sends, ..DaySpent::default() },
        is_number_taken,
        ..SendHistory::default()
    };
    let ask = |purpose, history: &SendHistory| Policy::default().may_send(&AskedSend { purpose, ..asked() }, history, at(0));
    let kept = |is_charged| Err(SendRefusal::KeptForAccounts { is_charged });
    for is_taken in [false, true] {
        assert_eq!(ask(Purpose::SignUp, &history(800, is_taken)), kept(false), "the same whoever has the number");
    }
    assert_eq!(ask(Purpose::SignUp, &history(799, false)), Ok(SendPlan::OpenChallenge));
    assert_eq!(ask(Purpose::SignIn, &history(800, true)), Ok(SendPlan::OpenChallenge));
    assert_eq!(ask(Purpose::SignIn, &history(800, false)), kept(true), "it tells, so it costs");
    assert_eq!(ask(Purpose::SignIn, &history(1000, true)), Err(SendRefusal::ServiceExhausted));
}

#[test]
fn sends_left_is_the_smaller_of_the_two_budgets() {
    let policy = Policy::default();
    assert_eq!(policy.sends_left(1, None), 4);
    assert_eq!(policy.sends_left(1, Some(3)), 2);
    assert_eq!(policy.sends_left(9, Some(3)), 0);
}

#[test]
fn one_request_per_pending_window_holds_with_the_strict_rule() {
    let strict = Policy {
        code_lifetime: SignedDuration::from_secs(600),
        resend_cooldown: SignedDuration::from_secs(600),
        ..Policy::default()
    };
    let history = SendHistory { current: Some(pending(0, 600)), subject_sends: deliveries(&[0]), ..SendHistory::default() };
    let other = AskedSend { phone_number: PhoneNumber::from_stored("+821099999999".into()), ..asked() };
    for asked in [asked(), other] {
        assert_eq!(strict.may_send(&asked, &history, at(599)), Err(SendRefusal::Cooldown { until: at(600) }));
        assert_eq!(strict.may_send(&asked, &history, at(600)), Ok(SendPlan::OpenChallenge));
    }
}

/// Whoever was not charged cannot tell a number that has an account from one that has none.
mod who_has_an_account {
    use std::sync::Arc;

    use super::*;
    use crate::verification::{Money, Tariff};
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    /// A thousandth of the day's money for each send.
    fn tariff() -> Tariff {
        let prices = [("KR".to_owned(), "0.000001 KRW".to_owned())].into();
        Tariff::new(&prices, Money::parse("0.001 KRW").ok(), vec!["KR".to_owned()]).expect("a price list")
    }

    const SEEDS: u64 = 20_000;
    const ASKS: u32 = 12;

    fn below(rng: &mut ChaCha20Rng, end: i64) -> i64 {
        i64::from(rng.next_u32()) % end
    }

    fn instants(rng: &mut ChaCha20Rng, now_secs: i64) -> Vec<i64> {
        let mut at: Vec<_> = (0..below(rng, 7)).map(|_| now_secs + 10 - below(rng, 90_000)).collect();
        at.sort_unstable_by_key(|secs| std::cmp::Reverse(*secs));
        at
    }

    /// Anything that may be known when somebody asks, of a number that has no account.
    fn any_history(rng: &mut ChaCha20Rng) -> SendHistory {
        let subject_sends =
            instants(rng, 0).into_iter().map(|secs| CountedSend { at: at(secs), is_delivery: rng.next_u32().is_multiple_of(2) });
        let subject_sends = subject_sends.collect();
        let state = match below(rng, 4) {
            0 => State::Verified { verified_at: at(-below(rng, 3600)) },
            1 => State::Closed,
            _ => State::Pending { attempts: u32::try_from(below(rng, 7)).unwrap_or(0), expires_at: at(300 - below(rng, 600)) },
        };
        SendHistory {
            current: (below(rng, 2) == 0).then(|| Challenge { state, ..pending(0, 0) }),
            is_number_taken: false,
            subject_sends,
            number_sends: instants(rng, 0).into_iter().map(at).collect(),
            requester_spent_at: (below(rng, 4) == 0).then(|| at(-below(rng, 3600))),
            day: DaySpent { sends: below(rng, 1200).unsigned_abs(), micros: below(rng, 1200), ..DaySpent::default() },
        }
    }

    /// A send, and an answer «taken», cost the subject one; nothing else does.
    fn charge(answer: &Result<SendPlan, SendRefusal>, history: &mut SendHistory, now_secs: i64) -> bool {
        let is_delivery = answer.is_ok();
        let is_charged = answer.as_ref().map_or_else(SendRefusal::is_charged, |_| true);
        if is_charged {
            history.subject_sends.insert(0, CountedSend { at: at(now_secs), is_delivery });
        }
        is_charged
    }

    #[test]
    fn whoever_was_not_charged_cannot_tell_who_has_an_account() {
        let (mut told, mut alike) = (0, 0);
        let policy = Policy { tariff: Some(Arc::new(tariff())), ..Policy::default() };
        for seed in 0..SEEDS {
            let mut rng = ChaCha20Rng::seed_from_u64(seed);
            let mut free = any_history(&mut rng);
            let mut taken = SendHistory { is_number_taken: true, ..free.clone() };
            let purpose = if seed.is_multiple_of(2) { Purpose::SignUp } else { Purpose::SignIn };
            let asked = AskedSend { purpose, needs_work: seed.is_multiple_of(3), ..asked() };
            let mut now_secs = 0;
            for _ in 0..ASKS {
                now_secs += below(&mut rng, 200) - 20;
                let ask = |history| policy.may_send(&asked, history, at(now_secs));
                let answers = (ask(&free), ask(&taken));
                if answers.0 == answers.1 {
                    alike += 1;
                    let is_charged = charge(&answers.0, &mut free, now_secs);
                    charge(&answers.1, &mut taken, now_secs);
                    assert!(!is_charged || answers.0.is_ok() && purpose == Purpose::SignIn, "it costs nothing: {answers:?}");
                    continue;
                }
                assert!(charge(&answers.0, &mut free, now_secs), "seed {seed} tells {answers:?} for nothing");
                assert!(charge(&answers.1, &mut taken, now_secs), "seed {seed} tells {answers:?} for nothing");
                told += 1;
                break;
            }
        }
        assert!(told > 1000 && alike > 1000, "{told} told, {alike} alike");
    }
}
