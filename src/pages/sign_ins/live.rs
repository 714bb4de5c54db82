//! What is new while one watches: asked for every few seconds, put on top, and what ended is drawn anew in its place.
//! What is open stays open, and what has the focus keeps it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use api::{
    Attempt, Outcome,
    sign_ins::{AttemptList, AttemptQuery},
};
use leptos::prelude::*;

use super::detail;
use crate::{
    api as server,
    ui::{
        el::{El, Inside, View, group, live},
        load::Remote,
        task::{Only, later},
    },
};

const EVERY: Duration = Duration::from_secs(3);
/// So often something new is put on top before the page is drawn anew as a whole.
const MANY: usize = 100;
/// What does not fit on a turn's first page comes in pages of this size.
const AFTER: u32 = 200;
/// So many pages a turn. Whatever is further away is drawn anew.
const PAGES: usize = 4;

/// An attempt on the screen. It can still end.
pub(super) type Row = ArcRwSignal<Attempt>;

/// The attempts on the screen.
#[derive(Clone, Copy)]
pub(super) struct Followed {
    first: StoredValue<Vec<Row>>,
    /// What came since, the oldest first, each newest first in itself.
    newer: RwSignal<Vec<Vec<Row>>>,
}

impl Followed {
    pub(super) fn new(attempts: &[Attempt]) -> Self {
        let first = attempts.iter().cloned().map(ArcRwSignal::new).collect();
        Self {
            first: StoredValue::new(first),
            newer: RwSignal::new(Vec::new()),
        }
    }

    pub(super) fn first(self, draw: impl Fn(&Row) -> El) -> View {
        let rows: Vec<El> = self
            .first
            .with_value(|rows| rows.iter().map(draw).collect());
        rows.inside()
    }

    /// What came on top, from a turn on: each turn is drawn once.
    pub(super) fn newer(self, turn: usize) -> View {
        let there = Only::new(move || self.newer.with(|it| it.len() > turn));
        live(move || {
            there.get().then(|| {
                let rows = self.newer.with_untracked(|it| it[turn].clone());
                let rows: Vec<El> = rows.iter().map(|it| detail::entry(it, false)).collect();
                group(vec![self.newer(turn + 1), rows.inside()])
            })
        })
    }

    /// Asks until the page is left. Nobody asks while it is hidden, or while one has stopped it.
    pub(super) fn follow(
        self,
        mut query: AttemptQuery,
        list: &AttemptList,
        watching: RwSignal<bool>,
        remote: Remote<AttemptList>,
    ) {
        // What was found as started stays and says how it ended: it would be in no answer to the same question.
        let wanted = query.outcome.take_if(|it| *it == Outcome::Started);
        let is_of_ends = query.outcome.is_some() || query.cause.is_some();
        let is_whole = list.next.is_none();
        query.since = Some(list.since.clone());
        let query = Rc::new(RefCell::new(query));
        let asking = Rc::new(Cell::new(false));
        let turn = move || {
            if asking.get() || document().hidden() || watching.try_get_untracked() != Some(true) {
                return;
            }
            // The page may be another by now.
            let Some(known) = self.known() else {
                return;
            };
            let floor = floor(&known, is_of_ends, is_whole);
            asking.set(true);
            let (query, asking) = (Rc::clone(&query), Rc::clone(&asking));
            later(async move {
                let asked = query.borrow().clone();
                // Trouble is nothing to say here: the next turn asks again.
                match news(asked, &floor).await {
                    Some(Ok((attempts, since))) => {
                        query.borrow_mut().since = Some(since);
                        self.take(attempts, wanted, remote);
                    }
                    Some(Err(TooFar)) if self.known().is_some() => remote.again(),
                    Some(Err(TooFar)) | None => {}
                }
                asking.set(false);
            });
        };
        if let Ok(handle) = set_interval_with_handle(turn, EVERY) {
            on_cleanup(move || handle.clear());
        }
    }

    /// What is on the screen; none once the page is another.
    fn known(self) -> Option<Vec<Row>> {
        let mut known = self.first.try_get_value()?;
        self.newer
            .with_untracked(|turns| known.extend(turns.iter().flatten().cloned()));
        Some(known)
    }

    fn take(self, attempts: Vec<Attempt>, wanted: Option<Outcome>, remote: Remote<AttemptList>) {
        let Some(known) = self.known() else {
            return;
        };
        let mut fresh = Vec::new();
        for attempt in attempts {
            let row = known
                .iter()
                .find(|row| row.with_untracked(|it| it.id == attempt.id));
            match row {
                Some(row) if row.with_untracked(|it| *it != attempt) => row.set(attempt),
                Some(_) => {}
                None if wanted.is_some_and(|it| it != attempt.outcome) => {}
                None => fresh.push(ArcRwSignal::new(attempt)),
            }
        }
        if fresh.is_empty() {
            return;
        }
        if known.is_empty() || self.newer.with_untracked(Vec::len) >= MANY {
            remote.again();
        } else {
            self.newer.update(|it| it.push(fresh));
        }
    }
}

/// There is more than one turn reads.
struct TooFar;

/// Above this id a turn reads everything: what can still end, and whatever is newer than all that is there. Where only
/// ends are asked for a row can come between those that are there, and where all of them are, below.
fn floor(known: &[Row], is_of_ends: bool, is_whole: bool) -> String {
    let ids = |of: fn(&Attempt) -> bool| {
        let rows = known.iter();
        rows.filter_map(move |row| row.with_untracked(|it| of(it).then(|| it.id.clone())))
    };
    let floor = match (is_of_ends, is_whole) {
        (true, true) => None,
        (true, false) => ids(|_| true).min(),
        (false, _) => ids(|it| it.outcome == Outcome::Started)
            .chain(ids(|_| true).max())
            .min(),
    };
    floor.unwrap_or_default()
}

/// What began or ended since, down to the floor, and from where to ask the next time. None where nobody could be asked.
async fn news(
    mut query: AttemptQuery,
    floor: &str,
) -> Option<Result<(Vec<Attempt>, String), TooFar>> {
    let (mut found, mut since) = (Vec::new(), None);
    for _ in 0..PAGES {
        let page = server::sign_ins(&query).await.ok()?;
        found.extend(page.attempts);
        let since = since.get_or_insert(page.since);
        let Some(next) = page.next.filter(|next| next.as_str() > floor) else {
            return Some(Ok((found, std::mem::take(since))));
        };
        query.before = Some(next);
        query.limit = Some(AFTER);
    }
    Some(Err(TooFar))
}
