//! What the head of a request says, read byte by byte: whatever a neighbour or a stranger put beside it hides nothing of ours.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, UPGRADE_INSECURE_REQUESTS};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};

use crate::api::cookies;
use crate::messages::Locale;

/// The language: the cookie's, else the best that the browser accepts.
#[must_use]
pub fn locale(headers: &HeaderMap) -> Locale {
    cookies::chosen_locale(headers).unwrap_or_else(|| Locale::negotiate(&text(headers, &ACCEPT_LANGUAGE)))
}

impl<S: Sync> FromRequestParts<S> for Locale {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(locale(&parts.headers))
    }
}

/// Whether a page is expected for an answer: somebody navigates there. The islands ask for text.
#[must_use]
pub fn wants_page(headers: &HeaderMap) -> bool {
    if let Some(mode) = headers.get("sec-fetch-mode") {
        return mode == "navigate";
    }
    let accepted = text(headers, &ACCEPT).to_ascii_lowercase();
    let names_page = ["text/html", "application/xhtml+xml"].iter().any(|kind| accepted.contains(kind));
    // Browsers inside other apps may name no kind at all, but ask for https where they go.
    names_page || !headers.contains_key(ACCEPT) || headers.contains_key(UPGRADE_INSECURE_REQUESTS)
}

/// Whether nobody looks at the answer: then it changes nothing, neither cookie nor message (Fetch, `Sec-Purpose`).
#[must_use]
pub fn changes_nothing(parts: &Parts) -> bool {
    let is_prefetch =
        |name| parts.headers.get(name).is_some_and(|value| value.as_bytes().to_ascii_lowercase().starts_with(b"prefetch"));
    parts.method == Method::HEAD || ["sec-purpose", "purpose", "x-moz"].into_iter().any(is_prefetch)
}

/// The lines of a header as one, with a mark for each byte that is no text.
fn text(headers: &HeaderMap, name: &axum::http::HeaderName) -> String {
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
            vec![("accept", b"*/*"), ("upgrade-insecure-requests", b"1")],
            vec![],
        ] {
            assert!(wants_page(&head(&lines)), "{lines:?}");
        }
        for lines in [
            vec![("accept", "text/plain".as_bytes())],
            vec![("accept", b"*/*")],
            vec![("accept", b"*/*"), ("sec-fetch-mode", b"cors")],
            vec![("accept", b"text/html"), ("sec-fetch-mode", b"same-origin")],
        ] {
            assert!(!wants_page(&head(&lines)), "{lines:?}");
        }
    }
}
