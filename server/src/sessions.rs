//! Sessions: hashed in the database, 30 minutes idle, 8 hours in all, gone everywhere at once.

use api::{Provider, Role, SignedInBy, UtcMillis, users::UserSession};
use axum::{Json, extract::State, http::HeaderMap};

use crate::{
    App,
    access::{Actor, Member},
    cookies,
    db::{Row, Tx, params},
    error::Error,
    ids,
};

/// Without a request for so long a session ends.
const IDLE: UtcMillis = 30 * 60 * 1000;
/// It ends then in any case.
const ABSOLUTE: UtcMillis = 8 * 60 * 60 * 1000;
/// A session's last request is written down at most this often.
const TOUCH: UtcMillis = 60 * 1000;

/// The word for sessions that a code opened.
const BREAK_GLASS: &str = "break_glass";

/// A session that holds, with its user.
pub(crate) struct Live {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
    pub(crate) signed_in_by: SignedInBy,
    pub(crate) signed_in_at: UtcMillis,
    pub(crate) expires_at: UtcMillis,
    /// Of the last sign-in or confirmation of identity in it; 0: not known.
    pub(crate) authenticated_at: UtcMillis,
    /// Its name: what every page shows comes with the one read that every request does.
    pub(crate) organization: String,
}

/// What a new session is made of.
pub(crate) struct NewSession<'a> {
    pub(crate) user_id: &'a str,
    pub(crate) signed_in_by: SignedInBy,
    /// When the person signed in, which can be before this session; 0: not known.
    pub(crate) authenticated_at: UtcMillis,
    pub(crate) issuer: Option<&'a str>,
    /// Sealed for [`id_token_place`] of the session's id.
    pub(crate) id_token: Option<&'a [u8]>,
    pub(crate) address: &'a str,
    pub(crate) user_agent: Option<&'a str>,
}

/// `GET /api/session`: who is signed in.
pub(crate) async fn show(
    State(app): State<App>,
    Member(actor): Member,
) -> Result<Json<api::Session>, Error> {
    shown(&app, actor).await
}

/// Who is signed in, as the console reads it.
pub(crate) async fn shown(app: &App, actor: Actor) -> Result<Json<api::Session>, Error> {
    let (trial, reauthenticate_by) = match actor.role {
        Role::Admin => {
            let (id, user_id, now) = (
                actor.session_id.clone(),
                actor.user_id.clone(),
                app.clock.now(),
            );
            app.db
                .peek(move |tx| {
                    let trial = crate::connections::trial_seen(tx, &id)?;
                    Ok((trial, crate::sign_ins::open_methods(tx, &user_id, now)?))
                })
                .await?
        }
        Role::Member => (None, Vec::new()),
    };
    Ok(Json(api::Session {
        user_id: actor.user_id,
        name: actor.name,
        email: actor.email,
        role: actor.role,
        organization: actor.organization,
        signed_in_by: actor.signed_in_by,
        expires_at: actor.expires_at,
        authenticated_at: actor.authenticated_at,
        reauthenticate_by,
        okta_simulator: app.settings.practice.clone(),
        trial,
    }))
}

/// The session of a request's cookie, if it holds at this moment. `is_use`: the request keeps it
/// from ending for want of use.
pub(crate) async fn find(
    app: &App,
    headers: &HeaderMap,
    is_use: bool,
) -> Result<Option<Live>, Error> {
    let Some(token) = cookies::get(headers, cookies::SESSION) else {
        return Ok(None);
    };
    let hash = ids::hash(token);
    let row = app
        .db
        .peek(move |tx| {
            tx.row(
                "select s.id, s.user_id, u.name, u.email, u.role, s.signed_in_by, s.created_at,
                        s.expires_at, s.authenticated_at,
                        (select name from organization where id = 1), s.last_seen_at
                 from sessions s
                 join users u on u.id = s.user_id
                 where s.token_hash = $1
                   and u.suspended_at is null",
                params![&hash],
            )
        })
        .await?;
    let Some(mut row) = row else { return Ok(None) };
    let live = read(&mut row)?;
    let seen = row.int()?;
    let now = app.clock.now();
    if now >= live.expires_at || now >= seen + IDLE {
        return Ok(None);
    }
    if is_use && now >= seen + TOUCH {
        touch(app, live.id.clone(), now);
    }
    Ok(Some(live))
}

fn read(row: &mut Row) -> Result<Live, Error> {
    Ok(Live {
        id: row.text()?,
        user_id: row.text()?,
        name: row.text()?,
        email: row.text()?,
        role: crate::users::role(&row.text()?)?,
        signed_in_by: by_from_code(&row.text()?)?,
        signed_in_at: row.int()?,
        expires_at: row.int()?,
        authenticated_at: row.int()?,
        organization: row.opt_text()?.unwrap_or_default(),
    })
}

/// Notes the request beside the answer: losing it to a crash only ends the session sooner.
fn touch(app: &App, id: String, now: UtcMillis) {
    let db = app.db.clone();
    tokio::spawn(async move {
        let touched = db
            .write(move |tx| {
                tx.run(
                    "update sessions set last_seen_at = $2 where id = $1 and last_seen_at < $2",
                    params![&id, now],
                )
            })
            .await;
        if let Err(error) = touched {
            error.log("-");
        }
    });
}

/// Makes a session in the transaction of the sign-in. `token` goes into the cookie and nowhere else.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    id: &str,
    token: &str,
    now: UtcMillis,
    new: &NewSession<'_>,
) -> Result<(), Error> {
    tx.run(
        "insert into sessions
           (id, token_hash, user_id, signed_in_by, issuer, id_token, created_at, last_seen_at,
            expires_at, address, user_agent, authenticated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11)",
        params![
            id,
            &ids::hash(token),
            new.user_id,
            by_code(new.signed_in_by),
            new.issuer,
            new.id_token,
            now,
            now + ABSOLUTE,
            new.address,
            new.user_agent,
            new.authenticated_at
        ],
    )
    .map(drop)
}

/// Notes that the user of a session confirmed their identity in it; whether there is such a session.
pub(crate) fn confirm_identity(
    tx: &mut Tx<'_>,
    id: &str,
    user_id: &str,
    at: UtcMillis,
) -> Result<bool, Error> {
    let noted = tx.run(
        "update sessions
         set authenticated_at = case when authenticated_at < $3 then $3 else authenticated_at end
         where id = $1 and user_id = $2",
        params![id, user_id, at],
    )?;
    Ok(noted > 0)
}

/// Ends the session that a browser brings along when it signs in anew: an id that was known
/// before is worth nothing afterwards.
pub(crate) fn end_of_browser(tx: &mut Tx<'_>, token_hash: Option<&[u8; 32]>) -> Result<(), Error> {
    match token_hash {
        Some(hash) => tx
            .run("delete from sessions where token_hash = $1", params![hash])
            .map(drop),
        None => Ok(()),
    }
}

/// The hash of the session token that a request carries, whether it holds or not.
pub(crate) fn token_hash(headers: &HeaderMap) -> Option<[u8; 32]> {
    cookies::get(headers, cookies::SESSION).map(ids::hash)
}

/// The issuer that a session came through, if it came through one.
pub(crate) fn issuer(tx: &mut Tx<'_>, id: &str) -> Result<Option<String>, Error> {
    match tx.row("select issuer from sessions where id = $1", params![id])? {
        Some(mut row) => row.opt_text(),
        None => Ok(None),
    }
}

/// Ends one session; what signing out at the provider takes, if it came through one.
pub(crate) fn end(tx: &mut Tx<'_>, id: &str) -> Result<Option<Ended>, Error> {
    let row = tx.row(
        "delete from sessions where id = $1 returning signed_in_by, issuer, id_token",
        params![id],
    )?;
    let Some(mut row) = row else { return Ok(None) };
    let by = by_from_code(&row.text()?)?;
    let (issuer, id_token) = (row.opt_text()?, row.opt_blob()?);
    Ok(match (by, issuer, id_token) {
        (SignedInBy::Okta, Some(issuer), Some(id_token)) => Some(Ended { issuer, id_token }),
        _ => None,
    })
}

/// A session that came through Okta and has ended.
pub(crate) struct Ended {
    pub(crate) issuer: String,
    /// Sealed.
    pub(crate) id_token: Vec<u8>,
}

/// Ends every session of a user; how many there were.
pub(crate) fn end_of_user(tx: &mut Tx<'_>, user_id: &str) -> Result<u64, Error> {
    tx.run("delete from sessions where user_id = $1", params![user_id])
}

/// The sessions of a user that hold, newest first; at most a hundred.
pub(crate) fn of_user(
    tx: &mut Tx<'_>,
    user_id: &str,
    now: UtcMillis,
) -> Result<Vec<UserSession>, Error> {
    let rows = tx.rows(
        "select id, signed_in_by, created_at, last_seen_at, expires_at, address, user_agent
         from sessions
         where user_id = $1 and expires_at > $2 and last_seen_at > $3
         order by id desc
         limit 100",
        params![user_id, now, now - IDLE],
    )?;
    rows.into_iter()
        .map(|mut row| {
            Ok(UserSession {
                id: row.text()?,
                signed_in_by: by_from_code(&row.text()?)?,
                created_at: row.int()?,
                last_seen_at: row.int()?,
                expires_at: row.int()?,
                address: row.opt_text()?,
                user_agent: row.opt_text()?,
            })
        })
        .collect()
}

/// Ends one session of a user; whether it was there.
pub(crate) fn end_one_of_user(tx: &mut Tx<'_>, user_id: &str, id: &str) -> Result<bool, Error> {
    let ended = tx.run(
        "delete from sessions where id = $1 and user_id = $2",
        params![id, user_id],
    )?;
    Ok(ended > 0)
}

/// Ends the sessions of a user that came through a provider.
pub(crate) fn end_of_user_at(
    tx: &mut Tx<'_>,
    user_id: &str,
    provider: Provider,
) -> Result<u64, Error> {
    tx.run(
        "delete from sessions where user_id = $1 and signed_in_by = $2",
        params![user_id, provider.code()],
    )
}

/// Ends the sessions that came through a provider, but for the one that is acting.
pub(crate) fn end_of_provider(
    tx: &mut Tx<'_>,
    provider: Provider,
    but: &str,
) -> Result<u64, Error> {
    tx.run(
        "delete from sessions where signed_in_by = $1 and id <> $2",
        params![provider.code(), but],
    )
}

/// Removes sessions that have ended; how many.
pub(crate) fn purge(tx: &mut Tx<'_>, now: UtcMillis) -> Result<u64, Error> {
    tx.run("delete from sessions where expires_at <= $1", params![now])
}

/// What a sealed ID token belongs to.
pub(crate) fn id_token_place(session_id: &str) -> String {
    format!("session {session_id}")
}

fn by_code(by: SignedInBy) -> &'static str {
    match by {
        SignedInBy::Password => "password",
        SignedInBy::BreakGlass => BREAK_GLASS,
        SignedInBy::Okta => Provider::Okta.code(),
        SignedInBy::Google => Provider::Google.code(),
        SignedInBy::Microsoft => Provider::Microsoft.code(),
    }
}

fn by_from_code(code: &str) -> Result<SignedInBy, Error> {
    match Provider::from_code(code) {
        Some(provider) => Ok(provider.into()),
        None if code == BREAK_GLASS => Ok(SignedInBy::BreakGlass),
        None if code == "password" => Ok(SignedInBy::Password),
        None => Err(Error::Internal(format!("a session came by {code:?}"))),
    }
}
