//! What the JSON interface reads and writes. The OpenAPI document is made of these types.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::api::reply;
use crate::messages::Locale;
use crate::server::verifier::Reply;
use crate::verification::phone_number::is_country;
use crate::verification::{Outcome, PhoneNumber, Purpose, Status, VerificationState};

/// Every answer of the interface.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Body {
    /// The stable code of the outcome.
    pub outcome: Outcome,
    /// Its stable number.
    pub number: u32,
    /// What happened and what to do, in the caller's language.
    pub message: String,
    /// Seconds to wait before asking again.
    pub retry_after_secs: Option<u32>,
    /// Where the subject stands.
    pub status: StatusBody,
    /// With `challenge_required`: work in ALTCHA's protocol, version 2. Its payload, base64 of JSON, is the `proof` of the next request.
    #[schema(value_type = Option<Object>)]
    pub challenge: Option<Value>,
}

/// Where the subject stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct StatusBody {
    /// Where the verification stands.
    pub state: VerificationState,
    /// The masked number.
    pub phone_number: Option<String>,
    /// Seconds until the newest code expires.
    pub expires_in_secs: Option<u32>,
    /// Seconds until another code may be asked for.
    pub resend_in_secs: Option<u32>,
    /// Sends left today.
    pub sends_left: u32,
    /// Guesses left.
    pub attempts_left: Option<u32>,
    /// The challenge that a code would be for.
    pub challenge_id: Option<String>,
}

impl Body {
    /// An outcome without a status: no use case ran.
    #[must_use]
    pub(crate) fn bare(outcome: Outcome, locale: Locale) -> Self {
        let message = match outcome {
            Outcome::InvalidRequest => locale.words().not_of_interface.to_owned(),
            _ => locale.outcome(outcome, None, None),
        };
        Self::new(outcome, message, None, &Status::default())
    }

    #[must_use]
    pub(crate) fn of(reply: &Reply, locale: Locale) -> Self {
        let message = reply::message(locale, reply);
        let challenge = reply.work.as_ref().and_then(|work| serde_json::from_str(&work.challenge).ok());
        Self { challenge, ..Self::new(reply.outcome, message, reply::retry_after_secs(reply), &reply.status) }
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn new(outcome: Outcome, message: String, retry_after_secs: Option<u32>, status: &Status) -> Self {
        let status = StatusBody {
            state: status.state,
            phone_number: status.phone_number.as_ref().map(PhoneNumber::masked),
            expires_in_secs: status.expires_in_secs,
            resend_in_secs: status.resend_in_secs,
            sends_left: status.sends_left,
            attempts_left: status.attempts_left,
            challenge_id: status.challenge_id.clone(),
        };
        Self { outcome, number: outcome.number(), message, retry_after_secs, status, challenge: None }
    }
}

/// Asks for a code.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartBody {
    /// As the person typed it.
    pub phone_number: String,
    /// The country in which a number without `+` is dialled so (ISO 3166-1 alpha-2), one of `ALLOWED_REGIONS`; the default region when absent.
    #[serde(default, deserialize_with = "country")]
    #[schema(pattern = "^[A-Z]{2}$")]
    pub region: Option<String>,
    /// `sign_up` (the default) or `sign_in`.
    #[serde(default)]
    pub purpose: Option<PurposeBody>,
    /// The payload of a challenge that was solved, as `altcha` makes it.
    #[serde(default)]
    pub proof: Option<String>,
}

/// A country that has phone numbers.
fn country<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let region: Option<String> = Option::deserialize(deserializer)?;
    let is_known = region.as_deref().is_none_or(is_country);
    is_known.then_some(region).ok_or_else(|| D::Error::custom("no country that has phone numbers"))
}

/// What a verification is for.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PurposeBody {
    /// A new account.
    SignUp,
    /// The session of an account that exists.
    SignIn,
}

impl From<PurposeBody> for Purpose {
    fn from(body: PurposeBody) -> Self {
        match body {
            PurposeBody::SignUp => Self::SignUp,
            PurposeBody::SignIn => Self::SignIn,
        }
    }
}

/// Gives a code.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckBody {
    /// Six digits, as text: a code may begin with zeros.
    pub code: String,
    /// The challenge it is for; the subject's own when absent.
    #[serde(default)]
    pub challenge_id: Option<String>,
}

/// Signs up.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountBody {
    /// 1 to 30 characters.
    pub nickname: String,
    /// Whether terms and privacy were agreed to, where the service has any.
    #[serde(default)]
    pub consent: bool,
}

/// A closed list of words as a schema.
fn words(words: impl Iterator<Item = &'static str>) -> RefOr<Schema> {
    let schema = ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).enum_values(Some(words)).build();
    RefOr::T(Schema::Object(schema))
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl PartialSchema for Outcome {
    fn schema() -> RefOr<Schema> {
        words(Self::all().map(Self::code))
    }
}

impl ToSchema for Outcome {}

impl Serialize for VerificationState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl PartialSchema for VerificationState {
    fn schema() -> RefOr<Schema> {
        words(Self::ALL.into_iter().map(Self::as_str))
    }
}

impl ToSchema for VerificationState {}
