//! All the code that a browser runs. The server renders the state, an island moves it: it hides and shows what the server drew, fills in
//! what changed, and never draws on its own, so that nothing typed is lost and no word stands twice.
//!
//! Nothing is drawn from signals, so there are none: they and their effects would be a sixth of the code (`docs/weight.md`).

pub mod inbox;
pub mod sign_up;

mod country;
mod dom;
mod field;
mod forms;
mod one_time_code;
mod timer;
mod view;
mod work;
