//! Whether an administrator can enter: the rule that every change which could lock everybody out
//! asks before it is committed.
//!
//! While Okta is on, passwords are off: then somebody enters through Okta, or with a recovery code
//! that is left. While it is off, with a password or such a code. During a trial both have to hold,
//! since it may end by itself at any moment.

use api::ProblemCode;

use crate::{
    connections::{self, Before, Entrance},
    db::{Lock, Tx, params},
    error::Error,
};

/// Whoever changes administrators comes before or after whoever switches connections.
pub(crate) fn hold(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.share(Lock::Connections)?;
    tx.lock(Lock::Administrators)
}

/// Refuses what was just done if no administrator could enter after it.
pub(crate) fn someone_still_can_enter(tx: &mut Tx<'_>) -> Result<(), Error> {
    let okta = connections::okta(tx)?;
    let mut fine = can_enter(tx, okta.now)?;
    if let Before::Trial(before) = okta.before {
        fine &= can_enter(tx, before)?;
    }
    if fine {
        Ok(())
    } else {
        Err(ProblemCode::LastAdministrator.into())
    }
}

fn can_enter(tx: &mut Tx<'_>, okta: Option<Entrance>) -> Result<bool, Error> {
    if code_left(tx)? {
        return Ok(true);
    }
    match okta {
        Some(okta) => administrator_through_okta(tx, &okta),
        None => password_left(tx),
    }
}

/// Whether an administrator in good standing comes through Okta with these settings: linked at
/// their issuer, with a confirmed identity there, or the one whom their proof matched, as long as that has the login that it saw.
/// What a trial put aside comes back with the settings of before.
pub(crate) fn administrator_through_okta(tx: &mut Tx<'_>, okta: &Entrance) -> Result<bool, Error> {
    let (id, login) = match &okta.proved_by {
        Some(proved_by) => (proved_by.user_id.as_str(), proved_by.login.as_str()),
        None => ("", ""),
    };
    let row = tx.row(
        "select 1 from users u
         where u.role = 'admin' and u.suspended_at is null
           and (exists (select 1 from identities i
                        where i.user_id = u.id and i.provider = 'okta' and i.issuer = $1)
                or (cast($4 as bigint) = 1
                    and exists (select 1 from suspended_identities i
                                where i.user_id = u.id and i.provider = 'okta'
                                  and i.issuer = $1))
                or exists (select 1 from unconfirmed_identities i
                           where i.user_id = u.id and i.provider = 'okta' and i.issuer = $1
                             and i.confirmed_at is not null)
                or (u.id = $2 and u.okta_login = $3
                    and not exists (select 1 from identities i
                                    where i.user_id = u.id and i.provider = 'okta'
                                      and i.issuer = $1)))
         limit 1",
        params![&okta.issuer, id, login, i64::from(okta.is_of_before)],
    )?;
    Ok(row.is_some())
}

fn password_left(tx: &mut Tx<'_>) -> Result<bool, Error> {
    let row = tx.row(
        "select 1 from users
         where role = 'admin' and suspended_at is null and password_hash is not null
         limit 1",
        &[],
    )?;
    Ok(row.is_some())
}

fn code_left(tx: &mut Tx<'_>) -> Result<bool, Error> {
    let row = tx.row(
        "select 1 from break_glass b
         join users u on u.id = b.user_id
         where b.kind = 'recovery' and b.used_at is null
           and u.role = 'admin' and u.suspended_at is null
         limit 1",
        &[],
    )?;
    Ok(row.is_some())
}
