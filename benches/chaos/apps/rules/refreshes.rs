//! A refresh token is changed for one pair, again and again the same until that is used.

use super::codes::alive_after;
use super::{Broken, is_good, told};
use crate::apps::ledger::{Ask, Call, Instant, Set, Told};
use crate::apps::story::{Grant, Story};

/// How long a repeat is certainly taken for one.
const REPEATABLE: Instant = 55_000_000;

pub(super) fn check(story: &Story<'_>, found: &mut Vec<Broken>) {
    for grant in story.grants.values() {
        for call in &grant.refreshes {
            if let Some(set) = pair(call) {
                found.extend(others(grant, call, set).map(|other| Broken::OtherAnswer(told((call, other)))));
                found.extend(used_before(grant, call, set).map(|used| Broken::ReuseWorked(told((used, call)))));
            }
            if call.told == Told::Refused {
                found.extend(alive_after(grant, call).map(|alive| Broken::AliveAfterReuse(told((call, alive)))));
                if is_refused_for_nothing(story, grant, call) {
                    found.push(Broken::RefusedForNothing(told(call)));
                }
            }
        }
    }
}

fn pair(call: &Call) -> Option<&Set> {
    if let Told::Tokens(set) = &call.told { Some(set) } else { None }
}

/// Other pairs that the same token was changed for.
fn others<'a>(grant: &'a Grant<'_>, call: &'a Call, set: &'a Set) -> impl Iterator<Item = &'a Call> {
    let same = grant.refreshes.iter().copied().filter(|other| other.asked == call.asked);
    same.filter(|other| pair(other).is_some_and(|other| (&other.access, &other.refresh) != (&set.access, &set.refresh)))
}

/// Calls before this one that changed what this one brings: then it came too late, and should have ended all.
fn used_before<'a>(grant: &'a Grant<'_>, call: &'a Call, set: &'a Set) -> impl Iterator<Item = &'a Call> {
    let next = set.refresh.clone().map(Ask::Refresh);
    grant.refreshes.iter().copied().filter(move |used| Some(&used.asked) == next.as_ref() && is_good(used) && used.to < call.from)
}

/// An offline grant outlives its session: only the end of all, a replay or a reuse ends it.
fn is_refused_for_nothing(story: &Story<'_>, grant: &Grant<'_>, refused: &Call) -> bool {
    let first = grant.refreshes.iter().filter(|call| call.asked == refused.asked).map(|call| call.from).min();
    let is_in_time = first.is_none_or(|first| refused.to < first + REPEATABLE);
    is_in_time && story.ends(None).all(|end| end.from > refused.to) && story.may_be_revoked_at(grant) > refused.to
}
