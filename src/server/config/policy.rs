//! The numbers, and what bounds each.

use jiff::SignedDuration;

use super::reader::Reader;
use crate::server::provider::routes::Routes;
use crate::server::provider::twilio_verify;
use crate::verification::Policy;
use crate::verification::policy::MAX_CODE_LIFETIME_SECS;

/// Twilio Verify judges at most five codes of a verification (error 60202).
const TWILIO_MAX_ATTEMPTS: u64 = 5;
/// The day's budget needs some bound that fits the database.
const MAX_COUNT: u64 = 1_000_000_000;
const YEAR_SECS: u64 = 366 * 24 * 3600;

/// Reads them; some depend on who judges the codes.
pub(super) fn read(env: &mut Reader<'_>, routes: &Routes) -> Policy {
    let is_twilio = routes.uses(twilio_verify::NAME);
    let is_all_twilio = routes.names() == [twilio_verify::NAME];
    let lifetime = env.number("CODE_LIFETIME_SECS", if is_all_twilio { 600 } else { 300 }, 1..=MAX_CODE_LIFETIME_SECS);
    let cooldown = env.number("RESEND_COOLDOWN_SECS", 60.min(lifetime), 0..=YEAR_SECS);
    if cooldown > lifetime {
        env.refuse("RESEND_COOLDOWN_SECS", "is longer than CODE_LIFETIME_SECS: a person would wait with no good code");
    }
    let most_attempts = if is_twilio { TWILIO_MAX_ATTEMPTS } else { 10 };
    Policy {
        code_lifetime: secs(lifetime),
        resend_cooldown: secs(cooldown),
        max_sends_per_number: env.count("MAX_SENDS_PER_NUMBER", 5, MAX_COUNT),
        max_sends_per_subject: env.count("MAX_SENDS_PER_SUBJECT", 5, MAX_COUNT),
        max_sends_per_requester: env.count("MAX_SENDS_PER_REQUESTER", 60, MAX_COUNT),
        max_sends_per_day: env.count("MAX_SENDS_PER_DAY", 1000, MAX_COUNT),
        max_attempts: env.count("MAX_ATTEMPTS", 5, most_attempts),
        verified_lifetime: secs(env.number("VERIFIED_LIFETIME_SECS", 1800, 1..=YEAR_SECS)),
        ..Policy::default()
    }
}

fn secs(secs: u64) -> SignedDuration {
    SignedDuration::from_secs(i64::try_from(secs).unwrap_or(i64::MAX))
}
