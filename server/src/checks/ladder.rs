//! The ladder: which rungs there are, which of them wait for which, and what is skipped.

use api::{
    Cause, Provider, UtcMillis,
    checks::{Check, CheckKind},
};

use super::{
    address, client,
    client::Told,
    discovery::{self, There},
    finding::Finding,
    keys, native,
    organization::{self, Seen},
    probe::{Probe, Subject},
    redirect, request, secret,
};
use crate::App;

/// What a run showed.
pub(super) struct Climbed {
    pub(super) checks: Vec<Check>,
    pub(super) organization: Option<String>,
}

/// Gives each rung out as soon as it is known.
struct Out<'a> {
    app: &'a App,
    began: UtcMillis,
    checks: Vec<Check>,
    tell: &'a mut (dyn FnMut(&Check) + Send),
}

impl Out<'_> {
    fn put(&mut self, rung: CheckKind, finding: Finding) {
        let check = finding.check(rung, self.app.clock.now() - self.began);
        (self.tell)(&check);
        self.checks.push(check);
    }
}

/// Which rungs a provider has: only Okta describes its clients and its organization.
fn rungs(provider: Provider) -> &'static [CheckKind] {
    match provider {
        Provider::Okta => &CheckKind::ALL,
        Provider::Google | Provider::Microsoft => {
            &[CheckKind::Discovery, CheckKind::Keys, CheckKind::Secret]
        }
    }
}

/// Climbs. Dropped when nobody listens any more: nothing is half done at the provider.
pub(super) async fn climb(
    app: &App,
    subject: &Subject,
    tell: &mut (dyn FnMut(&Check) + Send),
) -> Climbed {
    let probe = Probe::new(app, subject);
    let mut out = Out {
        app,
        began: app.clock.now(),
        checks: Vec::new(),
        tell,
    };
    let okta = subject.config.provider == Provider::Okta;
    let seen = if okta {
        let first = first_look(&probe, &mut out).await;
        // A preview organization that was pasted for another cloud's is one mistake, told once.
        let elsewhere = out
            .checks
            .iter()
            .any(|check| check.cause == Some(Cause::OtherCloud));
        let judged = address::judge(subject);
        let sandbox = judged.cause == Some(Cause::SandboxOrganization);
        let judged = if elsewhere && sandbox {
            Finding::passed()
        } else {
            judged
        };
        out.put(CheckKind::Address, judged);
        first
    } else {
        let document = discovery::ask(&probe).await;
        let (finding, there) = discovery::judge(subject, &document, None, app.clock.now());
        out.put(CheckKind::Discovery, finding);
        First {
            there,
            web: Told::Nothing,
            native: None,
            stop: false,
            organization: None,
        }
    };
    if let Some(there) = &seen.there {
        // Sign-ins judge by the same document from now on.
        let (relying, now) = (&app.relying, app.clock.now());
        relying.learn_metadata(&subject.config, &there.metadata, there.max_age, now);
    }
    match &seen.there {
        // Of many requests, and large: not on the stack of everything else.
        Some(there) if okta => Box::pin(second_look(&probe, &mut out, there, &seen)).await,
        Some(there) => {
            let auth = secret::auth(there, &seen.web);
            let (keys, answers) = tokio::join!(
                keys::climb(&probe, &there.metadata, &seen.web),
                secret::ask(&probe, there, auth)
            );
            out.put(CheckKind::Keys, keys);
            let beside = secret::Beside {
                web: &seen.web,
                tries: None,
                pushed: None,
            };
            let judged = secret::judge(subject, &answers, &beside);
            out.put(CheckKind::Secret, judged);
        }
        None => (),
    }
    for rung in rungs(subject.config.provider) {
        let needed = *rung != CheckKind::Native || subject.config.native_client_id.is_some();
        if needed && !out.checks.iter().any(|check| check.kind == *rung) {
            out.put(*rung, Finding::skipped());
        }
    }
    out.checks.sort_by_key(|check| check.kind);
    Climbed {
        checks: out.checks,
        organization: seen.organization,
    }
}

/// What needs no secret.
struct First {
    there: Option<There>,
    web: Told,
    native: Option<Told>,
    /// The client makes the rest pointless.
    stop: bool,
    organization: Option<String>,
}

async fn first_look(probe: &Probe<'_>, out: &mut Out<'_>) -> First {
    let subject = probe.subject;
    let config = probe.config();
    let native_id = config.native_client_id.as_deref();
    let (seen, document, web, native) = tokio::join!(
        organization::ask(probe.outbound(), &config.issuer),
        discovery::ask(probe),
        client::ask(probe, &config.client_id),
        async {
            match native_id {
                Some(id) => Some((client::ask(probe, id).await, id)),
                None => None,
            }
        }
    );
    let judged = organization::judge(probe, &seen).await;
    let nobody = judged.is_failed();
    out.put(CheckKind::Organization, judged);
    let organization = match &seen {
        Seen::Organization(it) => Some(it.id.clone()),
        Seen::Parked | Seen::NotOkta | Seen::Busy(_) | Seen::Silent(_) => None,
    };
    let web = client::read(&web, &config.client_id);
    let native = native.map(|(reply, id)| client::read(&reply, id));
    let mut first = First {
        there: None,
        web,
        native,
        stop: true,
        organization,
    };
    if nobody {
        return first;
    }
    let now = probe.app.clock.now();
    let (finding, there) = discovery::judge(subject, &document, Some(&seen), now);
    out.put(CheckKind::Discovery, finding);
    first.there = there;
    if first.there.is_some() {
        let mut finding = client::judge(subject, &first.web, first.native.as_ref(), Some(&seen));
        if finding.cause == Some(Cause::ClientUnknown)
            && let Some(other) = client::elsewhere(probe).await
        {
            finding = Finding::failed(Cause::OtherCloud)
                .seen(&other)
                .take_issuer(&other);
        }
        first.stop = finding.is_failed();
        if matches!(
            finding.cause,
            Some(Cause::ClientsSwapped | Cause::OtherCloud)
        ) {
            // What is said of the native app is the same mistake again: told once.
            first.native = None;
        }
        out.put(CheckKind::Client, finding);
    }
    first
}

/// A secret that does not fit its client ID says that the ID may be another app's, whose redirect
/// URIs are not ours: then nothing is claimed of them.
fn unless_another_app(redirect: Finding, secret: Option<Cause>) -> Finding {
    let unregistered = redirect.cause == Some(Cause::RedirectUnregistered);
    if unregistered && secret == Some(Cause::ClientRefused) {
        Finding::unclear(None).likely(&[Cause::ClientRefused, Cause::RedirectUnregistered])
    } else {
        redirect
    }
}

/// What shows the secret, or leaves a line in Okta's log.
async fn second_look(probe: &Probe<'_>, out: &mut Out<'_>, there: &There, first: &First) {
    let subject = probe.subject;
    let metadata = &there.metadata;
    let keys = keys::climb(probe, metadata, &first.web);
    let native = async {
        match (&subject.config.native_client_id, &first.native) {
            (Some(id), Some(told)) => {
                Some(Box::pin(native::climb(probe, metadata, id, told)).await)
            }
            (Some(_) | None, Some(_) | None) => None,
        }
    };
    let rest = async {
        if first.stop {
            return None;
        }
        let auth = secret::auth(there, &first.web);
        let (answers, tries, pushed) = tokio::join!(
            secret::ask(probe, there, auth),
            redirect::ask(probe, metadata),
            request::ask(probe, there, auth, &subject.redirect_uri)
        );
        let beside = secret::Beside {
            web: &first.web,
            tries: Some(&tries),
            pushed: pushed.as_ref(),
        };
        let secret = secret::judge(subject, &answers, &beside);
        let request = request::judge(subject, pushed.as_ref(), tries.back());
        // Okta shows one and the same page for whatever an inactive app is asked.
        let inactive = secret.cause == Some(Cause::ClientInactive);
        let pushed = redirect::Pushed {
            there,
            auth,
            reply: pushed.as_ref(),
        };
        let redirect = redirect::judge(probe, &tries, inactive, &pushed).await;
        let redirect = unless_another_app(redirect, secret.cause);
        Some((secret, request, redirect))
    };
    let (keys, native, rest) = tokio::join!(keys, native, rest);
    out.put(CheckKind::Keys, keys);
    if let Some((secret, request, redirect)) = rest {
        out.put(CheckKind::Secret, secret);
        out.put(CheckKind::Request, request);
        out.put(CheckKind::Redirect, redirect);
    }
    if let Some(native) = native {
        out.put(CheckKind::Native, native);
    }
}
