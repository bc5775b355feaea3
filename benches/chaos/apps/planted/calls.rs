//! What an answer would be that must not be.

use super::{Planted, add, find};
use crate::apps::ledger::{Ask, Call, Ledger, Set, Told};
use crate::apps::rules::Broken;
use crate::apps::story::{Grant, Story};

pub(super) const PLANTED: [Planted; 15] = [
    ("a second set of tokens for a code", second_set, Broken::SecondSet),
    ("a code that is good after it was refused", code_came_back, Broken::CodeCameBack),
    ("an access token that opens after a replay", |ledger| alive_after(ledger, replayed, opened), Broken::AliveAfterReplay),
    ("a refresh token that is good after a replay", |ledger| alive_after(ledger, replayed, refreshed), Broken::AliveAfterReplay),
    ("another answer to a refresh token", other_answer, Broken::OtherAnswer),
    ("a refresh token that is good after its successor", reuse, Broken::ReuseWorked),
    ("an access token that opens after a reuse", |ledger| alive_after(ledger, reused, opened), Broken::AliveAfterReuse),
    ("a refresh token that is good after a reuse", |ledger| alive_after(ledger, reused, refreshed), Broken::AliveAfterReuse),
    ("a token that opens after a sign-out", |ledger| alive_after(ledger, signed_out, opened), Broken::AliveAfterSignOut),
    ("a code for a session that was signed out", |ledger| alive_after(ledger, signed_out, coded), Broken::AliveAfterSignOut),
    (
        "a refresh token that outlives all sessions",
        |ledger| alive_after(ledger, all_ended, refreshed),
        Broken::AliveAfterEverywhere,
    ),
    ("a token that outlives all sessions", |ledger| alive_after(ledger, all_ended, opened), Broken::AliveAfterEverywhere),
    (
        "a code that is refused for nothing",
        |ledger| refuse(ledger, |grant| grant.redeems.first().copied()),
        Broken::RefusedForNothing,
    ),
    (
        "a token that is refused for nothing",
        |ledger| refuse(ledger, |grant| grant.looks.first().copied()),
        Broken::RefusedForNothing,
    ),
    (
        "a refresh that is refused for nothing",
        |ledger| refuse(ledger, |grant| grant.refreshes.first().copied()),
        Broken::RefusedForNothing,
    ),
];

fn given<'a>(calls: &[&'a Call]) -> Option<(&'a Call, &'a Set)> {
    calls.iter().find_map(|call| if let Told::Tokens(set) = &call.told { Some((*call, set)) } else { None })
}

fn refused<'a>(calls: &[&'a Call]) -> Option<&'a Call> {
    calls.iter().filter(|call| call.told == Told::Refused).copied().next_back()
}

fn other_tokens(call: &Call) -> Call {
    let mut call = call.clone();
    if let Told::Tokens(set) = &mut call.told {
        set.access.push('x');
    }
    call
}

fn second_set(ledger: &mut Ledger) -> bool {
    let call = find(ledger, |_, grant| given(&grant.redeems).map(|(call, _)| other_tokens(call)));
    add(ledger, call)
}

fn code_came_back(ledger: &mut Ledger) -> bool {
    let call = find(ledger, |_, grant| {
        let ((given, _), refused) = (given(&grant.redeems)?, refused(&grant.redeems)?);
        Some(after(refused, given.clone()))
    });
    add(ledger, call)
}

fn other_answer(ledger: &mut Ledger) -> bool {
    let call = find(ledger, |_, grant| given(&grant.refreshes).map(|(call, _)| other_tokens(call)));
    add(ledger, call)
}

fn reuse(ledger: &mut Ledger) -> bool {
    let call = find(ledger, |_, grant| {
        grant.refreshes.iter().find_map(|call| {
            let (_, set) = given(&[*call])?;
            let next = Ask::Refresh(set.refresh.clone()?);
            let used = grant.refreshes.iter().find(|used| used.asked == next && given(&[**used]).is_some())?;
            Some(after(used, (*call).clone()))
        })
    });
    add(ledger, call)
}

fn after(end: &Call, call: Call) -> Call {
    Call { from: end.to + 1, to: end.to + 2, ..call }
}

/// Something of a grant that is good after what ended it.
fn alive_after(
    ledger: &mut Ledger,
    end: for<'a> fn(&Story<'a>, &Grant<'a>) -> Option<&'a Call>,
    alive: for<'a> fn(&Grant<'a>) -> Option<(Ask, Told)>,
) -> bool {
    let call = find(ledger, |story, grant| {
        let (end, (asked, told)) = (end(story, grant)?, alive(grant)?);
        // Whoever has a token has heard of it.
        let heard = grant.redeems.iter().chain(&grant.refreshes).filter(|call| call.told != Told::Nothing).map(|call| call.to);
        let from = heard.chain([end.to]).max()? + 1;
        Some(Call { from, to: from + 1, asked, told, ..grant.made.clone() })
    });
    add(ledger, call)
}

fn replayed<'a>(_: &Story<'a>, grant: &Grant<'a>) -> Option<&'a Call> {
    given(&grant.redeems).and_then(|_| refused(&grant.redeems))
}

fn reused<'a>(_: &Story<'a>, grant: &Grant<'a>) -> Option<&'a Call> {
    refused(&grant.refreshes)
}

fn signed_out<'a>(story: &Story<'a>, grant: &Grant<'a>) -> Option<&'a Call> {
    story.ends(Some(grant.made.session)).find(|end| end.asked != Ask::Everywhere && end.told == Told::Done)
}

fn all_ended<'a>(story: &Story<'a>, _: &Grant<'a>) -> Option<&'a Call> {
    story.ends(None).find(|end| story.has_ended(end))
}

fn opened(grant: &Grant<'_>) -> Option<(Ask, Told)> {
    let (_, set) = given(&grant.redeems)?;
    Some((Ask::UserInfo(set.access.clone()), Told::Person("planted".to_owned())))
}

fn refreshed(grant: &Grant<'_>) -> Option<(Ask, Told)> {
    let (_, set) = given(&grant.redeems)?;
    let next = given(&grant.refreshes).map_or(set, |(_, set)| set);
    Some((Ask::Refresh(set.refresh.clone()?), Told::Tokens(next.clone())))
}

#[expect(clippy::unnecessary_wraps, reason = "one of a list whose others may find nothing")]
fn coded(grant: &Grant<'_>) -> Option<(Ask, Told)> {
    Some((grant.made.asked.clone(), Told::Code("planted".to_owned())))
}

/// Something is refused of a grant that nothing ended.
fn refuse(ledger: &mut Ledger, which: for<'a> fn(&Grant<'a>) -> Option<&'a Call>) -> bool {
    let call = find(ledger, |story, grant| {
        let call = which(grant).filter(|call| !matches!(call.told, Told::Refused | Told::Nothing))?;
        let is_untouched = grant.redeems.len() == 1 && grant.refreshes.len() <= 1;
        (is_untouched && story.ends(Some(grant.made.session)).all(|end| end.from > call.to))
            .then(|| (call.from, call.asked.clone()))
    });
    let Some((from, asked)) = call else { return false };
    let place = ledger.calls.iter_mut().find(|call| call.from == from && call.asked == asked);
    place.map(|call| call.told = Told::Refused).is_some()
}
