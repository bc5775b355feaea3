//! What became of an accepted message.

use super::*;

async fn delivery_of(script: Script) -> (Result<Delivery, ProviderFault>, Asked) {
    let vendor = FakeVendor::start(vec![script]).await;
    let delivery = alimtalk_at(vendor.base_url()).delivery(MESSAGE_ID).await;
    (delivery, vendor.asked().remove(0))
}

/// A message of which SENS tells this much.
async fn told(state: Value) -> Result<Delivery, ProviderFault> {
    let mut message = json!({
        "requestId": "RSAT-20231114221320000-AbCdEfGh", "messageId": MESSAGE_ID, "plusFriendId": "@우리가게", "to": "01012345678",
        "requestStatusCode": "A000", "requestStatusName": "success", "requestStatusDesc": "성공", "useSmsFailover": true
    });
    message.as_object_mut().expect("an object").extend(state.as_object().expect("an object").clone());
    delivery_of(Script::json(200, &message.to_string())).await.0
}

fn not_on_kakao(failover: &Value) -> Value {
    let words = "카카오톡 미사용자 01012345678";
    json!({"messageStatusCode": "3019", "messageStatusName": "fail", "messageStatusDesc": words, "failover": failover})
}

#[tokio::test]
async fn a_delivery_is_asked_for_by_message() {
    let done = json!({"messageId": MESSAGE_ID, "messageStatusCode": "0000", "messageStatusName": "success"});
    let (delivery, asked) = delivery_of(Script::json(200, &done.to_string())).await;
    assert_eq!(delivery, Ok(Delivery::Delivered { carrier: "other" }));
    assert_eq!(asked.line, format!("GET {PATH}/{MESSAGE_ID} HTTP/1.1"));
    assert_eq!(asked.header("x-ncp-apigw-signature-v2"), expected_signature(&asked));
}

#[tokio::test]
async fn a_delivery_waits_until_kakao_or_the_sms_has_a_result() {
    for state in [
        json!({}),
        json!({"messageStatusName": "processing", "messageStatusCode": null, "failover": null}),
        json!({"messageStatusName": ""}),
        not_on_kakao(&json!({"requestId": "RSSA-1", "requestStatusCode": "A000", "requestStatusName": "success"})),
        not_on_kakao(&json!({"requestStatusName": "success", "messageStatus": "PROCESSING", "messageStatusName": "processing"})),
    ] {
        assert_eq!(told(state.clone()).await, Ok(Delivery::Waiting), "{state}");
    }
}

#[tokio::test]
async fn the_sms_in_its_place_delivers_as_well() {
    let sms = json!({"requestStatusName": "success", "messageStatus": "COMPLETED", "messageStatusCode": "0", "messageStatusName": "success"});
    assert_eq!(told(not_on_kakao(&sms)).await, Ok(Delivery::Delivered { carrier: "other" }));
}

#[tokio::test]
async fn a_message_that_was_not_delivered_says_why() {
    let failed = |reason: &str| Ok(Delivery::Failed { reason: reason.into(), carrier: "other" });
    for no_sms in [json!(null), json!({})] {
        assert_eq!(told(not_on_kakao(&no_sms)).await, failed("3019 카카오톡 미사용자 ***********"));
    }
    let sms = json!({"requestStatusName": "success", "messageStatusCode": "3018", "messageStatusName": "fail", "messageStatusDesc": "발신번호 스푸핑 방지"});
    assert_eq!(told(not_on_kakao(&sms)).await, failed("3018 발신번호 스푸핑 방지"));
    let refused = json!({"requestStatusCode": "E901", "requestStatusName": "fail", "requestStatusDesc": "수신번호 없음"});
    assert_eq!(told(not_on_kakao(&refused)).await, failed("E901 수신번호 없음"));
    let refused = json!({"requestStatusCode": "B101", "requestStatusName": "fail", "requestStatusDesc": "템플릿 불일치"});
    assert_eq!(told(refused).await, failed("B101 템플릿 불일치"));
}

#[tokio::test]
async fn what_tells_of_another_message_is_no_answer() {
    let (other, _) = delivery_of(Script::json(200, r#"{"messageId":"another","messageStatusName":"success"}"#)).await;
    assert!(matches!(other, Err(ProviderFault::Unknown(_))), "{other:?}");
    let (refused, _) = delivery_of(Script::json(401, r#"{"error":{"errorCode":"200"}}"#)).await;
    assert!(matches!(refused, Err(ProviderFault::Refused(_))), "{refused:?}");
}
