//! What a file owns of a connection, the console's form cannot change.

use api::{ConnectionForm, ProblemCode, Provider, connections::Settings};

use super::{change::understood, store, store::Row};
use crate::{App, db::Tx, error::Error, files};

/// Refuses a form that changes a field of a file's. One that repeats what is saved may pass.
pub(super) fn refuse_form(
    tx: &mut Tx<'_>,
    app: &App,
    provider: Provider,
    row: &Row,
    form: &ConnectionForm,
) -> Result<(), Error> {
    let owned = files::owned(tx)?;
    if owned.any(provider.code()).is_none() {
        return Ok(());
    }
    let Some(id) = row.draft.as_deref().or(row.live.as_deref()) else {
        return Ok(());
    };
    let before = store::settings(tx, id)?;
    let valid = form
        .validate(provider, app.settings.loopback, Some(&before.settings))
        .map_err(Error::Invalid)?;
    let after = understood(app, provider, &valid);
    let date = &valid.client_secret_expires_on;
    let changed = differing(&before.settings, &after)
        .into_iter()
        .chain(valid.client_secret.as_ref().map(|_| "client_secret"))
        .chain(
            date.as_ref()
                .filter(|it| **it != before.info.expires_on)
                .map(|_| "client_secret_expires_on"),
        );
    for field in changed {
        if owned.of(&format!("{}.{field}", provider.code())).is_some() {
            return Err(ProblemCode::ManagedByFile.into());
        }
    }
    Ok(())
}

/// The names of the fields in which the two differ.
fn differing(before: &Settings, after: &Settings) -> Vec<&'static str> {
    [
        ("issuer", before.issuer != after.issuer),
        ("client_id", before.client_id != after.client_id),
        (
            "native_client_id",
            before.native_client_id != after.native_client_id,
        ),
        (
            "native_redirect_uri",
            before.native_redirect_uri != after.native_redirect_uri,
        ),
        ("audience", before.audience != after.audience),
        ("hosted_domain", before.hosted_domain != after.hosted_domain),
        ("tenant", before.tenant != after.tenant),
        ("match_by", before.match_by != after.match_by),
        (
            "allow_unverified_email",
            before.allow_unverified_email != after.allow_unverified_email,
        ),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}
