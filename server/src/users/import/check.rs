//! What each row of a file would do: make a user, change one, nothing, or why it cannot be taken.

use std::collections::HashSet;

use api::{
    Role, User, UserForm,
    audit::AuditChange,
    users::{ChangedRow, InvalidRow, RowFault, ValidUser},
};

use super::{Row, written};
use crate::{
    App,
    db::{Tx, params},
    error::Error,
    users::{change::makes_administrator, someone_still_can_enter, store},
};

/// So many rows are looked at in one transaction.
const AT_ONCE: usize = 200;

/// What a row does.
pub(super) enum Plan {
    Create(ValidUser),
    /// Whom, what they become, and what of it is other than now.
    Change(Box<User>, ValidUser, Vec<AuditChange>),
    Skip,
    Bad(InvalidRow),
}

impl Plan {
    /// Whether an administrator becomes a member.
    pub(super) fn demotes(&self) -> bool {
        match self {
            Self::Change(before, valid, _) => {
                before.role == Role::Admin && valid.role == Role::Member
            }
            Self::Create(_) | Self::Skip | Self::Bad(_) => false,
        }
    }

    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Change(..) => "change",
            Self::Skip => "skip",
            Self::Bad(_) => "bad",
        }
    }
}

/// Looks at every row. An error ends the job: nothing was changed.
pub(super) async fn run(app: App, id: String, rows: Vec<Row>) {
    if let Err(error) = look(&app, &id, rows).await {
        error.log("-");
        let now = app.clock.now();
        let ended = app.db.write(move |tx| {
            tx.run(
                "update jobs set state = 'failed', ended_at = $2 where id = $1",
                params![&id, now],
            )
        });
        if let Err(error) = ended.await {
            error.log("-");
        }
    }
}

async fn look(app: &App, id: &str, rows: Vec<Row>) -> Result<(), Error> {
    // Who stands in the file already, by e-mail and by login.
    let mut seen = HashSet::new();
    let mut place = 0_i64;
    let mut rows = rows.into_iter().peekable();
    loop {
        let some: Vec<Row> = rows.by_ref().take(AT_ONCE).collect();
        let is_last = rows.peek().is_none();
        let (id, now, first) = (id.to_owned(), app.clock.now(), place);
        place += i64::try_from(some.len()).unwrap_or_default();
        seen = app
            .db
            .write(move |tx| {
                write_some(tx, &id, now, first, some, is_last, &mut seen)?;
                Ok(seen)
            })
            .await?;
        if is_last {
            return Ok(());
        }
    }
}

fn write_some(
    tx: &mut Tx<'_>,
    id: &str,
    now: i64,
    first: i64,
    rows: Vec<Row>,
    is_last: bool,
    seen: &mut HashSet<String>,
) -> Result<(), Error> {
    let mut counts = [0_i64; 4];
    let mut done = 0;
    for mut row in rows {
        let plan = plan(tx, &row, seen)?;
        let at = match &plan {
            Plan::Create(_) => 0,
            Plan::Change(..) => 1,
            Plan::Skip => 2,
            Plan::Bad(_) => 3,
        };
        counts[at] += 1;
        let code = plan.code();
        match plan {
            Plan::Bad(bad) => row.bad = Some(bad),
            Plan::Create(valid) => row.makes_administrator = makes_administrator(None, &valid),
            Plan::Change(before, valid, changes) => {
                row.makes_administrator = makes_administrator(Some(&before), &valid);
                row.changes = Some(ChangedRow {
                    line: row.line,
                    id: before.id,
                    name: before.name,
                    changes,
                });
            }
            Plan::Skip => {}
        }
        tx.run(
            "insert into job_items (job_id, place, item, outcome) values ($1, $2, $3, $4)",
            params![id, first + done, &written(&row)?, code],
        )?;
        done += 1;
    }
    let [create, change, skip, bad] = counts;
    tx.run(
        "update jobs
         set done = done + $2, created = created + $3, changed = changed + $4,
             skipped = skipped + $5, refused = refused + $6, beat_at = $7,
             state = case when cast($8 as bigint) = 1 then 'checked' else state end
         where id = $1",
        params![id, done, create, change, skip, bad, now, i64::from(is_last)],
    )
    .map(drop)
}

/// What a row does with the users as they are now.
pub(super) fn plan(tx: &mut Tx<'_>, row: &Row, seen: &mut HashSet<String>) -> Result<Plan, Error> {
    let bad = |why, field: Option<&api::FieldError>| {
        Plan::Bad(InvalidRow {
            line: row.line,
            why,
            field: field.map(|it| it.field.clone()),
            fault: field.map(|it| it.fault),
        })
    };
    if let Some(known) = &row.bad {
        return Ok(Plan::Bad(known.clone()));
    }
    let mut form = UserForm {
        name: row.name.clone(),
        email: row.email.clone(),
        okta_login: row.okta_login.clone(),
        role: row.role.unwrap_or(Role::Member),
    };
    let valid = match form.validate() {
        Ok(valid) => valid,
        Err(errors) => return Ok(bad(RowFault::Field, errors.first())),
    };
    let login = valid.okta_login.as_ref().map(api::OktaLogin::as_str);
    let own = [Some(valid.email.as_str()), login];
    let mut values: Vec<&str> = own.into_iter().flatten().collect();
    values.dedup();
    if values.iter().any(|value| seen.contains(*value)) {
        return Ok(bad(RowFault::Twice, None));
    }
    seen.extend(values.into_iter().map(str::to_owned));
    let known = tx.row(
        "select id from users where email = $1",
        params![valid.email.as_str()],
    )?;
    let before = match known {
        Some(mut known) => Some(store::find(tx, &known.text()?)?),
        None => None,
    };
    let id = before.as_ref().map_or("", |it| it.id.as_str());
    let valid = match &before {
        None => valid,
        Some(before) => {
            // What the file does not say stays as it is.
            form.role = row.role.unwrap_or(before.role);
            form.okta_login = form.okta_login.or_else(|| before.okta_login.clone());
            match form.validate() {
                Ok(valid) => valid,
                Err(errors) => return Ok(bad(RowFault::Field, errors.first())),
            }
        }
    };
    if let Some(error) = store::clashes(tx, id, &valid)?.first() {
        return Ok(bad(RowFault::Field, Some(error)));
    }
    let Some(before) = before else {
        return Ok(Plan::Create(valid));
    };
    let changes = changes(&before, &valid);
    if changes.is_empty() {
        return Ok(Plan::Skip);
    }
    let id = before.id.clone();
    let plan = Plan::Change(Box::new(before), valid, changes);
    if plan.demotes() && !someone_else_can_enter(tx, &id)? {
        return Ok(bad(RowFault::LastAdministrator, None));
    }
    Ok(plan)
}

/// What of a user becomes other than it is.
fn changes(before: &User, after: &ValidUser) -> Vec<AuditChange> {
    let role = |role| Some(store::role_code(role));
    let login = after.okta_login.as_ref().map(api::OktaLogin::as_str);
    let own = |side: Option<&str>| side.map(str::to_owned);
    [
        (
            "name",
            Some(before.name.as_str()),
            Some(after.name.as_str()),
        ),
        ("okta_login", before.okta_login.as_deref(), login),
        ("role", role(before.role), role(after.role)),
    ]
    .into_iter()
    .filter(|(_, before, after)| before != after)
    .map(|(field, before, after)| AuditChange {
        field: field.to_owned(),
        before: own(before),
        after: own(after),
    })
    .collect()
}

/// Whether an administrator could still enter without this one; nothing of the trial stays.
fn someone_else_can_enter(tx: &mut Tx<'_>, id: &str) -> Result<bool, Error> {
    tx.run("savepoint trial", &[])?;
    tx.run(
        "update users set role = 'member' where id = $1",
        params![id],
    )?;
    let still = match someone_still_can_enter(tx) {
        Ok(()) => true,
        Err(Error::Refused(_)) => false,
        Err(error) => return Err(error),
    };
    tx.run("rollback to savepoint trial", &[])?;
    tx.run("release savepoint trial", &[])?;
    Ok(still)
}
