//! What a browser is shown. A page is a GET of state: it never sends anything.

pub(crate) mod assets;
pub(crate) mod console;
pub(crate) mod document;
pub(crate) mod inbox;
pub(crate) mod language;
mod masked_number;
pub(crate) mod notice;
pub(crate) mod oauth;
pub(crate) mod sign_up;
pub(crate) mod site;
pub(crate) mod welcome;

pub(crate) use notice::notice;
