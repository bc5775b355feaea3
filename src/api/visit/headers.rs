//! What the head of a request says, read byte by byte: whatever a neighbour or a stranger put beside it hides nothing of ours.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderName};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};

use crate::api::cookies;
use crate::messages::{self, Locale};

/// The language: the cookie's, else the best that the browser accepts.
#[must_use]
pub(crate) fn locale(headers: &HeaderMap) -> Locale {
    cookies::chosen_locale(headers).unwrap_or_else(|| Locale::negotiate(&text(headers, &ACCEPT_LANGUAGE)))
}

/// Where a number is likely from, as far as the browser's languages tell, the likeliest first.
#[must_use]
pub(crate) fn likely_regions(headers: &HeaderMap) -> Vec<String> {
    messages::likely_regions(&text(headers, &ACCEPT_LANGUAGE))
}

impl<S: Sync> FromRequestParts<S> for Locale {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(locale(&parts.headers))
    }
}

/// What kind of body it says it is, without parameters.
#[must_use]
pub(crate) fn content_type(headers: &HeaderMap) -> &str {
    let header = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    header.split(';').next().unwrap_or_default().trim()
}

/// Whether a page is expected for an answer: somebody navigates there. The islands ask for text, by name; browsers inside other apps may name
/// any kind, or none.
#[must_use]
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    if let Some(mode) = headers.get("sec-fetch-mode") {
        return mode == "navigate";
    }
    let accepted = text(headers, &ACCEPT).to_ascii_lowercase();
    let names_page = ["text/html", "application/xhtml+xml"].iter().any(|kind| accepted.contains(kind));
    names_page || !accepted.contains("text/plain")
}

/// Whether nobody looks at the answer: then it changes nothing, neither cookie nor message (Fetch, `Sec-Purpose`, and what browsers sent
/// before it).
#[must_use]
pub(crate) fn changes_nothing(parts: &Parts) -> bool {
    let is_ahead = |name| {
        let purpose = text(&parts.headers, &HeaderName::from_static(name)).to_ascii_lowercase();
        ["prefetch", "prerender", "preview"].iter().any(|word| purpose.contains(word))
    };
    parts.method == Method::HEAD || ["sec-purpose", "purpose", "x-purpose", "x-moz"].into_iter().any(is_ahead)
}

/// The lines of a header as one, with a mark for each byte that is no text.
fn text(headers: &HeaderMap, name: &HeaderName) -> String {
    let lines: Vec<_> = headers.get_all(name).iter().map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
    lines.join(",")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn head(lines: &[(&'static str, &[u8])]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_bytes(value).expect("a header"));
        }
        headers
    }

    #[test]
    fn the_language_cookie_wins_over_the_header() {
        assert_eq!(locale(&head(&[("accept-language", b"en")])), Locale::En);
        assert_eq!(locale(&head(&[("accept-language", b"en, \xe9;q=0.1")])), Locale::En);
        assert_eq!(locale(&head(&[("accept-language", b"en"), ("cookie", b"a=b; lang=xx; beonho_lang=ko")])), Locale::Ko);
        assert_eq!(locale(&head(&[("accept-language", b"en"), ("cookie", b"lang=ko")])), Locale::Ko, "as it was called before");
    }

    #[test]
    fn whoever_navigates_gets_a_page() {
        for lines in [
            vec![("accept", "text/html,*/*;q=0.8".as_bytes())],
            vec![("accept", b"TEXT/HTML")],
            vec![("accept", b"application/xhtml+xml")],
            vec![("accept", b"\xff, text/html")],
            vec![("accept", b"*/*"), ("sec-fetch-mode", b"navigate")],
            vec![("accept", b"*/*")],
            vec![("accept", b"text/*")],
            vec![("accept", b"")],
            vec![],
        ] {
            assert!(wants_page(&head(&lines)), "{lines:?}");
        }
        for lines in [
            vec![("accept", "text/plain".as_bytes())],
            vec![("accept", b"text/plain, */*;q=0.1")],
            vec![("accept", b"*/*"), ("sec-fetch-mode", b"cors")],
            vec![("accept", b"text/html"), ("sec-fetch-mode", b"same-origin")],
        ] {
            assert!(!wants_page(&head(&lines)), "{lines:?}");
        }
    }

    #[test]
    fn what_is_fetched_ahead_changes_nothing() {
        let of = |name: &'static str, value: &'static str| {
            let request = axum::http::Request::get("/").header(name, value).body(()).expect("a request");
            changes_nothing(&request.into_parts().0)
        };
        for (name, value) in [
            ("sec-purpose", "prefetch;prerender"),
            ("sec-purpose", "\"prefetch\""),
            ("sec-purpose", "prerender"),
            ("purpose", "Preview"),
            ("x-purpose", "preview"),
            ("x-moz", "prefetch"),
        ] {
            assert!(of(name, value), "{name}: {value}");
        }
        assert!(!of("sec-purpose", "") && !of("accept", "prefetch"));
    }
}
