//! What Solapi is sent. Fields are named as Solapi names them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::Message;
use super::super::kakao::CODE_VARIABLE;
use super::{SolapiKakao, SolapiSettings};
use crate::verification::PhoneNumber;

/// Where a text goes, as Solapi takes it: the country apart, and none for Korea, where the number has its zero.
pub(super) struct Destination {
    country: Option<String>,
    pub(super) number: String,
}

impl Destination {
    /// None for a number that is in no country.
    pub(super) fn of(number: &PhoneNumber) -> Option<Self> {
        if let Some(number) = number.korean_national() {
            return Some(Self { country: None, number });
        }
        let region = number.region()?;
        let (code, national) = number.split()?;
        // "국가번호 뒤에 추가로 번호가 붙는 국가": Bermuda is `1441`, not `1` (solapi-nodejs, send_overseas_sms.js).
        let is_area_named = code == "1" && !matches!(region.as_str(), "US" | "CA");
        let (area, rest) = national.split_at_checked(if is_area_named { 3 } else { 0 })?;
        Some(Self { country: Some(format!("{code}{area}")), number: rest.to_owned() })
    }

    pub(super) fn is_korean(&self) -> bool {
        self.country.is_none()
    }
}

/// The body of `send-many/detail`. Without `showMessageList` the answer would not name the message.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SendBody<'a> {
    messages: [Outgoing<'a>; 1],
    show_message_list: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outgoing<'a> {
    to: &'a str,
    from: &'a str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kakao_options: Option<KakaoOptions<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    replacements: Vec<Outgoing<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KakaoOptions<'a> {
    pf_id: &'a str,
    template_id: &'a str,
    variables: BTreeMap<&'static str, &'a str>,
    disable_sms: bool,
}

impl<'a> SendBody<'a> {
    pub(super) fn new(
        settings: &'a SolapiSettings,
        kakao: Option<&'a SolapiKakao>,
        to: &'a Destination,
        message: &Message<'a>,
    ) -> Self {
        let sms = Outgoing { text: Some(message.text), ..Outgoing::bare("SMS", settings, to) };
        let first = match kakao {
            None => sms,
            // A text beside the template would be taken for the filled-in template, and must equal it (solapi-agent,
            // alimtalk.sql); what goes out instead when Kakao fails stands in `replacements` (solapi-java-examples).
            Some(kakao) => Outgoing {
                kakao_options: Some(KakaoOptions {
                    pf_id: &kakao.pf_id,
                    template_id: &kakao.template_id,
                    variables: BTreeMap::from([(CODE_VARIABLE, message.code.as_str())]),
                    disable_sms: false,
                }),
                replacements: vec![sms],
                ..Outgoing::bare("ATA", settings, to)
            },
        };
        Self { messages: [first], show_message_list: true }
    }
}

impl<'a> Outgoing<'a> {
    fn bare(r#type: &'static str, settings: &'a SolapiSettings, to: &'a Destination) -> Self {
        let (kakao_options, replacements) = (None, Vec::new());
        let Destination { country, number } = to;
        Self { to: number, from: &settings.sender, r#type, country: country.as_deref(), text: None, kakao_options, replacements }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_that_shares_one_is_named_with_its_area() {
        for (e164, country, number) in [
            ("+821012345678", None, "01012345678"),
            ("+12025550123", Some("1"), "2025550123"),
            ("+15145550123", Some("1"), "5145550123"),
            ("+14413701234", Some("1441"), "3701234"),
            ("+819012345678", Some("81"), "9012345678"),
            ("+447797712345", Some("44"), "7797712345"),
        ] {
            let to = Destination::of(&PhoneNumber::from_stored(e164.into())).expect(e164);
            assert_eq!((to.country.as_deref(), to.number.as_str()), (country, number), "{e164}");
        }
        assert!(Destination::of(&PhoneNumber::from_stored("+999123".into())).is_none());
    }
}
