//! The rules, at their edges.

use std::collections::HashMap;

use super::*;

const NOW_SECS: i64 = 1_700_000_100;

fn now() -> Timestamp {
    Timestamp::from_second(NOW_SECS).expect("in range")
}

fn counts(sends: i64, verified: i64) -> Counts {
    Counts { sends, verified }
}

fn judge(evidence: &Evidence) -> Verdict {
    evidence.judge("+9989939", "UZ")
}

fn hold(rule: GuardRule) -> Verdict {
    let key = if rule == GuardRule::C1 { HoldKey::Country("UZ".into()) } else { HoldKey::Prefix("+9989939".into()) };
    Verdict::Hold(rule, key)
}

#[test]
fn a_prefix_is_held_for_a_burst_and_for_a_slow_drip() {
    let burst = |sends, verified| judge(&Evidence { prefix_recent: counts(sends, verified), ..Evidence::default() });
    assert_eq!([burst(7, 0), burst(8, 1)], [Verdict::Send, Verdict::Send]);
    assert_eq!([burst(8, 0), burst(20, 12)], [hold(GuardRule::P1), hold(GuardRule::P1)]);
    let slow = |sends, verified| judge(&Evidence { prefix_day: counts(sends, verified), ..Evidence::default() });
    assert_eq!([slow(9, 0), slow(13, 3), slow(15, 3)], [Verdict::Send, Verdict::Send, Verdict::Send]);
    assert_eq!([slow(10, 0), slow(16, 3)], [hold(GuardRule::P2), hold(GuardRule::P2)]);
}

#[test]
fn a_country_is_held_abroad_and_doubted_anywhere() {
    let country = |day, best_day, is_home| {
        let country = CountryEvidence { day, best_day, ..CountryEvidence::default() };
        judge(&Evidence { country, is_home, ..Evidence::default() })
    };
    assert_eq!(country(counts(58, 8), 0, false), hold(GuardRule::C1));
    assert_eq!(country(counts(35, 0), 0, false), hold(GuardRule::C1), "hardly anybody proves at all");
    assert_eq!(country(counts(37, 2), 0, false), Verdict::Challenge(GuardRule::C2));
    assert_eq!(country(counts(50, 0), 0, true), Verdict::Challenge(GuardRule::C2), "home is never held");
    assert_eq!(country(counts(300, 0), 301, false), Verdict::Challenge(GuardRule::C2), "fewer than on its best day");
    assert_eq!(country(counts(19, 0), 0, false), Verdict::Send);
    assert_eq!(country(counts(100, 30), 0, false), Verdict::Send, "three of ten are people");
    assert_eq!(country(counts(100, 29), 0, false), Verdict::Challenge(GuardRule::C2));
    assert_eq!(country(counts(101, 29), 144, true), Verdict::Challenge(GuardRule::C2));
    assert_eq!(country(counts(72, 1), 144, true), Verdict::Send, "fewer than half its best day");
}

#[test]
fn a_rush_is_doubted_abroad_only() {
    let rush = |recent, best_recent, is_home| {
        let country = CountryEvidence { recent, best_recent, ..CountryEvidence::default() };
        judge(&Evidence { country, is_home, ..Evidence::default() })
    };
    assert_eq!([rush(20, 0, false), rush(24, 6, false), rush(2000, 0, true)], [Verdict::Send, Verdict::Send, Verdict::Send]);
    assert_eq!([rush(21, 0, false), rush(25, 6, false)], [Verdict::Challenge(GuardRule::C3), Verdict::Challenge(GuardRule::C3)]);
}

#[test]
fn a_requester_and_its_network_are_doubted_unless_many_share_them() {
    let ask = |requester, network, is_exempt| judge(&Evidence { requester, network, is_exempt, ..Evidence::default() });
    let none = Counts::default();
    assert_eq!(ask(counts(10, 0), none, false), Verdict::Challenge(GuardRule::R1));
    assert_eq!(ask(counts(10, 0), none, true), Verdict::Send);
    assert_eq!(ask(counts(9, 0), none, false), Verdict::Send);
    assert_eq!(ask(none, counts(33, 3), false), Verdict::Challenge(GuardRule::R2));
    assert_eq!(ask(none, counts(33, 4), false), Verdict::Send);
}

#[test]
fn an_outlook_knows_the_best_day_and_leaves_out_what_was_before_a_hold() {
    let slot = |back: i64, sends, verified| CountrySlot {
        country: "UZ".into(),
        slot: slot_of(now()) - back,
        counts: counts(sends, verified),
    };
    let slots =
        [slot(800, 9, 8), slot(801, 5, 5), slot(288 * 9, 12, 12), slot(10, 60, 0), slot(2, 5, 1), slot(1, 3, 0), slot(0, 4, 0)];
    let usual = Usual::of(slots.clone(), now());
    let found = Outlook::of(slots.clone(), &usual, &HashMap::new(), now()).find("UZ");
    assert_eq!(found, CountryEvidence { day: counts(65, 1), recent: 7, best_day: 13, best_recent: 13 });
    let since = HashMap::from([("UZ".to_owned(), slot_of(now()) - 10)]);
    assert_eq!(Outlook::of(slots, &usual, &since, now()).find("UZ").day, counts(5, 1));
    assert_eq!(Outlook::default().find("KR"), CountryEvidence::default());
}

#[test]
fn keys_are_read_as_they_are_told() {
    for (typed, key) in [("+82101234", "p:+82101234"), ("+82 10-1234-****", "p:+82101234"), ("kr", "c:KR"), ("c:UZ", "c:UZ")] {
        let parsed = HoldKey::parse(typed).expect(typed);
        assert_eq!(parsed.stored(), key);
        assert_eq!(HoldKey::parse(&parsed.stored()).as_ref(), Some(&parsed));
        assert_eq!(HoldKey::parse(&parsed.to_string()).as_ref(), Some(&parsed));
    }
    for wrong in ["", "+", "K", "KOR", "01012345678", "+82x", "p:", "한국"] {
        assert_eq!(HoldKey::parse(wrong), None, "{wrong}");
    }
}

mod lists {
    use super::*;

    fn read(allow: &str, deny: &str, exempt: &str) -> Result<GuardLists, String> {
        let lists = GuardLists::parse(allow, deny, exempt, |country| ["KR", "UZ", "US"].contains(&country));
        lists.map_err(|wrong| wrong.into_iter().map(|(name, why)| format!("{name}: {why}")).collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn lists_go_before_the_rules_and_allow_before_deny() {
        let lists = read("US, 203.0.113.0/24", "UZ, +8210999, 198.51.100.7, 2001:db8:1::/48", "192.0.2.0/24").expect("lists");
        let denied = Some(Verdict::Held(GuardRule::Denied));
        assert_eq!(lists.judge("+998993941234", "UZ", "192.0.2.1"), denied);
        assert_eq!(lists.judge("+998993941234", "UZ", "203.0.113.9"), Some(Verdict::Send));
        assert_eq!(lists.judge("+821099912345", "KR", "192.0.2.1"), denied);
        assert_eq!(lists.judge("+821012345678", "KR", "198.51.100.7"), denied);
        assert_eq!(lists.judge("+821012345678", "KR", "2001:db8:1:2::/64"), denied);
        assert_eq!(lists.judge("+821012345678", "KR", "2001:db8:2:2::/64"), None);
        assert_eq!(lists.judge("+821012345678", "KR", "unknown"), None);
        assert!(lists.is_exempt("192.0.2.200") && !lists.is_exempt("192.0.3.1") && !lists.is_exempt("unknown"));
    }

    #[test]
    fn what_cannot_be_meant_is_told() {
        for (allow, deny, exempt, why) in [
            ("XX", "", "", "GUARD_ALLOW: XX is no country"),
            ("korea", "", "", "is no country (KR), prefix"),
            ("", "203.0.113.7/24", "", "203.0.113.0/24 is meant?"),
            ("", "203.0.113.0/24, 203.0.113.9", "", "overlap"),
            ("203.0.0.0/16", "203.0.113.0/24", "", "GUARD_DENY: 203.0.113.0/24 and 203.0.0.0/16 of GUARD_ALLOW overlap"),
            ("KR", "KR", "", "is in GUARD_ALLOW too"),
            ("", "", "KR", "takes networks only"),
            ("", "2001:db8::1", "", "narrower than /64"),
            ("", "", "10.0.0.0/8, 10.1.0.0/16", "GUARD_EXEMPT: 10.1.0.0/16 and 10.0.0.0/8 overlap"),
        ] {
            let wrong = read(allow, deny, exempt).expect_err(why);
            assert!(wrong.contains(why), "{wrong}");
        }
    }
}
