//! The keys: they are rotated by the command while replicas run, and each replica is asked again and again which it publishes.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::guest::Scene;
use super::ledger::{Look, Rotation};
use super::micros_since;
use super::web::{Request, ask_one};
use crate::person::lock;
use crate::server::{self, Fault, Settings};

/// How often each replica is asked.
const LOOK_PERIOD: Duration = Duration::from_millis(200);
/// The first rotation, and how often one follows.
const FIRST: Duration = Duration::from_millis(2_500);
const PERIOD: Duration = Duration::from_secs(9);

/// Asks a replica for as long as the run lasts.
pub async fn watch(scene: Arc<Scene>, replica: usize, until: Instant) -> Result<(), Fault> {
    while !until.elapsed().gt(&Duration::ZERO) {
        look(&scene, replica).await;
        tokio::time::sleep(LOOK_PERIOD).await;
    }
    Ok(())
}

/// Asks all of them once more: what was told after the run may be signed by a key that was made at its end.
pub async fn look_again(scene: &Scene) {
    for replica in 0..scene.replicas.len() {
        look(scene, replica).await;
    }
}

async fn look(scene: &Scene, replica: usize) {
    let request = Request { method: "GET", path: "/oauth/jwks".to_owned(), head: String::new(), body: String::new() };
    let from = micros_since(scene.begun_at);
    // One that is down says nothing, and nothing is concluded from it.
    if let Some(answer) = ask_one(scene.replicas[replica], &request.text("10.9.255.1")).await
        && answer.status() == 200
        && let Ok(set) = serde_json::from_slice::<Value>(&answer.body)
    {
        keep(scene, from, replica, &set);
    }
}

fn keep(scene: &Scene, from: u64, replica: usize, set: &Value) {
    let mut ledger = lock(&scene.ledger);
    let mut kids = Vec::new();
    for jwk in set.get("keys").and_then(Value::as_array).into_iter().flatten() {
        let kid = jwk.get("kid").and_then(Value::as_str).unwrap_or_default().to_owned();
        ledger.keys.insert(kid.clone(), jwk.clone());
        kids.push(kid);
    }
    ledger.looks.push(Look { from, to: micros_since(scene.begun_at), replica, kids });
}

/// Rotates from time to time: every second time at once, as after a leak.
pub async fn rotate(scene: Arc<Scene>, settings: Settings, until: Instant) -> Result<(), Fault> {
    let mut due = scene.begun_at + FIRST;
    for is_at_once in [true, false].into_iter().cycle() {
        if due >= until {
            break;
        }
        tokio::time::sleep_until(due.into()).await;
        let from = micros_since(scene.begun_at);
        run(&settings, is_at_once).await?;
        lock(&scene.ledger).rotations.push(Rotation { from, to: micros_since(scene.begun_at), is_at_once });
        due += PERIOD;
    }
    Ok(())
}

async fn run(settings: &Settings, is_at_once: bool) -> Result<(), Fault> {
    let mut command = Command::new(server::binary());
    command.env_clear().env("DATABASE_URL", &settings.database_url).env("SECRET_KEY", server::secret_key());
    command.args(["keys", "rotate", "--as", "chaos"]).args(is_at_once.then_some("--now")).stdin(Stdio::null());
    let done = tokio::task::spawn_blocking(move || command.output()).await??;
    if done.status.success() {
        return Ok(());
    }
    Err(format!("beonho keys rotate: {}", String::from_utf8_lossy(&done.stderr)).into())
}
