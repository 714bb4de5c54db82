//! What looks strange and is right: refusing it would lock people out of honest providers.

use api::Cause;
use okta_simulator::Fault;
use serde_json::{Value, json};

use super::{ALAN, Reached, accepted, fault, practice, refused};
use crate::{
    on_both,
    puppet::{
        CLIENT_ID, KID, LOGIN, Moment, Puppet, SUB, Script, Signer, answer, encoded, raw, signed,
        with_header,
    },
};

type Row = (&'static str, fn(&Moment) -> String);

const TOKENS: [Row; 13] = [
    ("as it should be", |it| signed(it.claims())),
    ("aud in a list", |it| it.with("aud", json!([CLIENT_ID]))),
    ("azp is us", |it| it.with("azp", json!(CLIENT_ID))),
    ("exp 55 s ago", |it| {
        let mut claims = it.claims();
        claims.insert("iat".into(), json!(it.now - 3600));
        claims.insert("exp".into(), json!(it.now - 55));
        signed(claims)
    }),
    ("iat 55 s ahead", |it| it.with("iat", json!(it.now + 55))),
    ("nbf 8 s ahead", |it| it.with("nbf", json!(it.now + 8))),
    ("times with fractions", |it| {
        let claims = Value::Object(it.claims()).to_string();
        let exp = format!("\"exp\":{}", it.now + 3600);
        raw(claims.replace(&exp, &format!("{exp}.5")).as_bytes())
    }),
    ("no kid, and one key that fits", |it| {
        with_header(&json!({ "alg": "RS256" }), it.claims())
    }),
    ("typ in small letters", |it| {
        with_header(
            &json!({ "alg": "RS256", "kid": KID, "typ": "jwt" }),
            it.claims(),
        )
    }),
    ("names of its own in the header", |it| {
        with_header(
            &json!({ "alg": "RS256", "kid": KID, "x5t": "abc" }),
            it.claims(),
        )
    }),
    ("no auth_time", |it| it.without("auth_time")),
    ("e-mail in capitals", |it| {
        it.with("email", json!(LOGIN.to_uppercase()))
    }),
    ("no e-mail", |it| it.without("email")),
];

on_both! {
    async fn an_unusual_token_that_keeps_every_rule_is_accepted(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, id_token) in TOKENS {
            accepted(&desk, &puppet, Script { id_token, ..Script::default() }, what).await;
        }
        let absent = Script {
            userinfo: |_| answer(json!({ "sub": SUB, "email": LOGIN })),
            ..Script::default()
        };
        accepted(&desk, &puppet, absent, "email_verified is absent").await;
    }

    async fn es256_is_accepted_where_the_provider_publishes_such_a_key(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        let node = desk.another().await;
        let es256 = Script {
            keys: |_| answer(json!({ "keys": [Signer::ec().jwk("ec"), Signer::rsa().jwk(KID)] })),
            id_token: |it| {
                let header = json!({ "alg": "ES256", "kid": "ec" }).to_string();
                Signer::ec().token(&header, Value::Object(it.claims()).to_string().as_bytes())
            },
            ..Script::default()
        };
        accepted(&node, &puppet, es256, "ES256").await;
        let forged = Script {
            id_token: |it| {
                let header = json!({ "alg": "ES256", "kid": "ec" }).to_string();
                let signed = Signer::ec().token(&header, Value::Object(it.claims()).to_string().as_bytes());
                let (body, _) = signed.rsplit_once('.').expect("a signature");
                // r = s = 0, which some libraries took for anything at all (CVE-2022-21449).
                format!("{body}.{}", encoded(&[0; 64]))
            },
            ..es256
        };
        refused(&node, &puppet, forged, Cause::TokenSignature, "r and s are zero").await;
        let foreign = Script {
            id_token: |it| {
                let header = json!({ "alg": "RS256", "kid": "ec" }).to_string();
                Signer::rsa().token(&header, Value::Object(it.claims()).to_string().as_bytes())
            },
            ..es256
        };
        refused(&node, &puppet, foreign, Cause::SigningKeyUnknown, "the name of a key of another kind").await;
    }

    async fn a_token_without_a_kid_is_refused_where_several_keys_fit(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        let node = desk.another().await;
        let nameless = Script {
            keys: |_| answer(json!({ "keys": [Signer::other_rsa().jwk("a"), Signer::rsa().jwk("b")] })),
            id_token: |it| with_header(&json!({ "alg": "RS256" }), it.claims()),
            ..Script::default()
        };
        refused(&node, &puppet, nameless, Cause::SigningKeyUnknown, "no kid, two keys").await;
    }

    async fn clocks_may_differ_by_a_minute(desk: Desk) {
        practice(&desk).await;
        for seconds in [-55, 55] {
            desk.okta.set_fault(Fault::ClockSkew(seconds));
            let mut browser = desk.browser();
            desk.sign_in(&mut browser, api::Provider::Okta, ALAN).await.expect_location("/");
            desk.okta.clear_faults();
        }
        fault(&desk, Fault::ClockSkew(70), Cause::ClockSkew, Reached::Token).await;
        fault(&desk, Fault::ClockSkew(3 * 3600), Cause::ClockSkew, Reached::Token).await;
        fault(&desk, Fault::ClockSkew(-3 * 3600), Cause::ClockFast, Reached::Token).await;
    }
}
