//! What happens when a connection comes to speak of other accounts than before: another Okta
//! organization, another authorization server, another directory.
//!
//! A bond says "this account at this issuer is that user". At another issuer the same words mean
//! somebody else, so every bond is void, and so is every session that one of them opened.

use api::{Provider, connections::Settings};
use serde_json::json;

use super::store;
use crate::{
    audit::{Audit, Event},
    db::Tx,
    error::Error,
    oidc::ConnectionConfig,
    sessions, users,
};

/// Whether a sign-in that began with these settings may still end well: the connection is on, and
/// the accounts are those that it speaks of now.
pub(crate) fn admits(tx: &mut Tx<'_>, config: &ConnectionConfig) -> Result<bool, Error> {
    let row = store::find(tx, config.provider)?;
    match row.live {
        Some(live) if row.state.is_on() && live == config.id => Ok(true),
        Some(live) if row.state.is_on() => {
            let now = store::settings(tx, &live)?.settings;
            let (issuer, client) = (config.issuer.as_str(), config.client_id.as_str());
            Ok(same_accounts(config.provider, (issuer, client), &now))
        }
        Some(_) | None => Ok(false),
    }
}

/// Voids what the settings before left behind, unless the new ones speak of the same accounts.
pub(super) fn void(
    tx: &mut Tx<'_>,
    audit: &Audit,
    acting_session: &str,
    provider: Provider,
    before: &Settings,
    after: &Settings,
) -> Result<(), Error> {
    let (issuer, client) = (before.issuer.as_str(), before.client_id.as_str());
    if same_accounts(provider, (issuer, client), after) {
        return Ok(());
    }
    let bonds = match provider {
        // Kept until the trial is confirmed: undoing it brings them back.
        Provider::Okta => users::put_bonds_aside(tx)?,
        Provider::Google | Provider::Microsoft => users::unbind_all(tx, provider)?,
    };
    let ended = sessions::end_of_provider(tx, provider, acting_session)?;
    let detail = json!({
        "before": before.issuer,
        "after": after.issuer,
        "bonds": bonds,
        "sessions_ended": ended,
    });
    audit.record(tx, Event::UserUnbound, Some(provider.code()), &detail)
}

/// `sub` is unique within an issuer; at Microsoft it also differs from client to client (Microsoft
/// identity platform: ID token claims, `sub`).
fn same_accounts(provider: Provider, (issuer, client): (&str, &str), now: &Settings) -> bool {
    issuer == now.issuer
        && match provider {
            Provider::Okta | Provider::Google => true,
            Provider::Microsoft => client == now.client_id,
        }
}
