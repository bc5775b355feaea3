//! The addresses of the pages, and how the name of a request that waits travels through them.

use super::call::given;
use crate::authorization::parameters::with_query;
use crate::verification::Purpose;

#[must_use]
pub(crate) fn page_of(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::SignUp => "/",
        Purpose::SignIn => "/sign-in",
    }
}

/// The same with the request that waits, whose name is all of it that is ever in an address.
#[must_use]
pub(crate) fn page_with_request(purpose: Purpose, request: Option<&str>) -> String {
    request.map_or_else(|| page_of(purpose).to_owned(), |name| with_query(page_of(purpose), &[("request", name)]))
}

/// Where somebody goes who has signed in: on to the application that waits, or to the welcome.
#[must_use]
pub(crate) fn page_after(request: Option<&str>) -> String {
    request.map_or_else(|| "/welcome".to_owned(), |name| with_query("/oauth/continue", &[("request", name)]))
}

/// Whether a text can be the name of a request that waits. An empty one is.
#[must_use]
pub(crate) fn is_name_of_request(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// What a form is for, and behind a dot the request that waits: one field, because each costs every visitor some bytes.
#[must_use]
pub(super) fn read_purpose(field: &str) -> (Purpose, Option<String>) {
    let (purpose, request) = field.split_once('.').unwrap_or((field, ""));
    (Purpose::parse(purpose), given(request.to_owned()).filter(|name| is_name_of_request(name)))
}

/// The same again, for a form.
#[must_use]
pub(crate) fn write_purpose(purpose: Purpose, request: Option<&str>) -> String {
    request.map_or_else(|| purpose.as_str().to_owned(), |name| [purpose.as_str(), ".", name].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_what_it_is_for_and_for_whom() {
        for request in [None, Some("a-Z_0")] {
            let field = write_purpose(Purpose::SignIn, request);
            assert_eq!(read_purpose(&field), (Purpose::SignIn, request.map(str::to_owned)));
        }
        for field in ["sign_in.", "sign_in.a/b", "sign_in.%0a", "sign_in.a.b"] {
            assert_eq!(read_purpose(field), (Purpose::SignIn, None), "{field}");
        }
        assert_eq!(page_with_request(Purpose::SignUp, Some("x")), "/?request=x");
        assert_eq!(page_after(None), "/welcome");
    }
}
