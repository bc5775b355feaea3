//! Which language somebody reads: by a tag, or by what a browser accepts.

use super::Locale;

/// Places that write Chinese in traditional characters (CLDR, likely subtags).
const TRADITIONAL_REGIONS: [&str; 3] = ["tw", "hk", "mo"];

impl Locale {
    /// By the primary subtag, `ko-KR` is Korean; Chinese by its script too, said or likely: `zh-HK` is traditional, `zh` simplified.
    #[must_use]
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_ascii_lowercase();
        let mut subtags = tag.split(['-', '_']);
        match subtags.next().unwrap_or_default() {
            "zh" => Some(chinese(subtags)),
            primary => Self::ALL.into_iter().find(|locale| locale.tag() == primary),
        }
    }

    /// The best language of an `Accept-Language` header (RFC 9110, 12.5.4). Whoever asks for none of ours reads English; whoever asks for
    /// nothing, Korean.
    #[must_use]
    pub(crate) fn negotiate(header: &str) -> Self {
        let entries: Vec<_> = header.split(',').map(str::trim).filter(|entry| !entry.is_empty()).take(32).map(weighed).collect();
        let is_refused = |locale| entries.iter().any(|(tag, weight)| Self::from_tag(tag) == Some(locale) && *weight == Some(0.0));
        let is_foreign = entries.first().is_some_and(|(tag, _)| Self::from_tag(tag).is_none() && *tag != "*");
        let default = if is_foreign || is_refused(Self::Ko) { Self::En } else { Self::Ko };
        let mut best = Choice { locale: default, weight: 0.0, is_any_chinese: false };
        for (tag, weight) in &entries {
            let is_any_chinese = tag.eq_ignore_ascii_case("zh");
            let named = Self::from_tag(tag);
            // Any Chinese is still to be had where only its simplified characters are refused.
            let named = if is_any_chinese && is_refused(Self::ZhHans) { Some(Self::ZhHant) } else { named };
            let Some(locale) = named else { continue };
            let choice = Choice { locale, weight: weight.unwrap_or(0.0), is_any_chinese };
            if choice.is_better_than(&best) {
                best = choice;
            }
        }
        best.locale
    }
}

struct Choice {
    locale: Locale,
    weight: f32,
    /// Whether it was asked for as `zh`, whose characters may be either.
    is_any_chinese: bool,
}

impl Choice {
    /// Of two that are wanted as much the first is better; but any Chinese leaves the choice of characters to whatever names them.
    fn is_better_than(&self, best: &Self) -> bool {
        let is_chinese = matches!(self.locale, Locale::ZhHant | Locale::ZhHans);
        let is_exacter = best.is_any_chinese && is_chinese && !self.is_any_chinese;
        self.weight > best.weight || (is_exacter && self.weight >= best.weight)
    }
}

/// The characters of a Chinese tag: those of its script, else those of its region. What follows a single letter says neither (RFC 5646, 2.2.6).
fn chinese<'a>(subtags: impl Iterator<Item = &'a str>) -> Locale {
    let subtags: Vec<_> = subtags.take_while(|subtag| subtag.len() > 1).collect();
    let is_named = |name| subtags.contains(&name);
    let is_likely = || TRADITIONAL_REGIONS.into_iter().any(is_named);
    if is_named("hant") || (!is_named("hans") && is_likely()) { Locale::ZhHant } else { Locale::ZhHans }
}

/// A language of `Accept-Language`, and how much it is wanted; none when that is no weight (RFC 9110, 12.4.2).
pub(super) fn weighed(entry: &str) -> (&str, Option<f32>) {
    let mut parts = entry.split(';').map(str::trim);
    let tag = parts.next().unwrap_or_default();
    let given = parts.find_map(|part| part.strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('='));
    let weight = given.map_or(Some(1.0), |text| text.trim().parse().ok().filter(|weight| (0.0..=1.0).contains(weight)));
    (tag, weight)
}
