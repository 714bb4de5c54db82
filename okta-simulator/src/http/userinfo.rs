//! `…/userinfo`: everything about the person that the scopes ask for, also what a thin ID token leaves out.

use axum::Json;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::fault::Fault;
use crate::org::authorization_server::TokenType;
use crate::place::Tree;

use super::issue::{custom, person_claims};
use super::problem::uncached;
use super::{Call, Problem, html_instead, huge_instead, spoil};

pub(crate) async fn show(call: Call, headers: HeaderMap) -> Response {
    let faults = call.engine.world().faults.clone();
    if faults.on(Fault::Userinfo500) {
        return (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error").into_response();
    }
    if faults.on(Fault::UserinfoHtml) {
        return html_instead();
    }
    if faults.on(Fault::UserinfoHuge) {
        return huge_instead();
    }
    match claims(&call, &headers) {
        Ok(mut claims) => {
            spoil::userinfo(&mut claims, &faults);
            uncached(Json(claims).into_response())
        }
        Err(problem) => problem.into_response(),
    }
}

fn claims(call: &Call, headers: &HeaderMap) -> Result<Map<String, Value>, Problem> {
    call.issuer_exists()?;
    let refused = |status, error, description| Problem::Bearer {
        status,
        error,
        description,
        issuer: call.tree.issuer(&call.place),
    };
    let invalid = || refused(401, "invalid_token", "The access token is invalid.");
    let header = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let token = header
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let now = call.engine.now();
    let world = call.engine.world();
    let access = token
        .and_then(|token| world.access.get(token))
        .filter(|access| now < access.expires_at)
        .ok_or_else(invalid)?;
    let grant = &access.grant;
    if grant.tree.authority() != call.tree.authority() {
        return Err(invalid());
    }
    if !grant.has("openid") {
        return Err(refused(
            403,
            "insufficient_scope",
            "The access token provided does not contain the required scopes.",
        ));
    }
    let (Some(app), Some(person)) = (
        world.app(&grant.client_id),
        world.person(&grant.user_id).filter(|person| person.active),
    ) else {
        return Err(invalid());
    };
    let mut claims = person_claims(grant, app, person, &call.engine.config.google_domain, false);
    if let Tree::Custom(id) = &grant.tree
        && let Some(server) = world.server(id)
    {
        claims.extend(custom(server, TokenType::Id, false, grant, person));
    }
    Ok(claims)
}
