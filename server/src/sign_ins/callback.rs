//! The way back: the attempt is taken once, the code is exchanged, and the attempt ends.

use api::{Cause, ProblemCode, Provider, Role, UtcMillis, paths, sign_ins::Purpose};
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, request::Parts},
    response::{IntoResponse as _, Response},
};

use super::{
    finish, posted, reauthenticate,
    store::{self, Consumed, PATIENCE},
};
use crate::{
    App, access,
    audit::Audit,
    body::Segment,
    connections::{self, Configs, Others},
    cookies,
    db::Tx,
    error::Error,
    ids,
    limits::{self, Limit},
    oidc::{ConnectionConfig, Failure, Person, Started, callback},
    pages,
    secret::Secret,
    sessions, set_up,
};

/// Everything about the request that came back.
pub(super) struct Back {
    pub(super) audit: Audit,
    pub(super) user_agent: Option<String>,
    /// Of the session token that the browser had before, if it had one.
    pub(super) token_hash: Option<[u8; 32]>,
    /// Who is signed in to this browser already: what an administrator began is finished by them.
    pub(super) actor: Option<access::Actor>,
}

enum Taken {
    /// The attempt, and whether its connection is on.
    Once(Box<Consumed>, bool),
    /// Used up, and where it led.
    Before(String),
    Never,
}

/// `GET /auth/{provider}/callback`, and what providers post there.
pub(crate) async fn callback(
    State(app): State<App>,
    Segment(provider): Segment,
    request: Request,
) -> Result<Response, Error> {
    let (parts, body) = request.into_parts();
    let provider = connections::provider_of(&provider)?;
    if parts.method == Method::POST
        && let Some(posted) = posted::read(&parts, body).await
    {
        return posted::end(&app, &parts, provider, posted).await;
    }
    if parts.method != Method::GET {
        return Err(ProblemCode::MethodNotAllowed.into());
    }
    if parts.headers.contains_key("sec-purpose") || parts.headers.contains_key("purpose") {
        // A browser that looks ahead must not use up what the person needs.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let audit = access::nobody(&app, &parts);
    let returned = callback::read(parts.uri.query().unwrap_or_default());
    let taken = match &returned.state {
        Some(state) => take(&app, &parts, provider, state).await?,
        None => Taken::Never,
    };
    let (attempt, is_on) = match taken {
        Taken::Once(attempt, is_on) => (*attempt, is_on),
        Taken::Before(return_to) => {
            // *Back* after a sign-in: the person is where they wanted to be, and nothing is tried again.
            if access::actor(&app, &parts).await?.is_some() {
                return pages::already_signed_in(&app, &parts, &return_to).await;
            }
            return stray(&app, &parts, &audit, provider, Cause::StateReplayed).await;
        }
        Taken::Never => {
            let cause = match &returned.outcome {
                Err(failure) if failure.cause == Cause::CallbackMalformed => failure.cause,
                _ => Cause::StateUnknown,
            };
            return stray(&app, &parts, &audit, provider, cause).await;
        }
    };
    let actor = match attempt.purpose {
        Purpose::SignIn => None,
        Purpose::Test | Purpose::Reauthenticate => access::actor(&app, &parts).await?,
    };
    let back = Back {
        audit,
        user_agent: set_up::user_agent(&parts.headers),
        token_hash: sessions::token_hash(&parts.headers),
        actor,
    };
    // On its own: a browser that goes away meanwhile leaves no attempt without an end.
    tokio::spawn(end(app, attempt, is_on, returned, back))
        .await
        .map_err(|error| Error::Internal(format!("the end of an attempt: {error}")))?
}

/// Exchanges the code of an attempt that was taken, and ends it.
async fn end(
    app: App,
    attempt: Consumed,
    is_on: bool,
    returned: callback::Returned,
    back: Back,
) -> Result<Response, Error> {
    let config = Configs::get(&app, &attempt.settings_id).await?;
    let person = match allowed(&attempt, is_on, &back) {
        Ok(()) => exchange(&app, &config, &attempt, returned, &back.audit).await,
        Err(failure) => Err(failure),
    };
    match attempt.purpose {
        Purpose::SignIn => finish::sign_in(&app, back, config, attempt, person).await,
        Purpose::Test => finish::round_trip(&app, back, config, attempt, person).await,
        Purpose::Reauthenticate => reauthenticate::end(&app, back, config, attempt, person).await,
    }
}

/// Takes the attempt, and reads the connection's state in the same transaction.
async fn take(
    app: &App,
    parts: &Parts,
    provider: Provider,
    state: &Secret,
) -> Result<Taken, Error> {
    let Some(browser) = cookies::get(&parts.headers, cookies::BROWSER) else {
        return Ok(Taken::Never);
    };
    let (state, browser) = (ids::hash(state.expose()), ids::hash(browser));
    let now = app.clock.now();
    // What is no attempt of this browser is not worth a turn of the one who writes.
    let known = app
        .db
        .peek(move |tx| store::is_known(tx, &state, &browser))
        .await?;
    if !known {
        return Ok(Taken::Never);
    }
    app.db
        .write(move |tx| {
            if let Some(attempt) = store::consume(tx, provider, &state, &browser, now)? {
                let is_on = is_on(tx, provider)?;
                return Ok(Taken::Once(Box::new(attempt), is_on));
            }
            let before = store::was_consumed(tx, &state, &browser)?;
            Ok(before.map_or(Taken::Never, Taken::Before))
        })
        .await
}

fn is_on(tx: &mut Tx<'_>, provider: Provider) -> Result<bool, Error> {
    Ok(connections::find(tx, provider)?.state.is_on())
}

/// Whether this attempt may still end well.
fn allowed(attempt: &Consumed, is_on: bool, back: &Back) -> Result<(), Failure> {
    let fail = |cause, detail: &str| Err(Failure::new(cause, detail));
    if back.audit.now >= attempt.started_at + PATIENCE {
        return fail(Cause::AttemptExpired, "the attempt is over ten minutes old");
    }
    match attempt.purpose {
        Purpose::SignIn | Purpose::Reauthenticate if !is_on => {
            fail(Cause::ConnectionOff, "switched off meanwhile")
        }
        Purpose::SignIn => Ok(()),
        Purpose::Reauthenticate => {
            let session = back.actor.as_ref().map(|actor| &actor.session_id);
            if session.is_some() && session == attempt.session_id.as_ref() {
                Ok(())
            } else {
                fail(Cause::StateUnknown, "another session began it")
            }
        }
        Purpose::Test => {
            let actor = back.actor.as_ref();
            let same = actor.map(|actor| &actor.user_id) == attempt.actor_id.as_ref();
            if same && actor.is_some_and(|actor| actor.role == Role::Admin) {
                Ok(())
            } else {
                fail(
                    Cause::StateUnknown,
                    "another person finishes the round trip",
                )
            }
        }
    }
}

async fn exchange(
    app: &App,
    config: &ConnectionConfig,
    attempt: &Consumed,
    returned: callback::Returned,
    audit: &Audit,
) -> Result<Person, Failure> {
    let code = returned
        .outcome
        .map_err(|failure| failure.at_issuer(&config.issuer))?;
    let (nonce, verifier) = (
        Secret::from(attempt.nonce.as_str()),
        Secret::from(attempt.verifier.as_str()),
    );
    let redirect_uri = app.settings.url(&paths::auth_callback(config.provider));
    let started = Started {
        nonce: &nonce,
        verifier: &verifier,
        redirect_uri: &redirect_uri,
        max_age: max_age(attempt, audit.now),
        iss: returned.iss.as_deref(),
        passed: &|stage| attempt.stages.pass(stage, app.clock.now()),
    };
    let now = audit.now;
    let first = app.relying.exchange(config, &started, &code, now).await;
    match first {
        Err(failure) if failure.is_of_the_secret() => {
            let others = match Others::of(app, config, attempt.purpose).await {
                Ok(others) => others,
                Err(error) => {
                    error.log(&audit.request_id);
                    return Err(failure);
                }
            };
            again(app, others, &started, &code, audit, failure).await
        }
        Ok(_) | Err(_) => first,
    }
}

/// What is asked of the token's `auth_time`, in seconds. An identity is confirmed by a sign-in that is not older than the
/// attempt: the person was sent with `max_age=0` (OpenID Connect Core §3.1.2.1), and may take their time there.
fn max_age(attempt: &Consumed, now: UtcMillis) -> Option<u32> {
    match attempt.purpose {
        Purpose::SignIn | Purpose::Test => None,
        Purpose::Reauthenticate => {
            let seconds = (now - attempt.started_at + 999) / 1000;
            Some(u32::try_from(seconds).unwrap_or(0))
        }
    }
}

/// The secret was refused, and the code is not used up: tries what else is known.
async fn again(
    app: &App,
    others: Others,
    started: &Started<'_>,
    code: &Secret,
    audit: &Audit,
    refused: Failure,
) -> Result<Person, Failure> {
    for config in others.known {
        match app
            .relying
            .exchange(&config, started, code, audit.now)
            .await
        {
            Err(failure) if failure.is_of_the_secret() => {}
            other => {
                if other.is_ok() {
                    Configs::keep(app, config);
                }
                return other;
            }
        }
    }
    let Some(config) = others.next else {
        return Err(refused);
    };
    match app
        .relying
        .exchange(&config, started, code, audit.now)
        .await
    {
        Err(failure) if failure.is_of_the_secret() => Err(refused),
        Ok(person) => {
            // The person signed in, whatever comes of this: the next sign-in tries again.
            if let Err(error) = connections::promote(app, audit, &config).await {
                error.log(&audit.request_id);
            }
            Ok(person)
        }
        Err(failure) => Err(failure),
    }
}

/// A callback that belongs to no attempt of this browser. These alone are limited: each writes a row.
async fn stray(
    app: &App,
    parts: &Parts,
    audit: &Audit,
    provider: Provider,
    cause: Cause,
) -> Result<Response, Error> {
    let address = limits::address(parts, &app.settings.trusted_proxies);
    app.limits.pass(Limit::Stray, address)?;
    let failure = Failure::new(cause, "no attempt of this browser").hearsay();
    finish::never_started(app, audit, provider, Purpose::SignIn, failure).await
}
