//! Answers a query of the table at a cost that does not grow with the number of users.
//!
//! Without a search the columns' indexes are walked. With one, whatever leads to few is read and
//! sorted here. What leads to many is walked as well: then the page fills soon. And whatever the
//! query, a budget of rows ends the request; the cursor goes on from there.

mod sift;

use std::collections::HashMap;

use api::{
    User,
    users::{Found, LastSignIn, UserFilter, UserSort},
};

use super::{
    cursor::Spot,
    source::Source,
    store,
    walk::{self, BUCKETS, Order, Part, Walk},
    words::{self, Search},
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
    few: 2_000,
    many: 20_000,
    places: 60_000,
    rows: 2_500,
};

/// So many words of a search are looked up to find candidates.
const NARROWED_BY: usize = 8;
/// More domains than that are not told apart.
const DOMAINS_MAX: usize = 20;

/// What is asked for.
pub(super) struct Question {
    pub(super) filter: UserFilter,
    pub(super) order: Order,
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
    users: Vec<User>,
    more: Option<Spot>,
    found: Found,
    read: usize,
}

impl Question {
    /// The direction in which rows are read.
    fn way(&self) -> Order {
        Order {
            sort: self.order.sort,
            descending: self.order.descending != self.backwards,
        }
    }

    /// The buckets that status and role leave.
    fn buckets(&self) -> Vec<i64> {
        buckets(&self.filter)
    }
}

/// The buckets that a filter leaves.
pub(super) fn buckets(filter: &UserFilter) -> Vec<i64> {
    let has = |bucket: i64| {
        let status = filter
            .status
            .is_none_or(|it| walk::bucket(it, api::Role::Member) == bucket / 2 * 2);
        let role = filter
            .role
            .is_none_or(|it| i64::from(it == api::Role::Admin) == bucket % 2);
        status && role
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
    let sort = question.order.sort;
    let at = |user: Option<&User>| user.map(|user| walk::spot(sort, user));
    let (next, previous) = if question.backwards {
        stretch.users.reverse();
        let next = at(stretch.users.last()).or_else(|| question.start.clone());
        (next, stretch.more)
    } else {
        let back = question.start.is_some().then_some(stretch.users.first());
        (stretch.more, at(back.flatten()))
    };
    Ok(Answer {
        users: stretch.users,
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
    let buckets = question.buckets();
    let is_in_order = question.order.sort == UserSort::LastSignInAt;
    if search.is_empty() && attention.is_none() && (last_sign_in.is_none() || is_in_order) {
        return in_order(tx, question, &buckets);
    }
    let bounds = question.bounds;
    let mut conditions = Vec::new();
    for word in narrowing(&search) {
        conditions.extend(led_to_by(tx, word)?);
    }
    conditions.extend(attention.map(|it| vec![Source::Attention(it)]));
    conditions.extend(last_sign_in.map(|it| {
        let keys = last_keys(it);
        let lane = |bucket: &i64| Source::Last(*bucket, keys);
        buckets.iter().map(lane).collect::<Vec<_>>()
    }));
    let mut counted = Vec::new();
    let mut most = bounds.many;
    for condition in conditions {
        let mut count = 0;
        for source in &condition {
            count += source.count(tx, (most + 1).saturating_sub(count))?;
            if count > most {
                break;
            }
        }
        if count <= most {
            counted.push((count, condition));
        }
        if count <= bounds.few {
            // They are read and looked at whole: of the others only fewer are worth a count.
            most = most.min(count);
        }
    }
    counted.sort_by_key(|(count, _)| *count);
    match counted.first() {
        Some((count, condition)) if *count <= bounds.few => few(tx, question, &search, condition),
        Some(_) => sift::many(tx, question, &search, &counted, &buckets),
        None => sift::most(tx, question, &search, &buckets),
    }
}

/// The words that candidates are looked up by, each once. A search may have a hundred of them; whoever
/// is found by some is still held against all.
fn narrowing(search: &Search) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    for word in search.words() {
        for word in std::iter::once(word.as_str()).chain(words::later(word)) {
            if all.len() < NARROWED_BY && !all.contains(&word) {
                all.push(word);
            }
        }
    }
    all
}

/// Everything under which whoever fits a word is found; none where nearly everybody would be.
fn led_to_by(tx: &mut Tx<'_>, word: &str) -> Result<Option<Vec<Source>>, Error> {
    let Some(ranges) = words::ranges(word) else {
        return Ok(None);
    };
    let mut sources: Vec<Source> = ranges.into_iter().map(Source::Words).collect();
    if let Some(range) = words::domain_range(word) {
        let domains = store::domains(tx, &range, DOMAINS_MAX + 1)?;
        if domains.len() > DOMAINS_MAX {
            return Ok(None);
        }
        let of_domain = |it: &String| Source::Words(words::Range::domain(it));
        sources.extend(domains.iter().map(of_domain));
    }
    Ok(Some(sources))
}

/// Nothing to look for: the order's own index has the page.
fn in_order(tx: &mut Tx<'_>, question: &Question, buckets: &[i64]) -> Result<Stretch, Error> {
    let keys = question.filter.last_sign_in.map(last_keys);
    let start = question.start.as_ref();
    let mut walk = Walk::new(
        question.way(),
        Part::Place,
        buckets,
        start,
        keys,
        question.limit + 1,
    );
    let mut spots = Vec::new();
    while spots.len() <= question.limit
        && let Some(item) = walk.next(tx)?
    {
        spots.push(item.spot);
    }
    let more = spots.len() > question.limit;
    spots.truncate(question.limit);
    let mut users = store::with_ids(tx, spots.iter().map(|spot| spot.id.as_str()))?;
    let found = match question.filter.last_sign_in {
        None => Found {
            count: store::count_in(tx, buckets)?,
            or_more: false,
        },
        Some(last) => {
            let mut count = 0;
            for bucket in buckets {
                count += Source::Last(*bucket, last_keys(last)).count(tx, question.bounds.few)?;
            }
            Found {
                count: count as u64,
                or_more: count >= question.bounds.few,
            }
        }
    };
    Ok(Stretch {
        users: spots
            .iter()
            .filter_map(|spot| users.remove(&spot.id))
            .collect(),
        more: spots.pop().filter(|_| more),
        found,
        read: walk.read + question.limit,
    })
}

/// All of them are read, and sorted here.
fn few(
    tx: &mut Tx<'_>,
    question: &Question,
    search: &Search,
    condition: &[Source],
) -> Result<Stretch, Error> {
    let mut found = HashMap::new();
    let mut read = 0;
    for source in condition {
        for user in source.users(tx, question.bounds.few)? {
            read += 1;
            found.insert(user.id.clone(), user);
        }
    }
    Ok(sorted(question, search, found, read))
}

/// The page out of everybody who may fit.
fn sorted(
    question: &Question,
    search: &Search,
    found: HashMap<String, User>,
    read: usize,
) -> Stretch {
    let order = question.way();
    let mut users: Vec<(Spot, User)> = found
        .into_values()
        .filter(|user| fits(&question.filter, search, user))
        .map(|user| (walk::spot(order.sort, &user), user))
        .collect();
    let count = users.len() as u64;
    users.sort_by(|(a, _), (b, _)| a.cmp(b));
    if order.descending {
        users.reverse();
    }
    if let Some(start) = &question.start {
        users.retain(|(spot, _)| {
            if order.descending {
                spot < start
            } else {
                spot > start
            }
        });
    }
    let is_more = users.len() > question.limit;
    users.truncate(question.limit);
    let more = users
        .last()
        .filter(|_| is_more)
        .map(|(spot, _)| spot.clone());
    Stretch {
        users: users.into_iter().map(|(_, user)| user).collect(),
        more,
        found: Found {
            count,
            or_more: false,
        },
        read,
    }
}
