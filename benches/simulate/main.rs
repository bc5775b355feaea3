//! Days of people and of attacks, played against the real rules and store with a clock that is not real: what gets through, what it costs, and
//! which people it turns down. `make simulate` runs it.
//!
//! `--seeds N` plays each day N times, `--mode on` one mode, `--day NAME` one day, `--million` an attack of a million requests too.
//! It fails when an honest person is refused on an honest day, or more of an attack gets through than docs/operate.md says.

#[path = "../shared/arguments.rs"]
mod arguments;
#[expect(dead_code, reason = "a day draws only numbers below another")]
#[path = "../shared/chance.rs"]
mod chance;
mod days;
mod people;
mod stage;
mod table;

use arguments::Arguments;
use beonho::verification::GuardMode;
use days::{Day, MILLION};
use stage::{Fault, Stage};
use table::Row;

const MODES: [GuardMode; 3] = [GuardMode::Off, GuardMode::Watch, GuardMode::On];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Fault> {
    let words = Arguments::of_process();
    let (mode, day) = (words.text("--mode", ""), words.text("--day", ""));
    let seeds = words.number("--seeds", 1)?;
    let modes: Vec<_> = MODES.into_iter().filter(|found| mode.is_empty() || found.as_str() == mode).collect();
    let days: Vec<_> = days::ALL.iter().filter(|found| day.is_empty() || found.name == day).collect();
    if modes.is_empty() || days.is_empty() && !words.has("--million") {
        return Err("there is no such mode or day".into());
    }
    table::print_head();
    let mut wrong = Vec::new();
    for day in days {
        for mode in &modes {
            wrong.extend(play(day, *mode, seeds).await?);
        }
    }
    if words.has("--million") {
        wrong.extend(play(&MILLION, GuardMode::On, 1).await?);
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Plays a day with so many seeds, prints the worst of each figure, and says what should not have been.
async fn play(day: &Day, mode: GuardMode, seeds: u64) -> Result<Vec<String>, Fault> {
    let mut worst = Row::default();
    for seed in 0..seeds {
        let played = Stage::open(mode, seed).await?.play(day, seed).await?;
        worst = worst.worse(&played);
    }
    table::print(day, mode, &worst);
    Ok(table::wrong_with(day, mode, &worst))
}
