//! The functions behind the forms, called with what was filled in.

use std::pin::Pin;
use std::task::{Context, Waker};

use leptos::prelude::ServerFnError;
use server_fn::ServerFn;
use web_sys::{FormData, HtmlFormElement};

use crate::api::answer::Answer;
use crate::api::functions::{
    CheckCode, ResendCode, SignUp, StartOver, StartVerification, check_code, resend_code, sign_up, start_over, start_verification,
};

/// A call that is under way.
type Call = Pin<Box<dyn Future<Output = Result<Answer, ServerFnError>>>>;

/// Calls the function behind a form; none when this browser cannot.
pub(super) fn call(form: &HtmlFormElement) -> Option<Call> {
    let fields = FormData::new_with_form(form).ok()?;
    let field = |name| fields.get(name).as_string().unwrap_or_default();
    // Every form of ours says what it is for. Where that is lost, so is the rest.
    let purpose = fields.get("purpose").as_string()?;
    let mut call: Call = match form.get_attribute("action")?.as_str() {
        StartVerification::PATH => Box::pin(start_verification(field("phone_number"), purpose, field("proof"), field("region"))),
        ResendCode::PATH => Box::pin(resend_code(purpose, field("proof"))),
        CheckCode::PATH => Box::pin(check_code(field("code"), field("challenge"), field("once"), purpose)),
        SignUp::PATH => Box::pin(sign_up(field("nickname"), field("consent"), field("once"), purpose)),
        StartOver::PATH => Box::pin(start_over(purpose)),
        _ => return None,
    };
    // What is over at once was never sent.
    call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending().then_some(call)
}
