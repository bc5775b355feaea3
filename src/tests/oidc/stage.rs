//! A server with an application, and somebody who is signed in.

use beonho::server::clock::Clock;
use serde_json::Value;

use super::id_token::IdToken;
use super::relying_party::{RelyingParty, Request, Tokens, userinfo};
use crate::browser::{Answered, Browser};
use crate::databases::Kind;
use crate::journey_forms::fill;
use crate::world::{NUMBER, World};

pub struct Stage {
    pub world: World,
    /// The application.
    pub shop: RelyingParty,
    /// Somebody who is signed in.
    pub person: Browser,
    /// What applications call over.
    pub line: Browser,
}

/// Where somebody is led who is not signed in: the page and its query, which is the name of the request alone.
pub fn led_to_sign_in(answered: &Answered) -> String {
    assert_eq!(answered.status, 302, "{answered:?}");
    let location = answered.header("location");
    let request = location.strip_prefix("/sign-in?request=").or_else(|| location.strip_prefix("/?request="));
    let is_name = |name: &str| name.len() >= 16 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    assert!(request.is_some_and(is_name), "{location}");
    location.to_owned()
}

impl Stage {
    pub async fn new(kind: Kind) -> Self {
        Self::of(kind, RelyingParty::shop()).await
    }

    pub async fn of(kind: Kind, shop: RelyingParty) -> Self {
        Self::with(kind, &[shop], &[]).await
    }

    /// With several applications, of which the first is the shop.
    pub async fn with(kind: Kind, parties: &[RelyingParty], settings: &[(&'static str, &str)]) -> Self {
        let provider = if settings.is_empty() { "outbox" } else { beonho::server::provider::sens::NAME };
        let list = RelyingParty::list(parties);
        let settings: Vec<_> = settings.iter().copied().chain([("OIDC_CLIENTS", list.as_str())]).collect();
        let world = World::with(kind, provider, &settings).await;
        let (person, line) = (world.browser(), world.browser());
        person.joins(&world, NUMBER).await;
        // What is asked for in the instant of a proof is content with it.
        world.advance(1);
        Self { world, shop: parties[0].clone(), person, line }
    }

    pub fn now_secs(&self) -> i64 {
        self.world.clock.now().as_second()
    }

    /// The person follows a request.
    pub async fn asks(&self, request: &Request) -> Answered {
        self.person.page(&request.path()).await
    }

    /// Reads what the token endpoint gave.
    pub async fn read(&self, party: &RelyingParty, answered: &Answered) -> Tokens {
        assert_eq!(answered.status, 200, "{answered:?}");
        assert_eq!((answered.header("content-type"), answered.header("cache-control")), ("application/json", "no-store"));
        let json = answered.json();
        assert_eq!((json["token_type"].as_str(), json["expires_in"].as_i64()), (Some("Bearer"), Some(600)));
        let text = |name: &str| json[name].as_str().map(str::to_owned);
        let access = text("access_token").expect("an access token");
        let id = IdToken::verified(&self.line, &text("id_token").expect("an ID token")).await;
        id.assert_claims(&party.id, &access, self.now_secs());
        Tokens { access, refresh: text("refresh_token"), id, scope: text("scope").expect("a scope") }
    }

    /// What an application gets for a code; the nonce is its own.
    pub async fn redeems(&self, party: &RelyingParty, code: &str, request: &Request) -> Tokens {
        let tokens = self.read(party, &party.redeems(&self.line, code, request).await).await;
        assert_eq!(tokens.id.claims["nonce"].as_str(), request.get("nonce"));
        tokens
    }

    /// The whole way of somebody who is signed in: nobody is asked anything.
    pub async fn tokens_of(&self, party: &RelyingParty, request: &Request) -> Tokens {
        let code = request.code(&self.asks(request).await);
        self.redeems(party, &code, request).await
    }

    pub async fn tokens(&self, scope: &str) -> Tokens {
        self.tokens_of(&self.shop, &self.shop.request(scope)).await
    }

    pub async fn userinfo(&self, tokens: &Tokens) -> Value {
        let answered = userinfo(&self.line, &tokens.access).await;
        assert_eq!((answered.status, answered.header("content-type")), (200, "application/json"), "{answered:?}");
        let told = answered.json();
        assert_eq!(told["sub"], tokens.id.claims["sub"]);
        told
    }

    pub async fn is_good(&self, tokens: &Tokens) -> bool {
        userinfo(&self.line, &tokens.access).await.status == 200
    }

    /// Proves a number at a page that waits for it, by forms, and says where that leads.
    pub async fn proves(&self, person: &Browser, page: &str, number: &str) -> String {
        self.world.advance(60);
        let asked = fill(person, page, "number-form", "/api/start", ("phone_number", number)).await;
        assert_eq!(asked.redirect(), page);
        let waits = person.page(page).await;
        assert_eq!(waits.page_state(), "pending", "{waits:?}");
        fill(person, page, "code-form", "/api/check", ("code", &self.world.code())).await.redirect().to_owned()
    }

    /// The person proves their number once more, and goes on.
    pub async fn proves_again(&self, request: &Request) -> Answered {
        let page = led_to_sign_in(&self.asks(request).await);
        let next = self.proves(&self.person, &page, NUMBER).await;
        self.person.page(&next).await
    }
}
