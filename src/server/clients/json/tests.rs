use super::*;

const DIGEST: &str = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

/// A list of one that has these fields beside its id.
fn with(fields: &str) -> String {
    format!(r#"[{{"client_id": "shop", {fields}}}]"#)
}

fn good() -> String {
    format!(r#""client_secret_sha256": ["{DIGEST}"], "redirect_uris": ["https://shop.example.com/callback"]"#)
}

#[test]
fn every_field_is_read_and_written_again() {
    let all = format!(
        r#"{{"client_id":"shop","client_name":"우리가게","client_secret_sha256":["{DIGEST}"],"redirect_uris":["https://shop.example.com/a"],
        "post_logout_redirect_uris":["https://shop.example.com/b"],"backchannel_logout_uri":"https://shop.example.com/c",
        "token_endpoint_auth_method":"client_secret_post","pkce":false,"refresh":true,"id_token_signed_response_alg":"ES256",
        "subject_type":"pairwise","email_domain":"users.example.com","forward_auth_origin":"https://shop.example.com",
        "scope":"openid email offline_access","claims_in_id_token":true}}"#
    );
    let draft = parse_draft(&all).expect("a client");
    let written = write(&draft);
    for name in KNOWN {
        assert!(written.contains(&format!("\"{name}\":")), "{name} in {written}");
    }
    assert!(parse_draft(&written).expect("a client") == draft);
    let client = &parse(&format!("[{all}]")).expect("a list")[0];
    assert_eq!((client.name.as_str(), client.scopes.to_string().as_str()), ("우리가게", "openid email offline_access"));
    assert_eq!(write(&ClientDraft { client_id: "a".to_owned(), ..ClientDraft::default() }), r#"{"client_id":"a"}"#);
}

#[test]
fn null_is_nothing_and_an_empty_list_is_one() {
    let nothing = KNOWN[5..].iter().map(|name| format!("\"{name}\": null")).collect::<Vec<_>>().join(", ");
    assert_eq!(parse(&with(&format!("{}, {nothing}", good()))).map(|clients| clients.len()), Ok(1));
    assert_eq!(parse(" [ ] "), Ok(Vec::new()));
}

#[test]
fn what_is_no_list_is_told_with_its_place_and_without_what_it_says() {
    for (text, told) in [
        ("", "is no JSON: EOF"),
        ("[\n  {\"client_id\": \"hunter2\"\n  \"pkce\": true}]", "is no JSON: expected `,` or `}` at line 3 column 3"),
        ("[{\"client_secret_sha256\": [\"hunter2]}]", "is no JSON: EOF"),
        ("[{}] hunter2", "is no JSON: trailing characters"),
        ("{\"client_id\": \"hunter2\"}", "must be an array of objects, [{…}] (line 1 column"),
        ("[\"hunter2\"]", "must be an array of objects, [{…}] (line 1 column"),
        ("\"hunter2\"", "must be an array of objects, [{…}] (line 1 column"),
        ("null", "must be an array of objects, [{…}] (line 1 column"),
    ] {
        let faults = parse(text).expect_err("no list");
        assert!(faults.len() == 1 && faults[0].contains(told) && !faults[0].contains("hunter2"), "{text}: {faults:?}");
    }
}

#[test]
fn each_field_has_its_form_and_no_value_is_shown() {
    for (fields, told) in [
        (
            r#""client_secret_sha256": "hunter2""#,
            ["client shop: client_secret_sha256: must be a list of texts, [\"…\"]"].as_slice(),
        ),
        (r#""client_secret_sha256": [["hunter2"]]"#, &["client shop: client_secret_sha256: must be a list of texts, [\"…\"]"]),
        (r#""pkce": "hunter2""#, &["client shop: pkce: must be true or false"]),
        (r#""scope": ["hunter2"]"#, &["client shop: scope: must be a text in quotes"]),
        (r#""scope": "openid", "scope": "hunter2""#, &["client shop: scope: is there twice"]),
        (r#""client_id": "hunter2""#, &["client 1 of the list: client_id: is there twice"]),
        (
            r#""pkce": 1, "refresh": 0, "redirect_uris": {}"#,
            &[
                "client shop: redirect_uris: must be a list of texts, [\"…\"]",
                "client shop: pkce: must be true or false",
                "client shop: refresh: must be true or false",
            ],
        ),
    ] {
        assert_eq!(parse(&with(fields)).expect_err("refused"), told, "{fields}");
    }
    for fields in [r#""client_secret": "hunter2""#, r#""client_secret_sha256": ["hunter2"]"#] {
        let faults = parse(&with(fields)).expect_err("refused").join("\n");
        assert!(faults.contains("SHA-256") && !faults.contains("hunter2"), "{faults}");
    }
}

#[test]
fn a_field_that_there_is_not_is_told_beside_all_else() {
    let faults = parse(&with(r#""redirect_uri": ["https://a.example/"], "logo_uri": "a", "pkce": true"#)).expect_err("refused");
    assert_eq!(
        faults[..2],
        ["client shop: \"redirect_uri\": is no field; is redirect_uris meant?", "client shop: \"logo_uri\": is no field"]
    );
    assert!(faults.len() == 4 && faults[2].contains("client_secret_sha256") && faults[3].contains("one at least"), "{faults:#?}");
}

#[test]
fn every_client_of_a_list_is_looked_at() {
    let text = format!(
        r#"[{{"pkce": true}}, {{"client_id": 7}}, {{"client_id": "a b", {good}}}, {{"client_id": "a", {good}}}, {{"client_id": "a", {good}}}]"#,
        good = good()
    );
    let faults = parse(&text).expect_err("refused");
    let starts =
        ["client 1 of the list: client_id: is missing", "client 2 of the list: client_id: must be", "client \"a b\": client_id: "];
    for (fault, start) in faults.iter().zip(starts) {
        assert!(fault.starts_with(start), "{fault}");
    }
    assert_eq!(faults[3..], ["client a: client_id: is there 2 times"]);
}
