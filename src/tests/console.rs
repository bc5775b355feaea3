//! The operator's console, over real HTTP: who comes in, what they see, and what they leave in the audit.

mod deeds;
mod guard;
mod links;
mod numbers;
mod screens;

use std::collections::BTreeMap;
use std::sync::Mutex;

use beonho::server::store::Deed;
use beonho::verification::secret_keys::digest;
use jiff::SignedDuration;
use reqwest::header::{ACCEPT, COOKIE, SET_COOKIE};
use reqwest::{Method, RequestBuilder};

use crate::browser::{Answered, Browser, HTML};
use crate::world::World;

pub const COOKIE_NAME: &str = "beonho_console";

/// A browser at the console, with a jar of its own.
pub struct Person {
    browser: Browser,
    jar: Mutex<BTreeMap<String, String>>,
}

impl Person {
    pub fn new(world: &World) -> Self {
        Self { browser: Browser::new(&world.server.console), jar: Mutex::default() }
    }

    /// Somebody who came in by a link.
    pub async fn inside(world: &World) -> Self {
        let person = Self::new(world);
        let token = link(world).await;
        assert_eq!(person.post("/enter", &[("token", &token)]).await.redirect(), "/");
        person
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().expect("lock").get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.jar.lock().expect("lock").insert(name.to_owned(), value.to_owned());
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies: Vec<_> = self.jar.lock().expect("lock").iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.browser.request(method, path).header(ACCEPT, HTML);
        if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) }
    }

    pub async fn send(&self, request: RequestBuilder) -> Answered {
        let answered = self.browser.send(request).await;
        for set in answered.headers.get_all(SET_COOKIE) {
            let (name, value) =
                set.to_str().expect("text").split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
            let mut jar = self.jar.lock().expect("lock");
            if value.is_empty() {
                jar.remove(name)
            } else {
                jar.insert(name.to_owned(), value.to_owned())
            };
        }
        answered
    }

    pub async fn get(&self, path: &str) -> Answered {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answered {
        self.send(self.request(Method::POST, path).form(fields)).await
    }

    /// Looks a number up, and gives the path of its page.
    pub async fn looks_up(&self, number: &str) -> String {
        self.post("/number", &[("phone_number", number)]).await.redirect().to_owned()
    }

    pub async fn is_in(&self) -> bool {
        let answered = self.get("/").await;
        assert!(answered.status == 200 || answered.redirect() == "/sign-in", "{answered:?}");
        answered.status == 200
    }
}

/// The token of a link that was just made, as `beonho console --as mina` makes one.
pub async fn link(world: &World) -> String {
    let token = beonho::server::entropy::new_id();
    let verifier = &world.server.service.verifier;
    let deed = Deed { actor: "mina".into(), reason: "the night shift".into(), at: verifier.clock.now() };
    let ends_at = deed.at + SignedDuration::from_mins(5);
    verifier.store.add_link(&digest(token.as_bytes()), &deed, ends_at).await.expect("added");
    token
}

/// The audit, newest first: who did what to whom, and why.
pub async fn audit(world: &World) -> Vec<[String; 4]> {
    let lines = world.server.service.verifier.store.find_audit(None, 100).await.expect("found");
    let told = lines.into_iter().map(|line| {
        let deed = line.audited.deed;
        [deed.actor, line.audited.action, line.target, deed.reason]
    });
    told.collect()
}
