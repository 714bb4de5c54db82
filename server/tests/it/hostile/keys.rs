//! Keys: taken from where discovery says, replaced and never merged, fetched again when a name is
//! new, and at most once a minute.

use std::time::{Duration, Instant};

use api::{Cause, Provider};
use axum::response::Response;
use okta_simulator::Fault;
use serde_json::{Value, json};

use super::{ALAN, accepted, bad_token, practice, refused, unharmed};
use crate::{
    desk::Desk,
    on_both,
    puppet::{KID, Moment, Puppet, Script, Signer, answer, encoded, text},
    witness,
};

type Row = (&'static str, Cause, fn(&Moment) -> Response);

fn with(name: &str, value: Value) -> Value {
    let mut jwk = Signer::rsa().jwk(KID);
    jwk[name] = value;
    jwk
}

fn set(keys: Vec<Value>) -> Response {
    answer(json!({ "keys": keys }))
}

const ANSWERS: [Row; 22] = [
    ("none", Cause::KeysUnreadable, |_| set(vec![])),
    ("no list", Cause::KeysUnreadable, |_| {
        answer(json!({ "keys": Signer::rsa().jwk(KID) }))
    }),
    ("no keys", Cause::KeysUnreadable, |_| answer(json!({}))),
    ("a page", Cause::KeysUnreadable, |_| {
        text("text/html", "<html></html>")
    }),
    ("keys twice", Cause::KeysUnreadable, |_| {
        let body = json!({ "keys": [Signer::rsa().jwk(KID)] }).to_string();
        text("application/json", body.replacen('{', "{\"keys\":[],", 1))
    }),
    ("101 of them", Cause::KeysUnreadable, |_| {
        set((0..101)
            .map(|number| Signer::rsa().jwk(&format!("k{number}")))
            .collect())
    }),
    ("2 MB", Cause::KeysUnreadable, |_| {
        answer(json!({ "keys": [Signer::rsa().jwk(KID)], "x": "y".repeat(2_000_000) }))
    }),
    ("only a secret one", Cause::KeysUnreadable, |_| {
        set(vec![
            json!({ "kty": "oct", "kid": KID, "k": "c2VjcmV0", "alg": "HS256" }),
        ])
    }),
    ("a private one", Cause::KeysUnreadable, |_| {
        set(vec![with("d", json!("AQAB"))])
    }),
    ("one for encryption", Cause::KeysUnreadable, |_| {
        set(vec![with("use", json!("enc"))])
    }),
    ("one for signing only", Cause::KeysUnreadable, |_| {
        set(vec![with("key_ops", json!(["sign"]))])
    }),
    ("one of another algorithm", Cause::KeysUnreadable, |_| {
        set(vec![with("alg", json!("RS512"))])
    }),
    ("an unknown kind", Cause::KeysUnreadable, |_| {
        set(vec![with("kty", json!("OKP"))])
    }),
    ("exponent 1", Cause::KeysUnreadable, |_| {
        set(vec![with("e", json!("AQ"))])
    }),
    ("an even exponent", Cause::KeysUnreadable, |_| {
        set(vec![with("e", json!("AQAA"))])
    }),
    ("512 bits", Cause::KeysUnreadable, |_| {
        set(vec![with("n", json!(encoded(&[0xc1; 64])))])
    }),
    ("1024 bits", Cause::KeysUnreadable, |_| {
        set(vec![with("n", json!(encoded(&[0xc1; 128])))])
    }),
    ("an even modulus", Cause::KeysUnreadable, |_| {
        set(vec![with("n", json!(encoded(&[0xc2; 256])))])
    }),
    ("a point off the curve", Cause::KeysUnreadable, |_| {
        let coordinate = encoded(&[7; 32]);
        set(vec![json!({
            "kty": "EC", "crv": "P-256", "kid": KID, "x": coordinate, "y": coordinate,
        })])
    }),
    ("another curve", Cause::KeysUnreadable, |_| {
        let mut jwk = Signer::ec().jwk(KID);
        jwk["crv"] = json!("P-192");
        set(vec![jwk])
    }),
    ("another name", Cause::SigningKeyUnknown, |_| {
        set(vec![Signer::rsa().jwk("another")])
    }),
    (
        "somebody else's key under the name",
        Cause::TokenSignature,
        |_| set(vec![Signer::other_rsa().jwk(KID)]),
    ),
];

async fn sign_in(desk: &Desk, what: &str) {
    let mut browser = desk.browser();
    let reply = desk.sign_in(&mut browser, Provider::Okta, ALAN).await;
    assert_eq!(reply.location(), "/", "{what}");
}

on_both! {
    async fn keys_of_the_practice_okta_that_cannot_be_read_let_nobody_in(desk: Desk) {
        practice(&desk).await;
        for (fault, cause) in [
            (Fault::KeysEmpty, Cause::KeysUnreadable),
            (Fault::KeysHuge, Cause::KeysUnreadable),
            (Fault::KeysHtml, Cause::KeysUnreadable),
            (Fault::KeysDown, Cause::ProviderUnavailable),
        ] {
            // A node that was started just now knows no keys.
            let node = desk.another().await;
            desk.okta.set_fault(fault);
            let mut browser = node.browser();
            let back = node.until_callback(&mut browser, Provider::Okta, ALAN).await;
            desk.okta.forget_requests();
            let reply = browser.get(&back).await;
            desk.okta.clear_faults();
            witness::refused(&node, &mut browser, reply, cause, fault.id(), &back).await;
            assert_eq!(desk.okta.count_requests("/v1/userinfo"), 0, "{}", fault.id());
            // The next one heals by itself.
            desk.pass(61);
            sign_in(&node, fault.id()).await;
        }
    }

    async fn keys_that_are_weak_or_none_let_nobody_in(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, cause, keys) in ANSWERS {
            let node = desk.another().await;
            puppet.say(Script { keys, ..Script::default() });
            puppet.forget();
            let (mut browser, back) = puppet.until_callback(&node).await;
            let reply = browser.get(&back).await;
            witness::refused(&node, &mut browser, reply, cause, what, &back).await;
            assert_eq!(puppet.asked("/v1/userinfo"), 0, "{what}");
        }
    }

    async fn a_bad_key_among_good_ones_is_passed_over(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, keys) in [
            ("bad ones in front", (|_| {
                set(vec![
                    json!(7), json!({}), json!({ "kty": "RSA", "kid": KID }), Value::Null,
                    json!({ "kty": "oct", "kid": KID, "k": "c2VjcmV0" }),
                    with("use", json!("enc")), Signer::rsa().jwk(KID),
                ])
            }) as fn(&Moment) -> Response),
            ("two of one name", |_| set(vec![Signer::other_rsa().jwk(KID), Signer::rsa().jwk(KID)])),
            ("no name, and no name in the set", |_| {
                let mut jwk = Signer::rsa().jwk(KID);
                jwk.as_object_mut().expect("an object").remove("use");
                jwk.as_object_mut().expect("an object").remove("alg");
                set(vec![jwk])
            }),
        ] {
            let node = desk.another().await;
            accepted(&node, &puppet, Script { keys, ..Script::default() }, what).await;
        }
    }

    async fn keys_that_are_replaced_between_start_and_callback_are_fetched_once(desk: Desk) {
        practice(&desk).await;
        sign_in(&desk, "before").await;
        let mut browser = desk.browser();
        let back = desk.until_callback(&mut browser, Provider::Okta, ALAN).await;
        desk.okta.rotate_keys();
        desk.okta.forget_requests();
        browser.get(&back).await.expect_location("/");
        assert_eq!(desk.okta.count_requests("/v1/keys"), 1);
        sign_in(&desk, "after").await;
        assert_eq!(desk.okta.count_requests("/v1/keys"), 1, "what is known was fetched again");
        // As Okta does it: the next key was announced before, so nothing has to be fetched.
        desk.okta.promote_next_key();
        sign_in(&desk, "promoted").await;
        desk.pass(61);
        desk.okta.promote_next_key();
        sign_in(&desk, "and once more").await;
    }

    async fn a_key_that_was_withdrawn_is_worth_nothing_and_one_that_comes_back_is_taken(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        let renamed = Script {
            keys: |_| set(vec![Signer::other_rsa().jwk("puppet-key-2")]),
            id_token: |it| {
                let header = json!({ "alg": "RS256", "kid": "puppet-key-2" }).to_string();
                let claims = Value::Object(it.claims()).to_string();
                Signer::other_rsa().token(&header, claims.as_bytes())
            },
            ..Script::default()
        };
        accepted(&desk, &puppet, renamed, "rotated").await;
        // The old key, stolen: the set was replaced, and not merged.
        let stolen = Script { id_token: Script::default().id_token, ..renamed };
        bad_token(&desk, &puppet, stolen.id_token, Cause::SigningKeyUnknown, "withdrawn").await;
        desk.pass(61);
        refused(&desk, &puppet, stolen, Cause::SigningKeyUnknown, "still withdrawn").await;
        // The provider goes back to its old key, and says so.
        desk.pass(61);
        accepted(&desk, &puppet, Script::default(), "rotated back").await;
    }

    async fn a_flood_of_unknown_names_fetches_the_keys_once_a_minute(desk: Desk) {
        practice(&desk).await;
        desk.okta.forget_requests();
        desk.okta.set_fault(Fault::UnknownKid);
        for _ in 0..10 {
            let mut browser = desk.browser();
            desk.sign_in(&mut browser, Provider::Okta, ALAN).await.reference();
        }
        assert_eq!(desk.okta.count_requests("/v1/keys"), 1);
        desk.pass(61);
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.reference();
        assert_eq!(desk.okta.count_requests("/v1/keys"), 2);
        desk.okta.clear_faults();
        unharmed(&desk).await;
    }

    async fn known_keys_serve_while_the_provider_cannot_give_them(desk: Desk) {
        practice(&desk).await;
        sign_in(&desk, "before").await;
        for fault in [Fault::KeysDown, Fault::KeysHtml, Fault::KeysEmpty] {
            desk.pass(25 * 3600);
            desk.okta.set_fault(fault);
            sign_in(&desk, fault.id()).await;
            desk.okta.clear_faults();
        }
    }

    async fn keys_that_stall_are_given_up_after_five_seconds(desk: Desk) {
        practice(&desk).await;
        let node = desk.another().await;
        desk.okta.set_fault(Fault::KeysSlow(20_000));
        let mut browser = node.browser();
        let back = node.until_callback(&mut browser, Provider::Okta, ALAN).await;
        let began = Instant::now();
        let reply = browser.get(&back).await;
        let took = began.elapsed();
        let (cause, what) = (Cause::KeysUnreadable, "slow");
        witness::refused(&node, &mut browser, reply, cause, what, &back).await;
        assert!(took > Duration::from_secs(4) && took < Duration::from_secs(9), "{took:?}");
    }
}
