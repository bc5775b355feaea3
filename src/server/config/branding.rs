//! What the pages say of the team that runs this.

use super::accent;
use super::reader::Reader;

#[derive(Clone, Debug)]
pub(crate) struct Branding {
    pub brand: String,
    /// The accent, `#rrggbb`.
    pub brand_color: String,
    pub support_url: Option<String>,
    pub terms_url: Option<String>,
    pub privacy_url: Option<String>,
}

impl Branding {
    #[must_use]
    pub(crate) fn needs_consent(&self) -> bool {
        self.terms_url.is_some() || self.privacy_url.is_some()
    }

    /// Where browsers find the accent colour: another colour has another address.
    #[must_use]
    pub(crate) fn brand_css(&self) -> String {
        format!("/brand.css?{}", self.brand_color.trim_start_matches('#'))
    }
}

pub(super) fn read(env: &mut Reader<'_>) -> Branding {
    Branding {
        brand: env.or("BRAND", "Beonho"),
        brand_color: env.parse("BRAND_COLOR", "#2b5ce6", accent::parse),
        support_url: env.link("SUPPORT_URL"),
        terms_url: env.link("TERMS_URL"),
        privacy_url: env.link("PRIVACY_URL"),
    }
}
