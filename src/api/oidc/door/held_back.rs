//! What a proxy tells of the request that it asks about.

use axum::http::HeaderMap;

/// What a proxy says of the request that it holds back.
pub(super) struct HeldBack {
    pub(super) origin: String,
    pub(super) to: String,
    pub(super) method: String,
}

impl HeldBack {
    /// By `X-Forwarded-*` (Caddy, Traefik), or by `X-Original-URL` and `X-Original-Method` (nginx).
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let one = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(url) = one("x-original-url") {
            let origin_ends = url.find("://")? + 3;
            let path = url[origin_ends..].find('/').map_or(url.len(), |at| origin_ends + at);
            let method = one("x-original-method").unwrap_or("GET").to_owned();
            return Some(Self { origin: url[..path].to_ascii_lowercase(), to: url[path..].to_owned(), method });
        }
        let method = one("x-forwarded-method").unwrap_or("GET").to_owned();
        let to = one("x-forwarded-uri").unwrap_or("/").to_owned();
        Some(Self { origin: forwarded_origin(headers)?, to, method })
    }

    pub(super) fn is_safe(&self) -> bool {
        ["GET", "HEAD", "OPTIONS"].contains(&self.method.as_str())
    }
}

/// The longest path that is come back to: it travels in a cookie, and browsers take 4096 bytes.
const MAX_PATH_BYTES: usize = 1000;

pub(super) fn forwarded_origin(headers: &HeaderMap) -> Option<String> {
    let one = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Some(format!("{}://{}", one("x-forwarded-proto")?, one("x-forwarded-host")?).to_ascii_lowercase())
}

/// Whether a path leads somewhere on the host that it is on.
pub(super) fn is_path(to: &str) -> bool {
    to.starts_with('/')
        && !to.starts_with("//")
        && !to.contains('\\')
        && to.chars().all(|c| c.is_ascii_graphic())
        && to.len() <= MAX_PATH_BYTES
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn held(lines: &[(&'static str, &str)]) -> Option<(String, String, bool)> {
        let head =
            lines.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header")));
        HeldBack::of(&head.collect()).map(|held| (held.origin.clone(), held.to.clone(), held.is_safe()))
    }

    #[test]
    fn both_ways_of_telling_are_read() {
        let told = |origin: &str, to: &str, is_safe| Some((origin.to_owned(), to.to_owned(), is_safe));
        let traefik = [("x-forwarded-proto", "https"), ("x-forwarded-host", "App.example.com"), ("x-forwarded-uri", "/a?b")];
        assert_eq!(held(&traefik), told("https://app.example.com", "/a?b", true));
        let nginx = [("x-original-url", "https://app.example.com/a?b"), ("x-original-method", "POST")];
        assert_eq!(held(&nginx), told("https://app.example.com", "/a?b", false));
        assert_eq!(held(&[("x-original-url", "https://app.example.com")]), told("https://app.example.com", "", true));
        assert_eq!((held(&[("x-original-url", "app")]), held(&[("x-forwarded-host", "a")])), (None, None));
    }

    #[test]
    fn a_path_leads_nowhere_else() {
        assert!(is_path("/") && is_path("/a?b=//c"));
        for to in ["", "a", "//evil.example", "/\\evil.example", "https://evil.example", "/a b", "/\u{e9}"] {
            assert!(!is_path(to), "{to}");
        }
    }
}
