//! Signing keys: a fixed pool, and the ring of two that an issuer publishes. Knows nothing of tokens' contents.

use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::chance::Chance;

/// Parsed at first use only: a start costs nothing, and a key is parsed once in the life of the process.
static POOL: [LazyLock<RsaKeyPair>; 8] = [
    LazyLock::new(|| rsa(include_str!("../keys/rsa-1.pem"))),
    LazyLock::new(|| rsa(include_str!("../keys/rsa-2.pem"))),
    LazyLock::new(|| rsa(include_str!("../keys/rsa-3.pem"))),
    LazyLock::new(|| rsa(include_str!("../keys/rsa-4.pem"))),
    LazyLock::new(|| rsa(include_str!("../keys/rsa-5.pem"))),
    LazyLock::new(|| rsa(include_str!("../keys/rsa-6.pem"))),
    LazyLock::new(|| rsa(include_str!("../keys/rsa-7.pem"))),
    LazyLock::new(|| rsa(include_str!("../keys/rsa-8.pem"))),
];

static STRANGER_RSA: LazyLock<RsaKeyPair> =
    LazyLock::new(|| rsa(include_str!("../keys/stranger-rsa.pem")));

static STRANGER_EC: LazyLock<EcdsaKeyPair> = LazyLock::new(|| {
    EcdsaKeyPair::from_pkcs8(
        &ECDSA_P256_SHA256_FIXED_SIGNING,
        &der(include_str!("../keys/stranger-ec.pem")),
    )
    .expect("the embedded key is a P-256 key")
});

/// The certificate of a custom domain that nobody renewed, and its private key (PKCS #8).
pub(crate) fn expired() -> (Vec<u8>, Vec<u8>) {
    (
        der(include_str!("../keys/expired.pem")),
        der(include_str!("../keys/stranger-ec.pem")),
    )
}

fn rsa(pem: &str) -> RsaKeyPair {
    RsaKeyPair::from_pkcs8(&der(pem)).expect("the embedded key is an RSA key")
}

fn der(pem: &str) -> Vec<u8> {
    let body: String = pem
        .lines()
        .skip_while(|line| !line.starts_with("-----BEGIN"))
        .filter(|line| !line.starts_with("-----"))
        .collect();
    STANDARD.decode(body).expect("the embedded key is base64")
}

/// One published key: which of the pool, and under which name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) kid: String,
    slot: usize,
}

impl Key {
    /// RS256 (RFC 7518 §3.3).
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        sign_rsa(&POOL[self.slot], message)
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(
            &RSA_PKCS1_2048_8192_SHA256,
            POOL[self.slot].public_key().as_ref(),
        )
        .verify(message, signature)
        .is_ok()
    }

    /// RFC 7517 §4, in the shape that Okta publishes.
    pub(crate) fn jwk(&self) -> Value {
        rsa_jwk(&POOL[self.slot], &self.kid)
    }

    /// The public key as text, the way an attacker would copy it into an HMAC.
    pub(crate) fn public_pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = POOL[self.slot]
            .public_key()
            .as_der()
            .expect("the embedded key has a public half");
        let body = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> = body
            .as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).expect("base64 is ASCII"))
            .collect();
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            lines.join("\n")
        )
    }
}

/// Signs with a key that nobody publishes.
pub(crate) fn sign_as_stranger(message: &[u8]) -> Vec<u8> {
    sign_rsa(&STRANGER_RSA, message)
}

/// The stranger's own public key, for a token that brings its key along.
pub(crate) fn stranger_jwk() -> Value {
    rsa_jwk(&STRANGER_RSA, "stranger")
}

/// ES256 with a key that nobody publishes.
pub(crate) fn sign_es256(message: &[u8]) -> Vec<u8> {
    STRANGER_EC
        .sign(&SystemRandom::new(), message)
        .expect("signing with a parsed key")
        .as_ref()
        .to_vec()
}

fn sign_rsa(pair: &RsaKeyPair, message: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message,
        &mut signature,
    )
    .expect("the buffer has the size of the modulus");
    signature
}

fn rsa_jwk(pair: &RsaKeyPair, kid: &str) -> Value {
    let public = pair.public_key();
    json!({
        "kty": "RSA",
        "alg": "RS256",
        "kid": kid,
        "use": "sig",
        "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
        "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
    })
}

/// The keys of one issuer: the one that signs, and the next, published in advance as Okta does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyRing {
    pub(crate) current: Key,
    next: Key,
    /// No longer published; still good to recognise an old `id_token_hint`.
    retired: Vec<Key>,
    following_slot: usize,
}

impl KeyRing {
    /// `place` is the issuer's turn: issuers then do not share keys.
    pub(crate) fn new(place: usize, chance: &mut Chance) -> Self {
        let mut slot = place * 2;
        let current = draw(&mut slot, chance);
        let next = draw(&mut slot, chance);
        Self {
            current,
            next,
            retired: Vec::new(),
            following_slot: slot,
        }
    }

    /// Both keys are replaced at once, without notice.
    pub(crate) fn replace(&mut self, chance: &mut Chance) {
        let fresh = draw(&mut self.following_slot, chance);
        self.retired
            .push(std::mem::replace(&mut self.current, fresh));
        let fresh = draw(&mut self.following_slot, chance);
        self.retired.push(std::mem::replace(&mut self.next, fresh));
    }

    /// The announced key starts to sign; a new one is announced.
    pub(crate) fn promote(&mut self, chance: &mut Chance) {
        let fresh = draw(&mut self.following_slot, chance);
        let promoted = std::mem::replace(&mut self.next, fresh);
        self.retired
            .push(std::mem::replace(&mut self.current, promoted));
    }

    /// What the keys endpoint publishes.
    pub(crate) fn published(&self) -> Value {
        json!({ "keys": [self.current.jwk(), self.next.jwk()] })
    }

    pub(crate) fn ever_had(&self, kid: &str) -> Option<&Key> {
        [&self.current, &self.next]
            .into_iter()
            .chain(&self.retired)
            .find(|key| key.kid == kid)
    }
}

fn draw(slot: &mut usize, chance: &mut Chance) -> Key {
    let key = Key {
        kid: chance.token(),
        slot: *slot % POOL.len(),
    };
    *slot += 1;
    key
}
