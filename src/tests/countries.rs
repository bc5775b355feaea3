//! A number is read as it is dialled in the country that was chosen, and the choice is kept.

use reqwest::Method;
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE};
use serde_json::json;

use crate::browser::{Answered, Browser, HTML};
use crate::databases::Kind;
use crate::world::{NUMBER, World};

const SEVERAL: [(&str, &str); 1] = [("ALLOWED_REGIONS", "KR,JP,GB,KZ,RU")];
const JAPANESE: &str = "090-1234-5678";

async fn several() -> World {
    World::with(Kind::Sqlite, "outbox", &SEVERAL).await
}

/// The page of somebody with a cookie and languages of their own.
async fn page_with(person: &Browser, headers: &[(reqwest::header::HeaderName, &str)]) -> Answered {
    let mut request = person.stranger().request(Method::GET, "/").header(ACCEPT, HTML);
    let mut sent = reqwest::header::HeaderMap::new();
    for (name, value) in headers {
        sent.insert(name, value.parse().expect("a header"));
    }
    request = request.headers(sent);
    person.stranger().send(request).await
}

/// The country that a page proposes.
fn proposed(page: &Answered) -> String {
    let (before, _) = page.body.split_once(" selected").unwrap_or_else(|| panic!("nothing is selected: {}", page.body));
    let option = before.rsplit_once("<option value=\"").expect("an option").1;
    option.split('"').next().unwrap_or_default().to_owned()
}

async fn asks(person: &Browser, number: &str, region: &str) -> Answered {
    let page = person.page("/").await;
    let mut fields = page.hidden("number-form");
    fields.extend([("phone_number", number.to_owned()), ("region", region.to_owned())]);
    person.form("/api/start", &fields).await
}

#[tokio::test]
async fn with_one_region_there_is_nothing_to_choose() {
    let world = World::new(Kind::Sqlite).await;
    let person = world.browser();
    let page = person.page("/").await;
    assert!(!page.body.contains("<select") && page.body.contains("For example 010-1234-5678"), "{}", page.body);
    let posted = asks(&person, NUMBER, "KR").await;
    assert_eq!((posted.redirect(), posted.set_cookie_of("beonho_region")), ("/", None));
    assert_eq!(world.sms().len(), 1);
    let refused = asks(&world.browser(), JAPANESE, "JP").await;
    assert_eq!((refused.redirect(), world.sms().len()), ("/", 1), "a country that is not served");
}

#[tokio::test]
async fn a_number_is_read_as_in_the_country_that_was_chosen() {
    let world = several().await;
    for (number, region, e164) in [
        (JAPANESE, "JP", "+819012345678"),
        ("07400 123456", "GB", "+447400123456"),
        ("8 771 000 9998", "KZ", "+77710009998"),
        ("+82 10-1234-5678", "JP", "+821012345678"),
        ("010-8765-4321", "", "+821087654321"),
    ] {
        let before = world.sms().len();
        let person = world.browser().stranger();
        asks(&person, number, region).await.redirect();
        assert_eq!(world.sms().get(before).map(|sms| sms.to.clone()).as_deref(), Some(e164), "{number} in {region}");
    }
}

#[tokio::test]
async fn a_refusal_keeps_the_choice_and_shows_a_number_of_that_country() {
    let world = several().await;
    let person = world.browser();
    let posted = asks(&person, "090-1234", "JP").await;
    assert_eq!(posted.set_cookie_of("beonho_region").as_deref(), Some("JP"));
    let cookie = posted.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let cookie = cookie.into_iter().find(|cookie| cookie.starts_with("beonho_region=")).expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
    let page = person.page("/").await;
    assert_eq!((page.page_outcome().as_str(), proposed(&page).as_str()), ("invalid_phone_number", "JP"));
    assert!(page.body.contains("For example 090-1234-5678</p>"), "{}", page.body);
    asks(&person, "+44 7400", "JP").await;
    let page = person.page("/").await;
    assert!(proposed(&page) == "GB" && page.body.contains("For example +44 7400 123456</p>"), "{}", page.body);
    asks(&person, "junk", "<b>\n").await;
    assert_eq!(person.page("/").await.page_outcome(), "invalid_phone_number");
}

#[tokio::test]
async fn a_country_is_proposed_by_the_last_choice_the_languages_or_the_setting() {
    let world = several().await;
    let person = world.browser();
    for (cookie, languages, region) in [
        ("", "ja", "JP"),
        ("", "en-GB,en;q=0.9", "GB"),
        ("", "de, kk;q=0.5, ko;q=0.9", "KR"),
        ("", "kk", "KZ"),
        ("", "de-DE", "KR"),
        ("", "", "KR"),
        ("beonho_region=RU", "ja", "RU"),
        ("beonho_region=DE", "ja", "JP"),
        ("beonho_region=\"<b>\"; beonho_region=GB", "ja", "GB"),
    ] {
        let page = page_with(&person, &[(COOKIE, cookie), (ACCEPT_LANGUAGE, languages)]).await;
        assert_eq!(proposed(&page), region, "{cookie} {languages}");
    }
}

#[tokio::test]
async fn programs_may_say_where_a_number_is_dialled() {
    let world = several().await;
    let caller = world.browser();
    let sent = caller.json("/v1/verification", &json!({"phone_number": JAPANESE, "region": "JP"})).await;
    assert_eq!((sent.outcome().as_str(), sent.status_field("phone_number")), ("code_sent", "+81 ****-5678".into()));
    let stranger = caller.stranger();
    for (region, status, outcome, message) in [
        (json!("DE"), 422, "invalid_phone_number", "We cannot text numbers of this country."),
        (json!("QQ"), 400, "invalid_request", "/v1/openapi.json"),
        (json!("jp"), 400, "invalid_request", "/v1/openapi.json"),
        (json!(""), 400, "invalid_request", "/v1/openapi.json"),
        (json!(81), 400, "invalid_request", "/v1/openapi.json"),
    ] {
        let refused = stranger.json("/v1/verification", &json!({"phone_number": "0151 23456789", "region": region})).await;
        assert_eq!((refused.status, refused.outcome().as_str()), (status, outcome), "{region}");
        assert!(refused.json()["message"].as_str().is_some_and(|told| told.contains(message)), "{refused:?}");
    }
    let wrong = stranger.json("/v1/verification", &json!({"phone_number": "090-1234", "region": "JP"})).await;
    assert!(wrong.json()["message"].as_str().is_some_and(|told| told.ends_with("For example 090-1234-5678")), "{wrong:?}");
    let plus = stranger.json("/v1/verification", &json!({"phone_number": "+44 7400 123456", "region": null})).await;
    assert_eq!(plus.outcome(), "code_sent");
}

#[tokio::test]
async fn all_regions_are_named_in_the_language_of_the_page() {
    let world = World::with(Kind::Sqlite, "outbox", &[("ALLOWED_REGIONS", "*")]).await;
    let person = world.browser();
    for (language, names) in [("ko", ["대한민국 +82", "일본 +81"]), ("en", ["South Korea +82", "Åland Islands +358"])] {
        let page = page_with(&person, &[(ACCEPT_LANGUAGE, language)]).await;
        assert!(page.body.matches("<option").count() > 2 * 240, "{}", page.body.len());
        for name in names {
            assert!(page.body.contains(&format!(">{name}</option>")), "{name}");
        }
        assert!(page.body.len() < 100_000, "{}", page.body.len());
    }
    let posted = asks(&person, "01512 3456789", "DE").await;
    assert_eq!((posted.redirect(), world.sms()[0].to.as_str()), ("/", "+4915123456789"));
}
