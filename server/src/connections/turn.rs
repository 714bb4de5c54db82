//! What a file does with a connection: the same doors as the console's, without a request.

use super::{
    change,
    secret::{self, waiting},
    store,
    switch::{self, Which},
};
use crate::{App, audit::Audit, db::Tx, error::Error, secret::Secret};
use api::{ConnectionForm, ProblemCode, Provider, connections::Settings};

/// What is saved of a connection, its secrets opened: those that a file may name without a change.
pub(crate) struct Stored {
    pub(crate) settings: Settings,
    /// That of the draft or in force, and the next one.
    pub(crate) secrets: Vec<Secret>,
    pub(crate) last_four: String,
    pub(crate) expires_on: Option<String>,
    /// Whether a new secret can wait beside the one in force.
    pub(crate) takes_next: bool,
}

pub(crate) fn stored(
    tx: &mut Tx<'_>,
    app: &App,
    provider: Provider,
) -> Result<Option<Stored>, Error> {
    let row = store::find(tx, provider)?;
    let takes_next = row.draft.is_none() && row.live.is_some();
    let Some(id) = row.draft.or(row.live) else {
        return Ok(None);
    };
    let it = store::settings(tx, &id)?;
    let mut secrets = vec![it.clone().open(app)?.client_secret];
    let mut expires_on = it.info.expires_on.clone();
    if let Some((next, date)) = waiting(tx, app, &it)? {
        secrets.push(next);
        expires_on = date;
    }
    Ok(Some(Stored {
        settings: it.settings,
        secrets,
        last_four: it.info.last_four,
        expires_on,
        takes_next,
    }))
}

/// Saves a draft, as the console's form does.
pub(crate) fn save_draft(
    tx: &mut Tx<'_>,
    app: &App,
    audit: &Audit,
    provider: Provider,
    form: &ConnectionForm,
) -> Result<(), Error> {
    let row = store::find(tx, provider)?;
    change::draft(tx, app, audit, provider, row, form)
}

/// Keeps the next secret, as the console's panel does.
pub(crate) fn set_next(
    tx: &mut Tx<'_>,
    app: &App,
    audit: &Audit,
    provider: Provider,
    secret: &str,
    expires_on: Option<String>,
) -> Result<(), Error> {
    let current = secret::in_use(tx, provider)?.ok_or(ProblemCode::IllegalMove)?;
    secret::set_next(tx, app, audit, &current, secret, expires_on)
}

/// Dates the secret that a file names: the next one where one waits.
pub(crate) fn set_date(
    tx: &mut Tx<'_>,
    app: &App,
    audit: &Audit,
    provider: Provider,
    date: Option<&str>,
) -> Result<(), Error> {
    let row = store::find(tx, provider)?;
    let id = row.draft.or(row.live).ok_or(ProblemCode::IllegalMove)?;
    let current = store::settings(tx, &id)?;
    if waiting(tx, app, &current)?.is_some() {
        return secret::date_next(tx, audit, provider, date);
    }
    secret::set_date(tx, audit, &current, date)
}

/// Switches a connection on or off, through the guard of the console's switch. Okta goes on for a
/// trial, which an administrator confirms in the console.
pub(crate) fn turn(
    tx: &mut Tx<'_>,
    audit: &Audit,
    provider: Provider,
    on: bool,
) -> Result<(), Error> {
    let row = switch::hold(tx, provider)?;
    if on {
        switch::on(tx, audit, "", provider, row, Which::Shown)
    } else {
        switch::off(tx, audit, "", provider, row)
    }
}
