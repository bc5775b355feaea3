//! A web origin (RFC 6454): scheme, host and port.

use reqwest::Url;

use crate::server::network::is_loopback_host;

/// Where browsers see a page, `https://sign-up.example.com`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    text: String,
    host: String,
    is_https: bool,
}

impl Origin {
    /// Reads an origin; a path, a query or credentials are refused, in words for the operator.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "must be an origin, like https://sign-up.example.com".to_owned();
        let url = Url::parse(text).map_err(|_| wrong())?;
        let host = url.host_str().ok_or_else(wrong)?.to_owned();
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && !text.contains('@');
        let is_label = |label: &str| label.starts_with(|c: char| c.is_ascii_alphanumeric());
        let is_host = host.starts_with('[') || host.trim_end_matches('.').split('.').all(is_label);
        if !is_bare || !is_host || !matches!(url.scheme(), "http" | "https") {
            return Err(wrong());
        }
        Ok(Self { text: url.origin().ascii_serialization(), host, is_https: url.scheme() == "https" })
    }

    /// The origin as browsers write it in the `Origin` header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host without the port, as it stands in an origin-bound code.
    #[must_use]
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Whether cookies may be `Secure`.
    #[must_use]
    pub(crate) fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether only this machine can reach it.
    #[must_use]
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback_host(&self.host)
    }
}
