//! Connections to identity providers: saved as a draft, put in force by a round trip that worked.
//!
//! Settings are rows that never change: a connection points to those in force (`live`) and to
//! those that wait for their proof (`draft`). So an edit changes nothing for members, and a
//! sign-in that is on its way keeps the settings that it began with. Only the secret of a row
//! changes in place: when the next one takes its place, and when the sealing key does.

mod change;
mod owned;
mod replaced;
mod secret;
mod store;
mod turn;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use api::{Connection, ConnectionState, ProblemCode, Provider, connections::ConnectionList};
use axum::{Json, extract::State};

use crate::{App, access::Admin, body::Segment, db::Tx, error::Error, oidc::ConnectionConfig};

pub(crate) use change::{
    activate, disable, enable, last_four, note_failure, put_in_force, save, understood,
};
pub(crate) use replaced::admits;
pub(crate) use secret::{
    Others, date, drop_next, keep_next, measure, promote, show as show_secret, tell_of_ends,
};
pub(crate) use store::{find, secret_place, states};
pub(crate) use turn::{Stored, save_draft, set_date, set_next, stored, turn};

/// Settings as the relying party takes them, opened once and kept: their rows never change, but for
/// the secret, and whoever finds that refused reads it again.
#[derive(Default)]
pub(crate) struct Configs(Mutex<HashMap<String, Arc<ConnectionConfig>>>);

/// More than ever are in use at once; reached only by an endless series of edits.
const CONFIGS_MAX: usize = 64;

impl Configs {
    /// The settings with this id, from memory or from the database.
    pub(crate) async fn get(app: &App, settings_id: &str) -> Result<Arc<ConnectionConfig>, Error> {
        if let Some(known) = app.configs.lock().get(settings_id) {
            return Ok(known.clone());
        }
        let id = settings_id.to_owned();
        let row = app.db.peek(move |tx| store::settings(tx, &id)).await?;
        let config = Arc::new(row.open(app)?);
        let mut all = app.configs.lock();
        if all.len() >= CONFIGS_MAX {
            for (id, _) in all.drain() {
                app.relying.forget(&id);
            }
        }
        all.insert(settings_id.to_owned(), config.clone());
        Ok(config)
    }

    /// Opened settings whose secret was replaced: from now on these.
    pub(crate) fn keep(app: &App, config: Arc<ConnectionConfig>) {
        app.configs.lock().insert(config.id.clone(), config);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<ConnectionConfig>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `GET /api/connections`.
pub(crate) async fn list(State(app): State<App>, _: Admin) -> Result<Json<ConnectionList>, Error> {
    let public_url = app.settings.public_url.clone();
    let connections = app.db.peek(move |tx| all(tx, &public_url)).await?;
    Ok(Json(ConnectionList { connections }))
}

/// `GET /api/connections/{provider}`.
pub(crate) async fn show(
    State(app): State<App>,
    _: Admin,
    Segment(provider): Segment,
) -> Result<Json<Connection>, Error> {
    let provider = provider_of(&provider)?;
    let public_url = app.settings.public_url.clone();
    let connection = app
        .db
        .peek(move |tx| store::shown(tx, provider, &public_url))
        .await?;
    Ok(Json(connection))
}

/// Okta, Google, Microsoft, in this order.
pub(crate) fn all(tx: &mut Tx<'_>, public_url: &str) -> Result<Vec<Connection>, Error> {
    Provider::ALL
        .into_iter()
        .map(|provider| store::shown(tx, provider, public_url))
        .collect()
}

/// The provider that a path names.
pub(crate) fn provider_of(code: &str) -> Result<Provider, Error> {
    Provider::from_code(code).ok_or_else(|| ProblemCode::NotFound.into())
}

/// Which providers members can sign in through at this moment.
pub(crate) fn active(tx: &mut Tx<'_>) -> Result<Vec<Provider>, Error> {
    Ok(states(tx)?
        .into_iter()
        .filter(|(_, state)| *state == ConnectionState::Active)
        .map(|(provider, _)| provider)
        .collect())
}
