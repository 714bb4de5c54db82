//! People from a file: first what each row would do, then all of them or none.
//!
//! The rows stand in the database from the beginning, so that whoever loaded them can leave, and
//! another node can go on. A row that can no longer be taken takes all the others back.

mod check;
mod columns;
mod take;

use api::{
    FieldFault, ProblemCode,
    users::{ChangedRow, FILE_MAX, Import, ImportColumns, ImportState, InvalidRow, ROWS_MAX},
};
use axum::{
    Json,
    extract::{RawQuery, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::task::JoinHandle;

use super::{
    csv,
    jobs::{Asked, read, write_down, written},
};
use crate::{
    App,
    access::{self, Admin},
    audit::{Audit, Event},
    body::{Segment, read_at_most},
    db::{Tx, params},
    error::Error,
    ids,
};

use columns::Columns;
pub use take::AT_ONCE;
pub(crate) use take::run;

/// So many bad rows and changes are shown.
const SHOWN: i64 = 100;

/// A row as it is kept: what it says, and what is wrong with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Row {
    line: u64,
    /// As they stand in the file, to give back.
    cells: Vec<String>,
    name: String,
    email: String,
    okta_login: Option<String>,
    /// None: the file has no such column, or the cell is empty.
    role: Option<api::Role>,
    bad: Option<InvalidRow>,
    /// What it would change: only that is done to the user.
    #[serde(default)]
    changes: Option<ChangedRow>,
    /// Whether another person could act as an administrator after it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    makes_administrator: bool,
}

/// What is kept with the job.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Doing {
    heads: Vec<String>,
    /// The line that could no longer be taken.
    #[serde(default)]
    refused_line: Option<u64>,
    #[serde(flatten)]
    asked: Asked,
}

/// `POST /api/users/import`: takes a file and begins to look what it would do. Nothing changes.
pub(crate) async fn begin(
    State(app): State<App>,
    Admin(actor): Admin,
    RawQuery(raw): RawQuery,
    request: Request,
) -> Result<(StatusCode, Json<Import>), Error> {
    let raw = raw.unwrap_or_default();
    let pairs: Vec<(String, String)> = form_urlencoded::parse(raw.as_bytes())
        .into_owned()
        .collect();
    let pairs = pairs
        .iter()
        .map(|(name, head)| (name.as_str(), head.as_str()));
    let columns = ImportColumns::from_pairs(pairs).map_err(Error::Invalid)?;
    let (parts, body) = request.into_parts();
    let bytes = read_at_most(body, FILE_MAX).await?;
    access::still_may(&parts).await?;
    let audit = actor.audit();
    let (job, _) = load(&app, &audit, &bytes, &columns).await?;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// Reads a file and sets the worker on it that looks what it would do; it works whether or not somebody waits for it.
pub(crate) async fn load(
    app: &App,
    audit: &Audit,
    bytes: &[u8],
    columns: &ImportColumns,
) -> Result<(Import, JoinHandle<()>), Error> {
    let file = |fault| Error::field("file", fault);
    let text = csv::decode(bytes).ok_or_else(|| file(FieldFault::Malformed))?;
    let mut records = csv::records(&text);
    let head = records.next().ok_or_else(|| file(FieldFault::Required))?;
    let columns = Columns::find(&head, columns).map_err(Error::Invalid)?;
    let mut rows: Vec<Row> = Vec::new();
    for record in records {
        if rows.len() == ROWS_MAX {
            return Err(file(FieldFault::TooLong));
        }
        rows.push(columns.row(record));
    }
    let doing = Doing {
        heads: head.cells,
        refused_line: None,
        asked: Asked::by(audit),
    };
    let text = written(&doing)?;
    let total = rows.len();
    let id = ids::uuid(audit.now, &app.entropy);
    let (job_id, now) = (id.clone(), audit.now);
    let begun = app
        .db
        .write(move |tx| {
            write_down(tx, &job_id, "import", &text, total, now)?;
            import(tx, &job_id)
        })
        .await?;
    Ok((begun, tokio::spawn(check::run(app.clone(), id, rows))))
}

/// `GET /api/users/import/{id}`.
pub(crate) async fn show(
    State(app): State<App>,
    _: Admin,
    Segment(id): Segment,
) -> Result<Json<Import>, Error> {
    app.db.read(move |tx| import(tx, &id)).await.map(Json)
}

/// `POST /api/users/import/{id}/apply`: takes every row that can be taken, all of them or none.
pub(crate) async fn apply(
    State(app): State<App>,
    Admin(actor): Admin,
    Segment(id): Segment,
) -> Result<(StatusCode, Json<Import>), Error> {
    let job = id.clone();
    if app
        .db
        .read(move |tx| makes_administrators(tx, &job))
        .await?
    {
        access::require_recent_sign_in(&actor)?;
    }
    let (begun, _) = start(&app, &actor.audit(), &id).await?;
    Ok((StatusCode::ACCEPTED, Json(begun)))
}

/// Begins to take what was looked at, on behalf of whoever says so now.
pub(crate) async fn start(
    app: &App,
    audit: &Audit,
    id: &str,
) -> Result<(Import, JoinHandle<()>), Error> {
    let (job_id, audit) = (id.to_owned(), audit.clone());
    let begun = app
        .db
        .write(move |tx| {
            let begun = import(tx, &job_id)?;
            let mut doing = doing(tx, &job_id)?;
            doing.asked = Asked::by(&audit);
            let taken = tx.run(
                "update jobs
                 set state = 'running', doing = $2, done = 0, ended_at = null, beat_at = $3
                 where id = $1 and kind = 'import' and state = 'checked'",
                params![&job_id, &written(&doing)?, audit.now],
            )?;
            if taken == 0 {
                return Err(ProblemCode::IllegalMove.into());
            }
            let detail = json!({ "rows": begun.rows });
            audit.record(tx, Event::ImportBegun, Some(&job_id), &detail)?;
            import(tx, &job_id)
        })
        .await?;
    Ok((begun, tokio::spawn(run(app.clone(), id.to_owned()))))
}

/// `GET /api/users/import/{id}/invalid-rows`: the rows that cannot be taken, to mend and load again.
pub(crate) async fn invalid_rows(
    State(app): State<App>,
    _: Admin,
    Segment(id): Segment,
) -> Result<Response, Error> {
    let text = app.db.read(move |tx| bad_csv(tx, &id)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"invalid-rows.csv\"",
        ),
    ];
    Ok((headers, text).into_response())
}

/// The rows that cannot be taken, as they stood in the file, with its head.
pub(crate) fn bad_csv(tx: &mut Tx<'_>, id: &str) -> Result<String, Error> {
    import(tx, id)?;
    let doing = doing(tx, id)?;
    let mut text = String::from("\u{feff}");
    csv::write(&mut text, doing.heads.iter().map(String::as_str));
    for row in of_outcome(tx, id, "bad", i64::try_from(ROWS_MAX).unwrap_or(i64::MAX))? {
        csv::write(&mut text, row.cells.iter().map(String::as_str));
    }
    Ok(text)
}

fn doing(tx: &mut Tx<'_>, id: &str) -> Result<Doing, Error> {
    let mut row = tx
        .row(
            "select doing from jobs where id = $1 and kind = 'import'",
            params![id],
        )?
        .ok_or(ProblemCode::NotFound)?;
    read(&row.text()?)
}

fn of_outcome(tx: &mut Tx<'_>, id: &str, outcome: &str, limit: i64) -> Result<Vec<Row>, Error> {
    let rows = tx.rows(
        "select item from job_items
         where job_id = $1 and outcome = $2
         order by place
         limit $3",
        params![id, outcome, limit],
    )?;
    rows.into_iter().map(|mut row| read(&row.text()?)).collect()
}

/// Whether a row that would be taken makes an administrator. In a text of the file the quotes are escaped.
fn makes_administrators(tx: &mut Tx<'_>, id: &str) -> Result<bool, Error> {
    let row = tx.row(
        "select 1 from job_items
         where job_id = $1 and outcome in ('create', 'change')
           and item like '%\"makes_administrator\":true%'
         limit 1",
        params![id],
    )?;
    Ok(row.is_some())
}

/// How many rows of a file that went back did not: somebody else changed their users meanwhile.
fn stayed(tx: &mut Tx<'_>, id: &str) -> Result<u64, Error> {
    let row = tx.row(
        "select count(*) from job_items where job_id = $1 and outcome = 'stayed'",
        params![id],
    )?;
    row.map_or(Ok(0), |mut row| row.count())
}

/// How far it is, and what it found.
pub(crate) fn import(tx: &mut Tx<'_>, id: &str) -> Result<Import, Error> {
    let mut row = tx
        .row(
            "select state, total, done, created, changed, skipped, refused, started_at, ended_at
             from jobs
             where id = $1 and kind = 'import'",
            params![id],
        )?
        .ok_or(ProblemCode::NotFound)?;
    let state = match row.text()?.as_str() {
        "checking" => ImportState::Checking,
        "checked" => ImportState::Checked,
        "done" => ImportState::Done,
        "failed" => ImportState::Failed,
        _ => ImportState::Running,
    };
    let (rows, done, create) = (row.count()?, row.count()?, row.count()?);
    let (change, skip, bad_count) = (row.count()?, row.count()?, row.count()?);
    let (started_at, ended_at) = (row.int()?, row.opt_int()?);
    let mut shown = |outcome, count| match count {
        0 => Ok(Vec::new()),
        _ => of_outcome(tx, id, outcome, SHOWN),
    };
    let invalid_rows = shown("bad", bad_count)?;
    let changed_rows = match state {
        ImportState::Checked | ImportState::Done => shown("change", change)?,
        ImportState::Checking | ImportState::Running | ImportState::Failed => Vec::new(),
    };
    let (refused_line, stayed) = if state == ImportState::Failed {
        (doing(tx, id)?.refused_line, stayed(tx, id)?)
    } else {
        (None, 0)
    };
    Ok(Import {
        id: id.to_owned(),
        state,
        rows,
        done,
        create,
        change,
        skip,
        invalid: bad_count,
        invalid_rows: invalid_rows.into_iter().filter_map(|row| row.bad).collect(),
        changed_rows: changed_rows
            .into_iter()
            .filter_map(|row| row.changes)
            .collect(),
        refused_line,
        stayed,
        started_at,
        ended_at,
    })
}
