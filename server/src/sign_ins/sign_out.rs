//! Signing out: here first, then at Okta.
//!
//! Okta is not asked to send the browser back: an administrator may have registered no sign-out
//! redirect URI (some guides say to remove them), and Okta would then show an error page.

use api::{Provider, connections::TestSignIn, paths};
use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;

use crate::{
    App, access,
    audit::Event,
    connections::{self, Configs},
    cookies,
    error::Error,
    secret::Secret,
    sessions,
};

/// `POST /auth/sign-out`: ends the session. The console (which sends its header) gets the address
/// to go on to as JSON; the page of a member is redirected.
pub(crate) async fn sign_out(State(app): State<App>, request: Request) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    access::same_site(&parts.headers, &app.settings.public_url)?;
    let location = end(&app, &parts)
        .await?
        .unwrap_or_else(|| paths::SIGNED_OUT.to_owned());
    let mut response = if parts.headers.contains_key(paths::CSRF_HEADER) {
        Json(TestSignIn { location }).into_response()
    } else {
        Redirect::to(&location).into_response()
    };
    let headers = response.headers_mut();
    if let Some(cookie) = cookies::clear(cookies::SESSION) {
        headers.append(header::SET_COOKIE, cookie);
    }
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(response)
}

/// Ends the session; where to end Okta's, if it came through Okta.
async fn end(app: &App, parts: &Parts) -> Result<Option<String>, Error> {
    let Some(actor) = access::actor(app, parts).await? else {
        return Ok(None);
    };
    let (audit, session_id) = (actor.audit(), actor.session_id);
    let id = session_id.clone();
    let (ended, okta) = app
        .db
        .write(move |tx| {
            let ended = sessions::end(tx, &id)?;
            audit.record(tx, Event::SignedOut, None, &json!({}))?;
            Ok((ended, connections::find(tx, Provider::Okta)?))
        })
        .await?;
    let (Some(ended), true, Some(live)) = (ended, okta.state.is_on(), okta.live) else {
        return Ok(None);
    };
    let config = Configs::get(app, &live).await?;
    if config.issuer != ended.issuer {
        return Ok(None);
    }
    // Okta out of reach is no reason to keep anybody signed in here.
    let Ok(prepared) = app.relying.prepare(&config, None, app.clock.now()).await else {
        return Ok(None);
    };
    let place = sessions::id_token_place(&session_id);
    let id_token = match app.sealing.open(&ended.id_token, &place) {
        Ok(id_token) => id_token,
        Err(error) => {
            // Signed out here all the same; only the provider's own session stays.
            error.log("-");
            return Ok(None);
        }
    };
    let Ok(id_token) = std::str::from_utf8(&id_token) else {
        return Ok(None);
    };
    Ok(prepared
        .logout_url(&Secret::from(id_token), None)
        .map(String::from))
}
