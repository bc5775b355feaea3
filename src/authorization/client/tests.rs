use super::*;

mod rules;
mod uris;

/// The digest of `secret`, and of `other`.
const SECRET: &str = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
const OTHER: &str = "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa";

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A client as most are.
fn shop() -> ClientDraft {
    ClientDraft {
        client_id: "shop".to_owned(),
        client_secret_sha256: texts(&[SECRET]),
        redirect_uris: texts(&["https://shop.example.com/callback"]),
        ..ClientDraft::default()
    }
}

/// A client that keeps no secret.
fn app(uris: &[&str]) -> ClientDraft {
    ClientDraft {
        client_secret_sha256: Vec::new(),
        redirect_uris: texts(uris),
        token_endpoint_auth_method: Some("none".to_owned()),
        ..shop()
    }
}

fn client(draft: ClientDraft) -> Client {
    Client::new(draft).expect("a client")
}

/// What is wrong with a shop that was changed.
fn faults(change: impl FnOnce(&mut ClientDraft)) -> Vec<String> {
    let mut draft = shop();
    change(&mut draft);
    Client::new(draft).expect_err("no client")
}
