//! The SQL of users and their identities.

use api::{
    FieldError, FieldFault, ProblemCode, Provider, Role, Status, User, UtcMillis,
    users::{Attention, Identity, ValidUser},
};

use super::{
    words,
    written::{self, Words},
};
use crate::{
    db::{Row, Tx, params},
    error::Error,
};

#[cfg(test)]
pub(super) use lookup::{DOMAINS, WITH_IDS};
pub(crate) use lookup::{arrived, counts};
pub(super) use lookup::{count_in, domains, with_ids};

mod lookup;

/// The columns of a user, in the order in which [`read`] takes them.
macro_rules! columns {
    () => {
        "id, name, email, okta_login, role, suspended_at, attention, attention_detail, okta_since,
         first_sign_in_at, last_sign_in_at, created_at, version"
    };
}
pub(super) use columns;

pub(crate) fn role(code: &str) -> Result<Role, Error> {
    match code {
        "admin" => Ok(Role::Admin),
        "member" => Ok(Role::Member),
        other => Err(Error::Internal(format!("a user has the role {other:?}"))),
    }
}

pub(super) fn role_code(role: Role) -> &'static str {
    match role {
        Role::Admin => "admin",
        Role::Member => "member",
    }
}

pub(super) fn read(row: &mut Row) -> Result<User, Error> {
    let (id, name, email, okta_login) = (row.text()?, row.text()?, row.text()?, row.opt_text()?);
    let role = role(&row.text()?)?;
    let suspended = row.opt_int()?.is_some();
    let (kind, detail) = (row.opt_text()?, row.opt_text()?);
    let attention = attention(kind.as_deref(), detail)?;
    let bound = row.opt_int()?.is_some();
    let status = if suspended {
        Status::Suspended
    } else if attention.is_some() {
        Status::NeedsAttention
    } else if bound {
        Status::Active
    } else {
        Status::Inactive
    };
    Ok(User {
        id,
        name,
        email,
        okta_login,
        status,
        role,
        attention,
        first_sign_in_at: row.opt_int()?,
        last_sign_in_at: row.opt_int()?,
        created_at: row.int()?,
        version: row.int()?,
    })
}

fn attention(kind: Option<&str>, detail: Option<String>) -> Result<Option<Attention>, Error> {
    let detail = detail.unwrap_or_default();
    match kind {
        None => Ok(None),
        Some("login_changed") => Ok(Some(Attention::LoginChanged { now: detail })),
        Some("second_identity") => Ok(Some(Attention::SecondIdentity { sub: detail })),
        Some(other) => Err(Error::Internal(format!(
            "a user has the attention {other:?}"
        ))),
    }
}

/// One user, or 404.
pub(crate) fn find(tx: &mut Tx<'_>, id: &str) -> Result<User, Error> {
    let mut row = tx
        .row(
            concat!("select ", columns!(), " from users where id = $1"),
            params![id],
        )?
        .ok_or(ProblemCode::NotFound)?;
    read(&mut row)
}

pub(super) fn find_with_password(tx: &mut Tx<'_>, id: &str) -> Result<(User, bool), Error> {
    let user = find(tx, id)?;
    let row = tx.row(
        "select 1 from users where id = $1 and password_hash is not null",
        params![id],
    )?;
    Ok((user, row.is_some()))
}

pub(super) fn identities(tx: &mut Tx<'_>, user_id: &str) -> Result<Vec<Identity>, Error> {
    tx.rows(
        "select provider, issuer, sub, linked_at from identities where user_id = $1
         order by linked_at",
        params![user_id],
    )?
    .iter_mut()
    .map(|row| {
        let code = row.text()?;
        Ok(Identity {
            provider: Provider::from_code(&code)
                .ok_or_else(|| Error::Internal(format!("an identity of {code:?}")))?,
            issuer: row.text()?,
            sub: row.text()?,
            linked_at: row.int()?,
        })
    })
    .collect()
}

/// Makes a user. A value that somebody else has is named as its field's fault.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    id: &str,
    user: &ValidUser,
    password_hash: Option<&str>,
    now: UtcMillis,
) -> Result<(), Error> {
    let mut words = Words::default();
    insert_unwritten(tx, id, user, password_hash, now, &mut words)?;
    words.write(tx)
}

/// The same, for whoever makes many: under what they are found is added to `words`, to be written in one go.
pub(super) fn insert_unwritten(
    tx: &mut Tx<'_>,
    id: &str,
    user: &ValidUser,
    password_hash: Option<&str>,
    now: UtcMillis,
    words: &mut Words,
) -> Result<(), Error> {
    tx.run(
        "insert into users
           (id, name, email, okta_login, role, sort_name, password_hash, created_at, worded,
            version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
        params![
            id,
            &user.name,
            user.email.as_str(),
            user.okta_login.as_ref().map(api::OktaLogin::as_str),
            role_code(user.role),
            &user.name.to_lowercase(),
            password_hash,
            now,
            words::VERSION
        ],
    )
    .map_err(taken)?;
    let login = user.okta_login.as_ref().map(api::OktaLogin::as_str);
    words.add(id, &user.name, user.email.as_str(), login);
    Ok(())
}

/// Replaces what can be edited, if nobody else did since `version`.
pub(super) fn update(
    tx: &mut Tx<'_>,
    id: &str,
    user: &ValidUser,
    version: i64,
) -> Result<(), Error> {
    let before = find(tx, id)?;
    let changed = tx
        .run(
            "update users
             set name = $2, email = $3, okta_login = $4, role = $5, sort_name = $6,
                 version = version + 1
             where id = $1 and version = $7",
            params![
                id,
                &user.name,
                user.email.as_str(),
                user.okta_login.as_ref().map(api::OktaLogin::as_str),
                role_code(user.role),
                &user.name.to_lowercase(),
                version
            ],
        )
        .map_err(taken)?;
    if changed == 0 {
        return Err(ProblemCode::Changed.into());
    }
    let login = user.okta_login.as_ref().map(api::OktaLogin::as_str);
    let is_known_by = (
        before.name.as_str(),
        before.email.as_str(),
        before.okta_login.as_deref(),
    );
    if is_known_by == (user.name.as_str(), user.email.as_str(), login) {
        return Ok(());
    }
    written::take_away(tx, &before)?;
    written::put(tx, id, &user.name, user.email.as_str(), login)
}

/// Removes a user with what hangs on them.
pub(super) fn remove(tx: &mut Tx<'_>, user: &User) -> Result<(), Error> {
    tx.run("delete from users where id = $1", params![&user.id])?;
    written::take_away(tx, user)
}

fn taken(error: Error) -> Error {
    error
        .or_taken("users_email", "email")
        .or_taken("users_okta_login", "okta_login")
}

/// What of these values another user has, by field. A login that is another's e-mail, or an e-mail
/// that is another's login, would let one sign in as the other.
pub(super) fn clashes(
    tx: &mut Tx<'_>,
    id: &str,
    user: &ValidUser,
) -> Result<Vec<FieldError>, Error> {
    let email = user.email.as_str();
    let login = user
        .okta_login
        .as_ref()
        .map_or(email, |login| login.as_str());
    let (mut email_taken, mut login_fault) = (false, None);
    let others = tx.rows(
        "select email, okta_login from users
         where id <> $1 and (email in ($2, $3) or okta_login in ($2, $3))",
        params![id, email, login],
    )?;
    for mut other in others {
        let (others_email, others_login) = (other.text()?, other.opt_text()?);
        let others_login = others_login.as_deref();
        email_taken |= others_email == email || others_login == Some(email);
        if others_login == Some(login) {
            login_fault = Some(FieldFault::Taken);
        } else if others_email == login {
            login_fault = login_fault.or(Some(FieldFault::TakenByEmail));
        }
    }
    // One value in both fields is one fault.
    let login_fault = login_fault.filter(|_| login != email);
    let email_fault = email_taken.then_some(FieldFault::Taken);
    Ok([("email", email_fault), ("okta_login", login_fault)]
        .into_iter()
        .filter_map(|(field, fault)| Some(FieldError::new(field, fault?)))
        .collect())
}

/// Where a user is bound at Okta, put aside or not.
pub(super) fn okta_issuers(tx: &mut Tx<'_>, id: &str) -> Result<Vec<String>, Error> {
    let rows = tx.rows(
        "select issuer from identities where user_id = $1 and provider = 'okta'
         union select issuer from suspended_identities where user_id = $1 and provider = 'okta'",
        params![id],
    )?;
    rows.into_iter().map(|mut row| row.text()).collect()
}

/// Whether a user is bound at another Okta than the one with this issuer.
pub(super) fn is_bound_elsewhere(tx: &mut Tx<'_>, id: &str, issuer: &str) -> Result<bool, Error> {
    let row = tx.row(
        "select 1 from identities
         where user_id = $1 and provider = 'okta' and issuer <> $2",
        params![id, issuer],
    )?;
    Ok(row.is_some())
}

/// Removes the bond to a provider, and the one that a trial put aside: the next sign-in makes a new
/// one. Whether there was one.
pub(super) fn unlink(tx: &mut Tx<'_>, id: &str, provider: Provider) -> Result<bool, Error> {
    let mut removed = 0;
    for sql in [
        "delete from identities where user_id = $1 and provider = $2",
        "delete from suspended_identities where user_id = $1 and provider = $2",
    ] {
        removed += tx.run(sql, params![id, provider.code()])?;
    }
    match provider {
        Provider::Okta => {
            tx.run(
                "update users set okta_since = null, attention = null, attention_detail = null
                 where id = $1",
                params![id],
            )?;
        }
        // Neither the status nor what needs attention comes from them.
        Provider::Google | Provider::Microsoft => {}
    }
    Ok(removed > 0)
}

/// Notes that something does not fit; whether that was news. Of a second account an administrator has to hear, whatever
/// the first one does meanwhile.
pub(crate) fn note_attention(
    tx: &mut Tx<'_>,
    id: &str,
    attention: &Attention,
) -> Result<bool, Error> {
    let (kind, detail) = match attention {
        Attention::LoginChanged { now } => ("login_changed", now),
        Attention::SecondIdentity { sub } => ("second_identity", sub),
    };
    let changed = tx.run(
        "update users set attention = $2, attention_detail = $3
         where id = $1
           and (attention is null
                or attention = $2 and attention_detail <> $3
                or attention <> $2 and attention <> 'second_identity')",
        params![id, kind, detail],
    )?;
    Ok(changed > 0)
}

/// Nothing needs attention any more.
pub(crate) fn clear_attention(tx: &mut Tx<'_>, id: &str) -> Result<(), Error> {
    tx.run(
        "update users set attention = null, attention_detail = null where id = $1",
        params![id],
    )
    .map(drop)
}

/// The ids of the administrators who are suspended.
pub(super) fn suspended_administrators(tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
    let rows = tx.rows(
        "select id from users where role = 'admin' and suspended_at is not null",
        &[],
    )?;
    rows.into_iter().map(|mut row| row.text()).collect()
}
