//! Time in the browser: what is left is always counted from the monotonic clock, never by subtracting one.
//!
//! That clock stops while a device sleeps, and the wall clock may be wrong, so whenever the two part, the server is asked again.

use leptos::prelude::window;

/// How far the two clocks may part before the server is asked again.
const MAX_DRIFT_MS: f64 = 2_000.0;

thread_local! {
    static START_MS: f64 = js_sys::Date::now();
}

/// Milliseconds since the page's navigation began. Monotonic, but for browsers that have no such clock: there it is the wall's.
pub(super) fn monotonic_ms() -> f64 {
    let since_start = || START_MS.with(|start| js_sys::Date::now() - start);
    window().performance().map_or_else(since_start, |performance| performance.now())
}

/// How far the wall clock runs ahead of the monotonic one.
fn wall_ahead_ms() -> f64 {
    js_sys::Date::now() - monotonic_ms()
}

/// Notices when the device slept or its clock was set.
#[derive(Clone, Copy)]
pub(super) struct Drift(f64);

impl Drift {
    pub(super) fn start() -> Self {
        Self(wall_ahead_ms())
    }

    /// Whether the clocks parted since this was last asked.
    pub(super) fn has_parted(&mut self) -> bool {
        let ahead = wall_ahead_ms();
        let has_parted = (ahead - self.0).abs() > MAX_DRIFT_MS;
        self.0 = ahead;
        has_parted
    }
}

/// Whole seconds left, rounded up, of a time that the server told at an instant of the monotonic clock.
pub(super) fn secs_left(told_secs: u32, told_at_ms: f64) -> u32 {
    let left_ms = f64::from(told_secs) * 1000.0 - (monotonic_ms() - told_at_ms);
    // A float between 0 and 4e9 fits; the cast saturates otherwise.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
    let secs = (left_ms.max(0.0) / 1000.0).ceil() as u32;
    secs
}

/// Minutes and seconds: `4:05`.
pub(super) fn clock_face(secs: u32) -> String {
    let mut face = (secs / 60).to_string();
    face.push_str(if secs % 60 < 10 { ":0" } else { ":" });
    face.push_str(&(secs % 60).to_string());
    face
}
