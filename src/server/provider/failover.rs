//! Hands one text to senders in turn. The next is asked only where it is certain that the one before sent nothing: one press never
//! becomes two texts.

use std::sync::Arc;
use std::time::Duration;

use super::health::Health;
use super::{Message, ProviderFault, Receipt, SmsSender};

/// The least time that a sender must have: one that is asked too late turns what is certain into what nobody knows.
const LEAST_TIME: Duration = Duration::from_millis(500);

/// What became of a text, and by whom.
#[derive(Debug)]
pub(crate) struct Handed {
    /// The provider that took it, may have taken it, or was asked last.
    pub(crate) by: &'static str,
    /// Whether that one is asked what becomes of a text.
    pub(crate) is_polled: bool,
    pub(crate) result: Result<Receipt, ProviderFault>,
}

/// Puts senders in the order to ask them: as they are set, but for those that fail now, which stay as a last resort, and the one that brought
/// the text before, which did not help.
pub(super) fn in_order(senders: &[Arc<dyn SmsSender>], health: &Health, last: Option<&str>) -> Vec<Arc<dyn SmsSender>> {
    let mut ordered = senders.to_vec();
    // Stable, so that within each of the groups the setting decides.
    ordered.sort_by_cached_key(|sender| (!health.may_try(sender.name()), Some(sender.name()) == last));
    ordered
}

/// Asks one sender after another until one takes the text, or may have.
pub(super) async fn hand_over(senders: &[Arc<dyn SmsSender>], health: &Health, message: &Message<'_>) -> Option<Handed> {
    let mut told: Option<Handed> = None;
    for sender in senders {
        if told.is_some() && message.deadline.remaining() < LEAST_TIME {
            break;
        }
        let result = sender.send(message).await;
        health.note(sender.name(), result.as_ref().err());
        let handed = Handed { by: sender.name(), is_polled: sender.is_polled(), result };
        match &handed.result {
            Err(fault) if fault.is_certain() => {
                tracing::warn!(sender = handed.by, %fault, number = message.to.masked(), "a sender did not take a text");
                told = Some(worse(told, handed));
            }
            Ok(_) | Err(_) => return Some(handed),
        }
    }
    told
}

/// Of two failures the one that says more to the person: a number that no text reaches, then one that is blocked, then the later.
fn worse(before: Option<Handed>, now: Handed) -> Handed {
    let weight = |handed: &Handed| match &handed.result {
        Err(ProviderFault::InvalidNumber(_)) => 2,
        Err(ProviderFault::Blocked(_)) => 1,
        Ok(_) | Err(_) => 0,
    };
    match before {
        Some(before) if weight(&before) > weight(&now) => before,
        Some(_) | None => now,
    }
}

#[cfg(test)]
mod tests;
