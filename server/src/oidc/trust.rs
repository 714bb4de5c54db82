//! What is known of each connection's provider: its discovery and its keys, kept apart by
//! connection, issuer and version, so that no connection ever trusts another's keys.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use api::{Cause, Provider, UtcMillis};

use super::{
    ConnectionConfig,
    discovery::{self, Metadata, TokenAuth},
    failure::Failure,
    keys::KeySet,
    outbound::{NoReply, Outbound, Reply},
    slot::{Fetched, Slot},
};

/// By connection id.
#[derive(Debug, Default)]
pub(crate) struct Trusts(RwLock<HashMap<String, Arc<Trust>>>);

/// What is known for one version of one connection.
#[derive(Debug)]
pub(crate) struct Trust {
    provider: Provider,
    issuer: String,
    version: i64,
    metadata: Slot<Metadata>,
    keys: Slot<KeySet>,
    /// How the app may authenticate, once that was asked.
    methods: Slot<Vec<String>>,
    /// The app took the secret in the form, and not in the header.
    takes_form: AtomicBool,
}

impl Trusts {
    /// What is known for exactly these settings. Another version starts with nothing.
    pub(crate) fn of(&self, connection: &ConnectionConfig) -> Arc<Trust> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(trust) = known.get(&connection.id).filter(|it| it.is_for(connection)) {
            return trust.clone();
        }
        drop(known);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(trust) = known.get(&connection.id).filter(|it| it.is_for(connection)) {
            return trust.clone();
        }
        let trust = Arc::new(Trust {
            provider: connection.provider,
            issuer: connection.issuer.clone(),
            version: connection.version,
            metadata: Slot::default(),
            keys: Slot::default(),
            methods: Slot::default(),
            takes_form: AtomicBool::new(false),
        });
        known.insert(connection.id.clone(), trust.clone());
        trust
    }

    pub(crate) fn forget(&self, connection_id: &str) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.remove(connection_id);
    }
}

impl Trust {
    fn is_for(&self, connection: &ConnectionConfig) -> bool {
        self.version == connection.version
            && self.provider == connection.provider
            && self.issuer == connection.issuer
    }

    /// Reads discovery and keys anew and keeps neither: what is remembered goes on as it was.
    pub(crate) async fn probe(&self, outbound: &Outbound) -> Result<(), Failure> {
        let metadata = discovery::fetch(outbound, self.provider, &self.issuer, None).await?;
        fetch_keys(outbound, &metadata.value).await.map(drop)
    }

    /// Discovery; the last good one while the provider fails. What was read before `since` is read
    /// again.
    pub(crate) async fn metadata(
        &self,
        outbound: &Outbound,
        since: UtcMillis,
        now: UtcMillis,
    ) -> Result<Arc<Metadata>, Failure> {
        self.metadata
            .get_since(since, now, async |last| {
                discovery::fetch(outbound, self.provider, &self.issuer, last).await
            })
            .await
    }

    /// Discovery as it is at this moment, for an administrator, who may move it to another host.
    pub(crate) async fn renew_metadata(
        &self,
        outbound: &Outbound,
        now: UtcMillis,
    ) -> Result<Arc<Metadata>, Failure> {
        self.metadata
            .renew(now, async |_| {
                discovery::fetch(outbound, self.provider, &self.issuer, None).await
            })
            .await
    }

    /// A newer document than this, if there is one: before a person is refused for what this one
    /// says. At most once a minute.
    pub(crate) async fn newer_metadata(
        &self,
        outbound: &Outbound,
        seen: &Arc<Metadata>,
        now: UtcMillis,
    ) -> Option<Arc<Metadata>> {
        self.metadata
            .newer_than(seen, now, async |last| {
                discovery::fetch(outbound, self.provider, &self.issuer, last).await
            })
            .await
    }

    /// Remembers what the checks just read of discovery, unless it moved to another host.
    pub(crate) fn learn_metadata(&self, now: UtcMillis, fetched: Fetched<Metadata>) {
        let last = self.metadata.last();
        if !last.is_some_and(|last| last.moved_to(&fetched.value)) {
            self.metadata.put(now, fetched);
        }
    }

    /// Remembers the keys that were just read.
    pub(crate) fn learn_keys(&self, now: UtcMillis, fetched: Fetched<KeySet>) {
        self.keys.put(now, fetched);
    }

    /// Reads the keys again at the next use: discovery has them elsewhere.
    pub(crate) fn forget_keys(&self) {
        self.keys.forget();
    }

    /// How the app may authenticate, as Okta describes it; none where it does not. Asked at most
    /// once in five minutes.
    pub(crate) async fn methods(
        &self,
        outbound: &Outbound,
        client_id: &str,
        now: UtcMillis,
    ) -> Option<Arc<Vec<String>>> {
        let asked = self.methods.get(now, async |_| {
            let value = discovery::methods_of(outbound, &self.issuer, client_id).await;
            let value = value.unwrap_or_default();
            let max_age = Some(0);
            Ok(Fetched { value, max_age })
        });
        asked.await.ok()
    }

    /// How the secret is sent: as the app took it before, else as discovery says.
    pub(crate) fn token_auth(&self, metadata: &Metadata) -> TokenAuth {
        if metadata.takes_form && self.takes_form.load(Ordering::Relaxed) {
            TokenAuth::Post
        } else {
            metadata.token_auth
        }
    }

    /// The app took the secret so, and refused it in the other way.
    pub(crate) fn remember_auth(&self, auth: TokenAuth) {
        self.takes_form
            .store(auth == TokenAuth::Post, Ordering::Relaxed);
    }

    /// The keys; the last good ones while the provider fails.
    pub(crate) async fn keys(
        &self,
        outbound: &Outbound,
        metadata: &Metadata,
        now: UtcMillis,
    ) -> Result<Arc<KeySet>, Failure> {
        self.keys
            .get(now, async |_| fetch_keys(outbound, metadata).await)
            .await
    }

    /// Newer keys than these, if there are any: for a token that none of these made.
    pub(crate) async fn newer_keys(
        &self,
        outbound: &Outbound,
        metadata: &Metadata,
        seen: &Arc<KeySet>,
        now: UtcMillis,
    ) -> Option<Arc<KeySet>> {
        self.keys
            .newer_than(seen, now, async |_| fetch_keys(outbound, metadata).await)
            .await
    }
}

async fn fetch_keys(outbound: &Outbound, metadata: &Metadata) -> Result<Fetched<KeySet>, Failure> {
    let unreadable =
        |detail: String| Failure::new(Cause::KeysUnreadable, format!("keys: {detail}"));
    let reply: Reply = outbound.get(&metadata.jwks).await.map_err(|why| {
        let cause = keys_no_reply_cause(&why);
        Failure::new(cause, format!("keys: {why}"))
    })?;
    if reply.status != 200 {
        let cause = keys_refusal_cause(reply.status);
        return Err(Failure::new(
            cause,
            format!("keys: status {}", reply.status),
        ));
    }
    let value = KeySet::parse(&reply.body).map_err(|why| unreadable(why.to_string()))?;
    Ok(Fetched {
        value,
        max_age: reply.max_age,
    })
}

/// What it means that the keys are not answered, at a sign-in and in the checks.
pub(crate) fn keys_no_reply_cause(why: &NoReply) -> Cause {
    match why {
        NoReply::Private { .. } => Cause::AddressPrivate,
        NoReply::Refused { .. }
        | NoReply::Unreachable { .. }
        | NoReply::TooLarge
        | NoReply::Redirected { .. } => Cause::KeysUnreadable,
    }
}

/// What it means that the keys are answered with another status than 200.
pub(crate) fn keys_refusal_cause(status: u16) -> Cause {
    match status {
        429 => Cause::RateLimited,
        500.. => Cause::ProviderUnavailable,
        _ => Cause::KeysUnreadable,
    }
}

#[cfg(test)]
mod tests;
