//! What is done to a user, inside a transaction, with its rules: the same from a page, in bulk, out of a file and on
//! the host. Each says whether anything changed.
//!
//! It must not know who asks, nor how.

use api::{
    ProblemCode, Provider, Role, User, UserForm,
    users::{Attention, ValidUser},
};
use serde_json::{Value, json};

use super::{hold, someone_still_can_enter, store, unconfirmed, written::Words};
use crate::{
    audit::{Audit, Event},
    break_glass, connections,
    db::{Lock, Tx, params},
    error::Error,
    ids, sessions,
};

/// Makes a user, Inactive until they come through Okta.
pub(super) fn create(tx: &mut Tx<'_>, audit: &Audit, valid: &ValidUser) -> Result<User, Error> {
    unless_taken(tx, "", valid)?;
    let mut words = Words::default();
    let user = insert(tx, audit, valid, &mut words)?;
    words.write(tx)?;
    Ok(user)
}

/// The same where it was looked already, under the lock, whether e-mail and login are free. Who makes many writes down
/// at last under what they are found.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    audit: &Audit,
    valid: &ValidUser,
    words: &mut Words,
) -> Result<User, Error> {
    let id = ids::uuid(audit.now, &audit.entropy);
    store::insert_unwritten(tx, &id, valid, None, audit.now, words)?;
    let user = store::find(tx, &id)?;
    audit.record(tx, Event::UserCreated, Some(&id), &shown(&user))?;
    Ok(user)
}

/// Gives a user another role: what the command on the host does, by the same rules.
pub(crate) fn set_role(
    tx: &mut Tx<'_>,
    audit: &Audit,
    id: &str,
    role: Role,
) -> Result<User, Error> {
    let mut form = form(&store::find(tx, id)?);
    form.role = role;
    let valid = form.validate().map_err(Error::Invalid)?;
    replace(tx, audit, id, None, &valid)
}

/// Replaces what can be edited, if nobody else did since `version`.
pub(super) fn replace(
    tx: &mut Tx<'_>,
    audit: &Audit,
    id: &str,
    version: Option<i64>,
    valid: &ValidUser,
) -> Result<User, Error> {
    hold(tx)?;
    let before = store::find(tx, id)?;
    if version.is_some_and(|version| before.version != version) {
        return Err(ProblemCode::Changed.into());
    }
    unless_taken(tx, id, valid)?;
    store::update(tx, id, valid, before.version)?;
    let login = valid.okta_login.as_ref().map(api::OktaLogin::as_str);
    if login != before.okta_login.as_deref() {
        unconfirmed::drop_all(tx, id)?;
        unbind_from(tx, audit, id, &[Provider::Okta])?;
    }
    if valid.email.as_str() != before.email {
        // They know people by it: another address is another account there.
        unbind_from(tx, audit, id, &[Provider::Google, Provider::Microsoft])?;
    }
    if valid.role != before.role {
        // A session that was made for the old role does not carry over.
        sessions::end_of_user(tx, id)?;
        if valid.role == Role::Member {
            // Members have no way in of their own, and a later promotion revives none.
            tx.run(
                "update users set password_hash = null where id = $1",
                params![id],
            )?;
            break_glass::void(tx, id)?;
        }
    }
    someone_still_can_enter(tx)?;
    let after = store::find(tx, id)?;
    audit.record(
        tx,
        Event::UserChanged,
        Some(id),
        &json!({ "before": shown(&before), "after": shown(&after) }),
    )?;
    Ok(after)
}

/// Bars a user and ends their sessions everywhere.
pub(super) fn suspend(tx: &mut Tx<'_>, audit: &Audit, id: &str) -> Result<bool, Error> {
    hold(tx)?;
    let changed = tx.run(
        "update users set suspended_at = $2, version = version + 1
         where id = $1 and suspended_at is null",
        params![id, audit.now],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    let ended = sessions::end_of_user(tx, id)?;
    someone_still_can_enter(tx)?;
    let detail = json!({ "sessions_ended": ended });
    audit.record(tx, Event::UserSuspended, Some(id), &detail)?;
    Ok(true)
}

/// Lets a suspended user back in.
pub(super) fn reinstate(tx: &mut Tx<'_>, audit: &Audit, id: &str) -> Result<bool, Error> {
    let changed = tx.run(
        "update users set suspended_at = null, version = version + 1
         where id = $1 and suspended_at is not null",
        params![id],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    audit.record(tx, Event::UserReinstated, Some(id), &json!({}))?;
    Ok(true)
}

/// Takes what did not fit as it was shown: a changed login becomes the Okta login.
pub(super) fn accept(
    tx: &mut Tx<'_>,
    audit: &Audit,
    id: &str,
    seen: &Attention,
) -> Result<bool, Error> {
    let before = store::find(tx, id)?;
    let Some(attention) = &before.attention else {
        return Ok(false);
    };
    if attention != seen {
        return Err(ProblemCode::Changed.into());
    }
    match attention {
        Attention::LoginChanged { now } => {
            let mut form = form(&before);
            form.okta_login = Some(now.clone());
            let valid = form.validate().map_err(Error::Invalid)?;
            unless_taken(tx, id, &valid)?;
            store::update(tx, id, &valid, before.version)?;
        }
        Attention::SecondIdentity { .. } => {}
    }
    store::clear_attention(tx, id)?;
    let after = store::find(tx, id)?;
    let detail = json!({ "attention": attention, "after": shown(&after) });
    audit.record(tx, Event::UserAccepted, Some(id), &detail)?;
    Ok(true)
}

/// Takes the bond to Okta away and ends the sessions that came through it. What other providers know of the user
/// stays: they go by the e-mail, and come to nothing while Okta is on.
pub(super) fn unlink(tx: &mut Tx<'_>, audit: &Audit, id: &str) -> Result<bool, Error> {
    unconfirmed::drop_all(tx, id)?;
    unbind_from(tx, audit, id, &[Provider::Okta])
}

/// The same where the organization moved to another Okta: a bond to the one in use is a good one, and stays, unless
/// another account there claimed the login since.
pub(super) fn relink(tx: &mut Tx<'_>, audit: &Audit, user: &User) -> Result<bool, Error> {
    let is_good = match user.attention {
        Some(Attention::SecondIdentity { .. }) => false,
        Some(Attention::LoginChanged { .. }) | None => {
            let issuer = connections::okta_issuer(tx)?.unwrap_or_default();
            !store::is_bound_elsewhere(tx, &user.id, &issuer)?
        }
    };
    if is_good {
        return Ok(false);
    }
    unlink(tx, audit, &user.id)
}

fn unbind_from(
    tx: &mut Tx<'_>,
    audit: &Audit,
    id: &str,
    providers: &[Provider],
) -> Result<bool, Error> {
    hold(tx)?;
    let (mut from, mut ended) = (Vec::new(), 0);
    for provider in providers {
        ended += sessions::end_of_user_at(tx, id, *provider)?;
        if take_bond(tx, id, *provider)? {
            from.push(provider.code());
        }
    }
    if from.is_empty() {
        return said_of_sessions(tx, audit, id, ended);
    }
    if from.contains(&Provider::Okta.code()) {
        someone_still_can_enter(tx)?;
    }
    let detail = json!({ "providers": from, "sessions_ended": ended });
    audit.record(tx, Event::UserUnbound, Some(id), &detail)?;
    Ok(true)
}

/// Takes the bond to a provider away, with what a proof said of it: that is no way in any more. Whether there was one.
pub(super) fn take_bond(tx: &mut Tx<'_>, id: &str, provider: Provider) -> Result<bool, Error> {
    let issuers = match provider {
        Provider::Okta => store::okta_issuers(tx, id)?,
        Provider::Google | Provider::Microsoft => Vec::new(),
    };
    let was_bound = store::unlink(tx, id, provider)?;
    if was_bound {
        connections::unprove(tx, id, &issuers)?;
    }
    Ok(was_bound)
}

/// Removes a user with their sessions and identities.
pub(super) fn delete(tx: &mut Tx<'_>, audit: &Audit, id: &str) -> Result<(), Error> {
    hold(tx)?;
    let before = store::find(tx, id)?;
    store::remove(tx, &before)?;
    someone_still_can_enter(tx)?;
    audit.record(tx, Event::UserDeleted, Some(id), &shown(&before))
}

/// Ends every session of a user.
pub(super) fn sign_out(tx: &mut Tx<'_>, audit: &Audit, id: &str) -> Result<bool, Error> {
    let ended = sessions::end_of_user(tx, id)?;
    said_of_sessions(tx, audit, id, ended)
}

/// Whether sessions ended, which is a change of its own.
fn said_of_sessions(tx: &mut Tx<'_>, audit: &Audit, id: &str, ended: u64) -> Result<bool, Error> {
    if ended == 0 {
        return Ok(false);
    }
    let detail = json!({ "sessions_ended": ended });
    audit.record(tx, Event::SessionsEnded, Some(id), &detail)?;
    Ok(true)
}

/// A user, unless somebody changed them since `version`: what a job does is taken back as far as it is still as the job
/// left it.
pub(super) fn unchanged(tx: &mut Tx<'_>, id: &str, version: i64) -> Result<User, Error> {
    let user = store::find(tx, id)?;
    if user.version == version {
        Ok(user)
    } else {
        Err(ProblemCode::Changed.into())
    }
}

/// Refuses an e-mail or an Okta login that is somebody else's.
pub(super) fn unless_taken(tx: &mut Tx<'_>, id: &str, valid: &ValidUser) -> Result<(), Error> {
    tx.lock(Lock::Logins)?;
    let errors = store::clashes(tx, id, valid)?;
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(errors))
    }
}

/// What can be edited of a user, as it is now.
pub(super) fn form(user: &User) -> UserForm {
    UserForm {
        name: user.name.clone(),
        email: user.email.clone(),
        okta_login: user.okta_login.clone(),
        role: user.role,
    }
}

/// What the audit log keeps of a user.
pub(super) fn shown(user: &User) -> Value {
    json!({
        "name": user.name,
        "email": user.email,
        "okta_login": user.okta_login,
        "role": user.role,
    })
}
