//! What a vendor posts to us by itself, to tell what became of a text.

use reqwest::header::HeaderMap;

use super::Delivery;

/// A post that says to be a vendor's, as it came in.
pub(crate) struct Callback<'a> {
    /// Path and query, as they were asked for.
    pub target: &'a str,
    /// The send that the path names, where it names one.
    pub send_id: Option<&'a str>,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

impl Callback<'_> {
    /// A header that stands once, as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(first)
    }
}

/// What a vendor tells of a text, its signature being good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    pub send_id: String,
    /// The vendor's name for the text, where it says one.
    pub reference: Option<String>,
    pub delivery: Delivery,
}

/// Why nothing is believed of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misread {
    /// The signature is not the vendor's, or its time is over.
    Forged,
    /// The vendor signed what is not its callback.
    Unreadable,
}
