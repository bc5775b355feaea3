//! The names of all settings, so that one that is set but cannot be read, or that nobody reads because of a slip, is told.

use std::sync::LazyLock;

use super::settings;

/// Every setting, by the alphabet: those of the table, and one that other programs write small.
pub(super) static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut names: Vec<_> = settings::names().chain(["https_proxy"]).collect();
    names.sort_unstable();
    names
});

/// Other programs set these to nothing where they mean that there is none.
const MAY_BE_EMPTY: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];

/// Names of others that are one letter off.
const OTHERS: [&str; 2] = ["HTTP_PROXY", "http_proxy"];

/// What is wrong with a setting whatever it is for.
pub(super) fn wrong_with(name: &str, text: &str) -> Option<&'static str> {
    let text = text.trim();
    let is_quoted = ['"', '\''].iter().any(|quote| text.len() > 1 && text.starts_with(*quote) && text.ends_with(*quote));
    if text.is_empty() && !MAY_BE_EMPTY.contains(&name) {
        return Some("is empty: give it a value, or leave it out");
    }
    is_quoted
        .then_some("is in quotes, which would be part of the value: leave them out (docker's env files are read as they stand)")
}

/// Which of some settings a name was meant for, where the environment has it by a slip: one letter, or one instead of many.
pub(super) fn meant_by(name: &str, names: &[&'static str]) -> Option<&'static str> {
    let upper = name.to_ascii_uppercase();
    let is_long = |ours: &str| ours.len() > 6;
    let is_near = |ours: &&&str| {
        let is_slip =
            is_one_letter_off(name, ours) || singular(name) == singular(ours) || upper == **ours || has_part_off(name, ours);
        (is_long(ours) && is_slip) || is_swapped(name, ours)
    };
    if NAMES.contains(&name) || OTHERS.contains(&name) { None } else { names.iter().find(is_near).copied() }
}

/// Two letters next to each other in each other's place.
fn is_swapped(name: &str, ours: &str) -> bool {
    let off: Vec<_> = (0..ours.len()).filter(|at| name.as_bytes().get(*at) != ours.as_bytes().get(*at)).collect();
    let [first, second] = off[..] else { return false };
    let (name, ours) = (name.as_bytes(), ours.as_bytes());
    name.len() == ours.len() && second == first + 1 && name[first] == ours[second] && name[second] == ours[first]
}

/// One part left out, the last one written otherwise (`…_SECONDS`), or the file that others keep a secret in.
fn has_part_off(name: &str, ours: &str) -> bool {
    if name.strip_suffix("_FILE") == Some(ours) {
        return true;
    }
    let (name, ours): (Vec<_>, Vec<_>) = (name.split('_').collect(), ours.split('_').collect());
    let is_left_out = |at: usize| ours.len() > 2 && [&ours[..at], &ours[at + 1..]].concat() == name;
    let (Some((last, stem)), Some((our_last, our_stem))) = (name.split_last(), ours.split_last()) else { return false };
    let is_last_alike = stem == our_stem && last.get(..3).is_some_and(|start| our_last.starts_with(start));
    (0..ours.len()).any(is_left_out) || is_last_alike
}

fn singular(name: &str) -> String {
    name.replace("IES", "Y").replace('S', "")
}

fn is_one_letter_off(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.bytes().zip(long.bytes()).take_while(|(a, b)| a == b).count();
    let (short, long) = (&short.as_bytes()[same..], &long.as_bytes()[same..]);
    if short.len() == long.len() { short.get(1..) == long.get(1..) } else { Some(short) == long.get(1..) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_and_a_name_of_others_is_not() {
        for (name, ours) in [
            ("MAX_SEND_PER_DAY", "MAX_SENDS_PER_DAY"),
            ("TRUSTED_PROXY", "TRUSTED_PROXIES"),
            ("SECRET_KEYS", "SECRET_KEY"),
            ("DATABASE_URI", "DATABASE_URL"),
            ("PUBLIC_ORIGN", "PUBLIC_ORIGIN"),
            ("RESEND_COOLDOWN_SEC", "RESEND_COOLDOWN_SECS"),
            ("TRUSTED_PROXEIS", "TRUSTED_PROXIES"),
            ("DATABASE_ULR", "DATABASE_URL"),
            ("ALLOWED_REGOINS", "ALLOWED_REGIONS"),
            ("BRNAD", "BRAND"),
            ("trusted_proxies", "TRUSTED_PROXIES"),
            ("Trusted_Proxies", "TRUSTED_PROXIES"),
            ("RESEND_COOLDOWN", "RESEND_COOLDOWN_SECS"),
            ("CODE_LIFETIME", "CODE_LIFETIME_SECS"),
            ("CODE_LIFETIME_SECONDS", "CODE_LIFETIME_SECS"),
            ("MAX_SENDS_DAY", "MAX_SENDS_PER_DAY"),
            ("SECRET_KEY_FILE", "SECRET_KEY"),
        ] {
            assert_eq!(meant_by(name, &NAMES), Some(ours), "{name}");
        }
        for name in [
            "PATH",
            "HOME",
            "HTTP_PROXY",
            "NO_PROXY",
            "ALL_PROXY",
            "BRANDY",
            "RUST_LOG_STYLE",
            "SMTP_PROVIDER",
            "DATABASE_HOST",
            "SECRET_KEY",
        ] {
            assert_eq!(meant_by(name, &NAMES), None, "{name}");
        }
    }
}
