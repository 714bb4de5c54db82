//! Rotation without a sign-in that notices: where the provider refuses the secret in use, the
//! others that are known for the same client are tried in the same sign-in, and the next one takes
//! the place of the first.
//!
//! A provider authenticates the client before it looks at the code (RFC 6749 §3.2.1), so a refused
//! secret uses up no code.

use std::sync::Arc;

use api::{connections::SecretInfo, sign_ins::Purpose};
use serde_json::json;

use super::{
    super::store::{self as settings, SettingsRow},
    bump,
    store::{self, Next},
};
use crate::{
    App,
    audit::{Audit, Event},
    connections::Configs,
    db::{Lock, Tx},
    error::Error,
    notifications::{self, Notification},
    oidc::ConnectionConfig,
    sealing::Sealing,
};

/// What else may be tried for a connection whose secret was refused.
pub(crate) struct Others {
    /// Those settings again, with the secrets that another node or an edit put in force meanwhile.
    pub(crate) known: Vec<Arc<ConnectionConfig>>,
    /// With the next secret.
    pub(crate) next: Option<Arc<ConnectionConfig>>,
}

impl Others {
    /// Reads them from the database: what is in memory was just refused.
    pub(crate) async fn of(
        app: &App,
        refused: &ConnectionConfig,
        purpose: Purpose,
    ) -> Result<Self, Error> {
        let id = refused.id.clone();
        let (row, live, next) = app
            .db
            .read(move |tx| {
                let row = settings::settings(tx, &id)?;
                let next = store::next(tx, &row)?;
                let live = match purpose {
                    Purpose::SignIn | Purpose::Reauthenticate => in_force(tx, &row)?,
                    // A proof is of these very settings.
                    Purpose::Test => None,
                };
                Ok((row, live, next))
            })
            .await?;
        let mut known: Vec<Arc<ConnectionConfig>> = Vec::new();
        for candidate in std::iter::once(&row).chain(live.as_ref()) {
            let config = with_secret(app, &row, &candidate.secret)?;
            let tried =
                |it: &ConnectionConfig| it.client_secret.expose() == config.client_secret.expose();
            if !tried(refused) && !known.iter().any(|it| tried(it)) {
                known.push(config);
            }
        }
        let next = next
            .map(|next| with_secret(app, &row, &next.secret))
            .transpose()?;
        Ok(Self { known, next })
    }
}

/// The settings in force, if they are of the same client at the same issuer.
fn in_force(tx: &mut Tx<'_>, row: &SettingsRow) -> Result<Option<SettingsRow>, Error> {
    let Some(live) = settings::find(tx, row.provider)?.live else {
        return Ok(None);
    };
    let live = settings::settings(tx, &live)?;
    let same = live.settings.issuer == row.settings.issuer
        && live.settings.client_id == row.settings.client_id;
    Ok(same.then_some(live))
}

fn with_secret(
    app: &App,
    row: &SettingsRow,
    sealed: &[u8],
) -> Result<Arc<ConnectionConfig>, Error> {
    let mut row = row.clone();
    sealed.clone_into(&mut row.secret);
    row.open(app).map(Arc::new)
}

/// The provider took the next secret after it had refused the others: it is the one in use from
/// now on, and the old one is dropped. Of many sign-ins that find this out at once one does it.
pub(crate) async fn promote(
    app: &App,
    audit: &Audit,
    proved: &Arc<ConnectionConfig>,
) -> Result<(), Error> {
    let (id, state, audit) = (proved.id.clone(), app.clone(), audit.clone());
    let proved_secret = proved.client_secret.clone();
    app.db
        .write(move |tx| {
            tx.lock(Lock::Connections)?;
            let row = settings::settings(tx, &id)?;
            let Some(next) = store::next(tx, &row)? else {
                return Ok(());
            };
            // Another one may have been pasted meanwhile: that one is not proved.
            let same = with_secret(&state, &row, &next.secret)?;
            if same.client_secret.expose() != proved_secret.expose() {
                return Ok(());
            }
            replace(tx, &state.sealing, &audit, &row, &next)
        })
        .await?;
    Configs::keep(app, proved.clone());
    Ok(())
}

fn replace(
    tx: &mut Tx<'_>,
    sealing: &Sealing,
    audit: &Audit,
    row: &SettingsRow,
    next: &Next,
) -> Result<(), Error> {
    let provider = row.provider;
    if !store::drop_next(tx, provider, &next.secret)? {
        return Ok(());
    }
    let live = in_force(tx, row)?;
    for old in std::iter::once(row).chain(live.as_ref()) {
        store::replace(tx, old, next)?;
    }
    bump(tx, provider)?;
    let shown = |info: &SecretInfo, secret: &[u8]| {
        json!({
            "secret_ends_in": info.last_four,
            "secret_fingerprint": row.print_of(sealing, secret),
            "secret_set_at": info.set_at,
        })
    };
    let detail = json!({
        "before": shown(&row.info, &row.secret),
        "after": shown(&next.info, &next.secret),
    });
    audit.record(tx, Event::SecretReplaced, Some(provider.code()), &detail)?;
    let notice = Notification::SecretReplaced {
        provider,
        last_four: &next.info.last_four,
    };
    notifications::tell(tx, audit, &next.info.set_at.to_string(), notice).map(drop)
}
