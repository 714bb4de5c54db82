//! What a connection needs before it is switched on, so that nobody locks themselves out.
//!
//! The same for every door: screen, API, command line and file ask here.

use std::fmt::Write as _;

use api::{
    ConnectionState, Provider, UtcMillis,
    connections::{MatchBy, Missing, Settings, Verification},
};
use sha2::{Digest as _, Sha256};

use super::{
    Entrance,
    store::{self, Row, SettingsRow},
};
use crate::{break_glass, db::Tx, error::Error, users};

/// Tells settings apart. A row of settings never changes but for its secret, and that only to one
/// that the provider took: it is that of the proof, or as good.
pub(super) fn fingerprint(settings: &Settings) -> Result<String, Error> {
    let mut json = serde_json::to_value(settings)
        .map_err(|error| Error::Internal(format!("settings: {error}")))?;
    // Settings that were verified before these fields existed stay verified.
    if let Some(fields) = json.as_object_mut() {
        if settings.match_by == MatchBy::default() {
            fields.remove("match_by");
        }
        if !settings.allow_unverified_email {
            fields.remove("allow_unverified_email");
        }
    }
    let digest: [u8; 32] = Sha256::digest(json.to_string().as_bytes()).into();
    let mut text = String::with_capacity(16);
    for byte in &digest[..8] {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// The proof of exactly these settings.
pub(super) fn proof(row: &SettingsRow) -> Result<Option<Verification>, Error> {
    let proof = store::stored::<Verification>(row.verification.as_deref())?;
    let fingerprint = fingerprint(&row.settings)?;
    Ok(proof.filter(|proof| proof.fingerprint == fingerprint))
}

/// What is missing before these settings may be switched on.
pub(super) fn missing(
    tx: &mut Tx<'_>,
    settings: &SettingsRow,
    now: UtcMillis,
) -> Result<Vec<Missing>, Error> {
    let proof = proof(settings)?;
    let mut missing = Vec::new();
    if proof.is_none() {
        missing.push(Missing::Verification);
    }
    match settings.provider {
        Provider::Okta => {
            let okta = Entrance::through(settings)?;
            if !users::administrator_through_okta(tx, &okta)? {
                missing.push(Missing::OktaAdministrator);
            }
            if !break_glass::was_tried(tx, now)? {
                missing.push(Missing::BreakGlass);
            }
        }
        // They leave passwords as they are: nobody is shut out.
        Provider::Google | Provider::Microsoft => {}
    }
    Ok(missing)
}

/// What the connection's page lists: nothing while there is nothing to switch on.
pub(super) fn listed(
    tx: &mut Tx<'_>,
    row: &Row,
    shown: Option<&SettingsRow>,
    now: UtcMillis,
) -> Result<Vec<Missing>, Error> {
    let Some(shown) = shown else {
        return Ok(Vec::new());
    };
    let waits = match row.state {
        ConnectionState::NotConnected | ConnectionState::Trial => false,
        ConnectionState::Draft
        | ConnectionState::Verified
        | ConnectionState::DisabledByOkta
        | ConnectionState::Disabled => true,
        ConnectionState::Connected | ConnectionState::Degraded => row.draft.is_some(),
    };
    if waits {
        missing(tx, shown, now)
    } else {
        Ok(Vec::new())
    }
}
