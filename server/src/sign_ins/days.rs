//! How sign-ins ended, day by day. Hours that are over are counted once and kept as numbers; only
//! what is younger is counted when somebody asks.

use std::collections::BTreeMap;

use api::{
    Cause, ProblemCode, UtcMillis,
    field::FieldFault,
    overview::AttemptCounts,
    sign_ins::{CauseCount, Day, DayList, DayQuery},
};
use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    http::header,
    response::{IntoResponse as _, Response},
};

use super::store::{PATIENCE, first_id_of};
#[cfg(test)]
use crate::db::Planned;
use crate::{
    App,
    access::Admin,
    db::{Tx, params},
    error::Error,
    overview::health,
};

const HOUR: UtcMillis = 60 * 60 * 1000;
const DAY: UtcMillis = 24 * HOUR;
const DAYS: u32 = 14;
const DAYS_MAX: u32 = 90;

type Asked = Result<Query<DayQuery>, QueryRejection>;

/// `GET /api/sign-ins/days`.
pub(crate) async fn days(
    State(app): State<App>,
    _: Admin,
    query: Asked,
) -> Result<Json<DayList>, Error> {
    Ok(Json(asked(&app, query).await?))
}

/// `GET /api/sign-ins/days.csv`: a line a day.
pub(crate) async fn days_csv(
    State(app): State<App>,
    _: Admin,
    query: Asked,
) -> Result<Response, Error> {
    let mut text =
        "day,succeeded,failed,not_completed,healthy_minutes,degraded_minutes\r\n".to_owned();
    for day in asked(&app, query).await?.days {
        let line = format!(
            "{},{},{},{},{},{}\r\n",
            &api::date::timestamp(day.at)[..10],
            day.succeeded,
            day.failed,
            day.not_completed,
            day.healthy_minutes,
            day.degraded_minutes
        );
        text.push_str(&line);
    }
    Ok(csv("sign-ins.csv", text))
}

/// `GET /api/sign-ins/causes.csv`: a line a cause.
pub(crate) async fn causes_csv(
    State(app): State<App>,
    _: Admin,
    query: Asked,
) -> Result<Response, Error> {
    let mut text = "cause,attempts\r\n".to_owned();
    for cause in asked(&app, query).await?.causes {
        let line = format!("{},{}\r\n", cause.cause.code(), cause.attempts);
        text.push_str(&line);
    }
    Ok(csv("causes.csv", text))
}

/// A file of one.
pub(crate) fn csv(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, text).into_response()
}

async fn asked(app: &App, query: Asked) -> Result<DayList, Error> {
    let Query(query) = query.map_err(|_| ProblemCode::BadRequest)?;
    let days = query.days.unwrap_or(DAYS);
    if days == 0 || days > DAYS_MAX {
        return Err(Error::field("days", FieldFault::Malformed));
    }
    let now = app.clock.now();
    app.db.read(move |tx| list(tx, now, i64::from(days))).await
}

/// What is counted, by day, outcome and cause.
type Counts = BTreeMap<(i64, Ending, String), u64>;

/// An outcome that is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    Succeeded,
    Failed,
    NotCompleted,
}

impl Ending {
    fn code(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::NotCompleted => "started",
        }
    }

    fn of(code: &str) -> Self {
        match code {
            "succeeded" => Self::Succeeded,
            "failed" => Self::Failed,
            _ => Self::NotCompleted,
        }
    }
}

fn list(tx: &mut Tx<'_>, now: UtcMillis, days: i64) -> Result<DayList, Error> {
    let last = now.div_euclid(DAY);
    let first = last - days + 1;
    let (until, mut counts) = kept(tx, first, last)?;
    let counted = until.max(first * DAY);
    count(tx, counted, now, now - PATIENCE, &mut counts)?;
    let mut list = DayList {
        days: (first..=last)
            .map(|day| Day {
                at: day * DAY,
                ..Day::default()
            })
            .collect(),
        causes: Vec::new(),
    };
    health::fill(tx, &mut list.days, now)?;
    let mut causes = BTreeMap::new();
    for ((day, outcome, cause), attempts) in counts {
        let at = usize::try_from(day - first).unwrap_or(usize::MAX);
        let Some(day) = list.days.get_mut(at) else {
            continue;
        };
        match outcome {
            Ending::Succeeded => day.succeeded += attempts,
            Ending::Failed => {
                day.failed += attempts;
                *causes.entry(cause).or_insert(0) += attempts;
            }
            Ending::NotCompleted => day.not_completed += attempts,
        }
    }
    list.causes = causes
        .into_iter()
        .filter_map(|(code, attempts)| {
            let cause = Cause::from_code(&code)?;
            Some(CauseCount { cause, attempts })
        })
        .collect();
    list.causes.sort_by_key(|it| std::cmp::Reverse(it.attempts));
    Ok(list)
}

/// How the attempts of the last 24 hours ended.
pub(crate) fn today(tx: &mut Tx<'_>, now: UtcMillis) -> Result<AttemptCounts, Error> {
    let mut counts = Counts::new();
    count(tx, now - DAY, now, now - PATIENCE, &mut counts)?;
    let mut found = AttemptCounts::default();
    for ((_, outcome, _), attempts) in counts {
        match outcome {
            Ending::Succeeded => found.succeeded += attempts,
            Ending::Failed => found.failed += attempts,
            Ending::NotCompleted => found.not_completed += attempts,
        }
    }
    Ok(found)
}

fn until(tx: &mut Tx<'_>) -> Result<UtcMillis, Error> {
    let row = tx.row("select until from attempt_days_until where id = 1", &[])?;
    row.ok_or(ProblemCode::Internal)?.int()
}

/// One statement: an hour that is counted meanwhile is among these with its end, or neither.
const KEPT: &str = "select until, null as outcome, null as cause, 0 as attempts
     from attempt_days_until where id = 1
     union all
     select day, outcome, cause, attempts from attempt_days
     where day >= $1 and day <= $2";

/// What is kept of these days, and until when sign-ins are counted there.
fn kept(tx: &mut Tx<'_>, first: i64, last: i64) -> Result<(UtcMillis, Counts), Error> {
    let (mut until, mut counts) = (None, Counts::new());
    for mut row in tx.rows(KEPT, params![first, last])? {
        let (number, outcome, cause) = (row.int()?, row.opt_text()?, row.opt_text()?);
        match outcome.zip(cause) {
            None => until = Some(number),
            Some((outcome, cause)) => {
                counts.insert((number, Ending::of(&outcome), cause), row.count()?);
            }
        }
    }
    Ok((until.ok_or(ProblemCode::Internal)?, counts))
}

const SPAN: &str = "select started_at / 86400000, outcome, coalesce(cause, ''), count(*)
     from attempts
     where id >= $1 and id < $2 and purpose = 'sign_in'
       and (outcome <> 'started' or started_at <= $3)
     group by 1, 2, 3";
const NEXT: &str = "select started_at from attempts where id >= $1 order by id limit 1";

/// Each with the index that leads it.
#[cfg(test)]
pub(crate) const STATEMENTS: [Planned; 3] = {
    use crate::db::Texts;
    const DAYS: &str = "day>? AND day<?";
    [
        (
            Texts::both(SPAN),
            "attempts_pkey",
            "id>? AND id<?",
            "'01927000', '01927100', 9000000",
        ),
        (Texts::both(NEXT), "attempts_pkey", "id>?", "'01927000'"),
        (Texts::both(KEPT), "attempt_days_pkey", DAYS, "900, 914"),
    ]
};

/// Counts what was started from `from` on and before `to`. `over`: who was started until then and
/// did not end never came back.
fn count(
    tx: &mut Tx<'_>,
    from: UtcMillis,
    to: UtcMillis,
    over: UtcMillis,
    counts: &mut Counts,
) -> Result<(), Error> {
    let rows = tx.rows(
        SPAN,
        params![&first_id_of(from), &first_id_of(to + 1), over],
    )?;
    for mut row in rows {
        let key = (row.int()?, Ending::of(&row.text()?), row.text()?);
        *counts.entry(key).or_insert(0) += row.count()?;
    }
    Ok(())
}

/// A sign-in ended after all, so late that its hour may be counted: then it is counted there as what became of it.
pub(super) fn came_late(
    tx: &mut Tx<'_>,
    started_at: UtcMillis,
    outcome: &str,
    cause: &str,
) -> Result<(), Error> {
    // Written, so that whoever counts an hour goes before the whole of this or after it.
    let row = tx.row(
        "update attempt_days_until set until = until where id = 1 returning until",
        &[],
    )?;
    let until = row.ok_or(ProblemCode::Internal)?.int()?;
    if started_at >= until {
        return Ok(());
    }
    let day = started_at.div_euclid(DAY);
    let taken = tx.run(
        "update attempt_days set attempts = attempts - 1
         where day = $1 and outcome = 'started' and cause = '' and attempts > 0",
        params![day],
    )?;
    if taken > 0 {
        add(tx, day, outcome, cause, 1)?;
    }
    Ok(())
}

fn add(tx: &mut Tx<'_>, day: i64, outcome: &str, cause: &str, attempts: i64) -> Result<(), Error> {
    tx.run(
        "insert into attempt_days (day, outcome, cause, attempts) values ($1, $2, $3, $4)
         on conflict (day, outcome, cause)
         do update set attempts = attempt_days.attempts + excluded.attempts",
        params![day, outcome, cause, attempts],
    )
    .map(drop)
}

/// Counts every hour that is over and whose attempts have all ended. Of two nodes one does it.
pub(crate) async fn count_hours(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    loop {
        let more = app.db.write(move |tx| count_hour(tx, now)).await?;
        if !more {
            return Ok(());
        }
    }
}

/// False when there is nothing left to count.
fn count_hour(tx: &mut Tx<'_>, now: UtcMillis) -> Result<bool, Error> {
    let from = until(tx)?;
    let next = tx.row(NEXT, params![&first_id_of(from)])?;
    // Ids can be a moment ahead of their start: an hour begins where the clock says so.
    let begin = match next {
        Some(mut row) => row.int()?.div_euclid(HOUR) * HOUR,
        None => now.div_euclid(HOUR) * HOUR,
    }
    .max(from);
    let end = (begin.div_euclid(HOUR) + 1) * HOUR;
    if end + 2 * PATIENCE > now {
        return Ok(false);
    }
    let moved = tx.run(
        "update attempt_days_until set until = $2 where id = 1 and until = $1",
        params![from, end],
    )?;
    if moved == 0 {
        return Ok(false);
    }
    let mut counts = Counts::new();
    count(tx, from, end - 1, now, &mut counts)?;
    for ((day, outcome, cause), attempts) in &counts {
        let attempts = i64::try_from(*attempts).unwrap_or(i64::MAX);
        add(tx, *day, outcome.code(), cause, attempts)?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests;
