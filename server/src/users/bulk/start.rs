//! Writes a job down with its items, and sets the worker on it: whole, or not at all.

use api::{ProblemCode, users::BulkJob};
use serde_json::json;

use super::{Doing, job, work::run};
use crate::{
    App,
    audit::{Audit, Event},
    db::{Tx, params},
    error::Error,
    ids,
    users::jobs::{forget_what_was_put_away, write_down, written},
};

/// So many ids are written down in one transaction.
const WRITTEN_AT_ONCE: usize = 500;

/// The job in whose place another one begins: once, whoever else asks at the same time.
pub(super) enum Instead {
    Nothing,
    /// What it found out is done now.
    DryRun(String),
    /// What it did is taken back: what somebody did after an undo is not taken back by another.
    Done(String),
}

/// Begins, also if whoever asked is gone before everything is written down.
pub(super) async fn start(
    app: &App,
    audit: &Audit,
    doing: Doing,
    items: Vec<String>,
    instead: Instead,
) -> Result<BulkJob, Error> {
    let (app, audit) = (app.clone(), audit.clone());
    let writing = tokio::spawn(async move {
        let id = ids::uuid(audit.now, &app.entropy);
        let begun = write(&app, &audit, &id, &doing, items, instead).await;
        match begun {
            Ok(_) => drop(tokio::spawn(run(app, id))),
            Err(_) => forget(&app, id).await,
        }
        begun
    });
    writing
        .await
        .map_err(|error| Error::Internal(format!("a job was not written down: {error}")))?
}

async fn write(
    app: &App,
    audit: &Audit,
    id: &str,
    doing: &Doing,
    items: Vec<String>,
    instead: Instead,
) -> Result<BulkJob, Error> {
    let total = items.len();
    let text = written(doing)?;
    let (job_id, now) = (id.to_owned(), audit.now);
    app.db
        .write(move |tx| write_down(tx, &job_id, "bulk", &text, total, now))
        .await?;
    for (number, items) in items.chunks(WRITTEN_AT_ONCE).enumerate() {
        let (id, items, now) = (id.to_owned(), items.to_vec(), app.clock.now());
        let first = number * WRITTEN_AT_ONCE;
        app.db
            .write(move |tx| write_some(tx, &id, now, first, &items))
            .await?;
    }
    let (id, audit, now, dry_run) = (id.to_owned(), audit.clone(), app.clock.now(), doing.dry_run);
    let detail = json!({ "act": doing.act, "users": total, "undo_of": doing.undo_of });
    app.db
        .write(move |tx| {
            take_the_place(tx, &instead)?;
            let is_there = tx.run(
                "update jobs set state = 'running', beat_at = $2
                 where id = $1 and state = 'checking'",
                params![&id, now],
            )?;
            if is_there == 0 {
                return Err(ProblemCode::Unavailable.into());
            }
            if !dry_run {
                audit.record(tx, Event::BulkBegun, Some(&id), &detail)?;
            }
            job(tx, &id)
        })
        .await
}

fn write_some(
    tx: &mut Tx<'_>,
    id: &str,
    now: i64,
    first: usize,
    items: &[String],
) -> Result<(), Error> {
    let is_there = tx.run(
        "update jobs set beat_at = $2 where id = $1 and state = 'checking'",
        params![id, now],
    )?;
    if is_there == 0 {
        // It was silent for so long that it was given up.
        return Err(ProblemCode::Unavailable.into());
    }
    for (at, item) in items.iter().enumerate() {
        let place = i64::try_from(first + at).unwrap_or(i64::MAX);
        tx.run(
            "insert into job_items (job_id, place, item) values ($1, $2, $3)",
            params![id, place, item],
        )?;
    }
    Ok(())
}

/// In the transaction in which the other one begins. The states are those from which it can: of two at once the second
/// finds another.
fn take_the_place(tx: &mut Tx<'_>, instead: &Instead) -> Result<(), Error> {
    let taken = match instead {
        Instead::Nothing => return Ok(()),
        Instead::DryRun(id) => tx.run(
            "update jobs set kind = 'forgotten' where id = $1 and kind = 'bulk' and state = 'done'",
            params![id],
        )?,
        Instead::Done(id) => tx.run(
            "update jobs set state = 'undone' where id = $1 and state in ('done', 'failed')",
            params![id],
        )?,
    };
    if taken == 0 {
        return Err(ProblemCode::IllegalMove.into());
    }
    Ok(())
}

/// Removes what was written of a job that does not begin.
async fn forget(app: &App, id: String) {
    let put_away = app.db.write(move |tx| {
        tx.run(
            "update jobs set kind = 'forgotten' where id = $1 and state in ('checking', 'failed')",
            params![&id],
        )
    });
    let gone = match put_away.await {
        Ok(_) => forget_what_was_put_away(app).await,
        Err(error) => Err(error),
    };
    if let Err(error) = gone {
        // It goes with a later tidying.
        error.log("-");
    }
}
