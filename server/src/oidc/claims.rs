//! The rules for an ID token's claims (OpenID Connect Core §3.1.3.7), once its signature holds.
//! Every broken rule has its own cause. Knows no HTTP and no clock: the time is an argument.

use std::collections::BTreeMap;

use api::{Cause, Provider, UtcMillis};
use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;

use super::{
    failure::{Failure, shown},
    json::{Json, Object},
    provider,
    userinfo::Profile,
};

/// How far the clocks may be apart, in seconds.
const TOLERANCE: f64 = 60.0;
/// The longest time that a token may be good for, in seconds.
const LIFETIME_MAX: f64 = 24.0 * 3600.0;
/// Far beyond any time that is meant (year 5138), in seconds.
const TIME_MAX: f64 = 1e11;

/// More claims than anybody reads.
const DISPLAYED_MAX: usize = 200;

/// What the token must say.
pub(crate) struct Expected<'a> {
    pub(crate) provider: Provider,
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) tenant: Option<&'a str>,
    pub(crate) nonce: &'a str,
    /// The access token that came along, for `at_hash`.
    pub(crate) access_token: &'a str,
    /// What was sent as `max_age`, in seconds.
    pub(crate) max_age: Option<u32>,
    pub(crate) now: UtcMillis,
}

/// What a token says, every rule kept.
#[derive(Debug)]
pub(crate) struct Claims {
    pub(crate) sub: String,
    pub(crate) profile: Profile,
    /// Google: the Workspace domain.
    pub(crate) hd: Option<String>,
    /// Microsoft: the directory.
    pub(crate) tid: Option<String>,
    /// When the person signed in at the provider, where it says so.
    pub(crate) auth_time: Option<UtcMillis>,
    pub(crate) all: BTreeMap<String, String>,
}

/// Checks the claims of a token whose signature was verified.
pub(crate) fn check(claims: &Object, expected: &Expected<'_>) -> Result<Claims, Failure> {
    issuer(claims, expected)?;
    audience(claims, expected)?;
    times(claims, expected)?;
    nonce(claims, expected)?;
    let sub = subject(claims)?;
    access_token_hash(claims, expected)?;
    Ok(Claims {
        sub,
        profile: Profile::read(claims).map_err(|why| malformed(why.to_string()))?,
        // Of a wrong type they are as good as absent, and then they fit no domain and no tenant.
        hd: claims.text("hd").map(str::to_owned),
        tid: claims.text("tid").map(str::to_ascii_lowercase),
        // Where it was asked for, one of a wrong type was refused with the times.
        auth_time: time(claims, "auth_time").ok().flatten().map(millis),
        all: displayed(claims),
    })
}

/// The claims with their values, for an administrator to read; not those that only tie the token
/// to this one sign-in. A provider that sends thousands is cut at [`DISPLAYED_MAX`].
pub(crate) fn displayed(claims: &Object) -> BTreeMap<String, String> {
    claims
        .iter()
        .filter(|(name, _)| !matches!(*name, "nonce" | "at_hash" | "c_hash" | "s_hash"))
        .take(DISPLAYED_MAX)
        .map(|(name, value)| (shown(name), shown(&value.display())))
        .collect()
}

fn issuer(claims: &Object, expected: &Expected<'_>) -> Result<(), Failure> {
    let iss = required(claims, "iss")?;
    if provider::issuer_fits(expected.provider, expected.issuer, iss) {
        return Ok(());
    }
    let tid = claims.text("tid").map(str::to_ascii_lowercase);
    let other_tenant = tid.is_some() && tid.as_deref() != expected.tenant;
    let cause = match expected.provider {
        Provider::Microsoft if other_tenant => Cause::TenantRefused,
        Provider::Okta | Provider::Google | Provider::Microsoft => Cause::TokenIssuer,
    };
    Err(Failure::new(cause, format!("`iss` is {}", shown(iss))))
}

/// Exactly us: with a stranger in it, the token could be passed on from or to them.
fn audience(claims: &Object, expected: &Expected<'_>) -> Result<(), Failure> {
    let us = expected.client_id;
    let fits = match claims.get("aud") {
        Some(Json::String(aud)) => aud == us,
        Some(Json::Array(_)) => {
            let all = claims
                .texts_strictly("aud")
                .map_err(|why| malformed(why.to_string()))?;
            all.is_some_and(|all| !all.is_empty() && all.iter().all(|aud| *aud == us))
        }
        Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_)) | None => {
            return Err(malformed(
                "`aud` is missing or neither string nor list".into(),
            ));
        }
    };
    if !fits {
        return Err(Failure::new(Cause::TokenAudience, "`aud` is not us"));
    }
    match text(claims, "azp")? {
        Some(azp) if azp != us => Err(Failure::new(Cause::TokenAudience, "`azp` is not us")),
        Some(_) | None => Ok(()),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds since 1970 are exact in 53 bits for 285,000 years"
)]
fn times(claims: &Object, expected: &Expected<'_>) -> Result<(), Failure> {
    let now = expected.now as f64 / 1000.0;
    let missing = |name: &str| malformed(format!("`{name}` is missing"));
    let exp = time(claims, "exp")?.ok_or_else(|| missing("exp"))?;
    let iat = time(claims, "iat")?.ok_or_else(|| missing("iat"))?;
    let nbf = time(claims, "nbf")?;
    if exp <= now - TOLERANCE {
        let late = now - exp;
        return Err(Failure::new(
            Cause::TokenExpired,
            format!("expired {late:.0} s ago"),
        ));
    }
    for (name, start) in [("iat", Some(iat)), ("nbf", nbf)] {
        if let Some(start) = start
            && start > now + TOLERANCE
        {
            let ahead = start - now;
            return Err(Failure::new(
                Cause::ClockSkew,
                format!("`{name}` is {ahead:.0} s ahead"),
            ));
        }
    }
    // Together with `exp` this also bounds how old a token can be.
    if exp - iat > LIFETIME_MAX || exp < iat {
        return Err(malformed(format!("good for {:.0} s", exp - iat)));
    }
    if let Some(max_age) = expected.max_age {
        let auth_time = time(claims, "auth_time")?.ok_or_else(|| missing("auth_time"))?;
        if now - auth_time > f64::from(max_age) + TOLERANCE {
            return Err(Failure::new(
                Cause::LoginRequired,
                "`auth_time` is older than asked for",
            ));
        }
    }
    Ok(())
}

fn nonce(claims: &Object, expected: &Expected<'_>) -> Result<(), Failure> {
    let fits = claims
        .text("nonce")
        .is_some_and(|nonce| nonce.as_bytes().ct_eq(expected.nonce.as_bytes()).into());
    if fits && !expected.nonce.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(
            Cause::TokenNonce,
            "`nonce` is not the attempt's",
        ))
    }
}

/// 1 to 255 printable ASCII characters (Core §2 allows no others, and no more).
fn subject(claims: &Object) -> Result<String, Failure> {
    let sub = required(claims, "sub")?;
    let plain = (1..=255).contains(&sub.len()) && sub.bytes().all(|b| (0x20..0x7f).contains(&b));
    if plain && !sub.trim().is_empty() {
        Ok(sub.to_owned())
    } else {
        Err(malformed(
            "`sub` is empty, too long or not printable".into(),
        ))
    }
}

/// Left half of the hash, for both algorithms SHA-256 (Core §3.1.3.6). Optional in this flow.
fn access_token_hash(claims: &Object, expected: &Expected<'_>) -> Result<(), Failure> {
    let Some(at_hash) = text(claims, "at_hash")? else {
        return Ok(());
    };
    let hash = digest::digest(&digest::SHA256, expected.access_token.as_bytes());
    let left = URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]);
    if left.as_bytes().ct_eq(at_hash.as_bytes()).into() {
        Ok(())
    } else {
        Err(malformed("`at_hash` is another access token's".into()))
    }
}

/// A time in seconds; fractions are fine. None when absent; a wrong type is never "absent".
fn time(claims: &Object, name: &str) -> Result<Option<f64>, Failure> {
    match claims.get(name) {
        None => Ok(None),
        Some(Json::Number(number)) if (0.0..TIME_MAX).contains(&number.as_f64()) => {
            Ok(Some(number.as_f64()))
        }
        Some(_) => Err(malformed(format!("`{name}` is no time"))),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a time of a token is under TIME_MAX, and exact in milliseconds"
)]
fn millis(seconds: f64) -> UtcMillis {
    (seconds * 1000.0) as UtcMillis
}

fn text<'a>(claims: &'a Object, name: &str) -> Result<Option<&'a str>, Failure> {
    claims
        .text_strictly(name)
        .map_err(|why| malformed(why.to_string()))
}

fn required<'a>(claims: &'a Object, name: &str) -> Result<&'a str, Failure> {
    text(claims, name)?.ok_or_else(|| malformed(format!("`{name}` is missing")))
}

fn malformed(detail: String) -> Failure {
    Failure::new(Cause::TokenClaims, detail)
}

#[cfg(test)]
mod tests;
