//! What became of an accepted text.

use super::*;

fn stored(status: &str, status_code: &str) -> Value {
    json!({
        "_id": MESSAGE_ID, "messageId": MESSAGE_ID, "groupId": GROUP_ID, "type": "SMS", "country": "82", "status": status,
        "statusCode": status_code, "networkCode": null, "networkName": "SKT", "reason": "수신거부 01012345678", "replacement": false,
        "to": "01012345678", "from": "021234567", "log": []
    })
}

fn list(messages: &Value) -> Script {
    Script::json(200, &json!({"startKey": null, "limit": 20, "messageList": messages}).to_string())
}

async fn delivery_of(reference: &str, script: Script) -> (Result<Delivery, ProviderFault>, Asked) {
    let vendor = FakeVendor::start(vec![script]).await;
    let delivery = solapi_at(vendor.base_url()).delivery(reference).await;
    (delivery, vendor.asked().remove(0))
}

#[tokio::test]
async fn a_delivery_is_asked_for_by_the_name_of_the_message_or_of_its_group() {
    let done = stored("COMPLETE", "4000");
    for (reference, field) in [(MESSAGE_ID, "messageId"), (GROUP_ID, "groupId")] {
        for messages in [json!({MESSAGE_ID: done}), json!([done])] {
            let (delivery, asked) = delivery_of(reference, list(&messages)).await;
            assert_eq!(delivery, Ok(Delivery::Delivered { carrier: "SKT" }), "{messages}");
            assert_eq!(asked.line, format!("GET /messages/v4/list?{field}={reference} HTTP/1.1"));
            salt_of(&asked);
        }
    }
}

#[tokio::test]
async fn a_delivery_waits_until_nothing_more_is_tried() {
    let other = {
        let mut other = stored("COMPLETE", "4000");
        other["messageId"] = json!("M4VANOTHER");
        other
    };
    for messages in [
        json!({}),
        json!([]),
        json!(null),
        json!({MESSAGE_ID: {}}),
        json!({"M4VANOTHER": other}),
        json!({MESSAGE_ID: stored("PENDING", "2000")}),
        json!({MESSAGE_ID: stored("SENDING", "3000")}),
        // Kakao did not take it, and the SMS in its place is on its way.
        json!({MESSAGE_ID: stored("SENDING", "3104")}),
        json!({MESSAGE_ID: stored("COMPLETE", "01012345678")}),
    ] {
        assert_eq!(delivery_of(MESSAGE_ID, list(&messages)).await.0, Ok(Delivery::Waiting), "{messages}");
    }
}

/// A talk that Kakao did not take, with the SMS in its place as another message of the group.
async fn in_place_of_a_talk(status: &str, status_code: &str) -> Result<Delivery, ProviderFault> {
    let (mut talk, mut sms) = (stored("COMPLETE", "3104"), stored(status, status_code));
    talk["type"] = json!("ATA");
    sms["messageId"] = json!("M4VTHESMSINITSPLACE");
    delivery_of(GROUP_ID, list(&json!({MESSAGE_ID: talk, "M4VTHESMSINITSPLACE": sms}))).await.0
}

#[tokio::test]
async fn a_talk_ends_with_the_sms_in_its_place() {
    let mut talk = stored("COMPLETE", "3104");
    talk["type"] = json!("ATA");
    assert_eq!(delivery_of(GROUP_ID, list(&json!({MESSAGE_ID: talk}))).await.0, Ok(Delivery::Waiting));
    assert_eq!(in_place_of_a_talk("SENDING", "3000").await, Ok(Delivery::Waiting));
    assert_eq!(in_place_of_a_talk("COMPLETE", "4000").await, Ok(Delivery::Delivered { carrier: "SKT" }));
    let failed = in_place_of_a_talk("COMPLETE", "3043").await;
    assert!(matches!(failed, Ok(Delivery::Failed { .. })), "{failed:?}");
    talk["statusCode"] = json!("4000");
    assert_eq!(delivery_of(GROUP_ID, list(&json!({MESSAGE_ID: talk}))).await.0, Ok(Delivery::Delivered { carrier: "SKT" }));
}

#[tokio::test]
async fn a_text_that_was_not_delivered_says_why() {
    let (delivery, _) = delivery_of(MESSAGE_ID, list(&json!({MESSAGE_ID: stored("COMPLETE", "3047")}))).await;
    assert_eq!(delivery, Ok(Delivery::Failed { reason: "3047 수신거부 ***********".into(), carrier: "SKT" }));
}

#[tokio::test]
async fn a_look_that_is_refused_says_so_once() {
    let (log, _guard) = captured_log();
    let forbidden = Script::json(403, r#"{"errorCode":"Forbidden","errorMessage":"m"}"#);
    let vendor = FakeVendor::start(vec![forbidden, Script::json(504, "")]).await;
    let solapi = solapi_at(vendor.base_url());
    assert!(matches!(solapi.delivery(MESSAGE_ID).await, Err(ProviderFault::Refused(_))));
    assert!(matches!(solapi.delivery(MESSAGE_ID).await, Err(ProviderFault::Unknown(_))));
    assert_eq!(log.text().matches("the API key may not do this").count(), 1, "{}", log.text());
}
