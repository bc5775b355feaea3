//! Every answer of SENS to a send, and what it means.

use super::super::super::matrix::{Column, Heard, assert_meanings};
use super::*;

pub(in crate::server::provider) fn column() -> Column {
    Column {
        name: NAME,
        ask: |url, limit| {
            Box::pin(
                async move { Heard::of(&sens_at(url).send(&Parcel::new("text").within(limit).message()).await, |_| "accepted") },
            )
        },
        status: 202,
        whole: ACCEPTED.into(),
        error_inside: r#"{"requestId":"R","statusCode":"400"}"#.into(),
        of_another: None,
    }
}

/// Every answer of the gateway's table, and both body shapes.
#[tokio::test]
async fn every_answer_to_a_send_has_one_meaning() {
    let answers = [
        ("400 code 100", gateway_error(400, "\"100\""), "refused"),
        ("401 code 200", gateway_error(401, "\"200\""), "refused"),
        ("401 code 210 as a number", gateway_error(401, "210"), "refused"),
        ("403 of SENS itself", Script::json(403, r#"{"status":403,"error":"Forbidden"}"#), "refused"),
        ("404 code 300", gateway_error(404, "\"300\""), "refused"),
        ("413 code 430", gateway_error(413, "\"430\""), "refused"),
        ("429 code 400", gateway_error(429, "\"400\""), "quota exhausted"),
        ("429 code 410", gateway_error(429, "\"410\""), "quota exhausted"),
        ("429 code 420", Script::json(429, r#"{"errorCode":"420","errorMessage":"Rate Limited"}"#), "quota exhausted"),
        ("500 code 900", gateway_error(500, "\"900\""), "unavailable"),
        ("503 code 500", gateway_error(503, "\"500\""), "unavailable"),
        ("504 code 510", gateway_error(504, "\"510\""), "unknown"),
        ("200 with a number for a status", Script::json(200, r#"{"requestId":"R","statusCode":202}"#), "accepted"),
        ("202 fail", Script::json(202, r#"{"requestId":"R","statusCode":"202","statusName":"fail"}"#), "refused"),
        ("202 without requestId", Script::json(202, r#"{"statusCode":"202","statusName":"success"}"#), "unknown"),
    ];
    assert_meanings(&column(), answers).await;
}

#[tokio::test]
async fn a_connection_that_never_opens_is_certain() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let mut sens = sens_at(format!("https://{}", silent.local_addr().expect("address")));
    let impatient = reqwest::Client::builder().no_proxy().connect_timeout(Duration::from_millis(50)).build();
    sens.gateway.client = impatient.expect("client");
    let fault = sens.send(&Parcel::new("text").message()).await.expect_err("fault");
    assert!(matches!(fault, ProviderFault::Unavailable(_)), "{fault}");
}
