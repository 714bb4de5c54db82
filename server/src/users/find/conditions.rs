//! What leads to whoever is asked for: each word of a search, what needs attention, the last sign-in.
//!
//! Each is counted only as far as it could be of use. It must not know how a page is put together.

use super::{Question, last_keys};
use crate::{
    db::Tx,
    error::Error,
    users::{
        source::Source,
        store,
        words::{self, Search},
    },
};

/// So many words of a search are looked up to find candidates.
pub(in crate::users) const NARROWED_BY: usize = 8;
/// More domains than that are not told apart.
const DOMAINS_MAX: usize = 20;

/// What everybody has to have, where they are led to from, and how many those are.
pub(super) struct Condition {
    pub(super) sources: Vec<Source>,
    /// Its number, if it is a word of the search.
    pub(super) word: Option<usize>,
    pub(super) count: usize,
}

/// All that can be of use, the rarest first.
pub(super) fn conditions(
    tx: &mut Tx<'_>,
    question: &Question,
    words: &[&str],
) -> Result<Vec<Condition>, Error> {
    let bounds = question.bounds;
    let (attention, last) = (question.filter.attention, question.filter.last_sign_in);
    let mut conditions = Vec::new();
    for (number, word) in words.iter().enumerate() {
        let sources = led_to_by(tx, word)?;
        conditions.extend(sources.map(|sources| (Some(number), sources)));
    }
    conditions.extend(attention.map(|it| (None, vec![Source::Attention(it)])));
    conditions.extend(last.map(|it| {
        let keys = last_keys(it);
        let lane = |bucket: &i64| Source::Last(*bucket, keys);
        (None, question.buckets().iter().map(lane).collect())
    }));
    let mut counted = Vec::new();
    let mut most = bounds.many;
    for (word, sources) in conditions {
        let mut count = 0;
        for source in &sources {
            count += source.count(tx, (most + 1).saturating_sub(count))?;
            if count > most {
                break;
            }
        }
        if count <= most {
            counted.push(Condition {
                sources,
                word,
                count,
            });
        }
        if count <= bounds.few {
            // They are read and looked at whole: of the others only fewer are worth a count.
            most = most.min(count);
        }
    }
    counted.sort_by_key(|it| it.count);
    Ok(counted)
}

/// The words that candidates are looked up by, each once. A search may have a hundred of them: whoever
/// is found by some is held against all ([`Search::fits`]).
pub(super) fn narrowing(search: &Search) -> Vec<&str> {
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
