//! Who signed in, put together from the ID token and userinfo.

use api::{UtcMillis, connections::Claim};

use super::{
    ConnectionConfig,
    claims::{self, Claims},
    failure::{self, Failure},
    jose,
    provider::{self, Names},
    token::Tokens,
    userinfo::{self, Userinfo},
};
use crate::secret::Secret;

/// Who the provider says has signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// With `sub`, the only thing that identifies this account for good.
    pub issuer: String,
    pub sub: String,
    /// What a first sign-in is matched by. All of it may be absent: a linked account is known by `sub`.
    pub names: Names,
    pub name: Option<String>,
    /// When they signed in at the provider, where it says so: a sign-in here can rest on one of hours ago.
    pub auth_time: Option<UtcMillis>,
    /// All claims of ID token and userinfo, by name, each value at most 200 characters.
    pub claims: Vec<Claim>,
    /// What came beside the ID token.
    pub granted: Granted,
    /// For signing out at the provider.
    pub id_token: Secret,
    /// How far the provider's clock is ahead of ours (±1 s), where it told the time.
    pub skew_ms: Option<i64>,
}

/// What the provider gave beside the ID token, for an administrator to see.
#[derive(Clone, Debug, Default)]
pub struct Granted {
    pub scopes: Vec<String>,
    pub refresh_token: bool,
    /// Names of claims in the access token, where it is one that can be read. Nothing is decided
    /// by them.
    pub access_token_claims: Vec<String>,
    /// Its `aud`, where it says one.
    pub audience: Option<String>,
}

/// Both sources must agree, and the account must be one that the connection lets in.
pub(crate) fn of(
    connection: &ConnectionConfig,
    claims: Claims,
    mut userinfo: Userinfo,
    tokens: Tokens,
    skew_ms: Option<i64>,
) -> Result<Person, Failure> {
    let profile = userinfo::merge(connection.provider, &claims, &userinfo)?;
    let names = provider::name(connection, &claims, &profile)?;
    let mut all: Vec<Claim> = claims
        .all
        .into_iter()
        .map(|(name, value)| Claim {
            userinfo: userinfo.all.remove(&name),
            id_token: Some(value),
            name,
        })
        .collect();
    all.extend(userinfo.all.into_iter().map(|(name, value)| Claim {
        name,
        id_token: None,
        userinfo: Some(value),
    }));
    all.sort_by(|a, b| a.name.cmp(&b.name));
    let access_token = jose::parse(tokens.access_token.expose())
        .and_then(|token| token.claims())
        .map(|claims| claims::displayed(&claims))
        .unwrap_or_default();
    Ok(Person {
        issuer: connection.issuer.clone(),
        sub: claims.sub,
        auth_time: claims.auth_time,
        names,
        name: profile.name.map(|name| failure::shown(&name)),
        claims: all,
        granted: Granted {
            audience: access_token.get("aud").cloned(),
            access_token_claims: access_token.into_keys().collect(),
            scopes: tokens.scopes,
            refresh_token: tokens.has_refresh_token,
        },
        id_token: tokens.id_token,
        skew_ms,
    })
}
