//! Beonho as an `OpenID` provider, seen by applications: over HTTP, checked with nothing of Beonho's own (docs/oidc.md).

mod backchannel_logout;
mod bad_calls;
mod bad_requests;
mod basic;
mod basic_requests;
mod basic_tokens;
mod config;
mod door;
mod endpoints;
mod id_token;
mod journeys;
mod listed;
mod listener;
mod log;
mod names;
mod places;
mod races;
mod relying_party;
mod reproof;
mod rp_initiated_logout;
mod stage;
mod told;
