//! A provider's set of keys: read from a JWKS document (RFC 7517), and searched for the one that a
//! token names. Does no fetching; `trust` does.

use super::{
    jose::{Algorithm, Key, Unverified, base64url},
    json::{self, Json, Malformed, Object},
};

/// More keys than any provider has.
const KEYS_MAX: usize = 100;

/// The keys of one document. A newer document replaces it, so a withdrawn key is gone.
#[derive(Debug)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
}

/// What a key set has to say about a token.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// One of the keys made the signature.
    Signed,
    /// The named key is here, and did not make it.
    Forged,
    /// No such key: a newer document may have it.
    NoKey,
    /// No `kid`, and more than one key fits. Trying them all would weaken each.
    Undecided,
}

impl KeySet {
    /// Reads a document. Entries that are no usable signing keys are skipped; without any that is,
    /// or with more than 100, it fails.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let document = json::object(bytes)?;
        let Some(Json::Array(entries)) = document.get("keys") else {
            return Err(Malformed("`keys` is no list".into()));
        };
        if entries.len() > KEYS_MAX {
            return Err(Malformed(format!("{} keys", entries.len())));
        }
        let keys: Vec<Key> = entries
            .iter()
            .filter_map(|entry| match entry {
                Json::Object(jwk) => key(jwk),
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                    None
                }
            })
            .collect();
        if keys.is_empty() {
            return Err(Malformed("none of the keys is usable".into()));
        }
        Ok(Self { keys })
    }

    /// Looks for the key of a token and checks its signature.
    pub(crate) fn check(&self, token: &Unverified<'_>) -> Finding {
        let fitting = || {
            self.keys.iter().filter(|key| {
                key.algorithm == token.algorithm && (token.kid.is_none() || key.kid == token.kid)
            })
        };
        let signed = || fitting().any(|key| token.is_signed_by(key));
        match (&token.kid, fitting().count()) {
            (_, 0) => Finding::NoKey,
            (None, 2..) => Finding::Undecided,
            // Two keys of one name are a provider's mistake, and either may be the right one.
            (_, _) if signed() => Finding::Signed,
            (Some(_), _) => Finding::Forged,
            // The only key there is may have been replaced by another one without a name.
            (None, _) => Finding::NoKey,
        }
    }

    /// Whether every key of this set is in the other one, by name.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        let named = |key: &Key| other.keys.iter().any(|it| it.kid == key.kid);
        self.keys.iter().all(named)
    }

    /// How many keys are usable.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }
}

/// A usable signing key, or none.
fn key(jwk: &Object) -> Option<Key> {
    let kid = jwk.text_strictly("kid").ok()?.map(str::to_owned);
    let for_signing = matches!(jwk.text_strictly("use"), Ok(None | Some("sig")));
    let verifies = match jwk.texts_strictly("key_ops") {
        Ok(None) => true,
        Ok(Some(operations)) => operations.contains(&"verify"),
        Err(_) => false,
    };
    // A private part that is published is known to everybody.
    let private = ["d", "k", "p", "q"].into_iter().any(|name| jwk.has(name));
    if !for_signing || !verifies || private {
        return None;
    }
    let is_for = |algorithm: Algorithm| match jwk.text_strictly("alg") {
        Ok(None) => true,
        Ok(Some(name)) => name == algorithm.name(),
        Err(_) => false,
    };
    let part = |name| jwk.text(name).and_then(base64url);
    match jwk.text("kty")? {
        "RSA" if is_for(Algorithm::Rs256) => Key::rsa(kid, &part("n")?, &part("e")?),
        "EC" if is_for(Algorithm::Es256) && jwk.text("crv") == Some("P-256") => {
            Key::p256(kid, &part("x")?, &part("y")?)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
