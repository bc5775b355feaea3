//! The domain of made-up addresses. Whoever owns it could receive what is sent to them, so it must be the operator's own.

/// Where anybody gets an address.
const PUBLIC_PROVIDERS: [&str; 40] = [
    "163.com",
    "aol.com",
    "daum.net",
    "fastmail.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hanmail.net",
    "hey.com",
    "hotmail.com",
    "icloud.com",
    "kakao.com",
    "korea.com",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "nate.com",
    "naver.com",
    "outlook.com",
    "outlook.kr",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "tuta.com",
    "web.de",
    "yahoo.co.jp",
    "yahoo.co.kr",
    "yahoo.co.uk",
    "yahoo.com",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
];

/// Why a domain cannot be one of a client's; none where it can.
pub(super) fn fault_of(domain: &str) -> Option<&'static str> {
    if !is_domain(domain) {
        return Some("must be a domain in lower case, like users.example.com");
    }
    let is_at = |provider: &&str| domain.strip_suffix(*provider).is_some_and(|before| before.is_empty() || before.ends_with('.'));
    PUBLIC_PROVIDERS.iter().any(is_at).then_some(
        "must be a domain of your own: at a public mail provider somebody else may have the address, and with it the account",
    )
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let labels: Vec<_> = domain.split('.').collect();
    // A last label of digits is an address.
    let is_name = labels.last().is_some_and(|last| last.bytes().any(|byte| byte.is_ascii_alphabetic()));
    domain.len() <= 253 && labels.len() > 1 && is_name && labels.into_iter().all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_a_name_of_ones_own() {
        for good in ["users.example.com", "example.kr", "xn--bj0bj06e.kr", "mynaver.com", "gmail.com.example.org", "a-b.c0"] {
            assert_eq!(fault_of(good), None, "{good}");
        }
        let long = format!("{}.com", "a".repeat(64));
        let longest = format!("{}com", "a.".repeat(126));
        for bad in [
            "",
            "localhost",
            "Users.example.com",
            "example.com.",
            ".example.com",
            "a..com",
            "-a.com",
            "a-.com",
            "a_b.com",
            "example.com/",
            "@example.com",
            "127.0.0.1",
            "예시.kr",
            "a b.com",
            " a.com",
            "a.com:25",
            "[::1]",
            &long,
            &longest,
        ] {
            assert!(fault_of(bad).is_some_and(|fault| fault.contains("lower case")), "{bad}");
        }
        for public in PUBLIC_PROVIDERS.iter().chain(&["mail.naver.com", "a.b.gmail.com"]) {
            assert!(fault_of(public).is_some_and(|fault| fault.contains("your own")), "{public}");
        }
    }
}
