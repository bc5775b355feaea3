//! What a browser is shown. A page is a GET of state: it never sends anything.

pub mod assets;
mod code_step;
pub mod document;
pub mod inbox;
pub mod notice;
pub mod sign_up;
mod sign_up_forms;
pub mod welcome;

pub use notice::notice;
