//! `POST …/par` (RFC 9126): the parameters first, from the server; then a reference, through the browser.

use axum::Json;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::org::grant::Pushed;
use crate::page;

use super::authorize::{Rejection, check};
use super::{Call, Params, Problem, client};

/// In seconds.
const LIFE: i64 = 3600;

pub(crate) async fn push(call: Call, headers: HeaderMap, body: Bytes) -> Response {
    match keep(&call, &headers, Params::parse(&body)) {
        Ok(request_uri) => {
            Json(json!({ "request_uri": request_uri, "expires_in": LIFE })).into_response()
        }
        Err(problem) => problem.said_by(&call).into_response(),
    }
}

fn keep(call: &Call, headers: &HeaderMap, mut params: Params) -> Result<String, Problem> {
    call.issuer_exists()?;
    let app = client::authenticate(call, headers, &params)?;
    params
        .0
        .retain(|(name, _)| name != "client_id" && name != "client_secret");
    params.0.push(("client_id".to_owned(), app.id.clone()));
    // What was pushed is judged as if the browser had brought it (RFC 9126 §2.1); whether Okta looks at the
    // redirect URI here is not documented.
    if let Err(rejection) = check(call, &params) {
        return Err(match rejection {
            Rejection::Back(_, error, description) => Problem::oauth(400, error, description),
            // In the language of the page.
            Rejection::Page(Problem::Page {
                code,
                description,
                pages,
                ..
            }) => Problem::oauth(400, code, page::words(pages, &description)),
            Rejection::Page(other) => other,
        });
    }
    let expires_at = call.engine.now() + LIFE * 1000;
    let mut world = call.engine.world();
    world.tidy(call.engine.now());
    let request_uri = format!("urn:okta:{}", world.chance.token());
    world.pushed.insert(
        request_uri.clone(),
        Pushed {
            client_id: app.id,
            params: params.0,
            expires_at,
        },
    );
    Ok(request_uri)
}
