//! An administrator's password, behind the quiet link, while Okta is off. Members have none.

use api::{ProblemCode, SignedInBy};
use axum::{
    extract::{Request, State},
    response::Response,
};
use serde_json::json;

use super::quiet::{Door, Knock, Opening};
use crate::{
    App, access,
    audit::{Audit, Event},
    connections,
    db::{Lock, Tx, params},
    error::Error,
    limits::{guesses, refusals},
};

const DOOR: Door = Door {
    field: "password",
    longest: 1024,
    query: "",
};

/// What there is for an e-mail.
enum Account {
    /// Okta is on: no password enters, so none is verified.
    PasswordsOff,
    /// No administrator with a password who may enter.
    Unknown,
    Known {
        id: String,
        name: String,
        password_hash: String,
    },
}

/// `POST /auth/password`: signs an administrator in, or says the same for every wrong try.
pub(crate) async fn sign_in(State(app): State<App>, request: Request) -> Result<Response, Error> {
    let mut knock = DOOR.open(&app, request).await?;
    let mut audit = access::nobody(&app, &knock.parts);
    if app.limits.pass_password(knock.address).is_err() {
        return refuse(&app, &knock, audit, "too_many").await;
    }
    let email = knock.email.clone();
    let account = app.db.peek(move |tx| account(tx, email.as_ref())).await?;
    let (stored, who) = match account {
        Account::PasswordsOff => return refuse(&app, &knock, audit, "refused").await,
        Account::Unknown => (None, None),
        Account::Known {
            id,
            name,
            password_hash,
        } => (Some(password_hash), Some((id, name))),
    };
    if let Some(email) = &knock.email {
        guesses::delay(&app, email, audit.now).await;
    }
    let password = std::mem::take(&mut knock.word);
    let fits = app.passwords.verify(password, stored).await?;
    match who {
        Some((id, name)) if fits => {
            audit.actor_id = Some(id);
            audit.actor_name = name;
            enter(&app, &knock, audit).await
        }
        Some(_) | None => {
            count(&app, &knock, &audit).await?;
            refuse(&app, &knock, audit, "refused").await
        }
    }
}

fn account(tx: &mut Tx<'_>, email: Option<&api::Email>) -> Result<Account, Error> {
    if connections::okta(tx)?.now.is_some() {
        return Ok(Account::PasswordsOff);
    }
    let row = tx.row(
        "select id, name, password_hash from users
         where email = $1 and role = 'admin' and suspended_at is null
           and password_hash is not null",
        params![email.map_or("", api::Email::as_str)],
    )?;
    let Some(mut row) = row else {
        return Ok(Account::Unknown);
    };
    Ok(Account::Known {
        id: row.text()?,
        name: row.text()?,
        password_hash: row.text()?,
    })
}

/// Counts a wrong password. Whether there is such an administrator is asked when a notice is due, and not before.
async fn count(app: &App, knock: &Knock, audit: &Audit) -> Result<(), Error> {
    let Some(email) = knock.email.clone() else {
        return Ok(());
    };
    let count = app.limits.guesses.count(&email, audit.now);
    if count == 0 || !count.is_multiple_of(guesses::MANY) {
        return Ok(());
    }
    let audit = audit.clone();
    app.db
        .write(move |tx| guesses::notify(tx, &audit, &email, count))
        .await
}

async fn refuse(app: &App, knock: &Knock, audit: Audit, notice: &str) -> Result<Response, Error> {
    let email = knock.email.as_ref().map(api::Email::as_str);
    refusals::note(app, audit, Event::PasswordRefused, email).await?;
    metrics::counter!("sso_passwords_total", "outcome" => "refused").increment(1);
    Ok(DOOR.back(&knock.return_to, notice))
}

async fn enter(app: &App, knock: &Knock, audit: Audit) -> Result<Response, Error> {
    let opening = Opening::new(app, &knock.parts, audit.now, SignedInBy::Password);
    let opened = app
        .db
        .write(move |tx| {
            let user_id = audit.actor_id.clone().ok_or(ProblemCode::Internal)?;
            // Verifying took a while: whoever was barred meanwhile stays out.
            tx.share(Lock::Connections)?;
            tx.share(Lock::Administrators)?;
            if connections::okta(tx)?.now.is_some() {
                return Ok(None);
            }
            let still = tx.row(
                "select 1 from users where id = $1 and role = 'admin' and suspended_at is null",
                params![&user_id],
            )?;
            if still.is_none() {
                return Ok(None);
            }
            opening.write(tx, &audit)?;
            audit.record(tx, Event::PasswordAccepted, Some(&user_id), &json!({}))?;
            Ok(Some(opening))
        })
        .await?;
    let Some(opening) = opened else {
        return Ok(DOOR.back(&knock.return_to, "refused"));
    };
    metrics::counter!("sso_passwords_total", "outcome" => "accepted").increment(1);
    Ok(opening.answer(&knock.return_to))
}
