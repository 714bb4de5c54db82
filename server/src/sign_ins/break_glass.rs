//! `POST /auth/break-glass`: an administrator's e-mail and a single-use code. The same answer for
//! known and unknown addresses, and every try in the audit log.

use api::{ProblemCode, SignedInBy, paths};
use axum::{
    extract::{Request, State},
    http::header,
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;

use super::ReturnPath;
use crate::{
    App, access,
    audit::{Audit, Event},
    body, break_glass, cookies,
    db::{Lock, Tx},
    error::Error,
    ids,
    limits::{self, Limit},
    notices::{self, Notice},
    sessions, set_up, users,
};

const HOUR: api::UtcMillis = 60 * 60 * 1000;

struct Form {
    email: String,
    code: String,
    return_to: ReturnPath,
}

/// Signs an administrator in with a code, or says the same for every wrong try.
pub(crate) async fn sign_in(State(app): State<App>, request: Request) -> Result<Response, Error> {
    let (parts, raw) = request.into_parts();
    access::same_site(&parts.headers, &app.settings.public_url)?;
    let form = read(body::read(raw).await?.as_ref())?;
    let address = limits::address(&parts, &app.settings.trusted_proxies);
    if app.limits.pass(Limit::Password, address).is_err() {
        return Ok(back(&form.return_to, "too_many"));
    }
    let audit = access::nobody(&app, &parts);
    let email = api::Email::parse(&form.email).map_or_else(|_| String::new(), |it| it.to_string());
    let hash = break_glass::hash(&form.code);
    let (id, token) = (ids::uuid(audit.now, &app.entropy), ids::token(&app.entropy));
    let cookie = cookies::set(cookies::SESSION, &token);
    let user_agent = set_up::user_agent(&parts.headers);
    let before = sessions::token_hash(&parts.headers);
    let entered = app
        .db
        .write(move |tx| {
            let Some(audit) = enter(tx, audit, &email, &hash)? else {
                return Ok(false);
            };
            let new = sessions::NewSession {
                user_id: audit.actor_id.as_deref().unwrap_or_default(),
                signed_in_by: SignedInBy::BreakGlass,
                issuer: None,
                id_token: None,
                address: &audit.address,
                user_agent: user_agent.as_deref(),
            };
            sessions::end_of_browser(tx, before.as_ref())?;
            sessions::insert(tx, &id, &token, audit.now, &new)?;
            Ok(true)
        })
        .await?;
    let outcome = if entered { "accepted" } else { "refused" };
    metrics::counter!("sso_break_glass_total", "outcome" => outcome).increment(1);
    if !entered {
        return Ok(back(&form.return_to, "refused"));
    }
    let mut response = Redirect::to(form.return_to.as_str()).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Takes the code; who enters, or none. The audit log has either.
fn enter(
    tx: &mut Tx<'_>,
    mut audit: Audit,
    email: &str,
    hash: &[u8; 32],
) -> Result<Option<Audit>, Error> {
    tx.share(Lock::Connections)?;
    tx.share(Lock::Administrators)?;
    let Some((user_id, kind)) = break_glass::take(tx, email, hash, audit.now)? else {
        let target = Some(email).filter(|email| !email.is_empty());
        // One an hour: whoever knocks for sport does not fill everybody's overview.
        let hour = (audit.now / HOUR).to_string();
        notices::tell(tx, &audit, &hour, Notice::BreakGlassFailed)?;
        audit.record(tx, Event::BreakGlassRefused, target, &json!({}))?;
        return Ok(None);
    };
    let user = users::find(tx, &user_id)?;
    audit.actor_id = Some(user.id);
    audit.actor_name.clone_from(&user.name);
    let notice = Notice::BreakGlassUsed { who: &user.name };
    notices::tell(tx, &audit, &audit.now.to_string(), notice)?;
    let detail = json!({ "kind": kind.code() });
    audit.record(tx, Event::BreakGlassUsed, Some(&user_id), &detail)?;
    Ok(Some(audit))
}

fn read(body: &[u8]) -> Result<Form, Error> {
    let (mut email, mut code, mut return_to) = (None, None, ReturnPath::parse(None));
    for (name, value) in form_urlencoded::parse(body) {
        match &*name {
            "email" => email = Some(value.into_owned()),
            "code" => code = Some(value.into_owned()),
            "return_to" => return_to = ReturnPath::parse(Some(&value)),
            _ => return Err(ProblemCode::BadRequest.into()),
        }
    }
    match (email, code) {
        (Some(email), Some(code)) if code.len() <= 256 => Ok(Form {
            email,
            code,
            return_to,
        }),
        _ => Err(ProblemCode::BadRequest.into()),
    }
}

/// Back to the form: a redirect, so that reloading the page does not send the code again.
fn back(return_to: &ReturnPath, notice: &str) -> Response {
    let to = format!(
        "{}?with=code&notice={notice}&return_to={}",
        paths::SIGN_IN_ADMINISTRATOR,
        return_to.encoded()
    );
    Redirect::to(&to).into_response()
}
