//! What names the post that replaces a session.

use crate::server::entropy;
use crate::verification::secret_keys::digest;

/// What names one post: a repeat of it has the same.
#[derive(Clone)]
pub(crate) struct Once {
    text: String,
    is_secret: bool,
}

impl Once {
    /// The one-time value of a form, which only whoever was sent the form has.
    #[must_use]
    pub(crate) fn of_form(text: &str) -> Self {
        Self { text: ["form\n", text].concat(), is_secret: true }
    }

    /// A request by what stands in it. It is never that of a form, through whichever door it comes.
    #[must_use]
    pub(crate) fn of_request(text: &str, is_secret: bool) -> Self {
        Self { text: ["request\n", text].concat(), is_secret }
    }

    /// Of a post that nobody can repeat.
    #[must_use]
    pub(crate) fn fresh() -> Self {
        Self { text: entropy::new_id(), is_secret: true }
    }

    /// Whether only whoever made the post can name it.
    #[must_use]
    pub(crate) fn is_secret(&self) -> bool {
        self.is_secret
    }

    /// What a successor is derived from.
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// What is stored of it.
    pub(super) fn digest(&self) -> String {
        digest(self.as_bytes())
    }
}
