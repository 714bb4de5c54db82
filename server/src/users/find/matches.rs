//! Goes through whoever one word of a search leads to, in the order of the search's own table: names
//! and addresses that begin with it, then what stands inside of addresses, then domains.
//!
//! It never sorts, and reads no more than it hands out; one user can come several times.

use std::collections::VecDeque;

use api::User;

use super::narrowing;
use crate::{
    db::{Tx, params},
    error::Error,
    users::{
        cursor::{Key, Spot},
        words::{self, Range, Search},
    },
};

/// The kinds of beginnings: of words, inside of addresses, of domains.
pub(in crate::users) const KINDS: usize = 3;
/// The last kind.
const DOMAINS: usize = KINDS - 1;
/// So many domains are read at once.
const DOMAINS_AT_ONCE: i64 = 16;
/// Between a domain and the beginning that leads to it: before every letter of either.
const BETWEEN: char = '\n';

macro_rules! ways {
    ($first:literal, $second:literal, $table:literal) => {
        [
            ways!($first, $second, $table, ">", "<", ""),
            ways!($first, $second, $table, "<", ">=", "desc"),
        ]
    };
    ($first:literal, $second:literal, $table:literal, $than:literal, $until:literal, $way:literal) => {
        concat!(
            "select ",
            $first,
            ", ",
            $second,
            "
             from ",
            $table,
            "
             where (",
            $first,
            ", ",
            $second,
            ") ",
            $than,
            " ($1, $2)
               and ",
            $first,
            " ",
            $until,
            " $3
             order by ",
            $first,
            " ",
            $way,
            ", ",
            $second,
            " ",
            $way,
            "
             limit $4"
        )
    };
}
/// Users by a beginning, and domains by one; forwards and backwards.
pub(in crate::users) const STATEMENTS: [[&str; 2]; 2] = [
    ways!("word", "user_id", "user_words"),
    ways!("word", "domain", "domain_words"),
];

/// The word in whose order a search is answered.
pub(in crate::users) struct Lead {
    /// Its number among the words.
    word: usize,
    ranges: Vec<Range>,
    domains: Option<Range>,
}

impl Lead {
    /// None for a word that is a sign which every address has.
    pub(super) fn of(words: &[&str], number: usize) -> Option<Self> {
        let word = words.get(number)?;
        Some(Self {
            word: number,
            ranges: words::ranges(word)?,
            domains: words::domain_range(word),
        })
    }

    /// Every one that a search can have.
    pub(in crate::users) fn all(search: &Search) -> Vec<Self> {
        let words = narrowing(search);
        let numbers = 0..words.len();
        numbers.filter_map(|it| Self::of(&words, it)).collect()
    }

    /// The number of the word in whose order a place was found.
    pub(super) fn word(spot: &Spot) -> usize {
        usize::try_from(spot.rank).unwrap_or_default() / KINDS
    }

    pub(super) fn is(&self, word: Option<usize>) -> bool {
        word == Some(self.word)
    }

    /// The first place to which the word leads for a user.
    pub(in crate::users) fn spot(&self, user: &User) -> Option<Spot> {
        let name = user.name.to_lowercase();
        let login = user.okta_login.as_deref().unwrap_or_default();
        let mut first = [None; DOMAINS];
        let mut domain: Option<(String, &str)> = None;
        words::each_of_user(&name, &[&user.email, login], |kind, text| {
            for (range, first) in self.ranges.iter().zip(&mut first) {
                if range.holds(kind, text) && first.is_none_or(|(_, it)| text < it) {
                    *first = Some((kind, text));
                }
            }
            if let ('d', Some(range)) = (kind, &self.domains) {
                words::each_of_domain(text, |kind, word| {
                    let place = (format!("{kind}{word}"), text);
                    if range.holds(kind, word) && domain.as_ref().is_none_or(|it| place < *it) {
                        domain = Some(place);
                    }
                });
            }
        });
        let first = first.into_iter().enumerate();
        let begins = first.filter_map(|(kind, it)| it.map(|(sort, text)| (kind, sort, text)));
        let (kind, key) = match (begins.min_by_key(|(kind, ..)| *kind), domain) {
            (Some((kind, sort, text)), _) => (kind, format!("{sort}{text}")),
            (None, Some((word, domain))) => (DOMAINS, format!("{word}{BETWEEN}{domain}")),
            (None, None) => return None,
        };
        Some(self.place(kind, key, user.id.clone()))
    }

    fn place(&self, kind: usize, key: String, id: String) -> Spot {
        Spot {
            rank: i64::try_from(self.word * KINDS + kind).unwrap_or(i64::MAX),
            key: Key::Text(key),
            id,
        }
    }
}

/// A walk through all that a word leads to.
pub(super) struct Matches<'a> {
    lead: &'a Lead,
    descending: bool,
    chunk: i64,
    /// The kind that is walked, none at the end.
    kind: Option<usize>,
    /// Behind this beginning and id, or beginning and domain.
    from: Option<(String, String)>,
    /// Domains to go through, the first with the id to go on behind.
    domains: VecDeque<(String, String, Option<String>)>,
    waiting: VecDeque<Spot>,
    /// Rows that were read.
    pub(super) read: usize,
}

impl<'a> Matches<'a> {
    /// Begins behind `start`.
    pub(super) fn new(
        lead: &'a Lead,
        descending: bool,
        start: Option<&Spot>,
        chunk: usize,
    ) -> Self {
        let mut walk = Self {
            lead,
            descending,
            chunk: i64::try_from(chunk).unwrap_or(i64::MAX),
            kind: Some(if descending { DOMAINS } else { 0 }),
            from: None,
            domains: VecDeque::new(),
            waiting: VecDeque::new(),
            read: 0,
        };
        if let Some(Spot {
            rank,
            key: Key::Text(key),
            id,
        }) = start
        {
            walk.kind = Some(usize::try_from(*rank).unwrap_or_default() % KINDS);
            walk.from = Some(match key.split_once(BETWEEN) {
                Some((word, domain)) => {
                    let (word, domain) = (word.to_owned(), domain.to_owned());
                    walk.domains
                        .push_back((word.clone(), domain.clone(), Some(id.clone())));
                    (word, domain)
                }
                None => (key.clone(), id.clone()),
            });
        }
        walk
    }

    /// The next place, none at the end.
    pub(super) fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<Spot>, Error> {
        while self.waiting.is_empty() {
            let Some(kind) = self.kind else {
                return Ok(None);
            };
            let is_over = if kind == DOMAINS {
                self.domain(tx)?
            } else {
                self.beginnings(tx, kind)?
            };
            if is_over {
                self.from = None;
                self.kind = if self.descending {
                    kind.checked_sub(1)
                } else {
                    Some(kind + 1).filter(|it| *it < KINDS)
                };
            }
        }
        Ok(self.waiting.pop_front())
    }

    /// Reads on among beginnings; whether that was all.
    fn beginnings(&mut self, tx: &mut Tx<'_>, kind: usize) -> Result<bool, Error> {
        let Some(range) = self.lead.ranges.get(kind) else {
            return Ok(true);
        };
        let from = self.from.take();
        let rows = self.rows(tx, STATEMENTS[0], range, from.as_ref(), self.chunk)?;
        self.read += rows.len();
        let is_over = i64::try_from(rows.len()).is_ok_and(|it| it < self.chunk);
        self.from = rows.last().cloned().or(from);
        let place = |(word, id)| self.lead.place(kind, word, id);
        self.waiting = rows.into_iter().map(place).collect();
        Ok(is_over)
    }

    /// Reads on in a domain, or in the next ones; whether there is none.
    fn domain(&mut self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let Some((word, domain, behind)) = self.domains.pop_front() else {
            let Some(range) = &self.lead.domains else {
                return Ok(true);
            };
            let from = self.from.take();
            let rows = self.rows(tx, STATEMENTS[1], range, from.as_ref(), DOMAINS_AT_ONCE)?;
            self.read += rows.len();
            self.from = rows.last().cloned().or(from);
            let is_over = rows.is_empty();
            let domain = |(word, domain)| (word, domain, None);
            self.domains = rows.into_iter().map(domain).collect();
            return Ok(is_over);
        };
        let range = Range::domain(&domain);
        let from = behind.map(|id| (range.from.clone(), id));
        let rows = self.rows(tx, STATEMENTS[0], &range, from.as_ref(), self.chunk)?;
        self.read += rows.len();
        let key = format!("{word}{BETWEEN}{domain}");
        let place = |(_, id): &(String, String)| self.lead.place(DOMAINS, key.clone(), id.clone());
        self.waiting = rows.iter().map(place).collect();
        if i64::try_from(rows.len()).is_ok_and(|it| it >= self.chunk) {
            let last = rows.into_iter().next_back().map(|(_, id)| id);
            self.domains.push_front((word, domain, last));
        }
        Ok(false)
    }

    /// The rows of a range behind a place, or from its beginning on.
    fn rows(
        &self,
        tx: &mut Tx<'_>,
        ways: [&'static str; 2],
        range: &Range,
        from: Option<&(String, String)>,
        limit: i64,
    ) -> Result<Vec<(String, String)>, Error> {
        let (begin, end) = if self.descending {
            (&range.to, &range.from)
        } else {
            (&range.from, &range.to)
        };
        let (first, second) = match from {
            Some((first, second)) => (first, second.as_str()),
            None => (begin, ""),
        };
        let sql = ways[usize::from(self.descending)];
        let rows = tx.rows(sql, params![first, second, end, limit])?;
        let pair = |mut row: crate::db::Row| Ok((row.text()?, row.text()?));
        rows.into_iter().map(pair).collect()
    }
}
