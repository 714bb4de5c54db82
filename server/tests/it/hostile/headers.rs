//! Tokens that are not signed, not by the provider, or not in the one form that is read: what the
//! header says never decides how it is checked.

use api::Cause;
use okta_simulator::Fault;
use serde_json::{Map, Value, json};

use super::{Reached, bad_token, fault, practice, unharmed};
use crate::{
    on_both,
    puppet::{CLIENT_SECRET, KID, Moment, Puppet, Signer, hs256, signed, unsigned, with_header},
};

type Row = (&'static str, Cause, fn(&Moment) -> String);

const FAULTS: [(Fault, Cause); 7] = [
    (Fault::BadSignature, Cause::TokenSignature),
    (Fault::AlgNone, Cause::TokenAlgorithm),
    (Fault::Hs256Secret, Cause::TokenAlgorithm),
    (Fault::Hs256PublicKey, Cause::TokenAlgorithm),
    (Fault::Es256, Cause::SigningKeyUnknown),
    (Fault::UnknownKid, Cause::SigningKeyUnknown),
    (Fault::JwkHeader, Cause::SigningKeyUnknown),
];

fn claims(it: &Moment) -> Value {
    Value::Object(it.claims())
}

/// Header and claims, and nothing after the last dot.
fn bare(it: &Moment, alg: Value) -> String {
    format!(
        "{}.",
        unsigned(&json!({ "alg": alg, "kid": KID }), &claims(it))
    )
}

/// An HMAC keyed with what everybody can read.
fn confused(it: &Moment, key: &[u8]) -> String {
    hs256(&json!({ "alg": "HS256", "kid": KID }), &claims(it), key)
}

/// Rightly signed, with this added to the header.
fn headed(it: &Moment, name: &str, value: Value) -> String {
    let mut header: Map<String, Value> = Map::new();
    header.insert("alg".into(), json!("RS256"));
    header.insert("kid".into(), json!(KID));
    header.insert(name.into(), value);
    with_header(&Value::Object(header), it.claims())
}

/// The honest token, taken apart and put together again.
fn bent(it: &Moment, bend: impl Fn(&[&str]) -> String) -> String {
    let token = signed(it.claims());
    bend(&token.split('.').collect::<Vec<_>>())
}

const UNSIGNED: [Row; 12] = [
    ("alg none", Cause::TokenAlgorithm, |it| {
        bare(it, json!("none"))
    }),
    ("alg None", Cause::TokenAlgorithm, |it| {
        bare(it, json!("None"))
    }),
    ("alg NONE", Cause::TokenAlgorithm, |it| {
        bare(it, json!("NONE"))
    }),
    ("alg nOnE", Cause::TokenAlgorithm, |it| {
        bare(it, json!("nOnE"))
    }),
    ("alg is a number", Cause::TokenAlgorithm, |it| {
        bare(it, json!(0))
    }),
    ("alg is null", Cause::TokenAlgorithm, |it| {
        bare(it, Value::Null)
    }),
    ("alg is a list", Cause::TokenAlgorithm, |it| {
        bare(it, json!(["RS256"]))
    }),
    ("no alg", Cause::TokenAlgorithm, |it| {
        with_header(&json!({ "kid": KID }), it.claims())
    }),
    (
        "RS256 with an empty signature",
        Cause::TokenAlgorithm,
        |it| bare(it, json!("RS256")),
    ),
    ("two parts", Cause::TokenAlgorithm, |it| {
        bent(it, |parts| parts[..2].join("."))
    }),
    ("RS256 in another case", Cause::TokenAlgorithm, |it| {
        with_header(&json!({ "alg": "rs256", "kid": KID }), it.claims())
    }),
    ("none over a true signature", Cause::TokenAlgorithm, |it| {
        with_header(&json!({ "alg": "none", "kid": KID }), it.claims())
    }),
];

const CONFUSED: [Row; 11] = [
    ("HS256 with the secret", Cause::TokenAlgorithm, |it| {
        confused(it, CLIENT_SECRET.as_bytes())
    }),
    (
        "HS256 with the DER of the key",
        Cause::TokenAlgorithm,
        |it| confused(it, &Signer::rsa().der()),
    ),
    (
        "HS256 with the PEM of the key",
        Cause::TokenAlgorithm,
        |it| confused(it, Signer::rsa().pem().as_bytes()),
    ),
    ("HS256 with the JWK", Cause::TokenAlgorithm, |it| {
        confused(it, Signer::rsa().jwk(KID).to_string().as_bytes())
    }),
    ("HS256 with the modulus", Cause::TokenAlgorithm, |it| {
        confused(it, &Signer::rsa().rsa_parts().0)
    }),
    ("HS256 with nothing", Cause::TokenAlgorithm, |it| {
        confused(it, b"")
    }),
    ("RS256 over an HMAC", Cause::TokenSignature, |it| {
        hs256(
            &json!({ "alg": "RS256", "kid": KID }),
            &claims(it),
            CLIENT_SECRET.as_bytes(),
        )
    }),
    (
        "another algorithm, rightly signed",
        Cause::SigningKeyUnknown,
        |it| {
            let header = json!({ "alg": "ES256", "kid": KID }).to_string();
            Signer::ec().token(&header, claims(it).to_string().as_bytes())
        },
    ),
    ("PS256 in name", Cause::TokenAlgorithm, |it| {
        with_header(&json!({ "alg": "PS256", "kid": KID }), it.claims())
    }),
    ("RS1 in name", Cause::TokenAlgorithm, |it| {
        with_header(&json!({ "alg": "RS1", "kid": KID }), it.claims())
    }),
    (
        "a stranger's key under our key's name",
        Cause::TokenSignature,
        |it| {
            let header = json!({ "alg": "RS256", "kid": KID }).to_string();
            Signer::other_rsa().token(&header, claims(it).to_string().as_bytes())
        },
    ),
];

/// Signed by a stranger, with the stranger's key along.
fn brings(it: &Moment, name: &str, value: Value) -> String {
    let header = json!({ "alg": "RS256", "kid": "stranger", name: value }).to_string();
    Signer::other_rsa().token(&header, claims(it).to_string().as_bytes())
}

const BROUGHT: [Row; 4] = [
    ("jwk", Cause::SigningKeyUnknown, |it| {
        brings(it, "jwk", Signer::other_rsa().jwk("stranger"))
    }),
    ("jku", Cause::SigningKeyUnknown, |it| {
        brings(it, "jku", json!(format!("{}/evil/keys", it.base)))
    }),
    ("x5u", Cause::SigningKeyUnknown, |it| {
        brings(it, "x5u", json!(format!("{}/evil/cert", it.base)))
    }),
    ("x5c", Cause::SigningKeyUnknown, |it| {
        brings(it, "x5c", json!(["MIIB"]))
    }),
];

const HEADERS: [Row; 16] = [
    ("kid of a path", Cause::SigningKeyUnknown, |it| {
        headed(it, "kid", json!("../../etc/passwd"))
    }),
    ("kid of SQL", Cause::SigningKeyUnknown, |it| {
        headed(it, "kid", json!("' or 1=1--"))
    }),
    ("kid of 10 KB", Cause::SigningKeyUnknown, |it| {
        headed(it, "kid", json!("k".repeat(10_000)))
    }),
    ("kid with a NUL", Cause::SigningKeyUnknown, |it| {
        headed(it, "kid", json!(format!("{KID}\u{0}")))
    }),
    ("kid is a list", Cause::SigningKeyUnknown, |it| {
        headed(it, "kid", json!([KID]))
    }),
    ("kid is a number", Cause::SigningKeyUnknown, |it| {
        headed(it, "kid", json!(1))
    }),
    ("kid is null", Cause::SigningKeyUnknown, |it| {
        headed(it, "kid", Value::Null)
    }),
    ("kid is an emoji", Cause::SigningKeyUnknown, |it| {
        headed(it, "kid", json!("\u{1f511}"))
    }),
    ("kid with a line end", Cause::SigningKeyUnknown, |it| {
        headed(it, "kid", json!("a\r\nlevel=error"))
    }),
    ("crit of something unknown", Cause::TokenAlgorithm, |it| {
        headed(it, "crit", json!(["exp"]))
    }),
    ("crit is empty", Cause::TokenAlgorithm, |it| {
        headed(it, "crit", json!([]))
    }),
    ("b64 is false", Cause::TokenAlgorithm, |it| {
        headed(it, "b64", json!(false))
    }),
    ("an access token", Cause::TokenClaims, |it| {
        headed(it, "typ", json!("at+jwt"))
    }),
    ("a logout token", Cause::TokenClaims, |it| {
        headed(it, "typ", json!("logout+jwt"))
    }),
    ("typ is a number", Cause::TokenClaims, |it| {
        headed(it, "typ", json!(7))
    }),
    ("a header that is a list", Cause::TokenClaims, |it| {
        Signer::rsa().token("[\"RS256\"]", claims(it).to_string().as_bytes())
    }),
];

on_both! {
    async fn every_wrong_signature_of_the_practice_okta_is_refused(desk: Desk) {
        practice(&desk).await;
        for (wrong, cause) in FAULTS {
            fault(&desk, wrong, cause, Reached::Token).await;
        }
        unharmed(&desk).await;
    }

    async fn what_the_provider_did_not_sign_is_refused(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, cause, id_token) in UNSIGNED.into_iter().chain(CONFUSED) {
            bad_token(&desk, &puppet, id_token, cause, what).await;
        }
    }

    async fn a_key_that_a_token_brings_along_is_neither_used_nor_fetched(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, cause, id_token) in BROUGHT {
            bad_token(&desk, &puppet, id_token, cause, what).await;
            assert_eq!(puppet.asked("/evil/keys") + puppet.asked("/evil/cert"), 0, "{what}");
        }
    }

    async fn a_header_of_another_kind_is_refused(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, cause, id_token) in HEADERS {
            bad_token(&desk, &puppet, id_token, cause, what).await;
        }
        assert!(puppet.asked("/v1/keys") <= 1, "each strange name made us fetch the keys");
    }
}
