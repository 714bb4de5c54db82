//! How the sources spell things: what a rule looks for in a line.

use super::files::File;

/// Every line with one of the words, as a finding.
pub(crate) fn lines_with(file: &File, words: &[&str]) -> Vec<String> {
    file.lines()
        .filter(|(_, text)| words.iter().any(|word| text.contains(word)))
        .map(|(line, text)| file.at(line, text))
        .collect()
}

pub(crate) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// The string literals of a Rust text, each with its line. Raw strings and characters count as their text does.
pub(crate) fn strings(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        if is_comment(text) {
            continue;
        }
        let inside = text.split('"').skip(1).step_by(2);
        found.extend(inside.map(|it| (line, it)));
    }
    found
}

/// The modules of this crate that a text names: `crate::api`, and `api` in `use crate::{api::Role, ui}`.
pub(crate) fn crate_modules(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, start) in text.match_indices("crate::") {
        let rest = &text[at + start.len()..];
        let mut add = |offset: usize| {
            let name: String = rest[offset..]
                .chars()
                .take_while(|it| it.is_alphanumeric() || *it == '_')
                .collect();
            let line = text[..at + start.len() + offset].matches('\n').count() + 1;
            if !name.is_empty() {
                found.push((line, name));
            }
        };
        if !rest.starts_with('{') {
            add(0);
            continue;
        }
        let (mut depth, mut is_start) = (0, false);
        for (offset, letter) in rest.char_indices() {
            match letter {
                '{' => {
                    depth += 1;
                    is_start = depth == 1;
                }
                '}' if depth == 1 => break,
                '}' => depth -= 1,
                ',' => is_start = depth == 1,
                other if is_start && !other.is_whitespace() => {
                    add(offset);
                    is_start = false;
                }
                _ => {}
            }
        }
    }
    found
}

/// Whether a line sets an attribute of such a name: as markup (`style="`), in a macro (`style=`), or by a function that
/// takes the name as a text (`.attr("style", …)`).
pub(crate) fn sets_attribute(line: &str, is_meant: impl Fn(&str) -> bool) -> bool {
    let is_name = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_lowercase());
    let in_markup = line.match_indices('=').any(|(at, _)| {
        let name = line[..at].rsplit([' ', '<', '\t']).next();
        let is_set = matches!(line[at + 1..].chars().next(), Some('"' | '\'' | '{'));
        is_set && name.is_some_and(|name| is_name(name) && is_meant(name))
    });
    let by_name = line.split('"').skip(1).step_by(2);
    in_markup || by_name.into_iter().any(|it| is_name(it) && is_meant(it))
}

/// `#abc`, `#aabbcc`, with what may follow in a declaration.
pub(crate) fn is_colour(word: &str) -> bool {
    let word = word.trim_end_matches([';', ')', '}']);
    word.strip_prefix('#').is_some_and(|hex| {
        matches!(hex.len(), 3 | 4 | 6 | 8) && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// What stands in backticks and looks like a path of the repository.
pub(crate) fn named_paths(text: &str) -> Vec<&str> {
    const KINDS: [&str; 7] = [".rs", ".toml", ".md", ".json", ".css", ".html", ".sql"];
    let words = text.split('`').skip(1).step_by(2);
    words
        .filter(|word| {
            (word.ends_with('/') || KINDS.iter().any(|kind| word.ends_with(kind)))
                && !word.starts_with('/')
                && !word.contains([' ', '{', '*', '?', ':'])
        })
        .collect()
}
