//! Where a challenge stands, at its edges.

use super::*;
use jiff::SignedDuration;

pub(in crate::verification) fn at(secs: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + secs).expect("in range")
}

pub(in crate::verification) fn pending(attempts: u32, expires_in_secs: i64) -> Challenge {
    Challenge {
        id: ChallengeId::from_stored("c".into()),
        subject: SubjectId::from_stored("s".into()),
        phone_number: PhoneNumber::from_stored("+821012345678".into()),
        purpose: Purpose::SignUp,
        judge: Judge::Ours,
        first_sender: "outbox".into(),
        provider_reference: None,
        delivery: None,
        sent_at: at(0),
        state: State::Pending { attempts, expires_at: at(expires_in_secs) },
    }
}

#[test]
fn a_code_works_until_the_instant_it_expires() {
    let (policy, challenge) = (Policy::default(), pending(0, 300));
    let last_moment = at(300) - SignedDuration::from_millis(1);
    assert!(matches!(challenge.standing(&policy, last_moment), Standing::Pending { attempts_left: 5, .. }));
    assert_eq!(challenge.standing(&policy, at(300)), Standing::Expired);
}

#[test]
fn the_fifth_attempt_exhausts_a_challenge_even_after_it_expired() {
    let policy = Policy::default();
    assert!(matches!(pending(4, 300).standing(&policy, at(0)), Standing::Pending { attempts_left: 1, .. }));
    assert_eq!(pending(5, 300).standing(&policy, at(0)), Standing::Exhausted);
    assert_eq!(pending(5, 300).standing(&policy, at(400)), Standing::Exhausted);
}

#[test]
fn a_proof_is_good_for_half_an_hour() {
    let policy = Policy::default();
    let challenge = Challenge { state: State::Verified { verified_at: at(0) }, ..pending(1, 300) };
    assert_eq!(challenge.standing(&policy, at(1799)), Standing::Verified { until: at(1800) });
    assert_eq!(challenge.standing(&policy, at(1800)), Standing::Over);
}

#[test]
fn a_clock_that_steps_back_prolongs_neither_code_nor_proof() {
    let (policy, code) = (Policy::default(), pending(0, 300));
    let proof = Challenge { state: State::Verified { verified_at: at(0) }, ..pending(1, 300) };
    for step_secs in [6, 60, 300, 36_000] {
        assert_eq!(code.standing(&policy, at(-step_secs)), Standing::Expired, "{step_secs}");
        assert_eq!(proof.standing(&policy, at(-step_secs)), Standing::Over, "{step_secs}");
    }
    assert!(matches!(code.standing(&policy, at(-5)), Standing::Pending { .. }), "replicas differ by that much");
}

#[test]
fn a_closed_challenge_stays_closed() {
    let challenge = Challenge { state: State::Closed, ..pending(0, 300) };
    assert_eq!(challenge.standing(&Policy::default(), at(0)), Standing::Over);
}
