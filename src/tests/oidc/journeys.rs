//! The person's way from an application and back, by forms without JavaScript.

use super::relying_party::RelyingParty;
use super::stage::{Stage, led_to_sign_in};
use super::told;
use crate::databases::{Kind, on_both_databases};
use crate::journey_forms::fill;
use crate::world::{NUMBER, OTHER_NUMBER, World};

on_both_databases!(
    somebody_new_signs_up_in_the_middle,
    somebody_known_signs_in_in_the_middle,
    a_request_for_somebody_new_leads_to_the_page_that_signs_up,
    a_request_waits_ten_minutes,
    a_second_tab_and_the_way_back_end_at_the_application,
    whoever_signs_out_between_code_and_tokens_is_not_told_of,
    a_name_of_a_request_that_is_none_is_over,
);

async fn somebody_new_signs_up_in_the_middle(kind: Kind) {
    let shop = RelyingParty::shop().set("client_name", "우리가게 <b>");
    let list = RelyingParty::list(std::slice::from_ref(&shop));
    let world = World::with(kind, "outbox", &[("OIDC_CLIENTS", &list), ("TERMS_URL", "https://example.com/terms")]).await;
    let (person, line) = (world.browser(), world.browser());
    let stage = Stage { world, shop, person, line };
    let person = &stage.person;
    let request = stage.shop.request("openid profile phone");
    let page = led_to_sign_in(&stage.asks(&request).await);
    let shown = person.page(&page).await;
    assert!(shown.body.contains("<bdi>우리가게 &lt;b&gt;</bdi>"), "it says for whom: {}", shown.body);
    let policy = shown.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://shop.example.com;"), "{policy}");
    assert_eq!(stage.proves(person, &page, NUMBER).await, page);
    assert_eq!(person.page(&page).await.page_state(), "verified");
    // Without consent it is said, and the request is not forgotten.
    let refused = fill(person, &page, "sign-up-form", "/api/sign-up", ("nickname", "준호")).await;
    assert_eq!(refused.redirect(), page);
    assert_eq!(person.page(&page).await.page_outcome(), "invalid_request");
    let mut fields = person.page(&page).await.hidden("sign-up-form");
    fields.extend([("nickname", "준호".to_owned()), ("consent", "yes".to_owned())]);
    let next = person.form("/api/sign-up", &fields).await.redirect().to_owned();
    assert_eq!(next, page.replace("/sign-in?", "/oauth/continue?"));
    let code = request.code(&person.page(&next).await);
    let tokens = stage.redeems(&stage.shop, &code, &request).await;
    let told = stage.userinfo(&tokens).await;
    assert_eq!((told["name"].as_str(), told["phone_number"].as_str()), (Some("준호"), Some("+821012345678")));
    assert_eq!(tokens.id.number_of("auth_time"), stage.now_secs());
}

async fn somebody_known_signs_in_in_the_middle(kind: Kind) {
    let stage = Stage::new(kind).await;
    let known = stage.tokens("openid").await;
    let elsewhere = stage.world.browser();
    let request = stage.shop.request("openid");
    let page = led_to_sign_in(&elsewhere.page(&request.path()).await);
    for form in ["number-form", "code-form"] {
        let purpose = elsewhere.page(&page).await.hidden(form)[0].1.clone();
        assert_eq!(purpose, page.replace("/sign-in?request=", "sign_in."), "{form}");
    }
    let next = stage.proves(&elsewhere, &page, NUMBER).await;
    assert_eq!(next, page.replace("/sign-in?", "/oauth/continue?"));
    let code = request.code(&elsewhere.page(&next).await);
    let tokens = stage.redeems(&stage.shop, &code, &request).await;
    assert_eq!(tokens.id.claims["sub"], known.id.claims["sub"]);
    assert_ne!(tokens.id.claims["sid"], known.id.claims["sid"], "another session");
}

async fn a_request_for_somebody_new_leads_to_the_page_that_signs_up(kind: Kind) {
    let stage = Stage::new(kind).await;
    let request = stage.shop.request("openid").with("prompt", "create");
    for person in [&stage.world.browser(), &stage.person] {
        let page = led_to_sign_in(&person.page(&request.path()).await);
        assert!(page.starts_with("/?request="), "{page}");
        let shown = person.page(&page).await;
        assert_eq!(
            (shown.page_state().as_str(), &*shown.attribute_after("<main", "data-purpose")),
            ("none", &*page.replace("/?request=", "sign_up."))
        );
        let other = page.replace("/?", "/sign-in?");
        assert_eq!(shown.attribute_after("id=\"other-way\"", "href"), other, "and from there to the other page");
    }
    let person = stage.world.browser();
    let page = led_to_sign_in(&person.page(&request.path()).await);
    assert_eq!(stage.proves(&person, &page, OTHER_NUMBER).await, page);
    let joined = fill(&person, &page, "sign-up-form", "/api/sign-up", ("nickname", "둘째")).await;
    let code = request.code(&person.page(joined.redirect()).await);
    stage.redeems(&stage.shop, &code, &request).await;
}

async fn a_request_waits_ten_minutes(kind: Kind) {
    let stage = Stage::new(kind).await;
    let stranger = stage.world.browser();
    let request = stage.shop.request("openid");
    let page = led_to_sign_in(&stranger.page(&request.path()).await);
    let next = page.replace("/sign-in?", "/oauth/continue?");
    stage.world.advance(539);
    assert_eq!(stage.proves(&stranger, &page, NUMBER).await, next, "they were just in time for the code");
    stage.world.advance(1);
    for path in [&page, &next, &page.replace("/sign-in?", "/?")] {
        assert_eq!(told::page(&stranger.page(path).await), (400, "request_over".into()), "{path}");
    }
    assert_eq!(stranger.page("/welcome").await.status, 200, "signed in they are all the same");
    request.code(&stranger.page(&request.path()).await);
    // A form that was drawn for a request which is over meanwhile signs in, and says so behind it.
    let late = stage.world.browser();
    let page = led_to_sign_in(&late.page(&request.path()).await);
    let mut fields = late.page(&page).await.hidden("number-form");
    fields.push(("phone_number", NUMBER.to_owned()));
    stage.world.advance(600);
    assert_eq!(told::page(&late.page(late.form("/api/start", &fields).await.redirect()).await), (400, "request_over".into()));
}

async fn a_second_tab_and_the_way_back_end_at_the_application(kind: Kind) {
    let blog = RelyingParty::confidential("blog");
    let stage = Stage::with(kind, &[RelyingParty::shop(), blog.clone()], &[]).await;
    let person = stage.world.browser();
    let (first, second) = (stage.shop.request("openid"), blog.request("openid"));
    let pages = [led_to_sign_in(&person.page(&first.path()).await), led_to_sign_in(&person.page(&second.path()).await)];
    let next = stage.proves(&person, &pages[0], NUMBER).await;
    let code = first.code(&person.page(&next).await);
    let tokens = stage.redeems(&stage.shop, &code, &first).await;
    // The other tab asks for nothing any more, neither its page nor a form of it.
    let went_on = person.page(&pages[1]).await;
    assert_eq!(went_on.redirect(), pages[1].replace("/sign-in?", "/oauth/continue?"));
    let code = second.code(&person.page(went_on.redirect()).await);
    let there = stage.redeems(&blog, &code, &second).await;
    assert_eq!(there.id.claims["sid"], tokens.id.claims["sid"]);
    // Back, and forward again: another code of the same request.
    let again = first.code(&person.page(person.page(&pages[0]).await.redirect()).await);
    stage.redeems(&stage.shop, &again, &first).await;
    assert!(stage.is_good(&tokens).await);
    let reloaded = first.code(&person.page(&first.path()).await);
    assert_ne!(reloaded, again);
}

async fn whoever_signs_out_between_code_and_tokens_is_not_told_of(kind: Kind) {
    let stage = Stage::of(kind, RelyingParty::shop().set("refresh", true)).await;
    let request = stage.shop.request("openid offline_access");
    let code = request.code(&stage.asks(&request).await);
    stage.person.form("/api/sign-out", &[]).await;
    let refused = stage.shop.redeems(&stage.line, &code, &request).await;
    assert_eq!(told::error(&refused), (400, "invalid_grant".into()));
}

async fn a_name_of_a_request_that_is_none_is_over(kind: Kind) {
    let stage = Stage::new(kind).await;
    for name in ["x", "../../welcome", "%00", "%ff", "https://evil.example", "sign_in.x", &"x".repeat(5000)] {
        for page in ["/sign-in", "/", "/oauth/continue"] {
            for person in [&stage.person, &stage.world.browser()] {
                let told = told::page(&person.page(&format!("{page}?request={name}")).await);
                assert_eq!(told, (400, "request_over".into()), "{page}: {name:.20}");
            }
        }
    }
    // Forms that name such a request lead nowhere else.
    let stranger = stage.world.browser();
    for name in ["//evil.example", "x\r\nLocation: //evil.example", "https://evil.example", "x/../../y"] {
        stage.world.advance(60);
        let fields = [("purpose", format!("sign_in.{name}")), ("phone_number", "01".to_owned())];
        stranger.page("/").await;
        assert_eq!(stranger.form("/api/start", &fields).await.redirect(), "/sign-in", "{name:?}");
    }
    let cancelled = stranger.page("/oauth/continue").await;
    assert_eq!(told::page(&cancelled), (400, "request_over".into()));
}
