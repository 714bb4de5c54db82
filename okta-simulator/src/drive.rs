//! Signs a person in without a browser: the same checks and answers, without the page in between.

use std::sync::Arc;

use axum::http::header::LOCATION;
use axum::response::Response;

use crate::engine::Engine;
use crate::http;
use crate::log::Seen;

/// A page that Okta shows instead of sending the browser back to the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownPage {
    pub status: u16,
    /// The title of the page.
    pub title: String,
    /// The error's code and description, or what the page is for.
    pub text: String,
}

impl ShownPage {
    fn new(status: u16, title: &str, text: &str) -> Self {
        Self {
            status,
            title: title.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// What a press on an app's tile makes the browser send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tile {
    /// `GET` of the app's initiate login URI, with `iss`.
    Get(String),
    /// `POST` of an ID token, without a state, to the app's first redirect URI.
    Post { to: String, id_token: String },
    /// The app has no tile.
    Missing,
}

pub(crate) fn press_tile(engine: &Arc<Engine>, host: &str, client_id: &str, login: &str) -> Tile {
    let call = http::Call::new(Arc::clone(engine), host, "/");
    let person = engine.world().person_by_login(login).cloned();
    match call.app(client_id).zip(person) {
        Some((app, person)) => http::press_tile(&call, &app, &person),
        None => Tile::Missing,
    }
}

pub(crate) fn authorize(engine: &Arc<Engine>, url: &str, login: &str) -> Result<String, ShownPage> {
    let url = url::Url::parse(url)
        .map_err(|error| ShownPage::new(400, "Not a URL", &error.to_string()))?;
    let host = match (url.host_str().unwrap_or_default(), url.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    };
    let call = http::Call::new(Arc::clone(engine), &host, url.path());
    let query = url.query().unwrap_or_default();
    let response = http::authorize_as(&call, http::Params::parse(query.as_bytes()), login);
    engine.remember(Seen {
        method: "GET".to_owned(),
        host,
        path: url.path().to_owned(),
        query: query.to_owned(),
        status: response.status().as_u16(),
        authorization: String::new(),
        at: engine.now(),
    });
    outcome(&response)
}

fn outcome(response: &Response) -> Result<String, ShownPage> {
    if let Some(location) = response
        .headers()
        .get(LOCATION)
        .and_then(|value| value.to_str().ok())
    {
        return Ok(location.to_owned());
    }
    let status = response.status().as_u16();
    Err(response
        .extensions()
        .get::<ShownPage>()
        .cloned()
        .unwrap_or_else(|| ShownPage::new(status, "No redirect", "")))
}
