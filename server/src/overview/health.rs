//! How healthy the connection in use was, day by day: told by what the audit log has of its life.

use std::collections::BTreeMap;

use api::{ConnectionState, Provider, UtcMillis, sign_ins::Day};
use serde_json::Value;

use crate::{
    audit::Event,
    connections,
    db::{Param, Row, Tx},
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

/// A range of the acts' index each, and of no more than the window.
const SINCE: &str = "select act, target, detail, at from audit_events
     where act in ($2, $3, $4, $5, $6, $7, $8)
       and seq >= (select seq from audit_events where at >= $1 order by at, seq limit 1)
     order by seq";

/// The latest before the window: one row, from the end of the target's own.
const BEFORE: &str = "select act, target, detail, at from audit_events
     where target = $1 and act in ($3, $4, $5, $6, $7, $8, $9) and at < $2
     order by seq desc
     limit 1";

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
            ConnectionState::Trial | ConnectionState::Active => Self::Healthy,
            ConnectionState::Degraded => Self::Degraded,
            ConnectionState::NotConnected
            | ConnectionState::Draft
            | ConnectionState::Proven
            | ConnectionState::SwitchedOff
            | ConnectionState::Disabled => Self::Off,
        }
    }
}

type All = BTreeMap<&'static str, Health>;

/// One act of the log.
struct Turn {
    act: String,
    target: String,
    detail: String,
    at: UtcMillis,
}

impl Turn {
    /// What it makes of the connections.
    fn apply(&self, all: &mut All) {
        if self.act == Event::TrialUndone.code() {
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
        let health = if self.act == Event::ConnectionDegraded.code() {
            Health::Degraded
        } else if self.act == Event::ConnectionSwitchedOff.code()
            || self.act == Event::ConnectionDisabled.code()
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
        if self.act == Event::ConnectionActivated.code() {
            Health::Off
        } else if self.act == Event::ConnectionRecovered.code() {
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
    let turns = since(tx, begin)?;
    let (mut all, mut earlier) = (All::new(), Vec::new());
    for provider in Provider::ALL {
        let before = before(tx, provider, begin)?;
        let health = match turns.iter().find(|it| it.target == provider.code()) {
            _ if before.is_some() => Health::Off,
            Some(first) => first.before(),
            None => Health::of(connections::find(tx, provider)?.state),
        };
        all.insert(provider.code(), health);
        earlier.extend(before);
    }
    // In their order: the end of a trial says how others are, too.
    earlier.sort_by_key(|it| it.at);
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

fn since(tx: &mut Tx<'_>, begin: UtcMillis) -> Result<Vec<Turn>, Error> {
    let mut values: Vec<Param<'_>> = vec![begin.into()];
    values.extend(TURNS.map(|it| Param::from(it.code())));
    let rows = tx.rows(SINCE, &values)?;
    rows.into_iter().map(|mut row| read(&mut row)).collect()
}

fn before(tx: &mut Tx<'_>, provider: Provider, begin: UtcMillis) -> Result<Option<Turn>, Error> {
    let mut values: Vec<Param<'_>> = vec![provider.code().into(), begin.into()];
    values.extend(TURNS.map(|it| Param::from(it.code())));
    let row = tx.row(BEFORE, &values)?;
    row.map(|mut row| read(&mut row)).transpose()
}

fn read(row: &mut Row) -> Result<Turn, Error> {
    Ok(Turn {
        act: row.text()?,
        target: row.opt_text()?.unwrap_or_default(),
        detail: row.text()?,
        at: row.int()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::plan;

    #[test]
    fn the_log_is_not_scanned() {
        for sql in [SINCE, BEFORE] {
            let plan = plan(sql);
            assert!(!plan.contains("SCAN audit_events"), "{plan}");
        }
    }

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
