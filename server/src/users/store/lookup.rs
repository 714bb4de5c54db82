//! Users by what is kept of them elsewhere: their ids, their domains, their numbers.

use std::collections::HashMap;

use api::{User, users::StatusCounts};

use super::{columns, read};
use crate::{
    db::{Param, Tx, params},
    error::Error,
    users::words::Range,
};

/// So many users are read by one statement.
const AT_ONCE: usize = 50;

pub(in crate::users) const WITH_IDS: &str = concat!(
    "select ",
    columns!(),
    " from users
     where id in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50)"
);

pub(in crate::users) const DOMAINS: &str = "select distinct domain from domain_words
     where word >= $1
       and word < $2
     limit $3";

/// The users with these ids, by id; whoever is not there any more is left out.
pub(in crate::users) fn with_ids<'a>(
    tx: &mut Tx<'_>,
    ids: impl IntoIterator<Item = &'a str>,
) -> Result<HashMap<String, User>, Error> {
    let ids: Vec<&str> = ids.into_iter().collect();
    let mut found = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(AT_ONCE) {
        let mut params = [Param::Text(""); AT_ONCE];
        for (param, id) in params.iter_mut().zip(ids) {
            *param = Param::Text(id);
        }
        for mut row in tx.rows(WITH_IDS, &params)? {
            let user = read(&mut row)?;
            found.insert(user.id.clone(), user);
        }
    }
    Ok(found)
}

/// The domains in which a beginning stands, at most so many.
pub(in crate::users) fn domains(
    tx: &mut Tx<'_>,
    range: &Range,
    limit: usize,
) -> Result<Vec<String>, Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = tx.rows(DOMAINS, params![&range.from, &range.to, limit])?;
    rows.into_iter().map(|mut row| row.text()).collect()
}

/// How many users are in each bucket, without counting them.
fn by_bucket(tx: &mut Tx<'_>) -> Result<[u64; 8], Error> {
    let rows = tx.rows(
        "select bucket, cast(sum(users) as bigint) from user_counts group by bucket",
        &[],
    )?;
    let mut counts = [0; 8];
    for mut row in rows {
        let bucket = usize::try_from(row.int()?).unwrap_or(usize::MAX);
        if let Some(count) = counts.get_mut(bucket) {
            *count = row.count()?;
        }
    }
    Ok(counts)
}

/// How many users are in these buckets.
pub(in crate::users) fn count_in(tx: &mut Tx<'_>, buckets: &[i64]) -> Result<u64, Error> {
    let counts = by_bucket(tx)?;
    let of = |bucket: &i64| counts[usize::try_from(*bucket).unwrap_or_default() % 8];
    Ok(buckets.iter().map(of).sum())
}

/// How many users have a login, and how many of those came with it.
pub(crate) fn arrived(tx: &mut Tx<'_>) -> Result<[u64; 2], Error> {
    let rows = tx.rows(
        "select bucket, cast(sum(users) as bigint) from user_counts
         where bucket in (8, 9) group by bucket",
        &[],
    )?;
    let mut counts = [0; 2];
    for mut row in rows {
        let step = usize::from(row.int()? == 9);
        counts[step] = row.count()?;
    }
    Ok(counts)
}

/// How many users are in each status.
pub(crate) fn counts(tx: &mut Tx<'_>) -> Result<StatusCounts, Error> {
    let [i, ia, a, aa, n, na, s, sa] = by_bucket(tx)?;
    Ok(StatusCounts {
        all: i + ia + a + aa + n + na + s + sa,
        inactive: i + ia,
        active: a + aa,
        needs_attention: n + na,
        suspended: s + sa,
    })
}
