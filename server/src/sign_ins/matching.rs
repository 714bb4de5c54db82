//! Which user an account at the provider is.
//!
//! The bond `(connection, issuer, sub)` decides. Only where there is none yet the login or the
//! e-mail is compared, once, and becomes the bond.

use api::{Cause, Email, OktaLogin, Provider, SignedInBy, User, users::Attention};
use serde_json::json;

use crate::{
    audit::{Audit, Event},
    db::{Tx, params},
    error::Error,
    ids,
    oidc::{ConnectionConfig, Person},
    sessions, users,
};

/// Who it is, or why nobody.
pub(crate) enum Match {
    /// A user; whether the bond is there already.
    User { user: User, bound: bool },
    /// Refused; the user that it concerns, for the administrator only.
    Nobody { cause: Cause, user: Option<User> },
}

/// Finds the user without changing anything.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    config: &ConnectionConfig,
    person: &Person,
) -> Result<Match, Error> {
    let bound = tx.row(
        "select user_id from identities where provider = $1 and issuer = $2 and sub = $3",
        params![config.provider.code(), &config.issuer, &person.sub],
    )?;
    if let Some(mut row) = bound {
        let user = users::find(tx, &row.text()?)?;
        return Ok(unless_suspended(user, true));
    }
    let mut fitting = candidates(tx, config.provider, person)?;
    fitting.dedup_by(|a, b| a.id == b.id);
    let user = match (fitting.pop(), fitting.is_empty()) {
        (None, _) => return nobody(tx, config.provider, person),
        (Some(user), false) => {
            return Ok(Match::Nobody {
                cause: Cause::Ambiguous,
                user: Some(user),
            });
        }
        (Some(user), true) => user,
    };
    // A bond to another issuer goes when this one is switched on.
    let bond = tx.row(
        "select sub from identities where user_id = $1 and provider = $2 and issuer = $3",
        params![&user.id, config.provider.code(), &config.issuer],
    )?;
    let Some(mut bond) = bond else {
        return Ok(unless_suspended(user, false));
    };
    if bond.text()? == person.sub {
        // Made by another first sign-in of theirs since we looked.
        return Ok(unless_suspended(user, true));
    }
    Ok(Match::Nobody {
        cause: Cause::BoundToOther,
        user: Some(user),
    })
}

fn unless_suspended(user: User, bound: bool) -> Match {
    if user.status == api::Status::Suspended {
        Match::Nobody {
            cause: Cause::UserSuspended,
            user: Some(user),
        }
    } else {
        Match::User { user, bound }
    }
}

/// The users that the provider's words fit. At Okta that is the assigned login; elsewhere the
/// e-mail, which the relying party lets through only where the provider vouches for it.
fn candidates(tx: &mut Tx<'_>, provider: Provider, person: &Person) -> Result<Vec<User>, Error> {
    let mut found = Vec::new();
    for login in &person.logins {
        let row = match provider {
            Provider::Okta => tx.row(
                "select id from users where okta_login = $1",
                params![login.as_str()],
            )?,
            Provider::Google | Provider::Microsoft => tx.row(
                "select id from users where email = $1",
                params![login.as_str()],
            )?,
        };
        if let Some(mut row) = row {
            found.push(users::find(tx, &row.text()?)?);
        }
    }
    Ok(found)
}

/// Nobody fits; a user with that e-mail but without a login is worth telling the administrator.
fn nobody(tx: &mut Tx<'_>, provider: Provider, person: &Person) -> Result<Match, Error> {
    if provider == Provider::Okta {
        for email in person
            .logins
            .iter()
            .filter_map(|login| Email::parse(login.as_str()).ok())
        {
            let row = tx.row(
                "select id from users where email = $1 and okta_login is null",
                params![email.as_str()],
            )?;
            if let Some(mut row) = row {
                return Ok(Match::Nobody {
                    cause: Cause::NoLogin,
                    user: Some(users::find(tx, &row.text()?)?),
                });
            }
        }
    }
    Ok(Match::Nobody {
        cause: Cause::UnknownUser,
        user: None,
    })
}

/// Makes the bond. Of simultaneous first sign-ins one makes it; the others find it made. False
/// when meanwhile the user was bound to somebody else.
pub(crate) fn bind(
    tx: &mut Tx<'_>,
    audit: &Audit,
    config: &ConnectionConfig,
    person: &Person,
    user: &User,
) -> Result<bool, Error> {
    let made = tx.run(
        "insert into identities (id, user_id, provider, issuer, sub, bound_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing",
        params![
            &ids::uuid(audit.now, &audit.entropy),
            &user.id,
            config.provider.code(),
            &config.issuer,
            &person.sub,
            audit.now
        ],
    )?;
    if made == 0 {
        let row = tx.row(
            "select user_id from identities where provider = $1 and issuer = $2 and sub = $3",
            params![config.provider.code(), &config.issuer, &person.sub],
        )?;
        return match row {
            Some(mut row) => Ok(row.text()? == user.id),
            None => Ok(false),
        };
    }
    if config.provider == Provider::Okta {
        tx.run(
            "update users set okta_since = $2 where id = $1",
            params![&user.id, audit.now],
        )?;
        // Whoever entered another way before is not carried over to the person who is proved now.
        for provider in [Provider::Google, Provider::Microsoft] {
            sessions::end_of_user_at(tx, &user.id, provider)?;
        }
    }
    audit.record(
        tx,
        Event::UserBound,
        Some(&user.id),
        &json!({
            "provider": config.provider.code(),
            "issuer": config.issuer,
            "sub": person.sub,
            "login": person.logins.first().map(OktaLogin::as_str),
        }),
    )?;
    Ok(true)
}

/// A bound account came back with another login or e-mail than is on record: they are let in, and
/// the administrator sees it. Once it fits again there is nothing left to see.
pub(crate) fn note_changes(
    tx: &mut Tx<'_>,
    audit: &Audit,
    provider: Provider,
    person: &Person,
    user: &User,
) -> Result<(), Error> {
    match provider {
        Provider::Okta => {}
        // Accepting a change assigns an Okta login, so only Okta can ask for it.
        Provider::Google | Provider::Microsoft => return Ok(()),
    }
    let detail = match (changed(person, user), &user.attention) {
        (Some(now), _) => {
            let now = now.to_owned();
            if !users::note_attention(tx, &user.id, &Attention::LoginChanged { now: now.clone() })?
            {
                return Ok(());
            }
            json!({ "provider": provider.code(), "login": now })
        }
        (None, Some(Attention::LoginChanged { .. })) => {
            users::clear_attention(tx, &user.id)?;
            json!({ "provider": provider.code(), "fits_again": true })
        }
        (None, Some(Attention::SecondIdentity { .. }) | None) => return Ok(()),
    };
    audit.record(tx, Event::UserNeedsAttention, Some(&user.id), &detail)
}

/// What Okta says now, if it is not what is on record.
fn changed<'a>(person: &'a Person, user: &User) -> Option<&'a str> {
    let assigned = user.okta_login.as_deref();
    let mut logins = person.logins.iter();
    if !logins.any(|login| Some(login.as_str()) == assigned) {
        return person.logins.first().map(OktaLogin::as_str);
    }
    // Where the e-mail is the login here, an e-mail that moved on is news although the login stays.
    let email = person.email.as_ref().map(Email::as_str)?;
    (assigned == Some(user.email.as_str()) && email != user.email).then_some(email)
}

/// Somebody else at the provider claimed this user's login.
pub(crate) fn note_second_identity(
    tx: &mut Tx<'_>,
    audit: &Audit,
    person: &Person,
    user: &User,
) -> Result<(), Error> {
    let attention = Attention::SecondIdentity {
        sub: person.sub.clone(),
    };
    if users::note_attention(tx, &user.id, &attention)? {
        let detail = json!({ "sub": person.sub });
        audit.record(tx, Event::UserNeedsAttention, Some(&user.id), &detail)?;
    }
    Ok(())
}

/// The user's sign-in is noted; the version stays, since nothing that is edited changed.
pub(crate) fn note_sign_in(tx: &mut Tx<'_>, user: &User, now: api::UtcMillis) -> Result<(), Error> {
    tx.run(
        "update users
         set first_sign_in_at = coalesce(first_sign_in_at, $2), last_sign_in_at = $2
         where id = $1",
        params![&user.id, now],
    )
    .map(drop)
}

/// The way in that a session through this provider took.
pub(crate) fn way_in(provider: Provider) -> SignedInBy {
    provider.into()
}
