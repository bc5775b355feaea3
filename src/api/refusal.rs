//! Why a request came to nothing before any use case could say so. It is a value: the door logs it, and gives it the form that the caller reads.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::reply::status_code;
use crate::server::store::StoreFault;
use crate::verification::Outcome;

/// A request that reached no use case, or whose use case met a fault.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    /// What the caller is told.
    pub outcome: Outcome,
    /// Its HTTP status: the outcome's own, or a more exact one (405, 413, 415).
    pub status: StatusCode,
    /// What went wrong here, for the log alone.
    pub fault: Option<Arc<StoreFault>>,
}

impl Refusal {
    /// A refusal with a more exact status than its outcome's own.
    #[must_use]
    pub(crate) fn with_status(outcome: Outcome, status: StatusCode) -> Self {
        Self { outcome, status, fault: None }
    }
}

impl From<Outcome> for Refusal {
    fn from(outcome: Outcome) -> Self {
        Self::with_status(outcome, status_code(outcome))
    }
}

impl From<StoreFault> for Refusal {
    fn from(fault: StoreFault) -> Self {
        Self { fault: Some(Arc::new(fault)), ..Self::from(Outcome::Unavailable) }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
