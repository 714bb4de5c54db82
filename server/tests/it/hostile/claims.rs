//! Claims that are missing, somebody else's, out of time or of the wrong type, in a token whose
//! signature is right.

use api::Cause;
use okta_simulator::Fault;
use serde_json::{Value, json};

use super::{Reached, bad_token, fault, practice, unharmed};
use crate::{
    on_both,
    puppet::{CLIENT_ID, LOGIN, Moment, Puppet, half_hash, raw, signed},
};

type Row = (&'static str, Cause, fn(&Moment) -> String);

const FAULTS: [(Fault, Cause); 17] = [
    (Fault::WrongNonce, Cause::TokenNonce),
    (Fault::MissingNonce, Cause::TokenNonce),
    (Fault::WrongIssuer, Cause::TokenIssuer),
    (Fault::MissingIssuer, Cause::TokenClaims),
    (Fault::WrongAudience, Cause::TokenAudience),
    (Fault::ExtraAudience, Cause::TokenAudience),
    (Fault::MissingAudience, Cause::TokenClaims),
    (Fault::WrongAuthorizedParty, Cause::TokenAudience),
    (Fault::MissingSubject, Cause::TokenClaims),
    (Fault::MissingIssuedAt, Cause::TokenClaims),
    (Fault::MissingExpiry, Cause::TokenClaims),
    (Fault::Expired, Cause::TokenExpired),
    (Fault::IssuedInFuture, Cause::ClockSkew),
    (Fault::ExpiryAsText, Cause::TokenClaims),
    (Fault::WrongAtHash, Cause::TokenClaims),
    (Fault::DuplicateNames, Cause::TokenClaims),
    (Fault::ClockSkew(600), Cause::ClockSkew),
];

const IDENTITY: [Row; 17] = [
    ("iss is the issuer and 1", Cause::TokenIssuer, |it| {
        it.with("iss", json!(format!("{}1", it.base)))
    }),
    ("iss has a slash more", Cause::TokenIssuer, |it| {
        it.with("iss", json!(format!("{}/", it.base)))
    }),
    ("iss in capitals", Cause::TokenIssuer, |it| {
        it.with("iss", json!(it.base.to_uppercase()))
    }),
    ("iss is a list", Cause::TokenClaims, |it| {
        it.with("iss", json!([it.base]))
    }),
    ("iss is null", Cause::TokenClaims, |it| {
        it.with("iss", Value::Null)
    }),
    ("aud is ours and 1", Cause::TokenAudience, |it| {
        it.with("aud", json!(format!("{CLIENT_ID}1")))
    }),
    ("aud is an empty list", Cause::TokenAudience, |it| {
        it.with("aud", json!([]))
    }),
    ("aud is a number", Cause::TokenClaims, |it| {
        it.with("aud", json!(5))
    }),
    ("aud is an object", Cause::TokenClaims, |it| {
        it.with("aud", json!({ "0": CLIENT_ID }))
    }),
    ("aud has a number in it", Cause::TokenClaims, |it| {
        it.with("aud", json!([CLIENT_ID, 5]))
    }),
    (
        "aud has a stranger, and azp is us",
        Cause::TokenAudience,
        |it| {
            let mut claims = it.claims();
            claims.insert("aud".into(), json!([CLIENT_ID, "stranger"]));
            claims.insert("azp".into(), json!(CLIENT_ID));
            signed(claims)
        },
    ),
    ("azp is a list", Cause::TokenClaims, |it| {
        it.with("azp", json!([CLIENT_ID]))
    }),
    ("nonce is that of before, and 1", Cause::TokenNonce, |it| {
        it.with("nonce", json!(format!("{}1", it.nonce)))
    }),
    ("nonce is empty", Cause::TokenNonce, |it| {
        it.with("nonce", json!(""))
    }),
    ("nonce is a list", Cause::TokenNonce, |it| {
        it.with("nonce", json!([it.nonce]))
    }),
    ("nonce in another case", Cause::TokenNonce, |it| {
        it.with("nonce", json!(it.nonce.to_uppercase()))
    }),
    ("at_hash is a number", Cause::TokenClaims, |it| {
        it.with("at_hash", json!(7))
    }),
];

const SUBJECT: [Row; 9] = [
    ("sub is a number", Cause::TokenClaims, |it| {
        it.with("sub", json!(42))
    }),
    ("sub is empty", Cause::TokenClaims, |it| {
        it.with("sub", json!(""))
    }),
    ("sub is blank", Cause::TokenClaims, |it| {
        it.with("sub", json!("   "))
    }),
    ("sub is null", Cause::TokenClaims, |it| {
        it.with("sub", Value::Null)
    }),
    ("sub is a list", Cause::TokenClaims, |it| {
        it.with("sub", json!(["00u"]))
    }),
    ("sub is too long", Cause::TokenClaims, |it| {
        it.with("sub", json!("u".repeat(256)))
    }),
    ("sub has a NUL", Cause::TokenClaims, |it| {
        it.with("sub", json!("00u\u{0}"))
    }),
    ("sub has a line end", Cause::TokenClaims, |it| {
        it.with("sub", json!("00u\n"))
    }),
    ("email is a list", Cause::TokenClaims, |it| {
        it.with("email", json!([LOGIN]))
    }),
];

const TIMES: [Row; 20] = [
    ("exp passed 61 s ago", Cause::TokenExpired, |it| {
        it.with("exp", json!(it.now - 61))
    }),
    ("a week old", Cause::TokenExpired, |it| {
        let mut claims = it.claims();
        claims.insert("iat".into(), json!(it.now - 7 * 86_400));
        claims.insert("exp".into(), json!(it.now - 7 * 86_400 + 3600));
        signed(claims)
    }),
    (
        "issued a week ago, good until now",
        Cause::TokenClaims,
        |it| it.with("iat", json!(it.now - 7 * 86_400)),
    ),
    ("good for over a day", Cause::TokenClaims, |it| {
        it.with("exp", json!(it.now + 86_402))
    }),
    ("exp before iat", Cause::TokenClaims, |it| {
        let mut claims = it.claims();
        claims.insert("iat".into(), json!(it.now + 50));
        claims.insert("exp".into(), json!(it.now + 20));
        signed(claims)
    }),
    ("iat over 60 s ahead", Cause::ClockSkew, |it| {
        it.with("iat", json!(it.now + 65))
    }),
    ("nbf over 60 s ahead", Cause::ClockSkew, |it| {
        it.with("nbf", json!(it.now + 65))
    }),
    ("exp is null", Cause::TokenClaims, |it| {
        it.with("exp", Value::Null)
    }),
    ("exp is a text of digits", Cause::TokenClaims, |it| {
        it.with("exp", json!((it.now + 60).to_string()))
    }),
    ("exp is true", Cause::TokenClaims, |it| {
        it.with("exp", json!(true))
    }),
    ("exp is a list", Cause::TokenClaims, |it| {
        it.with("exp", json!([it.now + 60]))
    }),
    ("exp is negative", Cause::TokenClaims, |it| {
        it.with("exp", json!(-1))
    }),
    ("exp is beyond all time", Cause::TokenClaims, |it| {
        it.with("exp", json!(1e300))
    }),
    ("exp is infinite", Cause::TokenClaims, |it| {
        let claims = Value::Object(it.claims()).to_string();
        raw(claims
            .replace(&format!("\"exp\":{}", it.now + 3600), "\"exp\":1e400")
            .as_bytes())
    }),
    ("exp in milliseconds", Cause::TokenClaims, |it| {
        it.with("exp", json!((it.now + 60) * 1000))
    }),
    ("iat is a text", Cause::TokenClaims, |it| {
        it.with("iat", json!("now"))
    }),
    ("iat is null", Cause::TokenClaims, |it| {
        it.with("iat", Value::Null)
    }),
    ("nbf is a text", Cause::TokenClaims, |it| {
        it.with("nbf", json!("now"))
    }),
    ("nbf is null", Cause::TokenClaims, |it| {
        it.with("nbf", Value::Null)
    }),
    (
        "at_hash of another access token",
        Cause::TokenClaims,
        |it| it.with("at_hash", json!(half_hash("another"))),
    ),
];

on_both! {
    async fn every_wrong_claim_of_the_practice_okta_is_refused(desk: Desk) {
        practice(&desk).await;
        for (wrong, cause) in FAULTS {
            fault(&desk, wrong, cause, Reached::Token).await;
        }
        unharmed(&desk).await;
    }

    async fn a_token_for_somebody_else_is_refused(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, cause, id_token) in IDENTITY.into_iter().chain(SUBJECT) {
            bad_token(&desk, &puppet, id_token, cause, what).await;
        }
    }

    async fn a_token_out_of_time_is_refused(desk: Desk) {
        let puppet = Puppet::start().await;
        puppet.connected(&desk).await;
        for (what, cause, id_token) in TIMES {
            bad_token(&desk, &puppet, id_token, cause, what).await;
        }
    }
}
