//! What a sign-out ends, and that nothing else does.

use super::{Broken, is_good, told};
use crate::apps::ledger::{Ask, Call, Told};
use crate::apps::story::{Grant, Story};

pub(super) fn check(story: &Story<'_>, found: &mut Vec<Broken>) {
    for end in story.calls.iter().filter(|call| story.has_ended(call)) {
        let later = story.calls.iter().copied().filter(|call| call.from > end.to && is_good(call));
        match end.asked {
            Ask::Everywhere => found.extend(later.map(|call| Broken::AliveAfterEverywhere(told((end, call))))),
            _ => found.extend(
                later.filter(|call| is_ended_by(story, end, call)).map(|call| Broken::AliveAfterSignOut(told((end, call)))),
            ),
        }
    }
    for grant in story.grants.values() {
        let refused = grant.looks.iter().filter(|call| call.told == Told::Refused);
        found.extend(
            refused.filter(|call| is_refused_for_nothing(story, grant, call)).map(|call| Broken::RefusedForNothing(told(call))),
        );
    }
    let refused = story.calls.iter().filter(|call| call.told == Told::Refused && matches!(call.asked, Ask::Authorize { .. }));
    let is_for_nothing = |call: &&&Call| story.ends(Some(call.session)).all(|end| end.from > call.to);
    found.extend(refused.filter(is_for_nothing).map(|call| Broken::RefusedForNothing(told(call))));
}

/// Whether the end of its session ended what a later call brings. A refresh token outlives it, and so does what it is changed for later: a
/// second end finds nobody signed in.
fn is_ended_by(story: &Story<'_>, end: &Call, call: &Call) -> bool {
    let is_of_session = |code: &str| story.grants.get(code).is_some_and(|grant| grant.made.session == end.session);
    match &call.asked {
        Ask::Authorize { .. } => call.session == end.session,
        Ask::Redeem(code) => is_of_session(code),
        Ask::UserInfo(token) => story.origins.get(token.as_str()).is_some_and(|origin| {
            is_of_session(origin.code) && (origin.is_first || story.ends_first(end.session).is_some_and(|first| origin.to < first))
        }),
        _ => false,
    }
}

/// No end of the session or the grant had begun that could have meant this token.
fn is_refused_for_nothing(story: &Story<'_>, grant: &Grant<'_>, call: &Call) -> bool {
    let Ask::UserInfo(token) = &call.asked else { return false };
    let Some(origin) = story.origins.get(token.as_str()) else { return false };
    let mut ends = story.ends(Some(grant.made.session));
    let is_meant = |end: &Call| end.from < call.to && (origin.is_first || end.asked == Ask::Everywhere || origin.from < end.to);
    !ends.any(is_meant) && story.may_be_revoked_at(grant) > call.to
}
