//! The log as administrators read it: newest first, filtered, a page by keyset.

use api::{
    ProblemCode, UtcMillis,
    audit::{AuditChange, AuditEvent, AuditList, AuditParty, AuditQuery},
    field::FieldFault,
};
use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};

use super::changes::changes;
use crate::{
    App,
    access::Admin,
    db::{Param, Row, Tx, params},
    error::Error,
    users,
};

const PAGE: u32 = 50;
const PAGE_MAX: u32 = 200;
/// No id, act, e-mail or login is longer.
const FILTER_MAX: usize = 320;
/// Two nodes' clocks differ by less: rows are numbered in the order in which they were written.
const SKEW: UtcMillis = 5 * 60 * 1000;

/// A query whose values are what they should be. Empty does not filter.
#[derive(Default)]
struct Wish {
    actor: String,
    act: String,
    target: String,
    from: UtcMillis,
    until: UtcMillis,
    before: i64,
    row: Option<i64>,
    limit: u32,
}

/// `GET /api/audit`.
pub(crate) async fn list(
    State(app): State<App>,
    _: Admin,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Result<Json<AuditList>, Error> {
    let Query(query) = query.map_err(|_| ProblemCode::BadRequest)?;
    let wish = Wish::of(query)?;
    let page = app.db.read(move |tx| page(tx, wish)).await?;
    Ok(Json(page))
}

impl Wish {
    fn of(query: AuditQuery) -> Result<Self, Error> {
        let limit = query.limit.unwrap_or(PAGE);
        if limit == 0 || limit > PAGE_MAX {
            return Err(Error::field("limit", FieldFault::Malformed));
        }
        let before = match query.before.as_deref() {
            None => i64::MAX,
            Some(cursor) => cursor
                .parse()
                .ok()
                .filter(|seq| *seq > 0)
                .ok_or_else(|| Error::field("before", FieldFault::Malformed))?,
        };
        Ok(Self {
            actor: filter("actor", query.actor)?,
            act: filter("act", query.act)?,
            target: filter("target", query.target)?,
            from: query.from.unwrap_or(0),
            until: query.until.unwrap_or(i64::MAX),
            before,
            row: query.row,
            limit,
        })
    }
}

/// What was typed into a filter, as it can be compared.
pub(crate) fn filter(name: &str, value: Option<String>) -> Result<String, Error> {
    let value = value.unwrap_or_default().trim().to_owned();
    if value.len() > FILTER_MAX {
        return Err(Error::field(name, FieldFault::TooLong));
    }
    if value.chars().any(char::is_control) {
        return Err(Error::field(name, FieldFault::Blanks));
    }
    Ok(value)
}

macro_rules! select {
    ($which:literal) => {
        concat!(
            "select e.seq, e.at, e.act, e.actor_id, e.actor_name, a.id, e.target, t.name, e.detail,
                    e.address, e.request_id
             from audit_events e
             left join users a on a.id = e.actor_id
             left join users t on t.id = e.target
             where ",
            $which,
            " and e.seq < $4 and e.seq >= $5
               and ($2 = '' or e.actor_id = $2)
               and ($3 = '' or e.act = $3)
               and e.at >= $6 and e.at < $7
             order by e.seq desc
             limit $8"
        )
    };
}

/// One statement for each index that can lead: a filter is a range of one, never a scan.
pub(super) const BY_TARGET: &str = select!("e.target = $1");
pub(super) const BY_ACTOR: &str = select!("e.actor_id = $2 and $1 = ''");
pub(super) const BY_ACT: &str = select!("e.act = $3 and $1 = ''");
pub(super) const ALL: &str = select!("$1 = ''");
/// The first row of a time.
pub(super) const SINCE: &str =
    "select seq from audit_events where at >= $1 order by at, seq limit 1";

fn page(tx: &mut Tx<'_>, mut wish: Wish) -> Result<AuditList, Error> {
    wish.actor = users::named(tx, &wish.actor)?;
    wish.target = users::named(tx, &wish.target)?;
    let mut least = 0;
    if wish.from > 0 {
        let from = wish.from.saturating_sub(SKEW);
        let Some(mut row) = tx.row(SINCE, params![from])? else {
            return Ok(empty());
        };
        least = row.int()?;
    }
    let (mut below, mut limit) = (wish.before, i64::from(wish.limit) + 1);
    if wish.until < i64::MAX
        && let Some(mut row) = tx.row(SINCE, params![wish.until.saturating_add(SKEW)])?
    {
        below = below.min(row.int()?);
    }
    if let Some(row) = wish.row {
        (least, below, limit) = (row, row.saturating_add(1), 1);
    }
    let sql = if !wish.target.is_empty() {
        BY_TARGET
    } else if !wish.actor.is_empty() {
        BY_ACTOR
    } else if !wish.act.is_empty() {
        BY_ACT
    } else {
        ALL
    };
    let values: [Param<'_>; 8] = [
        (&wish.target).into(),
        (&wish.actor).into(),
        (&wish.act).into(),
        below.into(),
        least.into(),
        wish.from.into(),
        wish.until.into(),
        limit.into(),
    ];
    let rows = tx.rows(sql, &values)?;
    let mut events = rows
        .into_iter()
        .map(|mut row| read(&mut row))
        .collect::<Result<Vec<_>, _>>()?;
    let more = events.len() > wish.limit as usize;
    events.truncate(wish.limit as usize);
    let next = events.last().filter(|_| more).map(|it| it.seq.to_string());
    Ok(AuditList { events, next })
}

fn empty() -> AuditList {
    AuditList {
        events: Vec::new(),
        next: None,
    }
}

fn read(row: &mut Row) -> Result<AuditEvent, Error> {
    let (seq, at, act) = (row.int()?, row.int()?, row.text()?);
    let (actor_id, actor_name) = (row.opt_text()?, row.text()?);
    let is_user = row.opt_text()?.is_some();
    let actor = actor_id.map(|id| AuditParty {
        id,
        name: Some(actor_name).filter(|it| !it.is_empty()),
        is_user,
    });
    let (target, target_name) = (row.opt_text()?, row.opt_text()?);
    let target = target.map(|id| AuditParty {
        id,
        is_user: target_name.is_some(),
        name: target_name,
    });
    let changes: Vec<AuditChange> = changes(&row.text()?);
    Ok(AuditEvent {
        seq,
        at,
        act,
        actor,
        target,
        changes,
        address: row.opt_text()?.filter(|it| !it.is_empty()),
        request_id: row.opt_text()?.filter(|it| !it.is_empty()),
    })
}

#[cfg(test)]
mod tests;
