//! The relying party: signs people in through an OpenID provider, code flow with PKCE.
//!
//! [`RelyingParty`] is the door. It knows no database, no cookie and no user of ours: it takes a
//! connection's settings and the time, and gives an address to send the browser to, or a
//! [`Person`]; every failure ends in a [`Failure`] with its cause.

pub mod callback;
mod claims;
mod discovery;
mod failure;
mod jose;
pub(crate) mod json;
mod keys;
mod logout;
pub mod outbound;
mod person;
mod provider;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod signer;
mod slot;
#[cfg(test)]
mod stand_in;
mod start;
mod token;
mod trust;
mod userinfo;

use std::sync::Arc;

use api::{Cause, Provider, UtcMillis, connections::MatchBy, sign_ins::Stage};
use url::Url;

use self::{
    claims::{Claims, Expected},
    keys::Finding,
    token::Tokens,
    trust::{Trust, Trusts},
};
pub use self::{
    discovery::{Metadata, TokenAuth},
    failure::Failure,
    outbound::{Outbound, OutboundSettings},
    person::Person,
    provider::{Bases, Claimed, EmailIs, Names},
    start::{Binding, Prompt, Start},
};
pub(crate) use self::{
    discovery::{endpoint as discovery_endpoint, read as read_discovery},
    failure::shown,
    keys::KeySet,
    outbound::{Landing, NoReply, Reply, Silence},
    start::authorize_url,
    token::{cause as refusal_cause, request as token_request},
};
use crate::secret::Secret;

/// A connection, as far as the provider has to do with it.
#[derive(Clone, Debug)]
pub struct ConnectionConfig {
    /// Of the connection's row: what is cached is cached for it and its version.
    pub id: String,
    pub version: i64,
    pub provider: Provider,
    /// See [`Bases::issuer`]. Compared byte for byte.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Secret,
    /// The public client of the phone; never accepted as audience here.
    pub native_client_id: Option<String>,
    /// Where that client's people are sent back to: only for the checks.
    pub native_redirect_uri: Option<String>,
    /// Of the access tokens, as entered: shown against what comes, and nothing is decided by it.
    pub audience: Option<String>,
    /// Google: only accounts of this Workspace domain.
    pub hosted_domain: Option<String>,
    /// Microsoft: the directory whose accounts may enter, in lower case.
    pub tenant: Option<String>,
    /// Okta: what users are matched by at their first sign-in.
    pub match_by: MatchBy,
    /// Okta, matched by e-mail: whether one that is not verified counts.
    pub allow_unverified_email: bool,
}

/// A provider whose discovery was read: addresses can be made.
#[derive(Clone, Debug)]
pub struct Prepared {
    metadata: Arc<Metadata>,
}

/// A sign-in that came back, as its attempt row has it.
#[derive(Clone, Copy)]
pub struct Started<'a> {
    pub nonce: &'a Secret,
    pub verifier: &'a Secret,
    pub redirect_uri: &'a str,
    /// What was sent as `max_age`.
    pub max_age: Option<u32>,
    /// The callback's `iss`, if it had one.
    pub iss: Option<&'a str>,
    /// Told of each stage when it is passed.
    pub passed: &'a (dyn Fn(Stage) + Sync),
}

/// Speaks to the providers. One for the whole server; share it in an `Arc`.
#[derive(Debug)]
pub struct RelyingParty {
    outbound: Outbound,
    trusts: Trusts,
}

impl RelyingParty {
    #[must_use]
    pub fn new(outbound: Outbound) -> Self {
        Self {
            outbound,
            trusts: Trusts::default(),
        }
    }

    /// The one outbound client, for what else this server calls.
    pub(crate) fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// Reads discovery, or remembers it. To be called for a live sign-in or an administrator's
    /// check, never for the view of a page. Takes at most 5 s.
    pub async fn prepare(
        &self,
        connection: &ConnectionConfig,
        now: UtcMillis,
    ) -> Result<Prepared, Failure> {
        let trust = self.trusts.of(connection);
        let metadata = trust.metadata(&self.outbound, now).await?;
        Ok(Prepared { metadata })
    }

    /// From the code to the person: token request, signature, claims, userinfo, in this order.
    /// The attempt must be consumed before: the code is sent once, whatever comes of it. Takes at
    /// most 5 s for each of up to four requests.
    pub async fn exchange(
        &self,
        connection: &ConnectionConfig,
        started: &Started<'_>,
        code: &Secret,
        now: UtcMillis,
    ) -> Result<Person, Failure> {
        let trust = self.trusts.of(connection);
        let metadata = trust.metadata(&self.outbound, now).await?;
        check_callback_issuer(&metadata, started.iss)?;
        let tokens = token::exchange(
            &self.outbound,
            &metadata,
            connection,
            code,
            started.verifier,
            started.redirect_uri,
        )
        .await?;
        (started.passed)(Stage::CodeExchanged);
        let skew_ms = tokens.date.map(|date| date - now);
        let claims = self
            .verified(connection, &trust, &metadata, started, &tokens, now)
            .await
            .map_err(|failure| blame_clock(failure, skew_ms))?;
        (started.passed)(Stage::TokenVerified);
        let access_token = tokens.access_token.expose();
        let userinfo =
            userinfo::fetch(&self.outbound, &metadata, access_token, &claims.sub).await?;
        (started.passed)(Stage::UserinfoRead);
        person::of(connection, claims, userinfo, tokens, skew_ms)
    }

    /// Whether discovery and keys can be read at this moment, past what is remembered. Takes at most
    /// 10 s.
    pub async fn can_be_read(&self, connection: &ConnectionConfig) -> Result<(), Failure> {
        self.trusts.of(connection).probe(&self.outbound).await
    }

    /// Forgets what was learned of a connection: after it was deleted.
    pub fn forget(&self, connection_id: &str) {
        self.trusts.forget(connection_id);
    }

    /// The claims of an ID token, its signature and every rule checked.
    async fn verified(
        &self,
        connection: &ConnectionConfig,
        trust: &Trust,
        metadata: &Metadata,
        started: &Started<'_>,
        tokens: &Tokens,
        now: UtcMillis,
    ) -> Result<Claims, Failure> {
        let token = jose::parse(tokens.id_token.expose())?;
        let keys = trust.keys(&self.outbound, metadata, now).await?;
        let mut finding = keys.check(&token);
        if finding == Finding::NoKey
            && let Some(newer) = trust.newer_keys(&self.outbound, metadata, &keys, now).await
        {
            finding = newer.check(&token);
        }
        match finding {
            Finding::Signed => (),
            Finding::Forged => {
                return Err(Failure::new(
                    Cause::TokenSignature,
                    "the signature is wrong",
                ));
            }
            Finding::NoKey => {
                let detail = format!("no key fits, of {}", keys.len());
                return Err(Failure::new(Cause::TokenKey, detail));
            }
            Finding::Undecided => {
                return Err(Failure::new(
                    Cause::TokenKey,
                    "no `kid`, and several keys fit",
                ));
            }
        }
        let expected = Expected {
            provider: connection.provider,
            issuer: &connection.issuer,
            client_id: &connection.client_id,
            tenant: connection.tenant.as_deref(),
            nonce: started.nonce.expose(),
            access_token: tokens.access_token.expose(),
            max_age: started.max_age,
            now,
        };
        claims::check(&token.claims()?, &expected)
    }
}

impl Prepared {
    /// The address to send the browser to.
    #[must_use]
    pub fn authorize_url(&self, connection: &ConnectionConfig, start: &Start<'_>) -> Url {
        authorize_url(&self.metadata, connection, start)
    }

    /// The address that ends the session at the provider too, or none where there is no such
    /// thing (Google). It carries the ID token: not for a log.
    #[must_use]
    pub fn logout_url(&self, id_token: &Secret, back: Option<&str>) -> Option<Url> {
        logout::url(&self.metadata, id_token, back)
    }

    /// What discovery said.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}

/// RFC 9207 §2.4: compared when it is there, and missed when it was promised.
fn check_callback_issuer(metadata: &Metadata, iss: Option<&str>) -> Result<(), Failure> {
    let detail = match iss {
        Some(iss) if iss == metadata.issuer => return Ok(()),
        None if !metadata.names_itself_in_callback => return Ok(()),
        Some(_) => "callback: `iss` is another issuer's",
        None => "callback: `iss` was promised and is missing",
    };
    Err(Failure::new(Cause::CallbackIssuer, detail).hearsay())
}

/// A token that is "expired" to a clock that is wrong is the clock's fault.
fn blame_clock(mut failure: Failure, skew_ms: Option<i64>) -> Failure {
    if let Some(skew) = skew_ms {
        if failure.cause == Cause::TokenExpired && skew.abs() > 60_000 {
            // Ahead of us it lives in our future; behind us its fresh tokens look old.
            failure.cause = if skew > 0 {
                Cause::ClockSkew
            } else {
                Cause::ClockFast
            };
        }
        if matches!(
            failure.cause,
            Cause::TokenExpired | Cause::ClockSkew | Cause::ClockFast
        ) {
            let seconds = skew / 1000;
            failure.detail = format!("{}; the provider is {seconds} s ahead", failure.detail);
        }
    }
    failure
}

#[cfg(test)]
mod tests;
