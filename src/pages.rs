//! What a browser is shown. A page is a GET of state: it never sends anything.

pub mod assets;
pub mod document;
pub mod inbox;
pub mod language;
mod masked_number;
pub mod notice;
pub mod sign_up;
pub mod welcome;

pub use notice::notice;
