//! How long the audit log and the sign-ins are kept; what is older is removed by itself.

use api::{
    UtcMillis,
    retention::{Retention, RetentionForm},
};
use axum::{Json, extract::State};
use serde_json::json;

use crate::{
    App,
    access::Admin,
    audit::{self, Event},
    body::{Body, Version},
    db::{Tx, params},
    error::Error,
    sign_ins,
};

const DAY: UtcMillis = 24 * 60 * 60 * 1000;

/// `GET /api/retention`.
pub(crate) async fn show(State(app): State<App>, _: Admin) -> Result<Json<Retention>, Error> {
    Ok(Json(app.db.peek(read).await?))
}

/// `PUT /api/retention`: what is older than that is removed within a minute or a day.
pub(crate) async fn change(
    State(app): State<App>,
    Admin(actor): Admin,
    Version(version): Version,
    Body(form): Body<RetentionForm>,
) -> Result<Json<Retention>, Error> {
    form.validate().map_err(Error::Invalid)?;
    let audit = actor.audit();
    let retention = app
        .db
        .write(move |tx| {
            let before = read(tx)?;
            let changed = tx.run(
                "update retention
                 set audit_days = $1, sign_in_days = $2, version = version + 1
                 where id = 1 and version = $3",
                params![
                    form.audit_days.map(i64::from),
                    form.sign_in_days.map(i64::from),
                    version
                ],
            )?;
            if changed == 0 {
                return Err(api::ProblemCode::Changed.into());
            }
            let after = read(tx)?;
            let detail = json!({ "before": shown(&before), "after": shown(&after) });
            audit.record(tx, Event::RetentionChanged, None, &detail)?;
            Ok(after)
        })
        .await?;
    Ok(Json(retention))
}

fn shown(it: &Retention) -> serde_json::Value {
    json!({ "audit_days": it.audit_days, "sign_in_days": it.sign_in_days })
}

/// Removes what is too old: once a minute, a part at a time.
pub(crate) async fn enforce(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    let retention = app.db.peek(read).await?;
    let before = |days: u32| now - DAY * i64::from(days);
    if let Some(days) = retention.audit_days {
        audit::prune(app, before(days)).await?;
    }
    if let Some(days) = retention.sign_in_days {
        sign_ins::prune(app, before(days)).await?;
    }
    Ok(())
}

fn read(tx: &mut Tx<'_>) -> Result<Retention, Error> {
    let mut row = tx
        .row(
            "select audit_days, sign_in_days, version from retention where id = 1",
            &[],
        )?
        .ok_or(api::ProblemCode::Internal)?;
    let days = |days: Option<i64>| days.and_then(|it| u32::try_from(it).ok());
    Ok(Retention {
        audit_days: days(row.opt_int()?),
        sign_in_days: days(row.opt_int()?),
        version: row.int()?,
    })
}
