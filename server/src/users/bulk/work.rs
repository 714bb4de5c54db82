//! Goes through the items of a job, a few in each transaction, until none is left.
//!
//! Each transaction claims the job by the beat that it read: of two workers one has its way, and
//! the other stops.

use api::UtcMillis;

use super::{Doing, apply, doing};
use crate::{
    App,
    audit::Audit,
    db::{Tx, params},
    error::Error,
    users::hold,
};

/// So many users are changed in one transaction.
const AT_ONCE: i64 = 50;
/// A job whose worker was silent for so long has none any more.
const SILENT: UtcMillis = 30_000;

/// How a turn went.
enum Turn {
    More,
    Over,
}

/// Works until the job is done. An error leaves it for the next minute's turn.
pub(super) async fn run(app: App, id: String) {
    loop {
        let (audit, id) = (
            Audit::of_nobody(app.clock.now(), &app.entropy, ""),
            id.clone(),
        );
        match app.db.write(move |tx| turn(tx, &id, &audit)).await {
            Ok(Turn::More) => {}
            Ok(Turn::Over) => return,
            Err(error) => return error.log("-"),
        }
    }
}

/// Goes on with the jobs whose workers fell silent.
pub(crate) async fn resume(app: &App) -> Result<(), Error> {
    let silent = app.clock.now() - SILENT;
    let ids = app
        .db
        .write(move |tx| {
            // Whoever wrote the users down is gone: nothing was changed yet.
            tx.run(
                "update jobs set state = 'failed', ended_at = beat_at
                 where kind = 'bulk' and state = 'checking' and beat_at < $1",
                params![silent - 10 * SILENT],
            )?;
            tx.rows(
                "select id from jobs where kind = 'bulk' and state = 'running' and beat_at < $1",
                params![silent],
            )?
            .into_iter()
            .map(|mut row| row.text())
            .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    for id in ids {
        tokio::spawn(run(app.clone(), id));
    }
    Ok(())
}

fn turn(tx: &mut Tx<'_>, id: &str, clock: &Audit) -> Result<Turn, Error> {
    hold(tx)?;
    let row = tx.row(
        "update jobs set beat_at = $2 where id = $1 and state = 'running' returning doing",
        params![id, clock.now],
    )?;
    let Some(mut row) = row else {
        return Ok(Turn::Over);
    };
    let doing = doing(&row.text()?)?;
    let audit = on_behalf(&doing, clock);
    let items = tx.rows(
        "select place, item from job_items
         where job_id = $1 and place >= (select done from jobs where id = $1)
         order by place
         limit $2",
        params![id, AT_ONCE],
    )?;
    let (mut done, mut changed, mut refused) = (0, 0, 0);
    for mut item in items {
        let (place, text) = (item.int()?, item.text()?);
        let outcome = apply::apply(tx, &audit, &doing, &text)?;
        done += 1;
        changed += i64::from(outcome.is_change());
        refused += i64::from(outcome.is_refusal());
        tx.run(
            "update job_items set outcome = $3, before = $4 where job_id = $1 and place = $2",
            params![id, place, outcome.code(), outcome.before()],
        )?;
    }
    let is_over = done < AT_ONCE;
    tx.run(
        "update jobs
         set done = done + $2, changed = changed + $3, refused = refused + $4,
             state = case when cast($5 as bigint) = 1 then 'done' else state end,
             ended_at = case when cast($5 as bigint) = 1 then beat_at end
         where id = $1",
        params![id, done, changed, refused, i64::from(is_over)],
    )?;
    Ok(if is_over { Turn::Over } else { Turn::More })
}

/// The audit log names whoever asked, not the worker.
fn on_behalf(doing: &Doing, clock: &Audit) -> Audit {
    Audit {
        actor_id: doing.actor_id.clone(),
        actor_name: doing.actor_name.clone(),
        address: doing.address.clone(),
        request_id: doing.request_id.clone(),
        ..clock.clone()
    }
}
