//! The days: who asks when for a code to where, and who gives it back.

use super::chance::Chance;
use super::people::{Ask, person};

/// Seconds of a day.
pub const DAY: u64 = 86_400;

/// A day.
pub struct Day {
    /// What it is called.
    pub name: &'static str,
    /// What happens, in words.
    pub about: &'static str,
    /// Everybody who asks. Seconds count from the day's beginning.
    pub asks: fn(&mut Chance) -> Vec<Ask>,
    /// How many sends of its attack may get through while the guard acts; none on an honest day.
    pub most_sent: Option<u64>,
}

pub const ALL: [Day; 10] = [
    Day { name: "quiet", about: "1,000 people", asks: quiet, most_sent: None },
    Day { name: "advert", about: "2,000 more within 10 minutes", asks: advert, most_sent: None },
    Day { name: "class", about: "55 more behind one address", asks: class, most_sent: None },
    Day { name: "carrier", about: "for 2 hours a tenth of the texts arrive", asks: carrier, most_sent: None },
    Day { name: "launch", about: "600 people of a new country, 60 % prove", asks: launch, most_sent: None },
    Day { name: "luma", about: "20,000 from 20,000 addresses to 3 prefixes", asks: luma, most_sent: Some(24) },
    Day { name: "myanmar", about: "10,000 from one address in 3 minutes", asks: myanmar, most_sent: Some(60) },
    Day { name: "slow", about: "2,000 over a day to 400 prefixes", asks: slow, most_sent: Some(50) },
    Day { name: "four", about: "6,000 over a day to four countries", asks: four, most_sent: Some(252) },
    Day { name: "home", about: "4,000 to any number at home", asks: home, most_sent: Some(3978) },
];

/// A million requests to twenty countries.
pub const MILLION: Day =
    Day { name: "million", about: "1,000,000 to 1,000 prefixes of 20 countries", asks: million, most_sent: Some(12_000) };

fn quiet(chance: &mut Chance) -> Vec<Ask> {
    (0..1000).map(|_| person(chance, DAY, 88)).collect()
}

fn advert(chance: &mut Chance) -> Vec<Ask> {
    let noon = DAY / 2;
    let more = (0..2000).map(|_| Ask { at: noon + chance.below(600), ..person(chance, DAY, 88) }).collect();
    [quiet(chance), more].concat()
}

fn class(chance: &mut Chance) -> Vec<Ask> {
    let noon = DAY / 2;
    let more = (0..55).map(|_| Ask { at: noon + chance.below(900), requester: "192.0.2.55".into(), ..person(chance, DAY, 88) });
    let more = more.collect();
    [quiet(chance), more].concat()
}

fn carrier(chance: &mut Chance) -> Vec<Ask> {
    let mut asks = quiet(chance);
    let down = DAY / 2..DAY / 2 + 7200;
    for ask in asks.iter_mut().filter(|ask| down.contains(&ask.at)) {
        ask.proves = chance.below(100) < 10;
    }
    asks
}

fn launch(chance: &mut Chance) -> Vec<Ask> {
    let more = (0..600).map(|_| {
        let number = format!("+8190{:08}", chance.below(100_000_000));
        let requester = address(chance, 400);
        Ask { number, requester, ..person(chance, DAY, 60) }
    });
    let more = more.collect();
    [quiet(chance), more].concat()
}

/// An attack beside a quiet day: nobody gives a code back, and whatever work is asked for is done.
fn attack(chance: &mut Chance, asks: u64, span: u64, addresses: u64, number: fn(&mut Chance) -> String) -> Vec<Ask> {
    // Whoever has less than a day to attack begins in the morning.
    let begin = (DAY - span) / 4;
    let more = (0..asks).map(|_| Ask {
        at: begin + chance.below(span),
        number: number(chance),
        requester: address(chance, addresses),
        proves: false,
        is_attack: true,
    });
    let more = more.collect();
    [quiet(chance), more].concat()
}

/// One of so many addresses that are nobody else's.
fn address(chance: &mut Chance, addresses: u64) -> String {
    let index = chance.below(addresses);
    format!("100.{}.{}.{}", 64 + index / 65_536, index / 256 % 256, index % 256)
}

/// 13,000 of 20,000 went to one block of ten thousand numbers (integration.md 5.1).
fn luma(chance: &mut Chance) -> Vec<Ask> {
    attack(chance, 20_000, 7200, 20_000, |chance| {
        let prefix = match chance.below(20) {
            0..13 => "+99899394",
            13..17 => "+99899395",
            _ => "+99899396",
        };
        format!("{prefix}{:04}", chance.below(10_000))
    })
}

fn myanmar(chance: &mut Chance) -> Vec<Ask> {
    attack(chance, 10_000, 180, 1, |chance| format!("+959{:09}", chance.below(1_000_000_000)))
}

fn slow(chance: &mut Chance) -> Vec<Ask> {
    attack(chance, 2000, DAY, 2000, |chance| format!("+99899{:03}{:04}", chance.below(400), chance.below(10_000)))
}

fn four(chance: &mut Chance) -> Vec<Ask> {
    attack(chance, 6000, DAY, 6000, |chance| {
        let country = chance.one_of(&["+99899", "+99290", "+99450", "+99655"]);
        format!("{country}{:07}", chance.below(10_000_000))
    })
}

fn home(chance: &mut Chance) -> Vec<Ask> {
    attack(chance, 4000, DAY / 2, 20_000, |chance| format!("+8210{:08}", chance.below(100_000_000)))
}

const TWENTY: [&str; 20] = [
    "+99899", "+99290", "+99450", "+99655", "+99361", "+959", "+880171", "+9230", "+2348", "+2547", "+23324", "+22507", "+2376",
    "+26377", "+26097", "+25678", "+2519", "+94711", "+97798", "+85512",
];

fn million(chance: &mut Chance) -> Vec<Ask> {
    attack(chance, 1_000_000, DAY / 2, 20_000, |chance| {
        let country = chance.one_of(&TWENTY);
        format!("{country}{:02}{:04}", chance.below(50), chance.below(10_000))
    })
}
