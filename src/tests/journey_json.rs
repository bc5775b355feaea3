//! The whole way over the JSON interface.

use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;

use crate::databases::{Kind, on_both_databases};
use crate::world::{NUMBER, OTHER_NUMBER, World, wrong};

on_both_databases!(
    a_person_signs_up,
    a_person_signs_in_out_and_over,
    the_status_counts_down_what_is_left,
    a_resent_code_and_the_earlier_one_are_both_good,
    a_number_without_an_account_that_signs_in_may_sign_up,
    a_code_works_until_the_instant_it_expires,
    an_answer_is_in_the_language_that_is_accepted,
);

async fn a_person_signs_up(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    let sent = person.asks(NUMBER).await;
    assert_eq!((sent.status, sent.outcome().as_str(), sent.state().as_str()), (202, "code_sent", "pending"));
    assert_eq!(sent.status_field("phone_number"), "+82 10-****-5678");
    assert_eq!(world.sms()[0].to, "+821012345678");
    let verified = person.checks(&world.code()).await;
    assert_eq!((verified.status, verified.outcome().as_str(), verified.state().as_str()), (200, "verified", "verified"));
    let signed_up = person.signs_up("  준호  ").await;
    assert_eq!((signed_up.status, signed_up.outcome().as_str(), signed_up.state().as_str()), (201, "signed_up", "signed_up"));
    let welcome = person.page("/welcome").await;
    assert!(welcome.body.contains(">준호</bdi>") && welcome.body.contains("010-****-5678"), "{}", welcome.body);
    assert_eq!(person.page("/").await.redirect(), "/welcome");
}

async fn a_person_signs_in_out_and_over(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.joins(&world, NUMBER).await;
    let account_cookie = person.cookie();
    let out = person.island("/api/sign-out", &[]).await.compact();
    assert_eq!((out.outcome.as_str(), out.state.as_str()), ("status", "none"));
    assert_ne!(person.cookie(), account_cookie);
    assert_eq!(person.page("/welcome").await.redirect(), "/");
    world.advance(60);
    assert_eq!(person.asks_to_sign_in(NUMBER).await.outcome(), "code_sent");
    assert_eq!(person.island("/api/start-over", &[]).await.compact().state, "none");
    assert_eq!(person.asks_to_sign_in(NUMBER).await.outcome(), "pending");
    world.advance(60);
    assert_eq!(person.asks_to_sign_in(NUMBER).await.outcome(), "code_sent");
    let signed_in = person.checks(&world.code()).await;
    assert_eq!((signed_in.outcome().as_str(), signed_in.state().as_str()), ("verified", "signed_up"));
    assert!(person.page("/welcome").await.body.contains("먼저"));
    person.set_cookie(account_cookie);
    assert_eq!(person.page("/welcome").await.redirect(), "/");
}

async fn the_status_counts_down_what_is_left(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    let at_first = person.looks().await;
    assert_eq!((at_first.state().as_str(), at_first.status_field("sends_left")), ("none", 5.into()));
    person.asks(NUMBER).await;
    world.advance(20);
    assert_eq!(person.checks(&world.wrong_code()).await.outcome(), "incorrect_code");
    let status = person.looks().await.json()["status"].clone();
    for (field, left) in [("expires_in_secs", 280), ("resend_in_secs", 40), ("sends_left", 4), ("attempts_left", 4)] {
        assert_eq!(status[field], left, "{field} in {status}");
    }
    world.advance(40);
    assert_eq!(person.looks().await.status_field("resend_in_secs"), Value::Null);
}

async fn a_resent_code_and_the_earlier_one_are_both_good(kind: Kind) {
    let world = World::new(kind).await;
    let (first, second) = (world.browser(), world.browser());
    for (person, number, is_first_used) in [(first, NUMBER, true), (second, OTHER_NUMBER, false)] {
        person.asks(number).await;
        let earlier = world.code();
        world.advance(60);
        assert_eq!(person.asks(number).await.outcome(), "code_sent");
        assert_eq!(person.looks().await.status_field("expires_in_secs"), 300);
        let code = if is_first_used { earlier } else { world.code() };
        assert_eq!(person.checks(&code).await.outcome(), "verified");
    }
}

async fn a_number_without_an_account_that_signs_in_may_sign_up(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    assert_eq!(person.asks_to_sign_in(NUMBER).await.outcome(), "code_sent");
    let verified = person.checks(&world.code()).await;
    assert_eq!((verified.outcome().as_str(), verified.state().as_str()), ("verified", "verified"));
    assert_eq!(person.signs_up("새 사람").await.outcome(), "signed_up");
}

async fn a_code_works_until_the_instant_it_expires(kind: Kind) {
    let world = World::new(kind).await;
    for (number, wait, outcome) in [(NUMBER, 299, "verified"), (OTHER_NUMBER, 300, "code_expired")] {
        let person = world.browser();
        person.asks(number).await;
        let code = world.code();
        world.advance(wait);
        assert_eq!(person.checks(&code).await.outcome(), outcome);
        assert_ne!(person.checks(&wrong(&code)).await.outcome(), "incorrect_code");
    }
}

async fn an_answer_is_in_the_language_that_is_accepted(kind: Kind) {
    let world = World::new(kind).await;
    for (accepted, message) in [
        ("ko-KR,ko;q=0.9,en-US;q=0.8", "휴대폰 번호가 아니에요. 문자를 받을 수 있는 번호를 입력해 주세요. 예: 010-1234-5678"),
        ("en-US,en;q=0.5", "This is not a mobile number. Please enter one that can receive texts. For example 010-1234-5678"),
        ("ja,en-US;q=0.9,en;q=0.8", "携帯電話番号ではありません。SMSを受信できる番号を入力してください。例：010-1234-5678"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8", "這不是手機號碼，請輸入可以接收簡訊的號碼。例如：010-1234-5678"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "这不是手机号，请输入可以接收短信的号码。例如：010-1234-5678"),
        ("vi-VN,vi;q=0.8,en-US;q=0.5", "Đây không phải là số di động. Hãy nhập số có thể nhận tin nhắn. Ví dụ: 010-1234-5678"),
        ("es-MX,es;q=0.9,en;q=0.8", "No es un número de móvil. Escribe uno que pueda recibir mensajes. Por ejemplo, 010-1234-5678"),
    ] {
        let person = world.browser();
        let heads = [(ACCEPT_LANGUAGE, accepted), (CONTENT_TYPE, "application/json")];
        let heads: HeaderMap = heads.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
        let request = person.request(reqwest::Method::POST, "/v1/verification").headers(heads);
        let answered = person.send(request.body(r#"{"phone_number":"02-123-4567"}"#)).await;
        assert_eq!(answered.outcome(), "invalid_phone_number");
        assert!(answered.json()["message"].as_str().is_some_and(|told| told.starts_with(message)), "{answered:?}");
    }
}
