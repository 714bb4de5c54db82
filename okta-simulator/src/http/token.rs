//! `POST …/token`: a code, or a refresh token, for tokens.

mod refresh;

pub(crate) use refresh::revoke as revoke_family;

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::fault::{Fault, Faults};
use crate::jose::s256;
use crate::org::app::App;
use crate::org::grant::Grant;
use crate::place::{Kind, Tree};

use super::issue::{Issued, issue};
use super::problem::uncached;

use super::{
    Call, Params, Problem, client, dropped, html_instead, huge_instead, redirect,
    redirect_elsewhere,
};

pub(crate) const ORG_SERVER_ONLY: &str = "This client cannot use a custom authorization server.";

pub(crate) async fn exchange(call: Call, headers: HeaderMap, body: Bytes) -> Response {
    if call.place.kind == Kind::Admin {
        // The Admin Console's host sends everything to its own sign-in.
        return redirect(&format!("{}/login/login.htm", call.place.base));
    }
    let faults = call.engine.world().faults.clone();
    slowly(&call).await;
    if let Some(response) = instead(&faults) {
        return response;
    }
    match answer(&call, &headers, &Params::parse(&body)) {
        Ok(body) => success(&call, body, &faults),
        Err(problem) => problem.said_by(&call).into_response(),
    }
}

/// Takes its time, until that is over or the fault is switched off.
async fn slowly(call: &Call) {
    const STEP: Duration = Duration::from_millis(10);
    let delay = || call.engine.world().faults.delay(Fault::TokenSlow(0));
    let mut waited = Duration::ZERO;
    while waited < delay() {
        tokio::time::sleep(STEP).await;
        waited += STEP;
    }
}

/// The faults that answer in the endpoint's place.
fn instead(faults: &Faults) -> Option<Response> {
    if faults.on(Fault::TokenDropped) {
        Some(dropped())
    } else if faults.on(Fault::Token500) {
        Some((StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error").into_response())
    } else if faults.on(Fault::TokenHtml) {
        Some(html_instead())
    } else if faults.on(Fault::TokenHuge) {
        Some(huge_instead())
    } else if faults.on(Fault::TokenRedirect) {
        Some(redirect_elsewhere())
    } else if faults.on(Fault::TokenErrorWith200) {
        Some(
            Problem::oauth(
                200,
                "invalid_grant",
                "The authorization code is invalid or has expired.",
            )
            .into_response(),
        )
    } else {
        let refusal = REFUSALS.iter().find(|(fault, ..)| faults.on(*fault));
        refusal.map(|(_, status, error, description)| {
            Problem::oauth(*status, error, *description).into_response()
        })
    }
}

/// The faults that refuse, with Okta's own words.
const REFUSALS: [(Fault, u16, &str, &str); 7] = [
    (
        Fault::TokenAuthenticationFailed,
        401,
        "invalid_client",
        client::FAILED,
    ),
    (
        Fault::TokenInvalidClient,
        401,
        "invalid_client",
        "The client secret supplied for a confidential client is invalid.",
    ),
    (
        Fault::TokenInvalidGrant,
        400,
        "invalid_grant",
        "The authorization code is invalid or has expired.",
    ),
    (
        Fault::TokenOtherRedirectUri,
        400,
        "invalid_grant",
        OTHER_REDIRECT_URI,
    ),
    (
        Fault::TokenOtherServer,
        400,
        "invalid_request",
        OTHER_SERVER,
    ),
    (Fault::TokenOtherClient, 400, "invalid_grant", OTHER_CLIENT),
    (
        Fault::TokenBrowserRequest,
        401,
        "invalid_client",
        "Browser requests to the token endpoint must use Verification Key for Code Exchange.",
    ),
];

const OTHER_REDIRECT_URI: &str =
    "The 'redirect_uri' does not match the redirection URI used in the authorization request.";

const OTHER_CLIENT: &str = "The grant was issued to another client. Please make sure the 'client_id' matches the one used at the authorize request.";

const OTHER_SERVER: &str = "The grant was issued for another authorization server.";

fn invalid_grant(description: &str) -> Problem {
    Problem::oauth(400, "invalid_grant", description)
}

fn answer(call: &Call, headers: &HeaderMap, params: &Params) -> Result<Value, Problem> {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        let summary =
            "Bad request. Accept and/or Content-Type headers likely do not match supported values.";
        return Err(Problem::api(415, "E0000021", summary));
    }
    call.issuer_exists()?;
    let app = client::authenticate(call, headers, params)?;
    let granted = app.grant_types();
    if app.dpop && headers.get("dpop").is_none() {
        let description = "The DPoP proof JWT header is missing.";
        return Err(Problem::oauth(400, "invalid_dpop_proof", description));
    }
    if app.org_server_only && matches!(call.tree, Tree::Custom(_)) {
        return Err(Problem::oauth(400, "unauthorized_client", ORG_SERVER_ONLY));
    }
    match params.get("grant_type") {
        Some("authorization_code") if app.authorization_code => by_code(call, &app, params),
        Some("refresh_token") if app.refresh_token => refresh::by_refresh_token(call, &app, params),
        Some("authorization_code" | "refresh_token" | "client_credentials" | "password") => {
            let description = format!(
                "The client is not authorized to use the provided grant type. Configured grant types: [{}].",
                granted.join(", ")
            );
            Err(Problem::oauth(400, "unauthorized_client", description))
        }
        Some(_) | None => {
            let all = "authorization_code, implicit, refresh_token, password, client_credentials";
            let description = format!(
                "The authorization grant type is not supported by the authorization server. Configured grant types: [{all}]."
            );
            Err(Problem::oauth(400, "unsupported_grant_type", description))
        }
    }
}

fn by_code(call: &Call, app: &App, params: &Params) -> Result<Value, Problem> {
    let now = call.engine.now();
    // Presented once, used up: also when what follows fails.
    let grant = call
        .engine
        .world()
        .codes
        .remove(params.get("code").unwrap_or_default());
    let grant = grant.filter(|grant| now < grant.code_expires_at);
    let grant =
        grant.ok_or_else(|| invalid_grant("The authorization code is invalid or has expired."))?;
    if grant.client_id != app.id {
        return Err(invalid_grant(OTHER_CLIENT));
    }
    same_issuer(call, &grant)?;
    if params.get("redirect_uri") != Some(&grant.redirect_uri) {
        return Err(invalid_grant(OTHER_REDIRECT_URI));
    }
    check_verifier(&grant, params)?;
    let person = call
        .engine
        .world()
        .person(&grant.user_id)
        .filter(|person| person.active)
        .cloned();
    let person =
        person.ok_or_else(|| invalid_grant("The authorization code is invalid or has expired."))?;
    let family =
        (app.refresh_token && grant.has("offline_access")).then(|| refresh::begin(call, &grant));
    let issued = issue(
        call,
        app,
        &grant,
        &person,
        false,
        family.as_ref().map(|(id, _)| id.clone()),
    );
    Ok(body(&grant, issued, family.map(|(_, token)| token)))
}

fn same_issuer(call: &Call, grant: &Grant) -> Result<(), Problem> {
    let same = match (&call.tree, &grant.tree) {
        // The doors of one Microsoft tenant are one server.
        (Tree::Microsoft(_), Tree::Microsoft(_)) => true,
        (here, there) => here == there,
    };
    if same {
        Ok(())
    } else {
        Err(Problem::oauth(400, "invalid_request", OTHER_SERVER))
    }
}

/// RFC 7636 §4.6.
fn check_verifier(grant: &Grant, params: &Params) -> Result<(), Problem> {
    match (&grant.challenge, params.filled("code_verifier")) {
        (None, None) => Ok(()),
        (None, Some(_)) => {
            let description = "PKCE code challenge should be specified in the authorize request for code verification.";
            Err(Problem::oauth(400, "invalid_request", description))
        }
        (Some(_), None) => Err(Problem::oauth(
            400,
            "invalid_request",
            "PKCE code verifier is required by the application.",
        )),
        (Some(challenge), Some(verifier))
            if (43..=128).contains(&verifier.len()) && s256(verifier) == *challenge =>
        {
            Ok(())
        }
        (Some(_), Some(_)) => Err(invalid_grant("PKCE verification failed.")),
    }
}

fn body(grant: &Grant, issued: Issued, refresh_token: Option<String>) -> Value {
    let mut body = json!({
        "token_type": "Bearer",
        "expires_in": issued.expires_in,
        "access_token": issued.access_token,
        "scope": grant.scopes.join(" "),
    });
    if let Some(token) = refresh_token {
        body["refresh_token"] = json!(token);
    }
    if let Some(token) = issued.id_token {
        body["id_token"] = json!(token);
    }
    body
}

fn success(call: &Call, mut body: Value, faults: &Faults) -> Response {
    if let Some(members) = body.as_object_mut() {
        if faults.on(Fault::TokenWithoutIdToken) {
            members.remove("id_token");
        }
        if faults.on(Fault::TokenWithoutAccessToken) {
            members.remove("access_token");
        }
        if faults.on(Fault::TokenTypeUnknown) {
            members.insert("token_type".into(), json!("Macaroon"));
        }
    }
    let mut response = if faults.on(Fault::TokenDuplicateNames) {
        let text = body
            .to_string()
            .replacen('{', "{\"id_token\":\"first.of.two\",", 1);
        ([(CONTENT_TYPE, "application/json")], text).into_response()
    } else {
        Json(body).into_response()
    };
    let reset = call.engine.now().div_euclid(1000) + 60;
    for (name, value) in [
        ("x-rate-limit-limit", 1200),
        ("x-rate-limit-remaining", 1199),
        ("x-rate-limit-reset", reset),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from(value));
    }
    uncached(response)
}
