//! A record that nothing is wrong with: of each thing that can happen to a grant, one did.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

use crate::apps::jwt::half_hash;
use crate::apps::ledger::{Ask, Call, Ledger, Look, Notice, Set, Told};

/// Milliseconds between two things.
const STEP: u64 = 1_000;
const ISSUER: &str = "http://localhost:3000";
/// The application that reads ES256.
const CLIENT: (usize, &str) = (1, "lasting");

/// Everything in order, one thing after another.
struct Hand {
    ledger: Ledger,
    pair: EcdsaKeyPair,
    now: u64,
    account: usize,
    session: usize,
}

/// Five people: one whose code comes twice, one whose refresh token does, one who signs out, one who does so everywhere, one who stays.
pub(super) fn ledger() -> Ledger {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).expect("a key");
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let jwk = json!({"kid": "key", "alg": "ES256", "kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y)});
    let accounts = (0..5).map(|account| format!("account {account}")).collect();
    let ledger = Ledger { issuer: ISSUER.to_owned(), accounts, keys: [("key".to_owned(), jwk)].into(), ..Ledger::default() };
    let mut hand = Hand { ledger, pair, now: STEP, account: 0, session: 0 };
    let ends: [fn(&mut Hand); 5] = [Hand::replay, Hand::reuse, Hand::sign_out, Hand::leave_everywhere, Hand::go_on];
    for end in ends {
        hand.grant();
        end(&mut hand);
        hand.account += 1;
        hand.session += 1;
    }
    hand.ledger
}

impl Hand {
    fn call(&mut self, asked: Ask, told: Told) {
        self.now += STEP;
        let (from, to) = (self.now, if told == Told::Nothing { u64::MAX } else { self.now + STEP / 2 });
        self.ledger.calls.push(Call { from, to, replica: 0, account: self.account, session: self.session, asked, told });
        self.ledger.looks.push(Look {
            from: to.saturating_add(1),
            to: to.saturating_add(2),
            replica: 0,
            kids: vec!["key".to_owned()],
        });
    }

    fn named(&self, what: &str) -> String {
        format!("{what} of {}", self.account)
    }

    /// A grant, an answer to a refresh that is lost and comes when asked again, and looks.
    fn grant(&mut self) {
        let asked = Ask::Authorize { client: CLIENT.0, nonce: self.named("nonce"), is_offline: true };
        self.call(asked, Told::Code(self.named("code")));
        let set = self.set(0, true);
        self.call(Ask::Redeem(self.named("code")), Told::Tokens(set));
        self.look(0, true);
        let second = self.set(1, false);
        self.call(Ask::Refresh(self.named("refresh 0")), Told::Nothing);
        self.call(Ask::Refresh(self.named("refresh 0")), Told::Tokens(second));
        self.look(1, true);
    }

    /// Another grant, to which nothing happens but what its application hears.
    fn go_on(&mut self) {
        let code = "another code".to_owned();
        self.call(Ask::Authorize { client: CLIENT.0, nonce: self.named("nonce"), is_offline: true }, Told::Code(code.clone()));
        let set = self.set(2, true);
        self.call(Ask::Redeem(code), Told::Tokens(set));
        self.look(2, true);
        let next = self.set(3, false);
        self.call(Ask::Refresh(self.named("refresh 2")), Told::Tokens(next));
    }

    fn look(&mut self, place: usize, is_good: bool) {
        let told = if is_good { Told::Person(format!("account {}", self.account)) } else { Told::Refused };
        self.call(Ask::UserInfo(self.named(&format!("access {place}"))), told);
    }

    fn replay(&mut self) {
        self.call(Ask::Redeem(self.named("code")), Told::Refused);
        self.look(0, false);
        self.call(Ask::Refresh(self.named("refresh 1")), Told::Refused);
    }

    fn reuse(&mut self) {
        let third = self.set(2, false);
        self.call(Ask::Refresh(self.named("refresh 1")), Told::Tokens(third.clone()));
        self.call(Ask::Refresh(self.named("refresh 1")), Told::Tokens(third));
        self.call(Ask::Refresh(self.named("refresh 0")), Told::Refused);
        self.look(2, false);
    }

    fn sign_out(&mut self) {
        self.call(Ask::SignOut { by_hint: true }, Told::Done);
        self.look(1, false);
        self.tell(Some(self.session), false);
        self.tell(Some(self.session), true);
        let third = self.set(2, false);
        self.call(Ask::Refresh(self.named("refresh 1")), Told::Tokens(third));
        self.look(2, true);
    }

    fn leave_everywhere(&mut self) {
        self.call(Ask::Everywhere, Told::Done);
        self.look(1, false);
        self.call(Ask::Refresh(self.named("refresh 1")), Told::Refused);
        self.tell(None, true);
    }

    fn tell(&mut self, session: Option<usize>, is_taken: bool) {
        let events = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
        let mut claims = json!({"iat": 0, "exp": 120, "jti": self.named("notice"), "events": events});
        if let Some(session) = session {
            claims["sid"] = format!("sid {session}").into();
        }
        let token = self.sign("logout+jwt", claims);
        self.ledger.notices.push(Notice { at: self.now, client: CLIENT.1.to_owned(), token, is_taken });
    }

    fn set(&self, place: usize, is_first: bool) -> Set {
        let access = self.named(&format!("access {place}"));
        let mut claims = json!({"sid": format!("sid {}", self.session), "at_hash": half_hash(&access)});
        if is_first {
            claims["nonce"] = self.named("nonce").into();
        }
        Set { access, refresh: Some(self.named(&format!("refresh {place}"))), id_token: self.sign("JWT", claims) }
    }

    fn sign(&self, typ: &str, mut claims: Value) -> String {
        claims["iss"] = ISSUER.into();
        claims["aud"] = CLIENT.1.into();
        claims["sub"] = format!("account {}", self.account).into();
        let head = json!({"alg": "ES256", "kid": "key", "typ": typ}).to_string();
        let signed = format!("{}.{}", encode(head.as_bytes()), encode(claims.to_string().as_bytes()));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).expect("signed");
        format!("{signed}.{}", encode(signature.as_ref()))
    }
}

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
