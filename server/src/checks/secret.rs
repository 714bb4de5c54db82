//! The client secret, shown with a code that nobody has: whoever refuses the code has accepted the
//! secret. The introspection endpoint is asked too; where the two disagree nothing is claimed.

use api::{Cause, Provider};

use super::{
    client::{Client, Told},
    discovery::There,
    finding::{Finding, silence_seen},
    organization,
    probe::{Probe, Subject},
    redirect::{Page, Tries},
    refusal::Said,
    request,
};
use crate::oidc::{NoReply, Reply, TokenAuth, no_reply_cause};

/// What was answered to the secret.
pub(super) struct Answers {
    token: Result<Reply, NoReply>,
    /// Whether the introspection endpoint took the secret; none where it said nothing of it.
    introspected: Option<bool>,
    /// The token endpoint took the secret in the form, after it had refused it in the header.
    in_form: bool,
}

/// What else the run showed of the same app.
pub(super) struct Beside<'a> {
    pub(super) web: &'a Told,
    /// None at Google and Microsoft.
    pub(super) tries: Option<&'a Tries>,
    pub(super) pushed: Option<&'a Result<Reply, NoReply>>,
}

impl Beside<'_> {
    fn client(&self) -> Option<&Client> {
        self.web.client()
    }

    /// Okta shows one and the same page for whatever an inactive app is asked.
    fn looks_inactive(&self) -> bool {
        self.tries.is_some_and(|tries| tries.page() == Page::Other)
    }

    fn is_active(&self) -> bool {
        self.tries.is_some_and(Tries::shows_an_active_app)
    }

    fn is_authenticated(&self) -> bool {
        self.pushed.is_some_and(request::is_accepted)
    }
}

/// How the app takes its secret, as far as that is known before it is sent.
pub(super) fn auth(there: &There, web: &Told) -> TokenAuth {
    match web.client() {
        Some(client) if client.takes_form_only() && there.metadata.takes_form => TokenAuth::Post,
        Some(_) | None => there.metadata.token_auth,
    }
}

pub(super) async fn ask(probe: &Probe<'_>, there: &There, auth: TokenAuth) -> Answers {
    let token = async {
        let first = probe.token(&there.metadata, auth).await;
        let refused = first.as_ref().is_ok_and(|reply| {
            let said = Said::of(reply);
            said.is("invalid_client") && !said.speaks_of("client secret")
        });
        let other = auth == TokenAuth::Basic && there.metadata.takes_form;
        let in_form = refused && other && {
            let second = probe.token(&there.metadata, TokenAuth::Post).await;
            second.is_ok_and(|reply| Said::of(&reply).is_of_the_code())
        };
        (first, in_form)
    };
    let introspected = async {
        let url = there.introspect.as_ref()?;
        let reply = probe.introspect(url, auth).await.ok()?;
        match (reply.status, Said::of(&reply)) {
            (200, Said::Fine) => Some(true),
            (401, Said::Error { .. }) => Some(false),
            (_, Said::Fine | Said::Unreadable | Said::Error { .. }) => None,
        }
    };
    let ((token, in_form), introspected) = tokio::join!(token, introspected);
    if in_form || auth == TokenAuth::Post {
        // The next sign-in sends it so at once.
        let config = probe.config();
        probe.app.relying.learn_auth(config, TokenAuth::Post);
    }
    Answers {
        token,
        introspected,
        in_form,
    }
}

/// The rung. An app that is refused at the authorization endpoint as well is another thing than a
/// wrong secret.
pub(super) fn judge(subject: &Subject, answers: &Answers, beside: &Beside<'_>) -> Finding {
    let reply = match &answers.token {
        Ok(reply) => reply,
        Err(why @ NoReply::Redirected { .. }) => {
            return Finding::failed(Cause::Redirected).seen(&silence_seen(why));
        }
        Err(NoReply::TooLarge) => return Finding::failed(Cause::TokenMalformed).seen("> 1 MiB"),
        Err(why) => {
            let cause = match no_reply_cause(why) {
                Cause::Unreachable => Cause::TokenUnreachable,
                other => other,
            };
            return Finding::failed(cause).seen(&silence_seen(why));
        }
    };
    let said = Said::of(reply);
    said_of(subject, answers, beside, reply.status, &said).seen(&said.seen(reply.status))
}

fn said_of(
    subject: &Subject,
    answers: &Answers,
    beside: &Beside<'_>,
    status: u16,
    said: &Said,
) -> Finding {
    if status == 429 {
        return Finding::failed(Cause::RateLimited);
    }
    if status >= 500 {
        return Finding::failed(Cause::ProviderError);
    }
    if matches!(said, Said::Unreadable | Said::Fine) {
        return Finding::failed(Cause::TokenMalformed);
    }
    // The code was looked at: the client was accepted.
    if said.is_of_the_code() {
        return Finding::passed();
    }
    if answers.in_form {
        let takes_header = beside.client().is_some_and(Client::takes_header);
        return if takes_header || said.cause() == Some(Cause::CredentialsLost) {
            // The app would take the header: something on the way takes it off. Sign-ins get
            // through, since they send the form then.
            Finding::warning(Cause::CredentialsLost)
        } else {
            Finding::passed()
        };
    }
    let cause = said.cause().unwrap_or(Cause::ProviderRefused);
    match cause {
        Cause::ClientRefused | Cause::AuthenticationRefused => {
            refused(subject, answers, beside, said)
        }
        Cause::OrgServerOnly => {
            let org = organization::origin(&subject.config.issuer);
            let org = org.map(|url| url.origin().ascii_serialization());
            Finding::failed(cause).take_issuer(&org.unwrap_or_default())
        }
        // The other endpoints took the very secret, so that a made-up code is all that is left.
        Cause::ProviderRefused
            if said.is("invalid_request")
                && answers.introspected == Some(true)
                && beside.is_authenticated() =>
        {
            Finding::passed()
        }
        // Its own words are unknown to us: no cause is made up.
        Cause::ProviderRefused => Finding::unclear(Some(Cause::ProviderRefusedCheck)),
        Cause::AccessDenied => Finding::unclear(Some(Cause::AccessDeniedCheck)),
        Cause::GrantRefused if !said.names_the_grant() => {
            Finding::unclear(Some(Cause::GrantRefused))
        }
        certain => Finding::failed(certain),
    }
}

/// `invalid_client`, and the client is known.
fn refused(subject: &Subject, answers: &Answers, beside: &Beside<'_>, said: &Said) -> Finding {
    let secret = if subject.known.secret {
        Cause::SecretRotated
    } else {
        Cause::ClientRefused
    };
    if subject.config.provider != Provider::Okta {
        return Finding::failed(secret);
    }
    let (of_the_secret, failed) = (
        said.speaks_of("client secret"),
        said.speaks_of("authentication failed"),
    );
    if answers.introspected == Some(true) && of_the_secret {
        return Finding::unclear(Some(Cause::ClientRefused));
    }
    if of_the_secret {
        return Finding::failed(secret);
    }
    if beside.looks_inactive() && (failed || beside.client().is_some()) {
        return Finding::failed(Cause::ClientInactive).likely(&[Cause::ClientInactive, secret]);
    }
    let mut likely = vec![secret];
    if !beside.client().is_some_and(Client::takes_secret) {
        likely.extend([Cause::ClientRequiresKey, Cause::ClientIsPublic]);
    }
    if !beside.is_active() {
        likely.push(Cause::ClientInactive);
    }
    match likely.as_slice() {
        [only] if failed => Finding::failed(*only),
        several if failed => Finding::failed(Cause::AuthenticationRefused).likely(several),
        // Words that nobody here knows, and two endpoints that took the secret.
        _ if answers.introspected == Some(true) && beside.is_authenticated() => {
            Finding::failed(Cause::TokenEncrypted)
        }
        several => {
            let mut likely = several.to_vec();
            if answers.introspected == Some(true) {
                likely.insert(0, Cause::TokenEncrypted);
            }
            Finding::unclear(Some(Cause::AuthenticationRefused)).likely(&likely)
        }
    }
}
