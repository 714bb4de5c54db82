//! Users: made by an administrator, Inactive until they come through Okta.

mod act;
mod bonds;
mod bulk;
mod change;
mod csv;
mod cursor;
mod entering;
mod export;
mod find;
mod import;
mod jobs;
mod list;
mod show;
mod source;
mod store;
#[cfg(test)]
pub(crate) mod tests;
mod unconfirmed;
mod walk;
mod words;
mod written;

use api::User;
use axum::Json;

use crate::{
    db::{Tx, params},
    error::Error,
};

pub(crate) use act::set_role;
pub(crate) use bonds::{bring_back_bonds, drop_bonds_aside, put_bonds_aside, unbind_all};
pub(crate) use bulk::{
    apply as apply_bulk, begin as begin_bulk, count, show as show_bulk, undo as undo_bulk,
};
pub(crate) use change::{
    accept, confirm_identity, create, delete, edit, reinstate, suspend, unlink,
};
pub(crate) use entering::{administrator_through_okta, hold, someone_still_can_enter};
pub(crate) use export::{export, parts as export_parts};
pub use import::AT_ONCE as IMPORTED_AT_ONCE;
pub(crate) use import::{
    apply as apply_import, bad_csv, begin as begin_import, import, invalid_rows,
    load as load_import, run as run_import, show as show_import, start as start_import,
};
pub(crate) use jobs::{forget as forget_jobs, list as jobs, resume};
pub(crate) use list::list;
pub(crate) use show::{end_session, end_sessions, show};
pub(crate) use store::{arrived, clear_attention, counts, find, insert, note_attention, role};
pub(crate) use unconfirmed::{
    confirm as confirm_unconfirmed, confirmed_identity, drop_unconfirmed, may_claim,
    of_user as unconfirmed, request_confirmation,
};
pub(crate) use words::VERSION as WORDED;
pub(crate) use written::{add_up, of as words_of, put_domain, write_missing};

/// The user as an answer, with the version for the next change.
pub(crate) type Answer = Json<User>;

/// By what a user is found in what is recorded.
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) okta_login: Option<String>,
}

/// The user whose e-mail, Okta login or id this is.
pub(crate) fn named(tx: &mut Tx<'_>, words: &str) -> Result<Option<Named>, Error> {
    let lowered = words.to_ascii_lowercase();
    for sql in [
        "select id, email, okta_login from users where email = $1",
        "select id, email, okta_login from users where okta_login = $1",
        "select id, email, okta_login from users where id = $1",
    ] {
        if let Some(mut row) = tx.row(sql, params![&lowered])? {
            return Ok(Some(Named {
                id: row.text()?,
                email: row.text()?,
                okta_login: row.opt_text()?,
            }));
        }
    }
    Ok(None)
}
