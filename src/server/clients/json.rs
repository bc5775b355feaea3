//! Applications as JSON, in the words of RFC 7591 where it has one.

use serde_json::error::Category;
use serde_json::{Map, Value};

use super::fields::{Fields, Written};
use crate::authorization::{Client, ClientDraft};

/// Every field of an application.
const KNOWN: [&str; 15] = [
    "client_id",
    "client_name",
    "client_secret_sha256",
    "redirect_uris",
    "post_logout_redirect_uris",
    "backchannel_logout_uri",
    "token_endpoint_auth_method",
    "pkce",
    "refresh",
    "id_token_signed_response_alg",
    "subject_type",
    "email_domain",
    "forward_auth_origin",
    "scope",
    "claims_in_id_token",
];

/// Reads a list. Fails with everything that is wrong with each of them, and with those that cannot be told apart.
pub fn parse(text: &str) -> Result<Vec<Client>, Vec<String>> {
    let list: Vec<Written> = serde_json::from_str(text).map_err(|fault| vec![told(&fault, "an array of objects, [{…}]")])?;
    let (mut clients, mut faults) = (Vec::new(), Vec::new());
    for (at, written) in list.into_iter().enumerate() {
        match read(written, &format!("client {} of the list", at + 1)).and_then(Client::new) {
            Ok(client) => clients.push(client),
            Err(wrong) => faults.extend(wrong),
        }
    }
    faults.extend(Client::clashes(&clients));
    if faults.is_empty() { Ok(clients) } else { Err(faults) }
}

/// Reads one as the database has it.
pub fn parse_draft(text: &str) -> Result<ClientDraft, Vec<String>> {
    let written = serde_json::from_str(text).map_err(|fault| vec![told(&fault, "an object, {…}")])?;
    read(written, "the client")
}

/// What of a text is no JSON, or not what it must be. Where it is no JSON the words show none of it, and else they would.
fn told(fault: &serde_json::Error, must: &str) -> String {
    match fault.classify() {
        Category::Data => format!("must be {must} (line {} column {})", fault.line(), fault.column()),
        _ => format!("is no JSON: {fault}"),
    }
}

/// Reads one. What the rules say of it is told as well when only names of fields are wrong.
fn read(written: Written, place: &str) -> Result<ClientDraft, Vec<String>> {
    let mut fields = Fields::of(written);
    fields.call(place.to_owned());
    let id = fields.text("client_id");
    match &id {
        Some(id) => fields.call(ClientDraft { client_id: id.clone(), ..ClientDraft::default() }.called()),
        None if fields.faults.is_empty() => fields.add("client_id", "is missing"),
        None => {}
    }
    let draft = ClientDraft {
        client_id: id.clone().unwrap_or_default(),
        client_name: fields.text("client_name"),
        client_secret_sha256: fields.texts("client_secret_sha256"),
        redirect_uris: fields.texts("redirect_uris"),
        post_logout_redirect_uris: fields.texts("post_logout_redirect_uris"),
        backchannel_logout_uri: fields.text("backchannel_logout_uri"),
        token_endpoint_auth_method: fields.text("token_endpoint_auth_method"),
        pkce: fields.flag("pkce"),
        refresh: fields.flag("refresh"),
        id_token_signed_response_alg: fields.text("id_token_signed_response_alg"),
        subject_type: fields.text("subject_type"),
        email_domain: fields.text("email_domain"),
        forward_auth_origin: fields.text("forward_auth_origin"),
        scope: fields.text("scope"),
        claims_in_id_token: fields.flag("claims_in_id_token"),
    };
    fields.refuse_the_rest(&KNOWN);
    if fields.faults.is_empty() {
        return Ok(draft);
    }
    if id.is_some() && !fields.is_unreadable {
        fields.faults.extend(Client::new(draft).err().into_iter().flatten());
    }
    Err(fields.faults)
}

/// Writes one, without what it does not say.
#[must_use]
pub fn write(draft: &ClientDraft) -> String {
    let list = |texts: &[String]| if texts.is_empty() { Value::Null } else { Value::from(texts) };
    let values = [
        Value::from(draft.client_id.as_str()),
        Value::from(draft.client_name.clone()),
        list(&draft.client_secret_sha256),
        list(&draft.redirect_uris),
        list(&draft.post_logout_redirect_uris),
        Value::from(draft.backchannel_logout_uri.clone()),
        Value::from(draft.token_endpoint_auth_method.clone()),
        Value::from(draft.pkce),
        Value::from(draft.refresh),
        Value::from(draft.id_token_signed_response_alg.clone()),
        Value::from(draft.subject_type.clone()),
        Value::from(draft.email_domain.clone()),
        Value::from(draft.forward_auth_origin.clone()),
        Value::from(draft.scope.clone()),
        Value::from(draft.claims_in_id_token),
    ];
    let fields = KNOWN.iter().map(|name| (*name).to_owned()).zip(values).filter(|(_, value)| !value.is_null());
    Value::Object(fields.collect::<Map<_, _>>()).to_string()
}

#[cfg(test)]
mod tests;
