//! Takes the rows of a file, a few in each transaction. If one can no longer be taken, whatever
//! was taken goes back, in the opposite order.

use std::collections::HashSet;

use api::{User, UserForm, UtcMillis};
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
    ids,
    users::{change, hold, store},
};

/// So many rows are taken in one transaction: others have their turn between.
const AT_ONCE: i64 = 250;
/// A job whose worker was silent for so long has none any more.
const SILENT: UtcMillis = 30_000;

/// How a turn went.
enum Turn {
    More,
    Over,
    /// A row can no longer be taken.
    Back,
}

/// Works until the file is taken, or taken back. An error leaves it for the next minute's turn.
pub(super) async fn run(app: App, id: String) {
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

/// Goes on with the files whose workers fell silent.
pub(crate) async fn resume(app: &App) -> Result<(), Error> {
    let silent = app.clock.now() - SILENT;
    let ids = app
        .db
        .write(move |tx| {
            // Whoever looked at the rows is gone: nothing was changed yet.
            tx.run(
                "update jobs set state = 'failed', ended_at = beat_at
                 where kind = 'import' and state = 'checking' and beat_at < $1",
                params![silent],
            )?;
            tx.rows(
                "select id from jobs
                 where kind = 'import' and state in ('running', 'undoing') and beat_at < $1",
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
        "update jobs set beat_at = $2
         where id = $1 and state in ('running', 'undoing')
         returning state, done, total",
        params![id, clock.now],
    )?;
    let Some(mut row) = row else {
        return Ok(Turn::Over);
    };
    let (state, done, total) = (row.text()?, row.int()?, row.int()?);
    let audit = doing(tx, id)?.audit(clock);
    if state == "undoing" {
        return back(tx, id, done, &audit);
    }
    match forth(tx, id, done, &audit) {
        Ok(taken) if done + taken >= total => {
            end(tx, id, taken, "done")?;
            let detail = json!({ "rows": total });
            audit.record(tx, Event::UsersImported, Some(id), &detail)?;
            Ok(Turn::Over)
        }
        Ok(taken) => {
            tx.run(
                "update jobs set done = done + $2 where id = $1",
                params![id, taken],
            )?;
            Ok(Turn::More)
        }
        Err(Refusal::Row) => Ok(Turn::Back),
        Err(Refusal::Trouble(error)) => Err(error),
    }
}

/// Why rows were not taken.
enum Refusal {
    Row,
    Trouble(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Trouble(error)
    }
}

/// Takes the next rows. All of them are looked at before the first is changed, so that a refusal
/// leaves nothing of this turn behind.
fn forth(tx: &mut Tx<'_>, id: &str, done: i64, audit: &Audit) -> Result<i64, Refusal> {
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
            Plan::Bad(_) => return Err(Refusal::Row),
            plan => plans.push((place, plan)),
        }
    }
    for (place, plan) in plans {
        let before = match plan {
            Plan::Create(valid) => {
                let user = ids::uuid(audit.now, &audit.entropy);
                store::insert(tx, &user, &valid, None, audit.now)?;
                let made = store::find(tx, &user)?;
                audit.record(tx, Event::UserCreated, Some(&user), &change::shown(&made))?;
                json!({ "created": user })
            }
            Plan::Change(before, valid) => {
                change::replace(tx, audit, &before.id, Some(before.version), &valid)?;
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

/// Takes the last rows back. A bond or a session that ended is made anew by the next sign-in.
fn back(tx: &mut Tx<'_>, id: &str, done: i64, audit: &Audit) -> Result<Turn, Error> {
    let items = tx.rows(
        "select before from job_items
         where job_id = $1 and place < $2 and place >= $3
         order by place desc",
        params![id, done, done - AT_ONCE],
    )?;
    for mut item in items {
        if let Some(before) = item.opt_text()? {
            take_back(tx, &before, audit)?;
        }
    }
    if done <= AT_ONCE {
        end(tx, id, -done, "failed")?;
        return Ok(Turn::Over);
    }
    tx.run(
        "update jobs set done = done - $2 where id = $1",
        params![id, AT_ONCE],
    )?;
    Ok(Turn::More)
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
        store::remove(tx, &now)?;
        return audit.record(tx, Event::UserDeleted, Some(&id), &change::shown(&now));
    };
    let form = UserForm {
        name: earlier.name,
        email: earlier.email,
        okta_login: earlier.okta_login,
        role: earlier.role,
    };
    let valid = form.validate().map_err(Error::Invalid)?;
    change::replace(tx, audit, &id, Some(now.version), &valid).map(drop)
}

fn end(tx: &mut Tx<'_>, id: &str, done: i64, state: &str) -> Result<(), Error> {
    tx.run(
        "update jobs set done = done + $2, state = $3, ended_at = beat_at where id = $1",
        params![id, done, state],
    )
    .map(drop)
}
