//! Sealing of secrets at rest: XChaCha20-Poly1305, bound to what the secret belongs to.
//!
//! Sealed: one byte of format, 8 bytes of key id, 24 bytes of nonce, then the ciphertext with its
//! tag. A row that is moved to another connection or issuer does not open.

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

/// The sealing key of this deployment.
pub struct Sealing {
    cipher: XChaCha20Poly1305,
    key_id: [u8; KEY_ID],
}

impl Sealing {
    #[must_use]
    pub fn new(key: &Zeroizing<[u8; 32]>) -> Self {
        let digest: [u8; 32] = Sha256::digest(key.as_slice()).into();
        let mut key_id = [0; KEY_ID];
        key_id.copy_from_slice(&digest[..KEY_ID]);
        Self {
            cipher: XChaCha20Poly1305::new((&**key).into()),
            key_id,
        }
    }

    /// Tells keys apart without telling the key.
    #[must_use]
    pub fn key_id(&self) -> &[u8; 8] {
        &self.key_id
    }

    /// Seals `plain`; it opens only with the same `belongs_to`.
    pub fn seal(
        &self,
        plain: &[u8],
        belongs_to: &str,
        entropy: &Entropy,
    ) -> Result<Vec<u8>, Error> {
        let nonce: [u8; NONCE] = entropy.bytes();
        let payload = Payload {
            msg: plain,
            aad: belongs_to.as_bytes(),
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::Internal("sealing failed".into()))?;
        let mut all = Vec::with_capacity(1 + KEY_ID + NONCE + sealed.len());
        all.push(FORMAT);
        all.extend_from_slice(&self.key_id);
        all.extend_from_slice(&nonce);
        all.extend_from_slice(&sealed);
        Ok(all)
    }

    /// Opens what was sealed with this key for the same `belongs_to`.
    pub fn open(&self, sealed: &[u8], belongs_to: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        let fault = |what: &str| Error::Internal(format!("a sealed value {what}"));
        let (head, body) = sealed
            .split_at_checked(1 + KEY_ID + NONCE)
            .ok_or_else(|| fault("is too short"))?;
        if head[0] != FORMAT {
            return Err(fault("has a newer format"));
        }
        if head[1..=KEY_ID] != self.key_id {
            return Err(fault("was sealed with another key"));
        }
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&head[1 + KEY_ID..]);
        let payload = Payload {
            msg: body,
            aad: belongs_to.as_bytes(),
        };
        self.cipher
            .decrypt(&XNonce::from(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| fault("does not open: altered, or moved from where it belongs"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealing(byte: u8) -> Sealing {
        Sealing::new(&Zeroizing::new([byte; 32]))
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
}
