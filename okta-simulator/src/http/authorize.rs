//! `…/authorize`: checks a request, finds the person, and sends the browser back with a code.

mod check;
mod way_back;

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};

use crate::fault::Fault;
use crate::org::World;
use crate::org::app::Provider;
use crate::org::authorization_server::Verdict;
use crate::org::expression::evaluate;
use crate::org::grant::{Grant, Pending, Session};
use crate::org::person::Person;
use crate::page;
use crate::place::Tree;

use super::{Call, Params, Problem, session_cookie};

pub(crate) use check::{Rejection, check};
pub(crate) use way_back::WayBack;

/// So many groups fit into a token.
const GROUPS_MAX: usize = 100;

/// Okta's codes live this long, in milliseconds.
const CODE_LIFE: i64 = 300_000;

/// `GET …/authorize`.
pub(crate) async fn by_query(call: Call, RawQuery(query): RawQuery) -> Response {
    begin(&call, Params::parse(query.unwrap_or_default().as_bytes()))
}

/// `POST …/authorize`.
pub(crate) async fn by_form(call: Call, body: Bytes) -> Response {
    begin(&call, Params::parse(&body))
}

fn begin(call: &Call, params: Params) -> Response {
    let pending = match pushed(call, params).and_then(|params| check(call, &params)) {
        Ok(pending) => pending,
        Err(rejection) => return rejected(call, rejection),
    };
    let session = session_of(call, call.tree.provider());
    let now = call.engine.now();
    let fresh = session.filter(|(session, _)| {
        pending
            .max_age
            .is_none_or(|age| now - session.since <= age * 1000)
    });
    let asks_anyway = ["login", "select_account", "consent"]
        .iter()
        .any(|word| pending.prompt.iter().any(|prompt| prompt == word));
    let silent = pending.prompt.iter().any(|prompt| prompt == "none");
    if silent && wants_consent(call, &pending) {
        // Whether Okta looks for the session first is not documented.
        let scopes: Vec<&str> = pending.scopes.iter().map(String::as_str).collect();
        let description = listed("The following scopes require user consent:", &scopes);
        return WayBack::of(&pending).refuse(call, "consent_required", &description);
    }
    match fresh {
        Some((session, person))
            if silent || (call.engine.config.remember_sign_in && !asks_anyway) =>
        {
            decide(call, &pending, &person, session.since)
        }
        Some(_) | None if silent => {
            let description = "The client specified not to prompt, but the user is not logged in.";
            if call.engine.world().habits.silence_ends_on_page {
                return call.page("login_required", description).into_response();
            }
            WayBack::of(&pending).refuse(call, "login_required", description)
        }
        Some(_) | None => show_people(call, pending),
    }
}

fn wants_consent(call: &Call, pending: &Pending) -> bool {
    call.app(&pending.client_id).is_some_and(|app| app.consent)
}

/// The whole request and the sign-in page's answer in one step. `login` is who would have been chosen.
pub(crate) fn authorize_as(call: &Call, params: Params, login: &str) -> Response {
    let pending = match pushed(call, params).and_then(|params| check(call, &params)) {
        Ok(pending) => pending,
        Err(rejection) => return rejected(call, rejection),
    };
    let person = call
        .engine
        .world()
        .person_by_login(login)
        .filter(|person| person.active)
        .cloned();
    match person {
        Some(person) => decide(call, &pending, &person, call.engine.now()),
        None => call
            .page("login_required", "Unable to sign in")
            .into_response(),
    }
}

/// The parameters that were pushed before, in the place of a `request_uri` (RFC 9126 §4).
fn pushed(call: &Call, params: Params) -> Result<Params, Rejection> {
    let Some(request_uri) = params.filled("request_uri") else {
        return Ok(params);
    };
    let client_id = params.get("client_id").unwrap_or_default();
    let now = call.engine.now();
    let found = call.engine.world().pushed.remove(request_uri);
    match found {
        Some(pushed) if now < pushed.expires_at && pushed.client_id == client_id => {
            Ok(Params(pushed.params))
        }
        Some(_) | None => Err(Rejection::Page(call.page(
            "invalid_request",
            "The 'request_uri' parameter is invalid or has expired.",
        ))),
    }
}

fn rejected(call: &Call, rejection: Rejection) -> Response {
    match rejection {
        Rejection::Page(problem) => problem.into_response(),
        Rejection::Back(back, error, description) => back.refuse(call, error, &description),
    }
}

fn session_of(call: &Call, provider: Provider) -> Option<(Session, Person)> {
    let world = call.engine.world();
    let session = world
        .sessions
        .get(call.cookie(session_cookie(provider))?)
        .filter(|session| session.provider == provider)?
        .clone();
    let person = world
        .person(&session.user_id)
        .filter(|person| person.active)?
        .clone();
    Some((session, person))
}

fn show_people(call: &Call, pending: Pending) -> Response {
    let (ticket, people, app) = {
        let mut world = call.engine.world();
        world.tidy(call.engine.now());
        let ticket = world.chance.token();
        let app = world
            .app(&pending.client_id)
            .map(|app| app.name.clone())
            .unwrap_or_default();
        world.interactions.insert(ticket.clone(), pending.clone());
        (ticket, world.people.clone(), app)
    };
    page::sign_in(&page::SignIn {
        organization: &call.organization(),
        provider: pending.tree.provider(),
        app: &app,
        ticket: &ticket,
        hint: pending.login_hint.as_deref().unwrap_or_default(),
        people: &people,
        problem: None,
    })
}

/// A person is known: may they, and if so, here is a code. `since`: when they signed in, in milliseconds.
pub(crate) fn decide(call: &Call, pending: &Pending, person: &Person, since: i64) -> Response {
    let back = WayBack::of(pending);
    let now = call.engine.now();
    let mut world = call.engine.world();
    if let Some((error, description)) = kept_out(&world, &pending.client_id, person) {
        drop(world);
        return back.refuse(call, error, description);
    }
    let denied = world
        .app(&pending.client_id)
        .is_some_and(|app| !app.sign_in_allowed);
    if denied || world.habits.embedded_browsers {
        drop(world);
        // The app's sign-in policy speaks on Okta's own page; its exact words are not documented.
        let description = "The resource owner or authorization server denied the request.";
        return call.page("access_denied", description).into_response();
    }
    let mut access_token_minutes = 60;
    if let Tree::Custom(id) = &pending.tree
        && let Some(server) = world.server(id)
    {
        let refused = match server.judge(&pending.client_id, &person.id, &pending.scopes) {
            Verdict::Granted { access_token_minutes: minutes } => {
                access_token_minutes = minutes;
                None
            }
            Verdict::NoMatchingPolicy => {
                Some(("access_denied", "Policy evaluation failed for this request, please check the policy configurations.".to_owned()))
            }
            Verdict::NoScopeAllowed => Some(("access_denied", "Policy evaluation succeeded, but all the requested scopes were rejected.".to_owned())),
            Verdict::ScopesDenied(denied) => {
                Some(("access_denied", format!("Some of the requested scopes were denied by the policy. Denied scopes: [{}].", denied.join(", "))))
            }
        };
        let refused = refused.or_else(|| {
            let broken = server.claims.iter().find(|claim| {
                claim.wanted_by(&pending.scopes) && evaluate(&claim.expression, person).is_err()
            })?;
            Some((
                "server_error",
                format!("The '{}' user claim could not be evaluated.", broken.name),
            ))
        });
        if let Some((error, description)) = refused {
            drop(world);
            return back.refuse(call, error, &description);
        }
    }
    world.tidy(now);
    let code = world.chance.token();
    let grant = Grant {
        client_id: pending.client_id.clone(),
        user_id: person.id.clone(),
        tree: pending.tree.clone(),
        redirect_uri: pending.redirect_uri.clone(),
        scopes: pending.scopes.clone(),
        nonce: pending.nonce.clone(),
        challenge: pending.challenge.clone(),
        auth_time: since.div_euclid(1000),
        access_token_minutes,
        code_expires_at: now + CODE_LIFE,
    };
    world.codes.insert(code.clone(), grant);
    drop(world);
    back.with_code(call, &code)
}

/// Why a person may not enter an app, whatever the authorization server thinks.
fn kept_out(
    world: &World,
    client_id: &str,
    person: &Person,
) -> Option<(&'static str, &'static str)> {
    let app = world.app(client_id);
    if world.faults.on(Fault::AccessDenied) {
        Some((
            "access_denied",
            "The resource owner or authorization server denied the request.",
        ))
    } else if world.faults.on(Fault::RequestExpired) {
        Some((
            "login_required",
            "Request expired, please start over and try again.",
        ))
    } else if !app.is_some_and(|app| app.active && world.allows(app, &person.id)) {
        Some((
            "access_denied",
            "User is not assigned to the client application.",
        ))
    } else if app.is_some_and(|app| app.groups_claim)
        && world.groups_of(&person.id).len() > GROUPS_MAX
    {
        Some((
            "server_error",
            "The groups claim matched too many groups and must be configured to match fewer groups.",
        ))
    } else {
        None
    }
}

/// An error's description with the values in brackets, as Okta lists them.
fn listed(sentence: &str, values: &[&str]) -> String {
    format!("{sentence} [{}].", values.join(", "))
}

impl From<Problem> for Rejection {
    fn from(problem: Problem) -> Self {
        Self::Page(problem)
    }
}
