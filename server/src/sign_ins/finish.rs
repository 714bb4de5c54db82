//! How an attempt ends: in a session, in a proof, or in a refusal with a reference number.

use std::sync::Arc;

use api::{
    Cause, ProblemCode, Provider,
    connections::Failure as ConnectFailure,
    paths,
    sign_ins::{Purpose, Stage},
};
use axum::{
    http::header,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{
    callback::Back,
    evidence::Evidence,
    matching::{self, Match},
    store::{self, Consumed, End},
};
use crate::{
    App,
    audit::Audit,
    connections::{self, After},
    cookies,
    db::{Lock, Tx},
    error::Error,
    ids,
    oidc::{ConnectionConfig, Failure, Person},
    sessions, users,
};

/// Ends a sign-in: with a session if the person is a user here.
pub(super) async fn sign_in(
    app: &App,
    back: Back,
    config: Arc<ConnectionConfig>,
    attempt: Consumed,
    person: Result<Person, Failure>,
) -> Result<Response, Error> {
    let person = match person {
        Ok(person) => person,
        Err(failure) => return refuse(app, &back.audit, config.provider, attempt, failure).await,
    };
    let now = back.audit.now;
    let (session_id, token) = (ids::uuid(now, &app.entropy), ids::token(&app.entropy));
    let id_token = app.sealing.seal(
        person.id_token.expose().as_bytes(),
        &sessions::id_token_place(&session_id),
        &app.entropy,
    )?;
    let cookie = cookies::set(cookies::SESSION, &token);
    let (reference, return_to) = (attempt.reference.clone(), attempt.return_to.clone());
    let provider = config.provider;
    // The exchange took a while, and a trial may have ended meanwhile.
    connections::settle(app).await?;
    let clock = app.clock.clone();
    let refused = app
        .db
        .write(move |tx| {
            let user = match admit(tx, &back.audit, &config, &person)? {
                Ok(user) => user,
                Err((cause, user)) => {
                    let end = End {
                        cause: Some(cause),
                        user_id: user.as_ref().map(|user| user.id.as_str()),
                        claimed_login: claimed_login(&person),
                        stages: &attempt.stages.written(),
                        evidence: Evidence::of_cause(cause),
                        ..End::default()
                    };
                    store::end(tx, &attempt, now, &end)?;
                    return Ok(Some(cause));
                }
            };
            attempt.stages.pass(Stage::Matched, clock.now());
            let new = sessions::NewSession {
                user_id: &user.id,
                signed_in_by: matching::way_in(config.provider),
                authenticated_at: matching::authenticated_at(config.provider, &person, now),
                issuer: Some(&config.issuer),
                id_token: Some(&id_token),
                address: &back.audit.address,
                user_agent: back.user_agent.as_deref(),
            };
            sessions::end_of_browser(tx, back.token_hash.as_ref())?;
            sessions::insert(tx, &session_id, &token, now, &new)?;
            attempt.stages.pass(Stage::Session, clock.now());
            let end = End {
                user_id: Some(&user.id),
                claimed_login: claimed_login(&person),
                stages: &attempt.stages.written(),
                evidence: Some(Evidence::Shown),
                ..End::default()
            };
            store::end(tx, &attempt, now, &end)?;
            Ok(None)
        })
        .await?;
    connections::weigh(app, provider, After::Attempt).await?;
    if let Some(cause) = refused {
        tracing::info!(
            reference,
            provider = provider.code(),
            cause = cause.code(),
            "sign-in refused"
        );
        count(provider, "refused", cause.code());
        return Ok(to_refusal(&reference));
    }
    count(provider, "succeeded", "");
    let mut response = Redirect::to(&return_to).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Who may enter; `Err` has the cause, and the user that it concerns.
fn admit(
    tx: &mut Tx<'_>,
    audit: &Audit,
    config: &ConnectionConfig,
    person: &Person,
) -> Result<Result<api::User, (Cause, Option<api::User>)>, Error> {
    // Whoever switches connections, or bars, changes or removes a user, comes before or after the
    // whole of what follows, and never in between.
    tx.share(Lock::Connections)?;
    tx.share(Lock::Administrators)?;
    if !connections::admits(tx, config)? {
        return Ok(Err((Cause::ConnectionOff, None)));
    }
    let (user, bound) = match matching::find(tx, config, person)? {
        Match::User { user, bound } => (user, bound),
        Match::Nobody { cause, user } => {
            if let (Cause::LinkedToOther, Some(user)) = (cause, &user) {
                matching::note_second_identity(tx, audit, person, user)?;
            }
            if let (Cause::IdentityUnconfirmed, Some(user)) = (cause, &user) {
                matching::note_unconfirmed(tx, audit, config, person, user)?;
            }
            return Ok(Err((cause, user)));
        }
    };
    let theirs = Audit {
        actor_id: Some(user.id.clone()),
        actor_name: user.name.clone(),
        ..audit.clone()
    };
    if bound {
        matching::note_changes(tx, &theirs, config, person, &user)?;
    } else if !matching::bind(tx, &theirs, config, person, &user)? {
        matching::note_second_identity(tx, audit, person, &user)?;
        return Ok(Err((Cause::LinkedToOther, Some(user))));
    }
    matching::note_sign_in(tx, &user, audit.now)?;
    Ok(Ok(user))
}

/// Ends an administrator's round trip: with a proof, in a session of nobody.
pub(super) async fn round_trip(
    app: &App,
    back: Back,
    config: Arc<ConnectionConfig>,
    attempt: Consumed,
    person: Result<Person, Failure>,
) -> Result<Response, Error> {
    let provider = config.provider;
    let audit = match &back.actor {
        Some(actor) => actor.audit(),
        None => back.audit.clone(),
    };
    let (person, actor_id) = match (person, back.actor) {
        (Ok(person), Some(actor)) => (person, actor.user_id),
        (Ok(_), None) => return refuse(app, &audit, provider, attempt, gone()).await,
        (Err(failure), _) => return refuse(app, &audit, provider, attempt, failure).await,
    };
    let proved = {
        let (audit, config, attempt) = (audit.clone(), config.clone(), attempt.clone());
        let clock = app.clock.clone();
        app.db
            .write(move |tx| {
                let found = match matching::find(tx, &config, &person)? {
                    Match::User { user, .. } => {
                        attempt.stages.pass(Stage::Matched, clock.now());
                        Ok(user)
                    }
                    // Without the claims that are compared these settings match no user at all.
                    Match::Nobody {
                        cause: cause @ (Cause::EmailMissing | Cause::EmailUnusable),
                        ..
                    } => return Ok(Some(cause)),
                    Match::Nobody { cause, .. } => Err(cause),
                };
                let mut proof = super::proof::of(&audit, &config, &person, found.as_ref().ok());
                proof.refused = found.as_ref().err().copied();
                let user = found.ok();
                if user.is_none() && users::may_claim(tx, &config, &person, &actor_id)? {
                    users::request_confirmation(tx, audit.now, &config, &person, &actor_id)?;
                    proof.claimable_by = Some(actor_id.clone());
                }
                connections::prove(tx, &audit, config.provider, &config.id, proof)?;
                attempt.stages.pass(Stage::Session, clock.now());
                let end = End {
                    user_id: user.as_ref().map(|user| user.id.as_str()),
                    claimed_login: claimed_login(&person),
                    stages: &attempt.stages.written(),
                    ..End::default()
                };
                store::end(tx, &attempt, audit.now, &end)?;
                Ok(None)
            })
            .await
    };
    let failure = match proved {
        Ok(Some(cause)) => {
            let failure = Failure::new(cause, "no claim that users are matched by");
            return refuse(app, &audit, provider, attempt, failure).await;
        }
        Ok(None) => {
            count(provider, "proved", "");
            let to = format!("/settings/integrations/sso/{}?proved=1", provider.code());
            return Ok(Redirect::to(&to).into_response());
        }
        Err(Error::Refused(ProblemCode::Changed)) => Cause::SettingsChanged,
        Err(error) => return Err(error),
    };
    let detail = "the round trip's settings are not those that are saved";
    let failure = Failure::new(failure, detail);
    refuse(app, &audit, provider, attempt, failure).await
}

/// Ends an attempt that failed, and sends the person to the page that says so.
pub(super) async fn refuse(
    app: &App,
    audit: &Audit,
    provider: Provider,
    attempt: Consumed,
    failure: Failure,
) -> Result<Response, Error> {
    log(&attempt.reference, provider, &failure);
    let (reference, purpose, now) = (attempt.reference.clone(), attempt.purpose, audit.now);
    app.db
        .write(move |tx| {
            let end = End {
                cause: Some(failure.cause),
                provider_said: failure.said.as_deref(),
                stages: &attempt.stages.written(),
                evidence: evidence(purpose, &failure),
                ..End::default()
            };
            store::end(tx, &attempt, now, &end)?;
            match purpose {
                Purpose::SignIn | Purpose::Reauthenticate => Ok(()),
                Purpose::Test => {
                    let noted = noted(now, &attempt.reference, &failure);
                    connections::note_failure(tx, provider, &attempt.settings_id, &noted)
                }
            }
        })
        .await?;
    connections::weigh(app, provider, After::Attempt).await?;
    Ok(match purpose {
        Purpose::SignIn | Purpose::Reauthenticate => to_refusal(&reference),
        Purpose::Test => Redirect::to(&connect_page(provider, &reference)).into_response(),
    })
}

/// A failure without an attempt: before one could start, or a callback that belongs to none.
pub(super) async fn never_started(
    app: &App,
    audit: &Audit,
    provider: Provider,
    purpose: Purpose,
    failure: Failure,
) -> Result<Response, Error> {
    let reference = failed(app, audit, provider, purpose, failure, None).await?;
    Ok(to_refusal(&reference))
}

/// A round trip that could not even start; the page to go back to.
pub(super) async fn connect_failed(
    app: &App,
    audit: &Audit,
    provider: Provider,
    settings_id: String,
    failure: Failure,
) -> Result<String, Error> {
    let purpose = Purpose::Test;
    let reference = failed(app, audit, provider, purpose, failure, Some(settings_id)).await?;
    Ok(connect_page(provider, &reference))
}

async fn failed(
    app: &App,
    audit: &Audit,
    provider: Provider,
    purpose: Purpose,
    failure: Failure,
    settings_id: Option<String>,
) -> Result<String, Error> {
    let (id, reference) = (
        ids::uuid(audit.now, &app.entropy),
        ids::reference(&app.entropy),
    );
    log(&reference, provider, &failure);
    let (now, address, number) = (audit.now, audit.address.clone(), reference.clone());
    app.db
        .write(move |tx| {
            let end = End {
                cause: Some(failure.cause),
                provider_said: failure.said.as_deref(),
                evidence: evidence(purpose, &failure),
                ..End::default()
            };
            let new = store::FailedAttempt {
                id: &id,
                reference: &number,
                provider,
                purpose,
                now,
                address: &address,
            };
            store::insert_failed(tx, &new, &end)?;
            match settings_id {
                Some(settings_id) => {
                    let noted = noted(now, &number, &failure);
                    connections::note_failure(tx, provider, &settings_id, &noted)
                }
                None => Ok(()),
            }
        })
        .await?;
    connections::weigh(app, provider, After::Attempt).await?;
    Ok(reference)
}

fn noted(now: api::UtcMillis, reference: &str, failure: &Failure) -> ConnectFailure {
    ConnectFailure {
        at: now,
        cause: failure.cause,
        reference: reference.to_owned(),
        provider_said: failure.said.clone(),
    }
}

/// A round trip is about settings that may not be those in force.
fn evidence(purpose: Purpose, failure: &Failure) -> Option<Evidence> {
    match purpose {
        Purpose::SignIn => Evidence::of(failure),
        Purpose::Test | Purpose::Reauthenticate => None,
    }
}

/// The login to show an administrator.
pub(super) fn claimed_login(person: &Person) -> Option<&str> {
    person.names.shown()
}

fn log(reference: &str, provider: Provider, failure: &Failure) {
    tracing::info!(
        reference,
        provider = provider.code(),
        cause = failure.cause.code(),
        detail = failure.detail,
        said = failure.said,
        "sign-in refused"
    );
    count(provider, "refused", failure.cause.code());
}

fn count(provider: Provider, outcome: &'static str, cause: &'static str) {
    metrics::counter!(
        "sso_sign_ins_total",
        "provider" => provider.code(), "outcome" => outcome, "cause" => cause
    )
    .increment(1);
}

/// The page is another address: the code and the state do not stay in the browser's address bar.
fn to_refusal(reference: &str) -> Response {
    Redirect::to(&format!("{}?reference={reference}", paths::REFUSED)).into_response()
}

fn connect_page(provider: Provider, reference: &str) -> String {
    let provider = provider.code();
    format!("/settings/integrations/sso/{provider}/connect?failed={reference}")
}

fn gone() -> Failure {
    let detail = "the administrator's session ended during the round trip";
    Failure::new(Cause::StateUnknown, detail)
}
