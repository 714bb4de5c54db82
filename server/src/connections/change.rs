//! How a connection's settings change: saved as a draft, proved by a round trip.

use api::{
    Connection, ConnectionForm, FieldFault, ProblemCode, Provider,
    connections::{Failure, SecretInfo, Settings, ValidConnection, Verification},
};
use axum::{Json, extract::State};
use serde_json::json;

use super::{
    guard,
    life::Move,
    owned, provider_of,
    store::{self, Row, SettingsRow},
    switch::{self, Which},
};
use crate::{
    App,
    access::Admin,
    audit::{Audit, Event},
    body::{Body, Segment, Version},
    db::{Lock, Tx, params},
    error::Error,
    guide, ids,
    sealing::Sealing,
};

/// `PUT /api/connections/{provider}`: saves a draft. Members notice nothing.
pub(crate) async fn save(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(provider): Segment,
    Version(version): Version,
    Body(form): Body<ConnectionForm>,
) -> Result<Json<Connection>, Error> {
    let provider = provider_of(&provider)?;
    let audit = actor.audit();
    let (state, public_url) = (app.clone(), app.settings.public_url.clone());
    let connection = app
        .db
        .write(move |tx| {
            tx.lock(Lock::Connections)?;
            let row = store::find(tx, provider)?;
            if row.version != version {
                return Err(ProblemCode::Changed.into());
            }
            owned::refuse_form(tx, &state, provider, &row, &form)?;
            draft(tx, &state, &audit, provider, row, &form)?;
            store::shown(tx, provider, &public_url, audit.now)
        })
        .await?;
    Ok(Json(connection))
}

pub(super) fn draft(
    tx: &mut Tx<'_>,
    app: &App,
    audit: &Audit,
    provider: Provider,
    row: Row,
    form: &ConnectionForm,
) -> Result<(), Error> {
    let before = match row.draft.as_deref().or(row.live.as_deref()) {
        Some(id) => Some(store::settings(tx, id)?),
        None => None,
    };
    let stored = before.as_ref().map(|before| &before.settings);
    let valid = form
        .validate(provider, app.settings.loopback, stored)
        .map_err(Error::Invalid)?;
    let settings = understood(app, provider, &valid);
    let (secret, info) = match (valid.client_secret, &before) {
        (Some(secret), before)
            if before
                .as_ref()
                .is_some_and(|it| it.info.last_four == secret) =>
        {
            // The end of the secret, as the page shows it, is no secret.
            return Err(Error::field("client_secret", FieldFault::Masked));
        }
        (Some(secret), _) => (
            store::seal(
                &app.sealing,
                &app.entropy,
                provider,
                &settings.issuer,
                &secret,
            )?,
            SecretInfo {
                last_four: last_four(&secret),
                set_at: audit.now,
                set_by: audit.actor_name.clone(),
                expires_on: valid.client_secret_expires_on.flatten(),
            },
        ),
        (None, Some(before)) => {
            let mut info = before.info.clone();
            if let Some(date) = valid.client_secret_expires_on {
                info.expires_on = date;
            }
            (before.secret.clone(), info)
        }
        (None, None) => return Err(ProblemCode::Invalid.into()),
    };
    let new = SettingsRow {
        id: ids::uuid(audit.now, &app.entropy),
        provider,
        settings,
        secret,
        info,
        verification: None,
    };
    store::insert_settings(tx, &new, audit.now)?;
    let mut row = row.step(Move::Save)?;
    row.draft = Some(new.id.clone());
    row.failure = None;
    row.reverted_at = None;
    store::save(tx, provider, &row)?;
    if provider == Provider::Okta {
        guide::follow(tx, &new.settings.issuer)?;
    }
    audit.record(
        tx,
        Event::ConnectionSaved,
        Some(provider.code()),
        &json!({
            "before": before.map(|before| shown(&app.sealing, &before)),
            "after": shown(&app.sealing, &new),
        }),
    )
}

/// The settings of a form; the issuers of Google and Microsoft follow from them.
pub(crate) fn understood(app: &App, provider: Provider, valid: &ValidConnection) -> Settings {
    let entered = valid.issuer.as_ref().map(|issuer| issuer.issuer.as_str());
    let issuer = app
        .settings
        .bases
        .issuer(provider, entered, valid.tenant.as_deref())
        .unwrap_or_default();
    Settings {
        issuer,
        client_id: valid.client_id.clone(),
        native_client_id: valid.native_client_id.clone(),
        native_redirect_uri: valid.native_redirect_uri.clone(),
        audience: valid.audience.clone(),
        hosted_domain: valid.hosted_domain.clone(),
        tenant: valid.tenant.clone(),
        match_by: valid.match_by,
        allow_unverified_email: valid.allow_unverified_email,
    }
}

/// Secrets are told apart by their last four characters; of a short one none are shown.
pub(crate) fn last_four(secret: &str) -> String {
    let count = secret.chars().count();
    if count < 16 {
        return String::new();
    }
    secret.chars().skip(count - 4).collect()
}

/// What the audit log keeps of settings: the secret as its last four characters, which a short one
/// does not show, and its fingerprint.
fn shown(sealing: &Sealing, row: &SettingsRow) -> serde_json::Value {
    json!({
        "settings": row.settings,
        "secret_ends_in": row.info.last_four,
        "secret_fingerprint": row.print_of(sealing, &row.secret),
        "secret_set_at": row.info.set_at,
        "client_secret_expires_on": row.info.expires_on,
    })
}

/// A round trip with these settings worked. Members notice nothing until they are switched on.
pub(crate) fn prove(
    tx: &mut Tx<'_>,
    audit: &Audit,
    provider: Provider,
    settings_id: &str,
    mut proof: Verification,
) -> Result<(), Error> {
    tx.lock(Lock::Connections)?;
    let row = store::find(tx, provider)?;
    let proved = row.draft.as_deref().or(row.live.as_deref());
    if proved != Some(settings_id) {
        // Edited during the round trip: what was proved is not what is saved.
        return Err(ProblemCode::Changed.into());
    }
    proof.fingerprint = guard::fingerprint(&store::settings(tx, settings_id)?.settings)?;
    keep_proof(tx, settings_id, &proof)?;
    let mut row = row.step(Move::Prove)?;
    row.failure = None;
    store::save(tx, provider, &row)?;
    let detail = json!({
        "settings": settings_id,
        "fingerprint": proof.fingerprint,
        "login": proof.login,
        "sub": proof.sub,
    });
    audit.record(tx, Event::ConnectionProved, Some(provider.code()), &detail)
}

/// A user's bonds at these issuers were taken away: what a proof there said of them is no way in any
/// more, whoever else is looked at afterwards. It still says that the settings work.
pub(crate) fn unprove(tx: &mut Tx<'_>, user_id: &str, issuers: &[String]) -> Result<(), Error> {
    for issuer in issuers {
        let rows = tx.rows(
            "select id, verification from connection_settings
             where provider = 'okta' and issuer = $1 and verification is not null",
            params![issuer],
        )?;
        for mut row in rows {
            let (id, json) = (row.text()?, row.opt_text()?);
            let Some(mut proof) = store::stored::<Verification>(json.as_deref())? else {
                continue;
            };
            let Some(user) = proof.user.as_mut().filter(|it| it.id == user_id) else {
                continue;
            };
            if user.okta_login.take().is_some() {
                keep_proof(tx, &id, &proof)?;
            }
        }
    }
    Ok(())
}

fn keep_proof(tx: &mut Tx<'_>, settings_id: &str, proof: &Verification) -> Result<(), Error> {
    let json = serde_json::to_string(proof)
        .map_err(|error| Error::Internal(format!("a verification: {error}")))?;
    let keep = "update connection_settings set verification = $2 where id = $1";
    tx.run(keep, params![settings_id, &json]).map(drop)
}

/// Saves settings and puts them in force without a round trip: for the demo's own connections.
pub(crate) fn put_in_force(
    tx: &mut Tx<'_>,
    app: &App,
    audit: &Audit,
    provider: Provider,
    form: &ConnectionForm,
    proof: Verification,
) -> Result<(), Error> {
    let row = switch::hold(tx, provider)?;
    draft(tx, app, audit, provider, row, form)?;
    let settings_id = store::find(tx, provider)?
        .draft
        .ok_or(ProblemCode::Internal)?;
    prove(tx, audit, provider, &settings_id, proof)?;
    let row = store::find(tx, provider)?;
    switch::on(tx, audit, "", provider, row, Which::Shown)
}

/// A round trip failed: the page that the administrator comes back to says why.
pub(crate) fn note_failure(
    tx: &mut Tx<'_>,
    provider: Provider,
    settings_id: &str,
    failure: &Failure,
) -> Result<(), Error> {
    let json = serde_json::to_string(failure)
        .map_err(|error| Error::Internal(format!("a failure: {error}")))?;
    tx.run(
        "update connections set failure = $2
         where provider = $1 and coalesce(draft_settings, live_settings) = $3",
        params![provider.code(), &json, settings_id],
    )
    .map(drop)
}
