//! What would be wrong beside the answers: what tokens say, who is told, what is left over.

use super::{Planted, find};
use crate::apps::clients::CLIENTS;
use crate::apps::jwt::Token;
use crate::apps::ledger::{Ask, Ledger, Told};
use crate::apps::rules::Broken;

pub(super) const PLANTED: [Planted; 12] = [
    ("an ID token that nobody signed", |ledger| change_id_token(ledger, spoil), Broken::WrongIdToken),
    ("an ID token of another", swap_id_tokens, Broken::WrongIdToken),
    ("another nonce", other_nonce, Broken::WrongIdToken),
    ("another issuer", |ledger| replace(&mut ledger.issuer, "http://another.example"), Broken::WrongIdToken),
    ("a key that a replica does not publish", unpublish, Broken::Unpublished),
    ("a person by another name", other_person, Broken::WrongSubject),
    ("an application that is not told", |ledger| lose_notice(ledger, false), Broken::NotTold),
    ("an application that never heard", |ledger| lose_notice(ledger, true), Broken::NotTold),
    ("a logout token that nobody signed", forge_notice, Broken::WrongNotice),
    ("a logout token for nothing", early_notice, Broken::WrongNotice),
    ("rows that a sweep leaves", leave_a_row, Broken::LeftOver),
    ("an answer that is none", odd_answer, Broken::NotAnAnswer),
];

fn leave_a_row(ledger: &mut Ledger) -> bool {
    ledger.left_over.push(("planted".to_owned(), 1));
    true
}

fn replace(text: &mut String, other: &str) -> bool {
    other.clone_into(text);
    true
}

/// Another signature.
fn spoil(token: &mut String) {
    let at = token.len() - 10;
    let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
    token.replace_range(at..=at, other);
}

fn id_tokens(ledger: &mut Ledger) -> impl Iterator<Item = &mut String> {
    ledger.calls.iter_mut().filter_map(|call| if let Told::Tokens(set) = &mut call.told { Some(&mut set.id_token) } else { None })
}

fn change_id_token(ledger: &mut Ledger, change: fn(&mut String)) -> bool {
    id_tokens(ledger).next().map(change).is_some()
}

fn swap_id_tokens(ledger: &mut Ledger) -> bool {
    let mut tokens = id_tokens(ledger);
    let (Some(one), Some(other)) = (tokens.next(), tokens.next()) else { return false };
    std::mem::swap(one, other);
    true
}

fn other_nonce(ledger: &mut Ledger) -> bool {
    let made = find(ledger, |_, grant| {
        grant.redeems.iter().any(|call| matches!(call.told, Told::Tokens(_))).then(|| grant.made.asked.clone())
    });
    let call = made.and_then(|made| ledger.calls.iter_mut().find(|call| call.asked == made));
    let Some(Ask::Authorize { nonce, .. }) = call.map(|call| &mut call.asked) else { return false };
    replace(nonce, "another")
}

/// Of a look that followed a token, while no key had gone for long.
fn unpublish(ledger: &mut Ledger) -> bool {
    let leaks = ledger.rotations.iter().filter(|rotation| rotation.is_at_once);
    let is_calm = |at: u64| leaks.clone().all(|leak| at + 2_000_000 < leak.from || at > leak.to + 8_000_000);
    let tokens = ledger.calls.iter().filter_map(|call| match &call.told {
        Told::Tokens(set) if is_calm(call.from) && is_calm(call.to) => Some((call.to, Token::parse(&set.id_token)?)),
        _ => None,
    });
    let mut followed = tokens.filter_map(|(to, token)| {
        let place = ledger.looks.iter().position(|look| look.from > to && look.from < to + 500_000)?;
        Some((place, token.of_head("kid").to_owned()))
    });
    let Some((place, kid)) = followed.next_back() else { return false };
    ledger.looks[place].kids.retain(|published| *published != kid);
    true
}

fn other_person(ledger: &mut Ledger) -> bool {
    let told = ledger.calls.iter_mut().map(|call| &mut call.told).find(|told| matches!(told, Told::Person(_)));
    told.map(|told| *told = Told::Person("another".to_owned())).is_some()
}

/// The notices of a session whose sign-out was answered, of somebody who did not sign out everywhere.
fn lose_notice(ledger: &mut Ledger, is_kept: bool) -> bool {
    let sid = find(ledger, |story, grant| {
        let is_over = story.ends(Some(grant.made.session)).any(|end| story.has_ended(end));
        let is_plain = is_over && story.ends(None).next().is_none();
        let mut sets = grant.redeems.iter().filter_map(|call| if let Told::Tokens(set) = &call.told { Some(set) } else { None });
        Token::parse(&sets.next().filter(|_| is_plain)?.id_token)?.claim("sid").map(str::to_owned)
    });
    let Some(sid) = sid else { return false };
    let is_of = |token: &str| Token::parse(token).is_some_and(|token| token.claim("sid") == Some(&sid));
    if is_kept {
        ledger.notices.iter_mut().filter(|notice| is_of(&notice.token)).for_each(|notice| notice.is_taken = false);
    } else {
        ledger.notices.retain(|notice| !is_of(&notice.token));
    }
    true
}

fn forge_notice(ledger: &mut Ledger) -> bool {
    ledger.notices.first_mut().map(|notice| spoil(&mut notice.token)).is_some()
}

/// Before anybody did anything. Whom the application was never told of by name, nobody can miss.
fn early_notice(ledger: &mut Ledger) -> bool {
    let place = find(ledger, |_, grant| {
        let subjects = grant.redeems.iter().filter_map(|call| match &call.told {
            Told::Tokens(set) => Token::parse(&set.id_token)?.claim("sub").map(str::to_owned),
            _ => None,
        });
        let subjects: Vec<String> = subjects.collect();
        ledger.notices.iter().position(|notice| {
            let told = Token::parse(&notice.token);
            let is_known =
                told.as_ref().and_then(|token| token.claim("sub")).is_some_and(|sub| subjects.iter().any(|known| known == sub));
            notice.is_taken && is_known && notice.client == CLIENTS[grant.client].id
        })
    });
    place.map(|place| ledger.notices[place].at = 0).is_some()
}

fn odd_answer(ledger: &mut Ledger) -> bool {
    let Some(call) = ledger.calls.first().cloned() else { return false };
    ledger.calls.push(crate::apps::ledger::Call { told: Told::Odd("500".to_owned()), ..call });
    true
}
