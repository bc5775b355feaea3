//! What a scrape tells the operator, and what it must never tell.

mod counted;
mod documents;
mod journeys;
mod named;

use crate::world::World;

/// One scrape.
pub struct Scrape(pub String);

impl Scrape {
    pub async fn of(world: &World) -> Self {
        let answer = get(&world.server.metrics).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        Self(answer.text().await.expect("a text"))
    }

    /// The value of a series; none where it is not told.
    pub fn value(&self, series: &str) -> Option<f64> {
        let line = self.0.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        line.map(|value| value.parse().expect("a number"))
    }

    pub fn expect(&self, series: &str, value: f64) {
        let told = self.value(series);
        assert!(told.is_some_and(|told| (told - value).abs() < 1e-9), "{series} is {told:?} in\n{}", self.0);
    }

    /// The names that it tells of.
    pub fn names(&self) -> Vec<&str> {
        self.0.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect()
    }

    /// The series of one name, without their values.
    pub fn series(&self, name: &str) -> Vec<&str> {
        let of_name = self.0.lines().filter(|line| line.starts_with(&format!("{name}{{")));
        of_name.filter_map(|line| line.rsplit_once(' ').map(|(series, _)| series)).collect()
    }
}

/// Fetches an address as a scraper does.
pub async fn get(url: &str) -> reqwest::Response {
    // No certificates: reading the system's takes longer than a test.
    let builder = beonho::server::provider::http_client(None).map(|_| reqwest::Client::builder().tls_certs_only([]));
    let client = builder.expect("a TLS library").no_proxy().build().expect("a client");
    client.get(url).send().await.expect("it answers")
}
