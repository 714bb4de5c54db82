//! Sealing of secrets at rest: XChaCha20-Poly1305, bound to what the secret belongs to.
//!
//! Several keys can be there at once, so that one can take the place of another without a pause.
//!
//! What tells one secret from another where neither may stand is made here too.
//!
//! Sealed: one byte of format, 8 bytes of key id, 24 bytes of nonce, then the ciphertext with its
//! tag. A row that is moved to another connection or issuer does not open.

pub(crate) mod reseal;

use std::fmt::Write as _;

use aws_lc_rs::hmac;
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{clock::Entropy, error::Error};

const FORMAT: u8 = 1;
const KEY_ID: usize = 8;
const NONCE: usize = 24;

/// A key as its file has it.
pub type Key = Zeroizing<[u8; 32]>;

/// The encryption keys of this deployment: the first one seals, any of them opens.
pub struct Sealing {
    keys: Vec<Opener>,
    /// Of the first key's own.
    prints: hmac::Key,
    /// Where they were read from, for the one who has to mend it.
    from: String,
}

struct Opener {
    cipher: XChaCha20Poly1305,
    id: [u8; KEY_ID],
}

impl Opener {
    fn new(key: &Key) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new((&**key).into()),
            id: id_of(key),
        }
    }
}

/// What fingerprints are made with: no key for anything else, and none that tells the one that it is
/// made of.
fn print_key(key: &Key) -> hmac::Key {
    let sealing = hmac::Key::new(hmac::HMAC_SHA256, key.as_slice());
    let derived = hmac::sign(&sealing, b"sso-console fingerprint 1");
    hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref())
}

fn id_of(key: &Key) -> [u8; KEY_ID] {
    let digest: [u8; 32] = Sha256::digest(key.as_slice()).into();
    let mut id = [0; KEY_ID];
    id.copy_from_slice(&digest[..KEY_ID]);
    id
}

/// A key's id as it is written for people.
#[must_use]
pub fn shown(id: &[u8]) -> String {
    id.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Sealing {
    /// With one key, or with the first of several: `more` open what was sealed before a rotation.
    #[must_use]
    pub fn new(key: &Key, more: &[Key], from: &str) -> Self {
        Self {
            keys: std::iter::once(key).chain(more).map(Opener::new).collect(),
            prints: print_key(key),
            from: from.to_owned(),
        }
    }

    /// Tells keys apart without telling the key: the id of the one that seals.
    #[must_use]
    pub fn key_id(&self) -> &[u8; 8] {
        &self.keys[0].id
    }

    /// Whether what was sealed with this key can be opened.
    #[must_use]
    pub fn has(&self, id: &[u8]) -> bool {
        self.keys.iter().any(|key| key.id == id)
    }

    /// What is said where a key is missing.
    #[must_use]
    pub fn lacks(&self, id: &[u8]) -> String {
        let have: Vec<String> = self.keys.iter().map(|key| shown(&key.id)).collect();
        format!(
            "the encryption key {} is missing: {} has {}. Give this server a file that has the \
             missing key, one key a line, with --encryption-key-file, and start it again",
            shown(id),
            self.from,
            have.join(", ")
        )
    }

    /// Eight hex digits that tell one secret from another, and nothing of either to whoever has no
    /// encryption key: HMAC-SHA-256, cut. Another first key makes others of the same secrets, so they
    /// are compared within one row of the audit log, whose both sides are made at once.
    #[must_use]
    pub(crate) fn fingerprint(&self, secret: &[u8]) -> String {
        shown(&hmac::sign(&self.prints, secret).as_ref()[..4])
    }

    /// The id of the key that something was sealed with; None for what is no sealed value.
    #[must_use]
    pub fn sealed_with(sealed: &[u8]) -> Option<&[u8]> {
        let head = sealed.get(..1 + KEY_ID + NONCE)?;
        (head[0] == FORMAT).then(|| &head[1..=KEY_ID])
    }

    /// Seals `plain`; it opens only with the same `belongs_to`.
    pub fn seal(
        &self,
        plain: &[u8],
        belongs_to: &str,
        entropy: &Entropy,
    ) -> Result<Vec<u8>, Error> {
        let key = &self.keys[0];
        let nonce: [u8; NONCE] = entropy.bytes();
        let payload = Payload {
            msg: plain,
            aad: belongs_to.as_bytes(),
        };
        let sealed = key
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::Internal("sealing failed".into()))?;
        let mut all = Vec::with_capacity(1 + KEY_ID + NONCE + sealed.len());
        all.push(FORMAT);
        all.extend_from_slice(&key.id);
        all.extend_from_slice(&nonce);
        all.extend_from_slice(&sealed);
        Ok(all)
    }

    /// Opens what was sealed with one of the keys for the same `belongs_to`.
    pub fn open(&self, sealed: &[u8], belongs_to: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        let fault = |what: &str| Error::Internal(format!("a sealed value {what}"));
        let (head, body) = sealed
            .split_at_checked(1 + KEY_ID + NONCE)
            .ok_or_else(|| fault("is too short"))?;
        if head[0] != FORMAT {
            return Err(fault("has a newer format"));
        }
        let id = &head[1..=KEY_ID];
        let Some(key) = self.keys.iter().find(|key| key.id == id) else {
            return Err(Error::Internal(self.lacks(id)));
        };
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&head[1 + KEY_ID..]);
        let payload = Payload {
            msg: body,
            aad: belongs_to.as_bytes(),
        };
        key.cipher
            .decrypt(&XNonce::from(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| fault("does not open: altered, or moved from where it belongs"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealing(byte: u8) -> Sealing {
        Sealing::new(&Zeroizing::new([byte; 32]), &[], "a test")
    }

    fn entropy() -> Entropy {
        Entropy::new(|bytes| bytes.fill(7))
    }

    #[test]
    fn a_secret_opens_only_where_it_belongs_and_with_its_own_key() {
        let sealed = sealing(1)
            .seal(b"s3cret", "okta https://a", &entropy())
            .expect("sealed");
        assert!(!sealed.windows(6).any(|part| part == b"s3cret"));
        let opened = sealing(1).open(&sealed, "okta https://a").expect("opened");
        assert_eq!(opened.as_slice(), b"s3cret");
        assert!(sealing(1).open(&sealed, "okta https://b").is_err());
        assert!(sealing(2).open(&sealed, "okta https://a").is_err());
        let mut altered = sealed.clone();
        *altered.last_mut().expect("not empty") ^= 1;
        assert!(sealing(1).open(&altered, "okta https://a").is_err());
        assert!(sealing(1).open(&sealed[..20], "okta https://a").is_err());
    }

    #[test]
    fn a_fingerprint_tells_secrets_apart_and_hangs_on_the_first_key() {
        let print = |secret: &str| sealing(1).fingerprint(secret.as_bytes());
        assert_eq!(print("short"), print("short"));
        assert_ne!(print("short"), print("other"));
        assert!(print("short").bytes().all(|it| it.is_ascii_hexdigit()));
        assert_eq!(print("").len(), 8);
        let keys = [Zeroizing::new([2; 32]), Zeroizing::new([1; 32])];
        let ring = Sealing::new(&keys[0], &keys[1..], "a test");
        assert_ne!(ring.fingerprint(b"short"), print("short"));
        // Neither the key's id nor a plain hash gives it away.
        let plain: [u8; 32] = Sha256::digest("short").into();
        assert_ne!(print("short"), shown(&plain[..4]));
    }

    #[test]
    fn the_first_key_seals_and_each_opens() {
        let old = sealing(1).seal(b"old", "x", &entropy()).expect("sealed");
        let keys = [Zeroizing::new([2; 32]), Zeroizing::new([1; 32])];
        let ring = Sealing::new(&keys[0], &keys[1..], "a test");
        assert_eq!(ring.open(&old, "x").expect("opened").as_slice(), b"old");
        let new = ring.seal(b"new", "x", &entropy()).expect("sealed");
        assert_eq!(
            sealing(2).open(&new, "x").expect("opened").as_slice(),
            b"new"
        );
        let why = format!("{:?}", sealing(1).open(&new, "x"));
        assert!(why.contains(&shown(sealing(2).key_id())), "{why}");
        assert!(
            why.contains("a test has") && why.contains("--encryption-key-file"),
            "{why}"
        );
    }
}
