//! Debian's `PgBouncer` in transaction mode, as it comes: what a team's hosted database often is.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use beonho::server::clock::ManualClock;
use beonho::server::store;
use futures::future::join_all;
use tempfile::TempDir;

use crate::browser::Browser;
use crate::databases::{Database, Kind};
use crate::process::{Listening, run};
use crate::test_server::{START_MS, Settings, TestServer};
use crate::world::{NUMBER, Sms, wrong};

/// The pooler, in front of a database.
struct Pooler {
    url: String,
    _running: Listening,
    _folder: TempDir,
}

impl Pooler {
    async fn before(url: &str) -> Self {
        let rest = url.trim_start_matches("postgres://postgres@");
        let (server, database) = rest.split_once('/').expect("a database");
        let (host, port) = server.split_once(':').expect("a port");
        let folder = TempDir::new().expect("a folder");
        // It does not run as root.
        run(Command::new("chown").arg("postgres:").arg(folder.path()));
        let file = folder.path().join("pgbouncer.ini");
        let (own, running) = Listening::start(|own| {
            let text = format!(
                "[databases]\n* = host={host} port={port} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {own}\n\
                 unix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 5\nmax_client_conn = 200\n"
            );
            std::fs::write(&file, text).expect("written");
            pgbouncer(&file)
        })
        .await;
        Self { url: format!("postgres://postgres@127.0.0.1:{own}/{database}"), _running: running, _folder: folder }
    }
}

fn pgbouncer(file: &Path) -> Command {
    let mut command = Command::new("/usr/sbin/pgbouncer");
    command.args(["-u", "postgres"]).arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

async fn serve(url: &str) -> (TestServer, Browser) {
    let settings: Settings = vec![("DATABASE_URL", url.to_owned()), ("MAX_SENDS_PER_REQUESTER", "1000".to_owned())];
    let server = TestServer::start(&settings, &Arc::new(ManualClock::at(START_MS))).await;
    let browser = Browser::new(&server.base);
    (server, browser)
}

fn code(server: &TestServer) -> String {
    let messages = server.service.outbox.as_ref().expect("an outbox").messages();
    messages.first().map(|message| Sms::of_text(message.to.as_e164(), &message.text).code).expect("a code was sent")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_goes_through_a_pooler_in_transaction_mode_as_it_comes() {
    let database = Database::fresh(Kind::Postgres).await;
    let pooler = Pooler::before(&database.url).await;
    // Eight that start at once migrate once.
    let opening = (0..8).map(|_| pooler.url.clone()).map(|url| tokio::spawn(async move { store::connect(&url).await }));
    for opened in join_all(opening).await {
        opened.expect("the task ends").unwrap_or_else(|fault| panic!("{fault:?}"));
    }
    let (server, person) = serve(&pooler.url).await;
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    assert_eq!(person.checks(&wrong(&code(&server))).await.outcome(), "incorrect_code");
    let guess = code(&server);
    let twins = (0..30).map(|_| person.twin()).map(|twin| {
        let guess = wrong(&guess);
        tokio::spawn(async move { twin.checks(&guess).await.outcome() })
    });
    let told: Vec<_> = join_all(twins).await.into_iter().map(|told| told.expect("the task ends")).collect();
    assert_eq!(told.iter().filter(|outcome| *outcome == "incorrect_code").count(), 4, "{told:?}");
    let crowd =
        (0..40).map(|_| person.stranger()).map(|who| tokio::spawn(async move { who.asks("010-8888-0000").await.outcome() }));
    let told: Vec<_> = join_all(crowd).await.into_iter().map(|told| told.expect("the task ends")).collect();
    assert_eq!(told.iter().filter(|outcome| *outcome == "code_sent").count(), 1, "{told:?}");
    assert!(told.iter().all(|outcome| outcome == "code_sent" || outcome == "try_later"), "{told:?}");
    let joiner = person.stranger();
    assert_eq!(joiner.asks("010-8888-0001").await.outcome(), "code_sent");
    server.stop().await;
    // A server that starts anew on the same pooler goes on.
    let (server, _) = serve(&pooler.url).await;
    let joiner = joiner.at(&server.base);
    assert_eq!(joiner.asks("010-8888-0001").await.outcome(), "pending");
    assert_eq!(joiner.asks_to_sign_in("010-8888-0001").await.outcome(), "pending");
    server.stop().await;
}
