//! Ids, reference numbers and tokens.

use api::UtcMillis;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::clock::Entropy;

/// Letters and digits that nobody confuses when read out (Crockford's base 32).
const READABLE: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A UUID v7: sorts by time.
#[must_use]
pub fn uuid(now: UtcMillis, entropy: &Entropy) -> String {
    let millis = u64::try_from(now).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &entropy.bytes())
        .into_uuid()
        .to_string()
}

/// `XXXX-XXXX`, 40 random bits: what a person reads to an administrator.
#[must_use]
pub fn reference(entropy: &Entropy) -> String {
    readable::<8>(entropy)
}

/// Five random bits a letter, in groups of four.
#[must_use]
pub fn readable<const N: usize>(entropy: &Entropy) -> String {
    let bytes: [u8; N] = entropy.bytes();
    let mut text = String::with_capacity(N + N / 4);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(READABLE[usize::from(byte & 31)]));
    }
    text
}

/// 256 random bits in base64url: 43 characters, also fit for a PKCE verifier (RFC 7636 §4.1).
#[must_use]
pub fn token(entropy: &Entropy) -> String {
    URL_SAFE_NO_PAD.encode(entropy.bytes::<32>())
}

/// What is stored of a token: a dump of the database cannot be replayed.
#[must_use]
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_sorts_by_its_time_and_a_token_has_43_characters() {
        let entropy = Entropy::new(|bytes| bytes.fill(0xff));
        assert!(uuid(1, &entropy) < uuid(2, &entropy));
        assert_eq!(token(&entropy).len(), 43);
        assert_eq!(reference(&entropy), "ZZZZ-ZZZZ");
    }
}
