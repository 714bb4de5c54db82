//! Where candidates of a search come from: an index that leads to them, each at a bounded cost.

use api::{User, users::AttentionKind};

use super::{store, words::Range};
use crate::{
    db::{Param, Row, Tx, params},
    error::Error,
};

/// One stretch of an index.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// Beginnings of words.
    Words(Range),
    Attention(AttentionKind),
    /// A bucket, and the times between which the last sign-in is.
    Last(i64, (i64, i64)),
}

macro_rules! words {
    () => {
        "from user_words
         where word >= $1
           and word < $2
         limit $3"
    };
}
macro_rules! attention {
    () => {
        "from users
         where attention = $1
         limit $2"
    };
}
macro_rules! last {
    () => {
        "from users
         where bucket = $1
           and last_key >= $2
           and last_key <= $3
         limit $4"
    };
}
macro_rules! counting {
    ($from:expr) => {
        concat!("select count(*) from (select 1 as one ", $from, ") found")
    };
}

pub(super) const STATEMENTS: [&str; 9] = [
    counting!(words!()),
    concat!("select user_id ", words!()),
    concat!(
        "select ",
        store::columns!(),
        " from (select user_id ",
        words!(),
        ") found join users on users.id = found.user_id"
    ),
    counting!(attention!()),
    concat!("select id ", attention!()),
    concat!("select ", store::columns!(), " ", attention!()),
    counting!(last!()),
    concat!("select id ", last!()),
    concat!("select ", store::columns!(), " ", last!()),
];

/// What is wanted of the rows, in the order of the statements.
#[derive(Clone, Copy)]
enum Wanted {
    Count,
    Ids,
    Users,
}

impl Source {
    fn rows(&self, tx: &mut Tx<'_>, wanted: Wanted, limit: usize) -> Result<Vec<Row>, Error> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (first, params): (usize, &[Param<'_>]) = match self {
            Self::Words(Range { from, to }) => (0, params![from, to, limit]),
            Self::Attention(kind) => (3, params![kind.code(), limit]),
            Self::Last(bucket, (low, high)) => (6, params![*bucket, *low, *high, limit]),
        };
        tx.rows(STATEMENTS[first + wanted as usize], params)
    }

    /// How many rows there are, counted up to `limit`.
    pub(super) fn count(&self, tx: &mut Tx<'_>, limit: usize) -> Result<usize, Error> {
        let row = self.rows(tx, Wanted::Count, limit)?.pop();
        let count = row.map_or(Ok(0), |mut row| row.count())?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// The ids; one can be there twice.
    pub(super) fn ids(&self, tx: &mut Tx<'_>, limit: usize) -> Result<Vec<String>, Error> {
        let rows = self.rows(tx, Wanted::Ids, limit)?;
        rows.into_iter().map(|mut row| row.text()).collect()
    }

    /// The users; one can be there twice.
    pub(super) fn users(&self, tx: &mut Tx<'_>, limit: usize) -> Result<Vec<User>, Error> {
        let rows = self.rows(tx, Wanted::Users, limit)?;
        rows.into_iter()
            .map(|mut row| store::read(&mut row))
            .collect()
    }
}
