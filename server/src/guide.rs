//! What an administrator has done so far in the guide that connects Okta.

use api::{FieldFault, IssuerInput, guide::GuideNotes};
use axum::{Json, extract::State};
use serde_json::json;

use crate::{
    App,
    access::Admin,
    audit::Event,
    body::Body,
    db::{Tx, params},
    error::Error,
};

/// `GET /api/connections/okta/guide`.
pub(crate) async fn show(State(app): State<App>, _: Admin) -> Result<Json<GuideNotes>, Error> {
    let notes = app.db.peek(find).await?;
    Ok(Json(notes))
}

/// `PUT /api/connections/okta/guide`: the last who writes wins; nothing depends on it.
pub(crate) async fn keep(
    State(app): State<App>,
    Admin(actor): Admin,
    Body(mut notes): Body<GuideNotes>,
) -> Result<Json<GuideNotes>, Error> {
    if !notes.is_plain() {
        return Err(Error::field("completed_steps", FieldFault::Malformed));
    }
    if let Some(text) = notes.issuer.take() {
        let input = IssuerInput::parse(&text, app.settings.loopback)
            .map_err(|fault| Error::field("issuer", fault))?;
        notes.issuer = Some(input.issuer);
    }
    let audit = actor.audit();
    let kept = app
        .db
        .write(move |tx| {
            let completed_steps = json!(notes.completed_steps).to_string();
            tx.run(
                "insert into guide (id, issuer, completed_steps) values (1, $1, $2)
                 on conflict (id) do update set issuer = excluded.issuer, completed_steps = excluded.completed_steps",
                params![&notes.issuer, &completed_steps],
            )?;
            let detail = json!({ "issuer": notes.issuer, "completed_steps": notes.completed_steps });
            audit.record(tx, Event::GuideNoted, None, &detail)?;
            Ok(notes)
        })
        .await?;
    Ok(Json(kept))
}

/// The guide goes on from the issuer that was saved, wherever that was; who never began it begins at its start.
pub(crate) fn follow(tx: &mut Tx<'_>, issuer: &str) -> Result<(), Error> {
    tx.run(
        "update guide set issuer = $1 where id = 1 and issuer is not null",
        params![issuer],
    )?;
    Ok(())
}

fn find(tx: &mut Tx<'_>) -> Result<GuideNotes, Error> {
    let Some(mut row) = tx.row(
        "select issuer, completed_steps from guide where id = 1",
        &[],
    )?
    else {
        return Ok(GuideNotes::default());
    };
    Ok(GuideNotes {
        issuer: row.opt_text()?,
        completed_steps: serde_json::from_str(&row.text()?)
            .map_err(|error| Error::Internal(format!("completed_steps: {error}")))?,
    })
}
