//! The stage: the real store, rules and guard, and a clock that goes as fast as it can.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use beonho::server::entropy;
use beonho::server::guard::{Asked, Guard, GuardSettings};
use beonho::server::store::{self, CountedOf, Reservation, SendRequest, Store, Tallied};
use beonho::verification::guard::{Counts, keys_of, slot_of};
use beonho::verification::{
    AskedSend, ChallengeId, CodeDigest, GuardLists, GuardMode, Judge, Money, PhoneNumber, Policy, Purpose, SendHistory, SendPlan,
    SendRefusal, SubjectId, Tariff, Verdict,
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use super::chance::Chance;
use super::days::{ALL, DAY, Day};
use super::people::{Ask, person};
use super::table::Row;

pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// When the first day begins.
const START_SECS: i64 = 1_699_920_000;
/// Quiet days that the tally remembers; the last of them is played.
const DAYS_BEFORE: u64 = 14;
/// A text at home, elsewhere, and a day of them.
const PRICES: [(&str, &str); 2] = [("KR", "9 KRW"), ("*", "100 KRW")];
pub const BUDGET: &str = "1000000 KRW";
const MAX_SENDS_PER_DAY: u32 = 5000;
/// Memory, where there is a file system of it: the power cut is not played.
const MEMORY: &str = "/dev/shm";

pub struct Stage {
    store: Arc<dyn Store>,
    guard: Guard,
    policy: Policy,
    written_at: Timestamp,
    _folder: TempDir,
}

impl Stage {
    pub async fn open(mode: GuardMode, seed: u64) -> Result<Self, Fault> {
        let folder = if Path::new(MEMORY).is_dir() { tempfile::tempdir_in(MEMORY)? } else { tempfile::tempdir()? };
        let store = store::connect(&format!("sqlite://{}", folder.path().join("beonho.db").display())).await?;
        let home = vec!["KR".to_owned()];
        let prices = PRICES.map(|(country, price)| (country.to_owned(), price.to_owned())).into();
        let tariff = Tariff::new(&prices, Some(Money::parse(BUDGET)?), home.clone()).map_err(|wrong| wrong.join("; "))?;
        let policy = Policy { max_sends_per_day: MAX_SENDS_PER_DAY, tariff: Some(Arc::new(tariff)), ..Policy::default() };
        let guard = Guard::new(GuardSettings { mode, lists: GuardLists::default(), home });
        let stage = Self { store, guard, policy, written_at: at(0), _folder: folder };
        stage.remember(seed).await?;
        Ok(stage)
    }

    /// Writes quiet days into the tally, as they would have been counted.
    async fn remember(&self, seed: u64) -> Result<(), Fault> {
        let mut chance = Chance::of(seed ^ 0x5eed);
        let mut tally = BTreeMap::<(String, i64), Counts>::new();
        for day in 1..DAYS_BEFORE {
            for _ in 0..1000 {
                let ask = person(&mut chance, DAY, 88);
                let number = PhoneNumber::from_stored(ask.number);
                let [prefix, country, ..] = keys_of(number.prefix(), "KR", &ask.requester);
                let slot = slot_of(at(ask.at) - SignedDuration::from_hours(24 * i64::try_from(day)?));
                for key in [prefix, country] {
                    *tally.entry((key, slot)).or_default() += Counts { sends: 1, verified: i64::from(ask.proves) };
                }
            }
        }
        let tally: Vec<Tallied> = tally.into_iter().collect();
        self.store.add_tally(&tally, 0).await?;
        Ok(())
    }

    /// Plays a quiet day and then the day itself.
    pub async fn play(mut self, day: &Day, seed: u64) -> Result<Row, Fault> {
        let mut chance = Chance::of(seed);
        let mut row = Row::default();
        let quiet = (ALL[0].asks)(&mut chance);
        self.act(quiet, 0, &mut row).await?;
        let asks = (day.asks)(&mut chance);
        self.act(asks, DAY, &mut row).await?;
        Ok(row)
    }

    /// Everybody acts in the order of time: asks, and half a minute later gives the code back.
    async fn act(&mut self, mut asks: Vec<Ask>, begin: u64, row: &mut Row) -> Result<(), Fault> {
        asks.sort_by_key(|ask| ask.at);
        let mut proofs = BTreeMap::<i64, Vec<CountedOf>>::new();
        for ask in asks {
            let now = at(begin + ask.at);
            let later = proofs.split_off(&(now.as_second() + 1));
            for send in std::mem::replace(&mut proofs, later).into_values().flatten() {
                self.guard.count(&send, Counts::PROVEN);
                row.proven += 1;
            }
            // A replica does so four times a second; between two of them what waits counts as evidence already.
            if now.duration_since(self.written_at) >= SignedDuration::from_secs(5) {
                self.guard.write(&*self.store).await?;
                self.written_at = now;
            }
            row.asked(&ask);
            if let Some(send) = self.ask(&ask, now, row).await?
                && ask.proves
            {
                proofs.entry(now.as_second() + 30).or_default().push(send);
            }
        }
        for send in proofs.into_values().flatten() {
            self.guard.count(&send, Counts::PROVEN);
            row.proven += 1;
        }
        Ok(())
    }

    /// As the verifier does it. Whoever is asked for work does it.
    async fn ask(&self, ask: &Ask, now: Timestamp, row: &mut Row) -> Result<Option<CountedOf>, Fault> {
        let number = PhoneNumber::from_stored(ask.number.clone());
        let country = number.country();
        let judged =
            self.guard.judge(&*self.store, &Asked { number: &number, country: &country, requester: &ask.requester }, now).await;
        let said = if judged.is_acted_on { judged.said } else { Verdict::Send };
        if let Verdict::Hold(..) | Verdict::Held(_) = said {
            row.refused(ask);
            return Ok(None);
        }
        let is_challenged = matches!(said, Verdict::Challenge(_));
        let micros = self.policy.tariff.as_ref().and_then(|tariff| tariff.price_of(&country)).unwrap_or(0);
        let request = SendRequest {
            subject: SubjectId::from_stored(entropy::new_id()),
            requester: ask.requester.clone(),
            phone_number: number.clone(),
            purpose: Purpose::SignUp,
            judge: Judge::Ours,
            provider: "sens",
            proof: None,
            price: Some(Money { currency: "KRW".to_owned(), micros }),
            country,
        };
        match self.store.reserve_send(&request, &self.policy, now, decide(&request, &self.policy, now)).await? {
            Ok(_) => {
                row.sent(ask, is_challenged, micros);
                let send = CountedOf { phone_number: number, requester: ask.requester.clone(), at: now };
                self.guard.count(&send, Counts::SENT);
                Ok(Some(send))
            }
            // Chance gave two people one number, or put many behind one address: nobody's fault but theirs.
            Err(SendRefusal::NumberResting { .. } | SendRefusal::Exhausted { .. }) if !ask.is_attack => Ok(None),
            Err(_) => {
                row.refused(ask);
                Ok(None)
            }
        }
    }
}

fn decide(request: &SendRequest, policy: &Policy, now: Timestamp) -> store::DecideSend {
    let asked = AskedSend {
        phone_number: request.phone_number.clone(),
        country: request.country.clone(),
        purpose: request.purpose,
        judge: request.judge.clone(),
        ended: None,
        is_signed_up: false,
        needs_work: false,
    };
    let policy = policy.clone();
    Box::new(move |history: &SendHistory| {
        let plan = policy.may_send(&asked, history, now)?;
        let challenge = match &plan {
            SendPlan::AddCode(current) => current.id.clone(),
            SendPlan::OpenChallenge => ChallengeId::from_stored(entropy::new_id()),
        };
        let (send_id, after) = (entropy::new_id(), SendHistory::default());
        let code_digest = Some(CodeDigest::from_stored(send_id.clone()));
        Ok(Reservation { send_id, plan, challenge, code_digest, at: now, expires_at: now + policy.code_lifetime, after })
    })
}

fn at(secs: u64) -> Timestamp {
    Timestamp::from_second(START_SECS + i64::try_from(secs).unwrap_or_default()).unwrap_or(Timestamp::UNIX_EPOCH)
}
