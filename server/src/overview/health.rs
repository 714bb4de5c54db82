//! How healthy the connection in use was, day by day: told by what the audit log has of its life.

use std::collections::BTreeMap;

use api::{ConnectionState, Provider, UtcMillis, sign_ins::Day};
use serde_json::Value;

#[cfg(test)]
use crate::db::Planned;
use crate::{
    audit::{self, Event},
    connections,
    db::{Row, Texts, Tx, params},
    error::Error,
};

const MINUTE: UtcMillis = 60 * 1000;
const DAY: UtcMillis = 24 * 60 * MINUTE;

/// Whatever changes whether members can sign in through a connection.
const TURNS: [Event; 7] = [
    Event::ConnectionActivated,
    Event::ConnectionConfirmed,
    Event::ConnectionRecovered,
    Event::ConnectionDegraded,
    Event::ConnectionSwitchedOff,
    Event::ConnectionDisabled,
    Event::TrialUndone,
];

/// Of one act, from a row on.
const SINCE: Texts = Texts {
    sqlite: "select event, target, detail, at, seq from audit_events
     where event = $1 and seq >= $2
     order by seq
     limit $3",
    postgres: "select event, target, detail, at, seq from audit_events
     where (event, seq) >= ($1, $2) and (event, seq) < ($1, 9223372036854775807)
     order by event, seq
     limit $3",
};

/// Of one target, before a row, newest first.
const BEFORE: Texts = Texts {
    sqlite: "select event, target, detail, at, seq from audit_events
     where target = $1 and seq < $2
     order by seq desc
     limit $3",
    postgres: "select event, target, detail, at, seq from audit_events
     where (target, seq) >= ($1, 0) and (target, seq) < ($1, $2) and target is not null
     order by target desc, seq desc
     limit $3",
};

/// So many rows at a time.
const PART: i64 = 100;

/// Each with the index that leads it.
#[cfg(test)]
pub(super) const STATEMENTS: [Planned; 2] = [
    (
        SINCE,
        "audit_event",
        "event=? AND seq>?",
        "'connection.degraded', 20000, 100",
    ),
    (
        BEFORE,
        "audit_target",
        "target=? AND seq<?",
        "'okta', 20000, 100",
    ),
];

/// How a connection is, as far as members notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    Off,
    Healthy,
    Degraded,
}

impl Health {
    fn of(state: ConnectionState) -> Self {
        match state {
            ConnectionState::Trial | ConnectionState::Connected => Self::Healthy,
            ConnectionState::Degraded => Self::Degraded,
            ConnectionState::NotConnected
            | ConnectionState::Draft
            | ConnectionState::Verified
            | ConnectionState::DisabledByOkta
            | ConnectionState::Disabled => Self::Off,
        }
    }
}

type All = BTreeMap<&'static str, Health>;

/// One act of the log.
struct Turn {
    event: String,
    target: String,
    detail: String,
    at: UtcMillis,
    seq: i64,
}

impl Turn {
    /// What it makes of the connections.
    fn apply(&self, all: &mut All) {
        if self.event == Event::TrialUndone.code() {
            let detail: Value = serde_json::from_str(&self.detail).unwrap_or_default();
            for returned in detail["returned"].as_array().into_iter().flatten() {
                let provider = returned["provider"].as_str().and_then(Provider::from_code);
                let state = serde_json::from_value(returned["state"].clone());
                if let (Some(provider), Ok(state)) = (provider, state) {
                    all.insert(provider.code(), Health::of(state));
                }
            }
            return;
        }
        let health = if self.event == Event::ConnectionDegraded.code() {
            Health::Degraded
        } else if self.event == Event::ConnectionSwitchedOff.code()
            || self.event == Event::ConnectionDisabled.code()
        {
            Health::Off
        } else {
            Health::Healthy
        };
        if let Some(provider) = Provider::from_code(&self.target) {
            all.insert(provider.code(), health);
        }
    }

    /// What was before the first act that the log still has.
    fn before(&self) -> Health {
        if self.event == Event::ConnectionActivated.code() {
            Health::Off
        } else if self.event == Event::ConnectionRecovered.code() {
            Health::Degraded
        } else {
            Health::Healthy
        }
    }
}

/// Fills in the minutes of these days, which follow one upon the other.
pub(crate) fn fill(tx: &mut Tx<'_>, days: &mut [Day], now: UtcMillis) -> Result<(), Error> {
    let Some(begin) = days.first().map(|it| it.at) else {
        return Ok(());
    };
    // Without a row of these days, all that there are were before.
    let first = audit::first_since(tx, begin)?.unwrap_or(i64::MAX);
    let turns = since(tx, first)?;
    let (mut all, mut earlier) = (All::new(), Vec::new());
    for provider in Provider::ALL {
        let before = before(tx, provider, first)?;
        let health = match turns.iter().find(|it| it.target == provider.code()) {
            _ if before.is_some() => Health::Off,
            Some(first) => first.before(),
            None => Health::of(connections::find(tx, provider)?.state),
        };
        all.insert(provider.code(), health);
        earlier.extend(before);
    }
    // In their order: the end of a trial says how others are, too.
    earlier.sort_by_key(|it| it.seq);
    for turn in earlier {
        turn.apply(&mut all);
    }
    let mut from = begin;
    for turn in turns {
        add(days, &all, from, turn.at);
        from = from.max(turn.at);
        turn.apply(&mut all);
    }
    add(days, &all, from, now);
    Ok(())
}

/// Adds a span in which nothing changed to the days that it is in.
fn add(days: &mut [Day], all: &All, from: UtcMillis, to: UtcMillis) {
    let is = |health| all.values().any(|it| *it == health);
    let (degraded, healthy) = (is(Health::Degraded), is(Health::Healthy));
    for day in days {
        // By whole minutes that ended, so that spans side by side add up.
        let (from, to) = (from.max(day.at), to.min(day.at + DAY));
        let minutes = u32::try_from(to / MINUTE - from / MINUTE).unwrap_or_default();
        if degraded {
            day.degraded_minutes += minutes;
        } else if healthy {
            day.healthy_minutes += minutes;
        }
    }
}

fn since(tx: &mut Tx<'_>, first: i64) -> Result<Vec<Turn>, Error> {
    let (sql, mut turns) = (SINCE.of(tx), Vec::new());
    for act in TURNS {
        let mut from = Some(first);
        while let Some(first) = from {
            let rows = tx.rows(sql, params![act.code(), first, PART])?;
            let is_more = rows.len() as u64 == PART.unsigned_abs();
            for mut row in rows {
                turns.push(read(&mut row)?);
            }
            from = turns.last().filter(|_| is_more).map(|it| it.seq + 1);
        }
    }
    turns.sort_by_key(|it| it.seq);
    Ok(turns)
}

fn before(tx: &mut Tx<'_>, provider: Provider, first: i64) -> Result<Option<Turn>, Error> {
    let (sql, mut before) = (BEFORE.of(tx), Some(first));
    while let Some(first) = before {
        let rows = tx.rows(sql, params![provider.code(), first, PART])?;
        let is_more = rows.len() as u64 == PART.unsigned_abs();
        before = None;
        for mut row in rows {
            let turn = read(&mut row)?;
            if TURNS.iter().any(|it| it.code() == turn.event) {
                return Ok(Some(turn));
            }
            before = Some(turn.seq).filter(|_| is_more);
        }
    }
    Ok(None)
}

fn read(row: &mut Row) -> Result<Turn, Error> {
    Ok(Turn {
        event: row.text()?,
        target: row.opt_text()?.unwrap_or_default(),
        detail: row.text()?,
        at: row.int()?,
        seq: row.int()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_cut_at_midnight_and_the_worst_counts() {
        let day = |at| Day {
            at,
            ..Day::default()
        };
        let mut days = [day(0), day(DAY)];
        let mut all = All::from([("google", Health::Off), ("okta", Health::Healthy)]);
        add(&mut days, &all, DAY - 30 * MINUTE, DAY + 10 * MINUTE);
        all.insert("google", Health::Degraded);
        add(&mut days, &all, DAY + 10 * MINUTE, DAY + 15 * MINUTE);
        all.insert("okta", Health::Off);
        all.insert("google", Health::Off);
        add(&mut days, &all, DAY + 15 * MINUTE, 2 * DAY);
        let minutes = days.map(|it| (it.healthy_minutes, it.degraded_minutes));
        assert_eq!(minutes, [(30, 0), (10, 5)]);
    }
}
