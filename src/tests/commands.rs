//! The operator's commands, as they are called: on a database that is there, with the settings that they need and no others.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::databases::{Kind, on_both_databases, rows_of_all_tables};
use crate::process::PROGRAM;
use crate::world::{NUMBER, World};

on_both_databases!(a_number_that_was_used_up_by_its_owner_is_unlocked, whoever_is_stored_is_erased);

/// Runs a command in a folder with nothing but these settings.
fn run(folder: &Path, words: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(words).current_dir(folder).env_clear().envs(settings.iter().copied());
    command.output().expect("the program runs")
}

fn log(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

async fn a_number_that_was_used_up_by_its_owner_is_unlocked(kind: Kind) {
    let world = World::new(kind).await;
    let (person, folder) = (world.browser(), TempDir::new().expect("a folder"));
    for _ in 0..5 {
        assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
        world.advance(60);
    }
    assert_eq!(person.asks(NUMBER).await.outcome(), "sends_exhausted");
    let unlocked = run(folder.path(), &["unlock", NUMBER], &[("DATABASE_URL", world.database_url()), ("SMS_PROVIDER", "nonsense")]);
    assert!(unlocked.status.success(), "{}", log(&unlocked));
    assert!(log(&unlocked).contains("+82 10-****-5678"), "{}", log(&unlocked));
    let quiet = run(folder.path(), &["unlock", NUMBER], &[("DATABASE_URL", world.database_url()), ("RUST_LOG", "error")]);
    assert!(log(&quiet).contains("database: ") && log(&unlocked).contains("database: "), "{}", log(&quiet));
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    world.advance(1);
    assert_eq!(person.asks(NUMBER).await.outcome(), "pending");
    assert!(run(folder.path(), &["unlock", "--all"], &[("DATABASE_URL", world.database_url())]).status.success());
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
}

/// The number's region is not served any more, and other settings are wrong.
async fn whoever_is_stored_is_erased(kind: Kind) {
    let world = World::with(kind, "outbox", &[("ALLOWED_REGIONS", "KR,JP")]).await;
    let (person, folder) = (world.browser(), TempDir::new().expect("a folder"));
    person.joins(&world, "+81 90-1234-5678").await;
    let before = rows_of_all_tables(world.database_url()).await["accounts"];
    let settings = [("DATABASE_URL", world.database_url()), ("ALLOWED_REGIONS", "KR"), ("SECRET_KEY", "short")];
    let removed = run(folder.path(), &["account", "remove", "+81 90-1234-5678"], &settings);
    assert!(removed.status.success(), "{}", log(&removed));
    assert_eq!(rows_of_all_tables(world.database_url()).await["accounts"], before - 1);
    let again = run(folder.path(), &["account", "remove", "+81 90-1234-5678"], &settings);
    assert_eq!(again.status.code(), Some(1));
    assert!(log(&again).contains("+81 ****-5678") && log(&again).contains("erased all the same"), "{}", log(&again));
    assert!(!log(&again).contains("12345678"), "{}", log(&again));
}

#[test]
fn commands_make_no_database() {
    let folder = TempDir::new().expect("a folder");
    for words in [&["unlock", NUMBER][..], &["unlock", "--all"], &["account", "remove", NUMBER], &["backup", "copy.db"]] {
        for url in ["sqlite://data/beonho.db", "sqlite://beonho.db"] {
            let output = run(folder.path(), words, &[("DATABASE_URL", url)]);
            assert_eq!(output.status.code(), Some(1), "{words:?}: {}", log(&output));
            assert!(log(&output).contains("beonho.db"), "{}", log(&output));
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    std::fs::write(folder.path().join("empty.db"), "").expect("a file");
    assert_eq!(run(folder.path(), &["unlock", NUMBER], &[("DATABASE_URL", "sqlite://empty.db")]).status.code(), Some(1));
    let wrong = run(folder.path(), &["unlock", NUMBER], &[("DATABASE_URL", "")]);
    assert_eq!((wrong.status.code(), log(&wrong).contains("DATABASE_URL")), (Some(2), true), "{}", log(&wrong));
    assert_eq!(run(folder.path(), &["unlock"], &[]).status.code(), Some(2));
}

/// A key that no server could open would sign nothing.
#[tokio::test]
async fn keys_are_rotated_with_the_secret_key_of_the_servers_alone() {
    let world = World::new(Kind::Sqlite).await;
    let folder = TempDir::new().expect("a folder");
    let (url, secret) = (("DATABASE_URL", world.database_url()), "0123456789abcdef".repeat(4));
    let rotate = |settings: &[(&str, &str)]| run(folder.path(), &["keys", "rotate", "--now"], settings);
    for (settings, told) in [
        (&[url][..], "SECRET_KEY is not set"),
        (&[url, ("SECRET_KEY", "short")], "at least 32 bytes"),
        (&[url, ("SECRET_KEY", &secret)], "no key that SECRET_KEY opens"),
        (&[("DATABASE_URL", "postgres://localhost/beonho")], "SECRET_KEY must be set"),
    ] {
        let output = rotate(settings);
        assert_eq!((output.status.code(), log(&output).contains(told)), (Some(1), true), "{}", log(&output));
        assert!(!log(&output).contains(&secret), "{}", log(&output));
    }
    assert_eq!(rows_of_all_tables(world.database_url()).await["signing_keys"], 0);
}

#[tokio::test]
async fn a_backup_is_its_owners_alone() {
    let world = World::new(Kind::Sqlite).await;
    let folder = TempDir::new().expect("a folder");
    let copied = run(folder.path(), &["backup", "copy.db"], &[("DATABASE_URL", world.database_url())]);
    assert!(copied.status.success(), "{}", log(&copied));
    let mode = std::fs::metadata(folder.path().join("copy.db")).expect("a copy").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// What is no text, a slip of the pen, an empty value: told at start, by name.
#[test]
fn a_server_does_not_start_with_settings_that_it_cannot_read() {
    use std::os::unix::ffi::OsStrExt;
    let folder = TempDir::new().expect("a folder");
    for (name, value) in [("BRAND", &b"\xff\xfe"[..]), ("MAX_SEND_PER_DAY", b"5"), ("SECRET_KEY", b""), ("TRUSTED_PROXIES", b"'1'")]
    {
        let mut command = Command::new(PROGRAM);
        let value = std::ffi::OsStr::from_bytes(value);
        let output = command.current_dir(folder.path()).env_clear().env(name, value).output().expect("the program runs");
        assert_eq!((output.status.code(), log(&output).contains(name)), (Some(2), true), "{name}: {}", log(&output));
    }
}
