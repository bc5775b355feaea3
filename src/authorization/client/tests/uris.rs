//! Where a client may have people sent.

use super::*;

#[test]
fn an_address_is_asked_for_byte_for_byte() {
    let mut draft = shop();
    draft.post_logout_redirect_uris = texts(&["https://shop.example.com/bye"]);
    let shop = client(draft);
    assert!(shop.has_redirect_uri("https://shop.example.com/callback"));
    assert!(shop.has_post_logout_redirect_uri("https://shop.example.com/bye"));
    for (end, start) in [("callback", "https://shop.example.com/"), ("bye", "https://shop.example.com/")] {
        for other in [
            String::new(),
            start.to_owned(),
            format!("{start}{end}/"),
            format!("{start}{end}?"),
            format!("{start}{end}#"),
            format!("{start}{end}?a=b"),
            format!("{start}{}", end.to_uppercase()),
            format!("{start}%{:02x}{}", end.as_bytes()[0], &end[1..]),
            format!("{start}/{end}"),
            format!("{start}../{end}"),
            format!(" {start}{end}"),
            format!("https://shop.example.com:443/{end}"),
            format!("https://SHOP.example.com/{end}"),
            format!("https://shop.example.com./{end}"),
            format!("https://shop.example.com@evil.example/{end}"),
            format!("https://shop.example.com.evil.example/{end}"),
            format!("http://shop.example.com/{end}"),
            format!("javascript://shop.example.com/{end}"),
        ] {
            assert!(!shop.has_redirect_uri(&other) && !shop.has_post_logout_redirect_uri(&other), "{other}");
        }
    }
    assert!(!shop.has_redirect_uri("https://shop.example.com/bye"));
    assert!(!shop.has_post_logout_redirect_uri("https://shop.example.com/callback"));
}

#[test]
fn an_app_on_this_machine_listens_at_any_port() {
    let registered =
        ["http://127.0.0.1/callback", "http://[::1]:7000/callback", "http://localhost/callback", "com.example.app:/callback"];
    let app = client(app(&registered));
    for uri in registered.iter().chain(&[
        "http://127.0.0.1:1/callback",
        "http://127.0.0.1:65535/callback",
        "http://[::1]/callback",
        "http://[::1]:51234/callback",
    ]) {
        assert!(app.has_redirect_uri(uri), "{uri}");
    }
    for uri in [
        "http://127.0.0.1:0/callback",
        "http://127.0.0.1:080/callback",
        "http://127.0.0.1:65536/callback",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1:-1/callback",
        "http://127.0.0.1:1:2/callback",
        "http://127.0.0.1:80@evil.example/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1:51234/callback/",
        "http://127.0.0.1:51234",
        "http://127.0.0.2:51234/callback",
        "https://127.0.0.1:51234/callback",
        "http://localhost:51234/callback",
        "com.example.app:/callback/",
        "com.example.app://callback",
    ] {
        assert!(!app.has_redirect_uri(uri), "{uri}");
    }
    let mut confidential = shop();
    confidential.redirect_uris = texts(&["http://127.0.0.1/callback"]);
    assert!(!client(confidential).has_redirect_uri("http://127.0.0.1:51234/callback"));
    let mut posted = super::app(&["http://127.0.0.1/callback"]);
    posted.post_logout_redirect_uris = texts(&["http://127.0.0.1/bye"]);
    assert!(!client(posted).has_post_logout_redirect_uri("http://127.0.0.1:51234/bye"));
}

#[test]
fn what_a_proxy_guards_has_its_callback() {
    let mut draft = shop();
    draft.forward_auth_origin = Some("https://wiki.example.com".to_owned());
    let both = client(draft.clone());
    assert_eq!(both.redirect_uris, ["https://shop.example.com/callback", "https://wiki.example.com/.beonho/callback"]);
    draft.redirect_uris = texts(&["https://wiki.example.com/.beonho/callback"]);
    assert_eq!(client(draft.clone()).redirect_uris.len(), 1);
    (draft.redirect_uris, draft.client_secret_sha256) = (Vec::new(), Vec::new());
    let guarded = client(draft);
    assert!(guarded.has_redirect_uri("https://wiki.example.com/.beonho/callback"));
    assert_eq!((guarded.secrets(), guarded.is_public(), guarded.sector()), (0, false, "wiki.example.com"));
    assert!(
        faults(|draft| draft.forward_auth_origin = Some("https://wiki.example.com/".to_owned()))[0].contains("forward_auth_origin")
    );
}

#[test]
fn a_pairwise_client_has_one_host() {
    let with = |uris: &[&str]| {
        let mut draft = app(uris);
        draft.subject_type = Some("pairwise".to_owned());
        Client::new(draft)
    };
    for (uris, sector) in [
        (&["https://shop.example.com/a", "https://shop.example.com:8443/b"][..], "shop.example.com"),
        (&["com.example.app:/a", "com.example.app://b"], "com.example.app"),
        (&["http://[::1]/a"], "[::1]"),
    ] {
        let pairwise = with(uris).expect("one host");
        assert_eq!((pairwise.sector(), pairwise.is_pairwise), (sector, true));
    }
    for uris in [["https://shop.example.com/", "https://example.com/"], ["https://shop.example.com/", "com.example.app:/a"]] {
        let faults = with(&uris).expect_err("two hosts");
        assert!(faults.len() == 1 && faults[0].contains("one host"), "{faults:?}");
    }
    let mut draft = shop();
    draft.redirect_uris = texts(&["https://b.example.com/", "https://a.example.com/"]);
    assert_eq!(client(draft).sector(), "b.example.com");
}
