//! One user: who they are, where they are signed in, what happened; and what ends of that.

use api::users::{UserDetail, UserEvent};
use axum::{Json, extract::State, http::StatusCode};
use serde_json::json;

use super::{act, store, unconfirmed};
use crate::{
    App,
    access::Admin,
    audit::Event,
    body::{Segment, Segments},
    db::{Tx, params},
    error::Error,
    sessions, sign_ins,
};

pub(super) const HISTORY: &str = "select id, at, event, actor_name
     from audit_events
     where target = $1
     order by seq desc
     limit 20";

/// `GET /api/users/{id}`: one user with what belongs to them.
pub(crate) async fn show(
    State(app): State<App>,
    _: Admin,
    Segment(id): Segment,
) -> Result<Json<UserDetail>, Error> {
    let now = app.clock.now();
    let detail = app
        .db
        .read(move |tx| {
            let (user, has_password) = store::find_with_password(tx, &id)?;
            Ok(UserDetail {
                identities: store::identities(tx, &id)?,
                unconfirmed: unconfirmed::of_user(tx, &id)?,
                attempts: sign_ins::of_user(tx, &id, now)?,
                sessions: sessions::of_user(tx, &id, now)?,
                history: history(tx, &id)?,
                has_password,
                user,
            })
        })
        .await?;
    Ok(Json(detail))
}

fn history(tx: &mut Tx<'_>, id: &str) -> Result<Vec<UserEvent>, Error> {
    let rows = tx.rows(HISTORY, params![id])?;
    rows.into_iter()
        .map(|mut row| {
            Ok(UserEvent {
                id: row.text()?,
                at: row.int()?,
                event: row.text()?,
                actor: row.text()?,
            })
        })
        .collect()
}

/// `DELETE /api/users/{id}/sessions`: signs the user out everywhere.
pub(crate) async fn end_sessions(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
) -> Result<StatusCode, Error> {
    let audit = actor.audit();
    app.db
        .write(move |tx| {
            store::find(tx, &id)?;
            act::sign_out(tx, &audit, &id).map(drop)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/users/{id}/sessions/{session}`: ends one of the user's sessions.
pub(crate) async fn end_session(
    State(app): State<App>,
    Admin(actor): Admin,
    Segments((id, session)): Segments,
) -> Result<StatusCode, Error> {
    let audit = actor.audit();
    app.db
        .write(move |tx| {
            if !sessions::end_one_of_user(tx, &id, &session)? {
                return Err(api::ProblemCode::NotFound.into());
            }
            let detail = json!({ "sessions_ended": 1 });
            audit.record(tx, Event::SessionsEnded, Some(&id), &detail)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
