//! The backup of `docs/deploy.md`: its very commands, run while the server writes, and restored.

use std::path::Path;
use std::process::Command;

use beonho::server::provider::sens;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::browser::Browser;
use crate::fake_sens::FakeSens;
use crate::process::{PROGRAM, Process, run};
use crate::test_server::{SECRET_KEY, Settings};
use crate::world::{NUMBER, OTHER_NUMBER};

const DOCUMENT: &str = include_str!("../../docs/deploy.md");

/// The commands of the document that follow these words, on this machine's paths.
fn commands_after(words: &str, machine: &Path) -> String {
    let rest = DOCUMENT.split_once(words).expect("the document says so").1;
    let (_, block) = rest.split_once("```sh\n").expect("commands follow");
    let commands = block.split_once("```").expect("they end").0;
    let here = ["/var/lib", "/var/backups", "/etc"].into_iter().fold(commands.to_owned(), |text, folder| {
        let moved = format!("{}{folder}/", machine.display());
        text.replace(&format!("{folder}/"), &moved)
    });
    here.replace("\nbeonho ", &format!("\n{PROGRAM} "))
}

/// Runs commands of the document; `systemctl` only writes down what it is told.
fn run_in(machine: &Path, commands: &str) {
    let path = format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", machine.join("bin").display());
    run(Command::new("sh").args(["-euc", commands]).env_clear().env("PATH", path).env("TOLD", machine.join("told")));
}

/// A machine with the document's folders and settings.
fn machine(settings: &Settings) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["var/lib/beonho", "var/backups", "etc", "bin"] {
        std::fs::create_dir_all(folder.path().join(name)).expect("a folder");
    }
    let lines = settings.iter().map(|(name, value)| format!("{name}='{value}'"));
    let lines: Vec<_> = lines.chain([format!("SECRET_KEY='{SECRET_KEY}'\n")]).collect();
    std::fs::write(folder.path().join("etc/beonho.env"), lines.join("\n")).expect("written");
    let systemctl = folder.path().join("bin/systemctl");
    std::fs::write(&systemctl, "#!/bin/sh\necho \"$*\" >>\"$TOLD\"\n").expect("written");
    run(Command::new("chmod").arg("+x").arg(systemctl));
    folder
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_the_server_writes_is_restored() {
    let sens = FakeSens::start().await;
    let own = [("SMS_PROVIDER", sens::NAME), ("BRAND", "우리 가게"), ("MAX_SENDS_PER_REQUESTER", "100000")];
    let own: Settings = own.map(|(name, value)| (name, value.to_owned())).into_iter().chain(sens.settings()).collect();
    let machine = machine(&own);
    let url = format!("sqlite://{}", machine.path().join("var/lib/beonho/beonho.db").display());
    let settings: Settings = own.into_iter().chain([("DATABASE_URL", url.clone())]).collect();
    let mut process = Process::start(&settings).await;
    let [member, prover, later] = [(); 3].map(|()| Browser::new(&process.base));
    proves(&member, &sens, NUMBER).await;
    assert_eq!(member.signs_up("준호").await.outcome(), "signed_up");
    proves(&prover, &sens, OTHER_NUMBER).await;
    let crowd = Crowd::ask(&process.base);
    tokio::task::block_in_place(|| run_in(machine.path(), &commands_after("Back up while the server runs", machine.path())));
    assert!(crowd.leave().await > 0, "others were served meanwhile");
    proves(&later, &sens, "010-3333-3333").await;

    process.signal("KILL");
    process.wait();
    run_in(machine.path(), &commands_after("Restore while it is stopped", machine.path()));
    let told = std::fs::read_to_string(machine.path().join("told")).expect("systemctl was told");
    assert_eq!(told, "stop beonho\nstart beonho\n");
    let process = Process::start(&settings).await;
    let state = async |person: &Browser| person.at(&process.base).looks().await.state();
    assert_eq!((state(&member).await.as_str(), state(&prover).await.as_str()), ("signed_up", "verified"));
    assert_eq!(state(&later).await, "none", "the copy is of an earlier moment");
    assert_eq!(prover.at(&process.base).signs_up("민지").await.outcome(), "signed_up");
    let pages = "select count(*) from pragma_integrity_check where integrity_check = 'ok'";
    assert_eq!(crate::database_faults::count(&url, pages).await, 1);
}

async fn proves(person: &Browser, sens: &FakeSens, number: &str) {
    assert_eq!(person.asks(number).await.outcome(), "code_sent");
    let to = number.replacen('0', "+82", 1).replace('-', "");
    let code = sens.sms().into_iter().find(|sms| sms.to == to).expect("a code was sent").code;
    assert_eq!(person.checks(&code).await.outcome(), "verified");
}

/// People who ask for codes one after another.
struct Crowd {
    over: CancellationToken,
    asked: tokio::task::JoinHandle<u32>,
}

impl Crowd {
    fn ask(base: &str) -> Self {
        let (over, person) = (CancellationToken::new(), Browser::new(base));
        let is_over = over.clone();
        let asked = tokio::spawn(async move {
            let mut count = 0;
            while !is_over.is_cancelled() {
                let asked = person.stranger().asks(&format!("010-7777-{count:04}")).await;
                assert_eq!(asked.outcome(), "code_sent");
                count += 1;
            }
            count
        });
        Self { over, asked }
    }

    async fn leave(self) -> u32 {
        self.over.cancel();
        self.asked.await.expect("all were answered")
    }
}
