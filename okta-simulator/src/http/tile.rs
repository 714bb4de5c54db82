//! `/home/oidc_client/{id}`: the app's tile on the dashboard. Where it leads is the app's "Login initiated by".

use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use crate::drive::Tile;
use crate::org::app::{App, LoginInitiated, Provider};
use crate::org::grant::Grant;
use crate::org::person::Person;
use crate::page;

use super::issue::issue;
use super::{Call, redirect, session_cookie};

/// Whoever is signed in presses it.
pub(crate) async fn open(call: Call, Path(id): Path<String>) -> Response {
    let app = call.app(&id);
    let person = {
        let world = call.engine.world();
        let session = call
            .cookie(session_cookie(Provider::Okta))
            .and_then(|sid| world.sessions.get(sid));
        session.and_then(|session| world.person(&session.user_id).cloned())
    };
    let Some((app, person)) = app.zip(person) else {
        return page::not_found();
    };
    match press(&call, &app, &person) {
        Tile::Get(to) => redirect(&to),
        Tile::Post { to, id_token } => page::form_post(&to, &[("id_token", id_token)]),
        Tile::Missing => page::not_found(),
    }
    .into_response()
}

pub(crate) fn press(call: &Call, app: &App, person: &Person) -> Tile {
    match (app.login_initiated, &app.initiate_login_uri) {
        (LoginInitiated::AppOnly, _) | (LoginInitiated::Either, None) => Tile::Missing,
        (LoginInitiated::Either, Some(uri)) => {
            let issuer = call.token_issuer(app);
            let issuer: String = url::form_urlencoded::byte_serialize(issuer.as_bytes()).collect();
            let joint = if uri.contains('?') { '&' } else { '?' };
            Tile::Get(format!("{uri}{joint}iss={issuer}"))
        }
        (LoginInitiated::Simplified, _) => {
            let Some(to) = app.sign_in_redirect_uris.first() else {
                return Tile::Missing;
            };
            let now = call.engine.now();
            let grant = Grant {
                client_id: app.id.clone(),
                user_id: person.id.clone(),
                tree: call.tree.clone(),
                redirect_uri: to.clone(),
                scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
                nonce: None,
                challenge: None,
                auth_time: now.div_euclid(1000),
                access_token_minutes: 60,
                code_expires_at: now,
            };
            let issued = issue(call, app, &grant, person, false, None);
            Tile::Post {
                to: to.clone(),
                id_token: issued.id_token.unwrap_or_default(),
            }
        }
    }
}
