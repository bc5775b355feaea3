//! The words of `beonho client`.

use clap::{Args, Subcommand};

use super::By;
use crate::authorization::ClientDraft;

/// What to do with applications.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub enum ClientCommand {
    /// Add one, and print what to paste into it
    Add(Box<AddClient>),
    /// List all of them and where each is from
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Give one a second secret; the older of two goes
    Rotate {
        /// Its `client_id`
        id: String,
        /// Drop the old secret at once
        #[arg(long)]
        now: bool,
        /// For the audit
        #[command(flatten)]
        by: By,
    },
    /// Remove one, and end all that it was granted
    Remove {
        /// Its `client_id`
        id: String,
        /// For the audit
        #[command(flatten)]
        by: By,
    },
}

/// An application to be added.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command")]
#[derive(Debug, PartialEq, Eq, Args)]
pub struct AddClient {
    /// Its `client_id`
    id: String,
    /// Where a code may be sent; as often as needed
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// What people see it by; else its id
    #[arg(long = "name", value_name = "NAME")]
    shown_as: Option<String>,
    /// It runs in a browser or on a phone, and keeps no secret
    #[arg(long)]
    public: bool,
    /// Where a browser may be sent after it signed out; as often as needed
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    post_logout_redirect_uris: Vec<String>,
    /// Who is told of a sign-out
    #[arg(long, value_name = "URI")]
    backchannel_logout_uri: Option<String>,
    /// It may know somebody who is not there, by refresh tokens
    #[arg(long)]
    refresh: bool,
    /// It cannot do PKCE
    #[arg(long)]
    no_pkce: bool,
    /// All that it may ask for; else all that there is for it
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// What its ID tokens are signed with: RS256 (as most need it) or ES256
    #[arg(long, value_name = "ALGORITHM")]
    alg: Option<String>,
    /// It knows people by names that no other application has
    #[arg(long)]
    pairwise: bool,
    /// A domain of your own, for addresses where it must have some
    #[arg(long, value_name = "DOMAIN")]
    email_domain: Option<String>,
    /// Where it is when a proxy asks for it
    #[arg(long, value_name = "ORIGIN")]
    forward_auth_origin: Option<String>,
    /// For the audit
    #[command(flatten)]
    pub(in crate::commands) by: By,
}

impl AddClient {
    /// Whether it is given a secret: a public one keeps none, and a proxy needs none.
    pub(in crate::commands) fn needs_secret(&self) -> bool {
        let is_only_guarded = self.redirect_uris.is_empty() && self.forward_auth_origin.is_some();
        !self.public && !is_only_guarded
    }

    /// As it would be written in `OIDC_CLIENTS`, with the digest of its secret.
    pub(in crate::commands) fn draft(&self, digest: Option<String>) -> ClientDraft {
        let said = |is_said: bool, word: &str| is_said.then(|| word.to_owned());
        ClientDraft {
            client_id: self.id.clone(),
            client_name: self.shown_as.clone(),
            client_secret_sha256: digest.into_iter().collect(),
            redirect_uris: self.redirect_uris.clone(),
            post_logout_redirect_uris: self.post_logout_redirect_uris.clone(),
            backchannel_logout_uri: self.backchannel_logout_uri.clone(),
            token_endpoint_auth_method: said(self.public, "none"),
            pkce: self.no_pkce.then_some(false),
            refresh: self.refresh.then_some(true),
            id_token_signed_response_alg: self.alg.clone(),
            subject_type: said(self.pairwise, "pairwise"),
            email_domain: self.email_domain.clone(),
            forward_auth_origin: self.forward_auth_origin.clone(),
            scope: self.scope.clone(),
            claims_in_id_token: None,
        }
    }
}
