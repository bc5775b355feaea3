//! Where a row is played: a server, a vendor that counts, and people each at another step.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use beonho::server::clock::ManualClock;
use beonho::server::provider::sens;
use futures::future::{BoxFuture, join_all};

use crate::browser::{Answered, Browser};
use crate::fake_sens::FakeSens;
use crate::process::Process;
use crate::test_server::{START_MS, Settings, TestServer};

/// What is asked at once.
pub const COLUMNS: [&str; 8] = ["page", "status", "ready", "start", "start by form", "check", "check by island", "sign-up"];

/// What was answered in each column.
pub type Answers = Vec<String>;

type Asked<'a> = BoxFuture<'a, String>;

/// The numbers of the people below; each is sent one SMS in all.
const NUMBERS: [&str; PEOPLE] = ["010-1111-0001", "010-1111-0002", "010-1111-0003", "010-1111-0004", "010-1111-0005"];
pub const PEOPLE: usize = 5;

/// A server and what is around it.
pub struct Stage {
    /// The database, by a way that no trouble lies on.
    pub url: String,
    pub sens: FakeSens,
    base: String,
    held: Vec<Box<dyn Any + Send + Sync>>,
}

impl Stage {
    /// A stage whose server reaches its database by another URL.
    pub async fn over(url: &str, server_url: &str) -> Self {
        let sens = FakeSens::start().await;
        let server = TestServer::start(&settings(server_url, &sens), &Arc::new(ManualClock::at(START_MS))).await;
        Self { url: url.to_owned(), sens, base: server.base.clone(), held: vec![Box::new(server)] }
    }

    /// A stage whose server is a process of its own.
    pub async fn in_process(url: &str) -> (Self, Process) {
        let sens = FakeSens::start().await;
        let process = Process::start(&settings(url, &sens)).await;
        (Self { url: url.to_owned(), sens, base: process.base.clone(), held: Vec::new() }, process)
    }

    /// Keeps something until the stage goes.
    pub fn holding(mut self, held: impl Any + Send + Sync) -> Self {
        self.held.push(Box::new(held));
        self
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    /// How many SMS each number got.
    pub fn sms_by_number(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for sms in self.sens.sms() {
            *counts.entry(sms.to).or_default() += 1;
        }
        counts
    }

    /// The code that was sent last.
    pub fn code(&self) -> String {
        self.sens.sms().pop().expect("a code was sent").code
    }

    /// Everybody, while all is well.
    pub async fn people(&self) -> People {
        let [asker, former, checker, islander, joiner] = NUMBERS.map(|_| self.browser());
        asker.page("/").await;
        let page = former.page("/").await;
        let form = page.hidden("number-form").into_iter().chain([("phone_number", NUMBERS[1].to_owned())]).collect();
        assert_eq!(checker.asks(NUMBERS[2]).await.outcome(), "code_sent");
        let code = self.code();
        islander.page("/").await;
        assert_eq!(islander.asks(NUMBERS[3]).await.outcome(), "code_sent");
        let page = islander.page("/").await;
        let island = page.hidden("code-form").into_iter().chain([("code", self.code())]).collect();
        assert_eq!(joiner.asks(NUMBERS[4]).await.outcome(), "code_sent");
        assert_eq!(joiner.checks(&self.code()).await.outcome(), "verified");
        People { asker, former, form, checker, code, islander, island, joiner }
    }
}

fn settings(url: &str, sens: &FakeSens) -> Settings {
    let house = [("DATABASE_URL", url), ("SMS_PROVIDER", sens::NAME), ("TRUSTED_PROXIES", "1")];
    house.map(|(name, value)| (name, value.to_owned())).into_iter().chain(sens.settings()).collect()
}

/// Those who ask, each with one thing to ask.
pub struct People {
    asker: Browser,
    former: Browser,
    form: Vec<(&'static str, String)>,
    checker: Browser,
    code: String,
    islander: Browser,
    island: Vec<(&'static str, String)>,
    joiner: Browser,
}

impl People {
    /// The columns that change nothing, asked at once.
    pub async fn look(&self) -> Answers {
        let page = async { told_by_page(&self.checker.page("/").await) };
        let status = async { told(&self.checker.looks().await) };
        let ready = async { self.checker.page("/readyz").await.status.to_string() };
        join_all::<[Asked<'_>; 3]>([Box::pin(page), Box::pin(status), Box::pin(ready)]).await
    }

    /// The others.
    pub async fn post(&self) -> Answers {
        let start = async { told(&self.asker.asks(NUMBERS[0]).await) };
        let check = async { told(&self.checker.checks(&self.code).await) };
        let island = async {
            let answered = self.islander.island("/api/check", &self.island).await;
            format!("{} {}", answered.status, answered.compact().outcome)
        };
        let sign_up = async { told(&self.joiner.signs_up("준호").await) };
        let posts: [Asked<'_>; 5] =
            [Box::pin(start), Box::pin(self.post_form()), Box::pin(check), Box::pin(island), Box::pin(sign_up)];
        join_all(posts).await
    }

    /// A browser without JavaScript follows where the post leads.
    async fn post_form(&self) -> String {
        let posted = self.former.form("/api/start", &self.form).await;
        if posted.status != 303 {
            return told_by_page(&posted);
        }
        format!("303 {}", self.former.page(posted.redirect()).await.page_state())
    }
}

fn told(answered: &Answered) -> String {
    format!("{} {}", answered.status, answered.outcome())
}

fn told_by_page(answered: &Answered) -> String {
    match answered.status {
        200 => format!("200 {}", answered.page_state()),
        status => format!("{status} {}", answered.page_outcome_of_notice()),
    }
}
