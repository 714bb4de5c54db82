//! For tests: keys of a provider, and tokens made with them. Each key is made once a process.

use std::sync::LazyLock;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
        RsaPublicKeyComponents,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::jose::Key;

/// A provider's key pair.
pub(crate) enum Signer {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

pub(crate) static RSA: LazyLock<Signer> = LazyLock::new(Signer::new_rsa);
pub(crate) static OTHER_RSA: LazyLock<Signer> = LazyLock::new(Signer::new_rsa);
pub(crate) static EC: LazyLock<Signer> = LazyLock::new(|| {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
    Signer::Ec(pair.expect("a key pair"))
});

impl Signer {
    fn new_rsa() -> Self {
        Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key pair"))
    }

    /// Modulus and exponent.
    pub(crate) fn rsa_parts(&self) -> (Vec<u8>, Vec<u8>) {
        let Self::Rsa(pair) = self else {
            panic!("not an RSA key")
        };
        let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        (parts.n, parts.e)
    }

    /// Both coordinates.
    pub(crate) fn ec_parts(&self) -> (Vec<u8>, Vec<u8>) {
        let Self::Ec(pair) = self else {
            panic!("not an EC key")
        };
        let point = pair.public_key().as_ref();
        (point[1..33].to_vec(), point[33..].to_vec())
    }

    /// The public half as a JWK; `more` goes in as it is, for example `,"use":"sig"`.
    pub(crate) fn jwk(&self, kid: &str, more: &str) -> String {
        match self {
            Self::Rsa(_) => {
                let (n, e) = self.rsa_parts();
                let (n, e) = (encoded(&n), encoded(&e));
                format!(r#"{{"kty":"RSA","kid":"{kid}","n":"{n}","e":"{e}"{more}}}"#)
            }
            Self::Ec(_) => {
                let (x, y) = self.ec_parts();
                let (x, y) = (encoded(&x), encoded(&y));
                format!(r#"{{"kty":"EC","crv":"P-256","kid":"{kid}","x":"{x}","y":"{y}"{more}}}"#)
            }
        }
    }

    pub(crate) fn key(&self, kid: Option<&str>) -> Key {
        let kid = kid.map(str::to_owned);
        let key = match self {
            Self::Rsa(_) => {
                let (n, e) = self.rsa_parts();
                Key::rsa(kid, &n, &e)
            }
            Self::Ec(_) => {
                let (x, y) = self.ec_parts();
                Key::p256(kid, &x, &y)
            }
        };
        key.expect("a usable key")
    }

    /// A token with this header and payload, whatever they are.
    pub(crate) fn token(&self, header: &str, payload: &str) -> String {
        let signed = format!(
            "{}.{}",
            encoded(header.as_bytes()),
            encoded(payload.as_bytes())
        );
        let signature = self.signature(signed.as_bytes());
        format!("{signed}.{}", encoded(&signature))
    }

    pub(crate) fn signature(&self, signed: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, signed, &mut signature)
                    .expect("a signature");
                signature
            }
            Self::Ec(pair) => {
                let signature = pair.sign(&random, signed).expect("a signature");
                signature.as_ref().to_vec()
            }
        }
    }
}

pub(crate) fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
