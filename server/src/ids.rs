//! Ids, reference numbers and tokens.

use api::UtcMillis;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::clock::Entropy;

/// Letters and digits that nobody confuses when read out (Crockford's base 32).
const READABLE: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A UUID v7: sorts by time, and within a process by when it was made (RFC 9562 §6.2, method 2).
#[must_use]
pub fn uuid(now: UtcMillis, entropy: &Entropy) -> String {
    let millis = u64::try_from(now).unwrap_or_default();
    let fresh = uuid::Builder::from_unix_timestamp_millis(millis, &entropy.bytes()).into_uuid();
    let made = entropy.follow(|last| {
        let (fresh, millis) = (fresh.as_u128(), u128::from(millis));
        // Of the same moment, or of one just before: a clock is set back by a little at times.
        let behind = last >> 80;
        if fresh > last || behind > millis + SET_BACK {
            return fresh;
        }
        // The bits that say version and variant stay as they are.
        let step = 1 + (fresh & 0xffff_ffff);
        let low = (last & LOW) + step;
        if low <= LOW {
            (last & !LOW) | low
        } else {
            fresh_of(behind + 1, fresh)
        }
    });
    uuid::Uuid::from_u128(made).to_string()
}

/// The random bits behind the variant.
const LOW: u128 = (1 << 62) - 1;
/// Milliseconds.
const SET_BACK: u128 = 10_000;

/// The same random bits at another moment.
fn fresh_of(millis: u128, fresh: u128) -> u128 {
    (millis << 80) | (fresh & ((1 << 80) - 1))
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

    #[test]
    fn ids_of_one_moment_sort_in_the_order_in_which_they_were_made() {
        for byte in [0x00, 0x7f, 0xff] {
            let entropy = Entropy::new(move |bytes| bytes.fill(byte));
            let mut last = String::new();
            for turn in 0..10_000 {
                // Now and then the clock is set back by a little.
                let id = uuid(1_000_000 + turn / 1000 - (turn % 7), &entropy);
                assert!(id > last, "{id} after {last}");
                let id_bits = uuid::Uuid::parse_str(&id).expect("a UUID");
                assert_eq!(id_bits.get_version_num(), 7);
                assert_eq!(id_bits.get_variant(), uuid::Variant::RFC4122);
                last = id;
            }
        }
    }

    #[test]
    fn a_clock_that_was_far_ahead_does_not_hold_ids_up() {
        let entropy = Entropy::new(|bytes| bytes.fill(7));
        let ahead = uuid(1_000_000_000, &entropy);
        assert!(uuid(500_000_000, &entropy) < ahead);
    }
}
