//! What every answer tells, at its edges.

use super::*;
use crate::verification::challenge::tests::{at, pending};
use crate::verification::send::CountedSend;
use crate::verification::{Challenge, State};

fn status(history: &SendHistory, now_secs: i64) -> Status {
    Status::of(history, Some(ProviderKind::Sender), &Policy::default(), at(now_secs))
}

fn sent(challenge: Challenge, at_secs: &[i64]) -> SendHistory {
    SendHistory {
        current: Some(challenge),
        subject_sends: at_secs.iter().map(|secs| CountedSend { at: at(*secs), is_delivery: true }).collect(),
        number_sends: at_secs.iter().map(|secs| at(*secs)).collect(),
        ..SendHistory::default()
    }
}

#[test]
fn whoever_asked_for_nothing_has_every_send_left() {
    assert_eq!(status(&SendHistory::default(), 0), Status { sends_left: 5, ..Status::default() });
}

#[test]
fn a_pending_challenge_tells_its_waits_rounded_up_and_its_number_masked() {
    let told = status(&sent(pending(2, 300), &[0]), 1);
    assert_eq!((told.state, told.expires_in_secs, told.resend_in_secs), (VerificationState::Pending, Some(299), Some(59)));
    assert_eq!((told.attempts_left, told.sends_left), (Some(3), 4));
    assert_eq!(told.phone_number.map(|number| number.masked()).as_deref(), Some("+82 10-****-5678"));
    assert_eq!(status(&sent(pending(2, 300), &[0]), 60).resend_in_secs, None);
}

#[test]
fn a_code_that_nobody_can_judge_any_more_has_expired() {
    let told = Status::of(&sent(pending(2, 300), &[0]), None, &Policy::default(), at(1));
    assert_eq!((told.state, told.attempts_left, told.expires_in_secs), (VerificationState::Expired, None, None));
}

#[test]
fn an_end_is_told_for_what_it_is() {
    let verified = Challenge { state: State::Verified { verified_at: at(0) }, ..pending(1, 300) };
    for (challenge, now_secs, state, attempts_left) in [
        (pending(0, 300), 300, VerificationState::Expired, None),
        (pending(5, 300), 10, VerificationState::Exhausted, Some(0)),
        (verified.clone(), 10, VerificationState::Verified, None),
        (verified, 1800, VerificationState::None, None),
    ] {
        let told = status(&sent(challenge, &[0]), now_secs);
        assert_eq!((told.state, told.attempts_left, told.expires_in_secs), (state, attempts_left, None), "{state:?}");
    }
}

#[test]
fn fewer_sends_are_left_of_the_number_than_of_the_subject() {
    let spent = SendHistory { number_sends: vec![at(0); 4], ..sent(pending(0, 300), &[0]) };
    assert_eq!(status(&spent, 1).sends_left, 1);
}

#[test]
fn a_challenge_belongs_to_the_page_that_started_it_and_a_proof_to_both() {
    let told = status(&sent(pending(0, 300), &[0]), 1);
    assert_eq!(told.clone().on_page_of(Purpose::SignUp), told);
    let elsewhere = told.on_page_of(Purpose::SignIn);
    assert_eq!((elsewhere.state, elsewhere.phone_number, elsewhere.resend_in_secs), (VerificationState::None, None, Some(59)));
    let verified = Challenge { state: State::Verified { verified_at: at(0) }, ..pending(1, 300) };
    let told = status(&sent(verified, &[0]), 1);
    assert_eq!(told.clone().on_page_of(Purpose::SignIn), told);
}

#[test]
fn a_second_that_has_begun_is_a_second() {
    for (millis, secs) in [(1, Some(1)), (1000, Some(1)), (1001, Some(2)), (0, None), (-1, None)] {
        assert_eq!(whole_secs(SignedDuration::from_millis(millis)), secs, "{millis}");
    }
}
