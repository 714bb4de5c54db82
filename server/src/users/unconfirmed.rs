//! Okta accounts that wait for a person's word before they become an administrator's: refused at a sign-in, or shown by
//! their own test sign-in. A confirmed one is linked at its next sign-in.
//!
//! It must not know who confirms, nor how they proved who they are.

use api::{
    ProblemCode, Provider, User, UtcMillis,
    users::{ConfirmIdentity, UnconfirmedIdentity},
};
use serde_json::json;

use super::{act, hold, someone_still_can_enter, store};
use crate::{
    audit::{Audit, Event},
    db::{Tx, params},
    error::Error,
    oidc::{ConnectionConfig, Person},
};

/// The user whose account this is by a person's word, while the link is still to be made.
pub(crate) fn confirmed_identity(
    tx: &mut Tx<'_>,
    provider: Provider,
    issuer: &str,
    sub: &str,
) -> Result<Option<User>, Error> {
    let row = tx.row(
        "select user_id from unconfirmed_identities
         where provider = $1 and issuer = $2 and sub = $3 and confirmed_at is not null",
        params![provider.code(), issuer, sub],
    )?;
    match row {
        Some(mut row) => store::find(tx, &row.text()?).map(Some),
        None => Ok(None),
    }
}

/// Notes an account that may become the user's; whether it is new. One that is confirmed already stays so.
pub(crate) fn request_confirmation(
    tx: &mut Tx<'_>,
    now: UtcMillis,
    config: &ConnectionConfig,
    person: &Person,
    user_id: &str,
) -> Result<bool, Error> {
    let (provider, login) = (config.provider.code(), person.names.logins().next());
    let login = login.map(api::OktaLogin::as_str);
    let made = tx.run(
        "insert into unconfirmed_identities (user_id, provider, issuer, sub, login, requested_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing",
        params![user_id, provider, &config.issuer, &person.sub, login, now],
    )?;
    if made == 0 {
        tx.run(
            "update unconfirmed_identities set login = $5, requested_at = $6
             where user_id = $1 and provider = $2 and issuer = $3 and sub = $4
               and confirmed_at is null",
            params![user_id, provider, &config.issuer, &person.sub, login, now],
        )?;
    }
    Ok(made > 0)
}

/// Whether an administrator can make the account of their test sign-in their own: neither of the two is linked there.
pub(crate) fn may_claim(
    tx: &mut Tx<'_>,
    config: &ConnectionConfig,
    person: &Person,
    user_id: &str,
) -> Result<bool, Error> {
    if config.provider != Provider::Okta || person.names.logins().next().is_none() {
        return Ok(false);
    }
    let linked = tx.row(
        "select 1 from identities
         where provider = $1 and issuer = $2 and (sub = $3 or user_id = $4)",
        params![config.provider.code(), &config.issuer, &person.sub, user_id],
    )?;
    Ok(linked.is_none())
}

/// The accounts that wait, newest first, at most five.
pub(crate) fn of_user(tx: &mut Tx<'_>, id: &str) -> Result<Vec<UnconfirmedIdentity>, Error> {
    let rows = tx.rows(
        "select issuer, sub, login, requested_at, confirmed_at
         from unconfirmed_identities
         where user_id = $1
         order by requested_at desc, sub
         limit 5",
        params![id],
    )?;
    rows.into_iter()
        .map(|mut row| {
            Ok(UnconfirmedIdentity {
                issuer: row.text()?,
                sub: row.text()?,
                login: row.opt_text()?,
                requested_at: row.int()?,
                confirmed_at: row.opt_int()?,
            })
        })
        .collect()
}

/// Confirms that an account is the user's: its login becomes their Okta login, and the next sign-in with it is linked.
/// Fails with *changed* where the account is not the one that was shown, or is linked to someone since; with the
/// field's fault where the login is another user's.
pub(crate) fn confirm(
    tx: &mut Tx<'_>,
    audit: &Audit,
    id: &str,
    shown: &ConfirmIdentity,
) -> Result<bool, Error> {
    hold(tx)?;
    let before = store::find(tx, id)?;
    let provider = Provider::Okta.code();
    let row = tx.row(
        "select login, confirmed_at from unconfirmed_identities
         where user_id = $1 and provider = $2 and issuer = $3 and sub = $4",
        params![id, provider, &shown.issuer, &shown.sub],
    )?;
    let Some(mut row) = row else {
        return Err(ProblemCode::Changed.into());
    };
    let (login, confirmed_at) = (row.opt_text()?, row.opt_int()?);
    if confirmed_at.is_some() {
        return Ok(false);
    }
    let taken = tx.row(
        "select 1 from identities
         where provider = $1 and issuer = $2 and (sub = $3 or user_id = $4)
         union all
         select 1 from unconfirmed_identities
         where provider = $1 and issuer = $2 and sub = $3 and confirmed_at is not null",
        params![provider, &shown.issuer, &shown.sub, id],
    )?;
    if taken.is_some() {
        return Err(ProblemCode::Changed.into());
    }
    let mut form = act::form(&before);
    form.okta_login = login.or(form.okta_login);
    let valid = form.validate().map_err(Error::Invalid)?;
    act::unless_taken(tx, id, &valid)?;
    store::update(tx, id, &valid, before.version)?;
    // One account is confirmed at a time: another that was before is not what the administrator means now.
    tx.run(
        "delete from unconfirmed_identities
         where user_id = $1 and provider = $2 and issuer = $3 and sub <> $4",
        params![id, provider, &shown.issuer, &shown.sub],
    )?;
    tx.run(
        "update unconfirmed_identities set confirmed_at = $5, confirmed_by = $6
         where user_id = $1 and provider = $2 and issuer = $3 and sub = $4",
        params![
            id,
            provider,
            &shown.issuer,
            &shown.sub,
            audit.now,
            &audit.actor_name
        ],
    )?;
    someone_still_can_enter(tx)?;
    let after = store::find(tx, id)?;
    let detail = json!({
        "issuer": shown.issuer,
        "sub": shown.sub,
        "before": act::shown(&before),
        "after": act::shown(&after),
    });
    audit.record(tx, Event::IdentityConfirmed, Some(id), &detail)?;
    Ok(true)
}

/// Forgets what waited for a user at an issuer: they are linked.
pub(crate) fn drop_unconfirmed(
    tx: &mut Tx<'_>,
    id: &str,
    provider: Provider,
    issuer: &str,
) -> Result<(), Error> {
    tx.run(
        "delete from unconfirmed_identities
         where user_id = $1 and provider = $2 and issuer = $3",
        params![id, provider.code(), issuer],
    )
    .map(drop)
}

/// Forgets all that waited for a user: their Okta login is another, or they were unlinked. Refused where a confirmed
/// account was the last way in of an administrator.
pub(super) fn drop_all(tx: &mut Tx<'_>, id: &str) -> Result<(), Error> {
    let dropped = tx.run(
        "delete from unconfirmed_identities where user_id = $1",
        params![id],
    )?;
    if dropped > 0 {
        someone_still_can_enter(tx)?;
    }
    Ok(())
}
