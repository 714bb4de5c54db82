//! A browser without our cookie gets one and comes back at once, before anything is written: what only fetches a link,
//! such as the preview of a chat, leaves no attempt behind, and a browser that keeps no cookies hears so at once.

use axum::{
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{App, cookies, error::Error, ids, pages};

/// In the address of the second visit, which has to bring the cookie.
const SENT: &str = "cookie=sent";

/// The answer to a request that must not start a sign-in; None for a browser that brings its cookie.
pub(super) async fn answer(app: &App, parts: &Parts) -> Result<Option<Response>, Error> {
    if parts.headers.contains_key("sec-purpose") || parts.headers.contains_key("purpose") {
        // A browser that looks ahead, for a person who may never come.
        return Ok(Some(StatusCode::NO_CONTENT.into_response()));
    }
    if token(parts).is_some() {
        return Ok(None);
    }
    let query = parts.uri.query().unwrap_or_default();
    if query.split('&').any(|pair| pair == SENT) {
        return pages::cookies_needed(app, parts).await.map(Some);
    }
    let joint = if query.is_empty() { "" } else { "&" };
    let again = format!("{}?{query}{joint}{SENT}", parts.uri.path());
    let mut response = Redirect::to(&again).into_response();
    if let Some(cookie) = cookies::set(cookies::BROWSER, &ids::token(&app.entropy)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(Some(response))
}

/// The token of this browser, if it has one that can be ours.
pub(super) fn token(parts: &Parts) -> Option<&str> {
    cookies::get(&parts.headers, cookies::BROWSER).filter(|it| it.len() == 43)
}
