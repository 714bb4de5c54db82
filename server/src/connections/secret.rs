//! A connection's client secret: its end, and the next one that waits beside it.
//!
//! It must not know how a secret is sent.

mod end;
mod rotation;
mod store;

use api::{
    FieldFault, ProblemCode, Provider,
    connections::SecretInfo,
    secret::{NextSecretForm, SecretForm, Secrets},
};
use axum::{Json, extract::State};
use serde_json::json;

use super::{
    change::last_four,
    provider_of,
    store::{self as settings, SettingsRow},
};
use crate::{
    App,
    access::Admin,
    audit::{Audit, Event},
    body::{Body, Segment, Version},
    db::{Lock, Tx},
    error::Error,
    files,
    secret::Secret,
};

pub(crate) use end::{measure, tell_of_ends};
pub(crate) use rotation::{Others, promote};
pub(super) use store::bump;

/// `GET /api/connections/{provider}/secret`.
pub(crate) async fn show(
    State(app): State<App>,
    _: Admin,
    Segment(provider): Segment,
) -> Result<Json<Secrets>, Error> {
    let provider = provider_of(&provider)?;
    let secrets = app.db.peek(move |tx| shown(tx, provider)).await?;
    Ok(Json(secrets))
}

fn shown(tx: &mut Tx<'_>, provider: Provider) -> Result<Secrets, Error> {
    let version = settings::find(tx, provider)?.version;
    let current = in_use(tx, provider)?;
    let next = match &current {
        Some(current) => store::next(tx, current)?.map(|next| next.info),
        None => None,
    };
    Ok(Secrets {
        version,
        current: current.map(|it| it.info),
        next,
    })
}

/// The settings whose secret is in use: those in force, or the draft while there are none.
pub(super) fn in_use(tx: &mut Tx<'_>, provider: Provider) -> Result<Option<SettingsRow>, Error> {
    let row = settings::find(tx, provider)?;
    row.live
        .or(row.draft)
        .map(|id| settings::settings(tx, &id))
        .transpose()
}

/// What a change of a secret starts from: the settings in use, unchanged since the caller looked,
/// and not a file's.
fn begin(
    tx: &mut Tx<'_>,
    provider: Provider,
    version: Option<i64>,
    field: &str,
) -> Result<SettingsRow, Error> {
    tx.lock(Lock::Connections)?;
    files::refuse(tx, &[&format!("{}.{field}", provider.code())])?;
    if version.is_some_and(
        |version| !matches!(settings::find(tx, provider), Ok(it) if it.version == version),
    ) {
        return Err(ProblemCode::Changed.into());
    }
    in_use(tx, provider)?.ok_or_else(|| ProblemCode::IllegalMove.into())
}

/// `PUT /api/connections/{provider}/secret`: when the secret in use runs out.
pub(crate) async fn date(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(provider): Segment,
    Version(version): Version,
    Body(form): Body<SecretForm>,
) -> Result<Json<Secrets>, Error> {
    let provider = provider_of(&provider)?;
    let date = form.validate().map_err(Error::Invalid)?;
    let audit = actor.audit();
    let secrets = app
        .db
        .write(move |tx| {
            let current = begin(tx, provider, Some(version), "client_secret_expires_on")?;
            set_date(tx, &audit, &current, date.as_deref())?;
            shown(tx, provider)
        })
        .await?;
    Ok(Json(secrets))
}

/// `PUT /api/connections/{provider}/next-secret`: the one that is tried when the provider refuses
/// the one in use.
pub(crate) async fn keep_next(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(provider): Segment,
    Version(version): Version,
    Body(form): Body<NextSecretForm>,
) -> Result<Json<Secrets>, Error> {
    let provider = provider_of(&provider)?;
    let (secret, expires_on) = form.validate().map_err(Error::Invalid)?;
    let audit = actor.audit();
    let state = app.clone();
    let secrets = app
        .db
        .write(move |tx| {
            let current = begin(tx, provider, Some(version), "client_secret")?;
            set_next(tx, &state, &audit, &current, &secret, expires_on)?;
            shown(tx, provider)
        })
        .await?;
    Ok(Json(secrets))
}

/// `DELETE /api/connections/{provider}/next-secret`. A second time changes nothing.
pub(crate) async fn drop_next(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(provider): Segment,
) -> Result<Json<Secrets>, Error> {
    let provider = provider_of(&provider)?;
    let audit = actor.audit();
    let state = app.clone();
    let secrets = app
        .db
        .write(move |tx| {
            let current = begin(tx, provider, None, "client_secret")?;
            if let Some(next) = store::next(tx, &current)? {
                store::drop_next(tx, provider, &next.secret)?;
                bump(tx, provider)?;
                let detail = json!({
                    "secret_ends_in": next.info.last_four,
                    "secret_fingerprint": current.print_of(&state.sealing, &next.secret),
                });
                audit.record(tx, Event::NextSecretRemoved, Some(provider.code()), &detail)?;
            }
            shown(tx, provider)
        })
        .await?;
    Ok(Json(secrets))
}

/// Writes when a secret runs out. For the API and for a file.
pub(super) fn set_date(
    tx: &mut Tx<'_>,
    audit: &Audit,
    current: &SettingsRow,
    date: Option<&str>,
) -> Result<(), Error> {
    store::date(tx, current, date)?;
    bump(tx, current.provider)?;
    let detail = json!({ "before": current.info.expires_on, "after": date });
    let name = Some(current.provider.code());
    audit.record(tx, Event::SecretDated, name, &detail)
}

/// Writes when the next secret runs out. For a file.
pub(super) fn date_next(
    tx: &mut Tx<'_>,
    audit: &Audit,
    provider: Provider,
    date: Option<&str>,
) -> Result<(), Error> {
    store::date_next(tx, provider, date)?;
    bump(tx, provider)?;
    let detail = json!({ "next": true, "after": date });
    audit.record(tx, Event::SecretDated, Some(provider.code()), &detail)
}

/// Keeps the secret that follows the one in use. For the API and for a file.
pub(super) fn set_next(
    tx: &mut Tx<'_>,
    app: &App,
    audit: &Audit,
    current: &SettingsRow,
    secret: &str,
    expires_on: Option<String>,
) -> Result<(), Error> {
    let provider = current.provider;
    let refused = |fault| Err(Error::field("client_secret", fault));
    if secret == current.info.last_four {
        return refused(FieldFault::Masked);
    }
    if current.clone().open(app)?.client_secret.expose() == secret {
        return refused(FieldFault::SameSecret);
    }
    let issuer = &current.settings.issuer;
    let sealed = settings::seal(&app.sealing, &app.entropy, provider, issuer, secret)?;
    let info = SecretInfo {
        last_four: last_four(secret),
        set_at: audit.now,
        set_by: audit.actor_name.clone(),
        expires_on,
    };
    let before = store::next(tx, current)?.map(|next| {
        json!({
            "secret_ends_in": next.info.last_four,
            "secret_fingerprint": current.print_of(&app.sealing, &next.secret),
            "client_secret_expires_on": next.info.expires_on,
        })
    });
    store::keep_next(tx, current, &sealed, &info)?;
    bump(tx, provider)?;
    let detail = json!({
        "before": before,
        "after": {
            "secret_ends_in": info.last_four,
            "secret_fingerprint": app.sealing.fingerprint(secret.as_bytes()),
            "client_secret_expires_on": info.expires_on,
        },
    });
    audit.record(tx, Event::NextSecretSaved, Some(provider.code()), &detail)
}

/// The next secret, opened, and its date.
pub(super) fn waiting(
    tx: &mut Tx<'_>,
    app: &App,
    of: &SettingsRow,
) -> Result<Option<(Secret, Option<String>)>, Error> {
    let Some(next) = store::next(tx, of)? else {
        return Ok(None);
    };
    let mut row = of.clone();
    row.secret = next.secret;
    Ok(Some((row.open(app)?.client_secret, next.info.expires_on)))
}
