//! Work on many users that goes on after its answer: on whose behalf, and who goes on with it when a node falls silent.
//!
//! It must not know what is done to a user.

use api::UtcMillis;
use serde::{Deserialize, Serialize};

use super::{bulk, import};
use crate::{App, audit::Audit, db::params, error::Error};

/// A job whose worker was silent for so long has none any more.
const SILENT: UtcMillis = 30_000;

/// Who asked for a job, and from where: kept with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Asked {
    actor_id: Option<String>,
    actor_name: String,
    address: String,
    request_id: String,
}

impl Asked {
    pub(super) fn by(audit: &Audit) -> Self {
        Self {
            actor_id: audit.actor_id.clone(),
            actor_name: audit.actor_name.clone(),
            address: audit.address.clone(),
            request_id: audit.request_id.clone(),
        }
    }

    /// The audit log names whoever asked, not the worker.
    pub(super) fn audit(&self, clock: &Audit) -> Audit {
        Audit {
            actor_id: self.actor_id.clone(),
            actor_name: self.actor_name.clone(),
            address: self.address.clone(),
            request_id: self.request_id.clone(),
            ..clock.clone()
        }
    }
}

/// Goes on with the jobs whose workers fell silent.
pub(crate) async fn resume(app: &App) -> Result<(), Error> {
    let silent = app.clock.now() - SILENT;
    let jobs = app
        .db
        .write(move |tx| {
            // Whoever wrote the items down is gone: nothing was changed yet.
            tx.run(
                "update jobs set state = 'failed', ended_at = beat_at
                 where state = 'checking' and beat_at < $1",
                params![silent],
            )?;
            tx.rows(
                "select kind, id from jobs where state in ('running', 'undoing') and beat_at < $1",
                params![silent],
            )?
            .into_iter()
            .map(|mut row| Ok((row.text()?, row.text()?)))
            .collect::<Result<Vec<_>, Error>>()
        })
        .await?;
    for (kind, id) in jobs {
        if kind == "bulk" {
            tokio::spawn(bulk::run(app.clone(), id));
        } else {
            tokio::spawn(import::run(app.clone(), id));
        }
    }
    Ok(())
}
