//! What each operation may come to. The document's responses are made of these lists.

use std::collections::BTreeMap;

use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses};

use crate::verification::Outcome;

/// A request that came to no use case, or to one that is more exact than its outcome: the status, the outcome, and when.
type Special = (u16, Outcome, &'static str);

const JUST_REPLACED: Special = (409, Outcome::InvalidRequest, "another cookie took the place of this one within the last minute");

/// What any post may be told.
const POST: &[Special] = &[
    (400, Outcome::InvalidRequest, "not a request of this interface"),
    (403, Outcome::CrossSite, "a foreign page posted"),
    (408, Outcome::InvalidRequest, "the body took too long"),
    (409, Outcome::InvalidRequest, "the request of this key is still under way"),
    JUST_REPLACED,
    (413, Outcome::InvalidRequest, "the body is over 16 KiB"),
    (415, Outcome::InvalidRequest, "the body is not application/json"),
    (422, Outcome::InvalidRequest, "the key was used for another request"),
];

const LOOK: &[Outcome] = &[Outcome::Status, Outcome::Unavailable];

const START: &[Outcome] = &[
    Outcome::CodeSent,
    Outcome::CodeMayArrive,
    Outcome::Pending,
    Outcome::AlreadyVerified,
    Outcome::DeliveryBlocked,
    Outcome::PhoneNumberTaken,
    Outcome::InvalidPhoneNumber,
    Outcome::SendsExhausted,
    Outcome::TryLater,
    Outcome::ChallengeRequired,
    Outcome::DeliveryFailed,
    Outcome::Unavailable,
];

const CHECK: &[Outcome] = &[
    Outcome::Verified,
    Outcome::IncorrectCode,
    Outcome::NoChallenge,
    Outcome::CodeExpired,
    Outcome::MalformedCode,
    Outcome::TooManyAttempts,
    Outcome::Unavailable,
];

const SIGN_UP: &[Outcome] = &[
    Outcome::SignedUp,
    Outcome::AlreadyVerified,
    Outcome::PhoneNumberTaken,
    Outcome::NotVerified,
    Outcome::InvalidNickname,
    Outcome::Unavailable,
];

/// One response for each status, which names its outcomes.
fn responses(outcomes: &[Outcome], specials: &[Special]) -> BTreeMap<String, RefOr<Response>> {
    let mut described: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for outcome in outcomes {
        described.entry(outcome.http_status()).or_default().push(outcome.code().to_owned());
    }
    for (status, outcome, when) in specials {
        described.entry(*status).or_default().push(format!("{}: {when}", outcome.code()));
    }
    described.into_iter().map(|(status, told)| (status.to_string(), response(&told.join("; or ")))).collect()
}

fn response(description: &str) -> RefOr<Response> {
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("Body"))).build();
    RefOr::T(ResponseBuilder::new().description(description).content("application/json", body).build())
}

pub(super) struct LookResponses;
pub(super) struct StartResponses;
pub(super) struct CheckResponses;
pub(super) struct SignUpResponses;

impl IntoResponses for LookResponses {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(LOOK, &[JUST_REPLACED])
    }
}

impl IntoResponses for StartResponses {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(START, POST)
    }
}

impl IntoResponses for CheckResponses {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(CHECK, POST)
    }
}

impl IntoResponses for SignUpResponses {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(SIGN_UP, POST)
    }
}

/// The header that makes a request the same however often it comes.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(super) struct IdempotencyKey {
    /// A key of the caller's own, new for each request: a repeat with the same key and body is answered the same for a day. Visible ASCII,
    /// 255 characters at most.
    #[param(rename = "Idempotency-Key", required = false)]
    #[expect(dead_code, reason = "it is read from the document alone")]
    idempotency_key: String,
}
