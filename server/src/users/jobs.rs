//! Work on many users that goes on after its answer: on whose behalf, and who goes on with it when a node falls silent.
//!
//! It must not know what is done to a user.

use api::UtcMillis;
use serde::{Deserialize, Serialize};

use super::{bulk, import};
use crate::{
    App,
    audit::Audit,
    db::{Tx, params},
    error::Error,
};

/// A job whose worker was silent for so long has none any more.
const SILENT: UtcMillis = 30_000;

/// A job is kept so long after its end, with what its file said of people.
const KEPT: UtcMillis = 7 * 24 * 60 * 60 * 1000;

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

    /// Whether they still may: a job does not outlive the right to it. Who asked on the host is nobody here.
    pub(super) fn may(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let Some(id) = &self.actor_id else {
            return Ok(true);
        };
        let row = tx.row(
            "select 1 from users where id = $1 and role = 'admin' and suspended_at is null",
            params![id],
        )?;
        Ok(row.is_some())
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

/// Removes what ended long ago, and what was looked at and never taken.
pub(crate) async fn forget(app: &App) -> Result<(), Error> {
    let before = app.clock.now() - KEPT;
    app.db
        .write(move |tx| {
            tx.run(
                "delete from jobs where state in ('done', 'undone', 'failed', 'checked') and beat_at < $1",
                params![before],
            )
            .map(drop)
        })
        .await
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
