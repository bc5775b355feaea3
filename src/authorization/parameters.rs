//! What came in a query or a form.

use url::form_urlencoded;

use super::{OauthError, Refused};

/// The most bytes of one parameter. A hint is an ID token, and the longest of them.
const MAX_BYTES: usize = 4096;
/// The most parameters that are looked at.
const MAX_COUNT: usize = 64;

/// Names and values, in the order they came.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Parameters({})", self.0.len())
    }
}

impl Parameters {
    /// Reads `a=b&c=d`. A parameter without a value counts as left out (RFC 6749, 3.1).
    #[must_use]
    pub fn parse(text: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(text).take(MAX_COUNT).filter(|(_, value)| !value.is_empty());
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The same again, for a table or a query.
    #[must_use]
    pub fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// The value of a name.
    ///
    /// # Errors
    ///
    /// When it stands twice (RFC 6749, 3.1), is too long, or has characters that no value of ours has.
    pub fn get(&self, name: &str) -> Result<Option<&str>, Refused> {
        let mut values = self.0.iter().filter(|(named, _)| named == name).map(|(_, value)| value.as_str());
        let Some(value) = values.next() else { return Ok(None) };
        let wrong = |description| Err(Refused::new(OauthError::InvalidRequest, description));
        if values.next().is_some() {
            return wrong("a parameter stands twice");
        }
        if value.len() > MAX_BYTES {
            return wrong("a parameter is too long");
        }
        if value.chars().any(char::is_control) {
            return wrong("a parameter has a control character");
        }
        Ok(Some(value))
    }

    /// A value that must be there.
    ///
    /// # Errors
    ///
    /// With that description, when it is not.
    pub fn need(&self, name: &str, missing: &'static str) -> Result<&str, Refused> {
        self.get(name)?.ok_or(Refused::new(OauthError::InvalidRequest, missing))
    }

    /// Whether a name is there at all.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(named, _)| named == name)
    }
}

/// An address with more in its query; what stands in it already stays as it is.
#[must_use]
pub fn with_query(uri: &str, pairs: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let joint = match uri.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    [uri, joint, &query].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_twice_is_too_long_or_no_text_is_refused() {
        let long = format!("a={}", "x".repeat(MAX_BYTES + 1));
        for text in ["a=1&a=2", "a=1&a=1", "a=%00", "a=x%0Ay", long.as_str()] {
            assert!(Parameters::parse(text.as_bytes()).get("a").is_err(), "{text}");
        }
        let read = Parameters::parse(b"a=1%202&b=&c=%EC%9A%B0&&=x&a%00=3&d=%ff");
        assert_eq!(read.get("a"), Ok(Some("1 2")));
        assert_eq!((read.get("b"), read.has("b")), (Ok(None), false));
        assert_eq!(read.get("c"), Ok(Some("우")));
        assert_eq!(Parameters::parse(read.encode().as_bytes()), read);
    }

    #[test]
    fn a_query_is_added_to_what_is_there() {
        let with = |uri| with_query(uri, &[("code", "a b"), ("iss", "http://x")]);
        assert_eq!(with("https://a.example/cb"), "https://a.example/cb?code=a+b&iss=http%3A%2F%2Fx");
        assert_eq!(with("https://a.example/cb?x=%41"), "https://a.example/cb?x=%41&code=a+b&iss=http%3A%2F%2Fx");
        assert_eq!(with("https://a.example/cb?"), "https://a.example/cb?code=a+b&iss=http%3A%2F%2Fx");
    }
}
