//! The alerts, the dashboard and the document speak of metrics that there are, and the document of all of them.

use std::collections::BTreeSet;

use beonho::server::provider::sens;

use super::journeys::until_lost;
use crate::databases::Kind;
use crate::world::{NUMBER, World};

const DOCUMENT: &str = include_str!("../../../docs/operate.md");
const ALERTS: &str = include_str!("../../../deploy/alerts.yml");
const DASHBOARD: &str = include_str!("../../../deploy/grafana.json");

#[tokio::test]
async fn documents_name_the_metrics_that_there_are() {
    // What never happened is not told, so all of it happens.
    let settings = [("PRICES", r#"{"KR": "9 KRW"}"#), ("GUARD_DENY", "+82109999")];
    let world = World::with(Kind::Sqlite, sens::NAME, &settings).await;
    world.browser().verifies(&world, NUMBER).await;
    assert_eq!(world.browser().asks("010-9999-1234").await.outcome(), "delivery_blocked");
    assert_eq!(world.browser().asks(NUMBER).await.outcome(), "try_later");
    let scrape = until_lost(&world).await;
    let told: BTreeSet<_> = scrape.names().into_iter().map(str::to_owned).collect();
    assert!(told.len() > 10, "{told:?}");
    for (document, text) in [("docs/operate.md", DOCUMENT), ("deploy/alerts.yml", ALERTS), ("deploy/grafana.json", DASHBOARD)] {
        let unknown: Vec<_> = named(text).into_iter().filter(|name| !told.contains(name)).collect();
        assert!(unknown.is_empty(), "{document} has {unknown:?}, and there are {told:?}");
    }
    let untold: Vec<_> = told.iter().filter(|name| !DOCUMENT.contains(&format!("`{name}`"))).collect();
    assert!(untold.is_empty(), "docs/operate.md says nothing of {untold:?}");
}

#[test]
fn the_dashboard_is_json_and_every_panel_asks_something() {
    let dashboard: serde_json::Value = serde_json::from_str(DASHBOARD).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    assert!(panels.len() > 8, "{}", panels.len());
    for panel in panels {
        assert!(panel["targets"][0]["expr"].as_str().is_some_and(|expr| !named(expr).is_empty()), "{panel}");
    }
}

/// The metrics that a text names, without what a histogram puts behind its name.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let ours = words.filter(|word| ["beonho_", "http_request"].iter().any(|start| word.starts_with(start)));
    let base = |word: &str| {
        let bare = ["_bucket", "_count", "_sum"].iter().find_map(|end| word.strip_suffix(end));
        bare.filter(|bare| bare.ends_with("_seconds")).unwrap_or(word).to_owned()
    };
    ours.map(base).collect()
}
