//! The keys with which the issuer signs, and whether the app signs with another.

use api::Cause;
use url::Url;

use super::{
    client::{Client, Told},
    finding::{Finding, silence_seen},
    probe::Probe,
};
use crate::oidc::{KeySet, Metadata};

/// The rung.
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
    let general = match general {
        Ok(general) => general,
        Err(why) => return Finding::failed(Cause::KeysUnreadable).seen(&why),
    };
    // Sign-ins read the general set: a key that is only the app's would never be found.
    if let Some(of_app) = of_app
        && !of_app.is_within(&general)
    {
        return Finding::failed(Cause::KeyPinned);
    }
    Finding::passed().seen(&general.len().to_string())
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

async fn read(probe: &Probe<'_>, url: &Url) -> Result<KeySet, String> {
    let reply = probe.get(url).await.map_err(|why| silence_seen(&why))?;
    if reply.status != 200 {
        return Err(reply.status.to_string());
    }
    KeySet::parse(&reply.body).map_err(|why| why.to_string())
}
