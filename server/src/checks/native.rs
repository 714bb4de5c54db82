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
        _ if said.is_of_the_code() => Finding::passed(),
        Some(Cause::ClientUnknown) => Finding::failed(Cause::NativeUnknown),
        Some(Cause::ClientRefused | Cause::AuthenticationRefused) => {
            let likely = [Cause::NativeRefused, Cause::ClientInactive];
            let is_known = ["client secret", "authentication failed"];
            if is_known.iter().any(|part| said.speaks_of(part)) {
                Finding::failed(Cause::NativeRefused).likely(&likely)
            } else {
                Finding::unclear(Some(Cause::NativeRefused)).likely(&likely)
            }
        }
        Some(_) | None => Finding::unclear(None),
    };
    match redirect {
        Some(redirect) if finding == Finding::passed() => redirect,
        Some(_) | None => finding.seen(&said.seen(reply.status)),
    }
}
