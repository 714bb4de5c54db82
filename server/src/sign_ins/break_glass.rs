//! `POST /auth/break-glass`: an administrator's e-mail and a single-use code. The same answer for
//! known and unknown addresses, and every try in the audit log.

use api::SignedInBy;
use axum::{
    extract::{Request, State},
    response::Response,
};
use serde_json::json;

use super::quiet::{self, Door, Opening};
use crate::{
    App, access,
    audit::{Audit, Event},
    break_glass,
    db::{Lock, Tx},
    error::Error,
    notices::{self, Notice},
    users,
};

const DOOR: Door = Door {
    field: "code",
    longest: 256,
    query: "with=code&",
};

const HOUR: api::UtcMillis = 60 * 60 * 1000;

/// Signs an administrator in with a code, or says the same for every wrong try.
pub(crate) async fn sign_in(State(app): State<App>, request: Request) -> Result<Response, Error> {
    let knock = match DOOR.open(&app, request).await? {
        Ok(knock) => knock,
        Err(refused) => return Ok(refused),
    };
    let audit = access::nobody(&app, &knock.parts);
    let email = knock.email.map(|it| it.to_string()).unwrap_or_default();
    let hash = break_glass::hash(&knock.word);
    let opening = Opening::new(&app, &knock.parts, audit.now, SignedInBy::BreakGlass);
    let opened = app
        .db
        .write(move |tx| {
            let Some(audit) = take(tx, audit, &email, &hash)? else {
                return Ok(None);
            };
            opening.write(tx, &audit)?;
            Ok(Some(opening))
        })
        .await?;
    let outcome = opened.as_ref().map_or("refused", |_| "accepted");
    metrics::counter!("sso_break_glass_total", "outcome" => outcome).increment(1);
    Ok(match opened {
        Some(opening) => opening.answer(&knock.return_to),
        None => DOOR.back(&knock.return_to, "refused"),
    })
}

/// Takes the code; whose it is, or none. The audit log has either.
pub(super) fn take(
    tx: &mut Tx<'_>,
    mut audit: Audit,
    email: &str,
    hash: &[u8; 32],
) -> Result<Option<Audit>, Error> {
    tx.share(Lock::Connections)?;
    tx.share(Lock::Administrators)?;
    let Some((user_id, kind)) = break_glass::take(tx, email, hash, audit.now)? else {
        let email = Some(email).filter(|email| !email.is_empty());
        // One an hour: whoever knocks for sport does not fill everybody's overview.
        let hour = (audit.now / HOUR).to_string();
        notices::tell(tx, &audit, &hour, Notice::BreakGlassFailed)?;
        quiet::refused(tx, &audit, Event::BreakGlassRefused, email)?;
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
