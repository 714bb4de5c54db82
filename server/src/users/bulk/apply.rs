//! A bulk act on one user, in the worker's transaction: changed, as it was already, or refused.

use api::{Role, User, users::BulkAct};

use super::Doing;
use crate::{
    audit::Audit,
    db::{Tx, params},
    error::Error,
    users::{act, store},
};

/// What became of one user.
pub(super) enum Outcome {
    Same,
    /// With what it takes to take it back, if that is more than the id.
    Changed(Option<String>),
    Refused,
}

impl Outcome {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed(_) => "changed",
            Self::Refused => "refused",
        }
    }

    pub(super) fn before(&self) -> Option<&str> {
        match self {
            Self::Changed(before) => before.as_deref(),
            Self::Same | Self::Refused => None,
        }
    }

    pub(super) fn is_change(&self) -> bool {
        matches!(self, Self::Changed(_))
    }

    pub(super) fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused)
    }
}

/// Does it, or leaves everything as it was: one that is refused holds none of the others up.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    audit: &Audit,
    doing: &Doing,
    item: &str,
) -> Result<Outcome, Error> {
    tx.run("savepoint item", &[])?;
    let outcome = match done(tx, audit, doing, item) {
        Err(Error::Refused(_) | Error::Invalid(_)) => {
            tx.run("rollback to savepoint item", &[])?;
            Outcome::Refused
        }
        outcome => outcome?,
    };
    tx.run("release savepoint item", &[])?;
    Ok(outcome)
}

fn done(tx: &mut Tx<'_>, audit: &Audit, doing: &Doing, item: &str) -> Result<Outcome, Error> {
    let (id, before) = item.split_once(' ').unwrap_or((item, ""));
    let user = store::find(tx, id)?;
    let is_undo = doing.undo_of.is_some();
    let changed = match doing.act {
        BulkAct::AssignLogin if is_undo => return take_login(tx, audit, &user),
        BulkAct::AssignLogin => return assign_login(tx, audit, &user),
        BulkAct::ChangeRole { role } => {
            let role = if is_undo {
                Role::from_code(before).unwrap_or(user.role)
            } else {
                role
            };
            return change_role(tx, audit, &user, role);
        }
        BulkAct::Suspend if is_undo => act::reinstate(tx, audit, id)?,
        BulkAct::Suspend => act::suspend(tx, audit, id)?,
        BulkAct::Reinstate if is_undo => act::suspend(tx, audit, id)?,
        BulkAct::Reinstate => act::reinstate(tx, audit, id)?,
        BulkAct::SignOut => act::sign_out(tx, audit, id)?,
        BulkAct::Rebind => act::unbind(tx, audit, id)?,
    };
    Ok(if changed {
        Outcome::Changed(None)
    } else {
        Outcome::Same
    })
}

fn change_role(tx: &mut Tx<'_>, audit: &Audit, user: &User, role: Role) -> Result<Outcome, Error> {
    if user.role == role {
        return Ok(Outcome::Same);
    }
    act::set_role(tx, audit, &user.id, role)?;
    Ok(Outcome::Changed(Some(user.role.code().to_owned())))
}

fn assign_login(tx: &mut Tx<'_>, audit: &Audit, user: &User) -> Result<Outcome, Error> {
    if user.okta_login.is_some() {
        return Ok(Outcome::Same);
    }
    set_login(tx, audit, user, Some(user.email.clone()))
}

/// Only as long as it is the one that was assigned, and nobody came by it.
fn take_login(tx: &mut Tx<'_>, audit: &Audit, user: &User) -> Result<Outcome, Error> {
    let is_assigned = user.okta_login.as_deref() == Some(user.email.as_str());
    let bound = tx.row(
        "select 1 from identities where user_id = $1 and provider = 'okta'",
        params![&user.id],
    )?;
    if !is_assigned || bound.is_some() {
        return Ok(Outcome::Refused);
    }
    set_login(tx, audit, user, None)
}

fn set_login(
    tx: &mut Tx<'_>,
    audit: &Audit,
    user: &User,
    okta_login: Option<String>,
) -> Result<Outcome, Error> {
    let mut form = act::form(user);
    form.okta_login = okta_login;
    let valid = form.validate().map_err(Error::Invalid)?;
    act::replace(tx, audit, &user.id, Some(user.version), &valid)?;
    Ok(Outcome::Changed(None))
}
