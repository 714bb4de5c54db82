//! Break-glass: single-use codes for the day single sign-on does not work. Ten that an
//! administrator keeps, and one that is issued on the server's own host for a short time.
//!
//! Nothing here opens a session; `sign_ins/break_glass` does.

mod store;

use api::{
    FieldFault, Role, UtcMillis,
    break_glass::{BreakGlass, CodeForm, CodeKind, RECOVERY_CODES, RecoveryCodes},
};
use axum::{Json, extract::State, http::StatusCode};
use serde_json::json;

use crate::{
    App,
    access::Admin,
    audit::{Audit, Event},
    body::Body,
    clock::Entropy,
    db::Tx,
    error::Error,
    ids,
    limits::{Address, Limit},
    notifications::{self, Notification},
    users,
};

pub(crate) use store::{has_unused, hash, is_there, take, void, was_tried};

/// An issued code lives this long at most.
pub(crate) const ISSUED_MAX: UtcMillis = 24 * 60 * 60 * 1000;

/// `GET /api/break-glass`: the administrator's own codes, and what was issued or used lately.
pub(crate) async fn show(
    State(app): State<App>,
    Admin(actor): Admin,
) -> Result<Json<BreakGlass>, Error> {
    let shown = app
        .db
        .read(move |tx| {
            Ok(BreakGlass {
                recovery: store::recovery(tx, &actor.user_id)?,
                recent: store::recent(tx)?,
            })
        })
        .await?;
    Ok(Json(shown))
}

/// `POST /api/break-glass/recovery-codes`: ten new codes; the old ones are void.
pub(crate) async fn make(
    State(app): State<App>,
    Admin(actor): Admin,
) -> Result<(StatusCode, Json<RecoveryCodes>), Error> {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| code(&app.entropy)).collect();
    let (audit, made) = (actor.audit(), codes.clone());
    app.db
        .write(move |tx| {
            users::hold(tx)?;
            // Demoted or suspended since the request was let in: no codes for them.
            let user = users::find(tx, &actor.user_id)?;
            if user.role != Role::Admin || user.status == api::Status::Suspended {
                return Err(api::ProblemCode::Forbidden.into());
            }
            let voided = store::void_recovery(tx, &actor.user_id)?;
            for code in &made {
                store::insert(tx, &audit, &actor.user_id, CodeKind::Recovery, code, None)?;
            }
            users::someone_still_can_enter(tx)?;
            let detail = json!({ "codes": made.len(), "voided": voided });
            audit.record(tx, Event::RecoveryCodesMade, Some(&actor.user_id), &detail)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(RecoveryCodes { codes })))
}

/// `POST /api/break-glass/test`: one of the administrator's own codes, typed in from where they
/// keep it. It is not used up.
pub(crate) async fn test(
    State(app): State<App>,
    Admin(actor): Admin,
    Address(address): Address,
    Body(form): Body<CodeForm>,
) -> Result<Json<BreakGlass>, Error> {
    let (audit, hash) = (actor.audit(), hash(&form.code));
    let now = audit.now;
    let there = app.db.peek(move |tx| is_there(tx, &hash, now)).await?;
    if !there {
        app.limits.pass(Limit::Code, address)?;
    }
    let shown = app
        .db
        .write(move |tx| {
            let fits = store::test(tx, &actor.user_id, &hash, audit.now)?;
            let event = if fits {
                Event::RecoveryCodeTested
            } else {
                Event::BreakGlassRefused
            };
            audit.record(tx, event, Some(&actor.user_id), &json!({ "test": true }))?;
            // The refusal stands in the audit log, so the transaction must not fail with it.
            if !fits {
                return Ok(None);
            }
            Ok(Some(BreakGlass {
                recovery: store::recovery(tx, &actor.user_id)?,
                recent: store::recent(tx)?,
            }))
        })
        .await?;
    shown
        .map(Json)
        .ok_or_else(|| Error::field("code", FieldFault::WrongCode))
}

/// Issues one code for an administrator: what the command on the host does. No route leads here.
pub(crate) fn issue(
    tx: &mut Tx<'_>,
    audit: &Audit,
    user_id: &str,
    code: &str,
    lasts: UtcMillis,
) -> Result<UtcMillis, Error> {
    users::hold(tx)?;
    let expires_at = audit.now + lasts.min(ISSUED_MAX);
    let user = users::find(tx, user_id)?;
    store::insert(tx, audit, user_id, CodeKind::Issued, code, Some(expires_at))?;
    let detail = json!({ "ends_at": expires_at });
    let notice = Notification::BreakGlassIssued {
        who: &user.name,
        until: expires_at,
    };
    notifications::tell(tx, audit, &audit.now.to_string(), notice)?;
    audit.record(tx, Event::BreakGlassIssued, Some(user_id), &detail)?;
    Ok(expires_at)
}

/// Seven groups of four: 140 random bits in letters and digits that nobody confuses.
pub(crate) fn code(entropy: &Entropy) -> String {
    ids::readable::<28>(entropy)
}
