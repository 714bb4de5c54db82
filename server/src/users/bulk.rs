//! One act on many users: who they are is written down first, then a worker goes through them in
//! short transactions. Whoever asked can leave and come back; another node goes on with the work
//! of one that fell silent.

mod apply;
mod dry;
mod start;
mod work;

use api::{
    ProblemCode, Role,
    users::{BulkAction, BulkForm, BulkJob, Found, JobState, UserFilter, UserSort},
};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};

use super::{
    cursor::By,
    find::{BOUNDS, Question, find},
    jobs::{Asked, read},
    list, store,
};
use crate::{
    App,
    access::{self, Actor, Admin},
    audit::Audit,
    body::{Body, Segment},
    db::{Tx, params},
    error::Error,
};

use start::{Instead, start};
pub(super) use work::run;

/// So many are read at once while a filter is gone through.
const READ_AT_ONCE: usize = 1_000;

/// What is to be done, and on whose behalf: kept with the job.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Doing {
    action: BulkAction,
    /// The job that this one takes back.
    undo_of: Option<String>,
    /// Nothing of it stays.
    #[serde(default)]
    dry_run: bool,
    /// The administrators whom a dry run found that it would change, so far.
    #[serde(default)]
    administrators: Vec<String>,
    #[serde(flatten)]
    asked: Asked,
}

impl Doing {
    fn of(action: BulkAction, audit: &Audit) -> Self {
        Self {
            action,
            undo_of: None,
            dry_run: false,
            administrators: Vec::new(),
            asked: Asked::by(audit),
        }
    }
}

/// `GET /api/users/count`: how many a filter finds, exactly, however long that takes.
pub(crate) async fn count(
    State(app): State<App>,
    _: Admin,
    RawQuery(raw): RawQuery,
) -> Result<Json<Found>, Error> {
    let query = list::read(raw.as_deref().unwrap_or_default())?;
    let count = everybody(&app, query.filter).await?.len() as u64;
    Ok(Json(Found {
        count,
        or_more: false,
    }))
}

/// `POST /api/users/bulk`: begins the act and answers with its job.
pub(crate) async fn begin(
    State(app): State<App>,
    Admin(actor): Admin,
    Body(form): Body<BulkForm>,
) -> Result<(StatusCode, Json<BulkJob>), Error> {
    let form = form.validate().map_err(Error::Invalid)?;
    let (action, expected, dry_run) = (form.action, form.expected, form.dry_run);
    let mut ids = match (form.ids, form.filter) {
        (Some(ids), _) => ids,
        (None, filter) => everybody(&app, filter.unwrap_or_default()).await?,
    };
    let audit = actor.audit();
    // Whoever asks comes last: with their own right to it the job would end before the others had their turn.
    ids.sort_unstable_by_key(|id| (audit.actor_id.as_ref() == Some(id), id.clone()));
    ids.dedup();
    if ids.len() as u64 != expected {
        return Err(ProblemCode::Changed.into());
    }
    if !dry_run {
        require_recent_sign_in(&app, &actor, action, &ids).await?;
    }
    let doing = Doing {
        dry_run,
        ..Doing::of(action, &audit)
    };
    let job = start(&app, &audit, doing, ids, Instead::Nothing).await?;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// `GET /api/users/bulk/{id}`: how far it is.
pub(crate) async fn show(
    State(app): State<App>,
    _: Admin,
    Segment(id): Segment,
) -> Result<Json<BulkJob>, Error> {
    app.db.read(move |tx| job(tx, &id)).await.map(Json)
}

/// `POST /api/users/bulk/{id}/apply`: does to the same users what a dry run found out; once.
pub(crate) async fn apply(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
) -> Result<(StatusCode, Json<BulkJob>), Error> {
    let audit = actor.audit();
    let (job, ids) = app
        .db
        .read(move |tx| {
            let job = job(tx, &id)?;
            if !job.dry_run || job.state != JobState::Done {
                return Err(ProblemCode::IllegalMove.into());
            }
            let rows = tx.rows(
                "select item from job_items where job_id = $1 order by place",
                params![&id],
            )?;
            let ids = rows.into_iter().map(|mut row| row.text());
            Ok((job, ids.collect::<Result<Vec<_>, Error>>()?))
        })
        .await?;
    require_recent_sign_in(&app, &actor, job.action, &ids).await?;
    let doing = Doing::of(job.action, &audit);
    let begun = start(&app, &audit, doing, ids, Instead::DryRun(job.id)).await?;
    Ok((StatusCode::ACCEPTED, Json(begun)))
}

/// `POST /api/users/bulk/{id}/undo`: takes back what was changed, as far as nobody changed it since.
pub(crate) async fn undo(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
) -> Result<(StatusCode, Json<BulkJob>), Error> {
    let audit = actor.audit();
    let (job, items) = app
        .db
        .read(move |tx| {
            let job = job(tx, &id)?;
            if !job.can_undo {
                return Err(ProblemCode::IllegalMove.into());
            }
            Ok((job, changed(tx, &id)?))
        })
        .await?;
    if let Some(opposite) = opposite(job.action) {
        require_recent_sign_in(&app, &actor, opposite, &items).await?;
    }
    let doing = Doing {
        undo_of: Some(job.id.clone()),
        ..Doing::of(job.action, &audit)
    };
    let begun = start(&app, &audit, doing, items, Instead::Done(job.id)).await?;
    Ok((StatusCode::ACCEPTED, Json(begun)))
}

/// What an undo does, as far as it can make administrators.
fn opposite(act: BulkAction) -> Option<BulkAction> {
    match act {
        BulkAction::Suspend => Some(BulkAction::Reinstate),
        BulkAction::ChangeRole { role: Role::Member } => {
            Some(BulkAction::ChangeRole { role: Role::Admin })
        }
        BulkAction::ChangeRole { role: Role::Admin }
        | BulkAction::AssignLogin
        | BulkAction::Reinstate
        | BulkAction::SignOut
        | BulkAction::Relink => None,
    }
}

/// Asks for a recent sign-in where an act makes administrators or lets suspended ones sign in again. An item begins with
/// the id of its user.
async fn require_recent_sign_in(
    app: &App,
    actor: &Actor,
    act: BulkAction,
    items: &[String],
) -> Result<(), Error> {
    let asks = match act {
        BulkAction::ChangeRole { role } => role == Role::Admin,
        BulkAction::Reinstate => {
            let suspended = app.db.read(store::suspended_administrators).await?;
            let is_one = |item: &String| suspended.iter().any(|id| item.starts_with(id));
            items.iter().any(is_one)
        }
        BulkAction::AssignLogin
        | BulkAction::Suspend
        | BulkAction::SignOut
        | BulkAction::Relink => false,
    };
    if asks {
        access::require_recent_sign_in(actor)?;
    }
    Ok(())
}

/// The ids of everybody whom a filter finds, page by page: no transaction is long.
async fn everybody(app: &App, filter: UserFilter) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    let mut start = None;
    loop {
        let question = Question {
            filter: filter.clone(),
            by: By::Column(UserSort::CreatedAt),
            descending: false,
            start,
            backwards: false,
            limit: READ_AT_ONCE,
            bounds: BOUNDS,
        };
        let answer = app.db.read(move |tx| find(tx, &question)).await?;
        ids.extend(answer.users.into_iter().map(|user| user.id));
        start = answer.next;
        if start.is_none() {
            return Ok(ids);
        }
    }
}

/// The items that were changed, with what it takes to take them back.
fn changed(tx: &mut Tx<'_>, id: &str) -> Result<Vec<String>, Error> {
    let rows = tx.rows(
        "select item, before from job_items
         where job_id = $1 and outcome = 'changed'
         order by place",
        params![id],
    )?;
    rows.into_iter()
        .map(|mut row| {
            let item = row.text()?;
            Ok(match row.opt_text()? {
                Some(before) => format!("{item} {before}"),
                None => item,
            })
        })
        .collect()
}

fn job(tx: &mut Tx<'_>, id: &str) -> Result<BulkJob, Error> {
    let mut row = tx
        .row(
            "select id, state, doing, total, done, changed, refused, started_at, ended_at
             from jobs
             where id = $1 and kind = 'bulk'",
            params![id],
        )?
        .ok_or(ProblemCode::NotFound)?;
    let id = row.text()?;
    let code = row.text()?;
    let state = match code.as_str() {
        "done" | "undone" => JobState::Done,
        "failed" => JobState::Failed,
        _ => JobState::Running,
    };
    let doing: Doing = read(&row.text()?)?;
    let (total, done, changed, skipped) = (row.count()?, row.count()?, row.count()?, row.count()?);
    let can_be_undone = match doing.action {
        BulkAction::AssignLogin
        | BulkAction::Suspend
        | BulkAction::Reinstate
        | BulkAction::ChangeRole { .. } => true,
        // Sessions and bonds that ended are made anew by whoever they belong to.
        BulkAction::SignOut | BulkAction::Relink => false,
    };
    Ok(BulkJob {
        id,
        action: doing.action,
        state,
        total,
        done,
        changed,
        skipped,
        started_at: row.int()?,
        ended_at: row.opt_int()?,
        can_undo: can_be_undone
            && changed > 0
            && doing.undo_of.is_none()
            && !doing.dry_run
            && code != "undone"
            && state != JobState::Running,
        dry_run: doing.dry_run,
    })
}
