//! What is known of each connection's provider: its discovery and its keys, kept apart by
//! connection, issuer and version, so that no connection ever trusts another's keys.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use api::{Cause, Provider, UtcMillis};

use super::{
    ConnectionConfig,
    discovery::{self, Metadata},
    failure::Failure,
    keys::KeySet,
    outbound::{Outbound, Reply},
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

    /// Discovery; the last good one while the provider fails.
    pub(crate) async fn metadata(
        &self,
        outbound: &Outbound,
        now: UtcMillis,
    ) -> Result<Arc<Metadata>, Failure> {
        self.metadata
            .get(now, async |last| {
                discovery::fetch(outbound, self.provider, &self.issuer, last).await
            })
            .await
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
    let reply: Reply = outbound
        .get(&metadata.jwks)
        .await
        .map_err(|error| unreadable(error.to_string()))?;
    if reply.status != 200 {
        return Err(unreadable(format!("status {}", reply.status)));
    }
    let value = KeySet::parse(&reply.body).map_err(|why| unreadable(why.to_string()))?;
    Ok(Fetched {
        value,
        max_age: reply.max_age,
    })
}

#[cfg(test)]
mod tests;
