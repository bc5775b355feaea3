//! A send that is doubtful costs work, or a wait (docs/design.md, "What does a doubtful send cost?").

use jiff::SignedDuration;

use super::{Reply, Verifier, Visitor};
use crate::server::store::StoreFault;
use crate::server::work::{Judged, Work, WorkFor};
use crate::verification::work::{WAIT, WorkAsked, day_of};
use crate::verification::{PhoneNumber, SendRefusal, whole_secs};

impl Verifier {
    /// Whether a send is doubtful, so that it costs work.
    #[expect(clippy::unused_async, reason = "who judges what is doubtful will ask the store")]
    pub(super) async fn is_doubtful(&self, _visitor: &Visitor, _number: &PhoneNumber) -> bool {
        match self.work_asked {
            WorkAsked::Always => true,
            WorkAsked::Doubtful | WorkAsked::Off => false,
        }
    }

    /// What a proof is worth, where one is asked for; none where none is.
    pub(super) async fn judge_proof(&self, visitor: &Visitor, sent: &WorkFor, proof: Option<&str>) -> Option<Judged> {
        let is_doubtful = self.is_doubtful(visitor, &sent.number).await;
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
