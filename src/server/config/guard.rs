//! What sends cost, what a day of them may, and what the guard does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::reader::Reader;
use crate::server::guard::GuardSettings;
use crate::verification::phone_number::is_country;
use crate::verification::{GuardLists, GuardMode, Money, Policy, Regions, Shares, Tariff};

/// Reads them; what is missing in a price list is told by the regions that may sign up.
pub(super) fn read(env: &mut Reader<'_>, regions: &Regions, policy: &mut Policy) -> GuardSettings {
    let home = read_home(env, regions);
    policy.shares = env.parse("BUDGET_SHARES", "", Shares::parse);
    policy.tariff = read_tariff(env, regions, &home).map(Arc::new);
    let mode = match env.one_of("GUARD_MODE", &["watch", "on", "off"]) {
        "on" => GuardMode::On,
        "off" => GuardMode::Off,
        _ => GuardMode::Watch,
    };
    let (allow, deny, exempt) = (env.or("GUARD_ALLOW", ""), env.or("GUARD_DENY", ""), env.or("GUARD_EXEMPT", ""));
    let lists = GuardLists::parse(&allow, &deny, &exempt, is_country).unwrap_or_else(|wrong| {
        for (name, why) in wrong {
            env.refuse(name, why);
        }
        GuardLists::default()
    });
    GuardSettings { mode, lists, home }
}

pub(super) fn read_home(env: &mut Reader<'_>, regions: &Regions) -> Vec<String> {
    let Some(text) = env.optional("HOME_REGIONS") else { return vec![regions.home()] };
    let home: BTreeSet<String> =
        text.split(',').map(|word| word.trim().to_ascii_uppercase()).filter(|word| !word.is_empty()).collect();
    let allowed = regions.allowed();
    for region in home.iter().filter(|region| !allowed.contains(region)) {
        env.refuse("HOME_REGIONS", format_args!("{region} is none of ALLOWED_REGIONS"));
    }
    home.into_iter().collect()
}

fn read_tariff(env: &mut Reader<'_>, regions: &Regions, home: &[String]) -> Option<Tariff> {
    let budget = env.optional("BUDGET_PER_DAY").and_then(|text| env.check("BUDGET_PER_DAY", Money::parse(&text)));
    let Some(text) = env.optional("PRICES") else {
        if budget.is_some() {
            env.refuse("BUDGET_PER_DAY", "needs PRICES: nobody knows what a send costs");
        }
        return None;
    };
    let list = env.check("PRICES", read_list(&text))?;
    let unknown: Vec<&str> = list.keys().map(String::as_str).filter(|country| *country != "*" && !is_country(country)).collect();
    if !unknown.is_empty() {
        env.refuse("PRICES", format_args!("{} is no country that has phone numbers", unknown.join(", ")));
    }
    let tariff = match Tariff::new(&list, budget, home.to_vec()) {
        Ok(tariff) => tariff,
        Err(wrong) => {
            for why in wrong {
                env.refuse("PRICES", why);
            }
            return None;
        }
    };
    let holes: Vec<String> = regions.allowed().into_iter().filter(|region| tariff.price_of(region).is_none()).collect();
    if !holes.is_empty() {
        env.refuse(
            "PRICES",
            format_args!("has no price for {}, which may sign up: name it, or give the rest a price as *", holes.join(", ")),
        );
    }
    Some(tariff)
}

/// The list itself, or the file that it is in.
fn read_list(text: &str) -> Result<BTreeMap<String, String>, String> {
    let inline = text.starts_with('{').then(|| text.to_owned());
    let list =
        inline.map_or_else(|| std::fs::read_to_string(text).map_err(|fault| format!("{text} cannot be read ({fault})")), Ok)?;
    serde_json::from_str(&list).map_err(|fault| format!("must be like {{\"KR\": \"9 KRW\", \"*\": \"200 KRW\"}} ({fault})"))
}
