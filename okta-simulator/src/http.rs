//! The routes, and what every answer has: request id, date, and a line in the log.

mod authorize;
mod call;
mod client;
mod discovery;
mod inspect;
mod issue;
mod logout;
mod par;
mod problem;
mod sign_in;
mod spoil;
mod tile;
mod token;
mod userinfo;

pub(crate) use authorize::{authorize_as, decide};
pub(crate) use call::{Call, Params, session_cookie};
pub(crate) use problem::Problem;
pub(crate) use tile::press as press_tile;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HOST, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::clock::http_date;
use crate::engine::Engine;
use crate::fault::Fault;
use crate::log::Seen;
use crate::place::{Endpoint, Tree};
use crate::{page, practice};

/// Everything that is served, for every host.
pub(crate) fn router(engine: Arc<Engine>) -> Router {
    let mut router = Router::new()
        .route("/.well-known/openid-configuration", get(discovery::openid))
        .route(
            "/.well-known/oauth-authorization-server",
            get(discovery::oauth),
        )
        .route(
            "/.well-known/okta-organization",
            get(discovery::organization),
        )
        .route(
            "/oauth2/{server}/.well-known/openid-configuration",
            get(discovery::openid),
        )
        .route(
            "/oauth2/{server}/.well-known/oauth-authorization-server",
            get(discovery::oauth),
        )
        .route(
            "/.well-known/oauth-authorization-server/oauth2/{server}",
            get(discovery::oauth),
        )
        .route(
            "/google/.well-known/openid-configuration",
            get(discovery::openid),
        )
        .route(
            "/microsoft/{tenant}/v2.0/.well-known/openid-configuration",
            get(discovery::openid),
        )
        .route("/signin", post(sign_in::submit))
        .route(
            "/login/signout",
            get(logout::sign_out_here).post(logout::sign_out_here),
        )
        .route("/login/login.htm", get(logout::signed_out))
        .route("/home/oidc_client/{id}", get(tile::open));
    for tree in [
        Tree::Org,
        Tree::Custom("{server}".to_owned()),
        Tree::Google,
        Tree::Microsoft("{tenant}".to_owned()),
    ] {
        router = router
            .route(
                &tree.path(Endpoint::Authorize),
                get(authorize::by_query).post(authorize::by_form),
            )
            .route(&tree.path(Endpoint::Token), post(token::exchange))
            .route(
                &tree.path(Endpoint::Userinfo),
                get(userinfo::show).post(userinfo::show),
            )
            .route(&tree.path(Endpoint::Keys), get(discovery::keys))
            .route(&tree.path(Endpoint::Introspect), post(inspect::introspect))
            .route(&tree.path(Endpoint::Revoke), post(inspect::revoke))
            .route(
                &tree.path(Endpoint::Logout),
                get(logout::by_query).post(logout::by_form),
            )
            .route(&tree.path(Endpoint::Par), post(par::push));
    }
    router
        .merge(practice::routes())
        .method_not_allowed_fallback(async || {
            Problem::api(
                405,
                "E0000022",
                "The endpoint does not support the provided HTTP method",
            )
        })
        .fallback(async || page::not_found())
        .layer(middleware::from_fn_with_state(Arc::clone(&engine), around))
        .with_state(engine)
}

/// Around every request: the fault that is everywhere, the headers that are everywhere, and the log.
async fn around(State(engine): State<Arc<Engine>>, request: Request, next: Next) -> Response {
    let ours = request.uri().path().starts_with("/practice");
    let mut seen = first_look(&request, engine.now());
    let (faults, request_id) = {
        let mut world = engine.world();
        (world.faults.clone(), world.chance.token())
    };
    let skew = faults.skew();
    if !ours {
        tokio::time::sleep(faults.delay(Fault::Slow(0))).await;
    }
    let mut response = if faults.on(Fault::Down) && !ours {
        unavailable()
    } else if faults.on(Fault::RateLimited) && is_limited(&seen.path) {
        rate_limited(engine.now())
    } else {
        next.run(request).await
    };
    seen.status = response.status().as_u16();
    let date = http_date(engine.now() + skew * 1000);
    for (name, value) in [
        ("x-okta-request-id", request_id.as_str()),
        (DATE.as_str(), date.as_str()),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name_of(name), value);
        }
    }
    if !ours {
        engine.remember(seen);
    }
    response
}

/// Metadata and keys do not count against rate limits.
fn is_limited(path: &str) -> bool {
    path.starts_with("/oauth2/") && !path.contains("/.well-known/") && !path.ends_with("/keys")
}

/// What Okta says when the minute's requests are used up.
fn rate_limited(now: i64) -> Response {
    let summary = "API call exceeded rate limit due to too many requests.";
    let mut response = Problem::api(429, "E0000047", summary).into_response();
    for (name, value) in [
        ("x-rate-limit-limit", 60),
        ("x-rate-limit-remaining", 0),
        ("x-rate-limit-reset", now.div_euclid(1000) + 60),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from(value));
    }
    response
}

fn first_look(request: &Request, at: i64) -> Seen {
    let text = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    Seen {
        method: request.method().to_string(),
        host: text(HOST).to_owned(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        status: 0,
        authorization: text(AUTHORIZATION)
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase(),
        at,
    }
}

fn name_of(name: &str) -> axum::http::HeaderName {
    axum::http::HeaderName::from_bytes(name.as_bytes()).expect("names of our own are header names")
}

/// What a load balancer says when nothing is behind it.
pub(crate) fn unavailable() -> Response {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(CONTENT_TYPE, "text/html")],
        "<html><body><h1>503 Service Unavailable</h1></body></html>",
    )
        .into_response()
}

/// A web page where JSON was wanted, with status 200.
pub(crate) fn html_instead() -> Response {
    (
        [(CONTENT_TYPE, "text/html; charset=utf-8")],
        "<!doctype html><html lang=\"en\"><title>Welcome</title><h1>Welcome</h1></html>",
    )
        .into_response()
}

static FILLER: [u8; 65_536] = [b'x'; 65_536];

/// Valid JSON so far, and 64 MiB of it.
pub(crate) fn huge_instead() -> Response {
    let opening = futures_util::stream::once(async {
        Ok::<_, std::io::Error>(Bytes::from_static(b"{\"keys\":[],\"filler\":\""))
    });
    let filler = futures_util::stream::iter((0..1024).map(|_| Ok(Bytes::from_static(&FILLER))));
    let body = Body::from_stream(futures_util::StreamExt::chain(opening, filler));
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

/// Closes the connection before a byte of an answer is sent.
pub(crate) fn dropped() -> Response {
    let failing = futures_util::stream::once(async {
        Err::<Bytes, _>(std::io::Error::other("dropped on request"))
    });
    Body::from_stream(failing).into_response()
}

/// A redirect to a host that a careful client never calls.
pub(crate) fn redirect_elsewhere() -> Response {
    redirect("http://elsewhere.invalid/collect")
}

pub(crate) fn redirect(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(location) => (StatusCode::FOUND, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}
