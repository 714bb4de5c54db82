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
#[cfg(test)]
use crate::db::Planned;
use crate::{
    App,
    access::Admin,
    db::{Row, Texts, Tx, params},
    error::Error,
    newest::Page,
};

const PAGE: u32 = 50;
const PAGE_MAX: u32 = 200;
/// So many rows are looked at in a request. What is asked for can be rare among them, as after an
/// import of a hundred thousand people: a page may be short then, and its cursor goes on. An index
/// for each pair of filters would cost every row that is written.
const BUDGET: i64 = 1_000;
/// No id, act, e-mail or login is longer.
const FILTER_MAX: usize = 320;
/// Two nodes' clocks differ by less: rows are numbered in the order in which they were written.
const SKEW: UtcMillis = 5 * 60 * 1000;

/// A query whose values are what they should be. Empty does not filter.
#[derive(Default)]
struct Wish {
    actor: String,
    event: String,
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
    let page = app.db.read(move |tx| page(tx, wish, BUDGET)).await?;
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
            event: filter("event", query.event)?,
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

macro_rules! columns {
    () => {
        "select e.seq, e.at, e.event, e.actor_id, e.target, e.actor_name, a.id, t.name, e.detail,
                e.address, e.request_id
         from audit_events e
         left join users a on a.id = e.actor_id
         left join users t on t.id = e.target
         where "
    };
}

/// A range of the index that leads, newest first.
macro_rules! range {
    ($columns:expr, $lead:literal, $end:literal) => {
        Texts {
            sqlite: concat!(
                $columns,
                "e.",
                $lead,
                " = $1 and e.seq < $2 and e.seq >= $3
                 order by e.seq desc ",
                $end
            ),
            postgres: concat!(
                $columns,
                "(e.",
                $lead,
                ", e.seq) < ($1, $2) and (e.",
                $lead,
                ", e.seq) >= ($1, $3)
                   and e.",
                $lead,
                " is not null
                 order by e.",
                $lead,
                " desc, e.seq desc ",
                $end
            ),
        }
    };
}

mod words;
use words::Words;

macro_rules! lead {
    ($lead:literal) => {
        Lead {
            rows: range!(columns!(), $lead, "limit $4"),
            ahead: range!(
                "select e.seq from audit_events e where ",
                $lead,
                "limit 1 offset $4"
            ),
        }
    };
}

/// One for each index that can lead: a filter is a range of one, never a scan. What else is asked
/// for is looked at here, so that no plan takes it for what leads.
const BY_TARGET: Lead = lead!("target");
const BY_ACTOR: Lead = lead!("actor_id");
const BY_ACT: Lead = lead!("event");
const ALL: &str = concat!(
    columns!(),
    "$1 = '' and e.seq < $2 and e.seq >= $3 order by e.seq desc limit $4"
);
/// What stands for no filter.
static ANY: [String; 1] = [String::new()];
/// The first row of a time.
const SINCE: &str = "select seq from audit_events where at >= $1 order by at, seq limit 1";

/// What leads to the rows of a page.
#[derive(Clone, Copy)]
struct Lead {
    rows: Texts,
    /// Whether there are more than so many ahead, told by the index alone.
    ahead: Texts,
}

/// Each with the index that leads it.
#[cfg(test)]
pub(crate) const STATEMENTS: [Planned; 11] = {
    const TARGET: &str = "target=? AND seq>? AND seq<?";
    const ACTOR: &str = "actor_id=? AND seq>? AND seq<?";
    const ACT: &str = "event=? AND seq>? AND seq<?";
    const MAX: &str = "'u7', 9223372036854775807, 0, 51";
    const ACT_MAX: &str = "'act7', 9223372036854775807, 0, 51";
    [
        (BY_TARGET.rows, "audit_target", TARGET, MAX),
        (BY_TARGET.ahead, "audit_target", TARGET, MAX),
        (BY_ACTOR.rows, "audit_actor", ACTOR, MAX),
        (BY_ACTOR.ahead, "audit_actor", ACTOR, MAX),
        (BY_ACT.rows, "audit_event", ACT, ACT_MAX),
        (BY_ACT.ahead, "audit_event", ACT, ACT_MAX),
        (words::REMOVED, "audit_event", ACT, ACT_MAX),
        (
            Texts::both(ALL),
            "audit_rows_pkey",
            "seq>? AND seq<?",
            "'', 9223372036854775807, 0, 51",
        ),
        (Texts::both(SINCE), "audit_at", "at>?", "29000000"),
        (
            Texts::both(super::chain::AFTER),
            "audit_rows_pkey",
            "seq>?",
            "20000, 500",
        ),
        (
            Texts::both(super::prune::GONE),
            "audit_rows_pkey",
            "seq<?",
            "100",
        ),
    ]
};

/// The number of the first row of a time.
pub(crate) fn first_since(tx: &mut Tx<'_>, at: UtcMillis) -> Result<Option<i64>, Error> {
    tx.row(SINCE, params![at])?
        .map(|mut row| row.int())
        .transpose()
}

fn page(tx: &mut Tx<'_>, wish: Wish, budget: i64) -> Result<AuditList, Error> {
    let of = Words::of(tx, &wish)?;
    let mut least = 0;
    if wish.from > 0 {
        let from = wish.from.saturating_sub(SKEW);
        let Some(first) = first_since(tx, from)? else {
            return Ok(empty());
        };
        least = first;
    }
    let mut below = wish.before;
    if wish.until < i64::MAX
        && let Some(first) = first_since(tx, wish.until.saturating_add(SKEW))?
    {
        below = below.min(first);
    }
    if let Some(row) = wish.row {
        (least, below) = (row, row.saturating_add(1));
    }
    let (sql, values, is_led) = lead(tx, &wish, &of, (least, below), budget)?;
    let asked = Page {
        limit: wish.limit,
        is_led,
        ranges: values.len(),
        budget,
        below,
    };
    let (events, next) = asked.find(
        |below, part| {
            let range = |value: &String| {
                let rows = tx.rows(sql, params![value, *below, least, part])?;
                let rows = rows.into_iter().map(|mut row| {
                    let seq = row.int()?;
                    Ok((seq, read(seq, &mut row, &wish, &of)?))
                });
                rows.collect()
            };
            values.iter().map(range).collect()
        },
        |(seq, _)| *seq,
        |(_, event)| event.is_some(),
    )?;
    Ok(AuditList {
        events: events.into_iter().filter_map(|(_, event)| event).collect(),
        next: next.map(|seq| seq.to_string()),
    })
}

/// The statement with what leads it, a range for each, and whether nothing else is asked for. One that leads to fewer
/// rows than a request may look at goes first.
fn lead<'a>(
    tx: &mut Tx<'_>,
    wish: &Wish,
    of: &'a Words,
    (least, below): (i64, i64),
    budget: i64,
) -> Result<(&'static str, &'a [String], bool), Error> {
    let all = [
        (BY_TARGET, of.target.as_slice()),
        (BY_ACTOR, &of.actor),
        (BY_ACT, &of.event),
    ];
    let given = || all.into_iter().filter(|(_, values)| !values.is_empty());
    // Numbers follow times but for the clocks of two nodes: a time is one more filter.
    let is_timed = wish.from > 0 || wish.until < i64::MAX;
    let Some((first, values)) = given().next() else {
        return Ok((ALL, &ANY, !is_timed));
    };
    if given().count() > 1 {
        for (lead, values) in given() {
            let ahead = lead.ahead.of(tx);
            let each = budget / i64::try_from(values.len()).unwrap_or(budget);
            let mut is_short = true;
            for value in values {
                let more = tx.row(ahead, params![value, below, least, each])?;
                is_short &= more.is_none();
            }
            if is_short {
                return Ok((lead.rows.of(tx), values, false));
            }
        }
    }
    let is_led = !is_timed && given().count() == 1;
    Ok((first.rows.of(tx), values, is_led))
}

fn empty() -> AuditList {
    AuditList {
        events: Vec::new(),
        next: None,
    }
}

/// A row, if it is one of those that are asked for.
fn read(seq: i64, row: &mut Row, wish: &Wish, of: &Words) -> Result<Option<AuditEvent>, Error> {
    let (at, event) = (row.int()?, row.text()?);
    let (actor_id, target) = (row.opt_text()?, row.opt_text()?);
    if !of.have(actor_id.as_ref(), &event, target.as_ref())
        || !(wish.from..wish.until).contains(&at)
    {
        return Ok(None);
    }
    let actor_name = Some(row.text()?).filter(|it| !it.is_empty());
    let is_user = row.opt_text()?.is_some();
    let is_said = actor_id.is_some() || actor_name.is_some();
    let actor = is_said.then(|| AuditParty {
        id: actor_id.unwrap_or_default(),
        name: actor_name,
        is_user,
    });
    let target_name = row.opt_text()?;
    let target = target.map(|id| AuditParty {
        id,
        is_user: target_name.is_some(),
        name: target_name,
    });
    let changes: Vec<AuditChange> = changes(&row.text()?);
    Ok(Some(AuditEvent {
        seq,
        at,
        event,
        actor,
        target,
        changes,
        address: row.opt_text()?.filter(|it| !it.is_empty()),
        request_id: row.opt_text()?.filter(|it| !it.is_empty()),
    }))
}

#[cfg(test)]
mod tests;
