//! The server functions behind the forms: each parses, calls the verifier, and hands the reply to [`Call`](super::call).
//! An island calls them as what they are, functions; [`post`](super::post) carries the call.
//!
//! A refusal is an `Ok` answer. The same posts work without JavaScript: then the answer is a redirect to the page.
#![expect(missing_docs, reason = "the server macro makes a struct of the arguments, whose fields cannot be documented")]

use leptos::prelude::{ServerFnError, server};

use super::answer::Answer;
use super::post::FormPost;

/// Asks for a code.
#[server(endpoint = "start", protocol = FormPost)]
pub async fn start_verification(
    #[server(default)] phone_number: String,
    #[server(default)] purpose: String,
    #[server(default)] proof: String,
    #[server(default)] region: String,
) -> Result<Answer, ServerFnError> {
    use crate::api::call::{Call, given};
    use crate::server::verifier::TypedNumber;
    let call = Call::begin(&purpose).with_typed(&phone_number).with_region(&region);
    let (purpose, region) = (call.purpose(), given(region));
    let typed = TypedNumber { text: &phone_number, region: region.as_deref() };
    call.run(None, async |verifier, visitor| verifier.start(visitor, typed, purpose, given(proof)).await).await
}

/// Asks for another code for the same number.
#[server(endpoint = "resend", protocol = FormPost)]
pub async fn resend_code(#[server(default)] purpose: String, #[server(default)] proof: String) -> Result<Answer, ServerFnError> {
    let call = crate::api::call::Call::begin(&purpose);
    call.run(None, async |verifier, visitor| verifier.resend(visitor, crate::api::call::given(proof)).await).await
}

/// Gives a code.
#[server(endpoint = "check", protocol = FormPost)]
pub async fn check_code(
    #[server(default)] code: String,
    #[server(default)] challenge: String,
    #[server(default)] once: String,
    #[server(default)] purpose: String,
) -> Result<Answer, ServerFnError> {
    use crate::api::call::{Call, given};
    use crate::server::session::Once;
    use crate::server::verifier::CheckRequest;
    let once = given(once).as_deref().map(Once::of_form);
    let request = CheckRequest { challenge: given(challenge), once: once.clone() };
    let call = Call::begin(&purpose);
    call.run(once, async |verifier, visitor| verifier.check(visitor, request, &code).await).await
}

/// Makes an account of a verified number.
#[server(endpoint = "sign-up", protocol = FormPost)]
pub async fn sign_up(
    #[server(default)] nickname: String,
    #[server(default)] consent: String,
    #[server(default)] once: String,
    #[server(default)] purpose: String,
) -> Result<Answer, ServerFnError> {
    use crate::api::call::{Call, given};
    use crate::server::session::Once;
    use crate::server::verifier::SignUpRequest;
    let call = Call::begin(&purpose).with_typed(&nickname);
    let once = given(once).as_deref().map(Once::of_form);
    let request = SignUpRequest { nickname, has_consented: consent == "yes", once: once.clone() };
    call.run(once, async |verifier, visitor| verifier.sign_up(&visitor.session, &request).await).await
}

/// Forgets the challenge; budgets and cooldowns stay.
#[server(endpoint = "start-over", protocol = FormPost)]
pub async fn start_over(#[server(default)] purpose: String) -> Result<Answer, ServerFnError> {
    let call = crate::api::call::Call::begin(&purpose);
    call.run(None, async |verifier, visitor| verifier.start_over(&visitor.session).await).await
}

/// Ends the session.
#[server(endpoint = "sign-out", protocol = FormPost)]
pub async fn sign_out() -> Result<Answer, ServerFnError> {
    let call = crate::api::call::Call::begin("");
    call.run(None, async |verifier, visitor| verifier.sign_out(&visitor.session).await).await
}

/// Ends all sessions of the account.
#[server(endpoint = "sign-out-everywhere", protocol = FormPost)]
pub async fn sign_out_everywhere() -> Result<Answer, ServerFnError> {
    let call = crate::api::call::Call::begin("");
    call.run(None, async |verifier, visitor| verifier.sign_out_everywhere(&visitor.session).await).await
}

/// Ends another session of the account.
#[server(endpoint = "end-session", protocol = FormPost)]
pub async fn end_session(#[server(default)] session: String) -> Result<Answer, ServerFnError> {
    let call = crate::api::call::Call::begin("");
    call.run(None, async |verifier, visitor| verifier.end_session(&visitor.session, &session).await).await
}

/// Asks where the person stands.
#[server(endpoint = "status", protocol = FormPost)]
pub async fn ask_status(#[server(default)] purpose: String) -> Result<Answer, ServerFnError> {
    crate::api::call::Call::begin(&purpose).ask().await
}
