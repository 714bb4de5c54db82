//! Users: made by an administrator, Inactive until they come through Okta.

mod bonds;
mod change;
mod entering;
mod list;
mod store;

use api::{User, users::UserDetail};
use axum::{Json, extract::State};

use crate::{App, access::Admin, body::Segment, error::Error, sign_ins};

pub(crate) use bonds::{bring_back_bonds, drop_bonds_aside, put_bonds_aside, unbind_all};
pub(crate) use change::{accept, create, delete, edit, reinstate, set_role, suspend};
pub(crate) use entering::{administrator_through_okta, hold, someone_still_can_enter};
pub(crate) use list::list;
pub(crate) use store::{clear_attention, counts, find, insert, note_attention, role};

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
            if let Some(mut row) = tx.row(sql, crate::db::params![&lowered])? {
                return row.text();
            }
        }
    }
    Ok(words.to_owned())
}
