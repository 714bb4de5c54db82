//! Which user an account at the provider is.
//!
//! The identity link `(connection, issuer, sub)` decides. Only where there is none yet the login or the e-mail is
//! compared, once: what is compared is a setting of the connection.

use api::{
    Cause, Email, OktaLogin, Provider, Role, SignedInBy, User, UtcMillis, connections::MatchBy,
    users::Attention,
};
use serde_json::json;

use crate::{
    audit::{Audit, Event},
    db::{Tx, params},
    error::Error,
    ids,
    notifications::{self, Notification},
    oidc::{Claimed, ConnectionConfig, EmailIs, Person},
    sessions, users,
};

/// Who it is, or why no user is.
pub(crate) enum Match {
    /// A user; whether they are linked already.
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
    let linked = tx.row(
        "select user_id from identities where provider = $1 and issuer = $2 and sub = $3",
        params![config.provider.code(), &config.issuer, &person.sub],
    )?;
    if let Some(mut row) = linked {
        let user = users::find(tx, &row.text()?)?;
        return Ok(unless_suspended(user, true));
    }
    let confirmed = users::confirmed_identity(tx, config.provider, &config.issuer, &person.sub)?;
    let is_confirmed = confirmed.is_some();
    let found = match confirmed {
        Some(user) => Ok(user),
        None => candidate(tx, config, person)?,
    };
    let user = match found {
        Ok(user) => user,
        Err((cause, user)) => return Ok(Match::Nobody { cause, user }),
    };
    // A link to another issuer goes when this one is enabled.
    let other = tx.row(
        "select sub from identities where user_id = $1 and provider = $2 and issuer = $3",
        params![&user.id, config.provider.code(), &config.issuer],
    )?;
    if let Some(mut other) = other {
        if other.text()? == person.sub {
            // Made by another first sign-in of theirs since we looked.
            return Ok(unless_suspended(user, true));
        }
        return Ok(Match::Nobody {
            cause: Cause::LinkedToOther,
            user: Some(user),
        });
    }
    if !is_confirmed && !is_their_own(config.provider, person, &user) {
        return Ok(Match::Nobody {
            cause: Cause::IdentityUnconfirmed,
            user: Some(user),
        });
    }
    Ok(unless_suspended(user, false))
}

/// Whether an account may become this user's without a person's word. An administrator's account has to sign in at Okta
/// with their Okta login: a claim that Okta's administrators map, or an e-mail that people edit, is not enough.
fn is_their_own(provider: Provider, person: &Person, user: &User) -> bool {
    match (provider, user.role) {
        (Provider::Okta, Role::Admin) => {
            let own = person.names.own_login.as_ref().map(OktaLogin::as_str);
            own.is_some() && own == user.okta_login.as_deref()
        }
        // Google and Microsoft vouch for the address that is compared.
        (Provider::Okta, Role::Member) | (Provider::Google | Provider::Microsoft, _) => true,
    }
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

/// The user by the one value that is compared, or the cause, with the user that it concerns.
type Candidate = Result<User, (Cause, Option<User>)>;

fn candidate(
    tx: &mut Tx<'_>,
    config: &ConnectionConfig,
    person: &Person,
) -> Result<Candidate, Error> {
    let names = &person.names;
    match (config.provider, config.match_by) {
        (Provider::Okta, MatchBy::OktaLogin) => {
            let login = match usable(&names.login) {
                Ok(login) => login.as_str(),
                Err(cause) => return Ok(Err((cause, None))),
            };
            match by(tx, BY_LOGIN, login)? {
                Some(user) => Ok(Ok(user)),
                None => no_login(tx, person).map(Err),
            }
        }
        (Provider::Okta, MatchBy::Email) => by_email(tx, config, person),
        (Provider::Google, _) => {
            let email = match usable(&names.email) {
                Ok(email) => email,
                Err(cause) => return Ok(Err((cause, None))),
            };
            let user = by(tx, BY_EMAIL, email.as_str())?;
            match (names.email_is, user) {
                (EmailIs::Verified, Some(user)) => Ok(Ok(user)),
                (EmailIs::Verified, None) => Ok(Err((Cause::UnknownUser, None))),
                (EmailIs::Unknown | EmailIs::Unverified, user) => {
                    Ok(Err((Cause::EmailUnverified, user)))
                }
            }
        }
        (Provider::Microsoft, _) => {
            let login = match usable(&names.login) {
                Ok(login) => login.as_str(),
                Err(cause) => return Ok(Err((cause, None))),
            };
            let user = by(tx, BY_EMAIL, login)?;
            Ok(user.ok_or((Cause::UnknownUser, None)))
        }
    }
}

/// By the e-mail that Okta says. An account whose login is assigned to another user is theirs: it is not matched.
fn by_email(
    tx: &mut Tx<'_>,
    config: &ConnectionConfig,
    person: &Person,
) -> Result<Candidate, Error> {
    let email = match usable(&person.names.email) {
        Ok(email) => email,
        Err(cause) => return Ok(Err((cause, None))),
    };
    let Some(user) = by(tx, BY_EMAIL, email.as_str())? else {
        return Ok(Err((Cause::UnknownUser, None)));
    };
    match person.names.email_is {
        EmailIs::Unverified if !config.allow_unverified_email => {
            return Ok(Err((Cause::EmailUnverified, Some(user))));
        }
        EmailIs::Unverified | EmailIs::Unknown | EmailIs::Verified => {}
    }
    for login in person.names.logins() {
        let owner = by(tx, BY_LOGIN, login.as_str())?;
        if owner.is_some_and(|owner| owner.id != user.id) {
            return Ok(Err((Cause::Ambiguous, Some(user))));
        }
    }
    Ok(Ok(user))
}

fn usable<T>(claimed_login: &Claimed<T>) -> Result<&T, Cause> {
    match claimed_login {
        Claimed::Is(value) => Ok(value),
        Claimed::Unusable => Err(Cause::EmailUnusable),
        Claimed::Absent => Err(Cause::EmailMissing),
    }
}

const BY_LOGIN: &str = "select id from users where okta_login = $1";
const BY_EMAIL: &str = "select id from users where email = $1";

fn by(tx: &mut Tx<'_>, sql: &'static str, value: &str) -> Result<Option<User>, Error> {
    match tx.row(sql, params![value])? {
        Some(mut row) => Ok(Some(users::find(tx, &row.text()?)?)),
        None => Ok(None),
    }
}

/// No user has the login; one with that e-mail and no login is worth telling the administrator.
fn no_login(tx: &mut Tx<'_>, person: &Person) -> Result<(Cause, Option<User>), Error> {
    let logins = person.names.logins();
    let emails = logins
        .filter_map(|login| Email::parse(login.as_str()).ok())
        .chain(person.names.email.value().cloned());
    for email in emails {
        let row = tx.row(
            "select id from users where email = $1 and okta_login is null",
            params![email.as_str()],
        )?;
        if let Some(mut row) = row {
            return Ok((Cause::NoLogin, Some(users::find(tx, &row.text()?)?)));
        }
    }
    Ok((Cause::UnknownUser, None))
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
        "insert into identities (id, user_id, provider, issuer, sub, linked_at)
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
    users::drop_unconfirmed(tx, &user.id, config.provider, &config.issuer)?;
    audit.record(
        tx,
        Event::UserBound,
        Some(&user.id),
        &json!({
            "provider": config.provider.code(),
            "issuer": config.issuer,
            "sub": person.sub,
            "login": person.names.shown(),
            "match_by": (config.provider == Provider::Okta).then(|| config.match_by.code()),
        }),
    )?;
    if config.provider == Provider::Okta && config.match_by == MatchBy::Email {
        let notice = Notification::LinkedByEmail {
            provider: config.provider,
            who: user,
            login: person.names.shown(),
        };
        notifications::tell(tx, audit, &format!("{} {}", user.id, person.sub), notice)?;
    }
    Ok(true)
}

/// An account was refused as an administrator: it waits for a person's confirmation, and administrators hear of it once.
pub(crate) fn note_unconfirmed(
    tx: &mut Tx<'_>,
    audit: &Audit,
    config: &ConnectionConfig,
    person: &Person,
    user: &User,
) -> Result<(), Error> {
    let is_new = users::request_confirmation(tx, audit.now, config, person, &user.id)?;
    if !is_new {
        return Ok(());
    }
    let notice = Notification::IdentityUnconfirmed {
        provider: config.provider,
        who: user,
        login: person.names.shown(),
    };
    notifications::tell(tx, audit, &format!("{} {}", user.id, person.sub), notice).map(drop)
}

/// A bound account came back with another login or e-mail than is on record: they are let in, and
/// the administrator sees it. Once it fits again there is nothing left to see.
pub(crate) fn note_changes(
    tx: &mut Tx<'_>,
    audit: &Audit,
    config: &ConnectionConfig,
    person: &Person,
    user: &User,
) -> Result<(), Error> {
    let provider = config.provider;
    match provider {
        Provider::Okta => {}
        // Accepting a change assigns an Okta login, so only Okta can ask for it.
        Provider::Google | Provider::Microsoft => return Ok(()),
    }
    let detail = match (changed(config.match_by, person, user), &user.attention) {
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

/// What Okta says now, if it is not what is on record. A claim that did not come says nothing.
fn changed<'a>(match_by: MatchBy, person: &'a Person, user: &User) -> Option<&'a str> {
    let names = &person.names;
    let assigned = user.okta_login.as_deref();
    let email = names.email.value().map(Email::as_str);
    let logins = names.logins().map(OktaLogin::as_str);
    // An e-mail that was accepted as the login counts as one.
    let has_login = logins.chain(email).any(|login| Some(login) == assigned);
    match match_by {
        MatchBy::OktaLogin if !has_login => names.logins().next().map(OktaLogin::as_str),
        // Where the e-mail is the login here, an e-mail that moved on is news although the login stays.
        MatchBy::OktaLogin => {
            let email = email?;
            (assigned == Some(user.email.as_str()) && email != user.email).then_some(email)
        }
        MatchBy::Email if has_login => None,
        MatchBy::Email => email.filter(|email| *email != user.email),
    }
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
pub(crate) fn note_sign_in(tx: &mut Tx<'_>, user: &User, now: UtcMillis) -> Result<(), Error> {
    tx.run(
        "update users
         set first_sign_in_at = coalesce(first_sign_in_at, $2), last_sign_in_at = $2
         where id = $1",
        params![&user.id, now],
    )
    .map(drop)
}

/// When the person signed in, as far as the provider says. Okta can let in by a session of hours ago: without its word
/// nothing is recent. Google and Microsoft never say it, and a sign-in through them counts from when it came here.
pub(super) fn authenticated_at(provider: Provider, person: &Person, now: UtcMillis) -> UtcMillis {
    match (person.auth_time, provider) {
        (Some(at), _) => at.min(now),
        (None, Provider::Okta) => 0,
        (None, Provider::Google | Provider::Microsoft) => now,
    }
}

/// The way in that a session through this provider took.
pub(crate) fn way_in(provider: Provider) -> SignedInBy {
    provider.into()
}
