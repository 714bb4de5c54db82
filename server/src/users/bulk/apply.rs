//! A bulk act on one user, in the worker's transaction: changed, as it was already, or refused.

use api::{ProblemCode, Role, User, users::BulkAction};

use super::Doing;
use crate::{
    audit::Audit,
    db::Tx,
    error::Error,
    users::{act, store},
};

/// What became of one user.
pub(super) enum Outcome {
    Same,
    /// With what it takes to take it back: the version that it made, and the role of before.
    Changed {
        version: i64,
        role: Role,
    },
    Refused,
}

impl Outcome {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed { .. } => "changed",
            Self::Refused => "refused",
        }
    }

    pub(super) fn before(&self) -> Option<String> {
        match self {
            Self::Changed { version, role } => Some(format!("{version} {}", role.code())),
            Self::Same | Self::Refused => None,
        }
    }

    pub(super) fn is_change(&self) -> bool {
        matches!(self, Self::Changed { .. })
    }

    /// Whether it changes what an administrator could do.
    pub(super) fn is_of_administrator(&self) -> bool {
        match self {
            Self::Changed { role, .. } => *role == Role::Admin,
            Self::Same | Self::Refused => false,
        }
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
    let done = tx.attempt(|tx| {
        if doing.undo_of.is_some() {
            take_back(tx, audit, doing.action, item)
        } else {
            act_on(tx, audit, doing.action, item)
        }
    })?;
    Ok(done.unwrap_or(Outcome::Refused))
}

fn act_on(tx: &mut Tx<'_>, audit: &Audit, act: BulkAction, id: &str) -> Result<Outcome, Error> {
    let before = store::find(tx, id)?;
    let changed = match act {
        BulkAction::AssignLogin => assign_login(tx, audit, &before)?,
        BulkAction::ChangeRole { role } => set_role(tx, audit, &before, role)?,
        BulkAction::Suspend => act::suspend(tx, audit, id)?,
        BulkAction::Reinstate => act::reinstate(tx, audit, id)?,
        BulkAction::SignOut => act::sign_out(tx, audit, id)?,
        BulkAction::Relink => act::relink(tx, audit, &before)?,
    };
    if !changed {
        return Ok(Outcome::Same);
    }
    came_to_be(tx, &before)
}

/// As far as nobody changed the user since.
fn take_back(
    tx: &mut Tx<'_>,
    audit: &Audit,
    act: BulkAction,
    item: &str,
) -> Result<Outcome, Error> {
    let mut words = item.split(' ');
    let id = words.next().unwrap_or_default();
    let version = words.next().and_then(|it| it.parse().ok());
    let role = words.next().and_then(Role::from_code);
    let user = act::unchanged(tx, id, version.unwrap_or_default())?;
    let changed = match act {
        BulkAction::AssignLogin => take_login(tx, audit, &user)?,
        BulkAction::ChangeRole { .. } => set_role(tx, audit, &user, role.unwrap_or(user.role))?,
        BulkAction::Suspend => act::reinstate(tx, audit, id)?,
        BulkAction::Reinstate => act::suspend(tx, audit, id)?,
        BulkAction::SignOut | BulkAction::Relink => return Ok(Outcome::Refused),
    };
    if changed {
        came_to_be(tx, &user)
    } else {
        Ok(Outcome::Same)
    }
}

fn came_to_be(tx: &mut Tx<'_>, before: &User) -> Result<Outcome, Error> {
    Ok(Outcome::Changed {
        version: store::find(tx, &before.id)?.version,
        role: before.role,
    })
}

fn set_role(tx: &mut Tx<'_>, audit: &Audit, user: &User, role: Role) -> Result<bool, Error> {
    if user.role == role {
        return Ok(false);
    }
    act::set_role(tx, audit, &user.id, role)?;
    Ok(true)
}

fn assign_login(tx: &mut Tx<'_>, audit: &Audit, user: &User) -> Result<bool, Error> {
    if user.okta_login.is_some() {
        return Ok(false);
    }
    set_login(tx, audit, user, Some(user.email.clone()))
}

/// Only as long as nobody came by it; a bond that a trial put aside comes back with the settings of before.
fn take_login(tx: &mut Tx<'_>, audit: &Audit, user: &User) -> Result<bool, Error> {
    if !store::okta_issuers(tx, &user.id)?.is_empty() {
        return Err(ProblemCode::Changed.into());
    }
    set_login(tx, audit, user, None)
}

fn set_login(
    tx: &mut Tx<'_>,
    audit: &Audit,
    user: &User,
    okta_login: Option<String>,
) -> Result<bool, Error> {
    let mut form = act::form(user);
    form.okta_login = okta_login;
    let valid = form.validate().map_err(Error::Invalid)?;
    act::replace(tx, audit, &user.id, Some(user.version), &valid)?;
    Ok(true)
}
