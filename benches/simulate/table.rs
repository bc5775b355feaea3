//! What came of a day, as a row of a table.

use beonho::verification::{GuardMode, Money};

use super::days::Day;
use super::people::Ask;
use super::stage::BUDGET;

/// Of people who prove when nobody hinders them, so many of a hundred must.
const HONEST_SUCCESS_PERCENT: u64 = 95;

/// What came of a day, or the worst of several.
#[derive(Clone, Debug, Default)]
pub struct Row {
    attack_asked: u64,
    attack_sent: u64,
    attack_worked: u64,
    attack_micros: i64,
    people: u64,
    would_prove: u64,
    pub proven: u64,
    people_refused: u64,
    people_challenged: u64,
}

impl Row {
    pub fn asked(&mut self, ask: &Ask) {
        self.attack_asked += u64::from(ask.is_attack);
        self.people += u64::from(!ask.is_attack);
        self.would_prove += u64::from(ask.proves);
    }

    pub fn sent(&mut self, ask: &Ask, is_challenged: bool, micros: i64) {
        if ask.is_attack {
            self.attack_sent += 1;
            self.attack_worked += u64::from(is_challenged);
            self.attack_micros += micros;
        } else {
            self.people_challenged += u64::from(is_challenged);
        }
    }

    pub fn refused(&mut self, ask: &Ask) {
        self.people_refused += u64::from(!ask.is_attack);
    }

    /// The worse of each figure.
    #[must_use]
    pub fn worse(&self, other: &Self) -> Self {
        Self {
            attack_asked: self.attack_asked.max(other.attack_asked),
            attack_sent: self.attack_sent.max(other.attack_sent),
            attack_worked: self.attack_worked.max(other.attack_worked),
            attack_micros: self.attack_micros.max(other.attack_micros),
            people: self.people.max(other.people),
            would_prove: self.would_prove.max(other.would_prove),
            proven: if self.people == 0 { other.proven } else { self.proven.min(other.proven) },
            people_refused: self.people_refused.max(other.people_refused),
            people_challenged: self.people_challenged.max(other.people_challenged),
        }
    }
}

pub fn print_head() {
    println!(
        "| day | guard | asked by the attack | sent | of these after work | they cost | people | refused | asked for work | proven |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|");
}

pub fn print(day: &Day, mode: GuardMode, row: &Row) {
    let cost = Money { currency: "KRW".to_owned(), micros: row.attack_micros };
    let Row { attack_asked, attack_sent, attack_worked, people, people_refused, people_challenged, proven, .. } = row;
    println!(
        "| {}: {} | {} | {attack_asked} | {attack_sent} | {attack_worked} | {cost} | {people} | {people_refused} | {people_challenged} | {proven} |",
        day.name,
        day.about,
        mode.as_str()
    );
}

/// What should not have been, in words.
pub fn wrong_with(day: &Day, mode: GuardMode, row: &Row) -> Vec<String> {
    let mut wrong = Vec::new();
    let name = format!("{} ({})", day.name, mode.as_str());
    if day.most_sent.is_none() && row.people_refused > 0 {
        wrong.push(format!("{name}: {} people were refused", row.people_refused));
    }
    if mode == GuardMode::On
        && let Some(most) = day.most_sent.filter(|most| row.attack_sent > *most)
    {
        wrong.push(format!("{name}: {} sends got through, {most} at most should", row.attack_sent));
    }
    // Beside an attack on home numbers that no rule tells from people, the day's last wall is theirs too.
    if mode == GuardMode::On && day.name != "home" && row.proven * 100 < row.would_prove * HONEST_SUCCESS_PERCENT {
        wrong.push(format!("{name}: only {} of {} people got their account", row.proven, row.would_prove));
    }
    let budget = Money::parse(BUDGET).map_or(0, |money| money.micros);
    if row.attack_micros > budget {
        wrong.push(format!("{name}: it cost more than the budget"));
    }
    wrong
}
