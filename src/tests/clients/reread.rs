//! The list is read again while the server runs.

use std::path::Path;

use beonho::server::clients::{ClientBook, digest_of};
use tempfile::TempDir;

use super::{URI, book, listed, open, run};
use crate::browser::Browser;
use crate::databases::{Database, Kind, on_both_databases};
use crate::process::Process;
use crate::test_server::Settings;

on_both_databases!(one_that_is_added_is_found_soon);

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file");
}

#[test]
fn a_list_is_read_again_and_stays_as_it_was_where_it_cannot_be() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("clients.json");
    write(&path, &format!("[{}]", listed("shop", "")));
    let book = book(path.to_str().expect("a path"));
    let ids = || book.listed().iter().map(|client| client.id.clone()).collect::<Vec<_>>();
    write(&path, &format!("[{}, {}]", listed("a", ""), listed("b", "")));
    assert_eq!((ids(), book.reload(), ids()), (vec!["shop".into()], Ok(2), vec!["a".into(), "b".into()]));
    for wrong in ["", "[{}, {\"client_id\": \"c\"}]", "[}"] {
        write(&path, wrong);
        assert!(book.reload().is_err(), "{wrong}");
    }
    std::fs::remove_file(&path).expect("it goes");
    assert!(book.reload().is_err_and(|faults| faults[0].contains("cannot be read")));
    assert_eq!(ids(), ["a", "b"]);
    assert_eq!(super::book(&format!("[{}]", listed("shop", ""))).reload(), Ok(1));
    assert!(ClientBook::new(Some("{}")).is_err_and(|faults| faults[0].contains("an array of objects")));
}

/// A signal that ends other programs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hangup_reads_the_list_again_and_ends_nothing() {
    let (folder, database) = (TempDir::new().expect("a folder"), Database::fresh(Kind::Sqlite).await);
    let path = folder.path().join("clients.json");
    write(&path, "[]");
    let settings = |own: &[(&'static str, &str)]| -> Settings {
        let all = [("DATABASE_URL", database.url.as_str())];
        all.iter().chain(own).map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    for (own, text, told) in [
        (
            &[("OIDC_CLIENTS", path.to_str().expect("a path"))][..],
            format!("[{}]", listed("shop", "")),
            "OIDC_CLIENTS was read again clients=1",
        ),
        (&[("OIDC_CLIENTS", path.to_str().expect("a path"))], "[{}]".to_owned(), "client 1 of the list: client_id: is missing"),
        (&[], String::new(), "OIDC_CLIENTS is no file"),
    ] {
        write(&path, "[]");
        let mut process = Process::start(&settings(own)).await;
        assert_eq!(Browser::new(&process.base).page("/readyz").await.status, 200);
        write(&path, &text);
        process.signal("HUP");
        while !process.log().contains(told) {
            assert!(process.is_running(), "{}", process.log());
            tokio::task::yield_now().await;
        }
        process.signal("TERM");
        assert!(process.wait().success(), "{}", process.log());
        assert!(!process.log().contains(&digest_of("of the list")), "{}", process.log());
    }
}

/// A book that said that there is none asks again.
async fn one_that_is_added_is_found_soon(kind: Kind) {
    let (database, store) = open(kind).await;
    let book = book("");
    assert!(book.find(&*store, "shop").await.expect("the database answers").is_none());
    assert!(run(&database.url, &["add", "shop", "--redirect-uri", URI], &[]).is_success);
    while book.find(&*store, "shop").await.expect("the database answers").is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(book.all(&*store).await.expect("the database answers").len(), 1);
}
