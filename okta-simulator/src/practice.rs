//! The practice Okta's own admin pages, in Okta's words: what an administrator does at Okta can be rehearsed here, and more.

#![expect(
    clippy::format_collect,
    reason = "pages are small, and a row a line is easier to read than a fold"
)]

mod app;
mod app_form;
mod app_settings;
mod apps;
mod assignments;
mod claims;
mod faults;
mod frame;
mod mistakes;
mod overview;
mod people;
mod policies;
mod reading_room;
mod requests;
mod servers;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::engine::Engine;
use crate::page;

pub(crate) fn routes() -> Router<Arc<Engine>> {
    Router::new()
        .route("/", get(overview::home))
        .route("/practice", get(overview::show))
        .route("/practice/keys", post(overview::rotate_keys))
        .route("/practice/clock", post(overview::move_clock))
        .route("/practice/apps", get(apps::list).post(apps::create))
        .route("/practice/apps/new", get(apps::new))
        .route("/practice/apps/{id}", get(app::show).post(app::save))
        .route("/practice/apps/{id}/status", post(app::switch))
        .route("/practice/apps/{id}/secrets", post(app::change_secret))
        .route(
            "/practice/apps/{id}/assignments",
            get(assignments::show).post(assignments::change),
        )
        .route(
            "/practice/authorization-servers",
            get(servers::list).post(servers::create),
        )
        .route(
            "/practice/authorization-servers/{id}",
            get(servers::show).post(servers::save),
        )
        .route(
            "/practice/authorization-servers/{id}/scopes",
            get(servers::scopes).post(servers::change_scopes),
        )
        .route(
            "/practice/authorization-servers/{id}/claims",
            get(claims::list).post(claims::change),
        )
        .route(
            "/practice/authorization-servers/{id}/access-policies",
            get(policies::list).post(policies::change),
        )
        .route("/practice/people", get(people::list).post(people::create))
        .route(
            "/practice/people/{id}",
            get(people::show).post(people::save),
        )
        .route("/practice/people/{id}/status", post(people::switch))
        .route(
            "/practice/mistakes",
            get(mistakes::show).post(mistakes::save),
        )
        .route(
            "/practice/api/mistakes",
            get(mistakes::list).post(mistakes::clear),
        )
        .route("/practice/api/mistakes/{id}", post(mistakes::switch))
        .route(reading_room::PATH, get(reading_room::show))
        .route("/practice/faults", get(faults::show).post(faults::save))
        .route("/practice/faults/clear", post(faults::clear))
        .route(
            "/practice/requests",
            get(requests::show).post(requests::forget),
        )
        .route(
            "/admin/app/oidc_client/instance/{id}",
            get(app::from_okta_link),
        )
        .route_layer(middleware::from_fn(same_site))
        .route(
            "/practice/assets/practice.css",
            get(async || asset("text/css; charset=utf-8", include_str!("page/practice.css"))),
        )
        .route(
            "/practice/assets/submit.js",
            get(async || {
                asset(
                    "text/javascript; charset=utf-8",
                    "document.forms[0].submit();\n",
                )
            }),
        )
        .route(
            "/practice/assets/icon.svg",
            get(async || asset("image/svg+xml", include_str!("page/icon.svg"))),
        )
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], text).into_response()
}

/// Another site's page may not press buttons here, though there is no sign-in to steal.
async fn same_site(request: Request, next: Next) -> Response {
    let site = request
        .headers()
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if request.method() == axum::http::Method::POST && site == "cross-site" {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

/// What is not there any more.
fn gone() -> Response {
    page::not_found()
}
