//! Whom a rule refused, for the operator. A refusal writes nothing while somebody waits: it is noted here, in bounded room, and written with
//! others in the background.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::{Verifier, Visitor};
use crate::server::store::{Refused, StoreFault};
use crate::verification::{PhoneNumber, SendRefusal};

/// How many refusals wait to be written. The oldest give way, and are in the counts all the same.
const MAX_WAITING: usize = 512;

/// What is yet to be written.
#[derive(Default)]
pub(crate) struct RecentRefusals(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    refused: VecDeque<Refused>,
    counts: BTreeMap<&'static str, u64>,
}

impl RecentRefusals {
    fn open(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, number: &PhoneNumber, visitor: &Visitor, rule: &'static str, now: Timestamp) {
        let mut waiting = self.open();
        *waiting.counts.entry(rule).or_default() += 1;
        let subject = &visitor.session.subject;
        // Somebody who asks again and again is one line.
        let is_same = |last: &Refused| (&last.phone_number, last.rule.as_str(), &last.subject) == (number, rule, subject);
        if let Some(last) = waiting.refused.iter_mut().rev().find(|last| is_same(last)) {
            (last.at, last.times) = (now, last.times + 1);
            return;
        }
        if waiting.refused.len() == MAX_WAITING {
            waiting.refused.pop_front();
        }
        let (subject, requester) = (subject.clone(), visitor.requester.clone());
        waiting.refused.push_back(Refused {
            phone_number: number.clone(),
            rule: rule.to_owned(),
            subject,
            requester,
            at: now,
            times: 1,
        });
    }

    fn take(&self) -> (Vec<Refused>, Vec<(String, u64)>) {
        let Waiting { refused, counts } = std::mem::take(&mut *self.open());
        (refused.into(), counts.into_iter().map(|(rule, count)| (rule.to_owned(), count)).collect())
    }
}

impl Verifier {
    /// Somebody who is verified or signed up already is sent nothing, and refused nothing.
    pub(super) fn note_refusal(&self, number: &PhoneNumber, visitor: &Visitor, refusal: &SendRefusal) {
        if !matches!(refusal, SendRefusal::SignedUp | SendRefusal::AlreadyVerified) {
            self.metrics.count_refusal(Some(number), refusal.rule());
            self.refused.note(number, visitor, refusal.rule(), self.clock.now());
        }
    }

    /// Writes the refusals that wait. What cannot be written is lost: nobody but the operator asks for it.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn write_refusals(&self) -> Result<(), StoreFault> {
        let (refused, counts) = self.refused.take();
        if counts.is_empty() { Ok(()) } else { self.store.add_refusals(&refused, &counts, self.clock.now()).await }
    }
}
