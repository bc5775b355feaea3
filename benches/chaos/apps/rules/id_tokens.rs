//! What ID tokens say, by which keys, and by what name a person is known.

use std::collections::HashMap;

use super::{Broken, told};
use crate::apps::clients::CLIENTS;
use crate::apps::jwt::{Token, half_hash};
use crate::apps::ledger::{Ask, Call, Instant, Ledger, Set, Told};
use crate::apps::story::Story;

/// For how long replicas believe the keys that they read, and a moment for the answer.
const REREAD: Instant = 6_500_000;
/// How soon after an answer a replica is looked at.
const SOON: Instant = 1_000_000;

pub(super) fn check(ledger: &Ledger, stories: &[Story<'_>], found: &mut Vec<Broken>) {
    let mut names = Names::default();
    for story in stories {
        for call in &story.calls {
            match &call.told {
                Told::Tokens(set) => token(ledger, story, call, set, &mut names, found),
                Told::Person(sub) => {
                    let client = client_of(story, call);
                    names.keep_subject(ledger, call.account, client, sub, found);
                }
                _ => {}
            }
        }
    }
}

fn client_of(story: &Story<'_>, call: &Call) -> Option<usize> {
    let code = match &call.asked {
        Ask::Redeem(code) => code.as_str(),
        Ask::Refresh(token) | Ask::UserInfo(token) => story.origins.get(token.as_str())?.code,
        _ => return None,
    };
    Some(story.grants.get(code)?.client)
}

fn token(ledger: &Ledger, story: &Story<'_>, call: &Call, set: &Set, names: &mut Names, found: &mut Vec<Broken>) {
    let wrong = |what: &str| Broken::WrongIdToken(format!("{what}: {}", told(call)));
    let (Some(place), Some(token)) = (client_of(story, call), Token::parse(&set.id_token)) else {
        return found.push(wrong("it is none"));
    };
    let (client, kid) = (&CLIENTS[place], token.of_head("kid"));
    let is_signed = ledger.keys.get(kid).is_some_and(|key| token.is_signed_by(key));
    let nonce = match &call.asked {
        Ask::Redeem(code) => story.grants.get(code.as_str()).map(|grant| grant.nonce),
        _ => None,
    };
    let claims = [
        ("key", is_signed && token.of_head("alg") == client.algorithm),
        ("typ", token.of_head("typ") == "JWT"),
        ("iss", token.claim("iss") == Some(&ledger.issuer)),
        ("aud", token.claim("aud") == Some(client.id)),
        ("nonce", token.claim("nonce") == nonce),
        ("at_hash", token.claim("at_hash") == Some(&half_hash(&set.access))),
        ("sid", token.claim("sid").is_some_and(|sid| names.is_sid_of(sid, session_of(story, call)))),
    ];
    found.extend(claims.iter().filter(|(_, holds)| !holds).map(|(name, _)| wrong(name)));
    names.keep_subject(ledger, call.account, Some(place), token.claim("sub").unwrap_or_default(), found);
    found.extend(unpublished(ledger, call, kid).map(|look| Broken::Unpublished(format!("{kid}: {}", told((look, call))))));
}

/// The session of the code, whichever session the call was numbered by.
fn session_of(story: &Story<'_>, call: &Call) -> usize {
    let code = match &call.asked {
        Ask::Redeem(code) => Some(code.as_str()),
        Ask::Refresh(token) => story.origins.get(token.as_str()).map(|origin| origin.code),
        _ => None,
    };
    code.and_then(|code| story.grants.get(code)).map_or(call.session, |grant| grant.made.session)
}

/// The replicas that did not publish a key a moment after a token of it came. After a leak the former keys go, and not everywhere at once.
fn unpublished<'a>(ledger: &'a Ledger, call: &'a Call, kid: &'a str) -> impl Iterator<Item = &'a crate::apps::ledger::Look> {
    let soon = ledger.looks.iter().filter(|look| look.from > call.to && look.from < call.to + SOON);
    let is_excused = |look: &crate::apps::ledger::Look| {
        let mut leaks = ledger.rotations.iter().filter(|rotation| rotation.is_at_once);
        leaks.any(|leak| leak.from < look.to && call.from < leak.to + REREAD)
    };
    soon.filter(move |look| !look.kids.iter().any(|published| published == kid) && !is_excused(look))
}

/// By what names persons and sessions are known until now.
#[derive(Default)]
struct Names {
    subjects: HashMap<(usize, bool), String>,
    accounts: HashMap<String, usize>,
    sessions: HashMap<String, usize>,
    sids: HashMap<usize, String>,
}

impl Names {
    fn keep_subject(&mut self, ledger: &Ledger, account: usize, client: Option<usize>, sub: &str, found: &mut Vec<Broken>) {
        let Some(client) = client else { return };
        let is_pairwise = CLIENTS[client].is_pairwise;
        let is_id = ledger.accounts.get(account).is_some_and(|id| id == sub);
        let known = self.subjects.entry((account, is_pairwise)).or_insert_with(|| sub.to_owned());
        let is_same = known == sub && *self.accounts.entry(sub.to_owned()).or_insert(account) == account;
        if sub.is_empty() || !is_same || is_id == is_pairwise {
            found.push(Broken::WrongSubject(format!("account {account} at {}: {sub}", CLIENTS[client].id)));
        }
    }

    /// Whether a session has this name alone, and it names no other.
    fn is_sid_of(&mut self, sid: &str, session: usize) -> bool {
        let is_same = self.sids.entry(session).or_insert_with(|| sid.to_owned()) == sid;
        is_same && *self.sessions.entry(sid.to_owned()).or_insert(session) == session
    }
}
