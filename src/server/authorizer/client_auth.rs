//! Which application calls.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::{Authorizer, Untold};
use crate::authorization::{Client, OauthError, Parameters, Refused};
use crate::server::store::StoreFault;

/// How many wrong secrets of one application one address may bring in a minute: 256 bits are not guessed, but somebody who tries is told to stop.
const MAX_WRONG: u32 = 10;
const WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// How many pairs of address and application are remembered; beyond that those of the last minute alone count.
const MAX_REMEMBERED: usize = 4096;

/// How an application says who it is.
pub(crate) struct Credentials<'a> {
    /// From the header, both halves decoded.
    pub(crate) basic: Option<(String, String)>,
    pub(crate) parameters: &'a Parameters,
    /// The address that it calls from.
    pub(crate) requester: &'a str,
}

/// Wrong secrets of the last minute.
#[derive(Default)]
pub(crate) struct WrongSecrets(Mutex<HashMap<(String, String), (Timestamp, u32)>>);

impl WrongSecrets {
    fn is_blocked(&self, key: &(String, String), now: Timestamp) -> bool {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(key).is_some_and(|(since, count)| *count >= MAX_WRONG && now < *since + WINDOW)
    }

    fn count(&self, key: (String, String), now: Timestamp) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MAX_REMEMBERED {
            seen.retain(|_, (since, _)| now < *since + WINDOW);
        }
        if seen.len() >= MAX_REMEMBERED {
            seen.clear();
        }
        let entry = seen.entry(key).or_insert((now, 0));
        *entry = if now < entry.0 + WINDOW { (entry.0, entry.1 + 1) } else { (now, 1) };
    }
}

impl Authorizer {
    /// The application that calls, by its secret where it has one.
    pub(crate) async fn authenticate(&self, credentials: &Credentials<'_>) -> Result<Result<Arc<Client>, Untold>, StoreFault> {
        let (id, secret) = match read(credentials) {
            Ok(read) => read,
            Err(refused) => return Ok(Err(Untold::of(refused, credentials))),
        };
        let wrong = |description| Err(Untold::of(Refused::new(OauthError::InvalidClient, description), credentials));
        let key = (credentials.requester.to_owned(), id.to_owned());
        if self.wrong_secrets.is_blocked(&key, self.now()) {
            return Ok(Err(Untold {
                is_too_often: true,
                ..Untold::of(Refused::new(OauthError::InvalidClient, "too many wrong secrets"), credentials)
            }));
        }
        let Some(client) = self.find_client(id).await? else { return Ok(wrong("no application has this client_id")) };
        Ok(match (client.is_public(), secret) {
            (true, None) => Ok(client),
            (true, Some(_)) => wrong("this application has no secret"),
            (false, None) => wrong("this application has a secret"),
            (false, Some(secret)) if client.is_secret(secret) => Ok(client),
            (false, Some(_)) => {
                self.wrong_secrets.count(key, self.now());
                tracing::warn!(client = client.id, requester = credentials.requester, "an application brought a wrong secret");
                wrong("the secret is wrong")
            }
        })
    }
}

/// Who it says it is, and its secret. By the header and in the form at once is refused, but the name may stand in both (RFC 6749, 2.3).
fn read<'a>(credentials: &'a Credentials<'_>) -> Result<(&'a str, Option<&'a str>), Refused> {
    let parameters = credentials.parameters;
    let (id, secret) = (parameters.get("client_id")?, parameters.get("client_secret")?);
    if parameters.has("client_assertion") {
        return Err(Refused::new(OauthError::InvalidClient, "client assertions are not supported"));
    }
    match (&credentials.basic, id, secret) {
        (Some(_), _, Some(_)) => Err(Refused::new(OauthError::InvalidRequest, "the secret stands in two places")),
        (Some((named, _)), Some(id), _) if named != id => {
            Err(Refused::new(OauthError::InvalidRequest, "client_id is not that of the header"))
        }
        (Some((named, secret)), ..) => Ok((named, Some(secret))),
        (None, Some(id), secret) => Ok((id, secret)),
        (None, None, _) => Err(Refused::new(OauthError::InvalidClient, "client_id is missing")),
    }
}
