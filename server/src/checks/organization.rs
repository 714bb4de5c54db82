//! Which organization answers: Okta tells it to everybody, and answers for names nobody has.

use std::collections::BTreeSet;

use api::{Cause, Loopback, checks::Engine, issuer::OKTA_SUFFIXES};
use url::Url;

use super::{
    finding::Finding,
    probe::{Known, Probe, limited},
};
use crate::oidc::{
    NoReply, Outbound, Reply,
    json::{self, Json, Object},
};

/// The organization that answers where no organization is.
const PARKED: &str = "00oplaODtXoEq1eQo0g3";

/// What answered.
#[derive(Debug)]
pub(super) enum Seen {
    Organization(Organization),
    /// Okta, but nobody has this name.
    Parked,
    NotOkta,
    /// Down, or in need of rest.
    Busy(u16),
    Silent(NoReply),
}

/// An organization of Okta.
#[derive(Debug)]
pub(super) struct Organization {
    pub(super) id: String,
    pub(super) engine: Option<Engine>,
    /// The origins under which it can be reached: its own name and its custom domains.
    pub(super) origins: Vec<String>,
}

/// Scheme, host and port of an issuer.
pub(super) fn origin(issuer: &str) -> Option<Url> {
    let mut url = Url::parse(issuer).ok()?;
    url.set_path("");
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

/// Asks whoever is at this issuer.
pub(super) async fn ask(outbound: &Outbound, issuer: &str) -> Seen {
    let Some(url) = origin(issuer).and_then(|it| it.join("/.well-known/okta-organization").ok())
    else {
        return Seen::NotOkta;
    };
    match limited(outbound.get(&url)).await {
        Ok(reply) => read(&reply),
        Err(NoReply::TooLarge) => Seen::NotOkta,
        Err(why) => Seen::Silent(why),
    }
}

fn read(reply: &Reply) -> Seen {
    if reply.status == 429 || reply.status >= 500 {
        return Seen::Busy(reply.status);
    }
    let Ok(document) = json::object(&reply.body) else {
        return Seen::NotOkta;
    };
    match document.text("id") {
        Some(PARKED) => Seen::Parked,
        Some(id) if reply.status == 200 && id.len() <= 64 => Seen::Organization(Organization {
            id: id.to_owned(),
            engine: match document.text("pipeline") {
                Some("idx") => Some(Engine::Identity),
                Some("v1") => Some(Engine::Classic),
                Some(_) | None => None,
            },
            origins: origins(&document),
        }),
        Some(_) | None => Seen::NotOkta,
    }
}

/// Okta has changed where it lists them: both places are read.
fn origins(document: &Object) -> Vec<String> {
    let mut all = Vec::new();
    let mut keep = |link: &Json| {
        if let Json::Object(link) = link
            && let Some(url) = link.text("href").and_then(|href| Url::parse(href).ok())
            && all.len() < 20
        {
            all.push(url.origin().ascii_serialization());
        }
    };
    if let Some(Json::Object(links)) = document.get("_links") {
        for name in ["organization", "alternate"] {
            match links.get(name) {
                Some(Json::Array(several)) => several.iter().for_each(&mut keep),
                Some(one) => keep(one),
                None => (),
            }
        }
    }
    if let Some(Json::Array(several)) = document.get("alternates") {
        several.iter().for_each(&mut keep);
    }
    all
}

/// The rung.
pub(super) async fn judge(probe: &Probe<'_>, seen: &Seen) -> Finding {
    let issuer = &probe.config().issuer;
    match seen {
        Seen::Organization(organization) => judge_known(organization, &probe.subject.known),
        Seen::Parked => match elsewhere(probe.outbound(), issuer, probe.subject.loopback).await {
            Some(other) => Finding::failed(Cause::OtherCloud)
                .seen(&other)
                .take_issuer(&other),
            None => Finding::failed(Cause::OrganizationUnknown).seen(PARKED),
        },
        Seen::NotOkta => Finding::warning(Cause::NotOkta),
        // Discovery asks the same host, and says what is wrong with it.
        Seen::Busy(status) => Finding::unclear(None).seen(&status.to_string()),
        Seen::Silent(_) => Finding::unclear(None),
    }
}

fn judge_known(organization: &Organization, known: &Known) -> Finding {
    match &known.organization {
        Some(before) if *before != organization.id => Finding::warning(Cause::OrganizationChanged)
            .seen(&format!("{before} → {}", organization.id)),
        Some(_) | None => Finding::passed().seen(&organization.id),
    }
}

/// The same name on another of Okta's clouds, if there is exactly one. Only the name goes there.
pub(super) async fn elsewhere(
    outbound: &Outbound,
    issuer: &str,
    loopback: Loopback,
) -> Option<String> {
    let asked = siblings(issuer, loopback).into_iter().map(async |other| {
        let found = ask(outbound, &other).await;
        matches!(found, Seen::Organization(_)).then_some(other)
    });
    let mut found = futures_util::future::join_all(asked)
        .await
        .into_iter()
        .flatten();
    found.next().filter(|_| found.next().is_none())
}

/// Okta's clouds, and where a practice Okta plays them.
fn clouds(loopback: Loopback) -> Vec<String> {
    let mut all: Vec<String> = OKTA_SUFFIXES.iter().map(ToString::to_string).collect();
    if loopback == Loopback::Allowed {
        all.extend(OKTA_SUFFIXES.iter().map(|suffix| {
            let name = suffix.split('.').next().unwrap_or_default();
            format!("{name}.localhost")
        }));
        // `okta.com` and `okta.mil` are practised by one name.
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|suffix| seen.insert(suffix.clone()));
    }
    all
}

/// The same issuer on the other clouds.
pub(super) fn siblings(issuer: &str, loopback: Loopback) -> Vec<String> {
    let clouds = clouds(loopback);
    let Some(url) = Url::parse(issuer).ok() else {
        return Vec::new();
    };
    let host = url.host_str().unwrap_or_default();
    let here = clouds.iter().find(|suffix| {
        host.strip_suffix(suffix.as_str())
            .is_some_and(|name| name.ends_with('.'))
    });
    let Some(here) = here else { return Vec::new() };
    let on_loopback = here.ends_with(".localhost");
    clouds
        .iter()
        .filter(|other| *other != here && other.ends_with(".localhost") == on_loopback)
        .map(|other| issuer.replacen(here.as_str(), other, 1))
        .collect::<BTreeSet<String>>()
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> Reply {
        Reply {
            status,
            content_type: None,
            date: None,
            max_age: None,
            body: body.to_owned().into(),
        }
    }

    #[test]
    fn custom_domains_are_read_from_both_places() {
        let body = r#"{"id":"00o1","pipeline":"idx","_links":{"organization":{"href":"https://a.okta.com"},"alternate":{"href":"https://b.example/x"}},"alternates":[{"href":"https://c.example"},7,{"href":null}]}"#;
        let Seen::Organization(found) = read(&reply(200, body)) else {
            panic!("no organization");
        };
        let origins = [
            "https://a.okta.com",
            "https://b.example",
            "https://c.example",
        ];
        assert_eq!(found.origins, origins);
        assert_eq!(found.engine, Some(Engine::Identity));
    }

    #[test]
    fn whatever_else_answers_is_told_apart() {
        for (status, body) in [
            (200, "<html>"),
            (404, "{}"),
            (200, r#"{"id":7}"#),
            (200, "[]"),
        ] {
            assert!(
                matches!(read(&reply(status, body)), Seen::NotOkta),
                "{body}"
            );
        }
        let parked = format!(r#"{{"id":"{PARKED}","pipeline":"v1"}}"#);
        assert!(matches!(read(&reply(200, &parked)), Seen::Parked));
        assert!(matches!(read(&reply(503, "{}")), Seen::Busy(503)));
    }

    #[test]
    fn the_same_name_is_looked_for_on_the_other_clouds_only() {
        let found = siblings("https://acme.okta.com/oauth2/default", Loopback::Refused);
        assert_eq!(found.len(), OKTA_SUFFIXES.len() - 1);
        assert!(found.contains(&"https://acme.okta-emea.com/oauth2/default".to_owned()));
        assert!(siblings("https://login.acme.example", Loopback::Refused).is_empty());
        assert!(siblings("https://acmeokta.com", Loopback::Refused).is_empty());
    }
}
