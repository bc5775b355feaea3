//! Applications: as the operator adds them, as the list has them, and as the server finds them.

mod reread;

use std::process::{Command, Output};
use std::sync::Arc;

use beonho::server::clients::{ClientBook, digest_of};
use beonho::server::store::{self, Deed, Store, StoredClient};
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;

use crate::databases::{Database, Kind, on_both_databases};
use crate::process::PROGRAM;

on_both_databases!(
    an_application_is_added_given_another_secret_and_removed,
    what_cannot_be_added_is_told_and_changes_nothing,
    one_of_the_list_is_taken_before_one_of_the_database,
    one_that_cannot_be_read_is_none,
);

const URI: &str = "https://shop.example.com/callback";

/// What a command said: standard output, and all that stood beside it.
struct Said {
    is_success: bool,
    out: String,
    log: String,
}

impl Said {
    /// What stands behind a name in what is pasted.
    fn field(&self, name: &str) -> String {
        let line = self.out.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("{name} in {}{}", self.out, self.log)).to_owned()
    }
}

fn run(url: &str, words: &[&str], settings: &[(&str, &str)]) -> Said {
    let folder = TempDir::new().expect("a folder");
    let mut command = Command::new(PROGRAM);
    command.arg("client").args(words).current_dir(folder.path()).env_clear().env("DATABASE_URL", url);
    let Output { status, stdout, stderr } = command.envs(settings.iter().copied()).output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { is_success: status.success(), out: text(&stdout), log: text(&stderr) }
}

async fn open(kind: Kind) -> (Database, Arc<dyn Store>) {
    let database = Database::fresh(kind).await;
    let store = store::connect(&database.url).await.expect("the database opens");
    (database, store)
}

fn listed(id: &str, more: &str) -> String {
    let digest = digest_of("of the list");
    format!(r#"{{"client_id": "{id}", "client_secret_sha256": ["{digest}"], "redirect_uris": ["{URI}"]{more}}}"#)
}

/// A book that has read nothing yet: what another has read may be five seconds old.
fn book(list: &str) -> ClientBook {
    ClientBook::new((!list.is_empty()).then_some(list)).expect("a list")
}

async fn is_secret(store: &dyn Store, id: &str, secret: &str) -> bool {
    book("").find(store, id).await.expect("the database answers").expect("a client").is_secret(secret)
}

async fn an_application_is_added_given_another_secret_and_removed(kind: Kind) {
    let (database, store) = open(kind).await;
    let run = |words: &[&str]| run(&database.url, words, &[("PUBLIC_ORIGIN", "https://id.example.com"), ("SECRET_KEY", "short")]);
    let added = run(&["add", "shop", "--redirect-uri", URI, "--name", "우리가게", "--refresh", "--as", "mina"]);
    assert!(added.is_success, "{}", added.log);
    let told = ["issuer", "discovery", "client_id", "redirect_uri", "scope"].map(|name| added.field(name));
    let discovery = "https://id.example.com/.well-known/openid-configuration";
    assert_eq!(told, ["https://id.example.com", discovery, "shop", URI, "openid profile phone offline_access"]);
    let first = added.field("client_secret");
    assert!(first.len() == 43 && !added.log.contains(&first) && added.log.contains("mina"), "{}", added.log);
    let stored = store.find_client("shop").await.expect("the database answers").expect("a client");
    assert!(stored.settings.contains(&digest_of(&first)) && !stored.settings.contains(&first), "{}", stored.settings);
    assert!(!run(&["add", "shop", "--redirect-uri", URI]).is_success);

    let (second, third) = (run(&["rotate", "shop"]), run(&["rotate", "shop"]));
    assert!(second.log.contains("until the next rotate") && !second.log.contains(&second.field("client_secret")), "{}", second.log);
    let (second, third) = (second.field("client_secret"), third.field("client_secret"));
    for (secret, is_good) in [(&first, false), (&second, true), (&third, true)] {
        assert_eq!(is_secret(&*store, "shop", secret).await, is_good);
    }
    let fourth = run(&["rotate", "shop", "--now"]).field("client_secret");
    assert!(is_secret(&*store, "shop", &fourth).await && !is_secret(&*store, "shop", &third).await);

    assert!(
        run(&["list"])
            .out
            .starts_with("shop  우리가게  (database)  1 secrets  openid profile phone offline_access\n    https://shop")
    );
    assert!(run(&["remove", "shop"]).is_success);
    assert!(book("").find(&*store, "shop").await.expect("the database answers").is_none());
    for words in [["remove", "shop"], ["rotate", "shop"]] {
        let said = run(&words);
        assert!(!said.is_success && said.log.contains("there is no client \"shop\""), "{}", said.log);
    }
    let audit = crate::database_faults::count(&database.url, "select count(*) from audit where target = 'shop'").await;
    assert_eq!(audit, 5, "added, rotated three times, removed");
}

async fn what_cannot_be_added_is_told_and_changes_nothing(kind: Kind) {
    let (database, store) = open(kind).await;
    let list = format!("[{}]", listed("listed", r#", "forward_auth_origin": "https://wiki.example.com""#));
    let run = |words: &[&str]| run(&database.url, &[&["add"], words].concat(), &[("OIDC_CLIENTS", &list)]);
    for (words, told) in [
        (&["shop"][..], "client shop: redirect_uris: must have one at least"),
        (&["my shop", "--redirect-uri", URI], "client_id: must be 1 to 64"),
        (&["shop", "--redirect-uri", URI, "--alg", "none"], "id_token_signed_response_alg: must be one of RS256, ES256"),
        (&["shop", "--redirect-uri", URI, "--public", "--no-pkce"], "pkce: must be true"),
        (&["listed", "--redirect-uri", URI], "client listed is in OIDC_CLIENTS"),
        (&["wiki", "--forward-auth-origin", "https://wiki.example.com"], "https://wiki.example.com is that of"),
        (
            &["shop", "--redirect-uri", URI, "--email-domain", "gmail.com", "--scope", "email"],
            "email_domain: must be a domain of your own",
        ),
    ] {
        let said = run(words);
        assert!(!said.is_success && said.log.contains(told) && said.out.is_empty(), "{words:?}: {}{}", said.out, said.log);
    }
    assert_eq!(store.find_clients().await.expect("the database answers"), []);
    let public = run(&["app", "--public", "--redirect-uri", "com.example.app:/callback", "--pairwise"]);
    let guarded = run(&["blog", "--forward-auth-origin", "https://blog.example.com"]);
    assert!(public.is_success && guarded.is_success, "{}{}", public.log, guarded.log);
    assert!(!public.out.contains("client_secret") && !guarded.out.contains("client_secret"), "{}{}", public.out, guarded.out);
    assert_eq!(guarded.field("redirect_uri"), "https://blog.example.com/.beonho/callback");
    assert_eq!(guarded.field("forward_auth"), "http://localhost:3000/forward-auth?client=blog");
    let rotated = self::run(&database.url, &["rotate", "app"], &[]);
    assert!(!rotated.is_success && rotated.log.contains("client app has no secret"), "{}", rotated.log);
}

async fn one_of_the_list_is_taken_before_one_of_the_database(kind: Kind) {
    let (database, store) = open(kind).await;
    for words in [["add", "shop", "--redirect-uri", URI], ["add", "wiki", "--forward-auth-origin", "https://wiki.example.com"]] {
        assert!(run(&database.url, &words, &[]).is_success);
    }
    let list = format!("[{}, {}]", listed("shop", ""), listed("only", r#", "forward_auth_origin": "https://only.example.com""#));
    let book = book(&list);
    let find = async |id: &str| book.find(&*store, id).await.expect("the database answers");
    assert!(find("shop").await.expect("a client").is_secret("of the list"));
    assert!(find("wiki").await.is_some() && find("other").await.is_none() && find("").await.is_none());
    for (origin, id) in [
        ("https://only.example.com", Some("only")),
        ("https://wiki.example.com", Some("wiki")),
        ("https://wiki.example.com/", None),
    ] {
        let found = book.find_by_forward_auth_origin(&*store, origin).await.expect("the database answers");
        assert_eq!(found.map(|client| client.id.clone()).as_deref(), id, "{origin}");
    }
    let ids: Vec<_> = book.all(&*store).await.expect("the database answers").iter().map(|client| client.id.clone()).collect();
    assert_eq!(ids, ["only", "shop", "wiki"]);

    let run = |words: &[&str]| run(&database.url, words, &[("OIDC_CLIENTS", &list)]);
    let told: Value = serde_json::from_str(&run(&["list", "--json"]).out).expect("JSON");
    let lines: Vec<_> = told["clients"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|line| (line["client_id"].clone(), line["from"].clone(), line["is_taken"].clone()))
        .collect();
    let line = |id: &str, from: &str, is_taken: bool| (id.into(), from.into(), is_taken.into());
    let (file, database) = ("OIDC_CLIENTS", "database");
    assert_eq!(
        lines,
        [line("only", file, true), line("shop", file, true), line("shop", database, false), line("wiki", database, true)]
    );
    let rotated = run(&["rotate", "only"]);
    assert!(rotated.is_success && rotated.log.contains(&digest_of(&rotated.field("client_secret"))), "{}", rotated.log);
    let removed = run(&["remove", "only"]);
    assert!(!removed.is_success && removed.log.contains("take it out there"), "{}", removed.log);
    assert!(run(&["remove", "shop"]).log.contains("that of OIDC_CLIENTS is still there"));
}

async fn one_that_cannot_be_read_is_none(kind: Kind) {
    let (database, store) = open(kind).await;
    let deed = Deed { actor: "test".to_owned(), reason: String::new(), at: Timestamp::UNIX_EPOCH };
    for (id, settings) in [("shop", "{}"), ("wiki", &listed("other", "")), ("good", &listed("good", ""))] {
        let client = StoredClient { id: id.to_owned(), settings: settings.to_owned() };
        assert!(store.add_client(&client, &deed).await.expect("the database answers"));
    }
    let book = book("");
    let found = async |id: &str| book.find(&*store, id).await.expect("the database answers").is_some();
    assert!(!found("shop").await && !found("wiki").await && !found("other").await && found("good").await);
    let listed = run(&database.url, &["list"], &[]);
    assert!(listed.out.contains("(database, not taken)") && listed.out.contains("client_id: is missing"), "{}", listed.out);
}
