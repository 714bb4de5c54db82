//! A search that leads to many: the order is walked, and whoever does not fit is left out.
//!
//! The budget of rows ends a walk; the page is short then, and its cursor goes on.

use std::collections::HashSet;

use api::{User, users::Found};

use super::{Question, Stretch, fits, sorted};
use crate::{
    db::Tx,
    error::Error,
    users::{
        cursor::Spot,
        source::Source,
        store,
        walk::{Part, Walk},
        words::Search,
    },
};

/// Their ids are kept, and the order's index is walked until the page is full.
pub(super) fn many(
    tx: &mut Tx<'_>,
    question: &Question,
    search: &Search,
    conditions: &[(usize, Vec<Source>)],
    buckets: &[i64],
) -> Result<Stretch, Error> {
    let mut kept: Option<HashSet<String>> = None;
    let mut read = 0;
    for (_, condition) in conditions {
        let mut ids = HashSet::new();
        for source in condition {
            let found = source.ids(tx, question.bounds.many)?;
            read += found.len();
            ids.extend(found);
        }
        kept = Some(match kept {
            None => ids,
            Some(kept) => kept.into_iter().filter(|id| ids.contains(id)).collect(),
        });
    }
    let ids = kept.unwrap_or_default();
    if ids.len() <= question.bounds.few {
        // Two words that many have each are had by few together.
        let users = store::with_ids(tx, ids.iter().map(String::as_str))?;
        return Ok(sorted(question, search, users, read + ids.len()));
    }
    let start = question.start.as_ref();
    let mut walk = Walk::new(question.way(), Part::Place, buckets, start, None, 512);
    let mut page = Page::new(question, search);
    let mut batch: Vec<Spot> = Vec::new();
    let mut last = None;
    loop {
        let item = walk.next(tx)?;
        let is_end = item.is_none();
        if let Some(item) = item {
            last = Some(item.spot.clone());
            if ids.contains(&item.spot.id) {
                batch.push(item.spot);
            }
        }
        let is_spent = walk.read > question.bounds.places;
        if is_end || is_spent || batch.len() == store::AT_ONCE {
            let mut users = store::with_ids(tx, batch.iter().map(|spot| spot.id.as_str()))?;
            read += batch.len();
            for spot in batch.drain(..) {
                if let Some(user) = users.remove(&spot.id) {
                    page.take(spot, user);
                }
            }
        }
        if is_end || is_spent || page.is_full() {
            let go_on = last.filter(|_| is_spent && !is_end);
            return Ok(page.done(go_on, walk.read + read));
        }
    }
}

/// Nearly everybody may fit: rows are read in order until the page is full.
pub(super) fn most(
    tx: &mut Tx<'_>,
    question: &Question,
    search: &Search,
    buckets: &[i64],
) -> Result<Stretch, Error> {
    let start = question.start.as_ref();
    let chunk = (question.limit + 1).min(128);
    let mut walk = Walk::new(question.way(), Part::Whole, buckets, start, None, chunk);
    let mut page = Page::new(question, search);
    let mut last = None;
    loop {
        let item = walk.next(tx)?;
        let is_end = item.is_none();
        if let Some(item) = item
            && let Some(user) = item.user
        {
            last = Some(item.spot.clone());
            page.take(item.spot, user);
        }
        let is_spent = walk.read > question.bounds.rows;
        if is_end || is_spent || page.is_full() {
            let go_on = last.filter(|_| is_spent && !is_end);
            return Ok(page.done(go_on, walk.read));
        }
    }
}

/// A page that fills while the order is walked.
struct Page<'a> {
    question: &'a Question,
    search: &'a Search,
    /// One more than the page holds, if there is one.
    users: Vec<(Spot, User)>,
}

impl<'a> Page<'a> {
    fn new(question: &'a Question, search: &'a Search) -> Self {
        Self {
            question,
            search,
            users: Vec::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.users.len() > self.question.limit
    }

    fn take(&mut self, spot: Spot, user: User) {
        if !self.is_full() && fits(&self.question.filter, self.search, &user) {
            self.users.push((spot, user));
        }
    }

    /// `go_on`: how far the walk came, when its budget ended it.
    fn done(mut self, go_on: Option<Spot>, read: usize) -> Stretch {
        let is_more = self.is_full();
        self.users.truncate(self.question.limit);
        let last = self.users.last().map(|(spot, _)| spot.clone());
        let more = if is_more { last } else { go_on };
        Stretch {
            found: Found {
                count: self.users.len() as u64,
                or_more: more.is_some() || self.question.start.is_some(),
            },
            users: self.users.into_iter().map(|(_, user)| user).collect(),
            more,
            read,
        }
    }
}
