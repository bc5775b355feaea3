//! `beonho client add`, `list`, `rotate` and `remove`: which applications may ask who somebody is. A secret stands on standard output, once,
//! and in no log.

mod told;

use std::io::Write;
use std::sync::Arc;

use super::{AddClient, By, ClientCommand, Fault, open, print};
use crate::authorization::{Client, ClientDraft};
use crate::server::clients::{ClientBook, digest_of, new_secret, parse_draft, write};
use crate::server::config::{CommandConfig, Origin, clients_from_env, public_origin_from_env};
use crate::server::store::{Store, StoredClient};
use told::{List, Paste};

impl ClientCommand {
    pub(super) async fn run(self, config: &CommandConfig) -> Result<(), Fault> {
        match self {
            Self::Add(client) => add(config, *client).await,
            Self::List { json } => {
                let stored = open(config).await?.find_clients().await?;
                print(&List::of(&*listed()?, &stored), json)
            }
            Self::Rotate { id, now, by } => rotate(config, &id, now, by).await,
            Self::Remove { id, by } => remove(config, &id, by).await,
        }
    }
}

fn told(wrong: &[String]) -> Fault {
    wrong.join("; ").into()
}

fn listed() -> Result<Arc<ClientBook>, Fault> {
    clients_from_env().map_err(|wrong| told(&wrong))
}

fn origin() -> Result<Origin, Fault> {
    public_origin_from_env().map_err(|wrong| told(&wrong))
}

async fn add(config: &CommandConfig, asked: AddClient) -> Result<(), Fault> {
    // All that may be wrong is, before anything is written.
    let (origin, book) = (origin()?, listed()?);
    let secret = asked.needs_secret().then(new_secret);
    let draft = asked.draft(secret.as_deref().map(digest_of));
    let client = Client::new(draft.clone()).map_err(|wrong| told(&wrong))?;
    let store = open(config).await?;
    refuse_a_clash(&book, &*store, &client).await?;
    let deed = asked.by.now();
    let stored = StoredClient { id: client.id.clone(), settings: write(&draft) };
    if !store.add_client(&stored, &deed).await? {
        return Err(format!("client {} is there already: see beonho client list", client.id).into());
    }
    tracing::warn!(client = client.id, actor = deed.actor, "the operator added an application");
    print_paste(&origin, &client, secret.as_deref())?;
    if secret.is_some() {
        eprintln!("The secret is shown this once: its digest is what is stored.");
    }
    Ok(())
}

async fn refuse_a_clash(book: &ClientBook, store: &dyn Store, client: &Client) -> Result<(), Fault> {
    if book.find_listed(&client.id).is_some() {
        return Err(format!("client {} is in OIDC_CLIENTS: change it there", client.id).into());
    }
    let all = book.all(store).await?;
    let others: Vec<Client> = all.iter().filter(|other| other.id != client.id).map(|other| Client::clone(other)).collect();
    let clashes = Client::clashes(&[others, vec![client.clone()]].concat());
    if clashes.is_empty() { Ok(()) } else { Err(told(&clashes)) }
}

fn print_paste(origin: &Origin, client: &Client, secret: Option<&str>) -> Result<(), Fault> {
    let paste = Paste { origin: origin.as_str(), client, secret };
    std::io::stdout().write_all(paste.to_string().as_bytes()).map_err(Into::into)
}

async fn rotate(config: &CommandConfig, id: &str, is_now: bool, by: By) -> Result<(), Fault> {
    let (origin, book) = (origin()?, listed()?);
    let store = open(config).await?;
    if let Some(client) = book.find_listed(id) {
        return rotate_listed(&origin, &client);
    }
    let stored = store.find_client(id).await?.ok_or_else(|| unknown(id))?;
    let draft = parse_draft(&stored.settings).map_err(|wrong| told(&wrong))?;
    let secret = new_secret();
    let draft = ClientDraft { client_secret_sha256: digests(&draft, &secret, is_now)?, ..draft };
    let client = Client::new(draft.clone()).map_err(|wrong| told(&wrong))?;
    let deed = by.now();
    if !store.mark_client(&StoredClient { id: id.to_owned(), settings: write(&draft) }, &deed).await? {
        return Err(unknown(id));
    }
    tracing::warn!(client = id, actor = deed.actor, is_now, "the operator gave an application another secret");
    print_paste(&origin, &client, Some(&secret))?;
    let old = if is_now { "The old secret is good no longer." } else { "The old secret is good until the next rotate." };
    eprintln!("{old} The new one is shown this once. Servers know of it within five seconds.");
    Ok(())
}

/// The newest of those that there are, and one more.
fn digests(draft: &ClientDraft, secret: &str, is_now: bool) -> Result<Vec<String>, Fault> {
    let newest = draft.client_secret_sha256.last().ok_or_else(|| no_secret(&draft.client_id))?;
    let kept = if is_now { None } else { Some(newest.clone()) };
    Ok(kept.into_iter().chain([digest_of(secret)]).collect())
}

/// The list is the operator's: what to put into it is all that can be done.
fn rotate_listed(origin: &Origin, client: &Client) -> Result<(), Fault> {
    if client.secrets() == 0 {
        return Err(no_secret(&client.id));
    }
    let secret = new_secret();
    print_paste(origin, client, Some(&secret))?;
    let place = if client.secrets() == 1 { "beside the digest of the old secret" } else { "in the place of the older digest" };
    eprintln!("client {} is in OIDC_CLIENTS, which no command changes. The secret is shown this once.", client.id);
    eprintln!("Put this into its client_secret_sha256, {place}, and send the server SIGHUP:\n  {:?}", digest_of(&secret));
    Ok(())
}

async fn remove(config: &CommandConfig, id: &str, by: By) -> Result<(), Fault> {
    let deed = by.now();
    let is_removed = open(config).await?.remove_client(id, &deed).await?;
    tracing::warn!(client = id, actor = deed.actor, is_removed, "the operator removed an application");
    // Only now: a list that cannot be read keeps nobody from removing one of the database.
    match (is_removed, listed().ok().and_then(|book| book.find_listed(id))) {
        (true, None) => Ok(()),
        (true, Some(_)) => {
            eprintln!("client {id} was removed from the database; that of OIDC_CLIENTS is still there");
            Ok(())
        }
        (false, Some(_)) => Err(format!("client {id} is in OIDC_CLIENTS: take it out there, and send the server SIGHUP").into()),
        (false, None) => Err(unknown(id)),
    }
}

fn unknown(id: &str) -> Fault {
    format!("there is no client {id:?}: see beonho client list").into()
}

fn no_secret(id: &str) -> Fault {
    format!("client {id} has no secret: it is public, or only a proxy asks for it").into()
}
