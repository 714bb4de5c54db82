//! Compact JWS (RFC 7515 §7.1): headers and signatures, right ones and wrong ones. Knows nothing of claims.

use aws_lc_rs::digest::{self, SHA256};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::keys::{Key, KeyRing, sign_as_stranger, sign_es256, stranger_jwk};

/// How a token is signed; all but [`Seal::Rs256`] are faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seal<'a> {
    Rs256,
    /// By a key that nobody publishes, under the name of the published one.
    Forged,
    None,
    Hs256(&'a str),
    /// HMAC with the text of the public key.
    Hs256PublicKey,
    Es256,
    UnknownKid,
    /// By a key that the header brings along.
    JwkHeader,
}

pub(crate) fn sign(seal: Seal<'_>, key: &Key, payload: &str) -> String {
    let kid = key.kid.as_str();
    match seal {
        Seal::Rs256 => compact(&json!({ "kid": kid, "alg": "RS256" }), payload, |input| {
            key.sign(input)
        }),
        Seal::Forged => compact(
            &json!({ "kid": kid, "alg": "RS256" }),
            payload,
            sign_as_stranger,
        ),
        Seal::None => compact(&json!({ "alg": "none" }), payload, |_| Vec::new()),
        Seal::Hs256(secret) => compact(&json!({ "alg": "HS256" }), payload, |input| {
            hmac_sha256(secret.as_bytes(), input)
        }),
        Seal::Hs256PublicKey => compact(&json!({ "kid": kid, "alg": "HS256" }), payload, |input| {
            hmac_sha256(key.public_pem().as_bytes(), input)
        }),
        Seal::Es256 => compact(&json!({ "kid": kid, "alg": "ES256" }), payload, sign_es256),
        Seal::UnknownKid => compact(
            &json!({ "kid": "nobody-publishes-this", "alg": "RS256" }),
            payload,
            sign_as_stranger,
        ),
        Seal::JwkHeader => compact(
            &json!({ "kid": "stranger", "alg": "RS256", "jwk": stranger_jwk() }),
            payload,
            sign_as_stranger,
        ),
    }
}

fn compact(header: &Value, payload: &str, signature: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut token);
    let signature = signature(token.as_bytes());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    token
}

fn hmac_sha256(secret: &[u8], message: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message)
        .as_ref()
        .to_vec()
}

/// The shape of an encrypted token (RFC 7516 §7.1). Nobody can open it: who gets one has no key for it anyway.
pub(crate) fn encrypted(token: &str) -> String {
    let header = json!({ "alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT" });
    let hidden = |part: &str| s256(&format!("{part} {token}"));
    format!(
        "{}.{}.{}.{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        hidden("key"),
        hidden("vector"),
        hidden("text"),
        hidden("tag")
    )
}

/// `at_hash`: the left half of the SHA-256 of the access token (OpenID Connect Core §3.1.3.6).
pub(crate) fn half_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest::digest(&SHA256, token.as_bytes()).as_ref()[..16])
}

/// The challenge of a PKCE verifier (RFC 7636 §4.2).
pub(crate) fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&SHA256, verifier.as_bytes()))
}

/// The claims of a token that this ring signed at any time, expired or not.
pub(crate) fn read_own(token: &str, ring: &KeyRing) -> Option<Value> {
    let (input, signature) = token.rsplit_once('.')?;
    let (header, payload) = input.split_once('.')?;
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    let key = ring.ever_had(header.get("kid")?.as_str()?)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    if header.get("alg")? == "RS256" && key.verify(input.as_bytes(), &signature) {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
    } else {
        None
    }
}
