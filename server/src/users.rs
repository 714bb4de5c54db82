//! Users: made by an administrator, Inactive until they come through Okta.

mod change;
mod cursor;
mod find;
mod list;
mod show;
mod source;
mod store;
mod walk;
mod words;
mod written;

use api::User;
use axum::Json;

use crate::error::Error;

pub(crate) use change::{accept, create, delete, edit, reinstate, suspend};
pub(crate) use list::list;
pub(crate) use show::{end_session, end_sessions, show, unbind};
pub(crate) use store::{clear_attention, counts, find, insert, note_attention, role, unbind_all};
pub(crate) use written::{add_up, write_missing};

/// Whether at least one administrator can still enter with a password.
pub(crate) fn someone_can_enter(tx: &mut crate::db::Tx<'_>) -> Result<bool, Error> {
    let mut row = tx
        .row(
            "select count(*) from users
             where role = 'admin' and suspended_at is null and password_hash is not null",
            &[],
        )?
        .ok_or(api::ProblemCode::Internal)?;
    Ok(row.count()? > 0)
}

/// The user as an answer, with the version for the next change.
pub(crate) type Answer = Json<User>;

#[cfg(test)]
mod tests;
