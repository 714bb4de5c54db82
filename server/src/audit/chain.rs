//! The chain: each row has a hash over itself and the hash of the row before. Whoever changes,
//! removes, adds or swaps rows behind the server's back breaks it at that place.
//!
//! It must not know what a row is about.

use api::{ProblemCode, UtcMillis};
use sha2::{Digest as _, Sha256};

use crate::{
    db::{Row, Tx, params},
    error::Error,
};

/// What the first row of all follows.
pub(crate) const GENESIS: Hash = [0; 32];
/// At most this many rows are in memory at once.
pub(crate) const PAGE: i64 = 500;

pub(crate) type Hash = [u8; 32];

/// A row before it has its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) at: UtcMillis,
    pub(crate) actor_id: Option<String>,
    pub(crate) actor_name: String,
    pub(crate) event: String,
    pub(crate) target: Option<String>,
    /// JSON.
    pub(crate) detail: String,
    pub(crate) address: Option<String>,
    pub(crate) request_id: Option<String>,
}

/// A row in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) seq: i64,
    pub(crate) entry: Entry,
    /// Empty while it has none: the row is older than the chain.
    pub(crate) hash: Vec<u8>,
}

/// Where the chain ends, and where it begins once old rows were removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ends {
    pub(crate) seq: i64,
    /// Empty while the rows of before the chain have no hashes.
    pub(crate) hash: Vec<u8>,
    pub(crate) pruned_seq: i64,
    pub(crate) pruned_hash: Vec<u8>,
    /// The least and the greatest number that a row has, whatever the ends say.
    pub(crate) least: Option<i64>,
    pub(crate) greatest: Option<i64>,
}

/// What is not as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The row was altered, or follows from another row than the one before it.
    Altered(i64),
    Missing(i64),
    Inserted(i64),
    /// The record of where the chain ends does not fit its last row.
    End(i64),
}

impl Entry {
    /// SHA-256 over the hash before, the number and every field, each with its length: no two rows
    /// that differ are the same bytes.
    pub(crate) fn hash(&self, seq: i64, before: &[u8]) -> Hash {
        let mut sum = Sha256::new();
        sum.update(b"sso-console audit 1\n");
        sum.update(before);
        sum.update(seq.to_be_bytes());
        sum.update(self.at.to_be_bytes());
        for field in [
            Some(self.id.as_str()),
            self.actor_id.as_deref(),
            Some(self.actor_name.as_str()),
            Some(self.event.as_str()),
            self.target.as_deref(),
            Some(self.detail.as_str()),
            self.address.as_deref(),
            self.request_id.as_deref(),
        ] {
            match field {
                None => sum.update([0]),
                Some(text) => {
                    sum.update([1]);
                    sum.update((text.len() as u64).to_be_bytes());
                    sum.update(text.as_bytes());
                }
            }
        }
        sum.finalize().into()
    }
}

/// A walk along the chain, row by row.
pub(crate) struct Walk {
    seq: i64,
    hash: Vec<u8>,
    until: i64,
}

impl Walk {
    /// From where the chain begins.
    pub(crate) fn new(ends: &Ends) -> Result<Self, Fault> {
        if let Some(least) = ends.least
            && least <= ends.pruned_seq
        {
            return Err(Fault::Inserted(least));
        }
        Ok(Self {
            seq: ends.pruned_seq,
            hash: ends.pruned_hash.clone(),
            until: ends.seq,
        })
    }

    /// The last row that it came to.
    pub(crate) fn at(&self) -> i64 {
        self.seq
    }

    /// Whether every row up to the end was seen: what was written since is not looked at.
    pub(crate) fn is_done(&self) -> bool {
        self.seq >= self.until
    }

    pub(crate) fn step(&mut self, link: &Link) -> Result<(), Fault> {
        let next = self.seq + 1;
        if link.seq != next {
            return Err(Fault::Missing(next));
        }
        if link.entry.hash(next, &self.hash).as_slice() != link.hash {
            return Err(Fault::Altered(next));
        }
        self.seq = next;
        self.hash.clone_from(&link.hash);
        Ok(())
    }

    pub(crate) fn end(&self, ends: &Ends) -> Result<(), Fault> {
        if self.seq < ends.seq {
            return Err(Fault::Missing(self.seq + 1));
        }
        if let Some(greatest) = ends.greatest
            && greatest > ends.seq
        {
            return Err(Fault::Inserted(ends.seq + 1));
        }
        if self.hash == ends.hash {
            Ok(())
        } else {
            Err(Fault::End(ends.seq))
        }
    }
}

/// Writes rows at the chain's end. The update holds the end until the commit: of two at once, on
/// whichever node, the second goes on from the first.
pub(crate) fn append(tx: &mut Tx<'_>, entries: Vec<Entry>) -> Result<(), Error> {
    let count = i64::try_from(entries.len()).map_err(|_| ProblemCode::Internal)?;
    if count == 0 {
        return Ok(());
    }
    let mut end = tx
        .row(
            "update audit_head set seq = seq + $1 where id = 1 returning seq, hash",
            params![count],
        )?
        .ok_or_else(|| Error::Internal("the audit log has no end to write at".into()))?;
    let (mut seq, mut hash) = (end.int()? - count, end.blob()?);
    if hash.is_empty() {
        hash = adopt(tx)?;
    }
    for entry in entries {
        seq += 1;
        hash = entry.hash(seq, &hash).to_vec();
        tx.run(
            "insert into audit_events
               (seq, id, at, actor_id, actor_name, event, target, detail, address, request_id, hash)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            params![
                seq,
                &entry.id,
                entry.at,
                &entry.actor_id,
                &entry.actor_name,
                &entry.event,
                &entry.target,
                &entry.detail,
                &entry.address,
                &entry.request_id,
                &hash
            ],
        )?;
    }
    tx.run(
        "update audit_head set hash = $1 where id = 1",
        params![&hash],
    )
    .map(drop)
}

/// Makes the hashes of rows that are older than the chain; that of the last one.
fn adopt(tx: &mut Tx<'_>) -> Result<Vec<u8>, Error> {
    let (mut seq, mut hash) = (0, GENESIS.to_vec());
    loop {
        let links = after(tx, seq)?;
        if links.is_empty() {
            return Ok(hash);
        }
        for link in links {
            seq = link.seq;
            hash = link.entry.hash(seq, &hash).to_vec();
            tx.run(
                "update audit_events set hash = $2 where seq = $1",
                params![seq, &hash],
            )?;
        }
    }
}

/// Begins the chain where no row was written since the rows of before.
pub(crate) fn begin(tx: &mut Tx<'_>) -> Result<(), Error> {
    // The same row that every writer holds.
    let end = tx.row(
        "update audit_head set seq = seq where id = 1 returning hash",
        &[],
    )?;
    if let Some(mut end) = end
        && end.blob()?.is_empty()
    {
        let hash = adopt(tx)?;
        tx.run(
            "update audit_head set hash = $1 where id = 1",
            params![&hash],
        )?;
    }
    Ok(())
}

/// Where the chain ends and begins: one statement, so that all of it is of one moment.
pub(crate) fn ends(tx: &mut Tx<'_>) -> Result<Option<Ends>, Error> {
    tx.row(
        "select seq, hash, pruned_seq, pruned_hash,
                (select min(seq) from audit_events), (select max(seq) from audit_events)
         from audit_head where id = 1",
        &[],
    )?
    .map(|mut row| {
        Ok(Ends {
            seq: row.int()?,
            hash: row.blob()?,
            pruned_seq: row.int()?,
            pruned_hash: row.blob()?,
            least: row.opt_int()?,
            greatest: row.opt_int()?,
        })
    })
    .transpose()
}

pub(super) const AFTER: &str =
    "select seq, hash, id, at, actor_id, actor_name, event, target, detail, address, request_id
     from audit_events where seq > $1 order by seq limit $2";

/// The rows that follow a number, in their order.
pub(crate) fn after(tx: &mut Tx<'_>, seq: i64) -> Result<Vec<Link>, Error> {
    let rows = tx.rows(AFTER, params![seq, PAGE])?;
    rows.into_iter().map(|mut row| link(&mut row)).collect()
}

fn link(row: &mut Row) -> Result<Link, Error> {
    Ok(Link {
        seq: row.int()?,
        hash: row.opt_blob()?.unwrap_or_default(),
        entry: Entry {
            id: row.text()?,
            at: row.int()?,
            actor_id: row.opt_text()?,
            actor_name: row.text()?,
            event: row.text()?,
            target: row.opt_text()?,
            detail: row.text()?,
            address: row.opt_text()?,
            request_id: row.opt_text()?,
        },
    })
}

#[cfg(test)]
mod tests;
