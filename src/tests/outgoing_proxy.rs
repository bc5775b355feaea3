//! The way out of a company's network: vendors are reached by `HTTPS_PROXY`, this machine without it.

use std::sync::{Arc, Mutex};

use beonho::server::clock::ManualClock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::browser::Browser;
use crate::databases::{Database, Kind};
use crate::fake_sens::FakeSens;
use crate::test_server::{START_MS, Settings, TestServer};
use crate::world::NUMBER;

/// A proxy that lets nobody through, and remembers who wanted where.
async fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = [0; 1024];
            let read = stream.read(&mut bytes).await.unwrap_or_default();
            let line = String::from_utf8_lossy(&bytes[..read]).lines().next().unwrap_or_default().to_owned();
            kept.lock().expect("lock").push(line);
            let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await;
        }
    });
    (address, asked)
}

async fn serve(own: &[(&'static str, &str)]) -> (TestServer, Browser) {
    let (database, sens) = (Database::fresh(Kind::Postgres).await, FakeSens::start().await);
    let first = vec![("DATABASE_URL", database.url.clone()), ("SMS_PROVIDER", "sens".to_owned())];
    let own = own.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let settings: Settings = first.into_iter().chain(sens.settings()).chain(own).collect();
    let server = TestServer::start(&settings, &Arc::new(ManualClock::at(START_MS))).await;
    let browser = Browser::new(&server.base);
    (server, browser)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vendors_are_reached_by_the_proxy_and_what_it_refuses_was_not_sent() {
    let (address, asked) = proxy().await;
    let (_server, person) = serve(&[("HTTPS_PROXY", &address), ("SENS_BASE_URL", "https://sens.example.com")]).await;
    let failed = person.asks(NUMBER).await;
    assert_eq!((failed.outcome().as_str(), failed.status_field("sends_left")), ("delivery_failed", 5.into()));
    assert_eq!(asked.lock().expect("lock").as_slice(), ["CONNECT sens.example.com:443 HTTP/1.1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emulator_on_this_machine_is_reached_without_the_proxy() {
    let (address, asked) = proxy().await;
    let (_server, person) = serve(&[("HTTPS_PROXY", &address)]).await;
    assert_eq!(person.asks(NUMBER).await.outcome(), "code_sent");
    assert!(asked.lock().expect("lock").is_empty());
}

/// Whoever sends nothing needs no certificates; whoever does is told what is missing.
#[test]
fn certificates_are_needed_for_vendors_only() {
    use std::process::Command;
    let folder = tempfile::tempdir().expect("a folder");
    let run = |own: &[(&str, &str)]| {
        let mut command = Command::new("timeout");
        command.args(["5", crate::process::PROGRAM]).current_dir(folder.path()).env_clear().env("PATH", "/usr/bin:/bin");
        command.envs([("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent"), ("LEPTOS_SITE_ADDR", "127.0.0.1:0")]);
        command.env("METRICS_ADDR", "off").env("ADMIN_ADDR", "off");
        let output = command.envs(own.iter().copied()).output().expect("the program runs");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(run(&[]).contains("beonho serves"), "{}", run(&[]));
    let sens = [
        ("SMS_PROVIDER", "sens"),
        ("NAVER_SERVICE_ID", "ncp:sms:kr:1:svc"),
        ("NAVER_ACCESS_KEY", "key"),
        ("NAVER_SECRET_KEY", "secret"),
        ("SENDER_PHONE_NUMBER", "15880000"),
    ];
    let told = run(&sens);
    assert!(told.contains("ca-certificates"), "{told}");
}
