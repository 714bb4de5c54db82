//! `POST /auth/break-glass`: an administrator's e-mail and a single-use code. The same answer for
//! known and unknown addresses, and every try in the audit log.
//!
//! A right code enters however many wrong ones came before it, and from wherever: it is looked up first, by the hash
//! of its 140 random bits, and only wrong ones are limited.

use api::SignedInBy;
use axum::{
    extract::{Request, State},
    response::Response,
};
use serde_json::json;

use super::quiet::{Door, Opening};
use crate::{
    App, access,
    audit::{Audit, Event},
    break_glass,
    db::{Lock, Tx},
    error::Error,
    limits::{Limit, refusals},
    notifications::{self, Notification},
    users,
};

const DOOR: Door = Door {
    field: "code",
    longest: 256,
    query: "with=code&",
};

/// Signs an administrator in with a code, or says the same for every wrong try.
pub(crate) async fn sign_in(State(app): State<App>, request: Request) -> Result<Response, Error> {
    let knock = DOOR.open(&app, request).await?;
    let audit = access::nobody(&app, &knock.parts);
    let email = knock.email.map(|it| it.to_string());
    let hash = break_glass::hash(&knock.word);
    let now = audit.now;
    // A lookup by its key: a flood of wrong codes takes no turn of the one who writes.
    let there = app
        .db
        .peek(move |tx| break_glass::is_there(tx, &hash, now))
        .await?;
    let mut opened = None;
    if there {
        let opening = Opening::new(&app, &knock.parts, now, SignedInBy::BreakGlass);
        let (audit, email) = (audit.clone(), email.clone().unwrap_or_default());
        opened = app
            .db
            .write(move |tx| {
                let Some(audit) = take(tx, audit, &email, &hash)? else {
                    return Ok(None);
                };
                opening.write(tx, &audit)?;
                Ok(Some(opening))
            })
            .await?;
    }
    let outcome = opened.as_ref().map_or("refused", |_| "accepted");
    metrics::counter!("sso_break_glass_total", "outcome" => outcome).increment(1);
    if let Some(opening) = opened {
        return Ok(opening.answer(&knock.return_to));
    }
    refusals::note(&app, audit, Event::BreakGlassRefused, email.as_deref()).await?;
    let notice = match app.limits.pass(Limit::Code, knock.address) {
        Ok(()) => "refused",
        Err(_) => "too_many",
    };
    Ok(DOOR.back(&knock.return_to, notice))
}

/// Takes the code; whose it is, with the audit row, or none.
pub(super) fn take(
    tx: &mut Tx<'_>,
    mut audit: Audit,
    email: &str,
    hash: &[u8; 32],
) -> Result<Option<Audit>, Error> {
    tx.share(Lock::Connections)?;
    tx.share(Lock::Administrators)?;
    let Some((user_id, kind)) = break_glass::take(tx, email, hash, audit.now)? else {
        return Ok(None);
    };
    let user = users::find(tx, &user_id)?;
    audit.actor_id = Some(user.id);
    audit.actor_name.clone_from(&user.name);
    let notice = Notification::BreakGlassUsed { who: &user.name };
    notifications::tell(tx, &audit, &audit.now.to_string(), notice)?;
    let detail = json!({ "kind": kind.code() });
    audit.record(tx, Event::BreakGlassUsed, Some(&user_id), &detail)?;
    Ok(Some(audit))
}
