//! Goes through the items of a job, a few in each transaction, until none is left.
//!
//! Each transaction claims the job by the beat that it read: of two workers one has its way, and
//! the other stops.

use serde_json::json;

use super::{
    Doing,
    apply::{Outcome, apply},
    dry,
};
use crate::{
    App,
    audit::{Audit, Event},
    db::{Tx, params},
    error::Error,
    users::{
        hold,
        jobs::{read, written},
    },
};

/// So many users are changed in one transaction.
const AT_ONCE: i64 = 50;

/// How a turn went.
enum Turn {
    More,
    Over,
}

/// Works until the job is done. An error leaves it for the next minute's turn.
pub(crate) async fn run(app: App, id: String) {
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

fn turn(tx: &mut Tx<'_>, id: &str, clock: &Audit) -> Result<Turn, Error> {
    hold(tx)?;
    let row = tx.row(
        "update jobs set beat_at = $2 where id = $1 and state = 'running' returning doing",
        params![id, clock.now],
    )?;
    let Some(mut row) = row else {
        return Ok(Turn::Over);
    };
    let mut doing: Doing = read(&row.text()?)?;
    let audit = doing.asked.audit(clock);
    if !doing.asked.may(tx)? {
        tx.run(
            "update jobs set state = 'failed', ended_at = beat_at where id = $1",
            params![id],
        )?;
        let nobody = Audit::of_nobody(clock.now, &clock.entropy, "");
        let detail = json!({ "act": doing.action, "by": audit.actor_name });
        nobody.record(tx, Event::BulkStopped, Some(id), &detail)?;
        return Ok(Turn::Over);
    }
    let items = tx.rows(
        "select place, item from job_items
         where job_id = $1 and place >= (select done from jobs where id = $1)
         order by place
         limit $2",
        params![id, AT_ONCE],
    )?;
    let items = items
        .into_iter()
        .map(|mut row| Ok((row.int()?, row.text()?)))
        .collect::<Result<Vec<_>, Error>>()?;
    let act = |tx: &mut Tx<'_>| -> Result<Vec<Outcome>, Error> {
        let acted = items
            .iter()
            .map(|(_, item)| apply(tx, &audit, &doing, item));
        acted.collect()
    };
    let outcomes = if doing.dry_run {
        dry::judge(tx, &doing, act)?
    } else {
        act(tx)?
    };
    let (mut done, mut changed, mut refused) = (0, 0, 0);
    let known = doing.administrators.len();
    for ((place, item), outcome) in items.into_iter().zip(outcomes) {
        done += 1;
        changed += i64::from(outcome.is_change());
        refused += i64::from(outcome.is_refusal());
        tx.run(
            "update job_items set outcome = $3, before = $4 where job_id = $1 and place = $2",
            params![id, place, outcome.code(), outcome.before().as_deref()],
        )?;
        if doing.dry_run && outcome.is_of_administrator() {
            doing.administrators.push(item);
        }
    }
    if doing.administrators.len() > known {
        tx.run(
            "update jobs set doing = $2 where id = $1",
            params![id, &written(&doing)?],
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
