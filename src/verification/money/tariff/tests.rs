//! The walls, at their edges.

use super::*;

fn list(prices: &[(&str, &str)]) -> BTreeMap<String, String> {
    prices.iter().map(|(country, price)| ((*country).to_owned(), (*price).to_owned())).collect()
}

fn korean(per_day: &str) -> Tariff {
    let budget = Some(Money::parse(per_day).expect("money"));
    Tariff::new(&list(&[("KR", "10 KRW"), ("*", "100 KRW")]), budget, vec!["KR".to_owned()]).expect("a list")
}

fn judge(country: &str, day: DaySpent) -> Room {
    room(1000, Shares::default(), Some(&korean("10000 KRW")), country, &day)
}

const KRW: i64 = 1_000_000;

#[test]
fn a_list_is_of_one_currency_and_not_negative() {
    let wrong = |prices: &[(&str, &str)], budget: &str| {
        let budget = Some(Money::parse(budget).expect("money"));
        Tariff::new(&list(prices), budget, Vec::new()).expect_err("wrong").join("; ")
    };
    assert!(wrong(&[("KR", "9 KRW"), ("US", "0.01 USD")], "1 KRW").contains("two currencies, KRW and USD"));
    assert!(wrong(&[("KR", "9 KRW")], "5 USD").contains("two currencies"));
    let both = wrong(&[("KR", "-9 KRW"), ("US", "free")], "5 KRW");
    assert!(both.contains("KR: `-9 KRW` is negative") && both.contains("US: must be an amount"), "{both}");
    assert!(wrong(&[], "5 KRW").contains("no price"));
}

#[test]
fn a_country_without_a_price_costs_what_the_rest_does() {
    let tariff = korean("10000 KRW");
    assert_eq!([tariff.price_of("KR"), tariff.price_of("US")], [Some(10 * KRW), Some(100 * KRW)]);
    let hole = Tariff::new(&list(&[("KR", "10 KRW")]), None, Vec::new()).expect("a list");
    assert_eq!(hole.price_of("US"), None);
}

#[test]
fn the_last_send_that_fits_is_made_and_none_after_it() {
    let spent = |micros| DaySpent { micros, ..DaySpent::default() };
    assert_eq!(judge("KR", spent(9_990 * KRW)), Room::ForAccounts);
    assert_eq!(judge("KR", spent(9_990 * KRW + 1)), Room::None(Wall::Money));
    assert_eq!(judge("KR", spent(7_990 * KRW)), Room::Open);
    assert_eq!(judge("KR", spent(7_990 * KRW + 1)), Room::ForAccounts);
}

#[test]
fn a_country_that_is_not_home_uses_a_tenth_and_all_of_them_three() {
    let spent = |country, abroad| DaySpent { micros: abroad, abroad, country, sends: 0 };
    assert_eq!(judge("US", spent(900 * KRW, 900 * KRW)), Room::Open);
    assert_eq!(judge("US", spent(900 * KRW + 1, 900 * KRW + 1)), Room::None(Wall::Money));
    assert_eq!(judge("JP", spent(0, 2_900 * KRW)), Room::Open);
    assert_eq!(judge("JP", spent(0, 2_900 * KRW + 1)), Room::None(Wall::Money));
    assert_eq!(judge("KR", spent(0, 3_000 * KRW)), Room::Open, "home keeps its part");
}

#[test]
fn a_part_of_the_sends_is_kept_for_accounts() {
    let judge = |max, sends| room(max, Shares::default(), None, "KR", &DaySpent { sends, ..DaySpent::default() });
    assert_eq!([judge(1000, 799), judge(1000, 800)], [Room::Open, Room::ForAccounts]);
    assert_eq!([judge(1000, 999), judge(1000, 1000)], [Room::ForAccounts, Room::None(Wall::Sends)]);
    assert_eq!([judge(4, 3), judge(4, 4)], [Room::Open, Room::None(Wall::Sends)], "of few, none is kept");
}

#[test]
fn shares_are_read_or_refused() {
    assert_eq!(Shares::parse("country=5 sign_in=0"), Ok(Shares { country: 5, home: 70, sign_in: 0 }));
    for wrong in ["country", "country=", "country=101", "country=-1", "home=7.5", "abroad=3", "country=5,home=7"] {
        assert!(Shares::parse(wrong).expect_err(wrong).contains("must be percentages"), "{wrong}");
    }
    assert_eq!(percent_of(MOST, 100), MOST);
    assert_eq!(percent_of(1_000_000_050, 10), 100_000_005);
}

/// The largest amount that [`Money`] reads.
const MOST: i64 = 1_000_000_000 * 1_000_000 + 999_999;
