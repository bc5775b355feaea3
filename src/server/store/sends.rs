//! Sends: what is reserved, what became of it at the vendor, and of the text.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Deed, Stored};
use crate::verification::{
    ChallengeId, CodeDigest, Delivered, Judge, Money, PhoneNumber, Policy, Purpose, SendHistory, SendPlan, SendRefusal, SubjectId,
};

/// A send to reserve.
#[derive(Clone, Debug)]
pub struct SendRequest {
    /// Who asks.
    pub subject: SubjectId,
    /// The address that it comes from, IPv6 cut to /64.
    pub requester: String,
    /// Where the code goes.
    pub phone_number: PhoneNumber,
    /// What the challenge is for.
    pub purpose: Purpose,
    /// Who would judge its code.
    pub judge: Judge,
    /// The name of the provider that is to send, first of all that may.
    pub provider: &'static str,
    /// The country that the number is of (ISO 3166-1 alpha-2).
    pub country: String,
    /// What it costs; none where nobody told.
    pub price: Option<Money>,
    /// What pays for it, where it costs work.
    pub proof: Option<SpentProof>,
}

/// A proof of work, or a wait in its place, that buys one send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpentProof {
    /// Its name: no other proof has it.
    pub id: String,
    /// Until when it must be remembered.
    pub expires_at: Timestamp,
}

/// A send that was reserved: it counts from now on, whatever becomes of it.
#[derive(Clone, Debug)]
pub struct Reservation {
    /// A fresh name for the send.
    pub send_id: String,
    /// Whether it adds a code or opens a challenge.
    pub plan: SendPlan,
    /// The challenge that the code belongs to.
    pub challenge: ChallengeId,
    /// What is stored of the code; none when the vendor holds it.
    pub code_digest: Option<CodeDigest>,
    /// When it was reserved.
    pub at: Timestamp,
    /// When this code expires.
    pub expires_at: Timestamp,
    /// What is known once the send is reserved.
    pub after: SendHistory,
}

/// Turns what is known into a reservation or a refusal, inside the transaction that holds the locks.
pub type DecideSend = Box<dyn Fn(&SendHistory) -> Result<Reservation, SendRefusal> + Send + Sync>;

/// What became of a send at the vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendResult {
    /// The vendor took it.
    Accepted {
        /// Which provider took it.
        provider: &'static str,
        /// The vendor's name for it.
        reference: Option<String>,
        /// When the vendor is asked what became of it; none when it does not tell.
        poll_at: Option<Timestamp>,
    },
    /// It certainly was not sent.
    Failed,
    /// The vendor may have sent it, or may yet.
    Unknown {
        /// Which provider that is.
        provider: &'static str,
    },
}

/// Whether a send counts against subject and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendCharge {
    /// It counts.
    Kept,
    /// Both got it back.
    GivenBack,
}

/// A send that is with a vendor, as far as that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentText {
    /// The send's name.
    pub send_id: String,
    /// The provider that took it, or may have; none while nobody has said so.
    pub provider: Option<String>,
    /// The provider's name for it, once it has said so.
    pub reference: Option<String>,
    /// Where it went; none once the number was erased.
    pub phone_number: Option<PhoneNumber>,
    /// Who asked for it.
    pub requester: String,
    /// When it was reserved.
    pub reserved_at: Timestamp,
}

/// What became of one accepted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryResult {
    /// The send's name.
    pub send_id: String,
    /// Whether it reached a handset.
    pub delivered: Delivered,
    /// The vendor's code and words, for the operator.
    pub reason: String,
}

/// What is remembered of sends.
#[async_trait]
pub trait Sends: Send + Sync {
    /// Reserves a send: locks requester, subject and number in that order, reads what counts, lets `decide` decide, and writes.
    /// An answer that the number is taken is charged here too; any other refusal leaves no trace. A proof is spent with the send that it
    /// buys, in one transaction; one that is spent already buys none.
    async fn reserve_send(
        &self,
        request: &SendRequest,
        policy: &Policy,
        now: Timestamp,
        decide: DecideSend,
    ) -> Stored<Result<Reservation, SendRefusal>>;
    /// Records what became of a send. A certain failure removes its code, opens the challenge again that was closed for it, never counts
    /// against the subject or the service, and is given back to the number at most
    /// [`MAX_SENDS_GIVEN_BACK`](crate::verification::policy::MAX_SENDS_GIVEN_BACK) times a day.
    async fn mark_send(&self, send_id: &str, result: &SendResult, now: Timestamp) -> Stored<SendCharge>;
    /// Which provider took the newest text of a challenge, or may have; none where none did.
    async fn find_last_sender(&self, challenge: &ChallengeId) -> Stored<Option<String>>;
    /// Claims sends whose vendor is due to be asked; each is claimed by one replica, and comes due again later unless a result is
    /// marked meanwhile.
    async fn claim_polls(&self, now: Timestamp, batch: u32) -> Stored<Vec<SentText>>;
    /// A send that its vendor tells of by itself; none where it certainly was not sent, or was forgotten.
    async fn find_send(&self, send_id: &str) -> Stored<Option<SentText>>;
    /// Records what became of texts, and says of which it was not known before. A failure gives the send back to subject and number within the bound of [`Store::mark_send`], never
    /// to the service, which pays for what its vendor took; the challenge stays, so that another code can be asked for at once.
    async fn mark_deliveries(&self, results: &[DeliveryResult], now: Timestamp) -> Stored<Vec<String>>;
    /// Lifts what stops a number, or everybody: sends until now no longer count, neither for the number nor for the subjects that asked.
    /// Says how many those were, and writes the deed down.
    async fn lift_budgets(&self, number: Option<&PhoneNumber>, deed: &Deed) -> Stored<u64>;
}
