//! Answers a query of the table at a cost that does not grow with the number of users.
//!
//! Without a search the columns' indexes are walked. With one, whatever leads to few is read and
//! sorted here. What leads to many is walked: in a column's order until the page is full, or in the
//! order of the words themselves, where a page costs a page. And whatever the query, a budget of
//! rows ends the request; the cursor goes on from there.

mod conditions;
mod matches;
mod sift;

use std::collections::HashMap;

use api::{
    FieldError, User,
    field::FieldFault,
    users::{Found, LastSignIn, UserFilter, UserSort},
};

use self::conditions::{Condition, conditions, narrowing};
#[cfg(test)]
pub(super) use self::matches::STATEMENTS;
pub(super) use self::{
    conditions::NARROWED_BY,
    matches::{KINDS, Lead},
};
use super::{
    cursor::{By, Spot},
    source::Source,
    store,
    walk::{self, BUCKETS, Order, Part, Walk},
    words::Search,
};
use crate::{db::Tx, error::Error};

/// How far one request goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// So many are read and sorted.
    pub(super) few: usize,
    /// So many ids are kept while the order is walked.
    pub(super) many: usize,
    /// So many rows of an index are walked.
    pub(super) places: usize,
    /// So many whole rows are walked.
    pub(super) rows: usize,
}

/// What a request costs at most: some ten milliseconds.
pub(super) const BOUNDS: Bounds = Bounds {
    few: 800,
    many: 6_000,
    places: 12_000,
    rows: 500,
};

/// What is asked for.
pub(super) struct Question {
    pub(super) filter: UserFilter,
    pub(super) by: By,
    pub(super) descending: bool,
    /// Behind this, in the order's direction or against it.
    pub(super) start: Option<Spot>,
    pub(super) backwards: bool,
    pub(super) limit: usize,
    pub(super) bounds: Bounds,
}

/// What was found, in the order of the table.
pub(super) struct Answer {
    pub(super) users: Vec<User>,
    pub(super) next: Option<Spot>,
    pub(super) previous: Option<Spot>,
    pub(super) found: Found,
    /// Rows that were read on the way, for whoever watches the cost.
    #[cfg_attr(not(test), expect(dead_code, reason = "the budget's test reads it"))]
    pub(super) read: usize,
}

/// The rows in the direction of the walk, and where to go on if there may be more.
struct Stretch {
    users: Vec<(Spot, User)>,
    more: Option<Spot>,
    found: Found,
    read: usize,
}

/// What a question comes to.
struct Quest<'a> {
    question: &'a Question,
    search: Search,
    order: Ordered,
}

/// The order, in the direction in which rows are read.
enum Ordered {
    Column(Order),
    Match { lead: Lead, descending: bool },
}

impl Question {
    /// The buckets that status and role leave.
    fn buckets(&self) -> Vec<i64> {
        buckets(&self.filter)
    }
}

impl Quest<'_> {
    fn is_descending(&self) -> bool {
        match self.order {
            Ordered::Column(order) => order.descending,
            Ordered::Match { descending, .. } => descending,
        }
    }

    /// Where a user stands; none for whoever is not asked for.
    fn spot(&self, user: &User) -> Option<Spot> {
        if !fits(&self.question.filter, &self.search, user) {
            return None;
        }
        match &self.order {
            Ordered::Column(order) => Some(walk::spot(order.sort, user)),
            Ordered::Match { lead, .. } => lead.spot(user),
        }
    }
}

/// The statuses of whoever needs attention.
const NEEDING: [i64; 2] = [4, 6];

/// The buckets that a filter leaves.
pub(super) fn buckets(filter: &UserFilter) -> Vec<i64> {
    let has = |bucket: i64| {
        let status = filter
            .status
            .is_none_or(|it| walk::bucket(it, api::Role::Member) == bucket / 2 * 2);
        let role = filter
            .role
            .is_none_or(|it| i64::from(it == api::Role::Admin) == bucket % 2);
        // Whoever needs attention has that status, unless suspended.
        let attention = filter.attention.is_none() || NEEDING.contains(&(bucket / 2 * 2));
        status && role && attention
    };
    BUCKETS.filter(|it| has(*it)).collect()
}

/// The times between which the last sign-in has to be; 0 stands for never.
fn last_keys(last: LastSignIn) -> (i64, i64) {
    match last {
        LastSignIn::Never => (0, 0),
        LastSignIn::Before { at } => (1, at.saturating_sub(1)),
        LastSignIn::After { at } => (at.max(1), i64::MAX),
    }
}

/// Whether a user is one of those that are asked for.
pub(super) fn fits(filter: &UserFilter, search: &Search, user: &User) -> bool {
    let login = user.okta_login.as_deref().unwrap_or_default();
    let last = user.last_sign_in_at.unwrap_or_default();
    filter.status.is_none_or(|it| it == user.status)
        && filter.role.is_none_or(|it| it == user.role)
        && filter
            .attention
            .is_none_or(|it| user.attention.as_ref().is_some_and(|has| has.kind() == it))
        && filter.last_sign_in.is_none_or(|it| {
            let (low, high) = last_keys(it);
            (low..=high).contains(&last)
        })
        && (search.is_empty()
            || search.fits(&user.name.to_lowercase(), &[user.email.as_str(), login]))
}

/// The page that is asked for.
pub(super) fn find(tx: &mut Tx<'_>, question: &Question) -> Result<Answer, Error> {
    let mut stretch = stretch(tx, question)?;
    let at = |found: Option<&(Spot, User)>| found.map(|(spot, _)| spot.clone());
    let (next, previous) = if question.backwards {
        stretch.users.reverse();
        let next = at(stretch.users.last()).or_else(|| question.start.clone());
        (next, stretch.more)
    } else {
        let back = question.start.is_some().then_some(stretch.users.first());
        (stretch.more, at(back.flatten()))
    };
    Ok(Answer {
        users: stretch.users.into_iter().map(|(_, user)| user).collect(),
        next,
        previous,
        found: stretch.found,
        read: stretch.read,
    })
}

fn stretch(tx: &mut Tx<'_>, question: &Question) -> Result<Stretch, Error> {
    let UserFilter {
        search,
        attention,
        last_sign_in,
        status: _,
        role: _,
    } = &question.filter;
    let search = Search::parse(search.as_deref().unwrap_or_default());
    let descending = question.descending != question.backwards;
    if let By::Column(sort) = question.by {
        let is_in_order = last_sign_in.is_none() || sort == UserSort::LastSignInAt;
        if search.is_empty() && attention.is_none() && is_in_order {
            return in_order(tx, question, Order { sort, descending });
        }
    }
    let words = narrowing(&search);
    let counted = conditions(tx, question, &words)?;
    let order = match question.by {
        By::Column(sort) => Ordered::Column(Order { sort, descending }),
        By::Match => Ordered::Match {
            lead: lead(question, &words, &counted)?,
            descending,
        },
    };
    let quest = Quest {
        question,
        search,
        order,
    };
    match (counted.first(), &quest.order) {
        (Some(it), _) if it.count <= question.bounds.few => few(tx, &quest, &it.sources),
        (None, Ordered::Column(order)) => sift::most(tx, &quest, *order),
        (Some(_), _) | (None, Ordered::Match { .. }) => sift::many(tx, &quest, &counted),
    }
}

/// The word in whose order a search is answered: the rarest. A page that follows keeps to it.
fn lead(question: &Question, words: &[&str], counted: &[Condition]) -> Result<Lead, Error> {
    let Some(start) = &question.start else {
        let rarest = counted.iter().find_map(|it| it.word);
        let mut numbers = rarest.into_iter().chain(0..words.len());
        let lead = numbers.find_map(|it| Lead::of(words, it));
        return lead.ok_or_else(|| Error::Internal("a search that leads nowhere".into()));
    };
    let field = if question.backwards {
        "before"
    } else {
        "after"
    };
    Lead::of(words, Lead::word(start)).ok_or_else(|| {
        // It was given out for another search.
        Error::Invalid(vec![FieldError::new(field, FieldFault::Malformed)])
    })
}

/// Nothing to look for: the order's own index has the page.
fn in_order(tx: &mut Tx<'_>, question: &Question, order: Order) -> Result<Stretch, Error> {
    let keys = question.filter.last_sign_in.map(last_keys);
    let (buckets, start) = (question.buckets(), question.start.as_ref());
    let chunk = question.limit + 1;
    let mut walk = Walk::new(order, Part::Place, &buckets, start, keys, chunk);
    let mut spots = Vec::new();
    while spots.len() <= question.limit
        && let Some(item) = walk.next(tx)?
    {
        spots.push(item.spot);
    }
    let is_more = spots.len() > question.limit;
    spots.truncate(question.limit);
    let more = spots.last().filter(|_| is_more).cloned();
    let mut users = store::with_ids(tx, spots.iter().map(|spot| spot.id.as_str()))?;
    let found = match question.filter.last_sign_in {
        None => Found {
            count: store::count_in(tx, &buckets)?,
            or_more: false,
        },
        Some(last) => {
            let mut count = 0;
            for bucket in buckets {
                count += Source::Last(bucket, last_keys(last)).count(tx, question.bounds.few)?;
            }
            Found {
                count: count as u64,
                or_more: count >= question.bounds.few,
            }
        }
    };
    let with_user = |spot: Spot| users.remove(&spot.id).map(|user| (spot, user));
    Ok(Stretch {
        users: spots.into_iter().filter_map(with_user).collect(),
        more,
        found,
        read: walk.read + question.limit,
    })
}

/// All of them are read, and sorted here.
fn few(tx: &mut Tx<'_>, quest: &Quest<'_>, sources: &[Source]) -> Result<Stretch, Error> {
    let mut found = HashMap::new();
    let mut read = 0;
    for source in sources {
        for user in source.users(tx, quest.question.bounds.few)? {
            read += 1;
            found.insert(user.id.clone(), user);
        }
    }
    Ok(sorted(quest, found, read))
}

/// The page out of everybody who may fit.
fn sorted(quest: &Quest<'_>, found: HashMap<String, User>, read: usize) -> Stretch {
    let mut users: Vec<(Spot, User)> = found
        .into_values()
        .filter_map(|user| Some((quest.spot(&user)?, user)))
        .collect();
    let count = users.len() as u64;
    users.sort_by(|(a, _), (b, _)| a.cmp(b));
    if quest.is_descending() {
        users.reverse();
    }
    if let Some(start) = &quest.question.start {
        users.retain(|(spot, _)| {
            if quest.is_descending() {
                spot < start
            } else {
                spot > start
            }
        });
    }
    let is_more = users.len() > quest.question.limit;
    users.truncate(quest.question.limit);
    let more = users.last().filter(|_| is_more);
    Stretch {
        more: more.map(|(spot, _)| spot.clone()),
        users,
        found: Found {
            count,
            or_more: false,
        },
        read,
    }
}
