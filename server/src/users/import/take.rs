//! Takes the rows of a file, a few in each transaction. If one can no longer be taken, whatever
//! was taken goes back, in the opposite order.

use std::collections::HashSet;

use api::{ProblemCode, User};
use serde_json::json;

use super::{
    Row,
    check::{Plan, plan},
    doing, read,
};
use crate::{
    App,
    audit::{Audit, Event},
    db::{Lock, Tx, params},
    error::Error,
    users::{act, hold, store},
};

/// So many rows are taken in one transaction: others have their turn between.
const AT_ONCE: i64 = 250;

/// How a turn went.
enum Turn {
    More,
    Over,
    /// A row can no longer be taken.
    Back,
}

/// Works until the file is taken, or taken back. An error leaves it for the next minute's turn.
pub(crate) async fn run(app: App, id: String) {
    loop {
        let (clock, job) = (
            Audit::of_nobody(app.clock.now(), &app.entropy, ""),
            id.clone(),
        );
        match app.db.write(move |tx| turn(tx, &job, &clock)).await {
            Ok(Turn::More) => {}
            Ok(Turn::Over) => return,
            Ok(Turn::Back) => {
                let job = id.clone();
                let turned = app.db.write(move |tx| {
                    tx.run(
                        "update jobs set state = 'undoing' where id = $1 and state = 'running'",
                        params![&job],
                    )
                });
                if let Err(error) = turned.await {
                    return error.log("-");
                }
            }
            Err(error) => return error.log("-"),
        }
    }
}

fn turn(tx: &mut Tx<'_>, id: &str, clock: &Audit) -> Result<Turn, Error> {
    hold(tx)?;
    let row = tx.row(
        "update jobs set beat_at = $2
         where id = $1 and state in ('running', 'undoing')
         returning state, done, total",
        params![id, clock.now],
    )?;
    let Some(mut row) = row else {
        return Ok(Turn::Over);
    };
    let (state, done, total) = (row.text()?, row.int()?, row.int()?);
    let doing = doing(tx, id)?;
    let audit = doing.asked.audit(clock);
    if state == "undoing" {
        return back(tx, id, done, &audit);
    }
    if !doing.asked.may(tx)? {
        return Ok(Turn::Back);
    }
    let Some(taken) = tx.attempt(|tx| forth(tx, id, done, &audit))? else {
        return Ok(Turn::Back);
    };
    if done + taken < total {
        tx.run(
            "update jobs set done = done + $2 where id = $1",
            params![id, taken],
        )?;
        return Ok(Turn::More);
    }
    end(tx, id, taken, "done")?;
    let detail = json!({ "rows": total });
    audit.record(tx, Event::UsersImported, Some(id), &detail)?;
    Ok(Turn::Over)
}

/// Takes the next rows.
fn forth(tx: &mut Tx<'_>, id: &str, done: i64, audit: &Audit) -> Result<i64, Error> {
    let items = tx.rows(
        "select place, item, outcome from job_items
         where job_id = $1 and place >= $2
         order by place
         limit $3",
        params![id, done, AT_ONCE],
    )?;
    tx.lock(Lock::Logins)?;
    let mut plans = Vec::new();
    let mut seen = HashSet::new();
    let mut taken = 0;
    for mut item in items {
        let (place, text, outcome) = (item.int()?, item.text()?, item.text()?);
        taken += 1;
        if outcome == "bad" || outcome == "skip" {
            continue;
        }
        let row: Row = read(&text)?;
        match plan(tx, &row, &mut seen)? {
            Plan::Bad(_) => return Err(ProblemCode::Changed.into()),
            plan => plans.push((place, plan)),
        }
    }
    for (place, plan) in plans {
        let before = match plan {
            Plan::Create(valid) => {
                let made = act::insert(tx, audit, &valid)?;
                json!({ "created": made.id })
            }
            Plan::Change(before, valid) => {
                act::replace(tx, audit, &before.id, Some(before.version), &valid)?;
                json!({ "changed": *before })
            }
            Plan::Skip | Plan::Bad(_) => continue,
        };
        tx.run(
            "update job_items set before = $3 where job_id = $1 and place = $2",
            params![id, place, &before.to_string()],
        )?;
    }
    Ok(taken)
}

/// Takes the last rows back. A bond or a session that ended is made anew by the next sign-in. What
/// somebody made impossible meanwhile stays, and is counted.
fn back(tx: &mut Tx<'_>, id: &str, done: i64, audit: &Audit) -> Result<Turn, Error> {
    let items = tx.rows(
        "select place, before from job_items
         where job_id = $1 and place < $2 and place >= $3
         order by place desc",
        params![id, done, done - AT_ONCE],
    )?;
    for mut item in items {
        let (place, before) = (item.int()?, item.opt_text()?);
        let Some(before) = before else { continue };
        if tx.attempt(|tx| take_back(tx, &before, audit))?.is_none() {
            tx.run(
                "update job_items set outcome = 'stayed' where job_id = $1 and place = $2",
                params![id, place],
            )?;
        }
    }
    if done > AT_ONCE {
        tx.run(
            "update jobs set done = done - $2 where id = $1",
            params![id, AT_ONCE],
        )?;
        return Ok(Turn::More);
    }
    end(tx, id, -done, "failed")?;
    let stayed = tx.row(
        "select count(*) from job_items where job_id = $1 and outcome = 'stayed'",
        params![id],
    )?;
    let stayed = stayed.map_or(Ok(0), |mut row| row.int())?;
    audit.record(
        tx,
        Event::ImportFailed,
        Some(id),
        &json!({ "stayed": stayed }),
    )?;
    Ok(Turn::Over)
}

fn take_back(tx: &mut Tx<'_>, before: &str, audit: &Audit) -> Result<(), Error> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Before {
        Created(String),
        Changed(User),
    }
    let (id, earlier) = match read(before)? {
        Before::Created(id) => (id, None),
        Before::Changed(user) => (user.id.clone(), Some(user)),
    };
    let now = match store::find(tx, &id) {
        Ok(now) => now,
        // Somebody deleted them meanwhile.
        Err(Error::Refused(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let Some(earlier) = earlier else {
        return act::delete(tx, audit, &now.id);
    };
    let valid = act::form(&earlier).validate().map_err(Error::Invalid)?;
    act::replace(tx, audit, &id, Some(now.version), &valid).map(drop)
}

fn end(tx: &mut Tx<'_>, id: &str, done: i64, state: &str) -> Result<(), Error> {
    tx.run(
        "update jobs set done = done + $2, state = $3, ended_at = beat_at where id = $1",
        params![id, done, state],
    )
    .map(drop)
}
