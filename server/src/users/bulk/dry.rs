//! What a dry run finds out: the same acts as in earnest, one after another, and nothing of them stays.
//!
//! What becomes of a user depends on the others only by who can still administer. So the administrators whom a turn
//! would have changed are kept with the job, and the next turn begins without them.

use api::{ProblemCode, Provider, Role, users::BulkAction};

use super::{Doing, apply::Outcome};
use crate::{
    db::{Tx, params},
    error::Error,
    users::act::take_bond,
};

/// Judges some users after those before them, and takes it all back.
pub(super) fn judge(
    tx: &mut Tx<'_>,
    doing: &Doing,
    act: impl FnOnce(&mut Tx<'_>) -> Result<Vec<Outcome>, Error>,
) -> Result<Vec<Outcome>, Error> {
    let mut judged = None;
    tx.attempt(|tx| -> Result<(), Error> {
        for id in &doing.administrators {
            go_without(tx, doing.action, id)?;
        }
        judged = Some(act(tx)?);
        // It is known now.
        Err(ProblemCode::Changed.into())
    })?;
    judged.ok_or_else(|| Error::Internal("a dry run was refused as a whole".into()))
}

/// As far as it matters to whoever asks who can still administer.
fn go_without(tx: &mut Tx<'_>, act: BulkAction, id: &str) -> Result<(), Error> {
    let sql = match act {
        BulkAction::Suspend => "update users set suspended_at = 0 where id = $1",
        BulkAction::ChangeRole { role: Role::Member } => {
            "update users set role = 'member' where id = $1"
        }
        BulkAction::Relink => return take_bond(tx, id, Provider::Okta).map(drop),
        BulkAction::AssignLogin
        | BulkAction::Reinstate
        | BulkAction::SignOut
        | BulkAction::ChangeRole { role: Role::Admin } => return Ok(()),
    };
    tx.run(sql, params![id]).map(drop)
}
