//! The applications of `OIDC_CLIENTS`.

use std::sync::Arc;

use super::command::read_alone;
use super::reader::Reader;
use super::{DEFAULT_ORIGIN, Origin};
use crate::server::clients::ClientBook;

const CLIENTS: &str = "OIDC_CLIENTS";

/// The list itself, or the file that it is in.
pub(super) fn read(env: &mut Reader<'_>) -> Arc<ClientBook> {
    let book = ClientBook::new(env.optional(CLIENTS).as_deref()).unwrap_or_else(|wrong| {
        for why in wrong {
            env.refuse(CLIENTS, why);
        }
        ClientBook::default()
    });
    Arc::new(book)
}

/// The applications, for a command that looks after them.
///
/// # Errors
///
/// With everything that is wrong with the list.
pub(crate) fn clients_from_env() -> Result<Arc<ClientBook>, Vec<String>> {
    read_alone(&[CLIENTS], read)
}

/// Where browsers see the page: what an application knows us by.
///
/// # Errors
///
/// With what is wrong with it.
pub(crate) fn public_origin_from_env() -> Result<Origin, Vec<String>> {
    read_alone(&["PUBLIC_ORIGIN"], |reader| reader.parse("PUBLIC_ORIGIN", DEFAULT_ORIGIN, Origin::parse))
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    const DIGEST: &str = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    #[test]
    fn a_list_stands_in_the_setting_or_in_a_file() {
        let list =
            format!(r#"[{{"client_id": "a", "client_secret_sha256": ["{DIGEST}"], "redirect_uris": ["https://a.example/"]}}]"#);
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), &list).expect("written");
        for source in [list.as_str(), file.path().to_str().expect("a text")] {
            let config = read(&[("OIDC_CLIENTS", source)]).expect("a list");
            assert!(config.clients.find_listed("a").is_some() && config.clients.find_listed("b").is_none());
            assert!(!format!("{config:?}").contains(DIGEST) && config.clients.reload() == Ok(1));
        }
        assert!(read(&[]).expect("defaults").clients.listed().is_empty());
    }

    #[test]
    fn every_fault_of_a_list_is_told_beside_those_of_other_settings() {
        let list = r#"[{"client_id": "a", "client_secret": "hunter2", "redirect_uris": ["http://a.example/"]}, {"client_id": "b", "pkce": 1}]"#;
        let wrong = read(&[("OIDC_CLIENTS", list), ("DRAIN_SECS", "soon")]).expect_err("refused").join("\n");
        for told in [
            "OIDC_CLIENTS: client a: client_secret: is no field",
            "OIDC_CLIENTS: client a: redirect_uris: \"http://a.example/\" must be https",
            "OIDC_CLIENTS: client b: pkce: must be true or false",
            "DRAIN_SECS",
        ] {
            assert!(wrong.contains(told) && !wrong.contains("hunter2"), "{told} in\n{wrong}");
        }
        for (source, told) in [
            ("/nowhere/clients.json", "OIDC_CLIENTS: /nowhere/clients.json cannot be read"),
            (r#"{"client_id": "a"}"#, "OIDC_CLIENTS: must be an array"),
            ("[{]", "OIDC_CLIENTS: is no JSON"),
        ] {
            let wrong = read(&[("OIDC_CLIENTS", source)]).expect_err("refused").join("\n");
            assert!(wrong.starts_with(told), "{wrong}");
        }
    }
}
