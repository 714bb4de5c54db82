//! The faults of the ID token and of userinfo: what is right is made wrong here, and nowhere else.

use serde_json::{Map, Value, json};

use crate::fault::{Fault, Faults};
use crate::jose::{Seal, sign};
use crate::keys::Key;

/// In seconds: how far "expired" and "issued in the future" are from now.
const AN_HOUR: i64 = 3600;

/// Changes the claims of an ID token. `now`: seconds.
pub(crate) fn id_token(claims: &mut Map<String, Value>, faults: &Faults, now: i64) {
    for fault in faults.list() {
        spoil_one(claims, *fault, now);
    }
}

fn spoil_one(claims: &mut Map<String, Value>, fault: Fault, now: i64) {
    let mut set = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    if fault == Fault::WrongNonce {
        set("nonce", json!("another-nonce"));
    } else if fault == Fault::WrongIssuer {
        set("iss", json!("http://elsewhere.invalid"));
    } else if fault == Fault::WrongAudience {
        set("aud", json!("0oaSomebodyElse00000"));
    } else if fault == Fault::ExtraAudience {
        let own = claims.get("aud").cloned().unwrap_or_default();
        claims.insert("aud".into(), json!([own, "0oaSomebodyElse00000"]));
    } else if fault == Fault::WrongAuthorizedParty {
        set("azp", json!("0oaSomebodyElse00000"));
    } else if fault == Fault::Expired {
        set("iat", json!(now - 2 * AN_HOUR));
        set("exp", json!(now - AN_HOUR));
    } else if fault == Fault::IssuedInFuture {
        set("iat", json!(now + AN_HOUR));
        set("exp", json!(now + 2 * AN_HOUR));
    } else if fault == Fault::ExpiryAsText {
        set("exp", json!("tomorrow"));
    } else if fault == Fault::WrongAtHash {
        set(
            "at_hash",
            json!(crate::jose::half_hash("another access token")),
        );
    } else if fault == Fault::IdTokenEmailUnverified {
        set("email_verified", json!(false));
    } else if let Some(missing) = missing(fault) {
        claims.remove(missing);
    }
}

fn missing(fault: Fault) -> Option<&'static str> {
    let named = [
        (Fault::MissingNonce, "nonce"),
        (Fault::MissingIssuer, "iss"),
        (Fault::MissingAudience, "aud"),
        (Fault::MissingSubject, "sub"),
        (Fault::MissingIssuedAt, "iat"),
        (Fault::MissingExpiry, "exp"),
        (Fault::IdTokenWithoutEmail, "email"),
    ];
    named
        .iter()
        .find(|(other, _)| *other == fault)
        .map(|(_, name)| *name)
}

/// Signs an ID token, rightly or as the faults have it.
pub(crate) fn seal(
    claims: &Map<String, Value>,
    key: &Key,
    secret: &str,
    faults: &Faults,
) -> String {
    let mut payload = serde_json::to_string(claims).expect("a map of JSON values is JSON");
    if faults.on(Fault::DuplicateNames) {
        payload.insert_str(1, "\"sub\":\"00uSomebodyElse00000\",");
    }
    let seals = [
        (Fault::BadSignature, Seal::Forged),
        (Fault::AlgNone, Seal::None),
        (Fault::Hs256Secret, Seal::Hs256(secret)),
        (Fault::Hs256PublicKey, Seal::Hs256PublicKey),
        (Fault::Es256, Seal::Es256),
        (Fault::UnknownKid, Seal::UnknownKid),
        (Fault::JwkHeader, Seal::JwkHeader),
    ];
    let seal = seals
        .iter()
        .find(|(fault, _)| faults.on(*fault))
        .map_or(Seal::Rs256, |(_, seal)| *seal);
    sign(seal, key, &payload)
}

/// Changes what userinfo answers.
pub(crate) fn userinfo(claims: &mut Map<String, Value>, faults: &Faults) {
    if faults.on(Fault::UserinfoOtherSubject) {
        claims.insert("sub".into(), json!("00uSomebodyElse00000"));
    }
    if faults.on(Fault::UserinfoWithoutSubject) {
        claims.remove("sub");
    }
    if faults.on(Fault::UserinfoWithoutEmail) {
        claims.remove("email");
        claims.remove("email_verified");
    }
    if faults.on(Fault::UserinfoEmailUnverified) {
        claims.insert("email_verified".into(), json!(false));
    }
    if faults.on(Fault::UserinfoOtherEmail) {
        claims.insert("email".into(), json!("somebody.else@northwind.example"));
    }
}
