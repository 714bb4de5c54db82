//! For tests: X.509 certificates (RFC 5280), made with fresh keys, good ones and bad ones.

use aws_lc_rs::{
    encoding::AsDer as _,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// Valid since 2020…
const SINCE: &str = "200101000000Z";
/// …and until 2049, the last year that this form of time can name.
pub(super) const UNTIL: &str = "491231235959Z";
/// Long expired.
pub(super) const UNTIL_2021: &str = "210101000000Z";

const SEQUENCE: u8 = 0x30;
const OID_COMMON_NAME: &[u8] = &[0x55, 4, 3];
const OID_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];
const OID_BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const OID_ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];

/// Somebody with a key and a name.
pub(super) struct Holder {
    name: &'static str,
    pair: EcdsaKeyPair,
}

impl Holder {
    pub(super) fn new(name: &'static str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key pair");
        Self { name, pair }
    }

    /// The private key, PKCS #8.
    pub(super) fn private_key(&self) -> Vec<u8> {
        let key = self.pair.to_pkcs8v1().expect("a key");
        key.as_ref().to_vec()
    }

    /// This holder's certificate as an authority, signed by itself.
    pub(super) fn authority(&self) -> Vec<u8> {
        let is_one = der(SEQUENCE, &[&der(1, &[&[0xff]])]);
        self.signs(self, UNTIL, OID_BASIC_CONSTRAINTS, &is_one)
    }

    /// A certificate for a server of this DNS name, signed by this holder.
    pub(super) fn certifies(&self, server: &Self, dns: &str, until: &str) -> Vec<u8> {
        let names = der(SEQUENCE, &[&der(0x82, &[dns.as_bytes()])]);
        self.signs(server, until, OID_ALTERNATIVE_NAME, &names)
    }

    fn signs(&self, subject: &Self, until: &str, extension: &[u8], value: &[u8]) -> Vec<u8> {
        let algorithm = der(SEQUENCE, &[&der(6, &[OID_ECDSA_SHA256])]);
        let extension = der(SEQUENCE, &[&der(6, &[extension]), &der(4, &[value])]);
        let public = subject.pair.public_key().as_der().expect("a public key");
        let to_sign = der(
            SEQUENCE,
            &[
                &der(0xa0, &[&der(2, &[&[2]])]),
                &der(2, &[&[1]]),
                &algorithm,
                &self.distinguished(),
                &der(
                    SEQUENCE,
                    &[
                        &der(0x17, &[SINCE.as_bytes()]),
                        &der(0x17, &[until.as_bytes()]),
                    ],
                ),
                &subject.distinguished(),
                public.as_ref(),
                &der(0xa3, &[&der(SEQUENCE, &[&extension])]),
            ],
        );
        let signature = self
            .pair
            .sign(&SystemRandom::new(), &to_sign)
            .expect("a signature");
        let signature = der(3, &[&[0], signature.as_ref()]);
        der(SEQUENCE, &[&to_sign, &algorithm, &signature])
    }

    fn distinguished(&self) -> Vec<u8> {
        let name = der(0x0c, &[self.name.as_bytes()]);
        let pair = der(SEQUENCE, &[&der(6, &[OID_COMMON_NAME]), &name]);
        der(SEQUENCE, &[&der(0x31, &[&pair])])
    }
}

pub(super) fn pem(certificate: &[u8]) -> Vec<u8> {
    let text = STANDARD.encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n").into_bytes()
}

/// Tag, length, content (X.690).
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut out = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        Ok(byte) => out.extend([0x81, byte]),
        Err(_) => {
            out.push(0x82);
            out.extend(u16::try_from(content.len()).expect("short").to_be_bytes());
        }
    }
    out.extend(content);
    out
}
