//! What an application asks for, and whether its person must be asked first.

use jiff::{SignedDuration, Timestamp};

use super::parameters::with_query;
use super::{Client, OauthError, Parameters, Refused, Scope, Scopes, pkce};

/// Whether the person may, or must, be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prompt {
    /// Only if nobody is signed in.
    #[default]
    IfNeeded,
    /// Never.
    Never,
    /// In any case.
    Again,
    /// In any case, on the page that makes accounts (Initiating User Registration 1.0).
    Create,
}

/// A request that may be answered at its redirect URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// Where the answer goes.
    pub redirect_uri: String,
    /// What the application wants back.
    pub state: Option<String>,
    /// What it wants to find in the ID token.
    pub nonce: Option<String>,
    /// What it wants to know, and may.
    pub scopes: Scopes,
    /// What the code's verifier must hash to.
    pub challenge: Option<String>,
    /// Whether somebody may be asked.
    pub prompt: Prompt,
    /// How long ago a number may have been proven.
    pub max_age: Option<SignedDuration>,
    /// What may be the person's number.
    pub login_hint: Option<String>,
    /// A token that says who the person should be.
    pub id_token_hint: Option<String>,
    /// The languages that the application knows its person to read.
    pub ui_locales: Option<String>,
}

/// Why a request is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// It is told on a page: where it would lead to is not the application's.
    Here(Refused),
    /// The application is told.
    There {
        /// The application's own address.
        redirect_uri: String,
        /// What it wants back.
        state: Option<String>,
        /// What is wrong.
        refused: Refused,
    },
}

/// The application that a request names.
///
/// # Errors
///
/// When it names none.
pub fn client_of(parameters: &Parameters) -> Result<&str, Refused> {
    parameters.need("client_id", "client_id is missing")
}

impl AuthorizationRequest {
    /// Reads a request of this application. The address is looked at before all else: nothing leads to one that is not registered.
    ///
    /// # Errors
    ///
    /// With the first thing that is wrong.
    pub fn read(parameters: &Parameters, client: &Client) -> Result<Self, Unanswered> {
        let redirect_uri = parameters.need("redirect_uri", "redirect_uri is missing").map_err(Unanswered::Here)?;
        if !client.has_redirect_uri(redirect_uri) {
            return Err(Unanswered::Here(Refused::new(OauthError::InvalidRequest, "redirect_uri is not registered")));
        }
        let state = parameters.get("state").ok().flatten().map(str::to_owned);
        let there = |refused| Unanswered::There { redirect_uri: redirect_uri.to_owned(), state: state.clone(), refused };
        Self::read_trusted(parameters, client, redirect_uri).map_err(there)
    }

    fn read_trusted(parameters: &Parameters, client: &Client, redirect_uri: &str) -> Result<Self, Refused> {
        refuse_what_is_not_read(parameters)?;
        let text = |name| parameters.get(name).map(|value| value.map(str::to_owned));
        match parameters.need("response_type", "response_type is missing")? {
            "code" => {}
            _ => return Err(Refused::new(OauthError::UnsupportedResponseType, "response_type must be code")),
        }
        if !matches!(parameters.get("response_mode")?, None | Some("query")) {
            return Err(Refused::new(OauthError::InvalidRequest, "response_mode must be query"));
        }
        let asked = Scopes::parse(parameters.need("scope", "scope is missing")?);
        if !asked.has(Scope::Openid) {
            return Err(Refused::new(OauthError::InvalidScope, "scope must contain openid"));
        }
        Ok(Self {
            redirect_uri: redirect_uri.to_owned(),
            state: text("state")?,
            nonce: text("nonce")?,
            scopes: asked.within(&client.scopes),
            challenge: pkce::challenge(parameters, client)?,
            prompt: read_prompt(parameters.get("prompt")?)?,
            max_age: parameters.get("max_age")?.map(read_max_age).transpose()?,
            login_hint: text("login_hint")?,
            id_token_hint: text("id_token_hint")?,
            ui_locales: text("ui_locales")?,
        })
    }

    /// Since when a number must have been proven, for a request that comes now; none where it does not matter.
    #[must_use]
    pub fn fresh_after(&self, now: Timestamp) -> Option<Timestamp> {
        match self.prompt {
            Prompt::Again | Prompt::Create => Some(now),
            // Before the first instant there is, everything is late enough.
            Prompt::IfNeeded | Prompt::Never => self.max_age.and_then(|age| now.checked_sub(age).ok()),
        }
    }

    /// Where an answer goes: this in its query, with the state, and with who answers (RFC 9207).
    #[must_use]
    pub fn answer(&self, issuer: &str, pairs: &[(&str, &str)]) -> String {
        answer(&self.redirect_uri, self.state.as_deref(), issuer, pairs)
    }
}

/// The same for a request that could not be read.
#[must_use]
pub fn answer(redirect_uri: &str, state: Option<&str>, issuer: &str, pairs: &[(&str, &str)]) -> String {
    let state = state.map(|state| ("state", state));
    let all: Vec<_> = pairs.iter().copied().chain(state).chain([("iss", issuer)]).collect();
    with_query(redirect_uri, &all)
}

/// Whether a session is good enough for a request: its number was proven, and late enough.
#[must_use]
pub fn is_fresh(authenticated_at: Option<Timestamp>, fresh_after: Option<Timestamp>) -> bool {
    fresh_after.is_none_or(|after| authenticated_at.is_some_and(|at| at >= after))
}

fn refuse_what_is_not_read(parameters: &Parameters) -> Result<(), Refused> {
    let not_read = [
        ("request", OauthError::RequestNotSupported, "request objects are not supported"),
        ("request_uri", OauthError::RequestUriNotSupported, "request objects are not supported"),
        ("registration", OauthError::RegistrationNotSupported, "applications are registered by the operator"),
    ];
    let found = not_read.into_iter().find(|(name, ..)| parameters.has(name));
    found.map_or(Ok(()), |(_, error, description)| Err(Refused::new(error, description)))
}

/// There is nothing to consent to: whoever registered the application decided.
fn read_prompt(text: Option<&str>) -> Result<Prompt, Refused> {
    let words: Vec<_> = text.unwrap_or_default().split(' ').filter(|word| !word.is_empty()).collect();
    let wrong = |description| Err(Refused::new(OauthError::InvalidRequest, description));
    if words.iter().any(|word| !["none", "login", "consent", "select_account", "create"].contains(word)) {
        return wrong("prompt must be none, login, consent, select_account or create");
    }
    match (words.contains(&"none"), words.len()) {
        (true, 1) => Ok(Prompt::Never),
        (true, _) => wrong("prompt=none goes with nothing else"),
        _ if words.contains(&"create") => Ok(Prompt::Create),
        _ if words.iter().any(|word| ["login", "select_account"].contains(word)) => Ok(Prompt::Again),
        _ => Ok(Prompt::IfNeeded),
    }
}

fn read_max_age(text: &str) -> Result<SignedDuration, Refused> {
    let secs = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let secs: u32 = secs.ok_or(Refused::new(OauthError::InvalidRequest, "max_age must be a number of seconds"))?;
    Ok(SignedDuration::from_secs(i64::from(secs)))
}

#[cfg(test)]
mod tests;
