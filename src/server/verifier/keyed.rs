//! A request that brings a key of its own is carried out once, and whoever repeats it is answered the same for a day
//! (draft-ietf-httpapi-idempotency-key-header).

use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::{Instant, sleep};

use super::Verifier;
use crate::server::store::{AskedKey, Kept, KeptAnswer, StoreFault};
use crate::verification::Detail;

/// After this long without an answer the process that carried a request out is gone: waiting in line and for the database and the vendor take half of it at most.
const DEAD_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// How long a repeat waits for the answer of the first: that one calls a vendor for five seconds at most.
const PATIENCE: Duration = Duration::from_secs(8);
/// The wait between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// Whose turn it is to carry a request out.
#[derive(Debug)]
pub(crate) enum Keyed {
    /// This one's. What it comes to is to be kept, or its key given up.
    Mine,
    /// Nobody's any more: this is what the first was answered.
    Answered(KeptAnswer),
    /// Why it is not carried out.
    Refused(Detail),
}

impl Verifier {
    /// What is known of a request, without a claim to its key; none when nothing is, or its process died.
    pub(crate) async fn find_keyed(&self, asked: &AskedKey) -> Result<Option<Keyed>, StoreFault> {
        let end = Instant::now() + PATIENCE;
        loop {
            let since = match self.store.find_kept(asked).await? {
                Some(Kept::Answer(answer)) => return Ok(Some(Keyed::Answered(answer))),
                Some(Kept::OfAnotherRequest) => return Ok(Some(Keyed::Refused(Detail::KeyReused))),
                Some(Kept::UnderWay { since }) => since,
                None => return Ok(None),
            };
            if since < self.clock.now() - DEAD_AFTER {
                return Ok(None);
            }
            if Instant::now() > end {
                return Ok(Some(Keyed::Refused(Detail::KeyUnderWay)));
            }
            sleep(PAUSE).await;
        }
    }

    /// Claims the key of a request; where another has it, waits a while for that one's answer.
    pub(crate) async fn claim_key(&self, asked: &AskedKey) -> Result<Keyed, StoreFault> {
        loop {
            if let Some(known) = self.find_keyed(asked).await? {
                return Ok(known);
            }
            let now = self.clock.now();
            if self.store.claim_key(asked, now, now - DEAD_AFTER).await? {
                return Ok(Keyed::Mine);
            }
        }
    }

    /// Keeps what a claimed request came to, or gives its key up where there is none: the request did nothing that a repeat could do twice. A
    /// key that cannot be kept is logged: the request itself went well.
    pub(crate) async fn settle_key(&self, asked: &AskedKey, answer: Option<KeptAnswer>) {
        let settled = match answer {
            Some(answer) => self.store.keep_answer(asked, &answer).await,
            None => self.store.give_key_up(asked).await,
        };
        if let Err(fault) = settled {
            tracing::warn!(%fault, "the answer for an Idempotency-Key was not kept");
        }
    }
}
