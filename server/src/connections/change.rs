//! How a connection changes: saved, put in force, disabled, enabled.

use api::{
    Connection, ConnectionForm, ConnectionState, FieldFault, ProblemCode, Provider,
    connections::{Failure, Proof, SecretInfo, Settings, ValidConnection},
};
use axum::{Json, extract::State};
use serde_json::json;

use super::{
    owned, provider_of, replaced,
    store::{self, Row, SettingsRow},
};
use crate::{
    App,
    access::Admin,
    audit::{Audit, Event},
    body::{Body, Segment, Version},
    db::{Lock, Tx, params},
    error::Error,
    files, ids, sessions, users,
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
            store::shown(tx, provider, &public_url)
        })
        .await?;
    Ok(Json(connection))
}

pub(super) fn draft(
    tx: &mut Tx<'_>,
    app: &App,
    audit: &Audit,
    provider: Provider,
    mut row: Row,
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
                runs_out_on: valid.secret_runs_out_on.flatten(),
            },
        ),
        (None, Some(before)) => {
            let mut info = before.info.clone();
            if let Some(date) = valid.secret_runs_out_on {
                info.runs_out_on = date;
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
        proof: None,
    };
    store::insert_settings(tx, &new, audit.now)?;
    row.draft = Some(new.id);
    row.failure = None;
    if row.state == ConnectionState::NotConnected {
        row.state = ConnectionState::Draft;
    }
    store::save(tx, provider, &row)?;
    audit.record(
        tx,
        Event::ConnectionSaved,
        Some(provider.code()),
        &json!({
            "before": before.map(|before| shown(&before.settings, &before.info)),
            "after": shown(&new.settings, &new.info),
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
        audience: valid.audience.clone(),
        hosted_domain: valid.hosted_domain.clone(),
        tenant: valid.tenant.clone(),
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

/// What the audit log keeps of settings: the secret as its last four characters.
fn shown(settings: &Settings, secret: &SecretInfo) -> serde_json::Value {
    json!({
        "settings": settings,
        "secret_ends_in": secret.last_four,
        "secret_set_at": secret.set_at,
        "secret_runs_out_on": secret.runs_out_on,
    })
}

/// A round trip with these settings worked: they are in force from now on. Okta switches Google
/// and Microsoft off in the same transaction and ends their sessions, but for the acting one.
pub(crate) fn activate(
    tx: &mut Tx<'_>,
    audit: &Audit,
    acting_session: &str,
    provider: Provider,
    settings_id: &str,
    proof: &Proof,
) -> Result<(), Error> {
    tx.lock(Lock::Connections)?;
    let mut row = store::find(tx, provider)?;
    let proved = row.draft.as_deref().or(row.live.as_deref());
    if proved != Some(settings_id) {
        // Edited during the round trip: what was proved is not what is saved.
        return Err(ProblemCode::Changed.into());
    }
    let json = serde_json::to_string(proof)
        .map_err(|error| Error::Internal(format!("a proof: {error}")))?;
    tx.run(
        "update connection_settings set proof = $2 where id = $1",
        params![settings_id, &json],
    )?;
    if let Some(before) = row.live.as_deref().filter(|live| *live != settings_id) {
        let before = store::settings(tx, before)?.settings;
        let after = store::settings(tx, settings_id)?.settings;
        replaced::void(tx, audit, acting_session, provider, &before, &after)?;
    }
    row.live = Some(settings_id.to_owned());
    row.draft = None;
    switch_on(tx, audit, acting_session, provider, row)
}

pub(super) fn switch_on(
    tx: &mut Tx<'_>,
    audit: &Audit,
    acting_session: &str,
    provider: Provider,
    mut row: Row,
) -> Result<(), Error> {
    match provider {
        Provider::Okta => {
            for other in [Provider::Google, Provider::Microsoft] {
                switch_off(tx, audit, acting_session, other)?;
            }
        }
        Provider::Google | Provider::Microsoft => {
            if store::find(tx, Provider::Okta)?.state == ConnectionState::Active {
                return Err(ProblemCode::OktaActive.into());
            }
        }
    }
    if row.state != ConnectionState::Active {
        row.active_since = Some(audit.now);
    }
    row.state = ConnectionState::Active;
    row.failure = None;
    store::save(tx, provider, &row)?;
    let detail = json!({ "settings": row.live });
    audit.record(
        tx,
        Event::ConnectionActivated,
        Some(provider.code()),
        &detail,
    )
}

fn switch_off(
    tx: &mut Tx<'_>,
    audit: &Audit,
    acting_session: &str,
    provider: Provider,
) -> Result<(), Error> {
    let mut row = store::find(tx, provider)?;
    if row.state != ConnectionState::Active {
        return Ok(());
    }
    row.state = ConnectionState::SwitchedOff;
    row.active_since = None;
    store::save(tx, provider, &row)?;
    let ended = sessions::end_of_provider(tx, provider, acting_session)?;
    let detail = json!({ "by": "okta", "sessions_ended": ended });
    audit.record(
        tx,
        Event::ConnectionSwitchedOff,
        Some(provider.code()),
        &detail,
    )
}

/// Saves settings and puts them in force without a round trip: for the demo's own connections.
pub(crate) fn put_in_force(
    tx: &mut Tx<'_>,
    app: &App,
    audit: &Audit,
    provider: Provider,
    form: &ConnectionForm,
    proof: &Proof,
) -> Result<(), Error> {
    let row = store::find(tx, provider)?;
    draft(tx, app, audit, provider, row, form)?;
    let settings_id = store::find(tx, provider)?
        .draft
        .ok_or(ProblemCode::Internal)?;
    activate(tx, audit, "", provider, &settings_id, proof)
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

/// `POST /api/connections/{provider}/disable`: members cannot sign in through it any more.
pub(crate) async fn disable(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(provider): Segment,
    Version(version): Version,
) -> Result<Json<Connection>, Error> {
    let provider = provider_of(&provider)?;
    let audit = actor.audit();
    let public_url = app.settings.public_url.clone();
    let connection = app
        .db
        .write(move |tx| {
            tx.lock(Lock::Connections)?;
            let mut row = store::find(tx, provider)?;
            if row.version != version {
                return Err(ProblemCode::Changed.into());
            }
            files::refuse(tx, &[&format!("{}.state", provider.code())])?;
            if row.state != ConnectionState::Active {
                return Err(ProblemCode::IllegalMove.into());
            }
            if !users::someone_can_enter(tx)? {
                return Err(ProblemCode::LastAdministrator.into());
            }
            row.state = ConnectionState::Disabled;
            row.active_since = None;
            store::save(tx, provider, &row)?;
            audit.record(
                tx,
                Event::ConnectionDisabled,
                Some(provider.code()),
                &json!({}),
            )?;
            store::shown(tx, provider, &public_url)
        })
        .await?;
    Ok(Json(connection))
}

/// `POST /api/connections/{provider}/enable`: back on with settings that were proved before.
pub(crate) async fn enable(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(provider): Segment,
    Version(version): Version,
) -> Result<Json<Connection>, Error> {
    let provider = provider_of(&provider)?;
    let audit = actor.audit();
    let public_url = app.settings.public_url.clone();
    let connection = app
        .db
        .write(move |tx| {
            tx.lock(Lock::Connections)?;
            let row = store::find(tx, provider)?;
            if row.version != version {
                return Err(ProblemCode::Changed.into());
            }
            files::refuse(tx, &[&format!("{}.state", provider.code())])?;
            let was_on = matches!(
                row.state,
                ConnectionState::Disabled | ConnectionState::SwitchedOff
            );
            if !was_on || row.live.is_none() {
                return Err(ProblemCode::IllegalMove.into());
            }
            switch_on(tx, &audit, &actor.session_id, provider, row)?;
            store::shown(tx, provider, &public_url)
        })
        .await?;
    Ok(Json(connection))
}
