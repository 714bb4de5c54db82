//! Which fields a file owns: `sso-console apply` changes them, and the API refuses to.

pub(crate) mod apply;
mod connection;
pub(crate) mod document;

use api::{
    ProblemCode,
    files::{Managed, ManagedBy},
};
use axum::{Json, extract::State};

use crate::{App, access::Admin, db::Tx, error::Error};

/// `GET /api/files`.
pub(crate) async fn show(State(app): State<App>, _: Admin) -> Result<Json<Managed>, Error> {
    Ok(Json(app.db.peek(owned).await?))
}

/// What the file that was applied last owns.
pub(crate) fn owned(tx: &mut Tx<'_>) -> Result<Managed, Error> {
    let rows = tx.rows(
        "select field, file, applied_at from managed_fields order by field",
        &[],
    )?;
    let mut by: Option<ManagedBy> = None;
    for mut row in rows {
        let (field, file, applied_at) = (row.text()?, row.text()?, row.int()?);
        let by = by.get_or_insert_default();
        by.file = file;
        by.applied_at = applied_at;
        by.fields.push(field);
    }
    Ok(Managed { managed_by: by })
}

/// Refuses a change of fields of which a file owns one.
pub(crate) fn refuse(tx: &mut Tx<'_>, fields: &[&str]) -> Result<(), Error> {
    let owned = owned(tx)?;
    if fields.iter().any(|field| owned.of(field).is_some()) {
        return Err(ProblemCode::ManagedByFile.into());
    }
    Ok(())
}
