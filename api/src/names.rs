//! Names of people and organizations: characters that reorder or hide text are taken out when a name is entered, and
//! written as escapes where one is shown that has them all the same.

use std::borrow::Cow;

use serde::Serializer;

/// Whether a character is a control character, changes the direction of text or cannot be seen (UAX #9, UTR #36).
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// The joiners without which Persian or Hindi names cannot be written.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether a character may not be shown as it is: hidden, and no joiner that its script needs.
#[must_use]
pub fn must_be_escaped(c: char) -> bool {
    is_hidden(c) && !is_joiner(c)
}

/// A name without hidden characters. Control characters stay: they are a fault that the form names. A joiner stays
/// between two letters of a script that needs it.
#[must_use]
pub fn clean(text: &str) -> String {
    let all: Vec<char> = text.chars().collect();
    let is_letter = |at: Option<usize>| {
        at.and_then(|at| all.get(at))
            .is_some_and(|c| !c.is_ascii() && c.is_alphanumeric())
    };
    let kept = |(at, c): &(usize, &char)| {
        let joins = is_joiner(**c) && is_letter(at.checked_sub(1)) && is_letter(Some(at + 1));
        joins || c.is_control() || !is_hidden(**c)
    };
    all.iter()
        .enumerate()
        .filter(kept)
        .map(|(_, c)| *c)
        .collect()
}

/// The text with its hidden characters as escapes such as `\u{202e}`; a joiner where [`clean`] keeps it stays.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    for c in text.chars() {
        if must_be_escaped(c) {
            out.extend(c.escape_unicode());
            changed = true;
        } else {
            out.push(c);
        }
    }
    if changed {
        Cow::Owned(out)
    } else {
        Cow::Borrowed(text)
    }
}

/// For `serialize_with`: a name on its way to someone who reads it.
pub(crate) fn escaped<S: Serializer>(name: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&escape(name))
}

/// The same for a name that may be absent.
#[expect(clippy::ref_option, reason = "serde hands the field over so")]
pub(crate) fn escaped_some<S: Serializer>(
    name: &Option<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match name {
        Some(name) => serializer.serialize_some(&*escape(name)),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_takes_hidden_characters_out_and_keeps_letters() {
        for (typed, kept) in [
            ("Ada Lovelace", "Ada Lovelace"),
            ("\u{202e}ssoB", "ssoB"),
            ("Bo\u{200b}ss\u{feff}", "Boss"),
            ("A\u{2066}d\u{2069}a", "Ada"),
            ("soft\u{ad}hyphen", "softhyphen"),
            ("\u{3164}", ""),
            ("René Šimůnek", "René Šimůnek"),
            // A joiner inside a Persian name stays, one inside a Latin name does not.
            ("علی\u{200c}رضا", "علی\u{200c}رضا"),
            ("Bo\u{200d}ss", "Boss"),
        ] {
            assert_eq!(clean(typed), kept, "{typed:?}");
        }
    }

    #[test]
    fn escape_writes_hidden_characters_out() {
        assert_eq!(escape("Ada"), "Ada");
        assert_eq!(escape("René"), "René");
        assert_eq!(escape("\u{202e}ssoB"), "\\u{202e}ssoB");
        assert_eq!(escape("Bo\u{200b}ss"), "Bo\\u{200b}ss");
        assert_eq!(escape("a\nb"), "a\\u{a}b");
        assert_eq!(escape("علی\u{200c}رضا"), "علی\u{200c}رضا");
    }
}
