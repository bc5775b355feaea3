//! What a client is, and every fault of one.

use super::*;

#[test]
fn what_is_not_written_is_as_most_clients_need_it() {
    let shop = client(shop());
    assert_eq!((shop.id.as_str(), shop.name.as_str(), shop.sector()), ("shop", "shop", "shop.example.com"));
    assert!(shop.needs_pkce && !shop.is_public() && !shop.may_refresh() && !shop.is_pairwise && !shop.has_claims_in_id_token);
    assert_eq!((shop.algorithm, shop.scopes.to_string().as_str()), (Algorithm::Rs256, "openid profile phone"));
}

#[test]
fn what_is_written_is_taken() {
    let all = client(ClientDraft {
        client_name: Some("우리가게 <b>".to_owned()),
        client_secret_sha256: texts(&[OTHER, SECRET]),
        backchannel_logout_uri: Some("http://127.0.0.1:3001/logout".to_owned()),
        token_endpoint_auth_method: Some("client_secret_post".to_owned()),
        pkce: Some(false),
        refresh: Some(true),
        id_token_signed_response_alg: Some("ES256".to_owned()),
        subject_type: Some("pairwise".to_owned()),
        email_domain: Some("users.example.com".to_owned()),
        claims_in_id_token: Some(true),
        ..shop()
    });
    assert!(!all.needs_pkce && all.may_refresh() && all.is_pairwise && all.has_claims_in_id_token && !all.is_public());
    assert_eq!((all.algorithm, all.scopes.to_string().as_str()), (Algorithm::Es256, "openid profile phone email offline_access"));
    assert_eq!((all.name.as_str(), all.secrets()), ("우리가게 <b>", 2));
    let narrow = client(ClientDraft { scope: Some("  phone openid ".to_owned()), ..shop() });
    assert_eq!(narrow.scopes.to_string(), "openid phone");
    assert!(client(app(&["https://app.example.com/"])).is_public());
}

#[test]
fn a_secret_is_known_by_its_digest() {
    let mut draft = shop();
    draft.client_secret_sha256 = texts(&[SECRET, OTHER]);
    let both = client(draft);
    assert!(both.is_secret("secret") && both.is_secret("other"));
    assert!(client(shop()).is_secret("secret") && !client(shop()).is_secret("other"));
    for wrong in ["", "secre", "secret ", "Secret", SECRET, "secret\0"] {
        assert!(!both.is_secret(wrong), "{wrong:?}");
    }
    let public = client(app(&["https://app.example.com/"]));
    assert!(!public.is_secret("") && !public.is_secret("secret"));
    assert!(!format!("{both:?}").contains("2bb80d") && !format!("{both:?}").contains("43, 184"));
}

type Change = fn(&mut ClientDraft);

/// The field, a part of the reason, and the fault.
const CASES: &[(&str, &str, Change)] = &[
    ("client_name", "visible", |draft| draft.client_name = Some(String::new())),
    ("client_name", "visible", |draft| draft.client_name = Some("a".repeat(65))),
    ("client_name", "visible", |draft| draft.client_name = Some(" a".to_owned())),
    ("client_name", "visible", |draft| draft.client_name = Some("a\u{202e}b".to_owned())),
    ("client_name", "visible", |draft| draft.client_name = Some("a\nb".to_owned())),
    ("client_secret_sha256", "1 to 2", |draft| draft.client_secret_sha256.clear()),
    ("client_secret_sha256", "at most 2", |draft| draft.client_secret_sha256 = texts(&[SECRET, OTHER, SECRET])),
    ("client_secret_sha256", "twice", |draft| draft.client_secret_sha256 = texts(&[SECRET, SECRET])),
    ("client_secret_sha256", "lower-case hex", |draft| draft.client_secret_sha256 = texts(&["my secret"])),
    ("client_secret_sha256", "lower-case hex", |draft| draft.client_secret_sha256 = vec![SECRET.to_uppercase()]),
    ("client_secret_sha256", "lower-case hex", |draft| draft.client_secret_sha256 = vec![format!("+{}", &SECRET[1..])]),
    ("client_secret_sha256", "lower-case hex", |draft| draft.client_secret_sha256 = vec![format!("{SECRET}0")]),
    ("client_secret_sha256", "lower-case hex", |draft| draft.client_secret_sha256 = vec!["가".repeat(21) + "a"]),
    ("client_secret_sha256", "of nothing", |draft| {
        draft.client_secret_sha256 = texts(&["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]);
    }),
    ("client_secret_sha256", "left out", |draft| draft.token_endpoint_auth_method = Some("none".to_owned())),
    ("redirect_uris", "one at least", |draft| draft.redirect_uris.clear()),
    ("redirect_uris", "https", |draft| draft.redirect_uris = texts(&["javascript:alert(1)"])),
    ("redirect_uris", "public clients", |draft| draft.redirect_uris = texts(&["com.example.app:/callback"])),
    ("redirect_uris", "at most 50", |draft| draft.redirect_uris = texts(&["https://shop.example.com/"; 51])),
    ("post_logout_redirect_uris", "fragment", |draft| draft.post_logout_redirect_uris = texts(&["https://a.example/#"])),
    ("backchannel_logout_uri", "https", |draft| draft.backchannel_logout_uri = Some("http://a.example/".to_owned())),
    ("backchannel_logout_uri", "fragment", |draft| draft.backchannel_logout_uri = Some("https://a.example/#".to_owned())),
    ("token_endpoint_auth_method", "none", |draft| draft.token_endpoint_auth_method = Some("private_key_jwt".to_owned())),
    ("id_token_signed_response_alg", "RS256", |draft| draft.id_token_signed_response_alg = Some("none".to_owned())),
    ("subject_type", "pairwise", |draft| draft.subject_type = Some("Public".to_owned())),
    ("email_domain", "your own", |draft| draft.email_domain = Some("naver.com".to_owned())),
    ("forward_auth_origin", "https", |draft| draft.forward_auth_origin = Some("http://a.example".to_owned())),
    ("scope", "openid", |draft| draft.scope = Some("profile".to_owned())),
    ("scope", "\"groups\" is none of openid profile phone email offline_access", |draft| {
        draft.scope = Some("openid groups".to_owned());
    }),
    ("scope", "email_domain", |draft| draft.scope = Some("openid email".to_owned())),
    ("scope", "refresh", |draft| draft.scope = Some("openid offline_access".to_owned())),
    ("refresh", "offline_access", |draft| (draft.refresh, draft.scope) = (Some(true), Some("openid".to_owned()))),
];

#[test]
fn each_fault_names_the_client_and_the_field() {
    for (field, why, change) in CASES {
        let faults = faults(change);
        assert!(faults.len() == 1 && faults[0].starts_with(&format!("client shop: {field}: ")), "{field}, {why}: {faults:?}");
        assert!(faults[0].contains(why) && !faults[0].contains("my secret"), "{why}: {faults:?}");
    }
    let unprotected = Client::new(ClientDraft { pkce: Some(false), ..app(&["https://app.example.com/"]) });
    assert!(unprotected.expect_err("no PKCE")[0].starts_with("client shop: pkce: must be true"));
}

#[test]
fn an_id_needs_no_encoding_anywhere() {
    let longest = "a".repeat(64);
    for id in ["a", "0", "Shop_1.2~3-4", &longest] {
        assert_eq!(client(ClientDraft { client_id: id.to_owned(), ..shop() }).id, id);
    }
    for (id, shown) in [("", "\"\""), ("a b", "\"a b\""), ("a:b", "\"a:b\""), ("가", "\"가\""), ("a\n", "\"a\\n\"")] {
        let faults = faults(|draft| draft.client_id = id.to_owned());
        assert!(faults[0].starts_with(&format!("client {shown}: client_id: ")), "{faults:?}");
    }
    assert_eq!(faults(|draft| draft.client_id = "a".repeat(65)).len(), 1);
}

#[test]
fn all_faults_are_told_at_once() {
    let faults = faults(|draft| {
        draft.client_id = "my shop".to_owned();
        draft.redirect_uris = texts(&["http://a.example/", "https://me:hunter2@b.example/"]);
        draft.scope = Some("groups email".to_owned());
        draft.email_domain = Some("gmail.com".to_owned());
    });
    assert_eq!(faults.len(), 6, "{faults:#?}");
    assert!(!faults.join("\n").contains("hunter2"), "{faults:#?}");
}

#[test]
fn two_of_a_list_are_told_apart() {
    let with = |id: &str, origin: Option<&str>| {
        client(ClientDraft { client_id: id.to_owned(), forward_auth_origin: origin.map(str::to_owned), ..shop() })
    };
    let wiki = Some("https://wiki.example.com");
    assert!(
        Client::clashes(&[with("a", wiki), with("A", None), with("b", None), with("c", Some("https://c.example.com"))]).is_empty()
    );
    let clashes = Client::clashes(&[with("a", wiki), with("a", None), with("b", wiki), with("c", wiki)]);
    assert_eq!(
        clashes,
        [
            "client a: client_id: is there 2 times",
            "client a: forward_auth_origin: https://wiki.example.com is that of b, c as well"
        ]
    );
}
