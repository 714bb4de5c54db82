//! Refused tries at passwords and codes in the audit log: one row a minute and source, with how many there were.
//!
//! The first of a source is written at once. What follows within a minute is counted in memory, by each node for
//! itself, and written with the next row: a flood costs no writes, and a crash loses a minute's count at most.

use std::{
    collections::{BTreeSet, HashMap},
    net::IpAddr,
    sync::Mutex,
};

use api::UtcMillis;
use serde_json::{Map, Value, json};

use super::buckets;
use crate::{
    App,
    audit::{Audit, Event},
    db::{Tx, params},
    error::Error,
    notifications::{self, Notification},
};

const MINUTE: UtcMillis = 60 * 1000;
const HOUR: UtcMillis = 60 * MINUTE;
/// Rows a minute of all sources; those of further ones are one row together.
const ROWS_A_MINUTE: u32 = 60;
/// E-mails that a row names.
const EMAILS: usize = 5;

#[derive(Default)]
pub(crate) struct Refusals(Mutex<Table>);

#[derive(Default)]
struct Table {
    sources: HashMap<(Event, Source), Folded>,
    /// The minute of the rows that are counted.
    since: UtcMillis,
    rows: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Source {
    Site(IpAddr),
    /// Those that no row of their own is left for.
    Others,
}

/// What came of one source since its last row.
struct Folded {
    written_at: UtcMillis,
    refusal: Refusal,
}

/// One row that is due.
pub(crate) struct Refusal {
    event: Event,
    count: u64,
    /// Those that were typed, up to one more than a row names.
    emails: BTreeSet<String>,
    /// Of the last one.
    address: String,
    request_id: String,
}

impl Refusals {
    /// Counts a refused try; its source's row if one is due.
    fn note(&self, audit: &Audit, event: Event, email: Option<&str>) -> Option<Refusal> {
        let mut table = self.0.lock().ok()?;
        let own = audit.address.parse().map(buckets::site);
        let own = (event, own.map_or(Source::Others, Source::Site));
        let known = table.sources.contains_key(&own);
        let key = if known || table.has_room(audit.now) {
            own
        } else {
            (event, Source::Others)
        };
        let folded = table.sources.entry(key).or_insert_with(|| Folded {
            // The first row of a source is due at once.
            written_at: audit.now - MINUTE,
            refusal: Refusal::none(event),
        });
        folded.refusal.add(audit, email);
        if known && folded.is_due(audit.now) && !table.has_room(audit.now) {
            table.give_to_others(own);
            return table.take(&(event, Source::Others), audit.now, false);
        }
        table.take(&key, audit.now, false)
    }

    /// The rows that are due; all that were counted at the end of the server.
    fn due(&self, now: UtcMillis, all: bool) -> Vec<Refusal> {
        let Ok(mut table) = self.0.lock() else {
            return Vec::new();
        };
        let due = |it: &Folded| all || it.is_due(now);
        table
            .sources
            .retain(|_, it| it.refusal.count > 0 || !due(it));
        let keys: Vec<_> = table
            .sources
            .iter()
            .filter(|(_, it)| due(it))
            .map(|(key, _)| *key)
            .collect();
        let (others, own): (Vec<_>, Vec<_>) =
            keys.into_iter().partition(|(_, it)| *it == Source::Others);
        let mut rows = Vec::new();
        let mut last = others;
        for key in own {
            if all || table.has_room(now) {
                rows.extend(table.take(&key, now, all));
            } else {
                table.give_to_others(key);
                last.push((key.0, Source::Others));
            }
        }
        for key in last {
            rows.extend(table.take(&key, now, all));
        }
        rows
    }
}

impl Table {
    fn has_room(&mut self, now: UtcMillis) -> bool {
        if (now - self.since).abs() >= MINUTE {
            (self.since, self.rows) = (now, 0);
        }
        self.rows < ROWS_A_MINUTE
    }

    /// What was counted, as a row of now; none if nothing was, or if there was a row within a minute.
    fn take(&mut self, key: &(Event, Source), now: UtcMillis, early: bool) -> Option<Refusal> {
        let folded = self.sources.get_mut(key)?;
        if folded.refusal.count == 0 || !(early || folded.is_due(now)) {
            return None;
        }
        folded.written_at = now;
        self.rows += 1;
        let none = Refusal::none(key.0);
        Some(std::mem::replace(&mut folded.refusal, none))
    }

    fn give_to_others(&mut self, (event, source): (Event, Source)) {
        let Some(folded) = self.sources.remove(&(event, source)) else {
            return;
        };
        let others = self.sources.entry((event, Source::Others));
        let others = others.or_insert_with(|| Folded {
            written_at: folded.written_at,
            refusal: Refusal::none(event),
        });
        others.refusal.join(folded.refusal);
    }
}

impl Folded {
    fn is_due(&self, now: UtcMillis) -> bool {
        (now - self.written_at).abs() >= MINUTE
    }
}

impl Refusal {
    fn none(event: Event) -> Self {
        Self {
            event,
            count: 0,
            emails: BTreeSet::new(),
            address: String::new(),
            request_id: String::new(),
        }
    }

    fn add(&mut self, audit: &Audit, email: Option<&str>) {
        self.count += 1;
        if let Some(email) = email
            && self.emails.len() <= EMAILS
        {
            self.emails.insert(email.to_owned());
        }
        self.address.clone_from(&audit.address);
        self.request_id.clone_from(&audit.request_id);
    }

    fn join(&mut self, other: Self) {
        self.count += other.count;
        self.emails.extend(other.emails);
        while self.emails.len() > EMAILS + 1 {
            self.emails.pop_last();
        }
        (self.address, self.request_id) = (other.address, other.request_id);
    }

    /// The row: with the user whose e-mail was typed, if all of them were for one.
    fn write(self, tx: &mut Tx<'_>, audit: &Audit) -> Result<(), Error> {
        let email = self.emails.first().filter(|_| self.emails.len() == 1);
        // Asked in any case: known and unknown addresses cost the same.
        let user = tx.row(
            "select id from users where email = $1",
            params![email.map_or("", String::as_str)],
        )?;
        let id = user.map(|mut row| row.text()).transpose()?;
        let mut detail = Map::new();
        if let Some(email) = email {
            detail.insert("email".to_owned(), json!(email));
        } else if !self.emails.is_empty() {
            detail.insert("emails".to_owned(), json!(self.named()));
        }
        if self.count > 1 {
            detail.insert("count".to_owned(), json!(self.count));
        }
        if self.event == Event::BreakGlassRefused {
            // One an hour: a flood does not fill every administrator's overview.
            let hour = (audit.now / HOUR).to_string();
            notifications::tell(tx, audit, &hour, Notification::BreakGlassFailed)?;
        }
        let target = id.as_deref().or(email.map(String::as_str));
        let audit = Audit {
            address: self.address.clone(),
            request_id: self.request_id.clone(),
            ..audit.clone()
        };
        audit.record(tx, self.event, target, &Value::Object(detail))
    }

    fn named(&self) -> String {
        let named: Vec<&str> = self
            .emails
            .iter()
            .map(String::as_str)
            .take(EMAILS)
            .collect();
        let more = if self.emails.len() > EMAILS {
            ", …"
        } else {
            ""
        };
        format!("{}{more}", named.join(", "))
    }
}

/// Notes a refused try of the audit's address, for an e-mail if one was typed.
pub(crate) async fn note(
    app: &App,
    audit: Audit,
    event: Event,
    email: Option<&str>,
) -> Result<(), Error> {
    match app.limits.refusals.note(&audit, event, email) {
        Some(refusal) => app.db.write(move |tx| refusal.write(tx, &audit)).await,
        None => Ok(()),
    }
}

/// Writes the rows that are due; `all`: also of the minute that is not over.
pub(crate) async fn write(app: &App, all: bool) -> Result<(), Error> {
    let audit = Audit::of_nobody(app.clock.now(), &app.entropy, "");
    let rows = app.limits.refusals.due(audit.now, all);
    if rows.is_empty() {
        return Ok(());
    }
    app.db
        .write(move |tx| rows.into_iter().try_for_each(|it| it.write(tx, &audit)))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Entropy;

    fn at(now: UtcMillis, address: &str) -> Audit {
        Audit {
            address: address.to_owned(),
            ..Audit::of_nobody(now, &Entropy::new(|bytes| bytes.fill(1)), "")
        }
    }

    fn counts(rows: impl IntoIterator<Item = Refusal>) -> Vec<u64> {
        let mut counts: Vec<u64> = rows.into_iter().map(|it| it.count).collect();
        counts.sort_unstable();
        counts
    }

    #[test]
    fn source_has_one_row_a_minute() {
        let refusals = Refusals::default();
        let event = Event::PasswordRefused;
        let note =
            |now, address: &str| refusals.note(&at(now, address), event, Some("a@b.example"));
        assert_eq!(counts(note(0, "203.0.113.1")), [1]);
        for now in 1..100 {
            assert!(note(now, "203.0.113.1").is_none());
        }
        assert_eq!(counts(note(5, "203.0.113.2")), [1]);
        // Of one /48.
        assert_eq!(counts(note(6, "2001:db8:0:1::1")), [1]);
        assert!(note(7, "2001:db8:0:2::1").is_none());
        assert!(refusals.due(100, false).is_empty());
        assert_eq!(counts(note(MINUTE, "203.0.113.1")), [100]);
        assert_eq!(counts(refusals.due(2 * MINUTE, false)), [1]);
        assert!(refusals.due(3 * MINUTE, true).is_empty());
        assert!(refusals.0.lock().expect("a lock").sources.is_empty());
    }

    #[test]
    fn many_sources_share_a_row() {
        let refusals = Refusals::default();
        let mut written = 0;
        for try_at in 0..2_000_u64 {
            let audit = at(0, &format!("198.51.{}.{}", try_at / 250, try_at % 250));
            written += counts(refusals.note(&audit, Event::PasswordRefused, None)).len();
        }
        assert_eq!(written, usize::try_from(ROWS_A_MINUTE).expect("small") + 1);
        for minute in 1..5 {
            // All of them again: no more rows than in the first minute.
            let mut rows = 0;
            for try_at in 0..2_000_u64 {
                let audit = at(
                    minute * MINUTE,
                    &format!("198.51.{}.{}", try_at / 250, try_at % 250),
                );
                rows += counts(refusals.note(&audit, Event::PasswordRefused, None)).len();
            }
            assert!(rows <= 62, "{rows} rows in minute {minute}");
        }
    }

    #[test]
    fn end_writes_what_was_counted() {
        let refusals = Refusals::default();
        for _ in 0..3 {
            refusals.note(&at(0, "203.0.113.1"), Event::BreakGlassRefused, None);
        }
        assert_eq!(counts(refusals.due(1, true)), [2]);
    }
}
