//! What an administrator does to a user: create, edit, suspend, reinstate, accept, delete.

use api::{
    ProblemCode, Role, User, UserForm,
    users::{Attention, ValidUser},
};
use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

use super::{Answer, hold, someone_still_can_enter, store};
use crate::{
    App,
    access::Admin,
    audit::{Audit, Event},
    body::{Body, Segment, Version},
    break_glass,
    db::{Lock, Tx, params},
    error::Error,
    ids, sessions,
};

/// `POST /api/users`: makes a user, Inactive until they come through Okta.
pub(crate) async fn create(
    State(app): State<App>,
    Admin(actor): Admin,
    Body(form): Body<UserForm>,
) -> Result<(StatusCode, Answer), Error> {
    let valid = form.validate().map_err(Error::Invalid)?;
    let audit = actor.audit();
    let id = ids::uuid(audit.now, &app.entropy);
    let user = app
        .db
        .write(move |tx| {
            unless_taken(tx, &id, &valid)?;
            store::insert(tx, &id, &valid, None, audit.now)?;
            let user = store::find(tx, &id)?;
            audit.record(tx, Event::UserCreated, Some(&id), &shown(&user))?;
            Ok(user)
        })
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
        .write(move |tx| replace(tx, &audit, &id, Some(version), &valid))
        .await?;
    Ok(Json(user))
}

/// Gives a user another role: what the command on the host does, by the same rules.
pub(crate) fn set_role(
    tx: &mut Tx<'_>,
    audit: &Audit,
    id: &str,
    role: Role,
) -> Result<User, Error> {
    let user = store::find(tx, id)?;
    let form = UserForm {
        name: user.name,
        email: user.email,
        okta_login: user.okta_login.clone(),
        role,
    };
    let mut valid = form.validate().map_err(Error::Invalid)?;
    if user.okta_login.is_none() {
        valid.okta_login = None;
    }
    replace(tx, audit, id, None, &valid)
}

/// Replaces what can be edited, if nobody else did since `version`.
pub(super) fn replace(
    tx: &mut Tx<'_>,
    audit: &Audit,
    id: &str,
    version: Option<i64>,
    valid: &ValidUser,
) -> Result<User, Error> {
    hold(tx)?;
    let before = store::find(tx, id)?;
    if version.is_some_and(|version| before.version != version) {
        return Err(ProblemCode::Changed.into());
    }
    unless_taken(tx, id, valid)?;
    store::update(tx, id, valid, before.version)?;
    let login = valid.okta_login.as_ref().map(api::OktaLogin::as_str);
    if login != before.okta_login.as_deref() {
        if store::unbind_okta(tx, id)? {
            audit.record(tx, Event::UserUnbound, Some(id), &json!({}))?;
        }
        sessions::end_of_user_at_okta(tx, id)?;
    }
    if valid.role != before.role {
        // A session that was made for the old role does not carry over.
        sessions::end_of_user(tx, id)?;
        if valid.role == Role::Member {
            // Members have no way in of their own, and a later promotion revives none.
            tx.run(
                "update users set password_hash = null where id = $1",
                params![id],
            )?;
            break_glass::void(tx, id)?;
        }
    }
    someone_still_can_enter(tx)?;
    let after = store::find(tx, id)?;
    audit.record(
        tx,
        Event::UserChanged,
        Some(id),
        &json!({ "before": shown(&before), "after": shown(&after) }),
    )?;
    Ok(after)
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
            hold(tx)?;
            let changed = tx.run(
                "update users set suspended_at = $2, version = version + 1
                 where id = $1 and suspended_at is null",
                params![&id, audit.now],
            )?;
            if changed > 0 {
                let ended = sessions::end_of_user(tx, &id)?;
                someone_still_can_enter(tx)?;
                let detail = json!({ "sessions_ended": ended });
                audit.record(tx, Event::UserSuspended, Some(&id), &detail)?;
            }
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
            let changed = tx.run(
                "update users set suspended_at = null, version = version + 1
                 where id = $1 and suspended_at is not null",
                params![&id],
            )?;
            if changed > 0 {
                audit.record(tx, Event::UserReinstated, Some(&id), &json!({}))?;
            }
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
                let form = UserForm {
                    name: before.name.clone(),
                    email: before.email.clone(),
                    okta_login: Some(now.clone()),
                    role: before.role,
                };
                let valid = form.validate().map_err(Error::Invalid)?;
                unless_taken(tx, &id, &valid)?;
                store::update(tx, &id, &valid, before.version)?;
            }
            store::clear_attention(tx, &id)?;
            let after = store::find(tx, &id)?;
            let detail = json!({ "attention": attention, "after": shown(&after) });
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
    app.db
        .write(move |tx| {
            hold(tx)?;
            let before = store::find(tx, &id)?;
            store::remove(tx, &before)?;
            someone_still_can_enter(tx)?;
            audit.record(tx, Event::UserDeleted, Some(&id), &shown(&before))
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn unless_taken(tx: &mut Tx<'_>, id: &str, valid: &ValidUser) -> Result<(), Error> {
    tx.lock(Lock::Logins)?;
    let errors = store::clashes(tx, id, valid)?;
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors))
    }
}

/// What the audit log keeps of a user.
pub(super) fn shown(user: &User) -> Value {
    json!({
        "name": user.name,
        "email": user.email,
        "okta_login": user.okta_login,
        "role": user.role,
    })
}
