//! Writes a job down with its items, and sets the worker on it: whole, or not at all.

use api::{ProblemCode, users::BulkJob};
use serde_json::json;
use tokio::sync::oneshot;

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

/// Begins, also if whoever asked is gone meanwhile. A new job is answered as soon as it is there: to write a million
/// users down takes longer than anybody waits. Where it comes in another one's place that has to be known first.
pub(super) async fn start(
    app: &App,
    audit: &Audit,
    doing: Doing,
    items: Vec<String>,
    instead: Instead,
) -> Result<BulkJob, Error> {
    let (app, audit) = (app.clone(), audit.clone());
    let (tell, told) = oneshot::channel();
    tokio::spawn(async move {
        let mut tell = Some(tell);
        let mut answer = |job| {
            // Whoever asked may be gone.
            tell.take().map(|tell| tell.send(job).is_ok());
        };
        let id = ids::uuid(audit.now, &app.entropy);
        let is_new = matches!(instead, Instead::Nothing);
        let begun = begin(&app, &audit, &id, &doing, items.len()).await;
        let is_there = begun.is_ok();
        if is_new || !is_there {
            answer(begun);
        }
        if !is_there {
            return;
        }
        match write(&app, &audit, &id, &doing, items, instead).await {
            Ok(job) => {
                answer(Ok(job));
                run(app, id).await;
            }
            Err(error) if is_new => {
                error.log("-");
                fail(&app, &id).await;
            }
            Err(error) => {
                forget(&app, &id).await;
                answer(Err(error));
            }
        }
    });
    told.await
        .map_err(|error| Error::Internal(format!("a job was not written down: {error}")))?
}

async fn begin(
    app: &App,
    audit: &Audit,
    id: &str,
    doing: &Doing,
    total: usize,
) -> Result<BulkJob, Error> {
    let (id, text, now) = (id.to_owned(), written(doing)?, audit.now);
    app.db
        .write(move |tx| {
            write_down(tx, &id, "bulk", &text, total, now)?;
            job(tx, &id)
        })
        .await
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
    for (number, items) in items.chunks(WRITTEN_AT_ONCE).enumerate() {
        let (id, items, now) = (id.to_owned(), items.to_vec(), app.clock.now());
        let first = number * WRITTEN_AT_ONCE;
        app.db
            .write(move |tx| write_some(tx, &id, now, first, &items))
            .await?;
    }
    let (id, audit, now, dry_run) = (id.to_owned(), audit.clone(), app.clock.now(), doing.dry_run);
    let detail = json!({ "act": doing.action, "users": total, "undo_of": doing.undo_of });
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
    let first = i64::try_from(first).unwrap_or(i64::MAX);
    if tx.is_embedded() {
        for (place, item) in (first..).zip(items) {
            tx.run(
                "insert into job_items (job_id, place, item) values ($1, $2, $3)",
                params![id, place, item],
            )?;
        }
        return Ok(());
    }
    // A round trip for all of them, and not one for each.
    tx.run(
        "insert into job_items (job_id, place, item)
         select $1, cast($2 as bigint) + ordinality - 1, value
         from json_array_elements_text(cast(cast($3 as text) as json)) with ordinality",
        params![id, first, &written(&items)?],
    )
    .map(drop)
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
async fn forget(app: &App, id: &str) {
    let id = id.to_owned();
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

/// Whoever follows the job sees that it ended.
async fn fail(app: &App, id: &str) {
    let (id, now) = (id.to_owned(), app.clock.now());
    let failed = app.db.write(move |tx| {
        tx.run(
            "update jobs set state = 'failed', ended_at = $2 where id = $1 and state = 'checking'",
            params![&id, now],
        )
    });
    if let Err(error) = failed.await {
        // A later tidying finds it silent.
        error.log("-");
    }
}
