//! The request that a sign-in begins with, pushed ahead of any browser (RFC 9126): scopes,
//! response type, and whether the app may be used so at all.

use api::Cause;

use super::{
    discovery::There,
    finding::Finding,
    organization,
    probe::{Probe, Subject},
    redirect::Back,
    refusal::Said,
};
use crate::oidc::{NoReply, Reply};

pub(super) async fn ask(probe: &Probe<'_>, there: &There) -> Option<Result<Reply, NoReply>> {
    let url = there.push.as_ref()?;
    Some(probe.push(&there.metadata, url).await)
}

/// The rung. Where nothing can be pushed, the way back that the authorization endpoint took tells
/// as much; where neither told anything, nothing is claimed.
pub(super) fn judge(
    subject: &Subject,
    pushed: Option<&Result<Reply, NoReply>>,
    back: Option<&Back>,
) -> Finding {
    if let Some(finding) = back.and_then(|back| of_back(subject, back)) {
        return finding;
    }
    match pushed {
        Some(Ok(reply)) => of_push(subject, reply),
        // The redirect URI was accepted, and nothing else was complained of.
        Some(Err(_)) | None if back.is_some() => Finding::passed(),
        Some(Err(_)) | None => Finding::unclear(None),
    }
}

fn of_push(subject: &Subject, reply: &Reply) -> Finding {
    let said = Said::of(reply);
    if matches!(reply.status, 200 | 201) && said == Said::Fine {
        return Finding::passed();
    }
    if reply.status == 429 {
        return Finding::unclear(Some(Cause::RateLimited));
    }
    let finding = match said.cause() {
        // The secret, the redirect URI and the rate have rungs of their own.
        None
        | Some(
            Cause::ClientRefused
            | Cause::AuthenticationRefused
            | Cause::ClientUnknown
            | Cause::RateLimited
            | Cause::ProviderRefused,
        ) => Finding::unclear(None),
        Some(cause) => named(subject, cause),
    };
    finding.seen(&said.seen(reply.status))
}

/// What the way back says is wrong; nothing where it only wants a person.
fn of_back(subject: &Subject, back: &Back) -> Option<Finding> {
    let cause = back.cause?;
    if cause == Cause::LoginRequired {
        return None;
    }
    Some(named(subject, cause).seen(&back.said))
}

fn named(subject: &Subject, cause: Cause) -> Finding {
    match cause {
        Cause::ProviderRefused | Cause::AccessDenied | Cause::ProviderError => {
            Finding::unclear(Some(cause))
        }
        Cause::OrgServerOnly => {
            let org = organization::origin(&subject.config.issuer);
            let org = org.map(|url| url.origin().ascii_serialization());
            Finding::failed(cause).take_issuer(&org.unwrap_or_default())
        }
        certain => Finding::failed(certain),
    }
}
