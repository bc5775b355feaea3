//! The server functions behind the forms: each parses, calls the verifier, and hands the reply to [`Call`](super::call).
//!
//! A refusal is an `Ok` answer. The same posts work without JavaScript: then the answer is a redirect to the page.
#![expect(missing_docs, reason = "the server macro makes a struct of the arguments, whose fields cannot be documented")]

use leptos::prelude::{FromServerFnError, ServerFnErrorErr, server};
use serde::{Deserialize, Serialize};
use server_fn::codec::Post;
use server_fn::{ContentType, Decodes, Encodes, Format, FormatType};

use super::answer::Answer;

/// The compact text of an [`Answer`] on the wire.
#[derive(Debug)]
pub struct Compact;

/// The post was not one of ours, or the answer could not be read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unreadable;

impl ContentType for Compact {
    const CONTENT_TYPE: &'static str = "text/plain; charset=utf-8";
}

impl FormatType for Compact {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<Answer> for Compact {
    type Error = std::convert::Infallible;

    fn encode(answer: &Answer) -> Result<server_fn::Bytes, Self::Error> {
        Ok(answer.encode().into())
    }
}

impl Decodes<Answer> for Compact {
    type Error = &'static str;

    fn decode(bytes: server_fn::Bytes) -> Result<Answer, Self::Error> {
        let text = std::str::from_utf8(&bytes).map_err(|_| "not text")?;
        Answer::decode(text).ok_or("not an answer")
    }
}

impl Encodes<Unreadable> for Compact {
    type Error = std::convert::Infallible;

    fn encode(_: &Unreadable) -> Result<server_fn::Bytes, Self::Error> {
        Ok(server_fn::Bytes::new())
    }
}

impl Decodes<Unreadable> for Compact {
    type Error = std::convert::Infallible;

    fn decode(_: server_fn::Bytes) -> Result<Unreadable, Self::Error> {
        Ok(Unreadable)
    }
}

impl FromServerFnError for Unreadable {
    type Encoder = Compact;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self
    }
}

/// Asks for a code.
#[server(endpoint = "start", output = Post<Compact>)]
pub async fn start_verification(
    #[server(default)] phone_number: String,
    #[server(default)] purpose: String,
) -> Result<Answer, Unreadable> {
    use crate::api::call::Call;
    use crate::verification::Purpose;
    let call = Call::begin(&purpose).with_typed(&phone_number);
    let purpose = Purpose::parse(&purpose);
    call.run(None, async |verifier, visitor| verifier.start(visitor, &phone_number, purpose).await).await
}

/// Asks for another code for the same number.
#[server(endpoint = "resend", output = Post<Compact>)]
pub async fn resend_code(#[server(default)] purpose: String) -> Result<Answer, Unreadable> {
    let call = crate::api::call::Call::begin(&purpose);
    call.run(None, async |verifier, visitor| verifier.resend(visitor).await).await
}

/// Gives a code.
#[server(endpoint = "check", output = Post<Compact>)]
pub async fn check_code(
    #[server(default)] code: String,
    #[server(default)] challenge: String,
    #[server(default)] once: String,
    #[server(default)] purpose: String,
) -> Result<Answer, Unreadable> {
    use crate::api::call::{Call, given};
    use crate::server::verifier::{CheckRequest, Once};
    let once = given(once).map(Once::of_form);
    let request = CheckRequest { challenge: given(challenge), once: once.clone() };
    let call = Call::begin(&purpose);
    call.run(once, async |verifier, visitor| verifier.check(visitor, request, &code).await).await
}

/// Makes an account of a verified number.
#[server(endpoint = "sign-up", output = Post<Compact>)]
pub async fn sign_up(
    #[server(default)] nickname: String,
    #[server(default)] consent: String,
    #[server(default)] once: String,
    #[server(default)] purpose: String,
) -> Result<Answer, Unreadable> {
    use crate::api::call::{Call, given};
    use crate::server::verifier::{Once, SignUpRequest};
    let call = Call::begin(&purpose).with_typed(&nickname);
    let once = given(once).map(Once::of_form);
    let request = SignUpRequest { nickname, has_consented: consent == "yes", once: once.clone() };
    call.run(once, async |verifier, visitor| verifier.sign_up(&visitor.session, &request).await).await
}

/// Forgets the challenge; budgets and cooldowns stay.
#[server(endpoint = "start-over", output = Post<Compact>)]
pub async fn start_over(#[server(default)] purpose: String) -> Result<Answer, Unreadable> {
    let call = crate::api::call::Call::begin(&purpose);
    call.run(None, async |verifier, visitor| verifier.start_over(&visitor.session).await).await
}

/// Ends the session.
#[server(endpoint = "sign-out", output = Post<Compact>)]
pub async fn sign_out() -> Result<Answer, Unreadable> {
    let call = crate::api::call::Call::begin("");
    call.run(None, async |verifier, visitor| verifier.sign_out(&visitor.session).await).await
}

/// Asks where the person stands.
#[server(endpoint = "status", output = Post<Compact>)]
pub async fn ask_status(#[server(default)] purpose: String) -> Result<Answer, Unreadable> {
    crate::api::call::Call::begin(&purpose).ask().await
}
