//! The Solapi account.

use super::super::reader::Reader;
use super::vendor_url;
use crate::server::provider::setting::sender_digits;
use crate::server::provider::solapi::{DEFAULT_BASE_URL, SolapiKakao, SolapiSettings};

pub(super) fn read(env: &mut Reader<'_>, is_needed: bool) -> Option<SolapiSettings> {
    // Whoever sets up Kakao means to send by Solapi.
    let kakao = env.account(["SOLAPI_KAKAO_PF_ID", "SOLAPI_KAKAO_TEMPLATE_ID"], false);
    let names = ["SOLAPI_API_KEY", "SOLAPI_API_SECRET", "SOLAPI_SENDER"];
    let [api_key, api_secret, sender] = env.account(names, is_needed || kakao.is_some())?;
    let sender = match sender.as_str() {
        "" => sender,
        typed => env.check("SOLAPI_SENDER", sender_digits(typed)).unwrap_or_default(),
    };
    let kakao = kakao.map(|[pf_id, template_id]| SolapiKakao { pf_id, template_id });
    let base_url = env.parse("SOLAPI_BASE_URL", DEFAULT_BASE_URL, vendor_url);
    Some(SolapiSettings { base_url, api_key, api_secret, sender, kakao })
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::read;

    const ACCOUNT: [(&str, &str); 3] =
        [("SOLAPI_API_KEY", "NCSKEY"), ("SOLAPI_API_SECRET", "s3cret-of-solapi"), ("SOLAPI_SENDER", "02-123-4567")];
    const KAKAO: [(&str, &str); 2] = [("SOLAPI_KAKAO_PF_ID", "KA01PF1"), ("SOLAPI_KAKAO_TEMPLATE_ID", "KA01TP1")];

    #[test]
    fn an_account_is_whole_or_not_at_all() {
        let account = read(&ACCOUNT).expect("complete").provider.solapi.expect("account");
        assert_eq!((account.sender.as_str(), account.base_url.as_str()), ("021234567", "https://api.solapi.com"));
        assert!(account.kakao.is_none());
        let kakao = read(&[&ACCOUNT[..], &KAKAO].concat()).expect("complete").provider.solapi.expect("account").kakao;
        assert_eq!(kakao.expect("a template").template_id, "KA01TP1");
        for (settings, missing) in [
            (&ACCOUNT[..1], &["SOLAPI_API_SECRET", "SOLAPI_SENDER"][..]),
            (&KAKAO, &["SOLAPI_API_KEY", "SOLAPI_API_SECRET", "SOLAPI_SENDER"]),
            (&[&ACCOUNT[..], &KAKAO[..1]].concat(), &["SOLAPI_KAKAO_TEMPLATE_ID"]),
        ] {
            let missing: Vec<_> = missing.iter().map(|name| format!("{name}: is missing")).collect();
            assert_eq!(read(settings).expect_err("half"), missing);
        }
    }

    #[test]
    fn what_cannot_work_is_named_and_no_secret_is_shown() {
        for (name, value) in [("SOLAPI_SENDER", "+82 2 123"), ("SOLAPI_BASE_URL", "http://solapi.example.com")] {
            let settings: Vec<_> = ACCOUNT.into_iter().filter(|setting| setting.0 != name).chain([(name, value)]).collect();
            assert!(read(&settings).expect_err(value)[0].starts_with(name), "{value}");
        }
        let shown = format!("{:?}", read(&ACCOUNT).expect("complete"));
        assert!(!shown.contains("NCSKEY") && !shown.contains("s3cret") && !shown.contains("021234567"), "{shown}");
    }
}
