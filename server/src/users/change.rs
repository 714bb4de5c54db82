//! An administrator changes users one at a time: create, edit, suspend, reinstate, unbind, accept, delete.

use api::{UserForm, users::Attention};
use axum::{Json, extract::State, http::StatusCode};
use serde_json::json;

use super::{Answer, act, store};
use crate::{
    App,
    access::Admin,
    audit::Event,
    body::{Body, Segment, Version},
    error::Error,
};

/// `POST /api/users`: makes a user, Inactive until they come through Okta.
pub(crate) async fn create(
    State(app): State<App>,
    Admin(actor): Admin,
    Body(form): Body<UserForm>,
) -> Result<(StatusCode, Answer), Error> {
    let valid = form.validate().map_err(Error::Invalid)?;
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
        .write(move |tx| act::replace(tx, &audit, &id, Some(version), &valid))
        .await?;
    Ok(Json(user))
}

/// `POST /api/users/{id}/suspend`: bars the user and ends their sessions everywhere.
pub(crate) async fn suspend(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
) -> Result<Answer, Error> {
    let audit = actor.audit();
    let user = app
        .db
        .write(move |tx| {
            act::suspend(tx, &audit, &id)?;
            store::find(tx, &id)
        })
        .await?;
    Ok(Json(user))
}

/// `POST /api/users/{id}/reinstate`: lets a suspended user back in.
pub(crate) async fn reinstate(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
) -> Result<Answer, Error> {
    let audit = actor.audit();
    let user = app
        .db
        .write(move |tx| {
            act::reinstate(tx, &audit, &id)?;
            store::find(tx, &id)
        })
        .await?;
    Ok(Json(user))
}

/// `POST /api/users/{id}/accept`: what did not fit is seen. A changed login becomes the Okta login;
/// the bond stays, since it was never the login that made it.
pub(crate) async fn accept(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
) -> Result<Answer, Error> {
    let audit = actor.audit();
    let user = app
        .db
        .write(move |tx| {
            let before = store::find(tx, &id)?;
            let Some(attention) = before.attention.clone() else {
                return Ok(before);
            };
            if let Attention::LoginChanged { now } = &attention {
                let mut form = act::form(&before);
                form.okta_login = Some(now.clone());
                let valid = form.validate().map_err(Error::Invalid)?;
                act::unless_taken(tx, &id, &valid)?;
                store::update(tx, &id, &valid, before.version)?;
            }
            store::clear_attention(tx, &id)?;
            let after = store::find(tx, &id)?;
            let detail = json!({ "attention": attention, "after": act::shown(&after) });
            audit.record(tx, Event::UserAccepted, Some(&id), &detail)?;
            Ok(after)
        })
        .await?;
    Ok(Json(user))
}

/// `DELETE /api/users/{id}`: removes the user with their sessions and identities.
pub(crate) async fn delete(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
) -> Result<StatusCode, Error> {
    let audit = actor.audit();
    app.db.write(move |tx| act::delete(tx, &audit, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
