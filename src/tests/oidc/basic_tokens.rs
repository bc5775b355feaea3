//! The Basic OP plan: a code that comes twice, and refresh tokens.

use super::relying_party::{RelyingParty, Tokens};
use super::stage::Stage;
use super::told;
use crate::databases::{Kind, on_both_databases};

on_both_databases!(oidcc_codereuse, oidcc_codereuse_30seconds, oidcc_refresh_token);

fn refreshing(id: &str) -> RelyingParty {
    RelyingParty::confidential(id).set("refresh", true)
}

/// Redeems a code, and the same once more after a while.
async fn redeems_twice(stage: &Stage, secs: i64) -> Tokens {
    let request = stage.shop.request("openid offline_access");
    let code = request.code(&stage.asks(&request).await);
    let tokens = stage.redeems(&stage.shop, &code, &request).await;
    stage.world.advance(secs);
    let again = stage.shop.redeems(&stage.line, &code, &request).await;
    assert_eq!(told::error(&again), (400, "invalid_grant".into()));
    tokens
}

async fn oidcc_codereuse(kind: Kind) {
    let stage = Stage::of(kind, refreshing("shop")).await;
    redeems_twice(&stage, 0).await;
}

async fn oidcc_codereuse_30seconds(kind: Kind) {
    let stage = Stage::of(kind, refreshing("shop")).await;
    for secs in [30, 3600] {
        let tokens = redeems_twice(&stage, secs).await;
        assert!(!stage.is_good(&tokens).await, "what was given for it is taken back after {secs} s");
        let refresh = tokens.refresh.as_deref().expect("a refresh token");
        let refreshed = stage.shop.refreshes(&stage.line, refresh).await;
        assert_eq!(told::error(&refreshed), (400, "invalid_grant".into()));
    }
}

async fn oidcc_refresh_token(kind: Kind) {
    let other = refreshing("other");
    let stage = Stage::with(kind, &[refreshing("shop"), other.clone()], &[]).await;
    let configuration = stage.line.page("/.well-known/openid-configuration").await.json();
    assert!(configuration["grant_types_supported"].to_string().contains("refresh_token"), "{configuration}");
    let first = stage.tokens("openid offline_access").await;
    let refresh = first.refresh.clone().expect("a refresh token");
    assert!(refresh.len() >= 43 && refresh.is_ascii());
    let theirs = stage.tokens_of(&other, &other.request("openid offline_access")).await;
    stage.world.advance(1);
    // Each may use its own, and neither the other's.
    for (party, token) in [(&other, &refresh), (&stage.shop, theirs.refresh.as_ref().expect("a refresh token"))] {
        let refused = party.refreshes(&stage.line, token).await;
        assert_eq!(told::error(&refused), (400, "invalid_grant".into()));
    }
    let second = stage.read(&stage.shop, &stage.shop.refreshes(&stage.line, &refresh).await).await;
    assert_ne!((&second.access, &second.refresh), (&first.access, &first.refresh));
    for name in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(second.id.claims[name], first.id.claims[name], "{name}");
    }
    assert_eq!((second.id.claims.get("nonce"), second.scope.as_str()), (None, "openid offline_access"));
    assert!(stage.is_good(&second).await);
}
