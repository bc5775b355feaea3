//! The real server on a free port, with a clock that tests move.

use std::sync::Arc;

use beonho::app::App;
use beonho::server::Service;
use beonho::server::clock::{Clock, ManualClock};
use beonho::server::config::Config;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// When every test begins, in unix milliseconds.
pub const START_MS: i64 = 1_700_000_000_000;
/// The key that all test servers share, so that a restart keeps its cookies.
pub const SECRET_KEY: &str = "5ec2e7beef5ec2e7beef5ec2e7beef5ec2e7beef5ec2e7beef5ec2e7beef0000";

/// Settings by name; a later one wins.
pub type Settings = Vec<(&'static str, String)>;

/// A server that answers until it is stopped, or the test ends.
pub struct TestServer {
    pub base: String,
    /// Where it tells its metrics.
    pub metrics: String,
    /// Where the operator's console is.
    pub console: String,
    pub service: Arc<Service>,
    stop: CancellationToken,
    serving: TaskTracker,
}

/// The settings as the server would read them from its environment.
pub fn config(settings: &Settings) -> Result<Config, Vec<String>> {
    let house = [
        ("LEPTOS_SITE_ADDR", "127.0.0.1:0"),
        ("SECRET_KEY", SECRET_KEY),
        ("DRAIN_SECS", "0"),
        ("METRICS_ADDR", "127.0.0.1:0"),
        ("ADMIN_ADDR", "127.0.0.1:0"),
    ];
    Config::read(|name| {
        let set = settings.iter().rev().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
        set.or_else(|| house.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    })
}

impl TestServer {
    pub async fn start(settings: &Settings, clock: &Arc<ManualClock>) -> Self {
        let config = config(settings).expect("the settings are right");
        let clock: Arc<dyn Clock> = clock.clone();
        let server = App::build(config, clock).await.expect("the server starts");
        let base = format!("http://{}", server.address().expect("the server has an address"));
        let metrics = server.metrics_address().map(|address| format!("http://{address}/metrics")).unwrap_or_default();
        let console = server.console_address().map(|address| format!("http://{address}")).unwrap_or_default();
        let service = Arc::clone(server.service());
        let (stop, serving) = (CancellationToken::new(), TaskTracker::new());
        serving.spawn(server.run_until(stop.clone().cancelled_owned()));
        serving.close();
        Self { base, metrics, console, service, stop, serving }
    }

    /// Tells it to stop.
    pub fn tell_to_stop(&self) {
        self.stop.cancel();
    }

    pub fn has_stopped(&self) -> bool {
        self.serving.is_empty()
    }

    /// Stops it and waits for the end.
    pub async fn stop(&self) {
        self.tell_to_stop();
        self.serving.wait().await;
    }
}
