//! The native app: known, without a secret, allowed to refresh, and with its redirect URI registered.

use api::Cause;

use super::{
    client::{self, Told},
    finding::Finding,
    probe::Probe,
    redirect,
    refusal::Said,
};
use crate::oidc::Metadata;

/// The rung.
pub(super) async fn climb(
    probe: &Probe<'_>,
    metadata: &Metadata,
    client_id: &str,
    told: &Told,
) -> Finding {
    if let Some(finding) = client::judge_native(told) {
        return finding;
    }
    let (reply, redirect) = tokio::join!(
        probe.native_token(metadata, client_id),
        redirect::climb_native(probe, metadata, client_id)
    );
    let Ok(reply) = reply else {
        return Finding::unclear(None);
    };
    let said = Said::of(&reply);
    let finding = match said.cause() {
        // The code was looked at: the client was let in without a secret.
        Some(Cause::CodeRefused) => Finding::passed(),
        _ if said.speaks_of("PKCE") => Finding::passed(),
        Some(Cause::ClientUnknown) => Finding::failed(Cause::NativeUnknown),
        Some(Cause::ClientRefused | Cause::AuthenticationRefused) => {
            Finding::failed(Cause::NativeRefused)
                .likely(&[Cause::NativeRefused, Cause::ClientInactive])
        }
        Some(_) | None => Finding::unclear(None),
    };
    match redirect {
        Some(redirect) if finding == Finding::passed() => redirect,
        Some(_) | None => finding.seen(&said.seen(reply.status)),
    }
}
