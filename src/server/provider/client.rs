//! The HTTP client of all vendors, and the way that it takes.

use super::CONNECT_LIMIT;

/// No client for the vendors could be made: the system's certificates cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("no HTTPS to the vendors: is the package ca-certificates installed, and SSL_CERT_FILE readable?")]
pub struct NoClient(#[from] reqwest::Error);

/// Emulators are reached without a proxy.
const THIS_MACHINE: &str = "localhost,127.0.0.0/8,::1";

/// The address of an HTTP proxy. `Debug` does not show it, because a password may be in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy(String);

impl Proxy {
    /// Reads `http://host:port`; none when it is the address of no HTTP proxy.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_bare = |url: &reqwest::Url| url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let is_http = reqwest::Url::parse(text).is_ok_and(|url| url.scheme() == "http" && url.has_host() && is_bare(&url));
        (is_http && reqwest::Proxy::https(text).is_ok()).then(|| Self(text.to_owned()))
    }
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proxy(…)")
    }
}

/// The HTTP client of all vendors: no redirects, by way of `proxy` except to this machine, TLS by rustls with ring. Each call sets its own
/// time limit.
pub fn http_client(proxy: Option<&Proxy>) -> Result<reqwest::Client, NoClient> {
    // An error only says that somebody installed one before, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    let builder = match proxy {
        Some(Proxy(proxy)) => builder.proxy(reqwest::Proxy::https(proxy)?.no_proxy(reqwest::NoProxy::from_string(THIS_MACHINE))),
        None => builder,
    };
    Ok(builder.connect_timeout(CONNECT_LIMIT).build()?)
}
