//! `…/introspect` (RFC 7662) and `…/revoke` (RFC 7009).

use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::org::app::App;

use super::token::revoke_family;
use super::{Call, Params, Problem, client};

pub(crate) async fn introspect(call: Call, headers: HeaderMap, body: Bytes) -> Response {
    let params = Params::parse(&body);
    match caller(&call, &headers, &params) {
        Ok(app) => Json(describe(
            &call,
            &app,
            params.get("token").unwrap_or_default(),
        ))
        .into_response(),
        Err(problem) => problem.said_by(&call).into_response(),
    }
}

fn caller(call: &Call, headers: &HeaderMap, params: &Params) -> Result<App, Problem> {
    call.issuer_exists()?;
    client::authenticate(call, headers, params)
}

fn describe(call: &Call, app: &App, token: &str) -> Value {
    let now = call.engine.now();
    let issuer = call.token_issuer(app);
    let world = call.engine.world();
    if let Some(access) = world
        .access
        .get(token)
        .filter(|access| now < access.expires_at && access.grant.client_id == app.id)
        && let Some(person) = world.person(&access.grant.user_id)
    {
        return json!({
            "active": true,
            "token_type": "Bearer",
            "scope": access.grant.scopes.join(" "),
            "client_id": app.id,
            "username": person.login,
            "sub": person.login,
            "uid": person.id,
            "iat": access.issued_at.div_euclid(1000),
            "exp": access.expires_at.div_euclid(1000),
            "iss": issuer,
        });
    }
    let family = world
        .refresh
        .get(token)
        .and_then(|name| world.families.get(name));
    match family.filter(|family| {
        family.current == token && family.grant.client_id == app.id && now < family.expires_at
    }) {
        Some(family) => {
            json!({ "active": true, "scope": family.grant.scopes.join(" "), "client_id": app.id, "uid": family.grant.user_id })
        }
        None => json!({ "active": false }),
    }
}

/// Answers 200 whatever the token is (RFC 7009 §2.2).
pub(crate) async fn revoke(call: Call, headers: HeaderMap, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let app = match caller(&call, &headers, &params) {
        Ok(app) => app,
        Err(problem) => return problem.into_response(),
    };
    let token = params.get("token").unwrap_or_default();
    let mut world = call.engine.world();
    if world
        .access
        .get(token)
        .is_some_and(|access| access.grant.client_id == app.id)
    {
        world.access.remove(token);
    }
    let family = world.refresh.get(token).cloned();
    if let Some(name) = family.filter(|name| {
        world
            .families
            .get(name)
            .is_some_and(|family| family.grant.client_id == app.id)
    }) {
        revoke_family(&mut world, &name);
    }
    StatusCode::OK.into_response()
}
