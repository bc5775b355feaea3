//! `AlimTalk` at SENS: a service of its own, with the keys and the sender of SENS.

use super::super::reader::Reader;
use crate::server::provider::kakao::{self, Template};
use crate::server::provider::sens::SensSettings;
use crate::server::provider::sens_alimtalk::SensAlimtalkSettings;

const NAMES: [&str; 4] =
    ["NAVER_ALIMTALK_SERVICE_ID", "NAVER_ALIMTALK_CHANNEL", "NAVER_ALIMTALK_TEMPLATE_CODE", "NAVER_ALIMTALK_TEMPLATE"];

/// Whether any of its settings is there.
pub(super) fn is_meant(env: &Reader<'_>) -> bool {
    NAMES.iter().any(|name| env.optional(name).is_some())
}

/// Reads it, with keys, sender and address of `sens`.
pub(super) fn read(env: &mut Reader<'_>, sens: SensSettings) -> SensAlimtalkSettings {
    let [service_id, template_code] = env.account([NAMES[0], NAMES[2]], true).unwrap_or_default();
    if service_id.starts_with("ncp:sms:") {
        env.refuse(NAMES[0], "is the id of an SMS service: that of AlimTalk begins with ncp:kkobizmsg:");
    }
    let channel = read_text(env, NAMES[1]).and_then(|text| env.check(NAMES[1], kakao::channel(&text)));
    let template = read_text(env, NAMES[3]).and_then(|text| env.check(NAMES[3], Template::parse(&text)));
    SensAlimtalkSettings {
        base_url: sens.base_url,
        access_key: sens.access_key,
        secret_key: sens.secret_key,
        sender: sens.sender,
        service_id,
        channel: channel.unwrap_or_default(),
        template_code,
        template: template.unwrap_or_default(),
    }
}

/// A text in any script.
fn read_text(env: &mut Reader<'_>, name: &str) -> Option<String> {
    let text = env.optional(name);
    // One that is there and empty has been told.
    if text.is_none() && !env.is_set(name) {
        env.refuse(name, "is missing");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::read;

    const KEYS: [(&str, &str); 3] =
        [("NAVER_ACCESS_KEY", "key"), ("NAVER_SECRET_KEY", "s3cret-of-naver"), ("SENDER_PHONE_NUMBER", "1588-0000")];
    const TALK: [(&str, &str); 4] = [
        ("NAVER_ALIMTALK_SERVICE_ID", "ncp:kkobizmsg:kr:1:talk"),
        ("NAVER_ALIMTALK_CHANNEL", "@우리가게"),
        ("NAVER_ALIMTALK_TEMPLATE_CODE", "signup01"),
        ("NAVER_ALIMTALK_TEMPLATE", "[번호]\\n인증번호는 #{인증번호}입니다."),
    ];

    #[test]
    fn it_shares_keys_and_sender_with_sens_and_needs_no_sms_service() {
        let provider = read(&[&KEYS[..], &TALK].concat()).expect("complete").provider;
        assert!(provider.sens.is_none());
        let talk = provider.sens_alimtalk.expect("account");
        assert_eq!((talk.access_key.as_str(), talk.sender.as_str(), talk.channel.as_str()), ("key", "15880000", "@우리가게"));
        let sms = [("NAVER_SERVICE_ID", "ncp:sms:kr:1:svc")];
        let provider = read(&[&KEYS[..], &TALK, &sms].concat()).expect("complete").provider;
        assert!(provider.sens.is_some() && provider.sens_alimtalk.is_some());
        assert!(read(&[&KEYS[..], &sms].concat()).expect("complete").provider.sens_alimtalk.is_none());
    }

    #[test]
    fn half_of_it_is_refused_and_each_that_is_missing_is_told_once() {
        let told = |settings: &[(&str, &str)]| {
            let mut wrong = read(settings).expect_err("half");
            wrong.sort();
            wrong.into_iter().map(|line| line.strip_suffix(": is missing").expect("a missing one").to_owned()).collect::<Vec<_>>()
        };
        let keys = ["NAVER_ACCESS_KEY", "NAVER_SECRET_KEY", "SENDER_PHONE_NUMBER"];
        assert_eq!(told(&TALK), keys);
        assert_eq!(told(&[&TALK[..], &[("NAVER_SERVICE_ID", "ncp:sms:kr:1:svc")]].concat()), keys);
        assert_eq!(told(&[&KEYS[..], &TALK[..2]].concat()), ["NAVER_ALIMTALK_TEMPLATE", "NAVER_ALIMTALK_TEMPLATE_CODE"]);
        assert_eq!(told(&KEYS), ["NAVER_SERVICE_ID"]);
    }

    #[test]
    fn what_cannot_work_is_named_and_no_secret_is_shown() {
        let long = format!("#{{인증번호}}{}", "가".repeat(995));
        for (name, value) in [
            ("NAVER_ALIMTALK_SERVICE_ID", "ncp:sms:kr:1:svc"),
            ("NAVER_ALIMTALK_CHANNEL", "channel"),
            ("NAVER_ALIMTALK_CHANNEL", "@our channel"),
            ("NAVER_ALIMTALK_TEMPLATE", "인증번호는 123456입니다."),
            ("NAVER_ALIMTALK_TEMPLATE", "#{이름}님의 #{인증번호}"),
            ("NAVER_ALIMTALK_TEMPLATE", &long),
            ("NAVER_ALIMTALK_TEMPLATE", ""),
        ] {
            let settings: Vec<_> = TALK.into_iter().filter(|set| set.0 != name).chain(KEYS).chain([(name, value)]).collect();
            let wrong = read(&settings).expect_err(value);
            assert!(wrong.len() == 1 && wrong[0].starts_with(name), "{value}: {wrong:?}");
        }
        let shown = format!("{:?}", read(&[&KEYS[..], &TALK].concat()).expect("complete"));
        assert!(!shown.contains("s3cret") && !shown.contains("15880000"), "{shown}");
    }
}
