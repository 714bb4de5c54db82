//! Users: made by an administrator, Inactive until they come through Okta.

mod change;
mod list;
mod store;

use api::{Role, User, users::UserDetail};
use axum::{Json, extract::State};

use crate::{App, access::Admin, body::Segment, db::params, error::Error, sign_ins};

pub(crate) use change::{accept, create, delete, edit, reinstate, suspend};
pub(crate) use list::list;
pub(crate) use store::{clear_attention, counts, find, insert, note_attention, role, unbind_all};

/// `GET /api/users/{id}`: one user with their identities and latest attempts.
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
                attempts: sign_ins::of_user(tx, &id, now)?,
                has_password,
                user,
            })
        })
        .await?;
    Ok(Json(detail))
}

/// Whether at least one administrator can still enter with a password.
pub(crate) fn someone_can_enter(tx: &mut crate::db::Tx<'_>) -> Result<bool, Error> {
    let mut row = tx
        .row(
            "select count(*) from users
             where role = $1 and suspended_at is null and password_hash is not null",
            params![store::role_code(Role::Admin)],
        )?
        .ok_or(api::ProblemCode::Internal)?;
    Ok(row.count()? > 0)
}

/// The user as an answer, with the version for the next change.
pub(crate) type Answer = Json<User>;

/// The id of the user whose e-mail or Okta login this is; else the words themselves.
pub(crate) fn named(tx: &mut crate::db::Tx<'_>, words: &str) -> Result<String, Error> {
    let lowered = words.to_ascii_lowercase();
    if !words.is_empty() {
        for sql in [
            "select id from users where email = $1",
            "select id from users where okta_login = $1",
        ] {
            if let Some(mut row) = tx.row(sql, params![&lowered])? {
                return row.text();
            }
        }
    }
    Ok(words.to_owned())
}
