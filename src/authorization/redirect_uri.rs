//! Addresses of an application that browsers, and we, are led to: what may be one, and when two are the same.
//!
//! They are compared byte for byte (RFC 9700, 2.1), so one that no browser would write could never be asked for.

use url::{Host, Url};

/// The longest that is taken.
pub const MAX_URI_BYTES: usize = 2000;

/// Whose address it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One on the web.
    Web,
    /// One that may also be an app's on a phone or a desk (RFC 8252, 7.1).
    App,
}

/// Why an address cannot be registered, in words for an operator; none where it can.
pub(super) fn fault_of(uri: &str, kind: Kind) -> Option<String> {
    if uri.len() > MAX_URI_BYTES {
        return Some(format!("must be at most {MAX_URI_BYTES} bytes"));
    }
    if uri.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Some("must hold no space and no control character".to_owned());
    }
    if uri.contains('*') {
        return Some("must hold no *: each address is registered as it is".to_owned());
    }
    let Ok(url) = Url::parse(uri) else { return Some("must be an address with a scheme and a host".to_owned()) };
    if url.fragment().is_some() {
        return Some("must have no fragment (#)".to_owned());
    }
    if has_user(uri) {
        return Some("must hold no user and no password".to_owned());
    }
    let is_as_written = url.as_str() == uri || (is_bare(&url) && url.as_str().strip_suffix('/') == Some(uri));
    fault_of_scheme(&url, kind)
        .or_else(|| (!is_as_written).then(|| format!("must be written as browsers write it: {}", quoted(url.as_str()))))
}

fn fault_of_scheme(url: &Url, kind: Kind) -> Option<String> {
    let is_private = url.scheme().contains('.');
    match url.scheme() {
        "https" | "http" if !has_plain_host(url) => Some("must have a host of letters, digits, dots and hyphens".to_owned()),
        "https" => None,
        "http" if is_loopback(url) => None,
        "http" => Some("must be https: http is for localhost, 127.0.0.1 and [::1]".to_owned()),
        scheme if is_private && !url.path().starts_with('/') && !url.has_host() => {
            Some(format!("must go on with a slash, like {scheme}:/callback"))
        }
        _ if is_private && kind == Kind::Web => Some("must be https: a scheme of an app's own is for public clients".to_owned()),
        _ if is_private => None,
        _ => Some(
            "must be https, http on a loopback host, or for a public client a scheme with a dot (com.example.app:/…)".to_owned(),
        ),
    }
}

/// How an address is shown in a fault: whole, unless a password may be in it.
pub(super) fn shown(uri: &str) -> String {
    if uri.len() > MAX_URI_BYTES {
        return "one that is too long".to_owned();
    }
    if has_user(uri) { "one with an @ before its path".to_owned() } else { quoted(uri) }
}

pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// Whether something stands before an `@` in the part that names the host.
fn has_user(uri: &str) -> bool {
    let behind = uri.split_once(':').map_or(uri, |(_, behind)| behind).trim_start_matches(['/', '\\']);
    behind.split(['/', '\\', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
}

/// An origin and nothing behind it. Browsers write a slash there, and programs often none.
fn is_bare(url: &Url) -> bool {
    url.path() == "/" && url.query().is_none() && url.fragment().is_none()
}

/// What else is allowed in a host (a semicolon is) would be read as something else in a header.
fn has_plain_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')),
        host => host.is_some(),
    }
}

fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// Why a text is no origin of an application behind a proxy; none where it is one. Names below `localhost` are this machine too.
pub(super) fn fault_of_origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|url| is_bare(url) && !has_user(text) && has_plain_host(url));
    let Some(url) = url else { return Some("must be an origin, like https://app.example.com".to_owned()) };
    let origin = url.origin().ascii_serialization();
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) || url.host_str().is_some_and(|host| host.ends_with(".localhost")) => {}
        _ => return Some("must be https: http is for a loopback host".to_owned()),
    }
    (origin != text).then(|| format!("must be an origin and nothing else: {}", quoted(&origin)))
}

/// Whether an address is a registered one of an app that listens on this machine, at whatever port it found free (RFC 8252, 7.3).
pub(super) fn is_same_but_for_port(registered: &str, asked: &str) -> bool {
    ["http://127.0.0.1", "http://[::1]"].iter().any(|start| {
        let behind = behind_port(registered, start);
        behind.is_some() && behind == behind_port(asked, start)
    })
}

fn behind_port<'a>(uri: &'a str, start: &str) -> Option<&'a str> {
    let behind = uri.strip_prefix(start)?;
    let Some(behind) = behind.strip_prefix(':') else { return Some(behind) };
    let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
    let (port, rest) = behind.split_at(end);
    (!port.starts_with('0') && port.parse::<u16>().is_ok()).then_some(rest)
}

/// Which applications see the same pairwise subject: those of one host, or of one app's scheme (OpenID Connect Core, 8.1).
pub(super) fn sector_of(uri: &str) -> String {
    let Ok(url) = Url::parse(uri) else { return String::new() };
    let host = url.host_str().filter(|_| matches!(url.scheme(), "https" | "http"));
    host.unwrap_or_else(|| url.scheme()).to_owned()
}

/// What stands for an address in a `form-action` of a content security policy: its origin, or the scheme of an app. A policy cannot name
/// an IPv6 address, so there it is the scheme as well. Empty for what was never registered.
#[must_use]
pub fn form_action_of(uri: &str) -> String {
    let Ok(url) = Url::parse(uri) else { return String::new() };
    match (url.scheme(), url.host()) {
        ("https" | "http", Some(Host::Domain(_) | Host::Ipv4(_))) if has_plain_host(&url) => url.origin().ascii_serialization(),
        (scheme, _) => format!("{scheme}:"),
    }
}

#[cfg(test)]
mod tests;
