//! Requests that come at once and are written together: each has the answer that it would have had alone.

use beonho::server::store::{Consumed, Reservation, SendRequest, SendResult, SpentProof, StoreFault};
use beonho::verification::{AskedSend, Judge, Policy, Purpose, SendHistory, SendRefusal, State};
use futures::future::join_all;

use super::{Shelf, ask, at, number, reservation, rotation, subject};
use crate::database_faults::count;
use crate::databases::{Kind, on_both_databases};

on_both_databases!(
    a_hundred_who_share_nothing_all_prove_their_numbers,
    of_many_who_want_one_number_one_gets_it,
    of_many_asks_of_one_subject_one_is_sent,
    one_address_has_its_budget_and_no_more,
    one_proof_of_work_buys_one_send,
    a_challenge_takes_as_many_guesses_as_it_may,
    a_code_that_is_typed_twice_works_once,
    one_that_breaks_a_constraint_harms_no_other,
    one_whose_decision_panics_harms_no_other,
    resends_and_first_sends_go_together,
);

/// How many ask at once where it is not said.
const MANY: u32 = 20;

async fn a_hundred_who_share_nothing_all_prove_their_numbers(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let one = async |n: u32| {
        let who = format!("person {n}");
        let request = SendRequest { requester: format!("192.0.2.{n}"), ..ask(&who, n) };
        let reserved = shelf.reserve(&request, at(0)).await.expect("allowed");
        let accepted = SendResult::Accepted { provider: "sens", reference: Some(format!("text {n}")), poll_at: Some(at(9)) };
        shelf.store.mark_send(&reserved.send_id, &accepted, at(1)).await.expect("marked");
        let attempt = shelf.store.count_attempt(None, &subject(&who), 5, at(2)).await.expect("counted").expect("a challenge");
        assert_eq!(attempt.codes, [reserved.code_digest.expect("a code")], "{who}");
        let rotation = rotation(&who, &format!("{who} old"), &format!("{who} new"), at(3));
        let proven = shelf.store.mark_verified(&attempt.challenge, &rotation).await.expect("marked");
        (proven.consumed, proven.sends.len())
    };
    let proven = join_all((1..=100).map(one)).await;
    assert!(proven.iter().all(|told| *told == (Consumed::Verified, 1)), "{proven:?}");
    let texts = "select count(*) from sends where result = 'accepted' and provider_reference like 'text %' and poll_at is not null";
    assert_eq!(count(&shelf.database.url, texts).await, 100);
    assert_eq!(count(&shelf.database.url, "select cast(sum(sends) as bigint) from hourly_sends").await, 100);
}

async fn of_many_who_want_one_number_one_gets_it(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let asks: Vec<_> = (0..MANY).map(|n| ask(&format!("person {n}"), 1)).collect();
    let told = join_all(asks.iter().map(|asked| shelf.reserve(asked, at(0)))).await;
    assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 1);
    let refused: Vec<_> = told.into_iter().filter_map(Result::err).collect();
    assert!(refused.iter().all(|refusal| *refusal == SendRefusal::NumberResting { until: at(60) }), "{refused:?}");
}

async fn of_many_asks_of_one_subject_one_is_sent(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let asks: Vec<_> = (0..MANY).map(|n| ask("one", n)).collect();
    let told = join_all(asks.iter().map(|asked| shelf.reserve(asked, at(0)))).await;
    assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 1);
    assert_eq!(count(&shelf.database.url, "select count(*) from challenges").await, 1);
}

async fn one_address_has_its_budget_and_no_more(kind: Kind) {
    let shelf = Shelf { policy: Policy { max_sends_per_requester: 7, ..Policy::default() }, ..Shelf::new(kind).await };
    let asks: Vec<_> = (0..MANY).map(|n| ask(&format!("person {n}"), n)).collect();
    let told = join_all(asks.iter().map(|asked| shelf.reserve(asked, at(0)))).await;
    assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 7);
}

async fn one_proof_of_work_buys_one_send(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let proof = Some(SpentProof { id: "the proof".into(), expires_at: at(600) });
    let asks: Vec<_> = (0..MANY)
        .map(|n| SendRequest { proof: proof.clone(), requester: format!("192.0.2.{n}"), ..ask(&format!("person {n}"), n) })
        .collect();
    let told = join_all(asks.iter().map(|asked| shelf.reserve(asked, at(0)))).await;
    let refused: Vec<_> = told.iter().filter_map(|told| told.as_ref().err()).collect();
    assert_eq!(refused.len(), 19);
    assert!(refused.iter().all(|refusal| matches!(refusal, SendRefusal::ChallengeRequired)), "{refused:?}");
    assert_eq!(count(&shelf.database.url, "select count(*) from sends").await, 1);
}

async fn a_challenge_takes_as_many_guesses_as_it_may(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let challenge = shelf.pending("a", 1, at(0)).await;
    let other = shelf.pending("b", 2, at(0)).await;
    let (a, b) = (subject("a"), subject("b"));
    let named = (0..MANY).map(|_| shelf.store.count_attempt(Some(&challenge.id), &a, 5, at(1)));
    let beside = shelf.store.count_attempt(None, &b, 5, at(1));
    let (guesses, beside) = futures::join!(join_all(named), beside);
    let mut counted: Vec<_> =
        guesses.into_iter().filter_map(|told| told.expect("asked")).map(|attempt| attempt.challenge.state).collect();
    counted.sort_by_key(|state| format!("{state:?}"));
    let attempts = |attempts| State::Pending { attempts, expires_at: at(300) };
    assert_eq!(counted, (1..=5).map(attempts).collect::<Vec<_>>());
    assert_eq!(beside.expect("asked").expect("counted").challenge.id, other.id);
    let elses = shelf.store.count_attempt(Some(&other.id), &a, 9, at(1)).await;
    assert!(elses.expect("asked").is_none(), "another's challenge");
}

async fn a_code_that_is_typed_twice_works_once(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let (challenge, other) = (shelf.pending("a", 1, at(0)).await, shelf.pending("b", 2, at(0)).await);
    let rotations: Vec<_> = (0..MANY).map(|n| rotation("a", "a old", &format!("a new {n}"), at(1))).collect();
    let marks = rotations.iter().map(|rotation| shelf.store.mark_verified(&challenge, rotation));
    let beside = rotation("b", "b old", "b new", at(1));
    let (told, beside) = futures::join!(join_all(marks), shelf.store.mark_verified(&other, &beside));
    let told: Vec<_> = told.into_iter().map(|told| told.expect("asked")).collect();
    assert_eq!(told.iter().filter(|told| told.consumed == Consumed::Verified).count(), 1, "{told:?}");
    assert_eq!(beside.expect("asked").consumed, Consumed::Verified);
    assert_eq!(count(&shelf.database.url, "select count(*) from sessions where rotated_at is null").await, 2);
}

async fn reserve_as(
    shelf: &Shelf,
    who: u32,
    decide: impl Fn() -> Option<String> + Send + Sync + 'static,
) -> Result<(), StoreFault> {
    let (request, policy) = (ask(&format!("person {who}"), who), shelf.policy.clone());
    let asked = AskedSend {
        phone_number: number(who),
        purpose: Purpose::SignUp,
        country: "KR".into(),
        judge: Judge::Ours,
        ended: None,
        is_signed_up: false,
        needs_work: false,
    };
    let request = SendRequest { requester: format!("192.0.2.{who}"), ..request };
    let decide = move |history: &SendHistory| {
        let made = reservation(policy.may_send(&asked, history, at(1))?, at(1));
        Ok(Reservation { send_id: decide().unwrap_or_else(|| made.send_id.clone()), ..made })
    };
    shelf.store.reserve_send(&request, &shelf.policy, at(1), Box::new(decide)).await.map(|told| drop(told.expect("allowed")))
}

async fn one_that_breaks_a_constraint_harms_no_other(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let taken = shelf.reserve(&ask("before", 99), at(0)).await.expect("allowed").send_id;
    let told = join_all((0..8).map(|n| {
        let taken = taken.clone();
        reserve_as(&shelf, n, move || (n == 2).then(|| taken.clone()))
    }))
    .await;
    let failed: Vec<_> = told.iter().enumerate().filter(|(_, told)| told.is_err()).map(|(n, _)| n).collect();
    assert_eq!(failed, [2]);
    assert_eq!(count(&shelf.database.url, "select count(*) from sends").await, 8, "with the one before");
    assert_eq!(count(&shelf.database.url, "select count(*) from challenges").await, 8);
    assert_eq!(count(&shelf.database.url, "select cast(sum(sends) as bigint) from hourly_sends").await, 8);
}

async fn one_whose_decision_panics_harms_no_other(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let told = join_all((0..8).map(|n| reserve_as(&shelf, n, move || if n == 5 { panic!("on purpose") } else { None }))).await;
    let failed: Vec<_> = told.iter().enumerate().filter(|(_, told)| told.is_err()).map(|(n, _)| n).collect();
    assert_eq!(failed, [5]);
    assert_eq!(count(&shelf.database.url, "select count(*) from sends").await, 7);
    assert!(reserve_as(&shelf, 5, || None).await.is_ok(), "its kind is still asked for");
}

/// Some prolong a challenge, some close one for another number, some open their first, and some are refused.
async fn resends_and_first_sends_go_together(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    for n in 0..12 {
        shelf.pending(&format!("person {n}"), n, at(0)).await;
    }
    let asks: Vec<_> = (0..16)
        .map(|n| match n {
            4..8 => ask(&format!("person {n}"), 100 + n),
            8..12 => ask(&format!("other {n}"), n),
            _ => ask(&format!("person {n}"), n),
        })
        .map(|asked| SendRequest { requester: format!("192.0.2.{}", asked.phone_number.as_e164()), ..asked })
        .collect();
    let told = join_all(asks.iter().map(|asked| shelf.reserve(asked, at(59)))).await;
    assert_eq!(told.iter().map(Result::is_ok).collect::<Vec<_>>(), [[false; 12].as_slice(), &[true; 4]].concat());
    let told = join_all(asks.iter().take(12).map(|asked| shelf.reserve(asked, at(60)))).await;
    assert!(told.iter().all(Result::is_ok), "{told:?}");
    let open = "select count(*) from challenges where closed_at is null";
    assert_eq!(
        count(&shelf.database.url, open).await,
        12 + 4 + 4,
        "eight stay or take another's place, four are new, four were before"
    );
}

/// The last sends of the day go to as many as there are of them, also within one group.
#[tokio::test]
async fn the_last_sends_of_a_day_are_not_given_twice() {
    let shelf = Shelf { policy: Policy { max_sends_per_day: 7, ..Policy::default() }, ..Shelf::new(Kind::Sqlite).await };
    let asks: Vec<_> = (0..MANY)
        .map(|n| SendRequest { requester: format!("192.0.2.{n}"), purpose: Purpose::SignIn, ..ask(&format!("person {n}"), n) })
        .collect();
    let told = join_all(asks.iter().map(|asked| shelf.reserve(asked, at(0)))).await;
    let sent = told.iter().filter(|told| told.is_ok()).count();
    let refused: Vec<_> = told.iter().filter_map(|told| told.as_ref().err()).collect();
    assert!(sent <= 7 && !refused.is_empty(), "{told:?}");
    let one_by_one = Shelf { policy: shelf.policy.clone(), ..Shelf::new(Kind::Sqlite).await };
    let mut alone = 0;
    for asked in &asks {
        alone += usize::from(one_by_one.reserve(asked, at(0)).await.is_ok());
    }
    assert_eq!(sent, alone);
}
