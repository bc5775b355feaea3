//! Grants: what an application was given ends with its session, and of many at once one has it.

use beonho::server::store::{Grant, NewToken, Redeemed, Refreshed, TokenKind, WaitingRequest};
use jiff::{SignedDuration, Timestamp};

use super::accounts::account;
use super::{Shelf, at, deed, number, rotation, subject};
use crate::databases::{Kind, on_both_databases};

on_both_databases!(
    a_request_waits_for_its_time_and_an_address_has_so_many,
    a_code_is_redeemed_once_and_a_replay_takes_all_back,
    a_grant_needs_a_session_that_lives,
    a_sign_out_ends_what_was_given_and_tells_each_application_once,
    a_refresh_token_is_changed_once_and_a_repeat_is_no_theft,
    whoever_proves_a_number_again_keeps_what_they_gave,
    somebody_else_in_the_same_browser_gets_nothing_of_it,
    a_sign_out_everywhere_ends_all_of_it,
    an_account_that_is_removed_is_told_of,
    a_notice_is_claimed_by_one_and_comes_again,
    what_is_over_is_forgotten,
);

fn waiting(name: &str, requester: &str, now: Timestamp) -> WaitingRequest {
    WaitingRequest {
        digest: name.into(),
        client_id: "shop".into(),
        parameters: "client_id=shop".into(),
        fresh_after: Some(at(1)),
        requester: requester.into(),
        opened_at: now,
        expires_at: now + SignedDuration::from_secs(600),
    }
}

fn grant(id: &str, account: &str, session: &str, is_offline: bool, now: Timestamp) -> Grant {
    Grant {
        id: id.into(),
        client_id: "shop".into(),
        account_id: account.into(),
        session: session.into(),
        sid: format!("sid of {session}"),
        scope: "openid".into(),
        nonce: Some("n".into()),
        redirect_uri: "https://shop.example.com/cb".into(),
        challenge: None,
        authenticated_at: Some(at(0)),
        code: format!("code of {id}"),
        code_expires_at: now + SignedDuration::from_secs(60),
        redeemed_at: None,
        is_offline,
        is_ended: false,
        granted_at: now,
        expires_at: now + SignedDuration::from_hours(24),
    }
}

fn tokens(name: &str, now: Timestamp) -> [NewToken; 2] {
    let token =
        |kind, what, secs| NewToken { digest: format!("{name} {what}"), kind, expires_at: now + SignedDuration::from_secs(secs) };
    [token(TokenKind::Access, "access", 600), token(TokenKind::Refresh, "refresh", 86_400)]
}

impl Shelf {
    async fn granted(&self, id: &str, account: &str, session: &str, is_offline: bool) -> Grant {
        let grant = grant(id, account, session, is_offline, at(10));
        assert!(self.store.add_grant(&grant).await.expect("asked"));
        assert_eq!(self.store.find_grant(&grant.code).await.expect("asked"), Some(grant.clone()));
        let redeemed = self.store.redeem_code(&grant, &tokens(id, at(11)), at(11)).await.expect("asked");
        assert_eq!(redeemed, Redeemed::Issued);
        grant
    }

    async fn is_good(&self, token: &str, now: Timestamp) -> bool {
        self.store.find_token(token, now).await.expect("asked").is_some()
    }

    async fn notices(&self, now: Timestamp) -> Vec<(String, Option<String>)> {
        let claimed = self.store.claim_notices(now, now + SignedDuration::from_secs(30), 9).await.expect("claimed");
        claimed.into_iter().map(|notice| (notice.client_id, notice.sid)).collect()
    }
}

async fn a_request_waits_for_its_time_and_an_address_has_so_many(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let first = waiting("a", "192.0.2.1", at(0));
    assert!(shelf.store.add_request(&first, 2).await.expect("added"));
    assert!(shelf.store.add_request(&waiting("b", "192.0.2.1", at(0)), 2).await.expect("added"));
    assert!(!shelf.store.add_request(&waiting("c", "192.0.2.1", at(0)), 2).await.expect("asked"));
    assert!(shelf.store.add_request(&waiting("d", "192.0.2.2", at(0)), 2).await.expect("another address"));
    assert_eq!(shelf.store.find_request("a", at(599)).await.expect("asked"), Some(first));
    assert_eq!(shelf.store.find_request("a", at(600)).await.expect("asked"), None);
    assert_eq!(shelf.store.find_request("c", at(0)).await.expect("asked"), None);
    assert!(shelf.store.add_request(&waiting("e", "192.0.2.1", at(600)), 2).await.expect("those are over"));
}

async fn a_code_is_redeemed_once_and_a_replay_takes_all_back(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let account = account(&shelf, "a", 1, at(0)).await;
    let late = grant("late", &account, "a account", false, at(0));
    assert!(shelf.store.add_grant(&late).await.expect("added"));
    assert_eq!(shelf.store.redeem_code(&late, &tokens("late", at(60)), at(60)).await.expect("asked"), Redeemed::Over);

    let grant = shelf.granted("g", &account, "a account", false).await;
    let held = shelf.store.find_token("g access", at(12)).await.expect("asked").expect("a token");
    assert_eq!((held.kind, held.account.id.as_str(), held.grant.id.as_str()), (TokenKind::Access, account.as_str(), "g"));
    assert!(!shelf.is_good("g access", at(611)).await, "its time is over");
    let again = shelf.store.redeem_code(&grant, &tokens("again", at(12)), at(12)).await.expect("asked");
    assert_eq!(again, Redeemed::Replayed);
    for token in ["g access", "g refresh", "again access"] {
        assert!(!shelf.is_good(token, at(12)).await, "{token}");
    }
}

async fn a_grant_needs_a_session_that_lives(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let account = account(&shelf, "a", 1, at(0)).await;
    for (account, session) in [("nobody", "a account"), (account.as_str(), "a new"), (account.as_str(), "none")] {
        assert!(!shelf.store.add_grant(&grant("g", account, session, false, at(0))).await.expect("asked"), "{session}");
    }
    let early = grant("early", &account, "a account", false, at(0));
    assert!(shelf.store.add_grant(&early).await.expect("added"));
    shelf.store.remove_session("a account", &subject("a"), at(1)).await.expect("removed");
    let redeemed = shelf.store.redeem_code(&early, &tokens("early", at(2)), at(2)).await.expect("asked");
    assert_eq!(redeemed, Redeemed::Over, "signed out between code and tokens");
}

async fn a_sign_out_ends_what_was_given_and_tells_each_application_once(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let account = account(&shelf, "a", 1, at(0)).await;
    shelf.granted("g", &account, "a account", false).await;
    shelf.granted("h", &account, "a account", false).await;
    shelf.granted("offline", &account, "a account", true).await;
    let own = shelf.store.find_own_sessions(&account, at(12)).await.expect("asked");
    assert_eq!((own.len(), own[0].clients.clone(), own[0].authenticated_at), (1, vec!["shop".to_owned()], Some(at(0))));
    shelf.store.remove_session("a account", &subject("a"), at(20)).await.expect("removed");
    for token in ["g access", "g refresh", "h access", "offline access"] {
        assert!(!shelf.is_good(token, at(20)).await, "{token}");
    }
    assert!(shelf.is_good("offline refresh", at(20)).await, "it was asked for to know them when they are not there");
    assert_eq!(shelf.notices(at(20)).await, [("shop".to_owned(), Some("sid of a account".to_owned()))]);
    assert_eq!(shelf.store.find_own_sessions(&account, at(20)).await.expect("asked"), []);
}

async fn a_refresh_token_is_changed_once_and_a_repeat_is_no_theft(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let account = account(&shelf, "a", 1, at(0)).await;
    shelf.granted("g", &account, "a account", true).await;
    let minute = SignedDuration::from_secs(60);
    let change = async |old: &str, new: &str, now: Timestamp| {
        let new = tokens(new, now);
        shelf.store.refresh_tokens(old, &new, now + SignedDuration::from_hours(336), now - minute, now).await.expect("asked")
    };
    assert_eq!(change("g access", "x", at(20)).await, Refreshed::Over, "an access token is none");
    assert_eq!(change("g refresh", "second", at(20)).await, Refreshed::Issued);
    assert_eq!(change("g refresh", "second", at(79)).await, Refreshed::Repeated { at: at(20) });
    assert!(shelf.is_good("second access", at(79)).await);
    assert_eq!(change("second refresh", "third", at(79)).await, Refreshed::Issued);
    assert!(shelf.is_good("third access", at(79)).await);
    // Whoever has the third has no use for the first.
    assert_eq!(change("g refresh", "second", at(79)).await, Refreshed::Reused);
    for token in ["second access", "third access", "third refresh"] {
        assert!(!shelf.is_good(token, at(80)).await, "{token}");
    }
    assert_eq!(change("third refresh", "fourth", at(80)).await, Refreshed::Over);
}

async fn whoever_proves_a_number_again_keeps_what_they_gave(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let account = account(&shelf, "a", 1, at(0)).await;
    shelf.granted("g", &account, "a account", false).await;
    shelf.sign_in_again("a", 1, &account, at(100)).await;
    assert!(shelf.is_good("g access", at(101)).await);
    let session = shelf.session("a again").await.expect("a session");
    assert_eq!((session.sid.as_deref(), session.authenticated_at), (Some("sid of a account"), Some(at(100))));
    let own = shelf.store.find_own_sessions(&account, at(101)).await.expect("asked");
    assert_eq!((own.len(), own[0].clients.len()), (1, 1));
    assert_eq!(shelf.notices(at(101)).await, []);
}

async fn somebody_else_in_the_same_browser_gets_nothing_of_it(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let first = account(&shelf, "a", 1, at(0)).await;
    account(&shelf, "b", 2, at(0)).await;
    shelf.granted("g", &first, "a account", false).await;
    shelf.sign_in_again("a", 2, &first, at(100)).await;
    assert!(!shelf.is_good("g access", at(101)).await);
    let session = shelf.session("a again").await.expect("a session");
    assert_eq!(session.sid.as_deref(), Some("sid of a again"));
    assert_eq!(shelf.notices(at(101)).await, [("shop".to_owned(), Some("sid of a account".to_owned()))]);
}

async fn a_sign_out_everywhere_ends_all_of_it(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let account = account(&shelf, "a", 1, at(0)).await;
    shelf.granted("offline", &account, "a account", true).await;
    shelf.store.end_session("nobody", "a account", at(20)).await.expect("asked");
    assert!(shelf.session("a account").await.is_some(), "it is not theirs");
    shelf.store.end_sessions(&account, at(20)).await.expect("ended");
    assert!(!shelf.is_good("offline refresh", at(20)).await);
    assert_eq!(shelf.session("a account").await, None);
    assert_eq!(shelf.notices(at(20)).await, [("shop".to_owned(), None)]);
}

async fn an_account_that_is_removed_is_told_of(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let account = account(&shelf, "a", 1, at(0)).await;
    shelf.granted("g", &account, "a account", false).await;
    assert!(shelf.store.remove_account(&number(1), &deed(20)).await.expect("removed"));
    assert!(!shelf.is_good("g access", at(20)).await);
    assert_eq!(shelf.notices(at(20)).await, [("shop".to_owned(), None)]);
}

async fn a_notice_is_claimed_by_one_and_comes_again(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let account = account(&shelf, "a", 1, at(0)).await;
    shelf.granted("g", &account, "a account", false).await;
    shelf.store.end_session(&account, "a account", at(20)).await.expect("ended");
    let again_at = at(50);
    let claimed = shelf.store.claim_notices(at(20), again_at, 9).await.expect("claimed");
    assert_eq!((claimed.len(), claimed[0].tries, claimed[0].account_id.as_str()), (1, 1, account.as_str()));
    assert_eq!(shelf.notices(at(49)).await, []);
    shelf.store.delay_notice(&claimed[0].id, at(25)).await.expect("delayed");
    let claimed = shelf.store.claim_notices(at(25), again_at, 9).await.expect("claimed");
    assert_eq!((claimed.len(), claimed[0].tries), (1, 2));
    shelf.store.remove_notice(&claimed[0].id).await.expect("removed");
    assert_eq!(shelf.notices(at(99)).await, []);
}

async fn what_is_over_is_forgotten(kind: Kind) {
    let shelf = Shelf::new(kind).await;
    let account = account(&shelf, "a", 1, at(0)).await;
    shelf.store.add_request(&waiting("a", "192.0.2.1", at(0)), 2).await.expect("added");
    let grant = shelf.granted("g", &account, "a account", false).await;
    while shelf.store.sweep(&shelf.policy, at(90_000), 1).await.expect("swept") {}
    assert_eq!(shelf.store.find_grant(&grant.code).await.expect("asked"), None);
    assert_eq!(shelf.store.find_request("a", at(0)).await.expect("asked"), None);
    // The session goes on, and whom it is to be told of.
    shelf.store.remove_session("a account", &subject("a"), at(90_001)).await.expect("removed");
    assert_eq!(shelf.notices(at(90_001)).await.len(), 1);
}

impl Shelf {
    /// The browser of `who`, signed in, proves the number that ends so once more.
    async fn sign_in_again(&self, who: &str, last: u32, former: &str, now: Timestamp) {
        let mut request = super::ask(who, last);
        request.purpose = beonho::verification::Purpose::SignIn;
        let reserved = self.reserve(&request, now).await.expect("the send is allowed");
        let challenge = self.store.find_challenge(&reserved.challenge).await.expect("asked").expect("a challenge");
        let mut rotation = rotation(who, &format!("{who} account"), &format!("{who} again"), now);
        rotation.former = Some((former.to_owned(), format!("sid of {who} account")));
        let consumed = self.store.mark_verified(&challenge, &rotation).await.expect("asked").consumed;
        assert_eq!(consumed, beonho::server::store::Consumed::SignedIn);
    }
}
