//! The SQL of secrets: what changes in place in a row of settings, and the next secret.

use api::{Provider, connections::SecretInfo};

use super::super::store::SettingsRow;
use crate::{
    db::{Tx, params},
    error::Error,
};

/// The secret that waits, sealed.
#[derive(Clone)]
pub(super) struct Next {
    pub(super) secret: Vec<u8>,
    pub(super) info: SecretInfo,
}

/// The next secret of these settings: pasted for the same client at the same issuer.
pub(super) fn next(tx: &mut Tx<'_>, of: &SettingsRow) -> Result<Option<Next>, Error> {
    let row = tx.row(
        "select secret, secret_last_four, secret_set_at, secret_set_by, secret_expires_on
         from next_secrets where provider = $1 and issuer = $2 and client_id = $3",
        params![
            of.provider.code(),
            &of.settings.issuer,
            &of.settings.client_id
        ],
    )?;
    row.map(|mut row| {
        Ok(Next {
            secret: row.blob()?,
            info: SecretInfo {
                last_four: row.text()?,
                set_at: row.int()?,
                set_by: row.text()?,
                expires_on: row.opt_text()?,
            },
        })
    })
    .transpose()
}

pub(super) fn keep_next(
    tx: &mut Tx<'_>,
    of: &SettingsRow,
    sealed: &[u8],
    info: &SecretInfo,
) -> Result<(), Error> {
    tx.run(
        "insert into next_secrets
           (provider, issuer, client_id, secret, secret_last_four, secret_set_at, secret_set_by,
            secret_expires_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (provider) do update
         set issuer = $2, client_id = $3, secret = $4, secret_last_four = $5, secret_set_at = $6,
             secret_set_by = $7, secret_expires_on = $8",
        params![
            of.provider.code(),
            &of.settings.issuer,
            &of.settings.client_id,
            sealed,
            &info.last_four,
            info.set_at,
            &info.set_by,
            &info.expires_on
        ],
    )
    .map(drop)
}

/// Takes the next secret away; false if it was not this one any more.
pub(super) fn drop_next(tx: &mut Tx<'_>, provider: Provider, sealed: &[u8]) -> Result<bool, Error> {
    let dropped = tx.run(
        "delete from next_secrets where provider = $1 and secret = $2",
        params![provider.code(), sealed],
    )?;
    Ok(dropped == 1)
}

/// Writes the date of the secret in use, wherever it is kept.
pub(super) fn date(
    tx: &mut Tx<'_>,
    current: &SettingsRow,
    date: Option<&str>,
) -> Result<(), Error> {
    tx.run(
        "update connection_settings set secret_expires_on = $3
         where provider = $1 and secret = $2",
        params![current.provider.code(), &current.secret, date],
    )
    .map(drop)
}

/// Writes the date of the next secret.
pub(super) fn date_next(
    tx: &mut Tx<'_>,
    provider: Provider,
    date: Option<&str>,
) -> Result<(), Error> {
    tx.run(
        "update next_secrets set secret_expires_on = $2 where provider = $1",
        params![provider.code(), date],
    )
    .map(drop)
}

/// The next secret stands in for an old one, wherever that is kept: the old one is gone.
pub(super) fn replace(tx: &mut Tx<'_>, of: &SettingsRow, next: &Next) -> Result<(), Error> {
    tx.run(
        "update connection_settings
         set secret = $5, secret_last_four = $6, secret_set_at = $7, secret_set_by = $8,
             secret_expires_on = $9
         where provider = $1 and issuer = $2 and client_id = $3 and secret = $4",
        params![
            of.provider.code(),
            &of.settings.issuer,
            &of.settings.client_id,
            &of.secret,
            &next.secret,
            &next.info.last_four,
            next.info.set_at,
            &next.info.set_by,
            &next.info.expires_on
        ],
    )
    .map(drop)
}

/// What was shown of the connection is no longer all there is.
pub(in crate::connections) fn bump(tx: &mut Tx<'_>, provider: Provider) -> Result<(), Error> {
    tx.run(
        "update connections set version = version + 1 where provider = $1",
        params![provider.code()],
    )
    .map(drop)
}

/// Whether an open notice speaks of this provider's secret.
pub(super) fn has_open_notice(tx: &mut Tx<'_>, provider: Provider) -> Result<bool, Error> {
    let found = tx.row(
        "select 1 from notifications
         where dismissed_at is null and provider = $1
           and kind in ('secret_expiring', 'secret_expired')",
        params![provider.code()],
    )?;
    Ok(found.is_some())
}

/// Whether this was told before.
pub(super) fn was_told(tx: &mut Tx<'_>, once: &str) -> Result<bool, Error> {
    let found = tx.row(
        "select 1 from notifications where dedup_key = $1",
        params![once],
    )?;
    Ok(found.is_some())
}
