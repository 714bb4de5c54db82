//! How an attempt begins: a row, a browser that is bound to it, and the way to the provider.

use api::{
    Cause, OktaLogin, ProblemCode, Provider, Role, connections::TestSignIn, paths,
    sign_ins::Purpose,
};
use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Redirect, Response},
};

use super::{ReturnPath, finish, first_visit, initiate, store};
use crate::{
    App,
    access::{self, Actor, Admin},
    body::Segment,
    checks,
    connections::{self, Configs},
    cookies,
    error::Error,
    ids, limits,
    oidc::{Binding, Failure, Prompt, Start},
    secret::Secret,
    set_up,
};

/// What begins.
struct Beginning<'a> {
    provider: Provider,
    purpose: Purpose,
    settings_id: String,
    actor_id: Option<String>,
    session_id: Option<String>,
    return_to: ReturnPath,
    prompt: Option<Prompt>,
    /// Whom the provider's dashboard says it is, for the provider to judge.
    login_hint: Option<OktaLogin>,
    headers: &'a HeaderMap,
    address: String,
}

/// Where to go, and the cookie that binds this browser if it has none yet.
struct Begun {
    location: String,
    cookie: Option<HeaderValue>,
}

/// `GET /auth/{provider}/start`: sends the browser to the provider. With `reauthenticate=1` an administrator confirms
/// their identity in the session that they have.
pub(crate) async fn start(
    State(app): State<App>,
    Segment(provider): Segment,
    request: Request,
) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    let provider = connections::provider_of(&provider)?;
    only_navigation(&parts)?;
    if let Some(answer) = first_visit::answer(&app, &parts).await? {
        return Ok(answer);
    }
    let address = limits::address(&parts, &app.settings.trusted_proxies);
    app.limits
        .pass_start(known_browser(&parts.headers), address)?;
    let asked = Asked::of(parts.uri.query().unwrap_or_default());
    let actor = if asked.reauthenticate {
        Some(confirming(&app, &parts, provider).await?)
    } else {
        None
    };
    let purpose = match &actor {
        Some(_) => Purpose::Reauthenticate,
        None => Purpose::SignIn,
    };
    let row = app
        .db
        .peek(move |tx| connections::find(tx, provider))
        .await?;
    let audit = access::nobody(&app, &parts);
    let (true, Some(settings_id)) = (row.state.is_on(), row.live) else {
        return finish::never_started(&app, &audit, provider, purpose, off()).await;
    };
    let beginning = Beginning {
        provider,
        purpose,
        settings_id,
        actor_id: actor.as_ref().map(|actor| actor.user_id.clone()),
        session_id: actor.map(|actor| actor.session_id),
        return_to: asked.return_to,
        prompt: asked.prompt,
        login_hint: asked.login_hint,
        headers: &parts.headers,
        address: address.to_string(),
    };
    match begin(&app, beginning).await? {
        Ok(begun) => Ok(bound(
            Redirect::to(&begun.location).into_response(),
            begun.cookie,
        )),
        Err(failure) => finish::never_started(&app, &audit, provider, purpose, failure).await,
    }
}

/// `POST /api/connections/{provider}/connect`: begins an administrator's round trip with what is
/// saved; it ends in a proof and not in a session.
pub(crate) async fn connect(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(provider): Segment,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let provider = connections::provider_of(&provider)?;
    let row = app
        .db
        .peek(move |tx| connections::find(tx, provider))
        .await?;
    let Some(settings_id) = row.draft.or(row.live) else {
        return Err(ProblemCode::IllegalMove.into());
    };
    let audit = actor.audit();
    let beginning = Beginning {
        provider,
        purpose: Purpose::Test,
        settings_id: settings_id.clone(),
        actor_id: Some(actor.user_id),
        session_id: None,
        return_to: ReturnPath::parse(None),
        prompt: None,
        login_hint: None,
        headers: &headers,
        address: audit.address.clone(),
    };
    let (location, cookie) = match begin(&app, beginning).await? {
        Ok(begun) => (begun.location, begun.cookie),
        Err(failure) => {
            let back = finish::connect_failed(&app, &audit, provider, settings_id, failure).await?;
            (back, None)
        }
    };
    Ok(bound(Json(TestSignIn { location }).into_response(), cookie))
}

/// What the query of a start asks for.
struct Asked {
    /// Where the person wanted to go.
    return_to: ReturnPath,
    /// Whether they want to choose another account.
    prompt: Option<Prompt>,
    /// Which login to fill in.
    login_hint: Option<OktaLogin>,
    reauthenticate: bool,
}

impl Asked {
    fn of(query: &str) -> Self {
        let mut asked = Self {
            return_to: ReturnPath::parse(None),
            prompt: None,
            login_hint: None,
            reauthenticate: false,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "return_to" => asked.return_to = ReturnPath::parse(Some(&value)),
                "prompt" if value == "login" => asked.prompt = Some(Prompt::Login),
                "login_hint" => asked.login_hint = initiate::login(&value),
                "reauthenticate" if value == "1" => asked.reauthenticate = true,
                _ => {}
            }
        }
        asked
    }
}

/// The administrator who confirms their identity: signed in to this browser, and asked by a page of this console.
async fn confirming(app: &App, parts: &Parts, provider: Provider) -> Result<Actor, Error> {
    access::same_site(&parts.headers, &app.settings.public_url)?;
    match provider {
        Provider::Okta => {}
        Provider::Google | Provider::Microsoft => return Err(ProblemCode::BadRequest.into()),
    }
    let actor = access::actor(app, parts).await?;
    let actor = actor.ok_or(ProblemCode::SignedOut)?;
    match actor.role {
        Role::Admin => Ok(actor),
        Role::Member => Err(ProblemCode::Forbidden.into()),
    }
}

async fn begin(app: &App, it: Beginning<'_>) -> Result<Result<Begun, Failure>, Error> {
    let config = Configs::get(app, &it.settings_id).await?;
    let now = app.clock.now();
    let prepared = match it.purpose {
        Purpose::SignIn | Purpose::Reauthenticate => {
            let id = it.settings_id.clone();
            // Whichever node ran the checks: what they read counts for all.
            let since = app.db.peek(move |tx| checks::read_at(tx, &id)).await?;
            app.relying.prepare(&config, since, now).await
        }
        // What an administrator tests is the provider as it is.
        Purpose::Test => app.relying.prepare_again(&config, now).await,
    };
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(failure) => return Ok(Err(failure)),
    };
    let random = || app.entropy.bytes::<32>();
    let binding = Binding::new(&random(), &random(), &random());
    let (browser, cookie) = browser(app, it.headers);
    let user_agent = set_up::user_agent(it.headers);
    let redirect_uri = app.settings.url(&paths::auth_callback(it.provider));
    let location = prepared.authorize_url(
        &config,
        &Start {
            binding: &binding,
            redirect_uri: &redirect_uri,
            prompt: it.prompt,
            login_hint: it.login_hint.as_ref().map(OktaLogin::as_str),
            max_age: match it.purpose {
                Purpose::SignIn | Purpose::Test => None,
                Purpose::Reauthenticate => Some(0),
            },
        },
    );
    let (id, reference) = (ids::uuid(now, &app.entropy), ids::reference(&app.entropy));
    app.db
        .write(move |tx| {
            store::insert(
                tx,
                &store::NewAttempt {
                    id: &id,
                    reference: &reference,
                    provider: it.provider,
                    purpose: it.purpose,
                    settings_id: &it.settings_id,
                    actor_id: it.actor_id.as_deref(),
                    session_id: it.session_id.as_deref(),
                    state_hash: &ids::hash(binding.state.expose()),
                    browser_hash: &ids::hash(browser.expose()),
                    nonce: binding.nonce.expose(),
                    verifier: binding.verifier.expose(),
                    return_to: it.return_to.as_str(),
                    now,
                    address: &it.address,
                    user_agent: user_agent.as_deref(),
                },
            )
        })
        .await?;
    Ok(Ok(Begun {
        location: location.into(),
        cookie,
    }))
}

/// The token of our cookie, if it can be one of ours.
fn known_browser(headers: &HeaderMap) -> Option<&str> {
    cookies::get(headers, cookies::BROWSER).filter(|it| it.len() == 43)
}

/// The token that binds this browser, kept over any number of tabs; made if there is none.
fn browser(app: &App, headers: &HeaderMap) -> (Secret, Option<HeaderValue>) {
    if let Some(known) = known_browser(headers) {
        return (Secret::from(known), None);
    }
    let token = ids::token(&app.entropy);
    let cookie = cookies::set(cookies::BROWSER, &token);
    (Secret::new(token), cookie)
}

fn bound(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A sign-in starts by a person's navigation, not by an image or a frame of some page.
fn only_navigation(parts: &Parts) -> Result<(), Error> {
    if parts.method != axum::http::Method::GET {
        return Err(ProblemCode::MethodNotAllowed.into());
    }
    match parts.headers.get("sec-fetch-dest") {
        Some(dest) if dest != "document" => Err(ProblemCode::BadRequest.into()),
        _ => Ok(()),
    }
}

fn off() -> Failure {
    Failure::new(Cause::ConnectionOff, "the connection is not on")
}
