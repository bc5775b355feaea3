//! The screens of the operator's console: whole pages without a script, drawn on the server.

pub(crate) mod abuse;
pub(crate) mod audit;
mod chart;
pub(crate) mod enter;
pub(crate) mod frame;
pub(crate) mod holds;
pub(crate) mod notice;
pub(crate) mod number;
pub(crate) mod places;
pub(crate) mod reason;
pub(crate) mod sign_in;
mod story;
pub(crate) mod style;
mod table;
pub(crate) mod today;
