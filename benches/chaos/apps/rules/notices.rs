//! Who must be told that a session is over, and what.

use std::collections::HashMap;

use serde_json::Value;

use super::{Broken, told};
use crate::apps::clients::CLIENTS;
use crate::apps::jwt::Token;
use crate::apps::ledger::{Ask, Ledger, Notice, Told};
use crate::apps::story::Story;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A logout token that says what it must.
struct Heard<'a> {
    client: &'a str,
    sub: String,
    sid: Option<String>,
    is_taken: bool,
}

pub(super) fn check(ledger: &Ledger, stories: &[Story<'_>], found: &mut Vec<Broken>) {
    let subjects = subjects(stories);
    let mut names = HashMap::new();
    let mut heard = Vec::new();
    for notice in &ledger.notices {
        let Some((told, jti)) = read(ledger, notice) else {
            found.push(Broken::WrongNotice(told(notice)));
            continue;
        };
        // Of all sessions there may be two, where somebody signs out everywhere twice.
        if told.sid.is_some() && *names.entry((told.client, told.sid.clone())).or_insert(jti.clone()) != jti {
            found.push(Broken::WrongNotice(format!("another jti than before: {notice:?}")));
        }
        let account = subjects.get(&(told.client, told.sub.clone()));
        let mut ends = stories.iter().flat_map(|story| &story.calls).filter(|call| Some(&call.account) == account);
        if account.is_some()
            && !ends.any(|call| matches!(call.asked, Ask::SignOut { .. } | Ask::Everywhere) && call.from < notice.at)
        {
            found.push(Broken::WrongNotice(format!("nobody signed out: {notice:?}")));
        }
        heard.push(told);
    }
    for story in stories {
        untold(story, &heard, found);
    }
}

fn read<'a>(ledger: &Ledger, notice: &'a Notice) -> Option<(Heard<'a>, String)> {
    let token = Token::parse(&notice.token)?;
    let is_signed = ledger.keys.get(token.of_head("kid")).is_some_and(|key| token.is_signed_by(key));
    let time = |name: &str| token.claims.get(name).and_then(Value::as_i64);
    let is_sound = is_signed
        && token.of_head("typ") == "logout+jwt"
        && token.claim("iss") == Some(&ledger.issuer)
        && token.claim("aud") == Some(&notice.client)
        && token.claims.get("events")?.get(EVENT)?.as_object()?.is_empty()
        && token.claims.get("nonce").is_none()
        && time("exp")? == time("iat")? + 120;
    let heard = Heard {
        client: &notice.client,
        sub: token.claim("sub")?.to_owned(),
        sid: token.claim("sid").map(str::to_owned),
        is_taken: notice.is_taken,
    };
    is_sound.then_some(())?;
    Some((heard, token.claim("jti")?.to_owned()))
}

/// Which account an application means by a name.
fn subjects(stories: &[Story<'_>]) -> HashMap<(&'static str, String), usize> {
    let all = stories.iter().flat_map(|story| named(story).into_iter().map(move |(client, _, sub, _)| (client, sub, story)));
    all.filter_map(|(client, sub, story)| Some(((client, sub), story.calls.first()?.account))).collect()
}

/// The applications that somebody was signed in with, in which session, by which names.
fn named(story: &Story<'_>) -> Vec<(&'static str, usize, String, String)> {
    let mut named = Vec::new();
    for grant in story.grants.values() {
        for call in &grant.redeems {
            let Told::Tokens(set) = &call.told else { continue };
            let Some(token) = Token::parse(&set.id_token) else { continue };
            let text = |name| token.claim(name).unwrap_or_default().to_owned();
            named.push((CLIENTS[grant.client].id, grant.made.session, text("sub"), text("sid")));
        }
    }
    named
}

/// An application that knew a session is told of its end by name, or, where all ended first, of the end of all.
fn untold(story: &Story<'_>, heard: &[Heard<'_>], found: &mut Vec<Broken>) {
    for (client, session, sub, sid) in named(story) {
        let ends: Vec<_> = story.ends(Some(session)).collect();
        let Some(first) = ends.iter().filter(|end| story.has_ended(end)).map(|end| end.to).min() else { continue };
        let may_be = |is_all: bool| ends.iter().any(|end| (end.asked == Ask::Everywhere) == is_all && end.from < first);
        let is_told = heard.iter().filter(|heard| heard.is_taken && heard.client == client && heard.sub == sub).any(|heard| {
            match &heard.sid {
                Some(named) => *named == sid && may_be(false),
                None => may_be(true),
            }
        });
        if !is_told {
            found.push(Broken::NotTold(format!("{client} of session {session}, {sid}: {}", told(&ends))));
        }
    }
}
