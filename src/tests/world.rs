//! Everything a story needs: a database, a clock, both vendors, and a server between them.

use std::sync::Arc;

use beonho::server::clock::ManualClock;
use beonho::server::provider::{outbox, sens, twilio_verify};
use jiff::SignedDuration;
use serde_json::json;

use crate::browser::{Answered, Browser};
use crate::databases::{Database, Kind};
use crate::fake_sens::FakeSens;
use crate::fake_twilio::FakeTwilio;
use crate::faults::Faults;
use crate::test_server::{START_MS, Settings, TestServer};

/// The number that most stories are about, and another.
pub const NUMBER: &str = "010-1234-5678";
pub const OTHER_NUMBER: &str = "010-8765-4321";

/// A message that reached a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sms {
    pub to: String,
    pub code: String,
}

impl Sms {
    /// Reads one of our texts, whose last line ends with the code.
    pub fn of_text(to: &str, text: &str) -> Self {
        let code = text.rsplit_once('#').map(|(_, code)| code.to_owned());
        Self { to: to.to_owned(), code: code.expect("the text ends with the code") }
    }
}

/// A world. Its server can be stopped and started again on the same database.
pub struct World {
    pub clock: Arc<ManualClock>,
    pub sens: FakeSens,
    pub twilio: FakeTwilio,
    pub server: TestServer,
    database: Database,
    provider: &'static str,
    browser: Browser,
}

impl World {
    /// A world whose server keeps its texts in the outbox.
    pub async fn new(kind: Kind) -> Self {
        Self::with(kind, outbox::NAME, &[]).await
    }

    /// A world with a provider, or several, and these accounts at vendors that not every world has.
    pub async fn with_accounts(kind: Kind, provider: &'static str, accounts: &Settings) -> Self {
        let settings: Vec<_> = accounts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Self::with(kind, provider, &settings).await
    }

    /// A world with a provider, or several, and settings of its own.
    pub async fn with(kind: Kind, provider: &'static str, settings: &[(&'static str, &str)]) -> Self {
        let database = Database::fresh(kind).await;
        let clock = Arc::new(ManualClock::at(START_MS));
        let (sens, twilio) = (FakeSens::start().await, FakeTwilio::start(&clock).await);
        let all = all_settings(&database, provider, account(provider, &sens, &twilio), settings);
        let server = TestServer::start(&all, &clock).await;
        let browser = Browser::new(&server.base);
        Self { clock, sens, twilio, server, database, provider, browser }
    }

    /// Stops the server and starts another on the same database, with a provider and these accounts beside it.
    pub async fn restart(self, provider: &'static str, accounts: Settings, settings: &[(&'static str, &str)]) -> Self {
        let Self { clock, sens, twilio, server, database, browser, .. } = self;
        server.stop().await;
        let own = account(provider, &sens, &twilio);
        let all = all_settings(&database, provider, accounts.into_iter().chain(own).collect(), settings);
        let server = TestServer::start(&all, &clock).await;
        let browser = browser.at(&server.base).stranger();
        Self { clock, sens, twilio, server, database, provider, browser }
    }

    /// Somebody who was never here.
    pub fn browser(&self) -> Browser {
        self.browser.stranger()
    }

    pub fn advance(&self, secs: i64) {
        self.clock.advance(SignedDuration::from_secs(secs));
    }

    /// Forgets what is over.
    pub async fn sweep(&self) {
        let verifier = &self.server.service.verifier;
        while verifier.store.sweep(&verifier.policy, verifier.clock.now(), 500).await.expect("the sweep goes well") {}
    }

    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// What the current provider brought to phones, oldest first.
    pub fn sms(&self) -> Vec<Sms> {
        match self.provider {
            sens::NAME => self.sens.sms(),
            twilio_verify::NAME => self.twilio.sms(),
            _ => self.outbox(),
        }
    }

    /// What will go wrong at a vendor.
    pub fn twilio_or_sens(&self, provider: &str) -> &Faults {
        if provider == twilio_verify::NAME { &self.twilio.faults } else { &self.sens.faults }
    }

    fn outbox(&self) -> Vec<Sms> {
        let outbox = self.server.service.outbox.as_ref().expect("an outbox");
        outbox.messages().iter().rev().map(|message| Sms::of_text(message.to.as_e164(), &message.text)).collect()
    }

    /// The code that was sent last.
    pub fn code(&self) -> String {
        self.sms().pop().expect("a code was sent").code
    }

    /// A code that is certainly not the one that was sent last.
    pub fn wrong_code(&self) -> String {
        wrong(&self.code())
    }
}

/// Six digits that differ from these in the first.
pub fn wrong(code: &str) -> String {
    let first = if code.starts_with('9') { '1' } else { '9' };
    format!("{first}{}", &code[1..])
}

fn account(providers: &str, sens: &FakeSens, twilio: &FakeTwilio) -> Settings {
    let account = |provider| match provider {
        sens::NAME => sens.settings(),
        twilio_verify::NAME => twilio.settings(),
        _ => Vec::new(),
    };
    providers.split(',').flat_map(account).collect()
}

fn all_settings(database: &Database, provider: &str, accounts: Settings, own: &[(&'static str, &str)]) -> Settings {
    let setting = if provider.contains(',') { "SMS_PROVIDERS" } else { "SMS_PROVIDER" };
    let first = [("DATABASE_URL", database.url.clone()), (setting, provider.to_owned())];
    let own = own.iter().map(|(name, value)| (*name, (*value).to_owned()));
    first.into_iter().chain(accounts).chain(own).collect()
}

/// Waits until nobody listens at an address any more.
pub async fn until_refused(base_url: &str) {
    let address = base_url.trim_start_matches("http://");
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

/// The verbs of a person over the JSON interface.
impl Browser {
    pub async fn asks(&self, number: &str) -> Answered {
        self.json("/v1/verification", &json!({"phone_number": number})).await
    }

    pub async fn asks_to_sign_in(&self, number: &str) -> Answered {
        self.json("/v1/verification", &json!({"phone_number": number, "purpose": "sign_in"})).await
    }

    pub async fn checks(&self, code: &str) -> Answered {
        self.json("/v1/verification/check", &json!({"code": code})).await
    }

    pub async fn checks_for(&self, challenge: &str, code: &str) -> Answered {
        self.json("/v1/verification/check", &json!({"code": code, "challenge_id": challenge})).await
    }

    pub async fn looks(&self) -> Answered {
        self.send(self.request(reqwest::Method::GET, "/v1/verification")).await
    }

    pub async fn signs_up(&self, nickname: &str) -> Answered {
        self.json("/v1/accounts", &json!({"nickname": nickname})).await
    }

    /// Proves a number.
    pub async fn verifies(&self, world: &World, number: &str) {
        assert_eq!(self.asks(number).await.outcome(), "code_sent");
        assert_eq!(self.checks(&world.code()).await.outcome(), "verified");
    }

    /// Makes an account of a number.
    pub async fn joins(&self, world: &World, number: &str) {
        self.verifies(world, number).await;
        assert_eq!(self.signs_up("먼저").await.outcome(), "signed_up");
    }
}
