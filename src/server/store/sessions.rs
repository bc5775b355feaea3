//! Sessions, and what is known of whoever comes with a cookie.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Stored;
use crate::verification::{Policy, SendHistory, SubjectId};

/// A session that has a row: it was replaced, or took another's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// Who it belongs to.
    pub subject: SubjectId,
    /// Its account, once signed up or in.
    pub account_id: Option<String>,
    /// When its person last proved the number of that account; none where an older release began it.
    pub authenticated_at: Option<Timestamp>,
    /// What applications call it; none where an older release began it.
    pub sid: Option<String>,
    /// When it ends, unless it is prolonged.
    pub expires_at: Timestamp,
    /// Set when another session took its place.
    pub rotated: Option<Rotated>,
}

/// What is kept of a session that was replaced, to answer a repeat of the post that replaced it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// When it was replaced.
    pub at: Timestamp,
    /// The digest of what names the post.
    pub by: String,
    /// The code of the outcome that the post had.
    pub outcome: String,
}

/// The replacement of a session by another.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The digest of the cookie that came.
    pub old_digest: String,
    /// The digest of the cookie that goes out.
    pub new_digest: String,
    /// Who it belongs to, before and after.
    pub subject: SubjectId,
    /// When the new session ends while it has no account.
    pub expires_at: Timestamp,
    /// When the new session ends once it has an account.
    pub account_expires_at: Timestamp,
    /// The account that the old session had, if any, and what applications call it.
    pub former: Option<(String, String)>,
    /// What applications will call the new session.
    pub sid: String,
    /// The digest of what names the post.
    pub by: String,
    /// When the new session takes the old one's place.
    pub at: Timestamp,
}

/// What is remembered of sessions.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// The session of a cookie, and the history of its subject and of the requester; the history of `subject` when the cookie has no
    /// session.
    async fn find_visitor(
        &self,
        digest: &str,
        subject: &SubjectId,
        requester: &str,
        policy: &Policy,
        now: Timestamp,
    ) -> Stored<(Option<StoredSession>, SendHistory)>;
    /// Lets a session that is used end later, never sooner.
    async fn prolong_session(&self, digest: &str, expires_at: Timestamp) -> Stored<()>;
    /// Counts that a session that was replaced is asked for its successor; false after `max_repeats` times.
    async fn count_repeat(&self, digest: &str, max_repeats: u32) -> Stored<bool>;
    /// Ends a session and its subject's challenge, unless it was replaced.
    async fn remove_session(&self, digest: &str, subject: &SubjectId, now: Timestamp) -> Stored<()>;
    /// The subject's challenge that is not closed, and what counts against the budgets of subject and its number.
    async fn find_history(&self, subject: &SubjectId, policy: &Policy, now: Timestamp) -> Stored<SendHistory> {
        Ok(self.find_visitor("", subject, "", policy, now).await?.1)
    }
}
