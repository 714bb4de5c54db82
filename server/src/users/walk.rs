//! Goes through users in a column's order, a few rows at a time, forwards or backwards.
//!
//! Each bucket (status and role) is in order by an index of its own; the walk merges them. It
//! never sorts, and reads no more than it hands out. It must not know what is looked for.

use std::collections::VecDeque;

use api::{Role, Status, User, users::UserSort};

use super::{
    cursor::{Key, Spot},
    store,
};
use crate::{
    db::{Row, Tx, params},
    error::Error,
};

/// Every bucket.
pub(super) const BUCKETS: std::ops::Range<i64> = 0..8;
/// After every text that people have.
const LAST_TEXT: &str = "\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}";
/// After every id.
const LAST_ID: &str = "~";

/// One row of the walk; the user if whole rows were asked for.
pub(super) struct Item {
    pub(super) spot: Spot,
    pub(super) user: Option<User>,
}

/// What is read of each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Its place, which is in the index.
    Place,
    Whole,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) sort: UserSort,
    pub(super) descending: bool,
}

pub(super) struct Walk {
    order: Order,
    part: Part,
    /// The buckets that are in order among themselves, the next ones first.
    groups: VecDeque<Vec<Lane>>,
    /// Where the walk stops: behind this key.
    end: Option<Key>,
    chunk: i64,
    /// Rows that were read.
    pub(super) read: usize,
}

struct Lane {
    bucket: i64,
    waiting: VecDeque<Item>,
    from: (Key, String),
    is_done: bool,
}

/// Status and role of a user in one number, as the database computes it.
pub(super) fn bucket(status: Status, role: Role) -> i64 {
    let status = match status {
        Status::Inactive => 0,
        Status::Active => 2,
        Status::NeedsAttention => 4,
        Status::Suspended => 6,
    };
    status + i64::from(role == Role::Admin)
}

/// Where a bucket stands in an order that is first of all one of statuses or of roles.
fn rank(sort: UserSort, bucket: i64) -> i64 {
    match sort {
        UserSort::Status => bucket / 2,
        UserSort::Role => 1 - bucket % 2,
        UserSort::Name
        | UserSort::Email
        | UserSort::OktaLogin
        | UserSort::FirstSignInAt
        | UserSort::LastSignInAt
        | UserSort::CreatedAt => 0,
    }
}

/// Where a user stands in an order.
pub(super) fn spot(sort: UserSort, user: &User) -> Spot {
    let key = match sort {
        UserSort::Name | UserSort::Status | UserSort::Role => Key::Text(user.name.to_lowercase()),
        UserSort::Email => Key::Text(user.email.clone()),
        UserSort::OktaLogin => Key::Text(user.okta_login.clone().unwrap_or_default()),
        UserSort::FirstSignInAt => Key::Number(user.first_sign_in_at.unwrap_or_default()),
        UserSort::LastSignInAt => Key::Number(user.last_sign_in_at.unwrap_or_default()),
        UserSort::CreatedAt => Key::Id,
    };
    Spot {
        rank: rank(sort, bucket(user.status, user.role)),
        key,
        id: user.id.clone(),
    }
}

impl Walk {
    /// Begins behind `start`; with `keys` only between them (both included).
    pub(super) fn new(
        order: Order,
        part: Part,
        buckets: &[i64],
        start: Option<&Spot>,
        keys: Option<(i64, i64)>,
        chunk: usize,
    ) -> Self {
        let Order { sort, descending } = order;
        let mut ranks: Vec<i64> = buckets.iter().map(|it| rank(sort, *it)).collect();
        ranks.sort_unstable();
        ranks.dedup();
        if descending {
            ranks.reverse();
        }
        let is_behind = |rank: i64| match start {
            None => false,
            Some(start) if descending => rank > start.rank,
            Some(start) => rank < start.rank,
        };
        let groups = ranks
            .into_iter()
            .filter(|rank| !is_behind(*rank))
            .map(|group| {
                let from = match start.filter(|start| start.rank == group) {
                    Some(start) => (start.key.clone(), start.id.clone()),
                    None => beginning(order),
                };
                let from = keys.map_or(from.clone(), |keys| within(order, from, keys));
                buckets
                    .iter()
                    .filter(|it| rank(sort, **it) == group)
                    .map(|bucket| Lane {
                        bucket: *bucket,
                        waiting: VecDeque::new(),
                        from: from.clone(),
                        is_done: false,
                    })
                    .collect()
            })
            .collect();
        let end = keys.map(|(low, high)| Key::Number(if descending { low } else { high }));
        Self {
            order,
            part,
            groups,
            end,
            chunk: i64::try_from(chunk).unwrap_or(i64::MAX),
            read: 0,
        }
    }

    /// The next row, none at the end.
    pub(super) fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<Item>, Error> {
        while let Some(group) = self.groups.front_mut() {
            for lane in group.iter_mut() {
                if lane.waiting.is_empty() && !lane.is_done {
                    self.read += lane.fill(tx, self.order, self.part, self.chunk)?;
                }
            }
            let lanes = group.iter_mut().filter(|lane| !lane.waiting.is_empty());
            let first = if self.order.descending {
                lanes.max_by(|a, b| a.waiting[0].spot.cmp(&b.waiting[0].spot))
            } else {
                lanes.min_by(|a, b| a.waiting[0].spot.cmp(&b.waiting[0].spot))
            };
            let Some(item) = first.and_then(|lane| lane.waiting.pop_front()) else {
                self.groups.pop_front();
                continue;
            };
            let is_over = self.end.as_ref().is_some_and(|end| {
                if self.order.descending {
                    item.spot.key < *end
                } else {
                    item.spot.key > *end
                }
            });
            if is_over {
                self.groups.clear();
                return Ok(None);
            }
            return Ok(Some(item));
        }
        Ok(None)
    }
}

/// What is before everything in this order.
fn beginning(order: Order) -> (Key, String) {
    let last = order.descending;
    let key = match order.sort {
        UserSort::CreatedAt => Key::Id,
        UserSort::FirstSignInAt | UserSort::LastSignInAt => {
            Key::Number(if last { i64::MAX } else { i64::MIN })
        }
        UserSort::Name
        | UserSort::Email
        | UserSort::OktaLogin
        | UserSort::Status
        | UserSort::Role => Key::Text(if last { LAST_TEXT } else { "" }.to_owned()),
    };
    (key, if last { LAST_ID } else { "" }.to_owned())
}

/// A beginning that leaves out what is outside of the keys.
fn within(order: Order, from: (Key, String), (low, high): (i64, i64)) -> (Key, String) {
    if order.descending {
        from.min((Key::Number(high), LAST_ID.to_owned()))
    } else {
        from.max((Key::Number(low), String::new()))
    }
}

impl Lane {
    fn fill(
        &mut self,
        tx: &mut Tx<'_>,
        order: Order,
        part: Part,
        chunk: i64,
    ) -> Result<usize, Error> {
        let sql = statement(order, part);
        let (key, id) = (&self.from.0, &self.from.1);
        let rows = match key {
            Key::Id => tx.rows(sql, params![self.bucket, "", id, chunk])?,
            Key::Number(key) => tx.rows(sql, params![self.bucket, *key, id, chunk])?,
            Key::Text(key) => tx.rows(sql, params![self.bucket, key, id, chunk])?,
        };
        let read = rows.len();
        for mut row in rows {
            let item = self.item(&mut row, order.sort, part)?;
            self.waiting.push_back(item);
        }
        match self.waiting.back() {
            Some(last) => self.from = (last.spot.key.clone(), last.spot.id.clone()),
            None => self.is_done = true,
        }
        self.is_done |= i64::try_from(read).is_ok_and(|read| read < chunk);
        Ok(read)
    }

    fn item(&self, row: &mut Row, sort: UserSort, part: Part) -> Result<Item, Error> {
        match part {
            Part::Whole => {
                let user = store::read(row)?;
                let spot = spot(sort, &user);
                Ok(Item {
                    spot,
                    user: Some(user),
                })
            }
            Part::Place => {
                let id = row.text()?;
                let key = match sort {
                    UserSort::CreatedAt => Key::Id,
                    UserSort::FirstSignInAt | UserSort::LastSignInAt => Key::Number(row.int()?),
                    UserSort::Name
                    | UserSort::Email
                    | UserSort::OktaLogin
                    | UserSort::Status
                    | UserSort::Role => Key::Text(row.text()?),
                };
                let rank = rank(sort, self.bucket);
                Ok(Item {
                    spot: Spot { rank, key, id },
                    user: None,
                })
            }
        }
    }
}

macro_rules! statements {
    ($key:literal, $order:expr, $part:expr) => {
        match ($part, $order.descending) {
            (Part::Place, false) => statements!(@ concat!("id, ", $key), $key, ">", "asc"),
            (Part::Place, true) => statements!(@ concat!("id, ", $key), $key, "<", "desc"),
            (Part::Whole, false) => statements!(@ store::columns!(), $key, ">", "asc"),
            (Part::Whole, true) => statements!(@ store::columns!(), $key, "<", "desc"),
        }
    };
    (@ $columns:expr, $key:literal, $than:literal, $way:literal) => {
        concat!(
            "select ", $columns, "
             from users
             where bucket = $1
               and (", $key, ", id) ", $than, " ($2, $3)
             order by ", $key, " ", $way, ", id ", $way, "
             limit $4"
        )
    };
}

macro_rules! by_id {
    ($columns:expr, $than:literal, $way:literal) => {
        concat!(
            "select ",
            $columns,
            "
             from users
             where bucket = $1
               and $2 = ''
               and id ",
            $than,
            " $3
             order by id ",
            $way,
            "
             limit $4"
        )
    };
}

pub(super) fn statement(order: Order, part: Part) -> &'static str {
    match order.sort {
        UserSort::Name | UserSort::Status | UserSort::Role => {
            statements!("sort_name", order, part)
        }
        UserSort::Email => statements!("email", order, part),
        UserSort::OktaLogin => statements!("login_key", order, part),
        UserSort::FirstSignInAt => statements!("first_key", order, part),
        UserSort::LastSignInAt => statements!("last_key", order, part),
        UserSort::CreatedAt => match (part, order.descending) {
            (Part::Place, false) => by_id!("id", ">", "asc"),
            (Part::Place, true) => by_id!("id", "<", "desc"),
            (Part::Whole, false) => by_id!(store::columns!(), ">", "asc"),
            (Part::Whole, true) => by_id!(store::columns!(), "<", "desc"),
        },
    }
}
