//! What the issuer says of itself, whether it calls itself as we do, and what its clock says.

use api::{Cause, Provider, UtcMillis};
use url::Url;

use super::{
    finding::{Finding, silence_seen},
    organization::{self, Seen},
    probe::{Probe, Subject},
    refusal::Said,
};
use crate::oidc::{
    Metadata, NoReply, Reply, discovery_endpoint, discovery_refusal_cause, json, no_reply_cause,
    read_discovery,
};

/// Beyond this many seconds tokens are refused: they would seem to be of the future, or too old.
const SKEW_MAX: i64 = 60;

/// What could be used of a discovery document.
pub(super) struct There {
    pub(super) metadata: Metadata,
    /// How long the document keeps, in seconds, as its header says.
    pub(super) max_age: Option<u64>,
    pub(super) introspect: Option<Url>,
    pub(super) push: Option<Url>,
}

pub(super) async fn ask(probe: &Probe<'_>) -> Result<Reply, NoReply> {
    match address(&probe.config().issuer) {
        Some(url) => probe.get(&url).await,
        None => Err(NoReply::Refused {
            why: "no address".into(),
        }),
    }
}

pub(super) fn address(issuer: &str) -> Option<Url> {
    Url::parse(&format!("{issuer}/.well-known/openid-configuration")).ok()
}

/// The rung; with what the rungs above it need, unless they make no sense.
pub(super) fn judge(
    subject: &Subject,
    reply: &Result<Reply, NoReply>,
    seen: Option<&Seen>,
    now: UtcMillis,
) -> (Finding, Option<There>) {
    let reply = match reply {
        Ok(reply) => reply,
        Err(why) => {
            let finding = Finding::failed(no_reply_cause(why)).seen(&silence_seen(why));
            return (finding, None);
        }
    };
    if reply.status != 200 {
        return (refused(subject, reply), None);
    }
    let malformed = |why: &str| Finding::failed(Cause::DiscoveryMalformed).seen(why);
    let document = match json::object(&reply.body) {
        Ok(document) => document,
        Err(why) => return (malformed(&why.to_string()), None),
    };
    let config = &subject.config;
    if let Some(named) = document.text("issuer").filter(|it| *it != config.issuer) {
        return (renamed(subject, named, seen), None);
    }
    let metadata = match read_discovery(config.provider, &config.issuer, &document) {
        Ok(metadata) => metadata,
        Err(failure) => {
            let finding = Finding::failed(failure.cause).seen(&failure.detail);
            return (finding, None);
        }
    };
    let endpoint = |name| {
        let home = Url::parse(&config.issuer).ok()?;
        discovery_endpoint(config.provider, &home, &document, name)
            .ok()
            .flatten()
    };
    let there = There {
        introspect: endpoint("introspection_endpoint"),
        push: endpoint("pushed_authorization_request_endpoint"),
        max_age: reply.max_age,
        metadata,
    };
    (clock(reply, now), Some(there))
}

/// What Okta answers instead of a document.
fn refused(subject: &Subject, reply: &Reply) -> Finding {
    let said = Said::of(reply);
    let issuer = &subject.config.issuer;
    let (code, words) = said.code_and_words();
    let cause = discovery_refusal_cause(reply.status, code, words, issuer);
    let finding = Finding::failed(cause).seen(&said.seen(reply.status));
    // The organization's own server needs no license and is always there.
    let has_another = matches!(cause, Cause::ServerNotLicensed | Cause::ServerUnknown);
    match organization::origin(issuer).filter(|_| has_another) {
        Some(org) => finding.take_issuer(&org.origin().ascii_serialization()),
        None => finding,
    }
}

/// The document names another issuer than the one it was asked for.
pub(super) fn renamed(subject: &Subject, named: &str, seen: Option<&Seen>) -> Finding {
    let entered = &subject.config.issuer;
    if without_admin(entered).as_deref() == Some(named) {
        return Finding::failed(Cause::AdminDomain)
            .seen(named)
            .take_issuer(named);
    }
    let home = |issuer: &str| organization::origin(issuer).map(|url| url.origin());
    let origins: &[String] = match seen {
        Some(Seen::Organization(organization)) => &organization.origins,
        Some(Seen::Parked | Seen::NotOkta | Seen::Busy(_) | Seen::Silent(_)) | None => &[],
    };
    let listed = home(named).is_some_and(|it| origins.contains(&it.ascii_serialization()));
    let path = |issuer: &str| Url::parse(issuer).map(|url| url.path().to_owned()).ok();
    if subject.config.provider == Provider::Okta
        && home(entered) != home(named)
        && listed
        && path(entered) == path(named)
    {
        return Finding::failed(Cause::IssuerOtherName)
            .seen(named)
            .take_issuer(named);
    }
    let finding = Finding::failed(Cause::IssuerMismatch).seen(named);
    // Only what stays at this very place is offered: a stranger may say any name.
    if home(entered) == home(named) && home(named).is_some() {
        finding.take_issuer(named)
    } else {
        finding.likely(&[Cause::IssuerOtherName, Cause::AddressUnreadable])
    }
}

/// The address without `-admin` in its first label, if it had it.
pub(super) fn without_admin(issuer: &str) -> Option<String> {
    let (scheme, rest) = issuer.split_once("://")?;
    let (first, others) = rest.split_once('.')?;
    let name = first.strip_suffix("-admin").filter(|it| !it.is_empty())?;
    Some(format!("{scheme}://{name}.{others}"))
}

fn clock(reply: &Reply, now: UtcMillis) -> Finding {
    let Some(date) = reply.date else {
        return Finding::passed();
    };
    // How far the provider is ahead of us. Its header has whole seconds.
    let ahead = (date - now) / 1000;
    let seen = format!("{ahead:+} s");
    if ahead > SKEW_MAX {
        Finding::failed(Cause::ClockSkew).seen(&seen)
    } else if ahead < -SKEW_MAX {
        Finding::failed(Cause::ClockFast).seen(&seen)
    } else {
        Finding::passed()
    }
}
