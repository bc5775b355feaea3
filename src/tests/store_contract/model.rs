//! Random groups beside the same requests one by one: a store that is asked all at once and one that is asked one after the other give the same
//! answers and are left with the same rows.

use std::sync::Arc;

use beonho::server::store::{Reservation, SendRequest, SendResult, SpentProof};
use beonho::verification::{
    AskedSend, Challenge, ChallengeId, CodeDigest, Judge, Policy, Purpose, SendHistory, SendPlan, SubjectId,
};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::{Shelf, at, rotation, subject};
use crate::chance::Chance;
use crate::databases::{Kind, on_both_databases, rows_of};

on_both_databases!(groups_do_what_one_by_one_does,);

/// How many seeds are played, where `BEONHO_MODEL_SEEDS` says no other number (`make model`).
const SEEDS: u64 = 40;
/// Groups of a seed.
const STEPS: i64 = 8;
/// After how many seeds all rows are compared.
const CHAPTER: u64 = 20;
/// Who and what there is in a seed: few, so that they collide.
const SUBJECTS: u64 = 4;
const NUMBERS: u64 = 4;
const REQUESTERS: u64 = 3;

/// What is asked for once.
#[derive(Clone, Debug)]
enum Request {
    Reserve(Box<SendRequest>, String),
    Mark(String, SendResult),
    Guess(SubjectId, Option<ChallengeId>),
    Prove(Box<Challenge>, u64),
    Look(SubjectId),
}

/// A store, and what its own answers named.
struct Told {
    shelf: Shelf,
}

#[expect(clippy::disallowed_methods, reason = "how long a slow proof goes on is no setting of the server's")]
fn seeds() -> u64 {
    std::env::var("BEONHO_MODEL_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SEEDS)
}

async fn groups_do_what_one_by_one_does(kind: Kind) {
    let policy = Policy { max_sends_per_requester: 6, max_sends_per_day: 1_000_000, ..Policy::default() };
    let together = Told { shelf: Shelf { policy: policy.clone(), ..Shelf::new(kind).await } };
    let apart = Told { shelf: Shelf { policy, ..Shelf::new(kind).await } };
    let (mut asked, mut refused) = (0, 0);
    for seed in 0..seeds() {
        let mut play = Play { seed, chance: Chance::of(seed), sends: Vec::new(), challenges: Vec::new() };
        for step in 0..STEPS {
            let now = at(i64::try_from(seed).expect("small") * 100_000 + step * 25);
            let group = play.group(step);
            let told = join_all(group.iter().map(|request| together.ask(request, now))).await;
            let mut expected = Vec::new();
            for request in &group {
                expected.push(apart.ask(request, now).await);
            }
            assert_eq!(told, expected, "seed {seed}, step {step}: {group:#?}");
            asked += group.len();
            refused += expected.iter().filter(|told| told.contains("Err") || told.contains("None")).count();
            play.learn(&apart.shelf, &group, now).await;
        }
        if seed % CHAPTER == CHAPTER - 1 {
            together.assert_same_rows(&apart, seed).await;
        }
    }
    together.assert_same_rows(&apart, seeds()).await;
    println!("{kind:?}: {} seeds, {asked} requests in groups, {refused} of them refused", seeds());
    assert!(refused * 4 > asked && refused * 4 < 3 * asked, "{refused} of {asked} is no test of both");
}

/// What a seed has come to.
struct Play {
    seed: u64,
    chance: Chance,
    sends: Vec<String>,
    challenges: Vec<Challenge>,
}

impl Play {
    fn name(&self, what: &str, n: u64) -> String {
        format!("{what} {n} of {}", self.seed)
    }

    fn one_of(&mut self, what: &str, there_are: u64) -> String {
        let n = self.chance.below(there_are);
        self.name(what, n)
    }

    fn group(&mut self, step: i64) -> Vec<Request> {
        let (size, kind) = (self.chance.between(2, 9), self.chance.below(10));
        (0..size).map(|n| self.request(kind, step, n)).collect()
    }

    /// One kind a group: what stands in different queues is not ordered.
    fn request(&mut self, kind: u64, step: i64, n: u64) -> Request {
        let who = subject(&self.one_of("subject", SUBJECTS));
        match kind {
            5 if !self.sends.is_empty() => Request::Mark(self.chance.one_of(&self.sends.clone()).clone(), self.result(n)),
            6 | 7 if !self.challenges.is_empty() => {
                let named = self.chance.one_of(&self.challenges.clone()).id.clone();
                Request::Guess(who, (self.chance.below(2) == 0).then_some(named))
            }
            8 if !self.challenges.is_empty() => {
                Request::Prove(Box::new(self.chance.one_of(&self.challenges.clone()).clone()), self.chance.below(3))
            }
            9 => Request::Look(who),
            _ => Request::Reserve(Box::new(self.send_request(who)), self.name(&format!("send {step}"), n)),
        }
    }

    fn result(&mut self, n: u64) -> SendResult {
        match self.chance.below(3) {
            0 => SendResult::Unknown { provider: "sens" },
            _ => SendResult::Accepted { provider: "sens", reference: Some(format!("text {n}")), poll_at: Some(at(9)) },
        }
    }

    fn send_request(&mut self, who: SubjectId) -> SendRequest {
        let proof = self.chance.below(4);
        SendRequest {
            subject: who,
            requester: self.one_of("requester", REQUESTERS),
            phone_number: beonho::verification::PhoneNumber::from_stored(format!(
                "+8210{:08}",
                self.seed * 10 + self.chance.below(NUMBERS)
            )),
            purpose: *self.chance.one_of(&[Purpose::SignUp, Purpose::SignIn]),
            judge: Judge::Ours,
            provider: "sens",
            country: "KR".to_owned(),
            price: beonho::verification::Money::parse("9 KRW").ok().filter(|_| proof > 1),
            proof: (proof == 0).then(|| SpentProof { id: self.one_of("proof", 3), expires_at: at(900_000_000) }),
        }
    }

    /// What can be asked about from now on.
    async fn learn(&mut self, known: &Shelf, group: &[Request], now: Timestamp) {
        for request in group {
            let Request::Reserve(asked, name) = request else { continue };
            self.sends.push(name.clone());
            let seen = known.store.find_history(&asked.subject, &known.policy, now).await.expect("found");
            self.challenges.extend(seen.current);
        }
    }
}

impl Told {
    /// Asks for one thing, and says what came of it.
    async fn ask(&self, request: &Request, now: Timestamp) -> String {
        let Shelf { store, policy, .. } = &self.shelf;
        match request {
            Request::Reserve(asked, name) => {
                let decide = decide(policy.clone(), (**asked).clone(), name.clone(), now);
                let told = store.reserve_send(asked, policy, now, Box::new(decide)).await.expect("asked");
                format!("{:?}", told.map(|made| (made.send_id, made.plan, made.challenge, made.expires_at)))
            }
            Request::Mark(send_id, result) => format!("{:?}", store.mark_send(send_id, result, now).await.expect("marked")),
            Request::Guess(who, named) => {
                let told = store.count_attempt(named.as_ref(), who, policy.max_attempts, now).await.expect("counted");
                let told = told.map(|attempt| {
                    let mut codes: Vec<_> = attempt.codes.iter().map(|code| code.as_str().to_owned()).collect();
                    codes.sort();
                    (attempt.challenge, codes)
                });
                format!("{told:?}")
            }
            Request::Prove(challenge, n) => {
                let name = challenge.subject.as_str();
                let rotation = rotation(name, &format!("{name} old"), &format!("{name} new {n}"), now);
                format!("{:?}", store.mark_verified(challenge, &rotation).await.expect("marked"))
            }
            Request::Look(who) => format!("{:?}", store.find_history(who, policy, now).await.expect("found").current),
        }
    }

    async fn assert_same_rows(&self, other: &Self, seed: u64) {
        for table in ["challenges", "sends", "sessions", "spent_proofs", "hourly_sends", "hourly_costs"] {
            let [here, there] = [rows_of(&self.shelf.database.url, table).await, rows_of(&other.shelf.database.url, table).await];
            assert_eq!(here, there, "{table} after seed {seed}");
        }
    }
}

/// As the verifier decides, with names that both stores give alike.
fn decide(
    policy: Policy,
    request: SendRequest,
    send_id: String,
    now: Timestamp,
) -> impl Fn(&SendHistory) -> Result<Reservation, beonho::verification::SendRefusal> + Send + Sync + 'static {
    let asked = AskedSend {
        phone_number: request.phone_number.clone(),
        purpose: request.purpose,
        country: request.country.clone(),
        judge: Judge::Ours,
        ended: None,
        is_signed_up: false,
        needs_work: false,
    };
    let request = Arc::new(request);
    move |history: &SendHistory| {
        let plan = policy.may_send(&asked, history, now)?;
        let challenge = match &plan {
            SendPlan::AddCode(current) => current.id.clone(),
            SendPlan::OpenChallenge => ChallengeId::from_stored(format!("challenge of {send_id}")),
        };
        Ok(Reservation {
            send_id: send_id.clone(),
            plan,
            challenge,
            code_digest: Some(CodeDigest::from_stored(format!("digest-of-{send_id}-for-{}", request.requester).replace(' ', "-"))),
            at: now,
            expires_at: now + SignedDuration::from_secs(300),
            after: SendHistory::default(),
        })
    }
}
