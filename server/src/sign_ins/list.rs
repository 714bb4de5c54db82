//! Attempts as administrators read them: newest first, filtered, a page by keyset. Ids sort by
//! time, so a span of time is a range of ids.

use api::{
    Attempt, Cause, Outcome, ProblemCode, Status, UtcMillis,
    field::FieldFault,
    sign_ins::{AttemptList, AttemptQuery, AttemptUser},
};
use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};

use super::{
    stages,
    store::{self, PATIENCE, first_id_of},
};
use crate::{
    App,
    access::Admin,
    audit,
    db::{Param, Row, Tx, params},
    error::Error,
    users,
};

const PAGE: u32 = 50;
const PAGE_MAX: u32 = 200;
/// An attempt can change until its patience is over, and a bit for clocks that differ.
const CHANGING: UtcMillis = PATIENCE + 60 * 1000;
/// Above every id.
const LAST: &str = "g";

macro_rules! columns {
    () => {
        "select a.id, a.reference, a.provider, a.purpose, a.started_at, a.outcome, a.cause,
                a.user_id, u.name, u.suspended_at, u.attention, u.okta_since, a.claimed,
                a.provider_said, a.stages, a.consumed_at, a.address, a.user_agent, a.return_to
         from attempts a left join users u on u.id = a.user_id "
    };
}

macro_rules! select {
    ($which:literal) => {
        concat!(
            columns!(),
            "where ",
            $which,
            " and a.id >= $2 and a.id < $3
              and ($4 = '' or a.outcome = $4)
              and ($5 = '' or a.cause = $5)
             order by a.id desc
             limit $6"
        )
    };
}

/// One statement for each index that can lead: a filter is a range of one, never a scan.
const BY_USER: &str = select!("a.user_id = $1");
const BY_STRANGER: &str = select!("a.user_id is null and a.claimed = $1");
const BY_CAUSE: &str = select!("a.cause = $5 and $1 = ''");
const BY_OUTCOME: &str = select!("a.outcome = $4 and $1 = ''");
const ALL: &str = select!("$1 = ''");
const BY_REFERENCE: &str = concat!(columns!(), "where a.reference = $1");

#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 6] = [
    BY_USER,
    BY_STRANGER,
    BY_CAUSE,
    BY_OUTCOME,
    ALL,
    BY_REFERENCE,
];

/// A query whose values are what they should be. Empty does not filter.
struct Wish {
    person: String,
    outcome: Option<Outcome>,
    cause: Option<Cause>,
    least: String,
    below: String,
    limit: u32,
}

/// `GET /api/sign-ins`.
pub(crate) async fn list(
    State(app): State<App>,
    _: Admin,
    query: Result<Query<AttemptQuery>, QueryRejection>,
) -> Result<Json<AttemptList>, Error> {
    let Query(mut query) = query.map_err(|_| ProblemCode::BadRequest)?;
    let now = app.clock.now();
    if let Some(reference) = query.reference.take() {
        let reference = audit::filter("reference", Some(reference))?.to_ascii_uppercase();
        let found = app
            .db
            .read(move |tx| by_reference(tx, &reference, now))
            .await?;
        return Ok(Json(AttemptList {
            attempts: found.map(|(attempt, _)| attempt).into_iter().collect(),
            next: None,
            since: first_id_of(now - CHANGING),
        }));
    }
    let wish = Wish::of(query)?;
    let list = app.db.read(move |tx| page(tx, wish, now)).await?;
    Ok(Json(list))
}

impl Wish {
    fn of(query: AttemptQuery) -> Result<Self, Error> {
        let limit = query.limit.unwrap_or(PAGE);
        if limit == 0 || limit > PAGE_MAX {
            return Err(Error::field("limit", FieldFault::Malformed));
        }
        let mut least = first_id_of(query.from.unwrap_or(0));
        let mut below = query.until.map_or_else(|| LAST.to_owned(), first_id_of);
        if let Some(since) = query.since {
            least = least.max(id("since", since)?);
        }
        if let Some(before) = query.before {
            below = below.min(id("before", before)?);
        }
        Ok(Self {
            person: audit::filter("person", query.person)?,
            outcome: query.outcome,
            cause: query.cause,
            least,
            below,
            limit,
        })
    }
}

/// A cursor is an id; a forged one only ends somewhere else.
fn id(name: &str, cursor: String) -> Result<String, Error> {
    let is_id = cursor.len() == 36
        && cursor
            .bytes()
            .all(|b| b == b'-' || b.is_ascii_digit() || matches!(b, b'a'..=b'f'));
    if is_id {
        Ok(cursor)
    } else {
        Err(Error::field(name, FieldFault::Malformed))
    }
}

fn page(tx: &mut Tx<'_>, mut wish: Wish, now: UtcMillis) -> Result<AttemptList, Error> {
    // Whoever is older than this will not come back any more.
    let over = first_id_of(now - PATIENCE + 1);
    let outcome = match wish.outcome {
        None => "",
        Some(Outcome::Succeeded) => "succeeded",
        Some(Outcome::Failed) => "failed",
        Some(Outcome::Started) => {
            wish.least = wish.least.max(over);
            "started"
        }
        Some(Outcome::NeverCameBack) => {
            wish.below = wish.below.min(over);
            "started"
        }
    };
    let cause = wish.cause.map_or("", Cause::code);
    let person = users::named(tx, &wish.person)?;
    let is_id = person.len() == 36 && !person.contains('@');
    let (sql, person) = match (person.is_empty(), is_id) {
        (false, true) => (BY_USER, person),
        (false, false) => (BY_STRANGER, person.to_ascii_lowercase()),
        (true, _) if !cause.is_empty() => (BY_CAUSE, person),
        (true, _) if !outcome.is_empty() => (BY_OUTCOME, person),
        (true, _) => (ALL, person),
    };
    let values: [Param<'_>; 6] = [
        (&person).into(),
        (&wish.least).into(),
        (&wish.below).into(),
        outcome.into(),
        cause.into(),
        (i64::from(wish.limit) + 1).into(),
    ];
    let mut attempts = read_all(tx.rows(sql, &values)?, now)?;
    let more = attempts.len() > wish.limit as usize;
    attempts.truncate(wish.limit as usize);
    let next = attempts.last().filter(|_| more).map(|it| it.id.clone());
    Ok(AttemptList {
        attempts,
        next,
        since: first_id_of(now - CHANGING),
    })
}

/// The latest attempts, newest first.
pub(crate) fn recent(tx: &mut Tx<'_>, now: UtcMillis, limit: i64) -> Result<Vec<Attempt>, Error> {
    let rows = tx.rows(
        concat!(columns!(), "order by a.id desc limit $1"),
        params![limit],
    )?;
    read_all(rows, now)
}

/// The latest ten attempts of a user, newest first.
pub(crate) fn of_user(
    tx: &mut Tx<'_>,
    user_id: &str,
    now: UtcMillis,
) -> Result<Vec<Attempt>, Error> {
    let rows = tx.rows(
        concat!(
            columns!(),
            "where a.user_id = $1 order by a.id desc limit 10"
        ),
        params![user_id],
    )?;
    read_all(rows, now)
}

/// The attempt with a reference, and where its person wanted to go.
pub(crate) fn by_reference(
    tx: &mut Tx<'_>,
    reference: &str,
    now: UtcMillis,
) -> Result<Option<(Attempt, Option<String>)>, Error> {
    // What a person typed: PostgreSQL refuses some characters, and no reference has them.
    if !reference.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(None);
    }
    tx.row(BY_REFERENCE, params![reference])?
        .map(|mut row| Ok((read(&mut row, now)?, row.opt_text()?)))
        .transpose()
}

fn read_all(rows: Vec<Row>, now: UtcMillis) -> Result<Vec<Attempt>, Error> {
    rows.into_iter()
        .map(|mut row| read(&mut row, now))
        .collect()
}

fn read(row: &mut Row, now: UtcMillis) -> Result<Attempt, Error> {
    let (id, reference) = (row.text()?, row.text()?);
    let provider = crate::connections::provider_of(&row.text()?)?;
    let purpose = store::purpose(&row.text()?)?;
    let started_at = row.int()?;
    let outcome = match row.text()?.as_str() {
        "succeeded" => Outcome::Succeeded,
        "failed" => Outcome::Failed,
        _ if now >= started_at + PATIENCE => Outcome::NeverCameBack,
        _ => Outcome::Started,
    };
    let cause = row.opt_text()?.as_deref().and_then(Cause::from_code);
    let (user_id, name) = (row.opt_text()?, row.opt_text()?);
    let status = match (row.opt_int()?, row.opt_text()?, row.opt_int()?) {
        (Some(_), _, _) => Status::Suspended,
        (None, Some(_), _) => Status::NeedsAttention,
        (None, None, Some(_)) => Status::Active,
        (None, None, None) => Status::Inactive,
    };
    let user = user_id.zip(name).map(|(id, name)| AttemptUser {
        id,
        name,
        status: Some(status),
    });
    let (claimed, provider_said) = (row.opt_text()?, row.opt_text()?);
    let passed = row.opt_text()?.unwrap_or_default();
    Ok(Attempt {
        id,
        reference,
        provider,
        purpose,
        started_at,
        outcome,
        cause,
        user,
        claimed,
        provider_said,
        stages: stages::read(started_at, row.opt_int()?, &passed),
        address: row.opt_text()?.filter(|it| !it.is_empty()),
        user_agent: row.opt_text()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::plan;

    #[test]
    fn no_filter_of_attempts_scans_them() {
        for (sql, index) in [
            (BY_USER, "attempts_user (user_id=? AND id>? AND id<?)"),
            (
                BY_STRANGER,
                "attempts_stranger (claimed=? AND id>? AND id<?)",
            ),
            (BY_CAUSE, "attempts_cause (cause=? AND id>? AND id<?)"),
            (BY_OUTCOME, "attempts_outcome (outcome=? AND id>? AND id<?)"),
            (ALL, "PRIMARY KEY (id>? AND id<?)"),
            (BY_REFERENCE, "attempts_reference (reference=?)"),
        ] {
            let plan = plan(sql);
            assert!(plan.contains(index), "{sql}\n{plan}");
            assert!(
                !plan.contains("SCAN") && !plan.contains("TEMP"),
                "{sql}\n{plan}"
            );
        }
    }
}
