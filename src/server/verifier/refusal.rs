//! What somebody is told who is sent nothing.

use super::{Reply, Verifier, Visitor};
use crate::server::store::StoreFault;
use crate::verification::send::Budget;
use crate::verification::{Detail, Outcome, PhoneNumber, SendRefusal, Status};

impl Verifier {
    pub(super) async fn refuse_send(
        &self,
        visitor: &Visitor,
        number: &PhoneNumber,
        refusal: &SendRefusal,
    ) -> Result<Reply, StoreFault> {
        self.note_refusal(number, visitor, refusal);
        let status = self.status(&visitor.session).await?;
        Ok(self.refusal(refusal, status))
    }

    /// A refusal that needed no further look at the database needs none for its answer either.
    pub(super) async fn refuse_at_once(
        &self,
        visitor: &Visitor,
        number: &PhoneNumber,
        refusal: &SendRefusal,
    ) -> Result<Reply, StoreFault> {
        self.note_refusal(number, visitor, refusal);
        let status = self.status_as_seen(&visitor.session, &visitor.session.seen).await?;
        Ok(self.refusal(refusal, status))
    }

    fn refusal(&self, refusal: &SendRefusal, status: Status) -> Reply {
        let (outcome, until, detail) = match refusal {
            SendRefusal::SignedUp | SendRefusal::AlreadyVerified => (Outcome::AlreadyVerified, None, None),
            SendRefusal::NumberTaken => (Outcome::PhoneNumberTaken, None, None),
            SendRefusal::Cooldown { until } => (Outcome::Pending, Some(until), None),
            SendRefusal::NumberResting { until } => (Outcome::TryLater, Some(until), None),
            SendRefusal::Exhausted { budget, until } => (Outcome::SendsExhausted, Some(until), detail_of(*budget)),
            SendRefusal::ServiceExhausted => {
                if self.spent_day_said.is_due(self.clock.now()) {
                    tracing::error!(
                        "MAX_SENDS_PER_DAY is spent: nobody is sent a code until enough of the day's sends are a day old"
                    );
                }
                (Outcome::Unavailable, None, None)
            }
            SendRefusal::MoneyExhausted | SendRefusal::KeptForAccounts { .. } => {
                if self.spent_money_said.is_due(self.clock.now()) {
                    tracing::error!(
                        rule = refusal.rule(),
                        "what a day may cost is spent, or the part of it that is for such a send"
                    );
                }
                (Outcome::Unavailable, None, None)
            }
            SendRefusal::Held(_) => (Outcome::DeliveryBlocked, None, None),
            SendRefusal::ChallengeRequired => (Outcome::ChallengeRequired, None, None),
        };
        let retry_after = until.map(|until| self.wait_until(*until));
        Reply { detail, retry_after, ..Reply::of(outcome, status) }
    }
}

fn detail_of(budget: Budget) -> Option<Detail> {
    match budget {
        Budget::Subject => None,
        Budget::Number => Some(Detail::NumberSpent),
        Budget::Requester => Some(Detail::AddressSpent),
    }
}
