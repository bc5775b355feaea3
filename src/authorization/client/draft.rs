//! How an application is written down (RFC 7591, 2), and what can be wrong with that.

use super::faults::Faults;
use super::secrets::{MAX_SECRETS, Secrets};
use super::{Client, FORWARD_AUTH_CALLBACK, email_domain};
use crate::authorization::redirect_uri::{Kind, fault_of_origin, quoted, sector_of};
use crate::authorization::{Algorithm, Scope, Scopes};
use crate::verification::nickname::has_refused;

/// The longest id, and the most characters of a name.
const MAX_NAME_CHARS: usize = 64;

/// An application as it was written, in the words of RFC 7591 where it has one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ClientDraft {
    /// What it calls itself to us.
    pub client_id: String,
    /// What people see it by; else its id.
    pub client_name: Option<String>,
    /// SHA-256 of each secret, in hex.
    pub client_secret_sha256: Vec<String>,
    /// Where a code may be sent.
    pub redirect_uris: Vec<String>,
    /// Where a browser may be sent after it signed out.
    pub post_logout_redirect_uris: Vec<String>,
    /// Who is told of a sign-out.
    pub backchannel_logout_uri: Option<String>,
    /// `client_secret_basic`, `client_secret_post` or `none`.
    pub token_endpoint_auth_method: Option<String>,
    /// Whether it must use PKCE.
    pub pkce: Option<bool>,
    /// Whether it may have refresh tokens.
    pub refresh: Option<bool>,
    /// `RS256` or `ES256`.
    pub id_token_signed_response_alg: Option<String>,
    /// `public` or `pairwise`.
    pub subject_type: Option<String>,
    /// What stands behind the @ of the addresses it is given.
    pub email_domain: Option<String>,
    /// Where it is when a proxy asks for it.
    pub forward_auth_origin: Option<String>,
    /// All that it may ask for; else all that there is for it.
    pub scope: Option<String>,
    /// Whether an ID token tells what otherwise only userinfo does.
    pub claims_in_id_token: Option<bool>,
}

impl ClientDraft {
    /// How an operator is told which one it is.
    #[must_use]
    pub fn called(&self) -> String {
        let id = &self.client_id;
        if is_id(id) { format!("client {id}") } else { format!("client {}", quoted(id)) }
    }
}

pub(super) fn read(draft: ClientDraft) -> Result<Client, Vec<String>> {
    let mut faults = Faults::of(draft.called());
    let name = read_name(&mut faults, &draft);
    let method = draft.token_endpoint_auth_method.as_ref();
    let method = faults.one_of("token_endpoint_auth_method", method, &["client_secret_basic", "client_secret_post", "none"]);
    let is_public = method == "none";
    let secrets = read_secrets(&mut faults, &draft, is_public);
    let redirect_uris = read_uris(&mut faults, &draft, if is_public { Kind::App } else { Kind::Web });
    let algorithms = Algorithm::ALL.map(Algorithm::as_str);
    let algorithm = faults.one_of("id_token_signed_response_alg", draft.id_token_signed_response_alg.as_ref(), &algorithms);
    let is_pairwise = faults.one_of("subject_type", draft.subject_type.as_ref(), &["public", "pairwise"]) == "pairwise";
    let sector = read_sector(&mut faults, &redirect_uris, is_pairwise);
    if is_public && draft.pkce == Some(false) {
        faults.add("pkce", "must be true: nothing else protects a public client");
    }
    if let Some(why) = draft.email_domain.as_deref().and_then(email_domain::fault_of) {
        faults.add("email_domain", why);
    }
    let scopes = read_scopes(&mut faults, &draft);
    let client = Client {
        id: draft.client_id,
        name,
        redirect_uris,
        post_logout_redirect_uris: draft.post_logout_redirect_uris,
        backchannel_logout_uri: draft.backchannel_logout_uri,
        needs_pkce: draft.pkce.unwrap_or(true),
        algorithm: Algorithm::parse(algorithm).unwrap_or_default(),
        is_pairwise,
        email_domain: draft.email_domain,
        forward_auth_origin: draft.forward_auth_origin,
        scopes,
        has_claims_in_id_token: draft.claims_in_id_token.unwrap_or_default(),
        is_public,
        sector,
        secrets,
    };
    faults.finish(client)
}

fn read_name(faults: &mut Faults, draft: &ClientDraft) -> String {
    if !is_id(&draft.client_id) {
        faults.add("client_id", format_args!("must be 1 to {MAX_NAME_CHARS} of A-Z, a-z, 0-9 and ._~-"));
    }
    if draft.client_name.as_ref().is_some_and(|name| !is_name(name)) {
        faults.add("client_name", format_args!("must be 1 to {MAX_NAME_CHARS} visible characters, without a space at an end"));
    }
    draft.client_name.clone().unwrap_or_else(|| draft.client_id.clone())
}

/// Whether a text can be a `client_id`: nothing in it needs to be encoded anywhere.
fn is_id(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~' | b'-');
    (1..=MAX_NAME_CHARS).contains(&text.len()) && text.bytes().all(is_plain)
}

/// Whether people can be shown it within a sentence of ours.
fn is_name(text: &str) -> bool {
    (1..=MAX_NAME_CHARS).contains(&text.chars().count()) && text.trim() == text && !has_refused(text)
}

fn read_secrets(faults: &mut Faults, draft: &ClientDraft, is_public: bool) -> Secrets {
    const FIELD: &str = "client_secret_sha256";
    let is_only_guarded = draft.forward_auth_origin.is_some() && draft.redirect_uris.is_empty();
    match (is_public, draft.client_secret_sha256.is_empty()) {
        (true, false) => faults.add(FIELD, "must be left out: a public client keeps no secret"),
        (false, true) if !is_only_guarded => {
            faults.add(FIELD, format_args!("must have 1 to {MAX_SECRETS} digests, unless token_endpoint_auth_method is none"));
        }
        _ => {}
    }
    faults.check(FIELD, Secrets::parse(&draft.client_secret_sha256)).unwrap_or_default()
}

/// Reads all addresses, and makes the callback at the proxy one of those that codes go to.
fn read_uris(faults: &mut Faults, draft: &ClientDraft, kind: Kind) -> Vec<String> {
    faults.uris("redirect_uris", &draft.redirect_uris, kind);
    faults.uris("post_logout_redirect_uris", &draft.post_logout_redirect_uris, kind);
    faults.uris("backchannel_logout_uri", draft.backchannel_logout_uri.as_slice(), Kind::Web);
    let mut uris = draft.redirect_uris.clone();
    match &draft.forward_auth_origin {
        Some(origin) => {
            if let Some(why) = fault_of_origin(origin) {
                faults.add("forward_auth_origin", why);
            }
            let callback = format!("{origin}{FORWARD_AUTH_CALLBACK}");
            if !uris.contains(&callback) {
                uris.push(callback);
            }
        }
        None if uris.is_empty() => faults.add("redirect_uris", "must have one at least"),
        None => {}
    }
    uris
}

fn read_sector(faults: &mut Faults, uris: &[String], is_pairwise: bool) -> String {
    let mut sectors: Vec<_> = uris.iter().map(|uri| sector_of(uri)).collect();
    let first = sectors.first().cloned().unwrap_or_default();
    sectors.sort_unstable();
    sectors.dedup();
    if is_pairwise && sectors.len() > 1 {
        faults.add("redirect_uris", format_args!("must have one host when subject_type is pairwise, not {}", sectors.join(", ")));
    }
    first
}

/// What it may ask for: all that there is for it, or those of them that are written.
fn read_scopes(faults: &mut Faults, draft: &ClientDraft) -> Scopes {
    const FIELD: &str = "scope";
    let may_refresh = draft.refresh.unwrap_or_default();
    let all = Scopes::all_that(|scope| match scope {
        Scope::Email => draft.email_domain.is_some(),
        Scope::OfflineAccess => may_refresh,
        _ => true,
    });
    let Some(written) = &draft.scope else { return all };
    for word in written.split_whitespace() {
        match Scope::parse(word) {
            None => faults.add(FIELD, format_args!("{} is none of {}", quoted(word), Scopes::all_that(|_| true))),
            Some(Scope::Email) if !all.has(Scope::Email) => faults.add(FIELD, "email needs an email_domain"),
            Some(Scope::OfflineAccess) if !may_refresh => faults.add(FIELD, "offline_access needs \"refresh\": true"),
            Some(_) => {}
        }
    }
    let scopes = Scopes::parse(&written.split_whitespace().collect::<Vec<_>>().join(" ")).within(&all);
    if !scopes.has(Scope::Openid) {
        faults.add(FIELD, "must have openid");
    }
    if may_refresh && !scopes.has(Scope::OfflineAccess) {
        faults.add("refresh", "needs offline_access in scope");
    }
    scopes
}
