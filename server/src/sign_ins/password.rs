//! An administrator's password, behind the quiet link, while Okta is off. Members have none.

use api::{ProblemCode, SignedInBy};
use axum::{
    extract::{Request, State},
    response::Response,
};
use serde_json::json;

use super::quiet::{self, Door, Knock, Opening};
use crate::{
    App, access,
    audit::{Audit, Event},
    connections,
    db::{Lock, params},
    error::Error,
};

const DOOR: Door = Door {
    field: "password",
    longest: 1024,
    query: "",
};

/// `POST /auth/password`: signs an administrator in, or says the same for every wrong try.
pub(crate) async fn sign_in(State(app): State<App>, request: Request) -> Result<Response, Error> {
    let mut knock = match DOOR.open(&app, request).await? {
        Ok(knock) => knock,
        Err(refused) => return Ok(refused),
    };
    let email = knock.email.take();
    let known = match email.clone() {
        None => None,
        Some(email) => {
            app.db
                .peek(move |tx| {
                    if connections::okta(tx)?.now.is_some() {
                        return Ok(None);
                    }
                    tx.row(
                        "select id, name, password_hash from users
                     where email = $1 and role = 'admin' and suspended_at is null
                       and password_hash is not null",
                        params![email.as_str()],
                    )?
                    .map(|mut row| Ok((row.text()?, row.text()?, row.text()?)))
                    .transpose()
                })
                .await?
        }
    };
    let stored = known.as_ref().map(|(_, _, hash)| hash.clone());
    let password = std::mem::take(&mut knock.word);
    let fits = app.passwords.verify(password, stored).await?;
    let mut audit = access::nobody(&app, &knock.parts);
    match known {
        Some((id, name, _)) if fits => {
            audit.actor_id = Some(id);
            audit.actor_name = name;
            enter(&app, &knock, audit).await
        }
        _ => {
            app.db
                .write(move |tx| {
                    let email = email.as_ref().map(api::Email::as_str);
                    quiet::refused(tx, &audit, Event::PasswordRefused, email)
                })
                .await?;
            metrics::counter!("sso_passwords_total", "outcome" => "refused").increment(1);
            Ok(DOOR.back(&knock.return_to, "refused"))
        }
    }
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
