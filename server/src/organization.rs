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
    audit::Event,
    body::{Body, Version},
    connections,
    db::{Tx, params},
    error::Error,
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
            let before = read(tx, &public_url)?;
            let changed = tx.run(
                "update organization set name = $1, version = version + 1
                 where id = 1 and version = $2",
                params![&new, version],
            )?;
            if changed == 0 {
                return Err(api::ProblemCode::Changed.into());
            }
            audit.record(
                tx,
                Event::OrganizationRenamed,
                None,
                &json!({ "before": before.name, "after": new }),
            )?;
            read(tx, &public_url)
        })
        .await?;
    Ok(Json(organization))
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
