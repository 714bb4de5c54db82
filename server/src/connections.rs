//! Connections to identity providers: saved as a draft, proved by a round trip, switched on behind
//! a guard, confirmed.
//!
//! Settings are rows that never change: a connection points to those in force (`live`) and to
//! those that wait for their proof (`draft`). So an edit changes nothing for members, and a
//! sign-in that is on its way keeps the settings that it began with. Only the secret of a row
//! changes in place: when the next one takes its place, and when the encryption key does.

mod change;
mod guard;
mod health;
mod life;
mod match_preview;
mod notes;
mod owned;
mod replaced;
mod secret;
mod store;
mod switch;
mod trial;
mod turn;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use api::{Connection, ProblemCode, Provider, UtcMillis, connections::ConnectionList};
use axum::{Json, extract::State};

use crate::{App, access::Admin, body::Segment, db::Tx, error::Error, oidc::ConnectionConfig};

pub(crate) use change::{last_four, note_failure, prove, put_in_force, save, understood, unprove};
pub(crate) use health::{After, doubted, watch, weigh};
pub(crate) use match_preview::preview_match;
pub(crate) use notes::notes;
pub(crate) use replaced::admits;
pub(crate) use secret::{
    Others, date, drop_next, keep_next, measure, promote, show as show_secret, tell_of_ends,
};
pub(crate) use store::{find, secret_place, settings, states};
pub(crate) use switch::{Which, confirm, disable, enable, hold, off, on, revert};
pub(crate) use trial::{Why, seen as trial_seen, settle, settle_in, settled, undo as undo_trial};
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
        let row = app.db.peek(move |tx| settings(tx, &id)).await?;
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
    let (now, public_url) = (app.clock.now(), app.settings.public_url.clone());
    let connections = app.db.peek(move |tx| all(tx, &public_url, now)).await?;
    Ok(Json(ConnectionList { connections }))
}

/// `GET /api/connections/{provider}`.
pub(crate) async fn show(
    State(app): State<App>,
    _: Admin,
    Segment(provider): Segment,
) -> Result<Json<Connection>, Error> {
    let provider = provider_of(&provider)?;
    let (now, public_url) = (app.clock.now(), app.settings.public_url.clone());
    let connection = app
        .db
        .peek(move |tx| store::shown(tx, provider, &public_url, now))
        .await?;
    Ok(Json(connection))
}

/// Okta, Google, Microsoft, in this order.
pub(crate) fn all(
    tx: &mut Tx<'_>,
    public_url: &str,
    now: UtcMillis,
) -> Result<Vec<Connection>, Error> {
    Provider::ALL
        .into_iter()
        .map(|provider| store::shown(tx, provider, public_url, now))
        .collect()
}

/// One connection as an administrator sees it.
pub(crate) fn one(
    tx: &mut Tx<'_>,
    provider: Provider,
    public_url: &str,
    now: UtcMillis,
) -> Result<Connection, Error> {
    store::shown(tx, provider, public_url, now)
}

/// The provider that a path names.
pub(crate) fn provider_of(code: &str) -> Result<Provider, Error> {
    Provider::from_code(code).ok_or_else(|| ProblemCode::NotFound.into())
}

/// Which providers members can sign in through at this moment.
pub(crate) fn active(tx: &mut Tx<'_>) -> Result<Vec<Provider>, Error> {
    Ok(states(tx)?
        .into_iter()
        .filter(|(_, state)| state.is_on())
        .map(|(provider, _)| provider)
        .collect())
}

/// Okta as it is, for who asks whether an administrator can enter: whether it is on, and with which
/// settings; the same for what an undone trial returns to.
pub(crate) fn okta(tx: &mut Tx<'_>) -> Result<Okta, Error> {
    let row = find(tx, Provider::Okta)?;
    let now = row.live.filter(|_| row.state.is_on());
    let before = match &row.trial {
        Some(trial) => Before::Trial(match trial::okta_before(trial)? {
            Some(id) => Some(Entrance {
                is_of_before: true,
                ..Entrance::of(tx, &id)?
            }),
            None => None,
        }),
        None => Before::NoTrial,
    };
    Ok(Okta {
        now: match now {
            Some(id) => Some(Entrance::of(tx, &id)?),
            None => None,
        },
        before,
    })
}

/// The issuer of Okta as it is in use, or was when it was switched off. None: it never was.
pub(crate) fn okta_issuer(tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
    match find(tx, Provider::Okta)?.live {
        Some(id) => Ok(Some(settings(tx, &id)?.settings.issuer)),
        None => Ok(None),
    }
}

/// Okta now, and before the trial if there is one. No entrance stands for off.
pub(crate) struct Okta {
    pub(crate) now: Option<Entrance>,
    pub(crate) before: Before,
}

/// What an undone trial would return to.
pub(crate) enum Before {
    NoTrial,
    Trial(Option<Entrance>),
}

/// The settings that let people in.
pub(crate) struct Entrance {
    pub(crate) issuer: String,
    /// The user whom their proof matched: Okta lets them in although they are not bound yet.
    pub(crate) proved_by: Option<ProvedBy>,
    /// They are what a trial returns to: the bonds that it put aside are theirs.
    pub(crate) is_of_before: bool,
}

/// The user whom a proof matched, and the login by which it did.
pub(crate) struct ProvedBy {
    pub(crate) user_id: String,
    pub(crate) login: String,
}

impl Entrance {
    fn of(tx: &mut Tx<'_>, settings_id: &str) -> Result<Self, Error> {
        Self::through(&settings(tx, settings_id)?)
    }

    fn through(row: &store::SettingsRow) -> Result<Self, Error> {
        let user = guard::proof(row)?.and_then(|proof| proof.user);
        let proved_by = user.and_then(|user| {
            Some(ProvedBy {
                user_id: user.id,
                login: user.okta_login?,
            })
        });
        Ok(Self {
            issuer: row.settings.issuer.clone(),
            proved_by,
            is_of_before: false,
        })
    }
}
