//! What is told of applications.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use crate::authorization::Client;
use crate::server::clients::{ClientBook, parse_stored};
use crate::server::store::StoredClient;

const LISTED: &str = "OIDC_CLIENTS";
const STORED: &str = "database";

/// What to paste into an application.
pub(super) struct Paste<'a> {
    pub(super) origin: &'a str,
    pub(super) client: &'a Client,
    pub(super) secret: Option<&'a str>,
}

impl Display for Paste<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { origin, client, secret } = self;
        writeln!(f, "issuer: {origin}")?;
        writeln!(f, "discovery: {origin}/.well-known/openid-configuration")?;
        writeln!(f, "client_id: {}", client.id)?;
        if let Some(secret) = secret {
            writeln!(f, "client_secret: {secret}")?;
        }
        for uri in &client.redirect_uris {
            writeln!(f, "redirect_uri: {uri}")?;
        }
        for uri in &client.post_logout_redirect_uris {
            writeln!(f, "post_logout_redirect_uri: {uri}")?;
        }
        writeln!(f, "scope: {}", client.scopes)?;
        if client.forward_auth_origin.is_some() {
            writeln!(f, "forward_auth: {origin}/forward-auth?client={}", client.id)?;
        }
        Ok(())
    }
}

/// All applications.
#[derive(Debug, Serialize)]
pub(super) struct List {
    clients: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    client_id: String,
    client_name: String,
    from: &'static str,
    /// Whether it is the one that is taken: of two that have one id, it is that of the list.
    is_taken: bool,
    is_public: bool,
    secrets: usize,
    scope: String,
    redirect_uris: Vec<String>,
    forward_auth_origin: Option<String>,
    /// Why it is none.
    faults: Vec<String>,
}

impl Line {
    fn of(client: &Client, from: &'static str, is_taken: bool) -> Self {
        Self {
            client_id: client.id.clone(),
            client_name: client.name.clone(),
            from,
            is_taken,
            is_public: client.is_public(),
            secrets: client.secrets(),
            scope: client.scopes.to_string(),
            redirect_uris: client.redirect_uris.clone(),
            forward_auth_origin: client.forward_auth_origin.clone(),
            faults: Vec::new(),
        }
    }

    fn of_stored(stored: &StoredClient, is_taken: bool) -> Self {
        match parse_stored(stored) {
            Ok(client) => Self::of(&client, STORED, is_taken),
            Err(faults) => Self {
                client_id: stored.id.clone(),
                client_name: stored.id.clone(),
                from: STORED,
                is_taken: false,
                is_public: false,
                secrets: 0,
                scope: String::new(),
                redirect_uris: Vec::new(),
                forward_auth_origin: None,
                faults,
            },
        }
    }
}

impl List {
    pub(super) fn of(book: &ClientBook, stored: &[StoredClient]) -> Self {
        let listed = book.listed().into_iter().map(|client| Line::of(&client, LISTED, true));
        let stored = stored.iter().map(|stored| Line::of_stored(stored, book.find_listed(&stored.id).is_none()));
        Self { clients: listed.chain(stored).collect() }
    }
}

impl Display for List {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.clients.is_empty() {
            writeln!(f, "no application: see beonho client add --help")?;
        }
        for line in &self.clients {
            let Line { client_id, client_name, from, is_public, secrets, scope, .. } = line;
            let secrets = if *is_public { "public".to_owned() } else { format!("{secrets} secrets") };
            let taken = if line.is_taken { "" } else { ", not taken" };
            writeln!(f, "{client_id}  {client_name}  ({from}{taken})  {secrets}  {scope}")?;
            for uri in line.redirect_uris.iter().chain(&line.faults) {
                writeln!(f, "    {uri}")?;
            }
        }
        Ok(())
    }
}
