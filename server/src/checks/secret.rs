//! The client secret, shown with a code that nobody has: whoever refuses the code has accepted the
//! secret. The introspection endpoint is asked too; where the two disagree nothing is claimed.

use api::Cause;

use super::{
    discovery::There,
    finding::{Finding, silence, silence_seen},
    organization,
    probe::{Probe, Subject},
    redirect::Page,
    refusal::Said,
};
use crate::oidc::{NoReply, Reply, TokenAuth};

/// What was answered to the secret.
pub(super) struct Answers {
    token: Result<Reply, NoReply>,
    /// Whether the introspection endpoint took the secret; none where it said nothing of it.
    introspected: Option<bool>,
    /// The token endpoint took the secret in the form, after it had refused it in the header.
    in_form: bool,
}

pub(super) async fn ask(probe: &Probe<'_>, there: &There) -> Answers {
    let token = async {
        let auth = there.metadata.token_auth;
        let first = probe.token(&there.metadata, auth).await;
        let refused = first.as_ref().is_ok_and(|reply| {
            let said = Said::of(reply);
            said.is("invalid_client") && !said.speaks_of("client secret")
        });
        let in_form = refused && auth == TokenAuth::Basic && {
            let second = probe.token(&there.metadata, TokenAuth::Post).await;
            second.is_ok_and(|reply| Said::of(&reply).is("invalid_grant"))
        };
        (first, in_form)
    };
    let introspected = async {
        let reply = probe.introspect(there.introspect.as_ref()?).await.ok()?;
        match (reply.status, Said::of(&reply)) {
            (200, Said::Fine) => Some(true),
            (401, Said::Error { .. }) => Some(false),
            (_, Said::Fine | Said::Unreadable | Said::Error { .. }) => None,
        }
    };
    let ((token, in_form), introspected) = tokio::join!(token, introspected);
    Answers {
        token,
        introspected,
        in_form,
    }
}

/// The rung. `page` is what the authorization endpoint showed: an app that is refused in both
/// places is another thing than a wrong secret.
pub(super) fn judge(subject: &Subject, answers: &Answers, page: Page) -> Finding {
    let reply = match &answers.token {
        Ok(reply) => reply,
        Err(why @ NoReply::Redirected { .. }) => {
            return Finding::failed(Cause::Redirected).seen(&silence_seen(why));
        }
        Err(NoReply::TooLarge) => return Finding::failed(Cause::TokenMalformed).seen("> 1 MiB"),
        Err(why) => {
            let cause = match silence(why) {
                Cause::Unreachable => Cause::TokenUnreachable,
                other => other,
            };
            return Finding::failed(cause);
        }
    };
    let said = Said::of(reply);
    said_of(subject, answers, page, reply.status, &said).seen(&said.seen(reply.status))
}

fn said_of(subject: &Subject, answers: &Answers, page: Page, status: u16, said: &Said) -> Finding {
    if status == 429 {
        return Finding::failed(Cause::RateLimited);
    }
    if status >= 500 {
        return Finding::failed(Cause::ProviderError);
    }
    if matches!(said, Said::Unreadable | Said::Fine) {
        return Finding::failed(Cause::TokenMalformed);
    }
    // The code was looked at: whoever showed it was let in. A made-up code may also be missed the
    // challenge that its verifier would belong to.
    if said.is("invalid_grant") || said.speaks_of("PKCE") {
        return Finding::passed();
    }
    let cause = said.cause().unwrap_or(Cause::ProviderRefused);
    match cause {
        Cause::ClientRefused | Cause::AuthenticationRefused => {
            refused(subject, answers, page, said)
        }
        Cause::OrgServerOnly => {
            let org = organization::origin(&subject.config.issuer);
            let org = org.map(|url| url.origin().ascii_serialization());
            Finding::failed(cause).take_issuer(&org.unwrap_or_default())
        }
        // Its own words are unknown to us: no cause is made up.
        Cause::ProviderRefused | Cause::AccessDenied => Finding::unclear(Some(cause)),
        _ if cause == Cause::CodeRefused => Finding::passed(),
        certain => Finding::failed(certain),
    }
}

/// `invalid_client`, and the client is known.
fn refused(subject: &Subject, answers: &Answers, page: Page, said: &Said) -> Finding {
    if answers.introspected == Some(true) && !said.speaks_of("authentication failed") {
        return Finding::unclear(Some(Cause::ClientRefused));
    }
    if answers.in_form {
        return Finding::failed(Cause::SecretMethod);
    }
    if said.speaks_of("authentication failed") {
        if page == Page::Other {
            return Finding::failed(Cause::ClientInactive)
                .likely(&[Cause::ClientInactive, Cause::AuthenticationRefused]);
        }
        return Finding::failed(Cause::AuthenticationRefused).likely(&[
            Cause::ClientWantsKey,
            Cause::ClientIsPublic,
            Cause::ClientInactive,
        ]);
    }
    if subject.known.secret {
        return Finding::failed(Cause::SecretRotated);
    }
    Finding::failed(Cause::ClientRefused)
}
