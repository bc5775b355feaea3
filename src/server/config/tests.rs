use jiff::SignedDuration;

use super::*;
use crate::server::provider::Proxy;

pub(super) fn read(settings: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    Config::read(|name| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
}

const SENS: [(&str, &str); 5] = [
    ("SMS_PROVIDER", "sens"),
    ("NAVER_SERVICE_ID", "ncp:sms:kr:1:svc"),
    ("NAVER_ACCESS_KEY", "key"),
    ("NAVER_SECRET_KEY", "secret"),
    ("SENDER_PHONE_NUMBER", "1588-0000"),
];

#[test]
fn nothing_set_is_a_first_run_on_this_machine() {
    let config = read(&[]).expect("defaults");
    assert_eq!(config.provider.routes.to_string(), "outbox");
    assert_eq!(config.policy.code_lifetime, SignedDuration::from_secs(300));
    assert_eq!(config.secret_key_path(), Some(PathBuf::from("data/beonho.secret-key")));
}

#[test]
fn everything_wrong_is_reported_at_once() {
    let wrong = read(&[
        ("CODE_LIFETIME_SECS", "601"),
        ("RESEND_COOLDOWN_SECS", "soon"),
        ("SMS_PROVIDER", "sens"),
        ("PUBLIC_ORIGIN", "https://example.com/path"),
        ("DATABASE_URL", "mysql://x"),
        ("SECRET_KEY", "short"),
        ("ALLOWED_REGIONS", "KR,QQ"),
    ]);
    let wrong = wrong.expect_err("refused").join("\n");
    for name in [
        "CODE_LIFETIME_SECS",
        "RESEND_COOLDOWN_SECS",
        "NAVER_SERVICE_ID: is missing",
        "NAVER_ACCESS_KEY",
        "NAVER_SECRET_KEY",
        "SENDER_PHONE_NUMBER",
        "PUBLIC_ORIGIN",
        "DATABASE_URL",
        "SECRET_KEY",
        "QQ",
    ] {
        assert!(wrong.contains(name), "{name} in\n{wrong}");
    }
}

#[test]
fn an_open_origin_needs_a_key_a_word_on_proxies_and_a_real_vendor() {
    let wrong = read(&[("PUBLIC_ORIGIN", "https://example.com")]).expect_err("refused").join("\n");
    for name in ["SECRET_KEY", "TRUSTED_PROXIES", "SMS_PROVIDER"] {
        assert!(wrong.contains(name), "{name} in\n{wrong}");
    }
    let https = [("PUBLIC_ORIGIN", "https://example.com"), ("TRUSTED_PROXIES", "1")];
    let key = "ab".repeat(32);
    let settings: Vec<_> = SENS.into_iter().chain(https).chain([("SECRET_KEY", key.as_str())]).collect();
    assert_eq!(read(&settings).expect("complete").provider.sens.expect("account").sender, "15880000");
}

#[test]
fn a_cooldown_longer_than_the_lifetime_is_refused_and_equal_is_the_strict_rule() {
    assert!(read(&[("CODE_LIFETIME_SECS", "600"), ("RESEND_COOLDOWN_SECS", "600")]).is_ok());
    assert!(read(&[("CODE_LIFETIME_SECS", "300"), ("RESEND_COOLDOWN_SECS", "301")]).is_err());
}

#[test]
fn a_sender_that_is_no_number_is_reported_with_the_rest() {
    let settings: Vec<_> = SENS.into_iter().filter(|(name, _)| *name != "SENDER_PHONE_NUMBER").collect();
    let wrong = |sender| read(&[settings.as_slice(), &[("SENDER_PHONE_NUMBER", sender)]].concat()).expect_err("refused");
    assert!(wrong("+82 2 123")[0].starts_with("SENDER_PHONE_NUMBER"));
    assert_eq!(wrong("").len(), 1);
    assert!(wrong("")[0].starts_with("SENDER_PHONE_NUMBER: is empty"));
}

#[test]
fn sens_reaches_korea_only_and_postgres_needs_a_key() {
    let settings: Vec<_> = SENS.into_iter().chain([("ALLOWED_REGIONS", "KR,JP")]).collect();
    assert!(read(&settings).expect_err("refused")[0].starts_with("ALLOWED_REGIONS"));
    assert!(read(&[("DATABASE_URL", "postgres://localhost/x")]).expect_err("refused")[0].starts_with("SECRET_KEY"));
}

#[test]
fn a_brand_or_host_that_does_not_fit_an_sms_is_refused() {
    for brand in ["📱", "아주아주아주아주아주아주아주아주아주아주아주 긴 이름의 가게"] {
        assert!(read(&[("BRAND", brand)]).expect_err(brand)[0].starts_with("BRAND"));
    }
}

#[test]
fn an_account_that_is_half_there_is_refused_even_when_it_is_not_chosen() {
    let half = read(&[("TWILIO_ACCOUNT_SID", &format!("AC{}", "0a".repeat(16)))]).expect_err("half");
    assert!(half[0].starts_with("TWILIO_AUTH_TOKEN") && half[1].starts_with("TWILIO_VERIFY_SERVICE_SID"), "{half:?}");
}

#[test]
fn no_secret_shows_in_debug_output() {
    let key = "ab".repeat(32);
    let settings: Vec<_> = SENS.into_iter().chain([("SECRET_KEY", key.as_str())]).collect();
    let shown = format!("{:?}", read(&settings).expect("complete"));
    assert!(!shown.contains(&key) && !shown.contains("\"secret\""), "{shown}");
}

/// What nobody can read, and the setting that it is told of.
const UNREADABLE: &[(&str, &str)] = &[
    ("BRAND", "\"우리가게\""),
    ("SECRET_KEY", "'abababababababababababababababababababababababababababababababab'"),
    ("TWILIO_AUTH_TOKEN", "\"s3cret-token\""),
    ("DATABASE_URL", ""),
    ("DATABASE_URL", "postgres://"),
    ("DATABASE_URL", "postgres://app:s3cret-token@"),
    ("DATABASE_URL", "postgres://app:s3cret-token@db"),
    ("DATABASE_URL", "postgres://app:s3cret-token@db/app?channel_binding=require"),
    ("DATABASE_URL", "postgres://app:s3cret-token@db/app?sslmod=require"),
    ("DATABASE_URL", "postgres://app:s3cret-token@db/app?sslmode=required"),
    ("DATABASE_URL", "postgres://app:s3cret-token@db/app?sslmode=verify-full&sslrootcert=system"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite://a.db?mod=rwc"),
    ("TRUSTED_PROXIES", ""),
    ("TRUSTED_PROXIES", "+1"),
    ("MAX_SENDS_PER_DAY", "1_000"),
    ("MAX_ATTEMPTS", "５"),
    ("PUBLIC_ORIGIN", "https://"),
    ("PUBLIC_ORIGIN", "http://sign-up.example.com"),
    ("RUST_LOG", "beonho=loud"),
    ("HTTPS_PROXY", "proxy.example.com"),
    ("HTTPS_PROXY", "socks5://proxy.example.com"),
    ("HTTPS_PROXY", "http://proxy.example.com/path"),
    ("PUBLIC_ORIGIN", "https://:s3cret-token@example.com"),
    ("PUBLIC_ORIGIN", "https://.."),
    ("PUBLIC_ORIGIN", "https://.example.com"),
    ("PUBLIC_ORIGIN", "https://-"),
    ("LEPTOS_SITE_ADDR", "0.0.0.0:3000"),
    ("ADMIN_ADDR", "9465"),
    ("ADMIN_ADDR", "127.0.0.1:3000"),
    ("ADMIN_ADDR", "127.0.0.1:9464"),
    ("ADMIN_NUMBERS", "010-1234-5678,02-123-4567"),
    ("INSECURE_HTTP", "yes"),
    ("SENS_BASE_URL", " "),
    ("RUST_LOG", "warning"),
    ("TERMS_URL", "https://"),
    ("TERMS_URL", "https://exa mple.com/a b"),
    ("PRIVACY_URL", "http://?"),
    ("SUPPORT_URL", "mailto:"),
    ("SUPPORT_URL", "tel:"),
    ("SUPPORT_URL", "//elsewhere.example"),
    ("SUPPORT_URL", "javascript:alert(1)"),
    ("NAVER_ACCESS_KEY", "열쇠"),
    ("NAVER_SECRET_KEY", "s3cret-token열"),
    ("TWILIO_AUTH_TOKEN", "s3cret-token열"),
    ("DATABASE_URL", "sqlite::memory:"),
    ("DATABASE_URL", "sqlite://:memory:"),
    ("DATABASE_URL", "sqlite://a.db?mode=memory"),
    ("DATABASE_URL", "sqlite://a.db?mode=ro"),
    ("DATABASE_URL", "sqlite://a.db?immutable=1"),
    ("DATABASE_URL", "sqlite:///tmp"),
    ("DATABASE_URL", "sqlite://data/"),
    ("DATABASE_URL", "sqlite://~/b.db"),
    ("DATABASE_URL", "sqlite://$HOME/b.db"),
];

#[test]
fn what_is_set_and_unreadable_is_told_and_shows_no_secret() {
    for (name, text) in UNREADABLE.iter().copied() {
        let wrong = read(&[(name, text)]).expect_err(text).join("\n");
        assert!(wrong.contains(&format!("{name}:")), "{name}={text}: {wrong}");
        assert!(!wrong.contains("s3cret-token") && !wrong.contains("abab"), "{wrong}");
    }
}

/// A password with a character that means something in a URL: no piece of it is shown, neither when it is refused nor in the log.
#[test]
fn no_piece_of_a_password_is_shown() {
    let key = "ab".repeat(32);
    for first in ["lefthalf", "12", "12a"] {
        for between in ["?", "&", "#", "/", "@", ":", "?a&", "?x=", "/x?", "/#", "@?", "@/", "?sslmode=", "[", "%"] {
            for rest in ["righthalf@db/app", "righthalf@db/app?sslmode=require"] {
                let url = format!("postgres://app:{first}{between}{rest}");
                let told = match read(&[("DATABASE_URL", &url), ("SECRET_KEY", &key)]) {
                    Ok(config) => crate::server::store::name_of(&config.database_url),
                    Err(wrong) => wrong.join("\n"),
                };
                assert!(!told.contains("half") && !told.contains("12"), "{url}: {told}");
            }
            let proxy = format!("http://app:{first}{between}righthalf@proxy:3128");
            let told = read(&[("HTTPS_PROXY", &proxy)]).err().unwrap_or_default().join("\n");
            assert!(!told.contains("half"), "{proxy}: {told}");
        }
    }
}

#[test]
fn what_other_programs_write_is_read() {
    let key = "ab".repeat(32);
    for url in [
        "postgres://localhost/app?host=/var/run/postgresql",
        "postgresql:///app?host=/run/pg",
        "postgres://db.example.com/app?user=app@server&password=a@b",
        "postgres://[::1]:5432/app",
        "postgres://localhost/app?application_name=beonho&options=-c%20statement_timeout%3D5000",
        "postgres://app:p%40ss@db.example.com:6432/app?sslmode=require&statement-cache-capacity=0",
    ] {
        assert!(read(&[("DATABASE_URL", url), ("SECRET_KEY", &key)]).is_ok(), "{url}");
    }
    for link in ["HTTPS://example.com", "https://우리가게.한국/약관", "mailto:help@example.com", "tel:+82-2-123-4567", "/terms"]
    {
        assert!(read(&[("SUPPORT_URL", link)]).is_ok(), "{link}");
    }
    assert!(read(&[("HTTPS_PROXY", ""), ("DATABASE_URL", "sqlite:///var/lib/beonho/beonho.db")]).is_ok());
    let small = read(&[("https_proxy", "http://proxy:3128")]).expect("right").provider.https_proxy;
    assert!(small.is_some_and(|proxy| Some(proxy) == Proxy::parse("http://proxy:3128")));
}

#[test]
fn a_public_http_origin_must_be_meant() {
    let key = "ab".repeat(32);
    let open = [("PUBLIC_ORIGIN", "http://intranet.example"), ("SECRET_KEY", key.as_str()), ("INSECURE_HTTP", "1")];
    let settings: Vec<_> = SENS.into_iter().chain(open).collect();
    assert!(read(&settings).is_ok());
    assert!(read(&settings[..settings.len() - 1]).expect_err("refused")[0].starts_with("PUBLIC_ORIGIN"));
}

#[test]
fn twilio_starts_whatever_an_sms_of_ours_could_carry() {
    let sid = |prefix: &str| format!("{prefix}{}", "0a".repeat(16));
    let (account, service) = (sid("AC"), sid("VA"));
    let twilio = [
        ("SMS_PROVIDER", "twilio_verify"),
        ("TWILIO_ACCOUNT_SID", account.as_str()),
        ("TWILIO_AUTH_TOKEN", "token"),
        ("TWILIO_VERIFY_SERVICE_SID", service.as_str()),
    ];
    let long = format!("http://{}.localhost:3000", "a".repeat(60));
    for own in [("BRAND", "Café Zürich"), ("PUBLIC_ORIGIN", "http://[::1]:3000"), ("PUBLIC_ORIGIN", &long), ("BRAND", "#1 @home")]
    {
        let settings: Vec<_> = twilio.into_iter().chain([own, ("INSECURE_HTTP", "1"), ("SECRET_KEY", &account[2..])]).collect();
        let wrong = read(&settings).err().unwrap_or_default();
        assert!(wrong.iter().all(|line| line.starts_with("SECRET_KEY")), "{own:?}: {wrong:?}");
    }
    assert!(read(&[("PUBLIC_ORIGIN", "http://[::1]:3000")]).is_ok(), "the outbox works there too");
    let mistaken = twilio.map(|(name, value)| (name, if name == "TWILIO_ACCOUNT_SID" { "AC1" } else { value }));
    assert!(read(&mistaken).expect_err("no sid")[0].starts_with("TWILIO_ACCOUNT_SID"));
}

/// What is wrong with these settings, in one text.
fn wrong_with(settings: &[(&str, &str)]) -> String {
    read(settings).expect_err("refused").join("\n")
}

#[test]
fn a_price_list_that_cannot_be_meant_is_told() {
    for (prices, budget, why) in [
        ("{", "1 KRW", "PRICES: must be like {\"KR\": \"9 KRW\""),
        (r#"{"KR": 9}"#, "1 KRW", "PRICES: must be like"),
        (r#"{"KR": "9 KRW", "US": "0.01 USD"}"#, "1 KRW", "two currencies, KRW and USD"),
        (r#"{"KR": "9 KRW"}"#, "1 USD", "two currencies, KRW and USD"),
        (r#"{"KR": "-9 KRW"}"#, "1 KRW", "KR: `-9 KRW` is negative"),
        (r#"{"KR": "9 KRW", "QQ": "9 KRW", "us": "1 KRW"}"#, "1 KRW", "PRICES: QQ, us is no country"),
        (r#"{"US": "9 KRW"}"#, "1 KRW", "PRICES: has no price for KR, which may sign up"),
        ("/nowhere/prices.json", "1 KRW", "PRICES: /nowhere/prices.json cannot be read"),
        (r#"{"*": "9 KRW"}"#, "much", "BUDGET_PER_DAY: must be an amount and its currency"),
    ] {
        let wrong = wrong_with(&[("PRICES", prices), ("BUDGET_PER_DAY", budget)]);
        assert!(wrong.contains(why), "{why} in {wrong}");
    }
    assert!(wrong_with(&[("BUDGET_PER_DAY", "5 KRW")]).contains("needs PRICES"));
    assert!(wrong_with(&[("BUDGET_SHARES", "country=200")]).contains("BUDGET_SHARES: must be percentages"));
    assert!(wrong_with(&[("HOME_REGIONS", "KR,JP")]).contains("HOME_REGIONS: JP is none of ALLOWED_REGIONS"));
    assert!(wrong_with(&[("GUARD_DENY", "10.0.0.0/8,10.1.0.0/16")]).contains("overlap"));
    assert!(wrong_with(&[("GUARD_MODE", "strict")]).contains("GUARD_MODE: must be one of watch, on, off"));
}

#[test]
fn a_price_list_may_be_in_a_file() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), r#"{"KR": "9 KRW"}"#).expect("written");
    let path = file.path().to_str().expect("a text");
    let config = read(&[("PRICES", path), ("BUDGET_PER_DAY", "50000 KRW")]).expect("a list");
    let tariff = config.policy.tariff.expect("a tariff");
    assert_eq!((tariff.price_of("KR"), tariff.per_day, tariff.is_home("KR")), (Some(9_000_000), Some(50_000_000_000), true));
}
