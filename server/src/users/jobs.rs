//! Work on many users that goes on after its answer: on whose behalf, and who goes on with it when a node falls silent.
//!
//! It must not know what is done to a user.

use api::{
    UtcMillis,
    users::{BulkAction, ImportState, JOBS_SHOWN, Job, Jobs},
};
use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};

use super::{bulk, import};
use crate::{
    App,
    access::Admin,
    audit::Audit,
    db::{Tx, params},
    error::Error,
};

/// A job whose worker was silent for so long has none any more.
const SILENT: UtcMillis = 30_000;

/// A job is kept so long after its end, with what its file said of people.
const KEPT: UtcMillis = 7 * 24 * 60 * 60 * 1000;

/// So many of a job's rows go at a time, so that nobody waits long.
const PART: i64 = 2000;

/// Writes a job down: nothing of it is done before everything that belongs to it is there.
pub(super) fn write_down(
    tx: &mut Tx<'_>,
    id: &str,
    kind: &str,
    doing: &str,
    items: usize,
    now: UtcMillis,
) -> Result<(), Error> {
    let total = i64::try_from(items).unwrap_or(i64::MAX);
    tx.run(
        "insert into jobs
           (id, kind, state, doing, total, done, changed, refused, started_at, beat_at)
         values ($1, $2, 'checking', $3, $4, 0, 0, 0, $5, $5)",
        params![id, kind, doing, total, now],
    )
    .map(drop)
}

/// As it is kept with a job.
pub(super) fn written(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value)
        .map_err(|error| Error::Internal(format!("a job cannot be written: {error}")))
}

/// What was kept with a job.
pub(super) fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Error> {
    serde_json::from_str(text)
        .map_err(|error| Error::Internal(format!("a job cannot be read: {error}")))
}

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

/// What is kept with every job.
#[derive(Deserialize)]
struct Kept {
    action: Option<BulkAction>,
    #[serde(default)]
    dry_run: bool,
    actor_name: String,
}

/// `GET /api/users/jobs`: how whoever left finds a job again.
pub(crate) async fn list(State(app): State<App>, _: Admin) -> Result<Json<Jobs>, Error> {
    let jobs = app.db.read(latest).await?;
    Ok(Json(Jobs { jobs }))
}

/// The newest; what was only tried out is followed by whoever tried it.
fn latest(tx: &mut Tx<'_>) -> Result<Vec<Job>, Error> {
    let rows = tx.rows(
        "select id, state, doing, total, done, started_at from jobs
         where kind <> 'forgotten'
         order by id desc
         limit 100",
        &[],
    )?;
    let mut jobs = Vec::new();
    for mut row in rows {
        let (id, code, kept) = (row.text()?, row.text()?, row.text()?);
        let kept: Kept = read(&kept)?;
        let state = match code.as_str() {
            "checking" if kept.action.is_none() => ImportState::Checking,
            "checked" => ImportState::Checked,
            "done" | "undone" => ImportState::Done,
            "failed" => ImportState::Failed,
            _ => ImportState::Running,
        };
        if !kept.dry_run {
            jobs.push(Job {
                id,
                action: kept.action,
                state,
                total: row.count()?,
                done: row.count()?,
                by: kept.actor_name,
                started_at: row.int()?,
            });
        }
    }
    jobs.truncate(JOBS_SHOWN);
    Ok(jobs)
}

/// Removes what ended long ago, what was looked at and never taken, and what was put away.
pub(crate) async fn forget(app: &App) -> Result<(), Error> {
    let before = app.clock.now() - KEPT;
    app.db
        .write(move |tx| {
            tx.run(
                "update jobs set kind = 'forgotten'
                 where state in ('done', 'undone', 'failed', 'checked') and beat_at < $1",
                params![before],
            )
        })
        .await?;
    forget_what_was_put_away(app).await
}

/// What is shown to nobody any more: of kind `forgotten`.
pub(super) async fn forget_what_was_put_away(app: &App) -> Result<(), Error> {
    while app.db.write(forget_some).await? {}
    Ok(())
}

/// A part of one of them; false where there is none.
fn forget_some(tx: &mut Tx<'_>) -> Result<bool, Error> {
    let forgotten = "select id from jobs where kind = 'forgotten' order by id limit 1";
    let Some(mut row) = tx.row(forgotten, params![])? else {
        return Ok(false);
    };
    let id = row.text()?;
    tx.run(
        "delete from job_items
         where job_id = $1
           and place in (select place from job_items where job_id = $1 order by place limit $2)",
        params![&id, PART],
    )?;
    // Not by how many went: another node may have taken the same part, and the rest would go with the job at once.
    tx.run(
        "delete from jobs
         where id = $1 and not exists (select 1 from job_items where job_id = $1)",
        params![&id],
    )?;
    Ok(true)
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
