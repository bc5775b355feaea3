//! Cookies, and the sessions that they stand for.

use super::*;

fn at(secs: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + secs).expect("in range")
}

fn keys() -> SecretKeys {
    SecretKeys::parse(&"ab".repeat(32)).expect("key")
}

fn once(text: &str) -> Once {
    Once::of_form(text)
}

#[test]
fn a_cookie_is_read_back_and_no_other_is() {
    let cookie = Cookie::new(at(0));
    let value = cookie.value(&keys());
    assert_eq!(Cookie::parse(&keys(), &value), Some(cookie));
    let other = SecretKeys::parse(&"cd".repeat(32)).expect("key");
    assert_eq!(Cookie::parse(&other, &value), None);
    for forged in ["", "A", &value[1..], &value[..value.len() - 2], "not base64 at all!"] {
        assert_eq!(Cookie::parse(&keys(), forged), None, "{forged}");
    }
}

#[test]
fn the_same_post_leads_to_the_same_cookie_and_another_does_not() {
    let cookie = Cookie::new(at(0));
    assert_eq!(cookie.successor(&keys(), &once("once"), at(5)), cookie.successor(&keys(), &once("once"), at(5)));
    assert_ne!(cookie.successor(&keys(), &once("once"), at(5)), cookie.successor(&keys(), &once("twice"), at(5)));
}

#[test]
fn a_session_that_is_used_is_prolonged_once_an_hour() {
    let session = Session::fresh(at(0));
    assert!(session.prolonged(at(3599)).is_none());
    let later = session.prolonged(at(3600)).expect("prolonged");
    assert_eq!((later.ends_at, later.cookie.digest()), (at(3600) + LIFETIME, session.cookie.digest()));
    assert!(later.prolonged(at(3600)).is_none());
    assert_eq!(Cookie::parse(&keys(), &later.cookie.value(&keys())).map(|cookie| cookie.expires_at()), Some(later.ends_at));
}

#[test]
fn a_post_may_be_repeated_for_a_minute() {
    let (cookie, rotated) = (Cookie::new(at(0)), Rotated { at: at(0), by: once("once").digest(), outcome: "verified".into() });
    let grave = Grave { subject: cookie.own_subject(), cookie, rotated };
    assert!(grave.was_made_by(&once("once")) && grave.is_fresh(at(59)));
    assert!(!grave.is_fresh(at(60)));
    assert!(
        !grave.was_made_by(&once("twice")) && !grave.was_made_by(&Once::of_request("once", true)),
        "another post, another door"
    );
}
