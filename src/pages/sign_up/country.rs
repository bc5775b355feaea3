//! The field of a number, and before it the country where it is dialled like that, when there are several to choose from.

#![expect(unreachable_pub, reason = "the component macro makes a struct of the properties, which is as public as it can be")]
#![expect(clippy::needless_pass_by_value, reason = "the properties of a component are values")]

use axum::http::HeaderMap;
use leptos::prelude::*;

use super::shown::Shown;
use crate::api::cookies;
use crate::api::flash::Flash;
use crate::api::visit;
use crate::messages::Locale;
use crate::verification::Regions;
use crate::verification::phone_number::{Country, countries};

/// What a page offers of a country.
type Offered = (&'static str, &'static Country);

/// The countries whose numbers are served, in the order of the page's language, and the one that is chosen.
#[derive(Clone)]
pub(crate) struct Countries {
    offered: Vec<Offered>,
    chosen: &'static Country,
}

impl Countries {
    /// The one that is chosen is the first to be known of what was typed before, what was chosen last, what the browser's languages tell, and
    /// the default.
    #[must_use]
    pub(super) fn of(
        regions: &Regions,
        locale: Locale,
        headers: &HeaderMap,
        flash: Option<&Flash>,
        hint: Option<&str>,
    ) -> Option<Self> {
        let typed = flash.map(|flash| flash.typed.as_str()).filter(|typed| !typed.is_empty()).or(hint).unwrap_or_default();
        let picked = flash.map(|flash| flash.region.as_str()).unwrap_or_default();
        let likely = || visit::likely_regions(headers).into_iter().find(|region| regions.allows(region));
        let before = regions.chosen(picked, typed).or_else(|| cookies::chosen_region(headers, regions));
        let chosen = before.or_else(likely).unwrap_or_else(|| regions.home());
        let chosen = countries().find(|country| country.code == chosen)?;
        let named = if regions.is_choice() { locale.countries() } else { &[] };
        let named = named.iter().map(|(name, country)| (name.as_str(), *country));
        Some(Self { offered: named.filter(|(_, country)| regions.allows(&country.code)).collect(), chosen })
    }

    fn is_choice(&self) -> bool {
        !self.offered.is_empty()
    }
}

/// The select. With one country there is nothing to choose.
#[component]
pub(super) fn CountryField(shown: Shown, id: &'static str) -> impl IntoView {
    let label = shown.words().country_label;
    let countries = shown.countries.filter(Countries::is_choice)?;
    let chosen = countries.chosen;
    let option = move |(name, country): Offered| {
        view! {
            <option value=country.code.clone() selected={country.code == chosen.code} data-main=country.is_main
                data-example=country.example.clone() data-groups=Some(country.groups).filter(|groups| !groups.is_empty())>
                {format!("{name} +{}", country.calling_code)}
            </option>
        }
    };
    let options = countries.offered.into_iter().map(option).collect_view();
    Some(view! {
        <label for=id>{label}</label>
        <select id=id name="region" autocomplete="country">{options}</select>
    })
}

/// The example under the field, which follows the choice. A form that has no other hint has none where there is nothing to choose.
#[component]
pub(super) fn Example(shown: Shown, id: &'static str) -> impl IntoView {
    let template = shown.words().number_hint;
    let example = shown.countries.as_ref().map(|countries| countries.chosen.example.as_str()).unwrap_or_default();
    let text = template.replace("{example}", example);
    view! { <p id=id class="hint" data-slot="example" data-words=template>{text}</p> }
}

impl Shown {
    /// Whether a country is asked for.
    pub(super) fn has_choice(&self) -> bool {
        self.countries.as_ref().is_some_and(Countries::is_choice)
    }

    /// How a number is grouped as it is typed, where nobody chooses; else each choice tells it.
    pub(super) fn groups(&self) -> Option<&'static str> {
        self.countries.as_ref().filter(|countries| !countries.is_choice()).map(|countries| countries.chosen.groups)
    }
}
