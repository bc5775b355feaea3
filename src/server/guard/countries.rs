//! What is known of countries. It is looked for now and then, not with each send: the rules of countries look at hundreds of sends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex as AsyncMutex;

use crate::server::store::{Hold, Store, StoreFault};
use crate::verification::HoldKey;
use crate::verification::guard::{MEMORY, Outlook, Usual, slot_of};
use crate::verification::policy::DAY;

/// How old it may be.
const OUTLOOK_AGE: SignedDuration = SignedDuration::from_secs(5);
/// How old what is usual may be.
const USUAL_AGE: SignedDuration = SignedDuration::from_mins(10);

#[derive(Default)]
pub(super) struct Countries {
    known: Mutex<Option<(Timestamp, Arc<Outlook>)>>,
    /// Whoever has it looks for all.
    usual: AsyncMutex<Option<(Timestamp, Usual)>>,
}

impl Countries {
    /// Whoever finds it old looks again, and others go on with what there is.
    pub(super) async fn look(&self, store: &dyn Store, now: Timestamp) -> Result<Arc<Outlook>, StoreFault> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, outlook)) = &known
            && is_fresh(*at, now, OUTLOOK_AGE)
        {
            return Ok(Arc::clone(outlook));
        }
        let Ok(mut usual) = self.usual.try_lock() else { return Ok(known.map(|(_, outlook)| outlook).unwrap_or_default()) };
        if !usual.as_ref().is_some_and(|(at, _)| is_fresh(*at, now, USUAL_AGE)) {
            let slots = store.find_country_slots(slot_of(now - MEMORY)).await?;
            *usual = Some((now, Usual::of(slots, now)));
        }
        let slots = store.find_country_slots(slot_of(now - DAY)).await?;
        let since = lifted_holds(store).await?;
        let outlook = Outlook::of(slots, usual.as_ref().map_or(&Usual::default(), |(_, usual)| usual), &since, now);
        let outlook = Arc::new(outlook);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&outlook)));
        Ok(outlook)
    }
}

fn is_fresh(at: Timestamp, now: Timestamp, age: SignedDuration) -> bool {
    // A clock that was set back must not keep what is old.
    now.duration_since(at).abs() < age
}

/// Up to which slot a country's sends are no evidence, because an operator lifted its hold then.
async fn lifted_holds(store: &dyn Store) -> Result<HashMap<String, i64>, StoreFault> {
    let lifted = |hold: Hold| match (hold.key, hold.lifted_at) {
        (HoldKey::Country(country), Some(at)) => Some((country, slot_of(at))),
        _ => None,
    };
    Ok(store.find_holds().await?.into_iter().filter_map(lifted).collect())
}
