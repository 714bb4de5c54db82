//! The sign-in page's form: somebody was chosen, or typed.

use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};

use crate::org::grant::Session;
use crate::page;

use super::problem::uncached;
use super::{Call, Params, decide, session_cookie};

/// `POST /signin` with `ticket` and `login`: starts a session and goes back to the app.
pub(crate) async fn submit(call: Call, body: Bytes) -> Response {
    let params = Params::parse(&body);
    let ticket = params.get("ticket").unwrap_or_default();
    let login = params.get("login").unwrap_or_default().trim();
    let now = call.engine.now();
    let (pending, person) = {
        let world = call.engine.world();
        (
            world
                .interactions
                .get(ticket)
                .filter(|pending| now < pending.expires_at)
                .cloned(),
            world.person_by_login(login).cloned(),
        )
    };
    let Some(pending) = pending else {
        return call
            .page(
                "login_required",
                "Request expired, please start over and try again.",
            )
            .into_response();
    };
    let Some(person) = person.filter(|person| person.active) else {
        let world = call.engine.world();
        let app = world
            .app(&pending.client_id)
            .map(|app| app.name.clone())
            .unwrap_or_default();
        let people = world.people.clone();
        drop(world);
        return page::sign_in(&page::SignIn {
            organization: &call.organization(),
            provider: pending.tree.provider(),
            app: &app,
            ticket,
            hint: login,
            people: &people,
            problem: Some("Unable to sign in"),
        });
    };
    let provider = pending.tree.provider();
    let sid = {
        let mut world = call.engine.world();
        world.interactions.remove(ticket);
        let sid = world.chance.token();
        world.sessions.insert(
            sid.clone(),
            Session {
                user_id: person.id.clone(),
                provider,
                since: now,
            },
        );
        sid
    };
    // The answer belongs to the issuer that asked, not to the path of this form.
    let issuer = Call {
        tree: pending.tree.clone(),
        ..call
    };
    let mut response = decide(&issuer, &pending, &person, now);
    let cookie = format!(
        "{}={sid}; Path=/; HttpOnly; SameSite=Lax",
        session_cookie(provider)
    );
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    uncached(response)
}
