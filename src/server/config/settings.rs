//! What each setting is for, as the README's table tells it: `beonho settings` prints it, and tests hold the README against it and its defaults
//! against the reader.

use std::fmt::Write;

/// The names of a row, their default, and what they do.
type Row = (&'static [&'static str], &'static str, &'static str);

const ROWS: &[Row] = &[
    (&["DATABASE_URL"], "`sqlite://data/beonho.db`", "or `postgres://…` for several replicas"),
    (
        &["SECRET_KEY"],
        "made at first start on a loopback origin with SQLite",
        "32 bytes or more, hex or base64; a comma-separated list rotates: the first signs, all check",
    ),
    (&["PUBLIC_ORIGIN"], "`http://localhost:3000`", "where browsers see the page"),
    (&["LEPTOS_SITE_ADDR"], "`127.0.0.1:3000`", "where to listen; with `outbox`, loopback only"),
    (&["METRICS_ADDR"], "`127.0.0.1:9464`", "where metrics are told to Prometheus, never the public port; `off` for nowhere"),
    (&["ADMIN_ADDR"], "`127.0.0.1:9465`", "where the operator's console is, never the public port; `off` for nowhere"),
    (&["ADMIN_NUMBERS"], "", "comma-separated; whoever has one of them may come to the console by a code, beside `beonho console`"),
    (&["TRUSTED_PROXIES"], "`0`", "how many proxies' `X-Forwarded-For` entries are believed; must be said under https"),
    (&["BRAND", "BRAND_COLOR"], "`Beonho`, `#2b5ce6`", "name and accent colour"),
    (
        &["SUPPORT_URL", "TERMS_URL", "PRIVACY_URL"],
        "",
        "links; with terms or privacy a sign-up needs consent, whose time is stored",
    ),
    (
        &["SMS_PROVIDER"],
        "`outbox`",
        "`outbox` (development), `sens`, `sens_alimtalk`, `solapi`, `twilio_messaging`, `twilio_verify`, `http`",
    ),
    (
        &["SMS_PROVIDERS"],
        "",
        "in place of it several, asked in that order: `solapi,sens`, or by country `KR:solapi,sens;*:twilio_messaging`",
    ),
    (&["NAVER_SERVICE_ID", "NAVER_ACCESS_KEY", "NAVER_SECRET_KEY", "SENDER_PHONE_NUMBER"], "", "the SENS account"),
    (
        &["NAVER_ALIMTALK_SERVICE_ID", "NAVER_ALIMTALK_CHANNEL", "NAVER_ALIMTALK_TEMPLATE_CODE", "NAVER_ALIMTALK_TEMPLATE"],
        "",
        "AlimTalk at SENS, with its keys and sender: `@channel` and the approved text with `#{인증번호}` in it, where `\\n` ends a line",
    ),
    (&["SOLAPI_API_KEY", "SOLAPI_API_SECRET", "SOLAPI_SENDER"], "", "the Solapi account"),
    (
        &["SOLAPI_KAKAO_PF_ID", "SOLAPI_KAKAO_TEMPLATE_ID"],
        "",
        "a template there whose only variable is `#{인증번호}`: codes go by AlimTalk, and by SMS where Kakao fails",
    ),
    (&["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"], "", "the Twilio account, of `twilio_messaging` and `twilio_verify`"),
    (&["TWILIO_FROM", "TWILIO_MESSAGING_SERVICE_SID"], "", "who texts by `twilio_messaging` are from: one of the two"),
    (
        &["TWILIO_MAX_PRICE"],
        "",
        "USD, sent along as `MaxPrice`, which Twilio says it has ignored since 2024-06: `BUDGET_PER_DAY` bounds the bill",
    ),
    (&["TWILIO_VERIFY_SERVICE_SID"], "", "the service of `twilio_verify`"),
    (
        &["SMS_HTTP_URL", "SMS_HTTP_SECRET"],
        "",
        "the program of yours that `http` posts texts to, and what signs them: `whsec_` and 24 to 64 bytes in base64, or several with spaces between them",
    ),
    (&["SMS_HTTP_REPORTS"], "`no`", "`yes` where that program posts to `/hooks/sms` what became of texts"),
    (
        &["SENS_BASE_URL", "SOLAPI_BASE_URL", "TWILIO_MESSAGING_BASE_URL", "TWILIO_VERIFY_BASE_URL"],
        "the vendors'",
        "for an emulator, or the government zone",
    ),
    (
        &["DEFAULT_REGION", "ALLOWED_REGIONS"],
        "`KR`, the default region",
        "by number plan: Jersey, Guernsey and Man (`JE,GG,IM`) are not `GB`, Puerto Rico is not `US`; `*` is every region that has mobile numbers. With several the page asks for the country. In Korea all of 010 and eight digits; SENS reaches Korea only",
    ),
    (&["CODE_LIFETIME_SECS"], "300 (Twilio: 600)", "at most 600"),
    (&["RESEND_COOLDOWN_SECS"], "60", "a person's wait before another send; at most the lifetime"),
    (&["MAX_SENDS_PER_NUMBER", "MAX_SENDS_PER_SUBJECT"], "5", "in a rolling day"),
    (&["MAX_SENDS_PER_REQUESTER"], "60", "from one address (IPv6: /64) in a rolling hour"),
    (
        &["MAX_SENDS_PER_DAY"],
        "1000",
        "accepted by the vendor, delivered or not, of the whole service in a day, counted by the hour: then `unavailable`, and a loud log line",
    ),
    (
        &["PRICES"],
        "",
        "what a send costs by country, `{\"KR\": \"9 KRW\", \"*\": \"200 KRW\"}` or a file of that; `*` is the rest, all of one currency",
    ),
    (
        &["BUDGET_PER_DAY"],
        "",
        "what a rolling day may cost, `50000 KRW`: then `unavailable`; what an older replica sends has no price",
    ),
    (
        &["BUDGET_SHARES"],
        "`country=10 home=70 sign_in=20`",
        "percent: of the money, what each country that is not home may use and what is kept for home; of sends and money, what is kept for people who sign in",
    ),
    (
        &["HOME_REGIONS"],
        "the default region",
        "countries that the guard never holds as a whole and that keep their part of the money",
    ),
    (
        &["GUARD_MODE"],
        "`watch`",
        "what the guard against pumping does: `watch` writes down what it would hold, `on` holds it, `off` does not look",
    ),
    (
        &["GUARD_ALLOW", "GUARD_DENY"],
        "",
        "countries, prefixes (`+99899`) and networks (`203.0.113.0/24`, `2001:db8::/48`) that are always and never sent to, also where it watches",
    ),
    (&["GUARD_EXEMPT"], "", "networks whose addresses many people share, like a carrier's NAT: they say nothing of any of them"),
    (&["MAX_ATTEMPTS"], "5", "guesses at one challenge; at most 10, with Twilio 5"),
    (
        &["CHALLENGE"],
        "`doubtful`",
        "when a send costs the browser some seconds of work first, or its person a minute: `doubtful` (when it looks like abuse), `always` or `off`",
    ),
    (&["VERIFIED_LIFETIME_SECS"], "1800", "how long a proof is good for sign-up"),
    (
        &["ABUSE_THRESHOLDS"],
        "`browser=3 address=10 network=30 prefix=8 burst=20`",
        "from how many numbers, unproven sends or accounts of an hour on `beonho report abuse` tells of a source",
    ),
    (
        &["OIDC_CLIENTS"],
        "",
        "applications that may ask who somebody is: a JSON file, read again on SIGHUP, or the array itself, beside what `beonho client` added",
    ),
    (&["DRAIN_SECS"], "3", "how long requests are still accepted after SIGTERM made readiness fail"),
    (&["HTTPS_PROXY"], "", "the way to the vendors, `http://host:port`; this machine is reached without it"),
    (&["INSECURE_HTTP"], "`0`", "`1` allows a public `PUBLIC_ORIGIN` without https"),
    (&["RUST_LOG"], "`info`", "what is logged"),
];

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter().flat_map(|row| row.0).copied()
}

/// The table as the README has it, in Markdown.
#[must_use]
pub fn table() -> String {
    let mut table = "| name | default | what it does |\n|---|---|---|\n".to_owned();
    for (names, default, about) in ROWS {
        let names = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let default = if default.is_empty() { String::new() } else { format!(" {default}") };
        // Writing to a text does not fail.
        let _ = writeln!(table, "| {names} |{default} | {about} |");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    /// Whoever sets what the table calls the default gets what they would have got anyway.
    #[test]
    fn the_defaults_of_the_table_are_those_of_the_reader() {
        let unset = format!("{:?}", read(&[]).expect("the defaults go together"));
        let mut looked_at = 0;
        for (names, defaults, _) in ROWS {
            let defaults: Vec<_> = defaults.split(", ").map(|default| default.trim_matches('`')).collect();
            for (at, name) in names.iter().enumerate() {
                // One default for all the names of a row, or one for each; words are no value.
                let default = defaults.get(at).unwrap_or(&defaults[0]).split(" (").next().unwrap_or_default();
                if !default.is_empty() && !default.contains(' ') && default != "made" {
                    let set = read(&[(name, default)]).unwrap_or_else(|wrong| panic!("{name}={default}: {wrong:?}"));
                    assert_eq!(format!("{set:?}"), unset, "{name}={default}");
                    looked_at += 1;
                }
            }
        }
        assert!(looked_at > 15, "{looked_at}");
    }
}
