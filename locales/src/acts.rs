//! The words of what stands in the audit log.

use crate::Key;

/// By code, in its order.
const ACTS: &[(&str, Key)] = include!(concat!(env!("OUT_DIR"), "/acts.rs"));

/// The words of an act such as `user.created`. None for one of another version of the program.
#[must_use]
pub fn act_name(code: &str) -> Option<Key> {
    let at = ACTS.binary_search_by_key(&code, |(code, _)| code).ok()?;
    Some(ACTS[at].1)
}

/// Every act that has words, with them.
#[must_use]
pub fn acts() -> &'static [(&'static str, Key)] {
    ACTS
}
