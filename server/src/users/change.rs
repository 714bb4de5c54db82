//! An administrator changes users one at a time: create, edit, suspend, reinstate, unlink, accept, delete.

use api::{
    OktaLogin, Role, User, UserForm,
    users::{Attention, ConfirmIdentity, ValidUser},
};
use axum::{Json, extract::State, http::StatusCode};

use super::{Answer, act, hold, store, unconfirmed};
use crate::{
    App,
    access::{self, Actor, Admin},
    audit::Audit,
    body::{Body, Seen, Segment, Version},
    db::Tx,
    error::Error,
};

/// `POST /api/users`: makes a user, Inactive until they come through Okta.
pub(crate) async fn create(
    State(app): State<App>,
    Admin(actor): Admin,
    Body(form): Body<UserForm>,
) -> Result<(StatusCode, Answer), Error> {
    let valid = form.validate().map_err(Error::Invalid)?;
    if makes_administrator(None, &valid) {
        access::require_recent_sign_in(&actor)?;
    }
    let audit = actor.audit();
    let user = app
        .db
        .write(move |tx| act::create(tx, &audit, &valid))
        .await?;
    Ok((StatusCode::CREATED, Json(user)))
}

/// `PUT /api/users/{id}`: replaces name, e-mail, Okta login and role.
///
/// Another Okta login is another account: the bond to the old one ends, and so do its sessions.
pub(crate) async fn edit(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
    Version(version): Version,
    Body(form): Body<UserForm>,
) -> Result<Answer, Error> {
    let valid = form.validate().map_err(Error::Invalid)?;
    let audit = actor.audit();
    let user = app
        .db
        .write(move |tx| {
            hold(tx)?;
            if makes_administrator(Some(&store::find(tx, &id)?), &valid) {
                access::require_recent_sign_in(&actor)?;
            }
            act::replace(tx, &audit, &id, Some(version), &valid)
        })
        .await?;
    Ok(Json(user))
}

/// Whether another person could act as an administrator afterwards: someone becomes one, or what an administrator is
/// matched by changes.
pub(super) fn makes_administrator(before: Option<&User>, after: &ValidUser) -> bool {
    let login = after.okta_login.as_ref().map(OktaLogin::as_str);
    after.role == Role::Admin
        && before.is_none_or(|before| {
            before.role != Role::Admin
                || before.okta_login.as_deref() != login
                || before.email != after.email.as_str()
        })
}

/// `POST /api/users/{id}/suspend`: bars the user and ends their sessions everywhere.
pub(crate) async fn suspend(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
    seen: Seen,
) -> Result<Answer, Error> {
    acted(&app, &actor, id, seen, act::suspend).await
}

/// `POST /api/users/{id}/reinstate`: lets a suspended user back in.
pub(crate) async fn reinstate(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
    seen: Seen,
) -> Result<Answer, Error> {
    let reinstate = of_administrator(access::require_recent_sign_in(&actor), act::reinstate);
    acted(&app, &actor, id, seen, reinstate).await
}

/// `POST /api/users/{id}/unlink`: takes the bond to Okta away and ends the sessions that came
/// through it. The next sign-in makes a new bond, by the login.
pub(crate) async fn unlink(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
    seen: Seen,
) -> Result<Answer, Error> {
    let unlink = of_administrator(access::require_recent_sign_in(&actor), act::unlink);
    acted(&app, &actor, id, seen, unlink).await
}

/// `POST /api/users/{id}/accept`: what did not fit is seen. A changed login becomes the Okta login;
/// the bond stays, since it was never the login that made it. `shown` is what whoever asks saw: what came since is
/// nobody's to accept unseen.
pub(crate) async fn accept(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
    seen: Seen,
    Body(shown): Body<Attention>,
) -> Result<Answer, Error> {
    let accept = move |tx: &mut Tx<'_>, audit: &Audit, id: &str| act::accept(tx, audit, id, &shown);
    acted(&app, &actor, id, seen, accept).await
}

/// `POST /api/users/{id}/confirm-identity`: an Okta account that was refused as this administrator, or their own test
/// sign-in showed, is theirs. Its login becomes their Okta login; the next sign-in with it is linked.
pub(crate) async fn confirm_identity(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
    seen: Seen,
    Body(shown): Body<ConfirmIdentity>,
) -> Result<Answer, Error> {
    let confirm =
        move |tx: &mut Tx<'_>, audit: &Audit, id: &str| unconfirmed::confirm(tx, audit, id, &shown);
    acted(&app, &actor, id, seen, confirm).await
}

/// `DELETE /api/users/{id}`: removes the user with their sessions and identities.
pub(crate) async fn delete(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
    seen: Seen,
) -> Result<StatusCode, Error> {
    let audit = actor.audit();
    app.db
        .write(move |tx| {
            hold(tx)?;
            seen.is_still(store::find(tx, &id)?.version)?;
            act::delete(tx, &audit, &id)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An act that takes a recent sign-in where the user is an administrator: it decides who can sign in as one.
fn of_administrator(
    recent: Result<(), Error>,
    act: impl FnOnce(&mut Tx<'_>, &Audit, &str) -> Result<bool, Error> + Send + 'static,
) -> impl FnOnce(&mut Tx<'_>, &Audit, &str) -> Result<bool, Error> + Send + 'static {
    move |tx, audit, id| {
        match store::find(tx, id)?.role {
            Role::Admin => recent?,
            Role::Member => {}
        }
        act(tx, audit, id)
    }
}

/// An act on a user as whoever asks was shown them. What is as wished already is no conflict (RFC 9110 §13.1.1).
async fn acted(
    app: &App,
    actor: &Actor,
    id: String,
    seen: Seen,
    act: impl FnOnce(&mut Tx<'_>, &Audit, &str) -> Result<bool, Error> + Send + 'static,
) -> Result<Answer, Error> {
    let audit = actor.audit();
    let acted = app.db.write(move |tx| {
        hold(tx)?;
        let before = store::find(tx, &id)?;
        if act(tx, &audit, &id)? {
            seen.is_still(before.version)?;
        }
        store::find(tx, &id)
    });
    acted.await.map(Json)
}
