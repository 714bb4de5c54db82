//! A search that leads to many: an order is walked, and whoever does not fit is left out.
//!
//! The budget of rows ends a walk; the page is short then, and its cursor goes on.

use std::collections::HashSet;

use api::{User, users::Found};

use super::{Ordered, Quest, Stretch, conditions::Condition, matches::Matches, sorted};
use crate::{
    db::Tx,
    error::Error,
    users::{
        cursor::Spot,
        store,
        walk::{Order, Part, Walk},
    },
};

/// So many places are read at once where most of them are passed by.
const PLACES: usize = 512;

/// The places of an order, one after the other.
enum Places<'a> {
    Column(Walk),
    Match(Matches<'a>),
}

impl Places<'_> {
    fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<Spot>, Error> {
        match self {
            Self::Column(walk) => Ok(walk.next(tx)?.map(|item| item.spot)),
            Self::Match(walk) => walk.next(tx),
        }
    }

    fn read(&self) -> usize {
        match self {
            Self::Column(walk) => walk.read,
            Self::Match(walk) => walk.read,
        }
    }
}

/// Whoever has all that was counted: their ids are kept, and the order's index is walked until the
/// page is full.
pub(super) fn many(
    tx: &mut Tx<'_>,
    quest: &Quest<'_>,
    conditions: &[Condition],
) -> Result<Stretch, Error> {
    let question = quest.question;
    let mut read = 0;
    // Whoever the walk itself leads to has its word.
    let is_walked = |condition: &Condition| match &quest.order {
        Ordered::Column(_) => false,
        Ordered::Match { lead, .. } => conditions.len() == 1 && lead.is(condition.word),
    };
    let mut ids: Option<HashSet<String>> = None;
    for condition in conditions.iter().filter(|it| !is_walked(it)) {
        let mut found = HashSet::new();
        for source in &condition.sources {
            let some = source.ids(tx, question.bounds.many)?;
            read += some.len();
            found.extend(some);
        }
        ids = Some(match ids {
            None => found,
            Some(ids) => ids.into_iter().filter(|id| found.contains(id)).collect(),
        });
    }
    if let Some(ids) = ids.as_ref().filter(|ids| ids.len() <= question.bounds.few) {
        // Two words that many have each are had by few together.
        let users = store::with_ids(tx, ids.iter().map(String::as_str))?;
        return Ok(sorted(quest, users, read + ids.len()));
    }
    let start = question.start.as_ref();
    let at_once = question.limit + 1;
    let chunk = if ids.is_some() { PLACES } else { at_once };
    let mut places = match &quest.order {
        Ordered::Column(order) => {
            let buckets = question.buckets();
            Places::Column(Walk::new(*order, Part::Place, &buckets, start, None, chunk))
        }
        Ordered::Match { lead, descending } => {
            Places::Match(Matches::new(lead, *descending, start, chunk))
        }
    };
    let mut page = Page::new(quest);
    let mut batch: Vec<Spot> = Vec::new();
    let (mut last, mut rows) = (None, 0);
    loop {
        let place = places.next(tx)?;
        let is_end = place.is_none();
        if let Some(spot) = place {
            if ids.as_ref().is_none_or(|ids| ids.contains(&spot.id)) {
                batch.push(spot.clone());
            }
            last = Some(spot);
        }
        let is_spent =
            places.read() > question.bounds.places || rows + batch.len() > question.bounds.rows;
        if is_end || is_spent || batch.len() == at_once {
            let users = store::with_ids(tx, batch.iter().map(|spot| spot.id.as_str()))?;
            rows += batch.len();
            for spot in batch.drain(..) {
                if let Some(user) = users.get(&spot.id) {
                    page.take(&spot, user);
                }
            }
        }
        if is_end || is_spent || page.is_full() {
            let go_on = last.filter(|_| is_spent && !is_end);
            return Ok(page.done(go_on, places.read() + rows + read));
        }
    }
}

/// Nearly everybody may fit: rows are read in a column's order until the page is full.
pub(super) fn most(tx: &mut Tx<'_>, quest: &Quest<'_>, order: Order) -> Result<Stretch, Error> {
    let question = quest.question;
    let (buckets, start) = (question.buckets(), question.start.as_ref());
    let chunk = (question.limit + 1).min(128);
    let mut walk = Walk::new(order, Part::Whole, &buckets, start, None, chunk);
    let mut page = Page::new(quest);
    let mut last = None;
    loop {
        let item = walk.next(tx)?;
        let is_end = item.is_none();
        if let Some(item) = item
            && let Some(user) = item.user
        {
            page.take(&item.spot, &user);
            last = Some(item.spot);
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
    quest: &'a Quest<'a>,
    /// One more than the page holds, if there is one.
    users: Vec<(Spot, User)>,
}

impl<'a> Page<'a> {
    fn new(quest: &'a Quest<'a>) -> Self {
        Self {
            quest,
            users: Vec::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.users.len() > self.quest.question.limit
    }

    /// Whoever fits, where they stand: several beginnings can lead to one user, and only the first
    /// is their place.
    fn take(&mut self, at: &Spot, user: &User) {
        if !self.is_full()
            && let Some(spot) = self.quest.spot(user).filter(|spot| spot == at)
        {
            self.users.push((spot, user.clone()));
        }
    }

    /// `go_on`: how far the walk came, when its budget ended it.
    fn done(mut self, go_on: Option<Spot>, read: usize) -> Stretch {
        let (is_more, question) = (self.is_full(), self.quest.question);
        self.users.truncate(question.limit);
        let last = self.users.last().map(|(spot, _)| spot.clone());
        let more = if is_more { last } else { go_on };
        Stretch {
            found: Found {
                count: self.users.len() as u64,
                or_more: more.is_some() || question.start.is_some(),
            },
            users: self.users,
            more,
            read,
        }
    }
}
