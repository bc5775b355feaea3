//! What applications call somebody, and the keys that they check it with.

use std::time::Duration;

use super::id_token::{IdToken, keys};
use super::relying_party::{RelyingParty, encoded};
use super::stage::{Stage, led_to_sign_in};
use crate::databases::{Kind, on_both_databases};
use crate::world::NUMBER;

on_both_databases!(
    no_two_applications_can_compare_the_people_they_know,
    an_address_is_made_up_under_a_domain_of_the_operators_own,
    keys_change_while_tokens_are_in_use,
);

const BYE: &str = "https://a.example.com/bye";

async fn no_two_applications_can_compare_the_people_they_know(kind: Kind) {
    let pairwise = |party: RelyingParty| party.set("subject_type", "pairwise");
    let a = pairwise(RelyingParty::confidential("a")).set("post_logout_redirect_uris", [BYE].as_slice());
    let b = pairwise(RelyingParty::confidential("b")).set("email_domain", "b.example.com");
    let second = "https://a.example.com/second";
    let twin = pairwise(RelyingParty::confidential("twin")).at(second).set("redirect_uris", [second].as_slice());
    let parties = [a.clone(), b.clone(), twin.clone(), RelyingParty::confidential("public")];
    let stage = Stage::with(kind, &parties, &[]).await;
    let mut names = Vec::new();
    for party in &parties {
        let tokens = stage.tokens_of(party, &party.request("openid profile email")).await;
        let told = stage.userinfo(&tokens).await;
        assert_eq!(told["preferred_username"], told["sub"]);
        let look = party.call(&stage.line, "/oauth/introspect", &[("token", &tokens.access)]).await.json();
        assert_eq!(look["sub"], told["sub"], "the same everywhere");
        names.push(tokens.id.text_of("sub"));
    }
    assert_eq!(names[0], names[2], "applications of one host know the same person by the same name");
    assert!(names[0] != names[1] && names[0] != names[3] && names[1] != names[3], "{names:?}");
    let again = stage.tokens_of(&a, &a.request("openid").with("prompt", "none")).await;
    assert_eq!(again.id.text_of("sub"), names[0]);
    let parameters = [("id_token_hint", again.id.text.as_str()), ("post_logout_redirect_uri", BYE)];
    let left = stage.person.page(&format!("/oauth/end-session?{}", encoded(&parameters))).await;
    assert_eq!(left.redirect(), BYE, "a hint is known by the same name");
}

async fn an_address_is_made_up_under_a_domain_of_the_operators_own(kind: Kind) {
    let shop = RelyingParty::shop().set("email_domain", "b.example.com").set("subject_type", "pairwise");
    let stage = Stage::of(kind, shop).await;
    let told = stage.userinfo(&stage.tokens("openid email").await).await;
    assert_eq!(told["email"], format!("{}@b.example.com", told["sub"].as_str().expect("a sub")));
    assert_eq!(told["email_verified"], false);
    assert!(!told.to_string().contains("12345678"), "never the number: {told}");
    let asked_for_nothing = stage.userinfo(&stage.tokens("openid").await).await;
    assert_eq!(asked_for_nothing.as_object().expect("an object").len(), 1, "{asked_for_nothing}");
}

/// The keys of RSA that are published, by name.
async fn published(stage: &Stage) -> Vec<String> {
    let keys = keys(&stage.line).await;
    let rsa = keys.iter().filter(|key| key["kty"] == "RSA");
    rsa.map(|key| key["kid"].as_str().expect("a kid").to_owned()).collect()
}

/// A server that starts looks at once whether a key is due.
async fn restarted(stage: Stage, list: &str) -> Stage {
    let Stage { world, shop, person, line } = stage;
    let world = world.restart("outbox", Vec::new(), &[("OIDC_CLIENTS", list)]).await;
    let (person, line) = (person.at(&world.server.base), line.at(&world.server.base));
    Stage { world, shop, person, line }
}

async fn keys_change_while_tokens_are_in_use(kind: Kind) {
    const DAY: i64 = 86_400;
    let shop = RelyingParty::confidential("a").set("post_logout_redirect_uris", [BYE].as_slice());
    let list = RelyingParty::list(std::slice::from_ref(&shop));
    let stage = Stage::of(kind, shop).await;
    let first = stage.tokens("openid").await;
    let old = first.id.head["kid"].clone();
    stage.world.advance(89 * DAY);
    let stage = restarted(stage, &list).await;
    let waiting = async {
        while published(&stage).await.len() < 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            // What was read is believed for that long.
            stage.world.advance(5);
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("the next key is published a day ahead");
    let request = stage.shop.request("openid");
    let page = led_to_sign_in(&stage.asks(&request).await);
    let next = stage.proves(&stage.person, &page, NUMBER).await;
    let code = request.code(&stage.person.page(&next).await);
    let second = stage.redeems(&stage.shop, &code, &request).await;
    assert_eq!(second.id.head["kid"], old, "and does not sign yet");
    stage.world.advance(DAY);
    let third = stage.tokens("openid").await;
    assert_ne!(third.id.head["kid"], old);
    IdToken::verified(&stage.line, &second.id.text).await;
    stage.world.advance(DAY);
    stage.tokens("openid").await;
    assert_eq!(published(&stage).await, [third.id.text_head("kid")], "a day later the old one is not published any more");
    let parameters = [("id_token_hint", first.id.text.as_str()), ("post_logout_redirect_uri", BYE)];
    let left = stage.person.page(&format!("/oauth/end-session?{}", encoded(&parameters))).await;
    assert_eq!(left.redirect(), BYE, "what it signed is known for a hundred days more");
}
