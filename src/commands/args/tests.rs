//! What is understood, and what is refused.

use super::*;

#[test]
fn the_words_of_a_call_are_understood_or_refused() {
    let parse = |words: &str| Cli::try_parse_from(format!("beonho {words}").split_whitespace()).map(|cli| cli.command).ok();
    let by = |name: &str, reason: &str| By { name: name.to_owned(), reason: reason.to_owned() };
    let unlock =
        |number: Option<&str>| Command::Unlock { number: number.map(str::to_owned), all: number.is_none(), by: by("shell", "") };
    assert_eq!(parse(""), Some(None));
    assert_eq!(parse("unlock 01012345678"), Some(Some(unlock(Some("01012345678")))));
    assert_eq!(parse("unlock +821012345678"), Some(Some(unlock(Some("+821012345678")))));
    assert_eq!(parse("settings"), Some(Some(Command::Settings)));
    let report = |since, json| Some(Some(Command::Report(ReportCommand::Abuse { since, json })));
    assert_eq!((parse("report abuse"), parse("report abuse --since 3 --json")), (report(24, false), report(3, true)));
    assert_eq!(parse("unlock --all"), Some(Some(unlock(None))));
    let remove = |by| Some(Some(Command::Account(AccountCommand::Remove { number: "010".into(), by })));
    assert_eq!(parse("account remove 010"), remove(by("shell", "")));
    assert_eq!(parse("account remove 010 --as mina --reason asked"), remove(by("mina", "asked")));
    assert_eq!(parse("why 010 --json"), Some(Some(Command::Why { number: "010".into(), json: true })));
    assert_eq!(parse("console --as mina"), Some(Some(Command::Console { by: by("mina", "") })));
    let rotate = |now, by| Some(Some(Command::Keys(KeysCommand::Rotate { now, by })));
    assert_eq!(parse("keys rotate"), rotate(false, by("shell", "")));
    assert_eq!(parse("keys rotate --now --as mina --reason leak"), rotate(true, by("mina", "leak")));
    assert_eq!(parse("backup a.db"), Some(Some(Command::Backup { file: "a.db".into() })));
    for wrong in [
        "why",
        "report",
        "report abuse --since 25",
        "report abuse --since 0",
        "guard",
        "guard lift",
        "guard replay --days 16",
        "unlock",
        "unlock 010 --all",
        "backup",
        "keys",
        "keys rotate RS256",
        "account",
        "account add x",
        "serve",
        "--help me",
        "--verson",
    ] {
        assert_eq!(parse(wrong), None, "{wrong}");
    }
}

#[test]
fn the_words_of_an_application_are_understood() {
    let parse = |words: &[&str]| Cli::try_parse_from([&["beonho", "client"], words].concat()).map(|cli| cli.command).ok().flatten();
    let by = || By { name: "shell".into(), reason: String::new() };
    let rotate = |now| Some(Command::Client(ClientCommand::Rotate { id: "shop".into(), now, by: by() }));
    assert_eq!((parse(&["rotate", "shop"]), parse(&["rotate", "shop", "--now"])), (rotate(false), rotate(true)));
    assert_eq!(parse(&["list", "--json"]), Some(Command::Client(ClientCommand::List { json: true })));
    assert_eq!(parse(&["remove", "shop"]), Some(Command::Client(ClientCommand::Remove { id: "shop".into(), by: by() })));
    let add =
        "add shop --redirect-uri https://a.example/ --redirect-uri https://b.example/ --post-logout-redirect-uri https://a.example/
               --backchannel-logout-uri https://a.example/out --public --refresh --no-pkce --pairwise --alg ES256 --name Shop
               --email-domain a.example --forward-auth-origin https://c.example --scope openid";
    let Some(Command::Client(ClientCommand::Add(add))) = parse(&add.split_whitespace().collect::<Vec<_>>()) else {
        panic!("{add}")
    };
    let draft = add.draft(None);
    assert_eq!((draft.redirect_uris.len(), draft.post_logout_redirect_uris.len(), draft.pkce), (2, 1, Some(false)));
    assert_eq!((draft.token_endpoint_auth_method.as_deref(), draft.subject_type.as_deref()), (Some("none"), Some("pairwise")));
    assert_eq!((draft.refresh, draft.scope.as_deref(), add.needs_secret()), (Some(true), Some("openid"), false));
    for wrong in [&["add"][..], &["rotate"], &["remove"], &["remove", "a", "b"], &["show", "a"]] {
        assert_eq!(parse(wrong), None, "{wrong:?}");
    }
}

#[test]
fn the_words_of_the_guard_are_understood() {
    let parse = |words: &[&str]| Cli::try_parse_from([&["beonho", "guard"], words].concat()).map(|cli| cli.command).ok().flatten();
    let replay = |days, json| Some(Command::Guard(GuardCommand::Replay { days, json }));
    assert_eq!((parse(&["replay"]), parse(&["replay", "--days", "3", "--json"])), (replay(14, false), replay(3, true)));
    let by = By { name: "mina".into(), reason: "a class".into() };
    let lift = Some(Command::Guard(GuardCommand::Lift { key: "+82101234".into(), by }));
    assert_eq!(parse(&["lift", "+82101234", "--as", "mina", "--reason", "a class"]), lift);
    assert_eq!(parse(&["lift", "+82101234", "--reason"]), None);
}
