//! Users: made by an administrator, Inactive until they come through Okta.

mod bulk;
mod change;
mod csv;
mod cursor;
mod export;
mod find;
mod import;
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

pub(crate) use bulk::{begin as begin_bulk, count, resume, show as show_bulk, undo as undo_bulk};
pub(crate) use change::{accept, create, delete, edit, reinstate, suspend};
pub(crate) use export::export;
pub(crate) use import::{
    apply as apply_import, bad_rows, begin as begin_import, resume_imports, show as show_import,
};
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

/// Whether an administrator could still enter with a password if this user could not.
fn someone_else_can_enter(tx: &mut crate::db::Tx<'_>, id: &str) -> Result<bool, Error> {
    let row = tx.row(
        "select 1 from users
         where role = 'admin' and suspended_at is null and password_hash is not null
           and id <> $1
         limit 1",
        crate::db::params![id],
    )?;
    Ok(row.is_some())
}

/// The user as an answer, with the version for the next change.
pub(crate) type Answer = Json<User>;

#[cfg(test)]
mod tests;
