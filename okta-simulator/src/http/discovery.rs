//! The documents that tell an app where everything is: discovery, keys, and whose organization this is.

mod document;

pub(crate) use document::OKTA_SCOPES;
use document::document;

use axum::Json;
use axum::extract::RawQuery;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::fault::Fault;
use crate::org::PARKED_ORG_ID;
use crate::place::Kind;

use super::{Call, Params, html_instead, huge_instead, redirect_elsewhere, unavailable};

/// `GET {issuer}/.well-known/openid-configuration`, with and without `client_id`.
pub(crate) async fn openid(call: Call, RawQuery(query): RawQuery) -> Response {
    let faults = call.engine.world().faults.clone();
    if faults.on(Fault::DiscoveryHtml) {
        return html_instead();
    }
    if faults.on(Fault::DiscoveryHuge) {
        return huge_instead();
    }
    if faults.on(Fault::DiscoveryRedirect) {
        return redirect_elsewhere();
    }
    let status = faults
        .find(Fault::DiscoveryStatus(0))
        .and_then(Fault::amount);
    if let Some(status) = status.and_then(|status| u16::try_from(status).ok()) {
        return (
            StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE),
            "no metadata now",
        )
            .into_response();
    }
    let mut document = match document(&call, query.as_deref()) {
        Ok(document) => document,
        Err(problem) => return problem.into_response(),
    };
    if faults.on(Fault::DiscoveryIssuerMismatch) {
        document.insert(
            "issuer".into(),
            json!(format!("{}/elsewhere", call.tree.issuer(&call.place))),
        );
    }
    if faults.on(Fault::DiscoveryPromisesIssuer) {
        document.insert(
            "authorization_response_iss_parameter_supported".into(),
            json!(true),
        );
    }
    if faults.on(Fault::DiscoveryOtherHost) {
        document.insert(
            "token_endpoint".into(),
            json!("http://elsewhere.invalid/token"),
        );
    }
    cached(
        Json(document).into_response(),
        "max-age=86400, must-revalidate",
    )
}

/// `GET {issuer}/.well-known/oauth-authorization-server`, and RFC 8414's form of it.
pub(crate) async fn oauth(call: Call, RawQuery(query): RawQuery) -> Response {
    match document(&call, query.as_deref()) {
        Ok(mut document) => {
            for only_openid in [
                "userinfo_endpoint",
                "claims_supported",
                "subject_types_supported",
                "id_token_signing_alg_values_supported",
            ] {
                document.remove(only_openid);
            }
            cached(
                Json(document).into_response(),
                "max-age=86400, must-revalidate",
            )
        }
        Err(problem) => problem.into_response(),
    }
}

/// `GET …/keys`.
pub(crate) async fn keys(call: Call, RawQuery(query): RawQuery) -> Response {
    if let Err(problem) = call.issuer_exists() {
        return problem.into_response();
    }
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    let app = params.filled("client_id").and_then(|id| call.app(id));
    let (faults, ring) = {
        let world = call.engine.world();
        (
            world.faults.clone(),
            world.ring(call.tree.authority(), app.as_ref()).cloned(),
        )
    };
    tokio::time::sleep(faults.delay(Fault::KeysSlow(0))).await;
    if faults.on(Fault::KeysDown) {
        return unavailable();
    }
    if faults.on(Fault::KeysHtml) {
        return html_instead();
    }
    if faults.on(Fault::KeysHuge) {
        return huge_instead();
    }
    let mut published = match ring {
        Some(ring) if !faults.on(Fault::KeysEmpty) => ring.published(),
        Some(_) | None => json!({ "keys": [] }),
    };
    if app.is_none() && faults.on(Fault::KeysLate) {
        call.engine.world().faults.clear(Fault::KeysLate);
        if let Some(keys) = published["keys"].as_array_mut() {
            keys.pop();
        }
    }
    cached(
        Json(published).into_response(),
        "max-age=3885115, must-revalidate",
    )
}

/// `GET /.well-known/okta-organization`: a name that nobody has answers too, always with the same id.
pub(crate) async fn organization(call: Call) -> Response {
    let (id, pipeline) = match call.place.kind {
        Kind::Parked => (PARKED_ORG_ID.to_owned(), "v1"),
        Kind::Org | Kind::Custom | Kind::Admin => (call.engine.world().org_id.clone(), "idx"),
    };
    let custom = call.engine.world().habits.custom_domain.clone();
    let custom = custom.filter(|_| call.place.kind.is_ours());
    let base = match call.place.kind {
        Kind::Custom => call.place.named(&call.engine.config.host).base,
        Kind::Org | Kind::Admin | Kind::Parked => call.place.base.clone(),
    };
    let mut body = json!({
        "id": id,
        "cell": "practice1",
        "pipeline": pipeline,
        "_links": { "organization": { "href": base } },
        "settings": { "analyticsCollectionEnabled": false, "bugReportingEnabled": true, "omEnabled": false },
    });
    if let Some(domain) = custom {
        // Both shapes were seen: the one that is documented, and the list that is answered of late.
        let href = call.place.named(&domain).base;
        body["_links"]["alternate"] = json!({ "href": href });
        body["alternates"] = json!([{ "href": href }]);
    }
    cached(Json(body).into_response(), "max-age=86400, must-revalidate")
}

fn cached(mut response: Response, control: &'static str) -> Response {
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static(control));
    response
}
