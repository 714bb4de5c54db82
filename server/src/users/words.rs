//! What a search finds, and the beginnings under which a user stands in the search's table.
//!
//! A search is words. Each has to be the beginning of a word in name, e-mail or login; from three
//! letters on any part of an address will do. [`Search::fits`] is that rule; the table only has to
//! lead to everybody who fits, and may lead to others.

use std::collections::BTreeSet;

/// Of these rules: whoever was written down by older ones is written down anew.
pub(crate) const VERSION: i64 = 1;
/// Beginnings are cut here: nobody needs more letters to be among few.
const CUT: usize = 12;
/// From so many letters on a word may stand inside an address.
const INSIDE: usize = 3;

/// The words of a search, in lower case: all of them, however few of them people are looked up by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Search(Vec<String>);

/// Beginnings from `from` to before `to`, in the order of their bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) from: String,
    pub(super) to: String,
}

impl Range {
    fn of(kind: char, prefix: &str) -> Self {
        let from = format!("{kind}{prefix}");
        Self {
            to: format!("{from}\u{10ffff}"),
            from,
        }
    }

    fn exactly(kind: char, word: &str) -> Self {
        let from = format!("{kind}{word}");
        Self {
            to: format!("{from}\u{0001}"),
            from,
        }
    }

    /// Everybody of a domain.
    pub(super) fn domain(domain: &str) -> Self {
        Self::exactly('d', domain)
    }

    /// Whether a beginning of this kind is one of them.
    pub(super) fn holds(&self, kind: char, text: &str) -> bool {
        let behind = |bound: &str| bound.strip_prefix(kind).map(|bound| text.cmp(bound));
        behind(&self.from).is_some_and(std::cmp::Ordering::is_ge)
            && behind(&self.to).is_some_and(std::cmp::Ordering::is_lt)
    }
}

impl Search {
    pub(super) fn parse(text: &str) -> Self {
        let text = text.to_lowercase();
        Self(text.split_whitespace().map(str::to_owned).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn words(&self) -> &[String] {
        &self.0
    }

    /// Whether a user is found. The texts are in lower case.
    pub(super) fn fits(&self, name: &str, addresses: &[&str]) -> bool {
        self.0.iter().all(|word| {
            let begins = |text: &str| starts(text).any(|at| text[at..].starts_with(word.as_str()));
            let inside = is_long(word) && addresses.iter().any(|it| it.contains(word.as_str()));
            inside || begins(name) || addresses.iter().any(|it| begins(it))
        })
    }
}

fn is_long(word: &str) -> bool {
    word.chars().nth(INSIDE - 1).is_some()
}

/// The ranges of beginnings among which is everybody whom a word fits outside of domains; none if
/// the word is a sign that every address has.
pub(super) fn ranges(word: &str) -> Option<Vec<Range>> {
    let mut ranges = vec![Range::of('w', &leading(word)?)];
    if is_long(word) {
        ranges.push(Range::of('p', cut(word)));
    }
    Some(ranges)
}

/// The words that begin inside a word, behind a sign: `love` in `ada.love`. Whoever fits the whole
/// has each of them too.
pub(super) fn later(word: &str) -> impl Iterator<Item = &str> {
    let first = word.find(|c: char| c.is_alphanumeric()).unwrap_or_default();
    let runs = word[first..].split(|c: char| !c.is_alphanumeric());
    runs.skip(1).filter(|run| !run.is_empty())
}

/// The range of beginnings of the domains in which a word stands.
pub(super) fn domain_range(word: &str) -> Option<Range> {
    if let Some((local, domain)) = word.rsplit_once('@') {
        // `ada@north` begins in what stands before the @, and whoever fits is found by that: a
        // domain would lead to everybody in it. `@north` has nothing else.
        let is_found_before = local.contains(char::is_alphanumeric);
        let leads = !is_found_before && !domain.is_empty();
        return leads.then(|| Range::of('w', cut(domain)));
    }
    let kind = if is_long(word) { 'p' } else { 'w' };
    Some(Range::of(kind, cut(word)))
}

/// What a word is looked up by among the beginnings of words.
fn leading(word: &str) -> Option<String> {
    let rest = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let run: String = rest
        .chars()
        .take_while(|c| c.is_alphanumeric())
        .take(CUT)
        .collect();
    if !run.is_empty() {
        return Some(run);
    }
    word.chars()
        .next()
        .filter(|sign| !is_in_every_address(*sign))
        .map(String::from)
}

fn is_in_every_address(sign: char) -> bool {
    matches!(sign, '.' | '@')
}

fn cut(text: &str) -> &str {
    text.char_indices()
        .nth(CUT)
        .map_or(text, |(at, _)| &text[..at])
}

/// Where words begin: at a letter or digit after something else, and at every sign.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    let mut inside = false;
    text.char_indices().filter_map(move |(at, c)| {
        let letter = c.is_alphanumeric();
        let begins = if letter { !inside } else { !c.is_whitespace() };
        inside = letter;
        begins.then_some(at)
    })
}

/// Everything under which a user stands in the table. The texts are in lower case.
pub(super) fn of_user(name: &str, addresses: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    each_of_user(name, addresses, |kind, text| {
        found.insert(format!("{kind}{text}"));
    });
    found
}

/// The beginnings of a user; one can come twice.
pub(super) fn each_of_user<'a>(
    name: &'a str,
    addresses: &[&'a str],
    mut found: impl FnMut(char, &'a str),
) {
    each_word(name, &mut found);
    for address in addresses {
        let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
        each_word(local, &mut found);
        let mut begin = starts(local).peekable();
        for (at, _) in local.char_indices() {
            if begin.next_if_eq(&at).is_none() {
                found('p', cut(&address[at..]));
            }
        }
        if !domain.is_empty() {
            found('d', domain);
        }
    }
}

fn each_word<'a>(text: &'a str, found: &mut impl FnMut(char, &'a str)) {
    for at in starts(text) {
        let rest = &text[at..];
        match rest.chars().next() {
            Some(sign) if is_in_every_address(sign) => {}
            Some(sign) if !sign.is_alphanumeric() => found('w', &rest[..sign.len_utf8()]),
            Some(_) => {
                let end = rest.find(|c: char| !c.is_alphanumeric());
                found('w', cut(&rest[..end.unwrap_or(rest.len())]));
            }
            None => {}
        }
    }
}

/// Everything under which a domain stands in its table: where its words begin, and every part.
pub(super) fn of_domain(domain: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    each_of_domain(domain, |kind, text| {
        found.insert(format!("{kind}{text}"));
    });
    found
}

pub(super) fn each_of_domain<'a>(domain: &'a str, mut found: impl FnMut(char, &'a str)) {
    for at in starts(domain) {
        found('w', cut(&domain[at..]));
    }
    for (at, _) in domain.char_indices() {
        found('p', cut(&domain[at..]));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fits(search: &str, name: &str, email: &str) -> bool {
        Search::parse(search).fits(&name.to_lowercase(), &[email])
    }

    #[test]
    fn a_word_fits_at_its_beginning_and_in_an_address_anywhere() {
        let found = |search| fits(search, "Zoë O'Neil-Smith", "zoe.oneil@northwind.example");
        for search in [
            "z",
            "ZOË",
            "zoë o'n",
            "neil",
            "'neil",
            "smith zoë",
            "-smi",
            "north",
            "thwi",
            "@north",
            "oneil@nor",
            "eil@north",
            "e",
            "",
            "  ",
            ".example",
            "example",
            "l@n",
        ] {
            assert!(found(search), "{search:?}");
        }
        for search in [
            "mith",
            "oë",
            "wi",
            "zoë bob",
            "northwind.com",
            "l@",
            "%",
            "_",
        ] {
            assert!(!found(search), "{search:?}");
        }
    }

    /// Whether the table leads to the user.
    fn is_led_to(word: &str, name: &str, email: &str) -> bool {
        let holds = |beginnings: &BTreeSet<String>, range: &Range| {
            beginnings
                .iter()
                .any(|it| *it >= range.from && *it < range.to)
        };
        let Some(ranges) = ranges(word) else {
            return true;
        };
        let user = of_user(name, &[email]);
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        ranges.iter().any(|range| holds(&user, range))
            || domain_range(word).is_some_and(|range| {
                holds(&of_domain(domain), &range) && holds(&user, &Range::domain(domain))
            })
    }

    proptest! {
        #[test]
        fn whoever_is_found_has_every_word_however_many_there_are(
            name in "[a-d]{1,3}( [a-d]{1,3}){0,9}",
            words in prop::collection::vec("[a-e]{1,2}", 1..30),
        ) {
            let email = "x@northwind.example";
            let each = words.iter().all(|word| fits(word, &name, email));
            prop_assert_eq!(fits(&words.join(" "), &name, email), each);
            // All that people have, and one word that they do not have.
            let all = format!("{name} {email} {name}");
            prop_assert!(fits(&all, &name, email));
            prop_assert!(!fits(&(all + " q"), &name, email));
        }

        #[test]
        fn the_table_leads_to_whoever_fits(
            name in "[a-zé' %_-]{1,20}",
            email in "[a-z]{1,4}[a-z0-9._+-]{0,9}@[a-z]{1,9}[.-][a-z.]{2,9}",
            from in 0..40_usize,
            length in 1..16_usize,
            other in "[a-zé'%_.@-]{1,4}",
        ) {
            let texts = [name.as_str(), email.as_str()];
            let parts = texts.iter().filter_map(|text| {
                let chars: Vec<char> = text.chars().skip(from % 25).take(length).collect();
                let part: String = chars.into_iter().take_while(|c| !c.is_whitespace()).collect();
                (!part.is_empty()).then_some(part)
            });
            for word in parts.chain([other.clone()]) {
                if fits(&word, &name, &email) {
                    prop_assert!(is_led_to(&word, &name, &email), "{word:?} {name:?} {email}");
                    for run in later(&word) {
                        prop_assert!(is_led_to(run, &name, &email), "{run:?} {name:?} {email}");
                    }
                }
            }
        }
    }
}
