use super::*;

#[test]
fn an_address_that_browsers_write_may_be_registered() {
    for uri in [
        "https://shop.example.com/callback",
        "https://shop.example.com:8443/callback?from=beonho&a=%EA%B0%80",
        "https://shop.example.com/",
        "https://shop.example.com",
        "https://xn--bj0bj06e.kr/api/auth/callback/beonho",
        "https://192.0.2.7/callback",
        "https://a_b.example.com/~me/callback/",
        "http://localhost:3001/callback",
        "http://127.0.0.1/callback",
        "http://127.0.0.1:3001",
        "http://[::1]:3001/callback",
    ] {
        assert_eq!((fault_of(uri, Kind::Web), fault_of(uri, Kind::App)), (None, None), "{uri}");
    }
    for uri in ["com.example.app:/callback", "com.example.app://callback", "com.example.app:///a/b?c=d"] {
        assert_eq!(fault_of(uri, Kind::App), None, "{uri}");
        assert!(fault_of(uri, Kind::Web).is_some_and(|fault| fault.contains("public clients")), "{uri}");
    }
}

#[test]
fn every_other_address_is_refused_with_the_reason() {
    let long = format!("https://a.example/{}", "a".repeat(MAX_URI_BYTES));
    for (uri, why) in [
        ("", "a scheme and a host"),
        ("/callback", "a scheme and a host"),
        ("shop.example.com/callback", "a scheme and a host"),
        ("https://", "a scheme and a host"),
        ("https://shop.example.com:99999/", "a scheme and a host"),
        ("javascript:alert(1)", "https"),
        ("JavaScript://shop.example.com/%0aalert(1)", "https"),
        ("data:text/html,hello", "https"),
        ("file:///etc/passwd", "https"),
        ("vbscript:x", "https"),
        ("blob:https://shop.example.com/1", "https"),
        ("ftp://shop.example.com/", "https"),
        ("myapp://callback", "a scheme with a dot"),
        ("com.example.app:callback", "com.example.app:/callback"),
        ("http://shop.example.com/callback", "must be https"),
        ("http://app.localhost/callback", "must be https"),
        ("http://127.0.0.2/callback", "must be https"),
        ("http://127.0.0.1.example.com/callback", "must be https"),
        ("http://0.0.0.0/callback", "must be https"),
        ("https://shop.example.com/callback#", "fragment"),
        ("https://shop.example.com/callback#a", "fragment"),
        ("https://me@shop.example.com/", "no user"),
        ("https://me:hunter2@shop.example.com/", "no user"),
        ("https://@shop.example.com/", "no user"),
        ("https:\\\\me@shop.example.com/", "no user"),
        ("com.example.app://me@callback", "no user"),
        ("https://*.example.com/callback", "no *"),
        ("https://shop.example.com/*", "no *"),
        ("https://a;script-src/", "letters, digits"),
        ("https://a,b.example/", "letters, digits"),
        (" https://shop.example.com/", "no space"),
        ("https://shop.example.com/a b", "no space"),
        ("https://shop.example.com/a\u{a0}b", "no space"),
        ("https://shop.example.com/\n", "no space"),
        ("https://shop.example.com/\0", "no control"),
        (&long, "2000 bytes"),
    ] {
        for kind in [Kind::Web, Kind::App] {
            let fault = fault_of(uri, kind).unwrap_or_else(|| panic!("{uri:?} is taken"));
            assert!(fault.contains(why), "{uri:?}: {fault}");
        }
    }
}

#[test]
fn an_address_that_no_browser_writes_is_told_as_one_would() {
    for (uri, written) in [
        ("HTTPS://shop.example.com/callback", "https://shop.example.com/callback"),
        ("https://Shop.Example.com/callback", "https://shop.example.com/callback"),
        ("https://shop.example.com:443/callback", "https://shop.example.com/callback"),
        ("http://localhost:80/", "http://localhost/"),
        ("https://shop.example.com?a=b", "https://shop.example.com/?a=b"),
        ("https://shop.example.com/a/../b", "https://shop.example.com/b"),
        ("https://shop.example.com/%2e%2e/b", "https://shop.example.com/b"),
        ("https:shop.example.com/callback", "https://shop.example.com/callback"),
        ("https:///shop.example.com/callback", "https://shop.example.com/callback"),
        ("https://shop.example.com\\callback", "https://shop.example.com/callback"),
        ("https://우리가게.kr/", "https://xn--o39akk294a1um.kr/"),
        ("https://shop.example.com/가", "https://shop.example.com/%EA%B0%80"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]/"),
    ] {
        let fault = fault_of(uri, Kind::Web).unwrap_or_else(|| panic!("{uri:?} is taken"));
        assert!(fault.ends_with(&quoted(written)), "{uri:?}: {fault}");
    }
}

#[test]
fn a_fault_shows_no_password() {
    assert_eq!(shown("https://shop.example.com/a@b"), "\"https://shop.example.com/a@b\"");
    for uri in ["https://me:hunter2@shop.example.com/", "https:me:hunter2@shop.example.com", "x:\\\\me:hunter2@a"] {
        assert!(!shown(uri).contains("hunter2"), "{uri}");
    }
}

#[test]
fn an_origin_is_nothing_more_than_one() {
    for origin in [
        "https://app.example.com",
        "https://app.example.com:8443",
        "http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://app.localhost:8080",
    ] {
        assert_eq!(fault_of_origin(origin), None, "{origin}");
    }
    for (origin, why) in [
        ("https://app.example.com/", "nothing else: \"https://app.example.com\""),
        ("https://app.example.com:443", "nothing else: \"https://app.example.com\""),
        ("https://App.example.com", "nothing else: \"https://app.example.com\""),
        (" https://app.example.com", "nothing else"),
        ("https://app.example.com/a", "must be an origin"),
        ("https://app.example.com?a", "must be an origin"),
        ("https://app.example.com#", "must be an origin"),
        ("https://me@app.example.com", "must be an origin"),
        ("https://a;b", "must be an origin"),
        ("app.example.com", "must be an origin"),
        ("", "must be an origin"),
        ("http://app.example.com", "must be https"),
        ("com.example.app://a", "must be an origin"),
        ("ftp://app.example.com", "must be https"),
    ] {
        let fault = fault_of_origin(origin).unwrap_or_else(|| panic!("{origin:?} is taken"));
        assert!(fault.contains(why), "{origin:?}: {fault}");
    }
}

#[test]
fn a_policy_names_where_a_form_may_lead() {
    for (uri, source) in [
        ("https://shop.example.com/callback?a=b", "https://shop.example.com"),
        ("https://shop.example.com:8443/callback", "https://shop.example.com:8443"),
        ("http://127.0.0.1:51234/callback", "http://127.0.0.1:51234"),
        ("http://localhost:3001", "http://localhost:3001"),
        ("http://[::1]:3001/callback", "http:"),
        ("com.example.app:/callback", "com.example.app:"),
        ("com.example.app://callback/a", "com.example.app:"),
        ("https://a;script-src/", "https:"),
        ("nonsense", ""),
    ] {
        assert_eq!(form_action_of(uri), source, "{uri}");
    }
}
