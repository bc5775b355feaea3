//! What became of an accepted text.

use super::*;

fn list(messages: &str) -> Script {
    Script::json(200, &format!(r#"{{"statusCode":"202","statusName":"success","messages":{messages}}}"#))
}

async fn delivery_of(first: Script, second: Script) -> (Result<Delivery, ProviderFault>, Vec<Asked>) {
    let vendor = FakeVendor::start(vec![first, second]).await;
    let delivery = sens_at(vendor.base_url()).delivery(REQUEST_ID).await;
    (delivery, vendor.asked())
}

fn one_message() -> Script {
    list(&format!(r#"[{{"requestId":"{REQUEST_ID}","messageId":"f574d3f0-0000-4000-8000-daa31f50eaf5"}}]"#))
}

#[tokio::test]
async fn a_delivery_is_asked_for_by_request_and_then_by_message() {
    let done = list(r#"[{"status":"COMPLETED","statusCode":"0","statusName":"success","telcoCode":"SKT"}]"#);
    let (delivery, asked) = delivery_of(one_message(), done).await;
    assert_eq!(delivery, Ok(Delivery::Delivered { carrier: "SKT" }));
    let path = "/sms/v2/services/ncp:sms:kr:123456789012:verify-svc/messages";
    assert_eq!(asked[0].line, format!("GET {path}?requestId={REQUEST_ID} HTTP/1.1"));
    assert_eq!(asked[1].line, format!("GET {path}/f574d3f0-0000-4000-8000-daa31f50eaf5 HTTP/1.1"));
    for asked in asked {
        assert_eq!(asked.header("x-ncp-apigw-signature-v2"), expected_signature(&asked));
    }
}

#[tokio::test]
async fn a_delivery_waits_until_sens_has_a_result() {
    for first in [list("[]"), list("null"), Script::json(200, "{}"), list(r#"[{"requestId":"of another","messageId":"m"}]"#)] {
        assert_eq!(delivery_of(first, list("[]")).await.0, Ok(Delivery::Waiting));
    }
    for message in [
        r#"[{"status":"READY","statusCode":"","statusName":""}]"#,
        r#"[{"status":"PROCESSING"}]"#,
        r#"[{"status":"COMPLETED","statusName":""}]"#,
        "[]",
    ] {
        assert_eq!(delivery_of(one_message(), list(message)).await.0, Ok(Delivery::Waiting), "{message}");
    }
}

#[tokio::test]
async fn a_text_that_was_not_delivered_says_why() {
    let failed = r#"[{"status":"COMPLETED","statusCode":"3018","statusName":"fail","statusMessage":"발신번호 스푸핑 방지"}]"#;
    let (delivery, _) = delivery_of(one_message(), list(failed)).await;
    assert_eq!(delivery, Ok(Delivery::Failed { reason: "3018 발신번호 스푸핑 방지".into(), carrier: "other" }));
    let (fault, _) = delivery_of(gateway_error(401, "200"), list("[]")).await;
    assert!(matches!(&fault, Err(ProviderFault::Refused(_))), "{fault:?}");
}
