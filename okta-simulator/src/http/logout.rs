//! `…/logout`: ends the session at the provider, and goes back to the app if the app said where.

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};

use serde_json::Value;

use crate::jose::read_own;
use crate::org::app::Provider;
use crate::page;

use super::{Call, Params, Problem, redirect, session_cookie};

pub(crate) async fn by_query(call: Call, RawQuery(query): RawQuery) -> Response {
    answer(&call, &Params::parse(query.unwrap_or_default().as_bytes()))
}

pub(crate) async fn by_form(call: Call, body: Bytes) -> Response {
    answer(&call, &Params::parse(&body))
}

fn answer(call: &Call, params: &Params) -> Response {
    match target(call, params) {
        Ok(target) => end_session(call, call.tree.provider(), redirect(&target)),
        Err(problem) => problem.into_response(),
    }
}

/// Where the browser goes. Whatever is wrong ends on Okta's own page: nothing returns to the app.
fn target(call: &Call, params: &Params) -> Result<String, Problem> {
    call.issuer_exists()?;
    let hint = params.filled("id_token_hint");
    let (app_id, user_id) = match (hint, call.tree.provider()) {
        // Microsoft asks for no hint, and Google has no such endpoint.
        (None, Provider::Microsoft | Provider::Google) => {
            return Ok(params
                .filled("post_logout_redirect_uri")
                .map_or_else(|| here(call), str::to_owned));
        }
        (hint, Provider::Okta | Provider::Microsoft | Provider::Google) => {
            let claims = hint.and_then(|hint| claims_of(call, hint));
            let text = |name: &str| {
                claims
                    .as_ref()
                    .and_then(|claims| claims.get(name)?.as_str().map(str::to_owned))
            };
            let parts = text("aud").zip(text("sub"));
            parts.ok_or_else(|| {
                call.page(
                    "invalid_request",
                    "The 'id_token_hint' parameter is missing or is not a valid ID token.",
                )
            })?
        }
    };
    let app = call
        .app(&app_id)
        .ok_or_else(|| call.page("invalid_client", "Invalid value for 'client_id' parameter."))?;
    let session = call
        .cookie(session_cookie(app.provider))
        .and_then(|sid| call.engine.world().sessions.get(sid).cloned());
    if session.is_some_and(|session| app.provider == Provider::Okta && session.user_id != user_id) {
        return Err(call.page(
            "id_token_does_not_match_session",
            "The ID token subject does not match the current session's user.",
        ));
    }
    let Some(uri) = params.filled("post_logout_redirect_uri") else {
        return Ok(here(call));
    };
    if !app
        .sign_out_redirect_uris
        .iter()
        .any(|registered| registered == uri)
    {
        let link = format!(
            "{}/admin/app/oidc_client/instance/{app_id}#tab-general",
            call.place.admin_base()
        );
        let description = format!(
            "The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client app settings: {link}"
        );
        return Err(call.page("invalid_request", description));
    }
    Ok(match params.filled("state") {
        Some(state) => {
            let joint = if uri.contains('?') { '&' } else { '?' };
            let state: String = url::form_urlencoded::byte_serialize(state.as_bytes()).collect();
            format!("{uri}{joint}state={state}")
        }
        None => uri.to_owned(),
    })
}

/// What a token says that was signed here, with the issuer's key or with an app's own.
fn claims_of(call: &Call, hint: &str) -> Option<Value> {
    let world = call.engine.world();
    let pinned = world.apps.iter().filter(|app| app.pinned_key);
    pinned
        .map(Some)
        .chain([None])
        .filter_map(|app| world.ring(call.tree.authority(), app))
        .find_map(|ring| read_own(hint, ring))
}

fn here(call: &Call) -> String {
    format!("{}/login/login.htm", call.place.base)
}

fn end_session(call: &Call, provider: Provider, mut response: Response) -> Response {
    let name = session_cookie(provider);
    if let Some(sid) = call.cookie(name) {
        call.engine.world().sessions.remove(sid);
    }
    if let Ok(cookie) = HeaderValue::from_str(&format!(
        "{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
    )) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// `/login/signout`: "Use another account". Ends the browser's sessions at all three providers.
pub(crate) async fn sign_out_here(call: Call) -> Response {
    let mut response = redirect("/login/login.htm");
    for provider in [Provider::Okta, Provider::Google, Provider::Microsoft] {
        response = end_session(&call, provider, response);
    }
    response
}

/// `/login/login.htm`: where one ends up without a way back.
pub(crate) async fn signed_out(call: Call) -> Response {
    page::signed_out(&call.organization())
}
