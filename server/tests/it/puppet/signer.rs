//! The puppet's keys, each made once a process, and tokens made with them.

use std::sync::LazyLock;

use aws_lc_rs::{
    digest, hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
        RsaPublicKeyComponents,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

pub(crate) enum Signer {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

static RSA: LazyLock<Signer> = LazyLock::new(new_rsa);
static OTHER_RSA: LazyLock<Signer> = LazyLock::new(new_rsa);
static EC: LazyLock<Signer> = LazyLock::new(|| {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
    Signer::Ec(pair.expect("a key pair"))
});

fn new_rsa() -> Signer {
    Signer::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key pair"))
}

impl Signer {
    /// The key that an honest puppet publishes.
    pub(crate) fn rsa() -> &'static Self {
        &RSA
    }

    /// Somebody else's.
    pub(crate) fn other_rsa() -> &'static Self {
        &OTHER_RSA
    }

    pub(crate) fn ec() -> &'static Self {
        &EC
    }

    /// The public half.
    pub(crate) fn jwk(&self, kid: &str) -> Value {
        match self {
            Self::Rsa(_) => {
                let (n, e) = self.rsa_parts();
                json!({
                    "kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256",
                    "n": encoded(&n), "e": encoded(&e),
                })
            }
            Self::Ec(pair) => {
                let point = pair.public_key().as_ref();
                json!({
                    "kty": "EC", "crv": "P-256", "kid": kid, "use": "sig", "alg": "ES256",
                    "x": encoded(&point[1..33]), "y": encoded(&point[33..]),
                })
            }
        }
    }

    /// Modulus and exponent.
    pub(crate) fn rsa_parts(&self) -> (Vec<u8>, Vec<u8>) {
        let Self::Rsa(pair) = self else {
            panic!("not an RSA key")
        };
        let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        (parts.n, parts.e)
    }

    /// The public half as DER (`SubjectPublicKeyInfo`).
    pub(crate) fn der(&self) -> Vec<u8> {
        use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
        let Self::Rsa(pair) = self else {
            panic!("not an RSA key")
        };
        let der: PublicKeyX509Der<'_> = pair.public_key().as_der().expect("DER");
        der.as_ref().to_vec()
    }

    /// The public half as PEM.
    pub(crate) fn pem(&self) -> String {
        use base64::engine::general_purpose::STANDARD;
        let text = STANDARD.encode(self.der());
        let lines: Vec<&str> = (0..text.len())
            .step_by(64)
            .map(|at| &text[at..text.len().min(at + 64)])
            .collect();
        let body = lines.join("\n");
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
    }

    /// A token with this header and payload, whatever they are.
    pub(crate) fn token(&self, header: &str, payload: &[u8]) -> String {
        let signed = format!("{}.{}", encoded(header.as_bytes()), encoded(payload));
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

/// A token whose signature is an HMAC with this key.
pub(crate) fn hs256(header: &Value, payload: &Value, key: &[u8]) -> String {
    let signed = unsigned(header, payload);
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let tag = hmac::sign(&key, signed.as_bytes());
    format!("{signed}.{}", encoded(tag.as_ref()))
}

/// Header and payload with no signature, and no dot after them.
pub(crate) fn unsigned(header: &Value, payload: &Value) -> String {
    format!(
        "{}.{}",
        encoded(header.to_string().as_bytes()),
        encoded(payload.to_string().as_bytes())
    )
}

/// `at_hash` of an access token.
pub(crate) fn half_hash(token: &str) -> String {
    let hash = digest::digest(&digest::SHA256, token.as_bytes());
    encoded(&hash.as_ref()[..16])
}

pub(crate) fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
