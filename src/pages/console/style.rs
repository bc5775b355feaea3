//! The style of the console: the house's own, and what only its screens need. The page's first visit carries none of it.

use crate::server::config::Branding;

const PARTS: [&str; 5] = [
    include_str!("../../../style/tokens.css"),
    include_str!("../../../style/base.css"),
    include_str!("../../../style/form.css"),
    include_str!("../../../style/console.css"),
    include_str!("../../../style/console_figures.css"),
];

/// The whole style sheet, with the brand's accent.
#[must_use]
pub(crate) fn css(branding: &Branding) -> String {
    format!("{}:root{{--accent:{}}}\n", PARTS.concat(), branding.brand_color)
}
