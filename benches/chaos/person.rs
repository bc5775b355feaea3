//! One person of a story: keeps a cookie, remembers what answers told, and makes the calls of its acts, several at once.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::future::join_all;

use super::caller::{self, Answer, Call};
use super::record::{Asked, Entry, Heard, Proof};
use super::schedule::{Act, Kind, Move};
use super::vendor::Vendor;
use super::wire::Wire;

/// How long an answer is waited for: longer than any time limit of the server.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a call that nobody takes is tried, and the wait between.
const KNOCKS: usize = 200;
const KNOCK_PAUSE: Duration = Duration::from_millis(20);

/// An acknowledged verification, and the newest cookie of its session.
#[derive(Clone)]
pub struct Held {
    /// Whose.
    pub subject: u32,
    /// For which number.
    pub number: String,
    /// The cookie to ask with in the end.
    pub cookie: String,
}

/// What all people of a run share.
pub struct Stage {
    /// The replicas.
    pub replicas: Vec<SocketAddr>,
    /// Where codes are read.
    pub vendor: Arc<Vendor>,
    /// When the run began.
    pub begun_at: Instant,
    /// Every call.
    pub entries: Mutex<Vec<Entry>>,
    /// Every acknowledged verification.
    pub held: Mutex<HashMap<Proof, Held>>,
    /// Who opened which challenge for a number.
    pub opened: Mutex<HashMap<String, Vec<(u32, String)>>>,
}

/// A person.
pub struct Person {
    stage: Arc<Stage>,
    subject: u32,
    typed: String,
    number: String,
    requester: String,
    cookie: Option<String>,
    challenge: Option<String>,
    code: Option<String>,
    proof: Option<Proof>,
}

impl Person {
    /// Somebody who wants a number. Those of a story come from one address.
    pub fn new(stage: Arc<Stage>, subject: u32, story: usize, typed: &str) -> Self {
        let number = format!("+82{}", typed.trim_start_matches('0'));
        let requester = format!("10.7.{}.{}", story / 250, story % 250);
        let typed = typed.to_owned();
        Self { stage, subject, typed, number, requester, cookie: None, challenge: None, code: None, proof: None }
    }

    /// Gets a cookie: from a post that sends nothing.
    pub async fn arrive(&mut self) {
        let arriving = Call {
            method: "POST",
            path: "/v1/verification",
            body: r#"{"phone_number":"0"}"#,
            cookie: None,
            requester: &self.requester,
        };
        while self.cookie.is_none() {
            if let (_, Heard::Answered(answer)) = speak(&self.stage.replicas, 0, &arriving).await {
                self.cookie = answer.cookie;
            }
        }
    }

    /// Makes an act's calls at once, and learns from the answers.
    pub async fn perform(&mut self, act: &Act) {
        let calls: Vec<(Asked, &Move)> = act.moves.iter().map(|of| (self.asked(of), of)).collect();
        let mut entries = join_all(calls.into_iter().map(|(asked, of)| self.make(asked, of.replica))).await;
        for entry in &entries {
            self.learn(entry);
        }
        // A sign-up at the same time as the right guess may already have stood for the verification that came of it.
        if entries.iter().any(|entry| entry.outcome() == Some("verified")) {
            for entry in entries.iter_mut().filter(|entry| entry.asked == Asked::SignUp) {
                entry.proof.clone_from(&self.proof);
            }
        }
        let is_over = entries.iter().any(|entry| entry.outcome() == Some("invalid_request"));
        lock(&self.stage.entries).extend(entries);
        if is_over {
            self.begin_again().await;
        }
    }

    /// The session was replaced by one whose answer was lost, and this was no repeat of that request.
    async fn begin_again(&mut self) {
        (self.cookie, self.proof, self.challenge, self.code) = (None, None, None, None);
        self.arrive().await;
    }

    fn asked(&self, of: &Move) -> Asked {
        let own = |code: &str| {
            let challenge = self.challenge.clone()?;
            Some(Asked::Check { challenge, code: code.to_owned(), is_foreign: false })
        };
        match of.kind {
            Kind::Send => Asked::Send,
            Kind::SignUp => Asked::SignUp,
            Kind::Ask => Asked::Status,
            Kind::GuessWrong => own(&of.guess).unwrap_or(Asked::Status),
            Kind::GuessRight => self.right_code().and_then(|code| own(&code)).unwrap_or(Asked::Status),
            Kind::GuessForeign => self.foreign(&of.guess).unwrap_or(Asked::Status),
        }
    }

    /// The code of the person's own message; after a lost answer, the newest that came.
    fn right_code(&self) -> Option<String> {
        self.code.clone().or_else(|| self.stage.vendor.messages_to(&self.number).pop().map(|sms| sms.code))
    }

    fn foreign(&self, guess: &str) -> Option<Asked> {
        let opened = lock(&self.stage.opened);
        let (_, challenge) = opened.get(&self.number)?.iter().rev().find(|(subject, _)| *subject != self.subject)?;
        Some(Asked::Check { challenge: challenge.clone(), code: guess.to_owned(), is_foreign: true })
    }

    async fn make(&self, asked: Asked, replica: usize) -> Entry {
        let (method, path, body) = match &asked {
            Asked::Send => ("POST", "/v1/verification", format!(r#"{{"phone_number":"{}"}}"#, self.typed)),
            Asked::Check { challenge, code, .. } => {
                ("POST", "/v1/verification/check", format!(r#"{{"code":"{code}","challenge_id":"{challenge}"}}"#))
            }
            Asked::SignUp => ("POST", "/v1/accounts", r#"{"nickname":"Chaos"}"#.to_owned()),
            Asked::Status => ("GET", "/v1/verification", String::new()),
        };
        let call = Call { method, path, body: &body, cookie: self.cookie.as_deref(), requester: &self.requester };
        let at_ms = u64::try_from(self.stage.begun_at.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (replica, heard) = speak(&self.stage.replicas, replica, &call).await;
        let (number, proof) = (self.number.clone(), self.proof.clone());
        Entry { at_ms, replica, subject: self.subject, number, proof, asked, heard }
    }

    fn learn(&mut self, entry: &Entry) {
        let Heard::Answered(answer) = &entry.heard else { return };
        match answer.outcome.as_str() {
            "code_sent" | "code_may_arrive" => self.learn_code(answer),
            "verified" => self.hold(answer, answer.cookie.clone()),
            "signed_up" => self.hold(answer, entry.proof.clone()),
            _ => self.learn_session(entry, answer),
        }
    }

    /// A number rests a second between two sends, so the newest message is the one that was just answered for.
    fn learn_code(&mut self, answer: &Answer) {
        self.code = self.stage.vendor.messages_to(&self.number).pop().map(|sms| sms.code);
        self.challenge.clone_from(&answer.challenge);
        if let Some(challenge) = &answer.challenge {
            lock(&self.stage.opened).entry(self.number.clone()).or_default().push((self.subject, challenge.clone()));
        }
    }

    fn hold(&mut self, answer: &Answer, proof: Option<Proof>) {
        let (Some(cookie), Some(proof)) = (answer.cookie.clone(), proof) else { return };
        let held = Held { subject: self.subject, number: self.number.clone(), cookie: cookie.clone() };
        lock(&self.stage.held).insert(proof.clone(), held);
        self.cookie = Some(cookie);
        self.proof = Some(proof);
    }

    /// Another cookie means that the session had been replaced by one whose answer was lost, unless that answer is among these.
    fn learn_session(&mut self, entry: &Entry, answer: &Answer) {
        if answer.cookie.is_some() && entry.proof == self.proof {
            self.cookie.clone_from(&answer.cookie);
            (self.proof, self.challenge, self.code) = (None, None, None);
        } else if self.challenge.is_none() {
            self.challenge.clone_from(&answer.challenge);
        }
    }
}

/// Calls a replica, or the next where nobody listens, as a balancer would.
pub async fn speak(replicas: &[SocketAddr], first: usize, call: &Call<'_>) -> (usize, Heard) {
    for knock in 0..KNOCKS {
        let replica = (first + knock) % replicas.len();
        if let Ok(mut wire) = Wire::open(replicas[replica]).await {
            let heard = match tokio::time::timeout(PATIENCE, caller::call(&mut wire, call)).await {
                Ok(Ok(answer)) => Heard::Answered(answer),
                // Something came back, but it was not an answer of the interface.
                Ok(Err(fault)) if fault.kind() == ErrorKind::InvalidData => Heard::Answered(Answer::default()),
                Ok(Err(_)) | Err(_) => Heard::Lost,
            };
            return (replica, heard);
        }
        tokio::time::sleep(KNOCK_PAUSE).await;
    }
    (first, Heard::Unsent)
}

/// The lock of something that no panic leaves half-done.
pub fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
