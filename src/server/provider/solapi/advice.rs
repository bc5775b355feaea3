//! What the operator is told when Solapi refuses: which setting to look at, the balance, or the clock. Never the vendor's words.

use jiff::Timestamp;

use super::super::exchange::VendorAnswer;
use super::super::report::clock_advice;
use super::answers::failed_code;
use super::errors::error_name;

const BALANCE: &str = "Solapi refused: the balance there is spent; charge it";

/// What a refused send most likely means.
pub(super) fn of_send(answer: &VendorAnswer, now: Timestamp) -> Option<String> {
    match failed_code(answer) {
        Some(code) => of_status(&code).map(str::to_owned),
        None => of_look(answer, now),
    }
}

/// What any refused request most likely means.
pub(super) fn of_look(answer: &VendorAnswer, now: Timestamp) -> Option<String> {
    let advice = match error_name(answer)?.as_str() {
        "requesttimetooskewed" => {
            let vague = || "Solapi refused the signature: this machine's clock is wrong by 15 minutes or more".to_owned();
            return Some(clock_advice("Solapi", answer, now).unwrap_or_else(vague));
        }
        "invalidapikey" => "Solapi refused: it knows no API key that is SOLAPI_API_KEY",
        "signaturedoesnotmatch" => "Solapi refused the signature: SOLAPI_API_KEY and SOLAPI_API_SECRET do not belong together",
        "notenoughbalance" | "balanceinsufficient" => BALANCE,
        "forbidden" => "Solapi refused: the API key may not do this; look at its permissions in the console",
        "validationerror" | "failedtoaddmessage" => {
            "Solapi refused the request: is SOLAPI_SENDER as it is registered in the console?"
        }
        _ => return None,
    };
    Some(advice.to_owned())
}

/// What a status code of a message that was not registered says of the settings (Solapi, message status codes).
fn of_status(code: &str) -> Option<&'static str> {
    match code {
        "1030" | "2230" => Some(BALANCE),
        "1062" | "2062" => Some("Solapi refused: SOLAPI_SENDER is not registered as a sender in the console"),
        "1041" | "3101" => Some("Solapi refused: SOLAPI_KAKAO_PF_ID is not a channel of this account"),
        "1042" | "3105" => Some("Solapi refused: SOLAPI_KAKAO_TEMPLATE_ID is not an approved template of this channel"),
        "1043" | "3103" => {
            Some("Solapi refused: the template of SOLAPI_KAKAO_TEMPLATE_ID must have #{인증번호} and no other variable")
        }
        "1046" => Some("Solapi refused: the template of SOLAPI_KAKAO_TEMPLATE_ID has buttons, which are not sent"),
        "1064" | "2063" | "2064" => Some("Solapi refused: the account or its sender is blocked"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_names_what_to_look_at() {
        let advice = |status, body: &str, date_secs| {
            of_send(&VendorAnswer::of(status, body, date_secs), Timestamp::from_second(1_000_000).expect("in range"))
        };
        let error = |code: &str| format!(r#"{{"errorCode":"{code}","errorMessage":"m"}}"#);
        let failed = |code: &str| format!(r#"{{"failedMessageList":[{{"statusCode":"{code}"}}]}}"#);
        for (status, body, date_secs, named) in [
            (403, error("InvalidAPIKey"), None, "SOLAPI_API_KEY"),
            (403, error("InvalidApiKey"), None, "SOLAPI_API_KEY"),
            (403, error("SignatureDoesNotMatch"), None, "do not belong together"),
            (403, error("RequestTimeTooSkewed"), None, "15 minutes"),
            (403, error("RequestTimeTooSkewed"), Some(1_000_000), "15 minutes"),
            (403, error("RequestTimeTooSkewed"), Some(1_001_000), "1000 s behind"),
            (403, error("Forbidden"), None, "permissions"),
            (402, error("NotEnoughBalance"), None, "balance"),
            (400, error("ValidationError"), None, "SOLAPI_SENDER"),
            (200, failed("1062"), None, "SOLAPI_SENDER"),
            (200, failed("1030"), None, "balance"),
            (200, failed("1042"), None, "SOLAPI_KAKAO_TEMPLATE_ID"),
            (200, failed("1043"), None, "#{인증번호}"),
            (200, failed("1041"), None, "SOLAPI_KAKAO_PF_ID"),
        ] {
            let advice = advice(status, &body, date_secs).expect(&body);
            assert!(advice.contains(named), "{body}: {advice}");
        }
        for (status, body) in [(500, String::new()), (200, "{}".into()), (200, failed("1024")), (403, String::new())] {
            assert_eq!(advice(status, &body, None), None, "{body}");
        }
    }
}
