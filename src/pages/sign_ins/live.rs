//! What is new while one watches: asked for every few seconds, put on top, and what ended is drawn anew in its place.
//! What is open stays open, and what has the focus keeps it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use api::{
    Attempt,
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
        query: AttemptQuery,
        since: String,
        watching: RwSignal<bool>,
        remote: Remote<AttemptList>,
    ) {
        let since = Rc::new(RefCell::new(since));
        let asking = Rc::new(Cell::new(false));
        let turn = move || {
            if asking.get() || document().hidden() || watching.try_get_untracked() != Some(true) {
                return;
            }
            asking.set(true);
            let query = AttemptQuery {
                since: Some(since.borrow().clone()),
                ..query.clone()
            };
            let (since, asking) = (Rc::clone(&since), Rc::clone(&asking));
            later(async move {
                // Trouble is nothing to say here: the next turn asks again.
                if let Ok(page) = server::sign_ins(&query).await {
                    since.replace(page.since);
                    self.take(page.attempts, remote);
                }
                asking.set(false);
            });
        };
        if let Ok(handle) = set_interval_with_handle(turn, EVERY) {
            on_cleanup(move || handle.clear());
        }
    }

    fn take(self, attempts: Vec<Attempt>, remote: Remote<AttemptList>) {
        // The page may be another by now.
        let Some(mut known) = self.first.try_get_value() else {
            return;
        };
        let is_empty = known.is_empty();
        self.newer
            .with_untracked(|turns| known.extend(turns.iter().flatten().cloned()));
        let mut fresh = Vec::new();
        for attempt in attempts {
            let row = known
                .iter()
                .find(|row| row.with_untracked(|it| it.id == attempt.id));
            match row {
                Some(row) if row.with_untracked(|it| *it != attempt) => row.set(attempt),
                Some(_) => {}
                None => fresh.push(ArcRwSignal::new(attempt)),
            }
        }
        if fresh.is_empty() {
            return;
        }
        if is_empty || self.newer.with_untracked(Vec::len) >= MANY {
            remote.again();
        } else {
            self.newer.update(|it| it.push(fresh));
        }
    }
}
