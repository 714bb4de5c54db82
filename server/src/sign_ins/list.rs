//! Attempts as administrators read them: newest first, filtered, a page by keyset. Ids sort by
//! time, so a span of time is a range of ids.

mod checked;

use api::{
    Attempt, Cause, Outcome, ProblemCode, Status, UtcMillis,
    field::FieldFault,
    sign_ins::{AttemptList, AttemptQuery, AttemptUser},
};
use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};

use self::checked::{Found, with_checks};
use super::{
    stages,
    store::{self, PATIENCE, first_id_of},
};
#[cfg(test)]
use crate::db::Planned;
use crate::{
    App,
    access::Admin,
    audit,
    db::{Row, Tx, params},
    error::Error,
    newest::Page,
    users,
};

const PAGE: u32 = 50;
const PAGE_MAX: u32 = 200;
/// So many of a person's attempts are looked at in a request. What is asked for can be rare among
/// them: a page may be short then, and its cursor goes on.
const BUDGET: i64 = 1_000;
/// An attempt can change until its patience is over, and a bit for clocks that differ.
const CHANGING: UtcMillis = PATIENCE + 60 * 1000;
/// Above every id.
const LAST: &str = "g";

macro_rules! columns {
    () => {
        "select a.id, a.reference, a.provider, a.purpose, a.started_at, a.outcome, a.cause,
                a.user_id, u.name, u.suspended_at, u.attention, u.okta_since, a.claimed_login,
                a.provider_said, a.stages, a.consumed_at, a.address, a.user_agent, a.settings_id,
                a.return_to
         from attempts a left join users u on u.id = a.user_id "
    };
}

/// A range of the index that leads. As pairs: PostgreSQL could walk the ids of everybody otherwise,
/// and does where it takes what leads for frequent.
macro_rules! select {
    ($lead:literal, $and:literal) => {
        concat!(
            columns!(),
            "where (a.",
            $lead,
            ", a.id) >= ($1, $2) and (a.",
            $lead,
            ", a.id) < ($1, $3)
               and a.",
            $lead,
            " is not null ",
            $and,
            "order by a.",
            $lead,
            " desc, a.id desc
             limit $4"
        )
    };
}

/// One statement for each index that can lead: a filter is a range of one, never a scan. What else
/// is asked for is looked at here, so that no plan takes it for what leads.
const BY_USER: &str = select!("user_id", "");
const BY_STRANGER: &str = select!("claimed_login", "and a.user_id is null ");
const BY_CAUSE: &str = select!("cause", "");
const BY_OUTCOME: &str = select!("outcome", "");
const ALL: &str = concat!(
    columns!(),
    "where $1 = '' and a.id >= $2 and a.id < $3
     order by a.id desc
     limit $4"
);
const BY_REFERENCE: &str = concat!(columns!(), "where a.reference = $1");
const RECENT: &str = concat!(columns!(), "where a.id < $1 order by a.id desc limit $2");
const OF_USER: &str = concat!(
    columns!(),
    "where a.user_id = $1 order by a.id desc limit 10"
);

/// Each with the index that leads it, and what is looked up in it.
#[cfg(test)]
pub(crate) const STATEMENTS: [Planned; 8] = {
    use crate::db::Texts;
    const USER: &str = "(user_id,id)>(?,?) AND (user_id,id)<(?,?)";
    const STRANGER: &str = "(claimed_login,id)>(?,?) AND (claimed_login,id)<(?,?)";
    const CAUSE: &str = "(cause,id)>(?,?) AND (cause,id)<(?,?)";
    const OUTCOME: &str = "(outcome,id)>(?,?) AND (outcome,id)<(?,?)";
    const fn it(
        sql: &'static str,
        index: &'static str,
        looked_up: &'static str,
        values: &'static str,
    ) -> Planned {
        (Texts::both(sql), index, looked_up, values)
    }
    [
        it(BY_USER, "attempts_user", USER, "'u7', '', 'g', 51"),
        it(
            BY_STRANGER,
            "attempts_stranger",
            STRANGER,
            "'c7', '', 'g', 51",
        ),
        it(BY_CAUSE, "attempts_cause", CAUSE, "'cause3', '', 'g', 51"),
        it(
            BY_OUTCOME,
            "attempts_outcome",
            OUTCOME,
            "'started', '', 'g', 51",
        ),
        it(ALL, "attempts_pkey", "id>? AND id<?", "'', '', 'g', 51"),
        it(BY_REFERENCE, "attempts_reference", "reference=?", "'R7'"),
        it(RECENT, "attempts_pkey", "id<?", "'g', 8"),
        it(OF_USER, "attempts_user", "user_id=?", "'u7'"),
    ]
};

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
    let list = app.db.read(move |tx| page(tx, wish, now, BUDGET)).await?;
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

fn page(
    tx: &mut Tx<'_>,
    mut wish: Wish,
    now: UtcMillis,
    budget: i64,
) -> Result<AttemptList, Error> {
    let since = first_id_of(now - CHANGING);
    if wish.cause.is_some() && wish.outcome.is_some_and(|it| it != Outcome::Failed) {
        // What has a cause failed: nothing to look for.
        return Ok(AttemptList {
            attempts: Vec::new(),
            next: None,
            since,
        });
    }
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
        Some(Outcome::NotCompleted) => {
            wish.below = wish.below.min(over);
            "started"
        }
    };
    let cause = wish.cause.map_or("", Cause::code);
    let ranges = match () {
        () if !wish.person.is_empty() => of_person(tx, &wish.person)?,
        () if !cause.is_empty() => vec![(BY_CAUSE, cause.to_owned())],
        () if !outcome.is_empty() => vec![(BY_OUTCOME, outcome.to_owned())],
        () => vec![(ALL, String::new())],
    };
    let asked = Page {
        limit: wish.limit,
        // A person's own are looked through for the outcome and the cause.
        is_led: wish.person.is_empty() || (outcome.is_empty() && cause.is_empty()),
        ranges: ranges.len(),
        budget,
        below: wish.below,
    };
    let (attempts, next) = asked.find(
        |below, part| {
            let range = |(sql, value): &(&'static str, String)| {
                let rows = tx.rows(sql, params![value, &wish.least, below, part])?;
                read_all(rows, now)
            };
            ranges.iter().map(range).collect()
        },
        |it| it.attempt.id.clone(),
        |it| {
            wish.outcome
                .is_none_or(|outcome| it.attempt.outcome == outcome)
                && wish
                    .cause
                    .is_none_or(|cause| it.attempt.cause == Some(cause))
        },
    )?;
    Ok(AttemptList {
        attempts: with_checks(tx, attempts)?,
        next,
        since,
    })
}

/// What leads to the attempts of whoever the words name, also to those of before they were a user.
fn of_person(tx: &mut Tx<'_>, words: &str) -> Result<Vec<(&'static str, String)>, Error> {
    let mut claimed_login = vec![words.to_ascii_lowercase()];
    let mut ranges = Vec::new();
    if let Some(user) = users::named(tx, words)? {
        claimed_login.push(user.email);
        claimed_login.extend(user.okta_login);
        ranges.push((BY_USER, user.id));
    }
    claimed_login.sort();
    claimed_login.dedup();
    ranges.extend(claimed_login.into_iter().map(|it| (BY_STRANGER, it)));
    Ok(ranges)
}

/// The latest attempts, newest first.
pub(crate) fn recent(tx: &mut Tx<'_>, now: UtcMillis, limit: i64) -> Result<Vec<Attempt>, Error> {
    let found = read_all(tx.rows(RECENT, params![LAST, limit])?, now)?;
    with_checks(tx, found)
}

/// The latest ten attempts of a user, newest first.
pub(crate) fn of_user(
    tx: &mut Tx<'_>,
    user_id: &str,
    now: UtcMillis,
) -> Result<Vec<Attempt>, Error> {
    let found = read_all(tx.rows(OF_USER, params![user_id])?, now)?;
    with_checks(tx, found)
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
    let Some(mut row) = tx.row(BY_REFERENCE, params![reference])? else {
        return Ok(None);
    };
    let (found, return_to) = (read(&mut row, now)?, row.opt_text()?);
    let found = with_checks(tx, vec![found])?.pop();
    Ok(found.map(|attempt| (attempt, return_to)))
}

fn read_all(rows: Vec<Row>, now: UtcMillis) -> Result<Vec<Found>, Error> {
    rows.into_iter()
        .map(|mut row| read(&mut row, now))
        .collect()
}

fn read(row: &mut Row, now: UtcMillis) -> Result<Found, Error> {
    let (id, reference) = (row.text()?, row.text()?);
    let provider = crate::connections::provider_of(&row.text()?)?;
    let purpose = store::purpose(&row.text()?)?;
    let started_at = row.int()?;
    let outcome = match row.text()?.as_str() {
        "succeeded" => Outcome::Succeeded,
        "failed" => Outcome::Failed,
        _ if now >= started_at + PATIENCE => Outcome::NotCompleted,
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
    let (claimed_login, provider_said) = (row.opt_text()?, row.opt_text()?);
    let passed = row.opt_text()?.unwrap_or_default();
    let attempt = Attempt {
        id,
        reference,
        provider,
        purpose,
        started_at,
        outcome,
        cause,
        user,
        claimed_login,
        provider_said,
        stages: stages::read(started_at, row.opt_int()?, &passed),
        address: row.opt_text()?.filter(|it| !it.is_empty()),
        user_agent: row.opt_text()?,
        checks_passed: false,
    };
    Ok(Found {
        attempt,
        settings_id: row.opt_text()?,
    })
}

#[cfg(test)]
mod tests;
