//! The other half of a run: applications that know by Beonho who is there. What they are given and told is recorded and checked like the rest.

mod asking;
mod clients;
pub mod drawn;
mod guest;
mod held;
mod jwt;
mod keys;
mod ledger;
pub mod plan;
pub mod planted;
mod prepared;
mod receiver;
mod rows;
mod rules;
mod story;
mod summary;
mod web;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::database::Database;
use crate::replicas::Replicas;
use crate::server::{Fault, Settings};
use crate::vendor::Vendor;
use guest::{Browser, Scene, Visitor};
pub use ledger::Ledger;
use plan::Guest;
use receiver::Receiver;
pub use rules::check;
pub use summary::{keep, print};

/// How long what is yet to be told is waited for in the end, and between two looks.
const SETTLED_WITHIN: Duration = Duration::from_secs(15);
const SETTLE_PAUSE: Duration = Duration::from_millis(300);

/// What is planned.
pub struct Apps {
    guests: Vec<Guest>,
    receiver: Arc<Receiver>,
    issuer: String,
}

impl Apps {
    /// Opens the address that applications are told of sign-outs at.
    pub async fn start(seed: u64, guests: Vec<Guest>, first: SocketAddr) -> Result<Self, Fault> {
        Ok(Self { guests, receiver: Receiver::start(seed).await?, issuer: format!("http://localhost:{}", first.port()) })
    }

    /// What the servers must be told: one issuer, whichever replica answers.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        vec![("PUBLIC_ORIGIN", self.issuer.clone()), ("OIDC_CLIENTS", clients::setting(self.receiver.address))]
    }

    /// How many messages it takes to sign everybody in.
    pub fn messages(&self) -> i64 {
        i64::try_from(self.guests.iter().map(|guest| guest.sessions).sum::<usize>()).unwrap_or(i64::MAX)
    }

    /// Signs everybody in, before anything is killed.
    pub async fn prepare(&self, replicas: &[SocketAddr], vendor: &Arc<Vendor>) -> Result<Vec<Vec<Browser>>, Fault> {
        prepared::sign_in(&self.guests, replicas, vendor).await
    }

    /// Lets everybody act in their own time, until the run is over.
    pub fn play(
        &self,
        fleet: &Arc<Replicas>,
        browsers: Vec<Vec<Browser>>,
        settings: &Settings,
        (begun_at, ends_at): (Instant, Instant),
    ) -> (Arc<Scene>, JoinSet<Result<(), Fault>>) {
        let replicas = fleet.addresses().to_vec();
        let ledger = Mutex::new(Ledger { issuer: self.issuer.clone(), ..Ledger::default() });
        let scene = Arc::new(Scene { replicas, fleet: Arc::clone(fleet), begun_at, ledger });
        self.receiver.begin(begun_at);
        let mut playing = JoinSet::new();
        for (account, (guest, browsers)) in self.guests.iter().cloned().zip(browsers).enumerate() {
            playing.spawn(visit(guest, Visitor::new(Arc::clone(&scene), account, browsers), begun_at));
        }
        for replica in 0..scene.replicas.len() {
            playing.spawn(keys::watch(Arc::clone(&scene), replica, ends_at));
        }
        playing.spawn(keys::rotate(Arc::clone(&scene), settings.clone(), ends_at));
        (scene, playing)
    }

    /// Waits until nobody is left to be told, and gathers what the run left behind. In the end everything is swept away.
    pub async fn gather(&self, scene: &Scene, database: &Database) -> Result<Ledger, Fault> {
        self.receiver.calm_down();
        let mut desk = database.open().await?;
        let begun_at = micros_since(scene.begun_at);
        let mut waits = usize::MAX;
        while waits > 0 && micros_since(scene.begun_at) - begun_at < u64::try_from(SETTLED_WITHIN.as_micros())? {
            // Else a notice that was on its way when a replica was killed would be due in half a minute.
            waits = desk.texts("update logout_notices set due_at = 0 where due_at > 0 returning id").await?.len();
            waits = waits.max(desk.texts("select id from logout_notices").await?.len());
            tokio::time::sleep(SETTLE_PAUSE).await;
        }
        keys::look_again(scene).await;
        let mut ledger = std::mem::take(&mut *crate::person::lock(&scene.ledger));
        ledger.notices = self.receiver.notices();
        let stored = desk.texts("select phone_number || ' ' || id from accounts").await?;
        let id_of = |guest: &Guest| {
            let number = format!("+82{} ", &guest.number[1..]);
            stored.iter().find_map(|line| line.strip_prefix(&number)).unwrap_or_default().to_owned()
        };
        ledger.accounts = self.guests.iter().map(id_of).collect();
        ledger.left_over = rows::leaks(&mut desk).await?;
        rows::age(&mut desk).await?;
        scene.fleet.strike(0, Duration::ZERO).await;
        scene.fleet.recover().await?;
        ledger.left_over.extend(rows::unswept(&mut desk).await?);
        Ok(ledger)
    }
}

async fn visit(guest: Guest, mut visitor: Visitor, begun_at: Instant) -> Result<(), Fault> {
    let begins_at = begun_at + Duration::from_millis(guest.at_ms);
    for act in &guest.acts {
        tokio::time::sleep_until((begins_at + Duration::from_millis(act.after_ms)).into()).await;
        visitor.perform(act).await;
    }
    Ok(())
}

fn micros_since(begun_at: Instant) -> u64 {
    u64::try_from(begun_at.elapsed().as_micros()).unwrap_or(u64::MAX)
}
