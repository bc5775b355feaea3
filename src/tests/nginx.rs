//! The proxy of `docs/deploy.md`: Debian's nginx with its very configuration.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use beonho::server::clock::ManualClock;
use beonho::server::provider::sens;
use serde_json::json;
use tempfile::TempDir;

use crate::browser::{Answered, Browser};
use crate::databases::{Database, Kind};
use crate::fake_sens::FakeSens;
use crate::process::{Listening, run};
use crate::test_server::{START_MS, Settings, TestServer};
use crate::world::{NUMBER, OTHER_NUMBER};

const DOCUMENT: &str = include_str!("../../docs/deploy.md");
const HOST: &str = "sign-up.example.com";
const ORIGIN: &str = "https://sign-up.example.com";

/// A server, and nginx before it.
struct House {
    port: u16,
    sens: FakeSens,
    database: Database,
    _server: TestServer,
    _nginx: Listening,
    _folder: TempDir,
}

impl House {
    async fn with(own: &[(&'static str, &str)]) -> Self {
        let (sens, database) = (FakeSens::start().await, Database::fresh(Kind::Sqlite).await);
        let own = own.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let house =
            [("PUBLIC_ORIGIN", ORIGIN), ("TRUSTED_PROXIES", "1"), ("SMS_PROVIDER", sens::NAME), ("DATABASE_URL", &database.url)];
        let house = house.map(|(name, value)| (name, value.to_owned())).into_iter();
        let settings: Settings = house.chain(sens.settings()).chain(own).collect();
        let server = TestServer::start(&settings, &Arc::new(ManualClock::at(START_MS))).await;
        let folder = TempDir::new().expect("a folder");
        make_certificate(folder.path());
        let (port, nginx) = Listening::start(|port| {
            std::fs::write(folder.path().join("nginx.conf"), configuration(folder.path(), port, &server.base)).expect("written");
            nginx(folder.path())
        })
        .await;
        Self { port, sens, database, _server: server, _nginx: nginx, _folder: folder }
    }

    fn browser(&self) -> Browser {
        Browser::of_any_host(HOST, self.port)
    }
}

fn nginx(folder: &Path) -> Command {
    let mut command = Command::new("/usr/sbin/nginx");
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf")).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

/// The document's block with this machine's port, files and upstream.
fn configuration(folder: &Path, port: u16, upstream: &str) -> String {
    let (_, block) = DOCUMENT.split_once("```nginx\n").expect("the document has a configuration");
    let mut block = block.split_once("```").expect("it ends").0.to_owned();
    let here = |name: &str| folder.join(name).display().to_string();
    let moved = [
        ("listen 443 ", format!("listen 127.0.0.1:{port} ")),
        ("/etc/ssl/", here("")),
        ("http://127.0.0.1:3000", upstream.to_owned()),
    ];
    for (documented, own) in moved {
        assert!(block.contains(documented), "{documented} in {block}");
        block = block.replace(documented, &own);
    }
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|name| format!("{name}_temp_path {};", here(name)));
    let process = format!("daemon off; master_process off; error_log stderr; pid {};", here("pid"));
    format!("{process} events {{}} http {{ access_log off; {} {block} }}", temporary.join(" "))
}

fn make_certificate(folder: &Path) {
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj"];
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509"]).args(curve).arg(format!("/CN={HOST}"));
    run(openssl.arg("-keyout").arg(folder.join("sign-up.key")).arg("-out").arg(folder.join("sign-up.pem")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_the_documented_nginx_a_person_signs_up_with_forms() {
    let house = House::with(&[]).await;
    let person = house.browser();
    let page = person.page("/").await;
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with("__Host-beonho_session=") && cookie.contains("; Secure"), "{cookie}");
    let fields: Vec<_> = page.hidden("number-form").into_iter().chain([("phone_number", NUMBER.into())]).collect();
    assert_eq!(posts(&person, "/api/start", &fields, ORIGIN).await.redirect(), "/");
    let code = house.sens.sms()[0].code.clone();
    let fields: Vec<_> = person.page("/").await.hidden("code-form").into_iter().chain([("code", code)]).collect();
    assert_eq!(posts(&person, "/api/check", &fields, "https://evil.example").await.status, 403, "a foreign page");
    assert_eq!(posts(&person, "/api/check", &fields, ORIGIN).await.redirect(), "/");
    assert_eq!(person.page("/").await.page_state(), "verified");
    assert_eq!(person.signs_up("준호").await.outcome(), "signed_up");
    let large = json!({"phone_number": "0".repeat(20_000)});
    assert_eq!(person.json("/v1/verification", &large).await.status, 413, "our own limit answers, in JSON");
}

/// A form as a browser posts it, which says from which page.
async fn posts(person: &Browser, path: &str, fields: &[(&str, String)], origin: &str) -> Answered {
    let request = person.request(reqwest::Method::POST, path).header("accept", "text/html").header("origin", origin);
    person.send(request.form(fields)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_the_documented_nginx_a_forged_forwarding_header_changes_nothing() {
    let house = House::with(&[("MAX_SENDS_PER_REQUESTER", "2")]).await;
    let asks = async |number: &str, forged: &str| {
        let person = house.browser();
        let request = person.request(reqwest::Method::POST, "/v1/verification").header("x-forwarded-for", forged);
        person.send(request.json(&json!({"phone_number": number}))).await.outcome()
    };
    assert_eq!(asks(NUMBER, "203.0.113.1").await, "code_sent");
    assert_eq!(asks(OTHER_NUMBER, "203.0.113.2, 127.0.0.2").await, "code_sent");
    assert_eq!(asks("010-3333-3333", "203.0.113.3").await, "sends_exhausted", "all came from one address");
    let believed = "select count(*) from sends where requester = '127.0.0.1'";
    assert_eq!(crate::database_faults::count(&house.database.url, believed).await, 2);
}
