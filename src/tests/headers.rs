//! What every answer carries, whatever kind it is.

use reqwest::Method;

use crate::databases::Kind;
use crate::world::World;

const EVERYWHERE: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), otp-credentials=(self)"),
    ("strict-transport-security", "max-age=31536000"),
];

/// Pages, JSON, files that are there and that are not, probes, what was refused, and what is no path.
const PATHS: [(Method, &str); 12] = [
    (Method::GET, "/"),
    (Method::GET, "/welcome"),
    (Method::GET, "/v1/verification"),
    (Method::GET, "/v1/openapi.json"),
    (Method::POST, "/v1/verification"),
    (Method::POST, "/api/start"),
    (Method::GET, "/brand.css"),
    (Method::GET, "/pkg/none.js"),
    (Method::GET, "/work.js"),
    (Method::GET, "/healthz"),
    (Method::DELETE, "/"),
    (Method::GET, "/nowhere"),
];

#[tokio::test]
async fn every_answer_carries_them() {
    let settings = [("PUBLIC_ORIGIN", "https://sign-up.example.com"), ("TRUSTED_PROXIES", "1")];
    let sens = beonho::server::provider::sens::NAME;
    let world = World::with(Kind::Sqlite, sens, &settings).await;
    let person = world.browser();
    for (method, path) in PATHS {
        let answered = person.send(person.request(method.clone(), path)).await;
        for (name, value) in EVERYWHERE {
            let is_untold = name == "cross-origin-opener-policy" && (300..400).contains(&answered.status);
            assert_eq!(answered.header(name), if is_untold { "" } else { value }, "{method} {path}: {name}");
        }
        assert!(answered.header("content-security-policy").starts_with("default-src 'none'"), "{method} {path}");
        assert!(!answered.header("cache-control").is_empty(), "{method} {path}");
    }
}
