//! Whatever is sent: a stable outcome, in the form that the caller reads, and never a 500.

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, ORIGIN};
use serde_json::json;

use crate::browser::{FORM, HTML, JSON};
use crate::databases::{Kind, on_both_databases};
use crate::journey_forms::asks_by_form;
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    what_is_no_mobile_number_is_refused_and_costs_nothing,
    ten_spellings_are_one_number_with_one_budget,
    a_malformed_code_costs_nothing_and_full_width_digits_are_understood,
    a_nickname_has_1_to_30_visible_characters,
    a_number_in_the_sign_up_form_is_ignored,
    a_code_never_verifies_another_number,
    every_use_of_a_dead_code_has_its_own_words,
    consent_is_required_where_there_are_terms_and_its_time_is_stored,
    json_that_is_not_a_request_is_refused_in_json,
    a_form_that_is_not_a_request_is_refused_in_its_own_way,
    a_body_that_is_too_large_is_refused,
    a_foreign_origin_is_refused,
    a_wrong_method_and_an_unknown_path_answer_in_the_callers_form,
);

async fn what_is_no_mobile_number_is_refused_and_costs_nothing(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    let long = "0".repeat(65);
    for typed in
        ["", "  ", "abc", "📱", &long, "02-123-4567", "0082-10-1234-5678", "010-123-4567", "070-1234-5678", "+1 202 555 0123"]
    {
        let refused = person.asks(typed).await;
        assert_eq!((refused.status, refused.outcome().as_str()), (422, "invalid_phone_number"), "{typed}");
    }
    assert_eq!(person.looks().await.status_field("sends_left"), 5);
    asks_by_form(&person, &long).await;
    let kept = person.page("/").await.attribute_after("id=\"phone_number\"", "value");
    assert_eq!(kept.len(), 64);
    assert!(world.sms().is_empty());
}

async fn ten_spellings_are_one_number_with_one_budget(kind: Kind) {
    let world = World::with(kind, "outbox", &[("RESEND_COOLDOWN_SECS", "1"), ("MAX_SENDS_PER_SUBJECT", "20")]).await;
    let spellings = [
        "01012345678",
        "010-1234-5678",
        "+82 10-1234-5678",
        "+8201012345678",
        "821012345678",
        "1012345678",
        "０１０１２３４５６７８",
        "tel:+82-10-1234-5678",
        "010 1234 5678",
        "(010) 1234-5678",
    ];
    for (n, typed) in spellings.iter().enumerate() {
        let outcome = world.browser().asks(typed).await.outcome();
        assert_eq!(outcome, if n < 5 { "code_sent" } else { "sends_exhausted" }, "{typed}");
        world.advance(1);
    }
    let refused = world.browser().asks(NUMBER).await;
    assert_eq!((refused.status, refused.json()["retry_after_secs"].as_u64()), (429, Some(86_400 - 10)));
    assert!(world.sms().iter().all(|sms| sms.to == "+821012345678"));
    world.advance(86_400 - 10);
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "code_sent");
}

async fn a_malformed_code_costs_nothing_and_full_width_digits_are_understood(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    assert_eq!(person.checks("123456").await.outcome(), "no_challenge");
    person.asks(NUMBER).await;
    for typed in ["", "12345", "1234567", "abcdef", "12345x", &"1".repeat(100)] {
        let refused = person.checks(typed).await;
        assert_eq!((refused.status, refused.outcome().as_str()), (422, "malformed_code"), "{typed}");
    }
    assert_eq!(person.looks().await.status_field("attempts_left"), 5);
    let wide: String = world.code().chars().map(|c| char::from_u32(c as u32 - '0' as u32 + '０' as u32).unwrap()).collect();
    assert_eq!(person.checks(&format!(" {} {} ", &wide[..9], &wide[9..])).await.outcome(), "verified");
}

async fn a_nickname_has_1_to_30_visible_characters(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    assert_eq!(person.signs_up("준호").await.outcome(), "not_verified");
    person.verifies(&world, NUMBER).await;
    let too_long = "가".repeat(31);
    for nickname in ["", "   ", &"a".repeat(10_000), &too_long, "a\u{202e}b", "a\u{0}b", "\u{200b}", "a\nb"] {
        let refused = person.signs_up(nickname).await;
        assert_eq!((refused.status, refused.outcome().as_str()), (422, "invalid_nickname"), "{nickname:?}");
    }
    assert_eq!(person.signs_up(&"가".repeat(30)).await.outcome(), "signed_up");
    assert_eq!(person.signs_up("다시").await.outcome(), "already_verified");
}

async fn a_number_in_the_sign_up_form_is_ignored(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.verifies(&world, NUMBER).await;
    let fields = [("nickname", "준호".to_owned()), ("phone_number", OTHER_NUMBER.to_owned())];
    assert_eq!(person.form("/api/sign-up", &fields).await.redirect(), "/welcome");
    assert!(person.page("/welcome").await.body.contains("010-****-5678"));
    let body = json!({"nickname": "준호", "phone_number": OTHER_NUMBER});
    assert_eq!(person.json("/v1/accounts", &body).await.outcome(), "invalid_request");
}

async fn a_code_never_verifies_another_number(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    let first = person.asks(NUMBER).await.status_field("challenge_id");
    let code = world.code();
    world.advance(60);
    person.asks(OTHER_NUMBER).await;
    let of_the_old_form = person.checks_for(first.as_str().expect("a challenge"), &code).await;
    assert_eq!((of_the_old_form.status, of_the_old_form.outcome().as_str()), (410, "code_expired"));
    assert_eq!(of_the_old_form.status_field("attempts_left"), 5);
    assert_eq!(of_the_old_form.status_field("phone_number"), "+82 10-****-4321");
    assert_ne!(code, world.code());
    assert_eq!(person.checks(&code).await.outcome(), "incorrect_code");
}

async fn every_use_of_a_dead_code_has_its_own_words(kind: Kind) {
    let world = World::new(kind).await;
    let (used, closed) = (world.browser(), world.browser());
    used.verifies(&world, NUMBER).await;
    let again = used.checks(&world.code()).await;
    assert_eq!((again.outcome().as_str(), again.state().as_str()), ("code_expired", "verified"));
    let challenge = closed.asks(OTHER_NUMBER).await.status_field("challenge_id");
    closed.island("/api/start-over", &[]).await;
    let over = closed.checks_for(challenge.as_str().expect("a challenge"), &world.code()).await;
    assert_eq!((over.outcome().as_str(), over.state().as_str()), ("code_expired", "none"));
    assert_eq!(closed.checks_for("nothing like that", "123456").await.outcome(), "no_challenge");
}

async fn consent_is_required_where_there_are_terms_and_its_time_is_stored(kind: Kind) {
    let world = World::with(kind, "outbox", &[("TERMS_URL", "https://example.com/terms")]).await;
    let person = world.browser();
    person.verifies(&world, NUMBER).await;
    assert!(person.page("/").await.body.contains("https://example.com/terms"));
    let refused = person.signs_up("준호").await;
    assert_eq!((refused.status, refused.outcome().as_str()), (400, "invalid_request"));
    person.form("/api/sign-up", &[("nickname", "준호".into())]).await;
    assert_eq!(person.page("/").await.page_outcome(), "invalid_request");
    let body = json!({"nickname": "준호", "consent": true});
    assert_eq!(person.json("/v1/accounts", &body).await.outcome(), "signed_up");
}

async fn json_that_is_not_a_request_is_refused_in_json(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    let good = json!({"phone_number": NUMBER}).to_string();
    let packed =
        person.request(reqwest::Method::POST, "/v1/verification").header("content-type", JSON).header("content-encoding", "gzip");
    assert_eq!(person.send(packed.body(good.clone())).await.status, 415);
    let marked = person.post("/v1/verification/check", JSON, JSON, "\u{feff}{\"code\":\"123456\"}").await;
    assert_eq!(marked.outcome(), "no_challenge", "a mark of the encoding is passed over");
    for content_type in ["text/plain", FORM, "application/xml", ""] {
        let refused = person.post("/v1/verification", content_type, JSON, good.clone()).await;
        assert_eq!((refused.status, refused.outcome().as_str()), (415, "invalid_request"), "{content_type}");
    }
    let bodies = ["", "{", "null", "[]", "\"text\"", "{\"phone_number\": 1012345678}", "{\"phone_number\": null}", "{}", "\u{0}"];
    let unknown = json!({"phone_number": NUMBER, "otp": "1"}).to_string();
    for body in bodies.into_iter().chain([unknown.as_str(), &good[..good.len() - 1]]) {
        let refused = person.post("/v1/verification", JSON, HTML, body.to_owned()).await;
        assert_eq!((refused.status, refused.outcome().as_str()), (400, "invalid_request"), "{body}");
    }
    for body in ["{\"code\": 123456}", "{\"code\": 012345}", "{\"code\": [\"123456\"]}", "{\"kode\": \"123456\"}"] {
        let refused = person.post("/v1/verification/check", JSON, JSON, body).await;
        assert_eq!((refused.status, refused.outcome().as_str()), (400, "invalid_request"), "{body}");
    }
    let with_charset = person.post("/v1/verification", "Application/JSON; charset=utf-8", JSON, good).await;
    assert_eq!(with_charset.outcome(), "code_sent");
}

async fn a_form_that_is_not_a_request_is_refused_in_its_own_way(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.page("/").await;
    for (content_type, body, status) in [(JSON, "{}", 415), ("", "phone_number=1", 415), (FORM, "code=1&code=2", 400)] {
        let island = person.post("/api/check", content_type, "text/plain", body).await;
        assert_eq!((island.status, island.compact().outcome.as_str()), (status, "invalid_request"), "{body}");
        let page = person.post("/api/check", content_type, HTML, body).await;
        assert_eq!((page.status, page.page_outcome_of_notice().as_str()), (status, "invalid_request"), "{body}");
        assert_eq!(page.header("location"), "", "nothing of it is ever in an address");
    }
    let unknown = person.island("/api/nothing", &[]).await;
    assert_eq!((unknown.status, unknown.compact().outcome.as_str()), (404, "not_found"));
}

async fn a_body_that_is_too_large_is_refused(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.page("/").await;
    let large = "x".repeat(16 * 1024 + 1);
    let json = person.json("/v1/verification", &json!({"phone_number": large})).await;
    assert_eq!((json.status, json.outcome().as_str()), (413, "invalid_request"));
    let island = person.island("/api/start", &[("phone_number", large.clone())]).await;
    assert_eq!((island.status, island.compact().outcome.as_str()), (413, "invalid_request"));
    let page = person.form("/api/start", &[("phone_number", large)]).await;
    assert_eq!((page.status, page.page_outcome_of_notice().as_str()), (413, "invalid_request"));
}

async fn a_foreign_origin_is_refused(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    person.page("/").await;
    let fields = [("phone_number", NUMBER)];
    for origin in ["https://evil.example", "http://localhost:3001", "null"] {
        let post = |path, accept| person.request(Method::POST, path).header(ORIGIN, origin).header(ACCEPT, accept);
        let json = person.send(post("/v1/verification", JSON).header(CONTENT_TYPE, JSON).body("{}")).await;
        assert_eq!((json.status, json.outcome().as_str()), (403, "cross_site"), "{origin}");
        let island = person.send(post("/api/start", "text/plain").form(&fields)).await;
        assert_eq!((island.status, island.compact().outcome.as_str()), (403, "cross_site"), "{origin}");
        let page = person.send(post("/api/start", HTML).form(&fields)).await;
        assert_eq!((page.status, page.page_outcome_of_notice().as_str()), (403, "cross_site"), "{origin}");
    }
    assert!(world.sms().is_empty());
    let own = person.request(Method::POST, "/api/start").header(ORIGIN, "http://localhost:3000").form(&fields);
    assert_eq!(person.send(own).await.compact().outcome, "code_sent");
}

async fn a_wrong_method_and_an_unknown_path_answer_in_the_callers_form(kind: Kind) {
    let world = World::new(kind).await;
    let person = world.browser();
    for (method, path, status, outcome) in [
        (Method::DELETE, "/v1/verification", 405, "invalid_request"),
        (Method::GET, "/v1/accounts", 405, "invalid_request"),
        (Method::GET, "/v1/nothing", 404, "not_found"),
        (Method::POST, "/v1", 404, "not_found"),
    ] {
        let answered = person.send(person.request(method, path).header(ACCEPT, HTML)).await;
        assert_eq!((answered.status, answered.outcome().as_str()), (status, outcome), "{path}");
    }
    for (method, path, status, outcome) in [
        (Method::POST, "/", 405, "invalid_request"),
        (Method::GET, "/nothing", 404, "not_found"),
        (Method::GET, "/api/start", 405, "invalid_request"),
    ] {
        let answered = person.send(person.request(method, path).header(ACCEPT, HTML)).await;
        assert_eq!((answered.status, answered.page_outcome_of_notice().as_str()), (status, outcome), "{path}");
    }
}
