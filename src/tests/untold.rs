//! Whoever was not charged cannot tell a number that has an account from one that has none: two servers that differ in nothing else, asked the
//! same at random.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::json;

use crate::browser::{Answered, Browser};
use crate::databases::{Kind, on_both_databases};
use crate::world::World;

on_both_databases!(whoever_was_not_charged_cannot_tell_who_has_an_account);

const SEEDS: u64 = 12;
const STEPS: usize = 40;
/// Small, so that each is met.
const BUDGETS: [(&str, &str); 3] = [("MAX_SENDS_PER_REQUESTER", "9"), ("MAX_SENDS_PER_SUBJECT", "3"), ("MAX_SENDS_PER_DAY", "14")];
const TARGET: &str = "010-7777-7777";

/// Two worlds; in the second, the target has an account.
struct Twins([World; 2]);

impl Twins {
    async fn new(kind: Kind) -> Self {
        let twins = Self([World::with(kind, "outbox", &BUDGETS).await, World::with(kind, "outbox", &BUDGETS).await]);
        for (world, number) in twins.0.iter().zip(["010-6666-6666", TARGET]) {
            world.browser().joins(world, number).await;
            world.advance(90_000);
        }
        twins
    }
}

/// What an answer tells, without the names that are random.
fn told(answered: &Answered) -> String {
    let mut body = answered.json();
    body["status"]["challenge_id"] = json!(null);
    body.to_string()
}

async fn asks(person: &Browser, number: &str) -> String {
    told(&person.asks(number).await)
}

async fn whoever_was_not_charged_cannot_tell_who_has_an_account(kind: Kind) {
    let (mut alike, mut charged) = (0, 0);
    for seed in 0..SEEDS {
        let (mut rng, twins) = (ChaCha20Rng::seed_from_u64(seed), Twins::new(kind).await);
        let people: Vec<Vec<Browser>> = twins.0.iter().map(|world| (0..3).map(|_| world.browser()).collect()).collect();
        for _ in 0..STEPS {
            let (who, pause) = ((rng.next_u32() % 3) as usize, i64::from(rng.next_u32() % 40));
            let number =
                if rng.next_u32().is_multiple_of(2) { TARGET.to_owned() } else { format!("010-5555-{:04}", rng.next_u32() % 4) };
            for world in &twins.0 {
                world.advance(pause);
            }
            let before = twins.0[0].sms().len();
            let answers = [asks(&people[0][who], &number).await, asks(&people[1][who], &number).await];
            if answers[0] == answers[1] {
                alike += usize::from(number == TARGET);
                continue;
            }
            assert_eq!(number, TARGET, "seed {seed}: {answers:#?}");
            assert_eq!(twins.0[0].sms().len(), before + 1, "seed {seed} tells for nothing: {answers:#?}");
            assert!(answers[1].contains("phone_number_taken"), "seed {seed}: {answers:#?}");
            charged += 1;
            break;
        }
    }
    assert!(alike > 0 && charged > 0, "{alike} alike, {charged} charged");
}
