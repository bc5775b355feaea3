//! What a token tells, and how it ends before its time.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::tokens::person;
use super::{Authorizer, digest_of, json};
use crate::authorization::{Client, Scopes};
use crate::server::store::{HeldToken, StoreFault, TokenKind};

impl Authorizer {
    /// A token that is good, and the application that it was given to, while that is there.
    async fn find_good(&self, token: &str) -> Result<Option<(HeldToken, Arc<Client>)>, StoreFault> {
        let held = self.store.find_token(&digest_of(token), self.now()).await?;
        let Some(held) = held.filter(|held| held.replaced_at.is_none() && held.kind != TokenKind::Door) else { return Ok(None) };
        Ok(self.find_client(&held.grant.client_id).await?.map(|client| (held, client)))
    }

    /// What an access token's owner is told of the person; none where it is not good.
    pub(crate) async fn tell_of_person(&self, token: &str) -> Result<Option<Value>, StoreFault> {
        let Some((held, client)) = self.find_good(token).await? else { return Ok(None) };
        if held.kind != TokenKind::Access {
            return Ok(None);
        }
        let sub = self.subject_of(&client, &held.account.id).await?;
        let claims = person(&sub, &held.account).claims(&client, &Scopes::parse(&held.grant.scope));
        Ok(Some(Value::Object(json::object(claims))))
    }

    /// What a token is (RFC 7662). Of one that is not good nothing is told.
    pub(crate) async fn introspect(&self, token: &str) -> Result<Value, StoreFault> {
        let Some((held, client)) = self.find_good(token).await? else { return Ok(json!({"active": false})) };
        let sub = self.subject_of(&client, &held.account.id).await?;
        let mut told = Map::new();
        for (name, value) in [
            ("active", json!(true)),
            ("iss", json!(self.issuer)),
            ("client_id", json!(client.id)),
            ("aud", json!(client.id)),
            ("sub", json!(sub)),
            ("scope", json!(held.grant.scope)),
            ("iat", json!(held.issued_at.as_second())),
            ("exp", json!(held.expires_at.as_second())),
        ] {
            told.insert(name.to_owned(), value);
        }
        if held.kind == TokenKind::Access {
            told.insert("token_type".to_owned(), json!("Bearer"));
        }
        Ok(Value::Object(told))
    }

    /// Ends a token of this application (RFC 7009): a refresh token with all that came of its code. What is none is over already.
    pub(crate) async fn revoke(&self, client: &Client, token: &str) -> Result<(), StoreFault> {
        let digest = digest_of(token);
        let held = self.store.find_token(&digest, self.now()).await?;
        match held.filter(|held| held.grant.client_id == client.id) {
            Some(HeldToken { kind: TokenKind::Refresh, grant, .. }) => self.store.end_grant(&grant.id, self.now()).await,
            Some(_) => self.store.remove_token(&digest).await,
            None => Ok(()),
        }
    }
}
