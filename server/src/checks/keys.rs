//! The keys with which the issuer signs, and whether the app signs with another.

use api::Cause;
use url::Url;

use super::{
    client::{Client, Told},
    finding::{Finding, silence_seen},
    probe::Probe,
};
use crate::oidc::{KeySet, Metadata, keys_no_reply_cause, keys_refusal_cause};

/// The rung. What was read is what sign-ins verify by from now on.
pub(super) async fn climb(probe: &Probe<'_>, metadata: &Metadata, web: &Told) -> Finding {
    let own = own_keys(metadata, web);
    let general = read(probe, &metadata.jwks);
    let of_app = async {
        match &own {
            Some(url) => read(probe, url).await.ok(),
            None => None,
        }
    };
    let (general, of_app) = tokio::join!(general, of_app);
    let mut general = match general {
        Ok(general) => general,
        Err(finding) => return finding,
    };
    let mut pinned = is_pinned(of_app.as_ref(), &general);
    if let Some(own) = own.as_ref().filter(|_| pinned) {
        // Keys that rotate between two answers differ as well: the app's first, so that whatever
        // is new in them is in the general set by then.
        let of_app = read(probe, own).await.ok();
        if let Ok(newer) = read(probe, &metadata.jwks).await {
            general = newer;
        }
        pinned = is_pinned(of_app.as_ref(), &general);
    }
    let finding = if pinned {
        Finding::failed(Cause::KeyPinned)
    } else {
        Finding::passed().seen(&general.keys.len().to_string())
    };
    let (relying, now) = (&probe.app.relying, probe.app.clock.now());
    relying.learn_keys(probe.config(), general.keys, general.max_age, now);
    finding
}

/// Sign-ins read the general set: a key that is only the app's would never be found.
fn is_pinned(of_app: Option<&Read>, general: &Read) -> bool {
    of_app.is_some_and(|of_app| !of_app.keys.is_within(&general.keys))
}

/// Where the app's keys are, if elsewhere on the same host.
fn own_keys(metadata: &Metadata, web: &Told) -> Option<Url> {
    let Told::Client(Client {
        keys: Some(keys), ..
    }) = web
    else {
        return None;
    };
    Url::parse(keys)
        .ok()
        .filter(|url| *url != metadata.jwks && url.origin() == metadata.jwks.origin())
}

/// Keys, and how long they keep.
struct Read {
    keys: KeySet,
    max_age: Option<u64>,
}

async fn read(probe: &Probe<'_>, url: &Url) -> Result<Read, Finding> {
    let reply = probe
        .get(url)
        .await
        .map_err(|why| Finding::failed(keys_no_reply_cause(&why)).seen(&silence_seen(&why)))?;
    if reply.status != 200 {
        let finding = Finding::failed(keys_refusal_cause(reply.status));
        return Err(finding.seen(&reply.status.to_string()));
    }
    let keys = KeySet::parse(&reply.body)
        .map_err(|why| Finding::failed(Cause::KeysUnreadable).seen(&why.to_string()))?;
    let max_age = reply.max_age;
    Ok(Read { keys, max_age })
}
