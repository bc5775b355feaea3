//! What the operator knows better: `GUARD_ALLOW`, `GUARD_DENY` and `GUARD_EXEMPT`.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{GuardRule, HoldKey, Verdict};

/// Requesters of IPv6 are stored as networks of this length.
const REQUESTER_V6: u8 = 64;

/// Whom the rules do not judge, or need not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuardLists {
    allow: Vec<Entry>,
    deny: Vec<Entry>,
    exempt: Vec<IpNet>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    Numbers(HoldKey),
    Network(IpNet),
}

impl GuardLists {
    /// Reads three lists, separated by commas: countries (`KR`), prefixes (`+99899`) and networks (`203.0.113.0/24`, `2001:db8::/48`); of those
    /// that are exempt, networks only. `is_country` knows the countries.
    ///
    /// # Errors
    ///
    /// With the name of the setting and what is wrong with it, for each entry that is.
    pub fn parse(
        allow: &str,
        deny: &str,
        exempt: &str,
        is_country: impl Fn(&str) -> bool,
    ) -> Result<Self, Vec<(&'static str, String)>> {
        let mut wrong = Vec::new();
        let allow = read("GUARD_ALLOW", allow, &is_country, &mut wrong);
        let deny = read("GUARD_DENY", deny, &is_country, &mut wrong);
        let mut networks = Vec::new();
        for entry in read("GUARD_EXEMPT", exempt, &is_country, &mut wrong) {
            match entry {
                Entry::Network(network) => networks.push(network),
                Entry::Numbers(key) => wrong.push(("GUARD_EXEMPT", format!("takes networks only, and {key} is none"))),
            }
        }
        wrong.extend(overlaps(&allow, &deny));
        if wrong.is_empty() { Ok(Self { allow, deny, exempt: networks }) } else { Err(wrong) }
    }

    /// What the lists say of a send; none where the rules are to judge.
    #[must_use]
    pub fn judge(&self, number: &str, country: &str, requester: &str) -> Option<Verdict> {
        let is_in = |list: &[Entry]| list.iter().any(|entry| entry.has(number, country, requester));
        if is_in(&self.allow) {
            return Some(Verdict::Send);
        }
        is_in(&self.deny).then_some(Verdict::Held(GuardRule::Denied))
    }

    /// Whether many people share this address.
    #[must_use]
    pub fn is_exempt(&self, requester: &str) -> bool {
        self.exempt.iter().any(|network| contains(network, requester))
    }
}

impl Entry {
    fn has(&self, number: &str, country: &str, requester: &str) -> bool {
        match self {
            Self::Numbers(HoldKey::Prefix(prefix)) => number.starts_with(prefix),
            Self::Numbers(HoldKey::Country(listed)) => listed == country,
            Self::Network(network) => contains(network, requester),
        }
    }
}

/// A requester is an address, or a network where it is IPv6.
fn contains(network: &IpNet, requester: &str) -> bool {
    let asked = requester.parse::<IpNet>().ok().or_else(|| requester.parse::<IpAddr>().ok().map(IpNet::from));
    asked.is_some_and(|asked| network.contains(&asked))
}

fn read(name: &'static str, text: &str, is_country: &impl Fn(&str) -> bool, wrong: &mut Vec<(&'static str, String)>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        match read_entry(word, is_country) {
            Ok(Entry::Network(network)) => {
                if let Some(other) = entries.iter().find_map(|other| other.overlapping(&network)) {
                    wrong.push((name, format!("{network} and {other} overlap: one of them is enough")));
                }
                entries.push(Entry::Network(network));
            }
            Ok(entry) => entries.push(entry),
            Err(why) => wrong.push((name, why)),
        }
    }
    entries
}

fn read_entry(word: &str, is_country: impl Fn(&str) -> bool) -> Result<Entry, String> {
    let network = word.parse::<IpNet>().ok().or_else(|| word.parse::<IpAddr>().ok().map(IpNet::from));
    if let Some(network) = network {
        if network.trunc() != network {
            return Err(format!("{word} is an address within a network: {} is meant?", network.trunc()));
        }
        let is_too_narrow = matches!(network, IpNet::V6(_)) && network.prefix_len() > REQUESTER_V6;
        return if is_too_narrow {
            Err(format!("{word} is narrower than /64, which is one requester"))
        } else {
            Ok(Entry::Network(network))
        };
    }
    match HoldKey::parse(word) {
        Some(HoldKey::Country(country)) if !is_country(&country) => Err(format!("{country} is no country that has phone numbers")),
        Some(key) => Ok(Entry::Numbers(key)),
        None => Err(format!("{word} is no country (KR), prefix (+99899) or network (203.0.113.0/24)")),
    }
}

impl Entry {
    fn overlapping(&self, network: &IpNet) -> Option<&IpNet> {
        match self {
            Self::Network(other) if other.contains(network) || network.contains(other) => Some(other),
            _ => None,
        }
    }
}

/// A network cannot be both, and neither can a country or a prefix.
fn overlaps(allow: &[Entry], deny: &[Entry]) -> Vec<(&'static str, String)> {
    let clash = |entry: &Entry| match entry {
        Entry::Network(network) => {
            let other = deny.iter().find_map(|other| other.overlapping(network))?;
            Some(format!("{other} and {network} of GUARD_ALLOW overlap"))
        }
        Entry::Numbers(key) => deny.contains(entry).then(|| format!("{key} is in GUARD_ALLOW too")),
    };
    allow.iter().filter_map(clash).map(|why| ("GUARD_DENY", why)).collect()
}
