//! The organization that this deployment serves.

use api::{
    ConnectionState, Organization, Provider,
    organization::{IdentityProvider, OrganizationForm},
    paths,
};
use axum::{Json, extract::State};
use serde_json::json;

use crate::{
    App,
    access::Admin,
    audit::{Audit, Event},
    body::{Body, Version},
    connections,
    db::{Lock, Tx, params},
    error::Error,
    files,
};

/// `GET /api/organization`.
pub(crate) async fn show(State(app): State<App>, _: Admin) -> Result<Json<Organization>, Error> {
    let settings = app.settings.clone();
    let organization = app
        .db
        .peek(move |tx| read(tx, &settings.public_url))
        .await?;
    Ok(Json(organization))
}

/// `PUT /api/organization`: renames it.
pub(crate) async fn rename(
    State(app): State<App>,
    Admin(actor): Admin,
    Version(version): Version,
    Body(form): Body<OrganizationForm>,
) -> Result<Json<Organization>, Error> {
    let new = form.validate().map_err(Error::Invalid)?;
    let public_url = app.settings.public_url.clone();
    let audit = actor.audit();
    let organization = app
        .db
        .write(move |tx| {
            // Of two that rename at once the second sees what the first wrote.
            tx.lock(Lock::Organization)?;
            files::refuse(tx, &["organization.name"])?;
            let before = read(tx, &public_url)?;
            if before.version != version {
                return Err(api::ProblemCode::Changed.into());
            }
            set_name(tx, &audit, &before.name, &new)?;
            read(tx, &public_url)
        })
        .await?;
    Ok(Json(organization))
}

/// Writes another name. For the API and for a file.
pub(crate) fn set_name(
    tx: &mut Tx<'_>,
    audit: &Audit,
    before: &str,
    new: &str,
) -> Result<(), Error> {
    tx.run(
        "update organization set name = $1, version = version + 1 where id = 1",
        params![new],
    )?;
    let detail = json!({ "before": before, "after": new });
    audit.record(tx, Event::OrganizationRenamed, None, &detail)
}

/// The name alone; empty before set-up.
pub(crate) fn name(tx: &mut Tx<'_>) -> Result<String, Error> {
    match tx.row("select name from organization where id = 1", &[])? {
        Some(mut row) => row.text(),
        None => Ok(String::new()),
    }
}

fn read(tx: &mut Tx<'_>, public_url: &str) -> Result<Organization, Error> {
    let mut row = tx
        .row("select name, version from organization where id = 1", &[])?
        .ok_or(api::ProblemCode::NotFound)?;
    let (name, version) = (row.text()?, row.int()?);
    let identity_provider = identity_provider(&connections::states(tx)?);
    Ok(Organization {
        name,
        public_url: public_url.to_owned(),
        identity_provider,
        redirect_uri: format!("{public_url}{}", paths::auth_callback(Provider::Okta)),
        version,
    })
}

/// Okta if anything of it was saved, else whichever is active.
fn identity_provider(states: &[(Provider, ConnectionState)]) -> Option<IdentityProvider> {
    let okta = states.iter().find(|(provider, state)| {
        *provider == Provider::Okta && *state != ConnectionState::NotConnected
    });
    let active = states.iter().find(|(_, state)| state.is_on());
    let chosen = match (okta, active) {
        (Some((_, state)), _) if state.is_on() => okta,
        (Some(_), None) => okta,
        _ => active,
    };
    chosen.map(|&(provider, state)| IdentityProvider { provider, state })
}
