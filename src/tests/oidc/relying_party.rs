//! An application that signs people in. It knows of Beonho what the specifications say.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use ring::digest::{SHA256, digest};
use ring::rand::{SystemRandom, generate};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::id_token::IdToken;
use crate::browser::{Answered, Browser, FORM, JSON};

/// Whom every token of a test names as its issuer: the origin that a server has which nobody told another.
pub const ISSUER: &str = "http://localhost:3000";

/// An application.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    pub id: String,
    /// Empty where it has none.
    pub secret: String,
    pub redirect_uri: String,
    settings: Value,
}

/// What it asks for, and what it keeps to itself meanwhile.
#[derive(Clone, Debug)]
pub struct Request {
    pairs: Vec<(String, String)>,
    pub verifier: String,
    redirect_uri: String,
}

/// What came back to its redirect URI.
#[derive(Clone, Debug)]
pub struct Landed {
    pub query: Vec<(String, String)>,
}

/// What it was given for a code or a refresh token.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: Option<String>,
    pub id: IdToken,
    pub scope: String,
}

/// A text that nobody guesses.
pub fn random() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(generate::<[u8; 32]>(&SystemRandom::new()).expect("randomness").expose())
}

fn sha256_hex(text: &str) -> String {
    let hex = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).expect("a digit"));
    digest(&SHA256, text.as_bytes()).as_ref().iter().flat_map(hex).collect()
}

/// Names and values as a query or a form.
pub fn encoded<N: AsRef<str>, V: AsRef<str>>(pairs: &[(N, V)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

impl RelyingParty {
    /// One with a secret.
    pub fn confidential(id: &str) -> Self {
        let (secret, redirect_uri) = (random(), format!("https://{id}.example.com/callback"));
        let settings = json!({"client_id": id, "client_secret_sha256": [sha256_hex(&secret)], "redirect_uris": [redirect_uri]});
        Self { id: id.to_owned(), secret, redirect_uri, settings }
    }

    /// The one that most stories are about.
    pub fn shop() -> Self {
        Self::confidential("shop")
    }

    /// One that keeps no secret.
    pub fn public(id: &str) -> Self {
        let redirect_uri = "http://127.0.0.1/callback".to_owned();
        let settings = json!({"client_id": id, "token_endpoint_auth_method": "none", "redirect_uris": [redirect_uri]});
        Self { id: id.to_owned(), secret: String::new(), redirect_uri, settings }
    }

    /// The same, registered with this too.
    pub fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.settings[name] = value.into();
        self
    }

    /// The same, at another address of its own.
    pub fn at(&self, redirect_uri: &str) -> Self {
        Self { redirect_uri: redirect_uri.to_owned(), ..self.clone() }
    }

    /// `OIDC_CLIENTS` of these.
    pub fn list(parties: &[Self]) -> String {
        Value::from(parties.iter().map(|party| party.settings.clone()).collect::<Vec<_>>()).to_string()
    }

    /// A request with everything that a careful application sends.
    pub fn request(&self, scope: &str) -> Request {
        let verifier = random();
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let (state, nonce) = (random(), random());
        let pairs = [
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", scope),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Request { pairs, verifier, redirect_uri: self.redirect_uri.clone() }
    }

    /// Calls an endpoint by a form, with its secret in the header.
    pub async fn call(&self, line: &Browser, path: &str, fields: &[(&str, &str)]) -> Answered {
        if self.secret.is_empty() {
            return self.call_by_form(line, path, fields).await;
        }
        let pair = BASE64_STANDARD.encode(format!("{}:{}", self.id, self.secret));
        let request = line.request(Method::POST, path).header(AUTHORIZATION, format!("Basic {pair}"));
        line.send(request.header("content-type", FORM).body(encoded(fields))).await
    }

    /// The same with its secret in the form.
    pub async fn call_by_form(&self, line: &Browser, path: &str, fields: &[(&str, &str)]) -> Answered {
        let own = [("client_id", self.id.as_str()), ("client_secret", &self.secret)];
        let own = own.into_iter().filter(|(_, value)| !value.is_empty());
        let fields: Vec<_> = fields.iter().copied().chain(own).collect();
        line.post(path, FORM, JSON, encoded(&fields)).await
    }

    /// What the token endpoint says to a code.
    pub async fn redeems(&self, line: &Browser, code: &str, request: &Request) -> Answered {
        let fields = request.code_fields(code);
        self.call(line, "/oauth/token", &fields).await
    }

    /// What it says to a refresh token.
    pub async fn refreshes(&self, line: &Browser, token: &str) -> Answered {
        self.call(line, "/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }
}

/// Opens userinfo with a token in the header.
pub async fn userinfo(line: &Browser, token: &str) -> Answered {
    line.send(line.request(Method::GET, "/oauth/userinfo").bearer_auth(token)).await
}

impl Request {
    /// The same with another value of a parameter, or with one more.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.pairs.iter_mut().find(|(named, _)| named == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.pairs.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// The same with a parameter once more.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.pairs.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.pairs.retain(|(named, _)| named != name);
        self
    }

    /// The same with everything in another order.
    pub fn reversed(mut self) -> Self {
        self.pairs.reverse();
        self
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(named, _)| named == name).map(|(_, value)| value.as_str())
    }

    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Where the application sends its person.
    pub fn path(&self) -> String {
        format!("/oauth/authorize?{}", encoded(&self.pairs))
    }

    /// What a code is redeemed with.
    pub fn code_fields<'a>(&'a self, code: &'a str) -> [(&'a str, &'a str); 4] {
        let (uri, verifier) = (self.redirect_uri.as_str(), self.verifier.as_str());
        [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", uri), ("code_verifier", verifier)]
    }

    /// Reads an answer that leads to the application: with its state, once, and with who answers.
    pub fn lands(&self, answered: &Answered) -> Landed {
        assert!([302, 303].contains(&answered.status), "{answered:?}");
        Landed::read(answered.header("location"), &self.redirect_uri, self.get("state"))
    }

    /// The code of such an answer.
    pub fn code(&self, answered: &Answered) -> String {
        let landed = self.lands(answered);
        assert_eq!(landed.query.len(), 2 + usize::from(self.get("state").is_some()), "{landed:?}");
        let code = landed.get("code").unwrap_or_else(|| panic!("no code: {landed:?}"));
        assert!(code.len() >= 43, "256 bits: {code}");
        code.to_owned()
    }

    /// The error of such an answer.
    pub fn error(&self, answered: &Answered) -> String {
        let landed = self.lands(answered);
        assert!(landed.get("code").is_none(), "{landed:?}");
        landed.get("error").unwrap_or_else(|| panic!("no error: {landed:?}")).to_owned()
    }
}

impl Landed {
    pub fn read(location: &str, redirect_uri: &str, state: Option<&str>) -> Self {
        let (uri, query) = location.split_once('?').unwrap_or_else(|| panic!("nothing came along: {location}"));
        assert_eq!(uri, redirect_uri);
        let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let landed = Self { query };
        assert_eq!((landed.get("state"), landed.get("iss")), (state, Some(ISSUER)), "{location}");
        landed
    }

    /// A value that stands once.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.query.iter().filter(|(named, _)| named == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} stands twice: {self:?}");
        value
    }
}
