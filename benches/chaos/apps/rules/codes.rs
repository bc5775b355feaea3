//! A code is good once.

use super::{Broken, is_good, told};
use crate::apps::ledger::{Call, Instant, Told};
use crate::apps::story::{Grant, Story};

/// How long a code is certainly good.
const CODE_LIVES: Instant = 55_000_000;

pub(super) fn check(story: &Story<'_>, found: &mut Vec<Broken>) {
    for (code, grant) in &story.grants {
        let given: Vec<&&Call> = grant.redeems.iter().filter(|call| is_good(call)).collect();
        if given.len() > 1 {
            found.push(Broken::SecondSet(told(&given)));
        }
        let is_whole = |call: &Call| matches!(&call.told, Told::Tokens(set) if set.refresh.is_some() == grant.is_offline);
        found.extend(given.iter().filter(|call| !is_whole(call)).map(|call| Broken::NotAnAnswer(told(call))));
        for refused in grant.redeems.iter().filter(|call| call.told == Told::Refused) {
            found
                .extend(given.iter().filter(|call| call.from > refused.to).map(|call| Broken::CodeCameBack(told((refused, call)))));
            if is_refused_for_nothing(story, grant, refused) {
                found.push(Broken::RefusedForNothing(told(refused)));
            }
            if !given.is_empty() {
                found.extend(
                    alive_after(grant, refused).map(|call| Broken::AliveAfterReplay(format!("{code}: {}", told((refused, call))))),
                );
            }
        }
    }
}

/// Nobody had tried it before or at the same time, its session was there and its time was not over.
fn is_refused_for_nothing(story: &Story<'_>, grant: &Grant<'_>, refused: &Call) -> bool {
    let is_alone = grant.redeems.iter().all(|other| std::ptr::eq(*other, refused) || other.from > refused.to);
    let lived = story.ends(Some(grant.made.session)).all(|end| end.from > refused.to);
    is_alone && lived && refused.to < grant.made.from + CODE_LIVES
}

/// What was given for tokens of a grant after a call that says that all of it is over.
pub(super) fn alive_after<'a>(grant: &'a Grant<'_>, end: &'a Call) -> impl Iterator<Item = &'a Call> {
    grant.refreshes.iter().chain(&grant.looks).copied().filter(|call| call.from > end.to && is_good(call))
}
