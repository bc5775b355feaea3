//! Waits for a guess of the same challenge that another request makes: the other half of a double click, say.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Verifier;
use crate::server::provider::TIME_LIMIT;
use crate::server::store::StoreFault;
use crate::verification::{ChallengeId, State};

/// How often it is looked whether the other half was recorded; a second in all.
const LOOKS: u32 = 20;
/// The wait between two looks.
const PAUSE: Duration = Duration::from_millis(50);
/// How long the other half is given that another replica may be judging.
const ELSEWHERE: Duration = Duration::from_secs(1);

impl Verifier {
    /// The last attempt may be the other half of a double click, which is being judged: here, as long as a vendor may take, or by another
    /// replica, which is given a moment.
    pub(super) async fn await_other_half(&self, id: &ChallengeId) {
        if !self.judging.is_under_way(id) {
            return sleep(ELSEWHERE).await;
        }
        let end = Instant::now() + TIME_LIMIT + ELSEWHERE;
        while self.judging.is_under_way(id) && Instant::now() < end {
            sleep(PAUSE).await;
        }
    }

    /// A vendor forgets a verification that it has approved. So when that many attempts were made, one may be a right one of another request,
    /// and its record is given a moment: closing the challenge now would lose the proof.
    pub(super) async fn await_record(&self, id: &ChallengeId, of_attempts: u32) -> Result<(), StoreFault> {
        for _ in 0..LOOKS {
            match self.store.find_challenge(id).await?.map(|challenge| challenge.state) {
                Some(State::Pending { attempts, .. }) if attempts >= of_attempts => sleep(PAUSE).await,
                _ => break,
            }
        }
        Ok(())
    }
}
