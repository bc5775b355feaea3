//! One who calls the server: keeps its cookie, follows no redirect.

use std::sync::{Arc, Mutex};

use beonho::api::answer::Answer;
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, ClientBuilder, Method, RequestBuilder};
use serde_json::Value;

use crate::documented;

pub const FORM: &str = "application/x-www-form-urlencoded";
pub const JSON: &str = "application/json";
pub const HTML: &str = "text/html";

/// A caller. Clones share nothing but the connection.
#[derive(Clone)]
pub struct Browser {
    http: Client,
    base: String,
    cookie: Arc<Mutex<Option<String>>>,
    /// The value of the cookie that carries an outcome to the next page.
    flash: Arc<Mutex<Option<String>>>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answered {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answered {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// The outcome of a JSON answer, after a look at what all of them have in common.
    pub fn outcome(&self) -> String {
        let json = self.json();
        assert!(json["number"].as_u64().is_some() && json["status"]["state"].is_string(), "{json}");
        assert!(json["message"].as_str().is_some(), "{json}");
        assert_eq!(self.header("retry-after").parse().ok(), json["retry_after_secs"].as_u64(), "{json}");
        json["outcome"].as_str().expect("every answer has an outcome").to_owned()
    }

    pub fn status_field(&self, name: &str) -> Value {
        self.json()["status"][name].clone()
    }

    pub fn state(&self) -> String {
        self.status_field("state").as_str().expect("every status has a state").to_owned()
    }

    /// The answer that an island reads.
    pub fn compact(&self) -> Answer {
        Answer::decode(&self.body).unwrap_or_else(|| panic!("not an answer: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where a form post leads: 303 to the page.
    pub fn redirect(&self) -> &str {
        assert_eq!(self.status, 303, "{self:?}");
        self.header(LOCATION.as_str())
    }

    /// The session cookie that came with it, if any.
    pub fn new_cookie(&self) -> Option<String> {
        self.set_cookie_of("beonho_session")
    }

    /// The value that a cookie was set to, if any; empty when it was taken away.
    pub fn set_cookie_of(&self, name: &str) -> Option<String> {
        let set = self.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = set.filter_map(|header| header.split(';').next()?.trim_start_matches("__Host-").split_once('='));
        pairs.filter(|(set, _)| *set == name).map(|(_, value)| value.to_owned()).next_back()
    }

    /// The value of an attribute, the first with that name after `from` in the page.
    pub fn attribute_after(&self, from: &str, name: &str) -> String {
        let rest = self.body.split_once(from).unwrap_or_else(|| panic!("no {from} in {}", self.body)).1;
        let value = rest.split_once(&format!("{name}=\"")).and_then(|(_, rest)| rest.split_once('"'));
        value.map_or_else(|| panic!("no {name} after {from}"), |(value, _)| value.to_owned())
    }

    /// The state that a page shows.
    pub fn page_state(&self) -> String {
        assert_eq!(self.status, 200, "{self:?}");
        self.attribute_after("<main", "data-state")
    }

    /// The outcome that a page says, once.
    pub fn page_outcome(&self) -> String {
        self.attribute_after("id=\"message\"", "data-outcome")
    }

    /// The outcome of a page that says one thing.
    pub fn page_outcome_of_notice(&self) -> String {
        assert!(self.header("content-type").starts_with(HTML), "{self:?}");
        self.page_outcome()
    }

    /// The hidden fields of a form of the page.
    pub fn hidden(&self, form: &str) -> Vec<(&'static str, String)> {
        let from = self.body.split_once(&format!("id=\"{form}\"")).unwrap_or_else(|| panic!("no {form}")).1;
        let form = Self { body: from.to_owned(), ..self.clone() };
        ["purpose", "challenge", "once"].map(|name| (name, form.attribute_after(&format!("name=\"{name}\""), "value"))).into()
    }
}

impl Browser {
    pub fn new(base: &str) -> Self {
        Self::with(base, |builder| builder)
    }

    /// One who finds every host on this machine, and believes its certificates.
    pub fn of_any_host(host: &str, port: u16) -> Self {
        let here = std::net::SocketAddr::from(([127, 0, 0, 1], port));
        let trusting = |builder: ClientBuilder| builder.resolve(host, here).tls_danger_accept_invalid_certs(true);
        Self::with(&format!("https://{host}:{port}"), trusting)
    }

    fn with(base: &str, special: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        // No certificates: reading the system's takes longer than a test.
        let builder = beonho::server::provider::http_client(None).map(|_| Client::builder().tls_certs_only([]));
        let builder = builder.expect("a TLS library").redirect(reqwest::redirect::Policy::none()).no_proxy();
        Self {
            http: special(builder).build().expect("a client"),
            base: base.to_owned(),
            cookie: Arc::default(),
            flash: Arc::default(),
        }
    }

    /// A browser of its own, with the same cookie as this one has now.
    pub fn twin(&self) -> Self {
        let flash = self.flash.lock().expect("lock").clone();
        Self { cookie: Arc::new(Mutex::new(self.cookie())), flash: Arc::new(Mutex::new(flash)), ..self.clone() }
    }

    /// Another person, over the same connections.
    pub fn stranger(&self) -> Self {
        Self { cookie: Arc::default(), flash: Arc::default(), ..self.clone() }
    }

    /// The same person, calling another server.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.twin() }
    }

    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().expect("lock").clone()
    }

    pub fn set_cookie(&self, value: Option<String>) {
        *self.cookie.lock().expect("lock") = value;
    }

    /// A request with the cookie, for headers of one's own.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base)).header(ACCEPT_LANGUAGE, "en");
        let prefix = if self.base.starts_with("https:") { "__Host-" } else { "" };
        let named = |name: &str, value: Option<String>| value.map(|value| format!("{prefix}{name}={value}"));
        let flash = self.flash.lock().expect("lock").clone();
        let cookies: Vec<_> =
            [named("beonho_session", self.cookie()), named("beonho_flash", flash)].into_iter().flatten().collect();
        if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) }
    }

    /// Sends a request and keeps the cookie that comes back.
    pub async fn send(&self, request: RequestBuilder) -> Answered {
        let request = request.build().expect("a request");
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.http.execute(request).await.expect("the server answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.text().await.expect("the answer is whole");
        let answered = Answered { status, headers, body };
        assert_ne!(answered.status, 500, "{answered:?}");
        documented::assert_documented(&method, &path, &answered);
        if let Some(cookie) = answered.new_cookie() {
            self.set_cookie(Some(cookie));
        }
        if let Some(flash) = answered.set_cookie_of("beonho_flash") {
            *self.flash.lock().expect("lock") = Some(flash).filter(|flash| !flash.is_empty());
        }
        answered
    }

    pub async fn post(&self, path: &str, content_type: &str, accept: &str, body: impl Into<reqwest::Body>) -> Answered {
        let request = self.request(Method::POST, path).header(CONTENT_TYPE, content_type).header(ACCEPT, accept);
        self.send(request.body(body)).await
    }

    /// A page.
    pub async fn page(&self, path: &str) -> Answered {
        self.send(self.request(Method::GET, path).header(ACCEPT, HTML)).await
    }

    /// A call of the JSON interface.
    pub async fn json(&self, path: &str, body: &Value) -> Answered {
        self.post(path, JSON, "*/*", body.to_string()).await
    }

    /// A form that the browser posts by itself.
    pub async fn form(&self, path: &str, fields: &[(&str, String)]) -> Answered {
        let request = self.request(Method::POST, path).header(ACCEPT, HTML).form(fields);
        self.send(request).await
    }

    /// The same form as the island posts it.
    pub async fn island(&self, path: &str, fields: &[(&str, String)]) -> Answered {
        let request = self.request(Method::POST, path).header(ACCEPT, "text/plain").form(fields);
        self.send(request).await
    }
}
