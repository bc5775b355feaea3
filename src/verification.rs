//! The rules of a verification: pure functions of their arguments. No I/O, no clock, no entropy; `now` and the random
//! source are passed in. This room compiles without any feature, which proves it.

pub mod abuse;
pub mod challenge;
pub mod detail;
pub mod guard;
pub mod money;
pub mod nickname;
pub mod one_time_code;
pub mod outcome;
pub mod phone_number;
pub mod policy;
pub mod secret_keys;
pub mod send;
pub mod status;
mod typed;
pub mod work;

pub use abuse::{AbuseThresholds, Tally};
pub use challenge::{Challenge, ChallengeId, Delivered, Judge, Purpose, Standing, State, SubjectId};
pub use detail::Detail;
pub use guard::{GuardLists, GuardMode, GuardRule, HoldKey, Verdict};
pub use money::{DaySpent, Money, Shares, Tariff};
pub use nickname::parse_nickname;
pub use one_time_code::{CodeDigest, OneTimeCode};
pub use outcome::Outcome;
pub use phone_number::{InvalidPhoneNumber, PhoneNumber, Regions};
pub use policy::Policy;
pub use secret_keys::SecretKeys;
pub use send::{AskedSend, SendHistory, SendPlan, SendRefusal};
pub use status::{ProviderKind, Status, VerificationState, whole_secs};
