//! What became of an accepted text, when Twilio is asked.

use super::*;
use crate::server::metrics::OTHER;

async fn delivery_of(script: Script) -> Result<Delivery, ProviderFault> {
    let vendor = FakeVendor::start(vec![script]).await;
    twilio_at(vendor.base_url()).delivery(SID).await
}

fn failed(reason: &str) -> Delivery {
    Delivery::Failed { reason: reason.into(), carrier: OTHER }
}

#[tokio::test]
async fn a_delivery_is_asked_for_by_the_sid_of_the_message() {
    let vendor = FakeVendor::start(vec![Script::json(200, &sms("delivered", &Value::Null))]).await;
    assert_eq!(twilio_at(vendor.base_url()).delivery(SID).await, Ok(Delivery::Delivered { carrier: OTHER }));
    let asked = &vendor.asked()[0];
    assert_eq!(asked.line, format!("GET /2010-04-01/Accounts/{ACCOUNT}/Messages/{SID}.json HTTP/1.1"));
    assert_authorized(asked);
}

#[tokio::test]
async fn every_status_has_one_meaning() {
    for status in ["queued", "accepted", "scheduled", "sending", "sent", "unheard of"] {
        assert_eq!(delivery_of(Script::json(200, &sms(status, &Value::Null))).await, Ok(Delivery::Waiting), "{status}");
    }
    for (status, code, reason) in [
        ("undelivered", json!(30003), "30003 undelivered"),
        ("failed", json!(30005), "30005 failed"),
        ("failed", Value::Null, "failed"),
        ("failed", json!(654_321), "failed"),
        ("canceled", Value::Null, "canceled"),
    ] {
        assert_eq!(delivery_of(Script::json(200, &sms(status, &code))).await, Ok(failed(reason)), "{status} {code}");
    }
}

#[tokio::test]
async fn what_is_no_answer_tells_nothing() {
    let whole = sms("delivered", &Value::Null);
    for strange in ["{}", &whole.replace(SID, OTHER_SID), &whole.replace("\"delivered\"", "null"), "<html>"] {
        let told = delivery_of(Script::json(200, strange)).await;
        assert!(matches!(&told, Err(ProviderFault::Unknown(_))), "{strange}: {told:?}");
    }
    let gone = delivery_of(error(404, 20404)).await;
    assert!(matches!(&gone, Err(ProviderFault::Refused(_))), "{gone:?}");
}

#[tokio::test]
async fn what_is_no_sid_is_never_part_of_a_path() {
    let vendor = FakeVendor::start(vec![Script::json(200, &sms("delivered", &Value::Null))]).await;
    let twilio = twilio_at(vendor.base_url());
    for receipt in ["", ".", "..", "SM0", &format!("{SID}/x"), &SID.replace("SM", "MM"), "+821012345678"] {
        assert!(matches!(twilio.delivery(receipt).await, Err(ProviderFault::Refused(_))), "{receipt}");
    }
    assert!(vendor.asked().is_empty());
}
