//! An administrator's password, behind the quiet link, while Okta is off. Members have none.

use api::{ProblemCode, SignedInBy, paths};
use axum::{
    extract::{Request, State},
    http::{header, request::Parts},
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;

use super::ReturnPath;
use crate::{
    App, access,
    audit::{Audit, Event},
    body, connections, cookies,
    db::{Lock, params},
    error::Error,
    ids,
    limits::{self, Limit},
    sessions, set_up,
};

struct Form {
    email: String,
    password: String,
    return_to: ReturnPath,
}

/// `POST /auth/password`: signs an administrator in, or says the same for every wrong try.
pub(crate) async fn sign_in(State(app): State<App>, request: Request) -> Result<Response, Error> {
    let (parts, raw) = request.into_parts();
    access::same_site(&parts.headers, &app.settings.public_url)?;
    let form = read(body::read(raw).await?.as_ref())?;
    let address = limits::address(&parts, &app.settings.trusted_proxies);
    if app.limits.pass(Limit::Password, address).is_err() {
        return Ok(back(&form.return_to, "too_many"));
    }
    let email = api::Email::parse(&form.email).ok();
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
    let fits = app.passwords.verify(form.password, stored).await?;
    let mut audit = access::nobody(&app, &parts);
    match known {
        Some((id, name, _)) if fits => {
            audit.actor_id = Some(id);
            audit.actor_name = name;
            enter(&app, &parts, audit, &form.return_to).await
        }
        _ => {
            let target = email.map(|email| email.to_string());
            app.db
                .write(move |tx| {
                    audit.record(tx, Event::PasswordRefused, target.as_deref(), &json!({}))
                })
                .await?;
            metrics::counter!("sso_passwords_total", "outcome" => "refused").increment(1);
            Ok(back(&form.return_to, "refused"))
        }
    }
}

async fn enter(
    app: &App,
    parts: &Parts,
    audit: Audit,
    return_to: &ReturnPath,
) -> Result<Response, Error> {
    let (id, token) = (ids::uuid(audit.now, &app.entropy), ids::token(&app.entropy));
    let cookie = cookies::set(cookies::SESSION, &token);
    let user_agent = set_up::user_agent(&parts.headers);
    let before = sessions::token_hash(&parts.headers);
    let entered = app
        .db
        .write(move |tx| {
            let user_id = audit.actor_id.clone().ok_or(ProblemCode::Internal)?;
            // Verifying took a while: whoever was barred meanwhile stays out.
            tx.share(Lock::Connections)?;
            tx.share(Lock::Administrators)?;
            if connections::okta(tx)?.now.is_some() {
                return Ok(false);
            }
            let still = tx.row(
                "select 1 from users where id = $1 and role = 'admin' and suspended_at is null",
                params![&user_id],
            )?;
            if still.is_none() {
                return Ok(false);
            }
            let new = sessions::NewSession {
                user_id: &user_id,
                signed_in_by: SignedInBy::Password,
                issuer: None,
                id_token: None,
                address: &audit.address,
                user_agent: user_agent.as_deref(),
            };
            sessions::end_of_browser(tx, before.as_ref())?;
            sessions::insert(tx, &id, &token, audit.now, &new)?;
            audit.record(tx, Event::PasswordAccepted, Some(&user_id), &json!({}))?;
            Ok(true)
        })
        .await?;
    if !entered {
        return Ok(back(return_to, "refused"));
    }
    metrics::counter!("sso_passwords_total", "outcome" => "accepted").increment(1);
    let mut response = Redirect::to(return_to.as_str()).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn read(body: &[u8]) -> Result<Form, Error> {
    let (mut email, mut password, mut return_to) = (None, None, ReturnPath::parse(None));
    for (name, value) in form_urlencoded::parse(body) {
        match &*name {
            "email" => email = Some(value.into_owned()),
            "password" => password = Some(value.into_owned()),
            "return_to" => return_to = ReturnPath::parse(Some(&value)),
            _ => return Err(ProblemCode::BadRequest.into()),
        }
    }
    match (email, password) {
        (Some(email), Some(password)) if password.len() <= 1024 => Ok(Form {
            email,
            password,
            return_to,
        }),
        _ => Err(ProblemCode::BadRequest.into()),
    }
}

/// Back to the form: a redirect, so that reloading the page does not send the password again.
fn back(return_to: &ReturnPath, notice: &str) -> Response {
    let to = format!(
        "{}?notice={notice}&return_to={}",
        paths::SIGN_IN_ADMINISTRATOR,
        return_to.encoded()
    );
    Redirect::to(&to).into_response()
}
