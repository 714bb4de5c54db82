//! What the checks say of the way that an attempt did not come back on.

use std::collections::BTreeMap;

use api::{Attempt, Outcome};

use crate::{checks, db::Tx, error::Error};

/// An attempt, and the settings that it began with.
pub(super) struct Found {
    pub(super) attempt: Attempt,
    pub(super) settings_id: Option<String>,
}

/// Says of those that never came back whether the checks of their settings passed what lies on the
/// way.
pub(super) fn with_checks(tx: &mut Tx<'_>, found: Vec<Found>) -> Result<Vec<Attempt>, Error> {
    let mut known: BTreeMap<String, bool> = BTreeMap::new();
    let mut attempts = Vec::with_capacity(found.len());
    for Found {
        mut attempt,
        settings_id,
    } in found
    {
        if let Some(id) = settings_id.filter(|_| attempt.outcome == Outcome::NotCompleted) {
            attempt.checks_passed = if let Some(passed) = known.get(&id) {
                *passed
            } else {
                let passed = checks::passed_redirect(tx, &id)?;
                known.insert(id, passed);
                passed
            };
        }
        attempts.push(attempt);
    }
    Ok(attempts)
}
