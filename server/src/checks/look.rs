//! The first step of the guide: what a pasted address means, and what is there. Nothing of the
//! connection goes there but the question itself.

use api::{
    Cause, FieldFault, IssuerInput, Loopback,
    checks::{Look, LookForm, OrganizationSeen, ServerKind, ServerSeen, ServerState},
    issuer,
};
use axum::{Json, extract::State};
use url::Url;

use super::{
    address, discovery,
    organization::{self, Seen},
    probe::limited,
    refusal::Said,
};
use crate::{
    App,
    access::Admin,
    body::Body,
    error::Error,
    limits::{Address, Limit},
    oidc::{NoReply, Reply, json},
};

/// `POST /api/connections/okta/look`.
pub(crate) async fn look(
    State(app): State<App>,
    _: Admin,
    Address(address): Address,
    Body(form): Body<LookForm>,
) -> Result<Json<Look>, Error> {
    let loopback = app.settings.loopback;
    let input = match IssuerInput::parse(&form.pasted, loopback) {
        Ok(input) => input,
        Err(fault) => return Ok(Json(misunderstood(&form.pasted, loopback, fault))),
    };
    app.limits.pass(Limit::Check, address)?;
    let mut notes = issuer::notes(&form.pasted, &input);
    let Some(base) = organization::origin(&input.issuer) else {
        return Ok(Json(misunderstood(
            &form.pasted,
            loopback,
            FieldFault::NotAnAddress,
        )));
    };
    if address::is_sandbox(base.host_str().unwrap_or_default()) {
        notes.push(Cause::SandboxOrganization);
    }
    let base = base.origin().ascii_serialization();
    let wanted = servers(&base, &input);
    let asked = wanted.iter().map(|(_, issuer)| server(&app, issuer));
    let (seen, found) = tokio::join!(
        organization::ask(app.relying.outbound(), &base),
        futures_util::future::join_all(asked)
    );
    let mut answer = Look {
        issuer: Some(input.issuer.clone()),
        fault: None,
        suggestion: None,
        notes,
        organization: Some(state(&seen)),
        engine: None,
        custom_domains: Vec::new(),
        servers: Vec::new(),
    };
    if let Seen::Organization(it) = &seen {
        answer.engine = it.engine;
        answer.custom_domains = it
            .origins
            .iter()
            .filter(|origin| **origin != base)
            .filter_map(|origin| Some(Url::parse(origin).ok()?.host_str()?.to_owned()))
            .collect();
    }
    if matches!(seen, Seen::Parked) {
        answer.suggestion =
            organization::elsewhere(app.relying.outbound(), &input.issuer, loopback).await;
        answer.notes.push(match &answer.suggestion {
            Some(_) => Cause::OtherCloud,
            None => Cause::OrganizationUnknown,
        });
        return Ok(Json(answer));
    }
    // The Admin Console's address answers too, but nobody signs in there.
    let renamed = found.iter().find_map(|it| it.named.clone());
    answer.suggestion = renamed.filter(|named| *named != input.issuer);
    if answer.suggestion.is_some() {
        answer.notes.push(Cause::AdminDomain);
        return Ok(Json(answer));
    }
    answer.servers = wanted
        .into_iter()
        .zip(found)
        .map(|((kind, issuer), found)| ServerSeen {
            issuer,
            kind,
            state: found.state,
        })
        .collect();
    Ok(Json(answer))
}

/// Nothing was understood: why, and what was probably meant.
fn misunderstood(pasted: &str, loopback: Loopback, fault: FieldFault) -> Look {
    let cause = match fault {
        FieldFault::NotHttps => Cause::NotHttps,
        _ => Cause::AddressUnreadable,
    };
    Look {
        issuer: None,
        fault: Some(fault),
        suggestion: issuer::suggestion(pasted, loopback, fault),
        notes: vec![cause],
        organization: None,
        engine: None,
        custom_domains: Vec::new(),
        servers: Vec::new(),
    }
}

/// The organization's own server, the one that is called `default`, and the one that was pasted.
fn servers(base: &str, input: &IssuerInput) -> Vec<(ServerKind, String)> {
    let mut all = vec![
        (ServerKind::Org, base.to_owned()),
        (ServerKind::Default, format!("{base}/oauth2/default")),
    ];
    if !all.iter().any(|(_, issuer)| *issuer == input.issuer) {
        all.push((ServerKind::Custom, input.issuer.clone()));
    }
    all
}

/// What one server answered.
struct Found {
    state: ServerState,
    /// The issuer that it names, where that is not the one that was asked.
    named: Option<String>,
}

async fn server(app: &App, issuer: &str) -> Found {
    let unclear = Found {
        state: ServerState::Inconclusive,
        named: None,
    };
    let Some(url) = discovery::address(issuer) else {
        return unclear;
    };
    match limited(app.relying.outbound().get(&url)).await {
        Ok(reply) => read(&reply, issuer),
        Err(_) => unclear,
    }
}

fn read(reply: &Reply, issuer: &str) -> Found {
    let said = Said::of(reply);
    let named = json::object(&reply.body)
        .ok()
        .and_then(|document| document.text("issuer").map(str::to_owned));
    let state = match reply.status {
        // Whatever answers with a document that names no issuer is no authorization server.
        200 if said == Said::Fine && named.is_some() => ServerState::There,
        _ if said.is("E0000015") => ServerState::NotLicensed,
        404 => ServerState::NotThere,
        _ => ServerState::Inconclusive,
    };
    let named = named.filter(|named| {
        named != issuer && state == ServerState::There && same_place(named, issuer)
    });
    Found { state, named }
}

/// Only the `-admin` name's own organization is offered: a stranger may name anybody.
fn same_place(named: &str, issuer: &str) -> bool {
    discovery::without_admin(issuer).as_deref() == Some(named)
}

fn state(seen: &Seen) -> OrganizationSeen {
    match seen {
        Seen::Organization(_) => OrganizationSeen::Found,
        Seen::Parked => OrganizationSeen::Unknown,
        Seen::NotOkta => OrganizationSeen::NotOkta,
        Seen::Busy(_)
        | Seen::Silent(
            NoReply::Refused { .. }
            | NoReply::Private { .. }
            | NoReply::Unreachable { .. }
            | NoReply::TooLarge
            | NoReply::Redirected { .. },
        ) => OrganizationSeen::Unreachable,
    }
}
