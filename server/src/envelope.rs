//! What is around every request: its id, its log line, its headers, and an answer whatever happens.

pub(crate) mod csp;

use std::panic::AssertUnwindSafe;

use api::ProblemCode;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures_util::FutureExt as _;

use crate::{
    App,
    error::{Error, Pending},
    pages,
    request_id::RequestId,
    trusted_proxies,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer.
pub(crate) async fn envelope(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = RequestId::new(&app.entropy);
    request.extensions_mut().insert(id.clone());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let look = is_document(&path).then(|| pages::Look::of(request.headers(), request.uri()));
    let started = app.clock.now();
    if let Some(peer) = trusted_proxies::untrusted(&app, &request) {
        trusted_proxies::notify(&app, peer, id.as_str()).await;
    }
    // A panic in one request is that request's answer and nobody else's.
    let mut response = AssertUnwindSafe(next.run(request))
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Error::Internal("a handler panicked".into()).into_response());
    if let Some(error) = response
        .extensions()
        .get::<Pending>()
        .and_then(Pending::take)
    {
        let wrong_method = error.code() == ProblemCode::MethodNotAllowed;
        response = problem(look.as_ref(), error, &id);
        if wrong_method {
            // RFC 9110 §15.5.6. What refuses a method by itself takes GET alone.
            let allow = HeaderValue::from_static("GET");
            response.headers_mut().insert(header::ALLOW, allow);
        }
    } else if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        // The router adds which methods there are.
        let error = Error::from(ProblemCode::MethodNotAllowed);
        response = problem(look.as_ref(), error, &id);
    }
    finish(&app, &path, &id, &mut response);
    let (status, ms) = (response.status().as_u16(), app.clock.now() - started);
    tracing::info!(request = id.as_str(), %method, path, status, ms, "request");
    response
}

/// An error as whoever asked can read it: a person as a page, a program as JSON.
fn problem(look: Option<&pages::Look>, error: Error, id: &RequestId) -> Response {
    match look {
        Some(look) => pages::problem(look, error, id),
        None => error.respond(id),
    }
}

/// Whether a person sees the answer: then an error is a page and not JSON.
fn is_document(path: &str) -> bool {
    !path.starts_with("/api/") && !matches!(path, "/healthz" | "/readyz")
}

/// The headers that every response has, errors and redirects included.
fn finish(app: &App, path: &str, id: &RequestId, response: &mut Response) {
    let headers = response.headers_mut();
    let mut default = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    // The code and the state of a callback go to nobody; elsewhere our own origin may know.
    if path.ends_with("/callback") {
        default(header::REFERRER_POLICY, "no-referrer");
    }
    for (name, value) in security_headers(app.settings.is_https()) {
        default(name, value);
    }
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        headers.insert(REQUEST_ID, value);
    }
}

/// What keeps an answer to itself and out of caches, also where the listener answers before any route is found.
pub(crate) fn security_headers(https: bool) -> impl Iterator<Item = (HeaderName, &'static str)> {
    let always = [
        (header::CONTENT_SECURITY_POLICY, csp::NOTHING),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-write=(self)",
        ),
    ];
    let over_https = https.then_some((
        header::STRICT_TRANSPORT_SECURITY,
        "max-age=31536000; includeSubDomains",
    ));
    always.into_iter().chain(over_https)
}
