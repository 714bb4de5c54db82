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
use crate::oidc::{NoReply, Reply, TokenAuth};

/// Pushes the request with this redirect URI.
pub(super) async fn ask(
    probe: &Probe<'_>,
    there: &There,
    auth: TokenAuth,
    redirect_uri: &str,
) -> Option<Result<Reply, NoReply>> {
    let url = there.push.as_ref()?;
    let pushed = probe.push(&there.metadata, url, auth, redirect_uri);
    Some(pushed.await)
}

/// Whether a pushed request was taken.
pub(super) fn is_accepted(pushed: &Result<Reply, NoReply>) -> bool {
    match pushed {
        Ok(reply) => matches!(reply.status, 200 | 201) && Said::of(reply) == Said::Fine,
        Err(_) => false,
    }
}

/// Whether a pushed request was refused for its redirect URI, in Okta's own words.
pub(super) fn refuses_redirect_uri(pushed: &Result<Reply, NoReply>) -> bool {
    pushed.as_ref().is_ok_and(|reply| {
        let said = Said::of(reply);
        let (code, _) = said.code_and_words();
        code.starts_with("illegal_redirect_uri") || said.speaks_of("'redirect_uri'")
    })
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
        Some(Ok(reply)) => of_push(subject, reply, back.is_some()),
        // The redirect URI was accepted, and nothing else was complained of.
        Some(Err(_)) | None if back.is_some() => Finding::passed(),
        Some(Err(_)) | None => Finding::unclear(None),
    }
}

fn of_push(subject: &Subject, reply: &Reply, is_back: bool) -> Finding {
    let said = Said::of(reply);
    if matches!(reply.status, 200 | 201) && said == Said::Fine {
        return Finding::passed();
    }
    if reply.status == 429 {
        return Finding::unclear(Some(Cause::RateLimited));
    }
    let finding = match said.cause() {
        // How the client authenticates has a rung of its own; the way back told the rest.
        Some(
            Cause::ClientRefused
            | Cause::AuthenticationRefused
            | Cause::CredentialsLost
            | Cause::ClientUnknown,
        ) if is_back => return Finding::passed(),
        // The secret, the redirect URI and the rate have rungs of their own.
        None
        | Some(
            Cause::ClientRefused
            | Cause::AuthenticationRefused
            | Cause::ClientUnknown
            | Cause::RateLimited,
        ) => Finding::unclear(None),
        Some(Cause::ProviderRefused) if said.speaks_of("redirect_uri") => Finding::unclear(None),
        Some(Cause::GrantRefused) if !said.names_the_grant() => {
            Finding::unclear(Some(Cause::GrantRefused))
        }
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
        Cause::ProviderError => Finding::unclear(Some(cause)),
        Cause::ProviderRefused => Finding::unclear(Some(Cause::ProviderRefusedCheck)),
        Cause::AccessDenied if subject.config.issuer.contains("/oauth2/") => {
            Finding::unclear(Some(Cause::AccessDeniedCustomServer))
        }
        // Nobody was asked who could have been refused: the words are all there is.
        Cause::AccessDenied => Finding::unclear(None),
        Cause::OrgServerOnly => {
            let org = organization::origin(&subject.config.issuer);
            let org = org.map(|url| url.origin().ascii_serialization());
            Finding::failed(cause).take_issuer(&org.unwrap_or_default())
        }
        certain => Finding::failed(certain),
    }
}
