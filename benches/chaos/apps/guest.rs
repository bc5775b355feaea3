//! Somebody who is signed in, and the applications that they use: makes the calls of their acts, several at once, and keeps what came.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use futures::future::join_all;

use super::asking::{self, leads_to_request};
use super::held::{Due, Held, looked, redeemed, refreshed};
use super::ledger::{Ask, Call, Ledger, Told};
use super::micros_since;
use super::plan::{Act, Deed, Fate, Move};
use super::web;
use crate::person::lock;
use crate::replicas::Replicas;

/// How many tokens a probe tries: the newest.
const PROBED: usize = 16;

/// What all guests of a run share.
pub struct Scene {
    /// Where the replicas are.
    pub replicas: Vec<SocketAddr>,
    /// The replicas, to be killed at an instant that matters.
    pub fleet: Arc<Replicas>,
    /// When the run began.
    pub begun_at: Instant,
    /// What is left behind.
    pub ledger: Mutex<Ledger>,
}

/// A browser that somebody is signed in with.
#[derive(Clone)]
pub struct Browser {
    /// Its session, numbered through the whole run.
    pub session: usize,
    /// The session's cookie.
    pub cookie: String,
    /// Whether it was told that it is signed out.
    pub is_out: bool,
}

/// Somebody.
pub struct Visitor {
    scene: Arc<Scene>,
    account: usize,
    requester: String,
    browsers: Vec<Browser>,
    held: Vec<Held>,
    asked: usize,
}

impl Visitor {
    /// Somebody who is signed in with these.
    pub fn new(scene: Arc<Scene>, account: usize, browsers: Vec<Browser>) -> Self {
        let requester = requester_of(account);
        Self { scene, account, requester, browsers, held: Vec::new(), asked: 0 }
    }

    /// Makes an act's calls at once, and learns from the answers.
    pub async fn perform(&mut self, act: &Act) {
        if let [Move { deed: Deed::Authorize { client, is_offline, waits }, pick, replica, .. }] = act.moves[..] {
            return self.authorize(client, is_offline, waits, pick, replica).await;
        }
        let mut due = Vec::new();
        for of in &act.moves {
            if of.deed == Deed::Probe {
                due.extend(self.probed().into_iter().enumerate().map(|(place, due)| (due, of.replica + place, Fate::Heard)));
            } else if let Some(asked) = self.due(of.deed, of.pick) {
                due.push((asked, of.replica, of.fate));
            }
        }
        let calls = join_all(due.into_iter().map(|(due, replica, fate)| self.make(due, replica, fate))).await;
        for call in &calls {
            self.learn(call);
        }
        lock(&self.scene.ledger).calls.extend(calls);
    }

    async fn authorize(&mut self, client: usize, is_offline: bool, waits: bool, pick: usize, replica: usize) {
        self.asked += 1;
        let place = pick % self.browsers.len();
        let browser = self.browsers[place].clone();
        let nonce = format!("nonce-{}-{}", self.account, self.asked);
        let verifier = format!("{nonce}-is-proven-by-what-nobody-else-can-know");
        let asked = Ask::Authorize { client, nonce: nonce.clone(), is_offline };
        let mut request = asking::authorize(client, &nonce, &verifier, is_offline);
        if waits {
            let (_, answer) = web::ask(&self.scene.fleet, replica, &request.text(&self.requester), Fate::Heard).await;
            let Some(waiting) = answer.and_then(|answer| leads_to_request(&answer)) else { return };
            request = waiting;
        }
        request.head = asking::cookie(&browser.cookie);
        let call = self.make((asked, place, request), replica + usize::from(waits), Fate::Heard).await;
        if let Told::Code(code) = &call.told {
            let (code, access, chain) = (code.clone(), Vec::new(), Vec::new());
            self.held.push(Held { client, browser: place, code, verifier, access, chain, id_token: None, is_over: false });
        }
        lock(&self.scene.ledger).calls.push(call);
    }

    async fn make(&self, (asked, place, request): Due, replica: usize, fate: Fate) -> Call {
        let from = micros_since(self.scene.begun_at);
        let (replica, answer) = web::ask(&self.scene.fleet, replica, &request.text(&self.requester), fate).await;
        let told = answer.map_or(Told::Nothing, |answer| asking::told(&asked, &answer));
        let to = if told == Told::Nothing { u64::MAX } else { micros_since(self.scene.begun_at) };
        Call { from, to, replica, account: self.account, session: self.browsers[place].session, asked, told }
    }

    /// What a deed comes to, with what is there by now; none where nothing is.
    fn due(&self, deed: Deed, pick: usize) -> Option<Due> {
        let at = |least: usize| {
            let longer: Vec<&Held> = self.held.iter().filter(|held| held.chain.len() >= least).collect();
            (!longer.is_empty()).then(|| longer[pick % longer.len()])
        };
        let refresh = |held: &Held, back: usize| refreshed(held, &held.chain[held.chain.len() - back]);
        match deed {
            Deed::Redeem => self.held.iter().rev().find(|held| held.access.is_empty() && !held.is_over).map(redeemed),
            Deed::Replay => {
                let spent: Vec<&Held> = self.held.iter().filter(|held| !held.access.is_empty()).collect();
                (!spent.is_empty()).then(|| redeemed(spent[pick % spent.len()]))
            }
            Deed::Look => {
                let all: Vec<Due> = self.held.iter().flat_map(looked).collect();
                let count = all.len();
                all.into_iter().nth(pick % count.max(1))
            }
            Deed::Refresh => at(1).map(|held| refresh(held, 1)),
            Deed::Repeat => at(2).map(|held| refresh(held, 2)),
            Deed::Reuse => at(3).map(|held| refresh(held, 3)).or_else(|| at(1).map(|held| refresh(held, 1))),
            Deed::SignOut | Deed::Leave | Deed::Everywhere => Some(self.left(deed, pick)),
            Deed::Authorize { .. } | Deed::Probe => None,
        }
    }

    /// Often the session of the newest grant, and one that is signed in while there is any.
    fn left(&self, deed: Deed, pick: usize) -> Due {
        let newest = self.held.last().filter(|_| pick.is_multiple_of(2)).map(|held| held.browser);
        let in_turn = (0..self.browsers.len()).map(|step| (pick + step) % self.browsers.len());
        let lives = |place: &usize| !self.browsers[*place].is_out;
        let place = newest.into_iter().chain(in_turn).find(lives).unwrap_or(pick % self.browsers.len());
        let cookie = &self.browsers[place].cookie;
        let mut of_session = self.held.iter().rev().filter(|held| held.browser == place);
        match (deed, of_session.find_map(|held| held.id_token.as_deref())) {
            (Deed::Everywhere, _) => (Ask::Everywhere, place, asking::page("/api/sign-out-everywhere", cookie)),
            (Deed::Leave, Some(hint)) => (Ask::SignOut { by_hint: true }, place, asking::leave(hint, cookie)),
            _ => (Ask::SignOut { by_hint: false }, place, asking::page("/api/sign-out", cookie)),
        }
    }

    /// Every access token, the refresh tokens of what should be over, and the codes of which nobody knows what came.
    fn probed(&self) -> Vec<Due> {
        let over = self.held.iter().rev().filter(|held| held.is_over).filter_map(|held| Some(refreshed(held, held.chain.last()?)));
        let unknown = self.held.iter().rev().filter(|held| held.access.is_empty() && !held.is_over).map(redeemed);
        let looks = self.held.iter().flat_map(looked).rev();
        looks.take(PROBED).chain(over.take(4)).chain(unknown.take(2)).collect()
    }

    fn learn(&mut self, call: &Call) {
        if call.asked == Ask::Everywhere && call.told == Told::Done {
            self.held.iter_mut().for_each(|held| held.is_over = true);
        }
        let is_out = matches!(call.asked, Ask::SignOut { .. }) && call.told == Told::Done;
        let browser = self.browsers.iter_mut().find(|browser| is_out && browser.session == call.session);
        if let Some(browser) = browser {
            browser.is_out = true;
        }
        let is_of = |held: &&mut Held| match &call.asked {
            Ask::Redeem(code) => held.code == *code,
            Ask::Refresh(token) => held.chain.contains(token),
            _ => false,
        };
        let Some(held) = self.held.iter_mut().find(is_of) else { return };
        match &call.told {
            Told::Tokens(set) => held.keep(set),
            Told::Refused => held.is_over = true,
            _ => {}
        }
    }
}

/// The address that a guest comes from.
pub fn requester_of(account: usize) -> String {
    format!("10.9.{}.{}", account / 250, account % 250)
}
