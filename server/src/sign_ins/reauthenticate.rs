//! An administrator confirms their identity in the session that they have, by any way that is open now. It opens no
//! session and links no account; all it changes is when the session's user last signed in.

use std::sync::Arc;

use api::{
    Cause, FieldFault, ProblemCode, ReauthenticationForm, ReauthenticationMethod, UtcMillis, paths,
    sign_ins::Stage,
};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;

use super::{
    break_glass,
    callback::Back,
    finish,
    matching::{self, Match},
    store::{self, Consumed, End},
};
use crate::{
    App,
    access::{Actor, Admin},
    audit::{Audit, Event},
    body::Body,
    break_glass as codes, connections,
    db::{Lock, Tx, params},
    error::Error,
    limits::{Address, Limit, refusals},
    oidc::{ConnectionConfig, Failure, Person},
    sessions,
};

/// The longest password that is verified, as at the sign-in.
const PASSWORD_MAX: usize = 1024;

/// The ways that are open to an administrator at this moment.
pub(crate) fn open_methods(
    tx: &mut Tx<'_>,
    user_id: &str,
    now: UtcMillis,
) -> Result<Vec<ReauthenticationMethod>, Error> {
    let okta_is_on = connections::okta(tx)?.now.is_some();
    let mut open = Vec::new();
    if !okta_is_on && password_hash(tx, user_id)?.is_some() {
        open.push(ReauthenticationMethod::Password);
    }
    if okta_is_on {
        open.push(ReauthenticationMethod::Okta);
    }
    if codes::has_unused(tx, user_id, now)? {
        open.push(ReauthenticationMethod::Code);
    }
    Ok(open)
}

/// `POST /api/session/reauthenticate`: confirms the identity of who is signed in, with a password or a code.
pub(crate) async fn reauthenticate(
    State(app): State<App>,
    Admin(mut actor): Admin,
    Address(address): Address,
    Body(form): Body<ReauthenticationForm>,
) -> Result<Json<api::Session>, Error> {
    match (form.password, form.code) {
        (Some(password), None) => {
            app.limits.pass_password(address)?;
            by_password(&app, &actor, password).await?;
        }
        (None, Some(code)) => {
            // A right code is taken whatever came before it; wrong ones are limited.
            if !by_code(&app, &actor, &code).await? {
                let email = Some(actor.email.as_str());
                refusals::note(&app, actor.audit(), Event::BreakGlassRefused, email).await?;
                app.limits.pass(Limit::Code, address)?;
                return Err(Error::field("code", FieldFault::WrongCode));
            }
        }
        (Some(_), Some(_)) | (None, None) => return Err(ProblemCode::BadRequest.into()),
    }
    actor.authenticated_at = actor.audit().now;
    sessions::shown(&app, actor).await
}

async fn by_password(app: &App, actor: &Actor, password: String) -> Result<(), Error> {
    if password.len() > PASSWORD_MAX {
        return Err(Error::field("password", FieldFault::TooLong));
    }
    let user_id = actor.user_id.clone();
    let stored = app
        .db
        .peek(move |tx| passwords_are_on(tx).and_then(|()| password_hash(tx, &user_id)))
        .await?;
    let fits = app.passwords.verify(password, stored.clone()).await?;
    let (audit, session_id, user_id) = (
        actor.audit(),
        actor.session_id.clone(),
        actor.user_id.clone(),
    );
    let confirmed = app
        .db
        .write(move |tx| {
            // Verifying took a while: what was changed meanwhile counts.
            tx.share(Lock::Connections)?;
            tx.share(Lock::Administrators)?;
            passwords_are_on(tx)?;
            if fits && password_hash(tx, &user_id)? == stored {
                return confirm(tx, &audit, &session_id, &user_id, audit.now, "password");
            }
            Ok(false)
        })
        .await?;
    if confirmed {
        Ok(())
    } else {
        let email = Some(actor.email.as_str());
        refusals::note(app, actor.audit(), Event::PasswordRefused, email).await?;
        Err(Error::field("password", FieldFault::WrongPassword))
    }
}

/// Uses a recovery or break-glass code up; false: it is none of theirs.
async fn by_code(app: &App, actor: &Actor, code: &str) -> Result<bool, Error> {
    let hash = codes::hash(code);
    let (audit, session_id, email) = (actor.audit(), actor.session_id.clone(), actor.email.clone());
    app.db
        .write(move |tx| {
            let Some(audit) = break_glass::take(tx, audit, &email, &hash)? else {
                return Ok(false);
            };
            let user_id = audit.actor_id.clone().ok_or(ProblemCode::Internal)?;
            confirm(tx, &audit, &session_id, &user_id, audit.now, "code")
        })
        .await
}

/// The identity is confirmed: the session says when, and the audit log by what.
fn confirm(
    tx: &mut Tx<'_>,
    audit: &Audit,
    session_id: &str,
    user_id: &str,
    at: UtcMillis,
    by: &str,
) -> Result<bool, Error> {
    if !sessions::confirm_identity(tx, session_id, user_id, at)? {
        return Err(ProblemCode::SignedOut.into());
    }
    audit.record(
        tx,
        Event::Reauthenticated,
        Some(user_id),
        &json!({ "by": by }),
    )?;
    Ok(true)
}

fn passwords_are_on(tx: &mut Tx<'_>) -> Result<(), Error> {
    match connections::okta(tx)?.now {
        Some(_) => Err(ProblemCode::IllegalMove.into()),
        None => Ok(()),
    }
}

fn password_hash(tx: &mut Tx<'_>, user_id: &str) -> Result<Option<String>, Error> {
    let row = tx.row(
        "select password_hash from users
         where id = $1 and role = 'admin' and suspended_at is null and password_hash is not null",
        params![user_id],
    )?;
    row.map(|mut row| row.text()).transpose()
}

/// Ends an attempt that an administrator began to confirm their identity through Okta.
pub(super) async fn end(
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
    let (person, actor) = match (person, back.actor) {
        (Ok(person), Some(actor)) => (person, actor),
        (Ok(_), None) => return finish::refuse(app, &audit, provider, attempt, ended()).await,
        (Err(failure), _) => return finish::refuse(app, &audit, provider, attempt, failure).await,
    };
    // The exchange took a while, and a trial may have ended meanwhile.
    connections::settle(app).await?;
    let refused = {
        let (audit, attempt, clock) = (audit.clone(), attempt.clone(), app.clock.clone());
        app.db
            .write(move |tx| write(tx, &audit, &config, &attempt, &person, &actor, clock.now()))
            .await?
    };
    match refused {
        Some(failure) => finish::refuse(app, &audit, provider, attempt, failure).await,
        None => Ok(Redirect::to(paths::REAUTHENTICATED).into_response()),
    }
}

fn write(
    tx: &mut Tx<'_>,
    audit: &Audit,
    config: &ConnectionConfig,
    attempt: &Consumed,
    person: &Person,
    actor: &Actor,
    now: UtcMillis,
) -> Result<Option<Failure>, Error> {
    tx.share(Lock::Connections)?;
    tx.share(Lock::Administrators)?;
    if !connections::admits(tx, config)? {
        let detail = "another connection is on now";
        return Ok(Some(Failure::new(Cause::ConnectionOff, detail)));
    }
    let user = match matching::find(tx, config, person)? {
        Match::User { user, .. } if user.id == actor.user_id => user,
        Match::User { .. } => {
            let detail = "the account is another user's";
            return Ok(Some(Failure::new(Cause::AnotherAccount, detail)));
        }
        Match::Nobody { cause, .. } => {
            let detail = "the account is not this administrator's";
            return Ok(Some(Failure::new(cause, detail)));
        }
    };
    attempt.stages.pass(Stage::Matched, now);
    let signed_in_at = matching::authenticated_at(config.provider, person, audit.now);
    if !sessions::confirm_identity(tx, &actor.session_id, &user.id, signed_in_at)? {
        return Ok(Some(ended()));
    }
    attempt.stages.pass(Stage::Session, now);
    audit.record(
        tx,
        Event::Reauthenticated,
        Some(&user.id),
        &json!({ "by": config.provider.code(), "reference": attempt.reference }),
    )?;
    let end = End {
        user_id: Some(&user.id),
        claimed_login: finish::claimed_login(person),
        stages: &attempt.stages.written(),
        ..End::default()
    };
    store::end(tx, attempt, audit.now, &end)?;
    Ok(None)
}

fn ended() -> Failure {
    let detail = "the administrator's session ended meanwhile";
    Failure::new(Cause::StateUnknown, detail)
}
