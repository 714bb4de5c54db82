//! Takes the rows of a file, a few in each transaction. If one can no longer be taken, whatever
//! was taken goes back, in the opposite order.

use std::collections::HashSet;

use api::{ProblemCode, UserForm};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Row,
    check::{Plan, plan},
    doing, read, stayed, written,
};
use crate::{
    App,
    audit::{Audit, Event},
    db::{Lock, Tx, params},
    error::Error,
    users::{act, hold, store, written::Words},
};

/// So many rows are taken in one transaction: others have their turn between.
pub const AT_ONCE: i64 = 100;

/// How a turn went.
enum Turn {
    More,
    Over,
}

/// What it takes to take a row back: whom it made or changed, the version which that made, and what was there before.
#[derive(Serialize, Deserialize)]
struct Taken {
    id: String,
    version: i64,
    before: Option<UserForm>,
}

/// A row that was looked at.
struct Item {
    place: i64,
    text: String,
    outcome: String,
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
    let mut doing = doing(tx, id)?;
    let audit = doing.asked.audit(clock);
    if state == "undoing" {
        return back(tx, id, done, &audit);
    }
    let taken = if doing.asked.may(tx)? {
        let line = &mut doing.refused_line;
        tx.attempt(|tx| forth(tx, id, done, total, &audit, line))?
    } else {
        None
    };
    let Some(taken) = taken else {
        // Nothing of this turn was done; those before it go back one by one.
        tx.run(
            "update jobs set state = 'undoing', doing = $2 where id = $1",
            params![id, &written(&doing)?],
        )?;
        return Ok(Turn::More);
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

/// Takes the next rows. `line`: the one that was looked at last, for the case that it refuses.
fn forth(
    tx: &mut Tx<'_>,
    id: &str,
    done: i64,
    total: i64,
    audit: &Audit,
    line: &mut Option<u64>,
) -> Result<i64, Error> {
    let next = kept(tx.rows(
        "select place, item, outcome from job_items
         where job_id = $1 and place >= $2
         order by place
         limit $3",
        params![id, done, AT_ONCE],
    )?)?;
    tx.lock(Lock::Logins)?;
    let taken = i64::try_from(next.len()).unwrap_or(AT_ONCE);
    take(tx, id, next, audit, line, |plan| !plan.demotes())?;
    if done + taken >= total {
        // With their role administrators lose their password and codes, which no way back would bring: they come last,
        // in the transaction after which nothing goes back.
        let left = kept(tx.rows(
            "select place, item, outcome from job_items
             where job_id = $1 and outcome = 'change' and before is null
             order by place",
            params![id],
        )?)?;
        take(tx, id, left, audit, line, |_| true)?;
        *line = None;
    }
    Ok(taken)
}

fn kept(rows: Vec<crate::db::Row>) -> Result<Vec<Item>, Error> {
    rows.into_iter()
        .map(|mut row| {
            Ok(Item {
                place: row.int()?,
                text: row.text()?,
                outcome: row.text()?,
            })
        })
        .collect()
}

/// Takes those of these rows whose turn it is, if each still does what was shown, or nothing any more.
fn take(
    tx: &mut Tx<'_>,
    id: &str,
    items: Vec<Item>,
    audit: &Audit,
    line: &mut Option<u64>,
    is_now: impl Fn(&Plan) -> bool,
) -> Result<(), Error> {
    let mut plans = Vec::new();
    let mut seen = HashSet::new();
    for item in items {
        if item.outcome == "bad" || item.outcome == "skip" {
            continue;
        }
        let row: Row = read(&item.text)?;
        *line = Some(row.line);
        let plan = plan(tx, &row, &mut seen)?;
        if matches!(plan, Plan::Skip) {
            continue;
        }
        let shown = row.changes.as_ref().map(|it| it.changes.as_slice());
        let is_as_shown = match &plan {
            Plan::Change(_, _, changes) => shown == Some(changes),
            Plan::Create(_) | Plan::Skip | Plan::Bad(_) => plan.code() == item.outcome,
        };
        if !is_as_shown {
            return Err(ProblemCode::Changed.into());
        }
        if is_now(&plan) {
            plans.push((item.place, row.line, plan));
        }
    }
    let mut words = Words::default();
    for (place, number, plan) in plans {
        *line = Some(number);
        let (made, before) = match plan {
            Plan::Create(valid) => (act::insert(tx, audit, &valid, &mut words)?, None),
            Plan::Change(before, valid, _) => (
                act::replace(tx, audit, &before.id, Some(before.version), &valid)?,
                Some(act::form(&before)),
            ),
            Plan::Skip | Plan::Bad(_) => continue,
        };
        let taken = Taken {
            id: made.id,
            version: made.version,
            before,
        };
        tx.run(
            "update job_items set before = $3 where job_id = $1 and place = $2",
            params![id, place, &written(&taken)?],
        )?;
    }
    words.write(tx)
}

/// Takes the last rows back. A bond or a session that ended is made anew by the next sign-in. What
/// somebody changed or made impossible meanwhile stays, and is counted.
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
    let mut detail = json!({ "stayed": stayed(tx, id)? });
    if let Some(line) = doing(tx, id)?.refused_line {
        detail["line"] = line.into();
    }
    audit.record(tx, Event::ImportFailed, Some(id), &detail)?;
    Ok(Turn::Over)
}

fn take_back(tx: &mut Tx<'_>, taken: &str, audit: &Audit) -> Result<(), Error> {
    let taken: Taken = read(taken)?;
    match store::find(tx, &taken.id) {
        Ok(_) => {}
        // Somebody deleted them meanwhile.
        Err(Error::Refused(_)) => return Ok(()),
        Err(error) => return Err(error),
    }
    let now = act::unchanged(tx, &taken.id, taken.version)?;
    let Some(before) = taken.before else {
        return act::delete(tx, audit, &now.id);
    };
    let valid = before.validate().map_err(Error::Invalid)?;
    act::replace(tx, audit, &now.id, Some(now.version), &valid).map(drop)
}

fn end(tx: &mut Tx<'_>, id: &str, done: i64, state: &str) -> Result<(), Error> {
    tx.run(
        "update jobs set done = done + $2, state = $3, ended_at = beat_at where id = $1",
        params![id, done, state],
    )
    .map(drop)
}
