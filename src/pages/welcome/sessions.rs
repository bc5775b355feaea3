//! Where somebody is signed in, and what applications know of it.

#![expect(unreachable_pub, reason = "the component macro makes a struct of the properties, which is as public as it can be")]

use jiff::Timestamp;
use jiff::tz::Offset;
use leptos::prelude::*;

use crate::messages::Words;
use crate::server::Service;
use crate::server::session::Session;
use crate::server::store::{Account, StoreFault};

/// A session of somebody's own, as they are shown it.
#[derive(Clone)]
pub(super) struct Place {
    /// By what the store knows it.
    digest: String,
    is_here: bool,
    since: Option<Timestamp>,
    /// The applications that know it, by the names that their operator gave them.
    clients: Vec<String>,
}

/// The sessions of an account, this one first.
pub(super) async fn find(service: &Service, session: &Session, account: &Account) -> Result<Vec<Place>, StoreFault> {
    let here = session.cookie.digest();
    let mut places = Vec::new();
    for own in service.verifier.store.find_own_sessions(&account.id, service.verifier.clock.now()).await? {
        let mut clients = Vec::new();
        for id in &own.clients {
            let client = service.authorizer.find_client(id).await?;
            clients.extend(client.map(|client| client.name.clone()));
        }
        places.push(Place { is_here: own.digest == here, digest: own.digest, since: own.authenticated_at, clients });
    }
    places.sort_by_key(|place| !place.is_here);
    Ok(places)
}

#[component]
pub(super) fn Places(words: &'static Words, places: Vec<Place>, offset: Offset) -> impl IntoView {
    let is_one = places.len() < 2 && places.iter().all(|place| place.clients.is_empty());
    if is_one {
        return ().into_any();
    }
    view! {
        <section id="sessions" class="sessions">
            <h2>{words.sessions_title}</h2>
            <ul>{places.into_iter().map(|place| view! { <li><PlaceLine words place offset/></li> }).collect_view()}</ul>
            <form id="sign-out-everywhere-form" method="post" action="/api/sign-out-everywhere">
                <button class="quiet">{words.sign_out_everywhere}</button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn PlaceLine(words: &'static Words, place: Place, offset: Offset) -> impl IntoView {
    let name = if place.is_here { words.session_here } else { words.session_elsewhere };
    let since = place.since.map(|since| {
        let day = words.day_of(offset.to_datetime(since));
        view! { <span class="hint">{words.session_since.replace("{day}", &day)}</span> }
    });
    let (before, after) = words.session_clients.split_once("{clients}").unwrap_or_default();
    let clients = (!place.clients.is_empty()).then(|| {
        view! { <span class="hint">{before}<bdi>{place.clients.join(words.list_comma)}</bdi>{after}</span> }
    });
    let end = (!place.is_here).then(|| {
        view! {
            <form method="post" action="/api/end-session">
                <input type="hidden" name="session" value=place.digest.clone()/>
                <button class="quiet">{words.end_session}</button>
            </form>
        }
    });
    view! { <b>{name}</b>{since}{clients}{end} }
}
