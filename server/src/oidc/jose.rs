//! Signed tokens (RFC 7515, compact form), strictly: RS256 and ES256 and nothing else, because our
//! list says so and not because the token does. Knows bytes and signatures, no claim.

use api::Cause;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    failure::Failure,
    json::{self, Json, Object},
};

/// The longest token that is looked at, in bytes.
const TOKEN_MAX: usize = 64 * 1024;
/// The longest `kid` that can name one of our keys.
const KID_MAX: usize = 256;

/// The algorithms that are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rs256,
    Es256,
}

impl Algorithm {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }
}

/// A provider's public key, parsed once and kept.
pub(crate) struct Key {
    pub(crate) kid: Option<String>,
    pub(crate) algorithm: Algorithm,
    public: ParsedPublicKey,
}

/// A token whose form is right and whose signature is not checked yet.
pub(crate) struct Unverified<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<String>,
    signed: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
}

/// Takes a token apart. Fails for whatever is not exactly what the providers send.
pub(crate) fn parse(token: &str) -> Result<Unverified<'_>, Failure> {
    if token.len() > TOKEN_MAX {
        return Err(malformed("the token is over 64 KiB"));
    }
    if let Some(header) = encrypted_header(token) {
        return Err(Failure::new(
            Cause::TokenEncrypted,
            format!("the token is encrypted: {header}"),
        ));
    }
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(unsigned("the token has not three parts"));
    };
    let signed = &token[..header.len() + 1 + payload.len()];
    let header = decoded(header, "header")?;
    let header = json::object(&header).map_err(|why| malformed(&format!("header: {why}")))?;
    let algorithm = algorithm(&header)?;
    refuse_extensions(&header)?;
    let kid = kid(&header)?;
    let signature = decoded(signature, "signature")?;
    if signature.is_empty() {
        return Err(unsigned("the signature is empty"));
    }
    Ok(Unverified {
        algorithm,
        kid,
        signed,
        payload,
        signature,
    })
}

/// What an encrypted token (RFC 7516 §7.1: five parts, and `enc` in the header) is encrypted with.
fn encrypted_header(token: &str) -> Option<String> {
    let header = token.split('.').next()?;
    if token.split('.').count() != 5 {
        return None;
    }
    let header = URL_SAFE_NO_PAD.decode(header).ok()?;
    let header = json::object(&header).ok()?;
    header.text("enc").map(super::failure::shown)
}

impl Unverified<'_> {
    /// Whether this key made the signature. The key decides on the algorithm.
    pub(crate) fn is_signed_by(&self, key: &Key) -> bool {
        key.algorithm == self.algorithm
            && key
                .public
                .verify_sig(self.signed.as_bytes(), &self.signature)
                .is_ok()
    }

    /// The claims. To be called only when [`Self::is_signed_by`] said yes.
    pub(crate) fn claims(&self) -> Result<Object, Failure> {
        let payload = decoded(self.payload, "payload")?;
        json::object(&payload).map_err(|why| malformed(&format!("payload: {why}")))
    }
}

impl Key {
    /// RSA: 2048 to 8192 bits, an odd modulus, an odd exponent of at least 3 (RFC 7518 §6.3).
    pub(crate) fn rsa(kid: Option<String>, n: &[u8], e: &[u8]) -> Option<Self> {
        let bits = n.len() * 8 - n.first().map_or(0, |top| top.leading_zeros() as usize);
        let odd = |bytes: &[u8]| bytes.last().is_some_and(|low| low & 1 == 1);
        let plain = |bytes: &[u8]| bytes.first().is_some_and(|top| *top != 0);
        if !(2048..=8192).contains(&bits) || !plain(n) || !plain(e) || !odd(n) || !odd(e) {
            return None;
        }
        // Exponents in use are 3 and 65537; longer than four bytes only costs time.
        if e.len() > 4 || e == [1] {
            return None;
        }
        let public = RsaPublicKeyComponents { n, e }
            .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
            .ok()?;
        Some(Self {
            kid,
            algorithm: Algorithm::Rs256,
            public,
        })
    }

    /// P-256, both coordinates with their full 32 bytes (RFC 7518 §6.2.1); the point must be on
    /// the curve.
    pub(crate) fn p256(kid: Option<String>, x: &[u8], y: &[u8]) -> Option<Self> {
        if x.len() != 32 || y.len() != 32 {
            return None;
        }
        let point = [&[4], x, y].concat();
        let public = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).ok()?;
        Some(Self {
            kid,
            algorithm: Algorithm::Es256,
            public,
        })
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// Base64url without padding, blanks, or bits that mean nothing (RFC 7515 §2, RFC 4648 §3.5).
pub(crate) fn base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn decoded(part: &str, name: &str) -> Result<Vec<u8>, Failure> {
    base64url(part).ok_or_else(|| malformed(&format!("{name}: not base64url")))
}

fn algorithm(header: &Object) -> Result<Algorithm, Failure> {
    let name = header.text("alg");
    name.and_then(Algorithm::from_name).ok_or_else(|| {
        let name = name.map_or_else(|| "none given".into(), super::failure::shown);
        unsigned(&format!("algorithm {name}"))
    })
}

/// No extension is understood here (`crit`, `b64`), a key that a token brings along proves nothing
/// (and is never fetched), and a token of another type is another token (RFC 8725 §3.10, §3.11).
fn refuse_extensions(header: &Object) -> Result<(), Failure> {
    if let Some(name) = ["crit", "b64"].into_iter().find(|name| header.has(name)) {
        return Err(unsigned(&format!("`{name}` in the header")));
    }
    if let Some(name) = ["jwk", "jku", "x5u", "x5c"]
        .into_iter()
        .find(|name| header.has(name))
    {
        let detail = format!("the token brings its own key: `{name}`");
        return Err(Failure::new(Cause::SigningKeyUnknown, detail));
    }
    match header.get("typ") {
        None => Ok(()),
        Some(Json::String(typ)) if typ.eq_ignore_ascii_case("JWT") => Ok(()),
        Some(typ) => Err(malformed(&format!(
            "type {}",
            super::failure::shown(&typ.display())
        ))),
    }
}

/// A `kid` that can be nobody's is a plain miss, before anything is fetched for it.
fn kid(header: &Object) -> Result<Option<String>, Failure> {
    match header.get("kid") {
        None => Ok(None),
        Some(Json::String(kid)) if kid.len() <= KID_MAX => Ok(Some(kid.clone())),
        Some(_) => Err(Failure::new(
            Cause::SigningKeyUnknown,
            "`kid` can be no key's",
        )),
    }
}

fn malformed(detail: &str) -> Failure {
    Failure::new(Cause::TokenClaims, detail)
}

fn unsigned(detail: &str) -> Failure {
    Failure::new(Cause::TokenAlgorithm, detail)
}

#[cfg(test)]
mod tests;
