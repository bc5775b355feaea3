//! A send that is doubtful costs work, or a wait (docs/design.md, "What does a doubtful send cost?").

use jiff::SignedDuration;

use super::{Reply, Verifier, Visitor};
use crate::server::store::StoreFault;
use crate::server::work::{Judged, Work, WorkFor};
use crate::verification::work::{WAIT, WorkAsked, day_of};
use crate::verification::{SendRefusal, Verdict, whole_secs};

impl Verifier {
    /// What a proof is worth, where one is asked for; none where none is.
    pub(super) fn judge_proof(&self, sent: &WorkFor, proof: Option<&str>, verdict: &Verdict) -> Option<Judged> {
        let is_doubtful = match self.work_asked {
            WorkAsked::Always => true,
            WorkAsked::Doubtful => matches!(verdict, Verdict::Challenge(_)),
            WorkAsked::Off => false,
        };
        is_doubtful.then(|| Work::judge(&self.keys, sent, proof, self.clock.now()))
    }

    /// Gives work out to somebody whose proof, if there was one, was not good or is spent already.
    pub(super) async fn ask_for_work(
        &self,
        visitor: &Visitor,
        sent: &WorkFor,
        judged: Option<Judged>,
    ) -> Result<Reply, StoreFault> {
        let reply = self.refuse_send(visitor, &sent.number, &SendRefusal::ChallengeRequired).await?;
        let now = self.clock.now();
        let mut work = self.work.give(&self.keys, sent, now);
        let until = match judged {
            // The wait goes on, whatever is pressed meanwhile.
            Some(Judged::Early { wait, until }) => {
                if let Some(work) = &mut work {
                    work.wait = wait;
                }
                until
            }
            Some(Judged::Waited(_)) => day_of(now).1,
            Some(Judged::Solved(_) | Judged::Nothing) | None => now + WAIT,
        };
        // Told in whole seconds, rounded up: whoever presses then is not early.
        let retry_after = whole_secs(until.duration_since(now)).map(|secs| SignedDuration::from_secs(secs.into()));
        Ok(Reply { retry_after, work, ..reply })
    }
}
