//! The relying party: signs people in through an OpenID provider, code flow with PKCE.
//!
//! [`RelyingParty`] is the door. It knows no database, no cookie and no user of ours: it takes a
//! connection's settings and the time, and gives an address to send the browser to, or a
//! [`Person`]; every failure ends in a [`Failure`] with its cause.

pub mod callback;
mod claims;
mod discovery;
mod exchange;
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

use api::{Provider, UtcMillis, connections::MatchBy, sign_ins::Stage};
use url::Url;

pub use self::{
    discovery::{Metadata, TokenAuth},
    failure::Failure,
    outbound::{Outbound, OutboundSettings},
    person::Person,
    provider::{Bases, Claimed, EmailIs, Names},
    start::{Binding, Prompt, Start},
};
pub(crate) use self::{
    discovery::{
        endpoint as discovery_endpoint, no_reply_cause, read as read_discovery,
        refusal_cause as discovery_refusal_cause,
    },
    failure::shown,
    keys::KeySet,
    outbound::{Landing, NoReply, Reply, Silence},
    start::authorize_url,
    token::{cause as refusal_cause, request as token_request},
    trust::{keys_no_reply_cause, keys_refusal_cause},
};
use self::{slot::Fetched, trust::Trusts};
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

    /// Reads discovery, or remembers it. To be called for a live sign-in, never for the view of a
    /// page. Takes at most 5 s. `since`: when a node read it last; what this one read before that
    /// is read again.
    pub async fn prepare(
        &self,
        connection: &ConnectionConfig,
        since: Option<UtcMillis>,
        now: UtcMillis,
    ) -> Result<Prepared, Failure> {
        let trust = self.trusts.of(connection);
        let since = since.unwrap_or(UtcMillis::MIN);
        let metadata = trust.metadata(&self.outbound, since, now).await?;
        Ok(Prepared { metadata })
    }

    /// Reads discovery as it is at this moment, for an administrator's test. Takes at most 5 s.
    pub async fn prepare_again(
        &self,
        connection: &ConnectionConfig,
        now: UtcMillis,
    ) -> Result<Prepared, Failure> {
        let trust = self.trusts.of(connection);
        let metadata = trust.renew_metadata(&self.outbound, now).await?;
        Ok(Prepared { metadata })
    }

    /// Remembers what the checks just read of discovery: sign-ins judge by the same document.
    pub(crate) fn learn_metadata(
        &self,
        connection: &ConnectionConfig,
        metadata: &Metadata,
        max_age: Option<u64>,
        now: UtcMillis,
    ) {
        let value = metadata.clone();
        let fetched = Fetched { value, max_age };
        self.trusts.of(connection).learn_metadata(now, fetched);
    }

    /// Remembers the keys that the checks just read.
    pub(crate) fn learn_keys(
        &self,
        connection: &ConnectionConfig,
        value: KeySet,
        max_age: Option<u64>,
        now: UtcMillis,
    ) {
        let fetched = Fetched { value, max_age };
        self.trusts.of(connection).learn_keys(now, fetched);
    }

    /// Remembers how the app takes its secret, as the checks found out.
    pub(crate) fn learn_auth(&self, connection: &ConnectionConfig, auth: TokenAuth) {
        self.trusts.of(connection).remember_auth(auth);
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

#[cfg(test)]
mod tests;
