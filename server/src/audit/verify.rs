//! Whether the audit log is as it was written, read beside whatever else is going on.

use super::chain::{self, Ends, Fault, Walk};
use crate::{db::Db, error::Error};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How many rows are as they were written, one after the other from the first.
    pub rows: i64,
    /// The number of the last row before the first that is kept; 0 while none was removed.
    pub pruned: i64,
    /// The last hash of the chain, in hex: whoever kept it elsewhere knows that nothing before it
    /// was made anew.
    pub head: String,
    /// What is wrong, in a sentence, and with which row.
    pub fault: Option<(i64, String)>,
}

/// Walks along the whole log. Memory stays flat, and writers do not wait.
pub async fn verify(db: &Db) -> Result<Finding, Error> {
    db.write(chain::begin).await?;
    let Some(mut ends) = db.read(chain::ends).await? else {
        return Ok(Finding {
            rows: 0,
            pruned: 0,
            head: String::new(),
            fault: Some((0, "the record of where the log ends is gone".into())),
        });
    };
    loop {
        let (rows, fault) = walk(db, &ends).await?;
        let now = db.read(chain::ends).await?;
        // Old rows can be removed while one walks, and are then not missing.
        if let (Some(_), Some(now)) = (fault, now)
            && now.pruned_seq > ends.pruned_seq
        {
            ends = now;
            continue;
        }
        return Ok(Finding {
            rows,
            pruned: ends.pruned_seq,
            head: hex(&ends.hash),
            fault: fault.map(said),
        });
    }
}

async fn walk(db: &Db, ends: &Ends) -> Result<(i64, Option<Fault>), Error> {
    let mut walk = match Walk::new(ends) {
        Ok(walk) => walk,
        Err(fault) => return Ok((0, Some(fault))),
    };
    let rows = |walk: &Walk| walk.at() - ends.pruned_seq;
    while !walk.is_done() {
        let at = walk.at();
        let links = db.read(move |tx| chain::after(tx, at)).await?;
        if links.is_empty() {
            break;
        }
        for link in &links {
            if walk.is_done() {
                break;
            }
            if let Err(fault) = walk.step(link) {
                return Ok((rows(&walk), Some(fault)));
            }
        }
    }
    Ok((rows(&walk), walk.end(ends).err()))
}

fn said(fault: Fault) -> (i64, String) {
    match fault {
        Fault::Altered(seq) => (
            seq,
            format!(
                "row {seq} was altered, or is not the one that followed row {}",
                seq - 1
            ),
        ),
        Fault::Missing(seq) => (seq, format!("row {seq} is missing")),
        Fault::Inserted(seq) => (seq, format!("row {seq} was put in from outside")),
        Fault::End(seq) => (
            seq,
            format!(
                "the record of where the log ends does not fit row {seq}: one of them was altered"
            ),
        ),
    }
}

/// In hex, as hashes are written.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
