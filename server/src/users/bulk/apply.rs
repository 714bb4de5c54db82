//! A bulk act on one user, in the worker's transaction: changed, as it was already, or refused.

use api::{
    OktaLogin, Role, Status, User,
    users::{BulkAct, ValidUser},
};
use serde_json::json;

use super::Doing;
use crate::{
    audit::{Audit, Event},
    db::{Lock, Tx, params},
    error::Error,
    sessions,
    users::{change, someone_still_can_enter, store},
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
    let outcome = match act(tx, audit, doing, item) {
        Err(Error::Refused(_) | Error::Invalid(_)) => {
            tx.run("rollback to savepoint item", &[])?;
            Outcome::Refused
        }
        outcome => outcome?,
    };
    tx.run("release savepoint item", &[])?;
    Ok(outcome)
}

fn act(tx: &mut Tx<'_>, audit: &Audit, doing: &Doing, item: &str) -> Result<Outcome, Error> {
    let (id, before) = item.split_once(' ').unwrap_or((item, ""));
    let user = store::find(tx, id)?;
    let is_undo = doing.undo_of.is_some();
    match doing.act {
        BulkAct::AssignLogin if is_undo => take_login(tx, audit, &user),
        BulkAct::AssignLogin => assign_login(tx, audit, &user),
        BulkAct::Suspend if is_undo => reinstate(tx, audit, &user),
        BulkAct::Suspend => suspend(tx, audit, &user),
        BulkAct::Reinstate if is_undo => suspend(tx, audit, &user),
        BulkAct::Reinstate => reinstate(tx, audit, &user),
        BulkAct::ChangeRole { role } => {
            let role = if is_undo {
                Role::from_code(before).unwrap_or(user.role)
            } else {
                role
            };
            change_role(tx, audit, &user, role)
        }
        BulkAct::SignOut => {
            let ended = sessions::end_of_user(tx, id)?;
            if ended == 0 {
                return Ok(Outcome::Same);
            }
            let detail = json!({ "sessions_ended": ended });
            audit.record(tx, Event::SessionsEnded, Some(id), &detail)?;
            Ok(Outcome::Changed(None))
        }
        BulkAct::Rebind => {
            if !store::unbind_okta(tx, id)? {
                return Ok(Outcome::Same);
            }
            let ended = sessions::end_of_user_at_okta(tx, id)?;
            someone_still_can_enter(tx)?;
            let detail = json!({ "sessions_ended": ended });
            audit.record(tx, Event::UserUnbound, Some(id), &detail)?;
            Ok(Outcome::Changed(None))
        }
    }
}

fn suspend(tx: &mut Tx<'_>, audit: &Audit, user: &User) -> Result<Outcome, Error> {
    if user.status == Status::Suspended {
        return Ok(Outcome::Same);
    }
    tx.run(
        "update users set suspended_at = $2, version = version + 1 where id = $1",
        params![&user.id, audit.now],
    )?;
    let ended = sessions::end_of_user(tx, &user.id)?;
    someone_still_can_enter(tx)?;
    let detail = json!({ "sessions_ended": ended });
    audit.record(tx, Event::UserSuspended, Some(&user.id), &detail)?;
    Ok(Outcome::Changed(None))
}

fn reinstate(tx: &mut Tx<'_>, audit: &Audit, user: &User) -> Result<Outcome, Error> {
    if user.status != Status::Suspended {
        return Ok(Outcome::Same);
    }
    tx.run(
        "update users set suspended_at = null, version = version + 1 where id = $1",
        params![&user.id],
    )?;
    audit.record(tx, Event::UserReinstated, Some(&user.id), &json!({}))?;
    Ok(Outcome::Changed(None))
}

fn change_role(tx: &mut Tx<'_>, audit: &Audit, user: &User, role: Role) -> Result<Outcome, Error> {
    if user.role == role {
        return Ok(Outcome::Same);
    }
    change::set_role(tx, audit, &user.id, role)?;
    Ok(Outcome::Changed(Some(user.role.code().to_owned())))
}

fn assign_login(tx: &mut Tx<'_>, audit: &Audit, user: &User) -> Result<Outcome, Error> {
    if user.okta_login.is_some() {
        return Ok(Outcome::Same);
    }
    let Ok(login) = OktaLogin::parse(&user.email) else {
        return Ok(Outcome::Refused);
    };
    set_login(tx, audit, user, Some(login))
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
    login: Option<OktaLogin>,
) -> Result<Outcome, Error> {
    let Ok(email) = api::Email::parse(&user.email) else {
        return Ok(Outcome::Refused);
    };
    let valid = ValidUser {
        name: user.name.clone(),
        email,
        okta_login: login,
        role: user.role,
    };
    tx.lock(Lock::Logins)?;
    if !store::clashes(tx, &user.id, &valid)?.is_empty() {
        return Ok(Outcome::Refused);
    }
    store::update(tx, &user.id, &valid, user.version)?;
    record(tx, audit, user)?;
    Ok(Outcome::Changed(None))
}

fn record(tx: &mut Tx<'_>, audit: &Audit, before: &User) -> Result<(), Error> {
    let after = store::find(tx, &before.id)?;
    audit.record(
        tx,
        Event::UserChanged,
        Some(&before.id),
        &json!({ "before": change::shown(before), "after": change::shown(&after) }),
    )
}
