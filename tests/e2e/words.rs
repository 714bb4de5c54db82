//! The product's words in the language that a browser's person reads: a story is written once, in English.

use locales::Language;

/// What `english` may be called on a screen of `language`. Words that are not the product's (names, addresses) stay.
pub(crate) fn in_language(english: &str, language: Language) -> Vec<String> {
    let there = locales::texts(language);
    if language == Language::English {
        return vec![tidy(english)];
    }
    let texts = || locales::texts(Language::English).iter().zip(there);
    let mut found: Vec<String> = texts()
        .filter(|(text, _)| **text == english)
        .map(|(_, translation)| tidy(translation))
        .collect();
    if found.is_empty() {
        found = texts()
            .filter_map(|(text, translation)| {
                // A field's name inside a button's is the product's too.
                let values = values(text, english)?.into_iter().map(|(name, value)| {
                    let known = texts().find(|(text, _)| **text == value);
                    (name, known.map_or(value, |(_, translation)| *translation))
                });
                Some(tidy(&locales::fill(
                    translation,
                    &values.collect::<Vec<_>>(),
                )))
            })
            .collect();
    }
    if found.is_empty() {
        found.push(tidy(english));
    }
    found.sort();
    found.dedup();
    found
}

/// One blank where there were several, or a wide, narrow or unbreakable one.
pub(crate) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands for the `{names}` of `template` in `text`, if it was made of it.
fn values<'a>(template: &'a str, text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let (before, mut rest) = template.split_once('{')?;
    // A template of nothing but values would fit everything.
    let fixed: usize = template
        .split('{')
        .map(|part| part.rsplit('}').next().map_or(0, str::len))
        .sum();
    if fixed < 4 {
        return None;
    }
    let mut text = text.strip_prefix(before)?;
    let mut values = Vec::new();
    loop {
        let (name, after) = rest.split_once('}')?;
        let (fixed, next) = after
            .split_once('{')
            .map_or((after, None), |(fixed, next)| (fixed, Some(next)));
        let (value, left) = match (fixed, next) {
            ("", None) => (text, ""),
            (fixed, None) => (text.strip_suffix(fixed)?, ""),
            (fixed, Some(_)) => text.split_once(fixed)?,
        };
        if value.is_empty() {
            return None;
        }
        values.push((name, value));
        text = left;
        match next {
            Some(next) => rest = next,
            None => return Some(values),
        }
    }
}

/// English words of the product that are other words in French: none of these may stand on a French screen.
pub(crate) fn only_english() -> Vec<&'static str> {
    let pairs = locales::texts(Language::English)
        .iter()
        .zip(locales::texts(Language::French));
    let french: Vec<&str> = locales::texts(Language::French).to_vec();
    pairs
        .filter(|(english, french)| english != french)
        .map(|(english, _)| *english)
        .filter(|english| !english.contains('{') && !french.contains(english))
        // "Français" is how the English page names the other language, and "English" the French one.
        .filter(|english| !["Français", "English"].contains(english))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_told_in_both_languages() {
        let french = |text| in_language(text, Language::French);
        assert_eq!(french("Sign in with SSO"), ["Se connecter avec SSO"]);
        assert_eq!(french("Connect Okta"), ["Connecter Okta"]);
        assert_eq!(french("Ada Lovelace"), ["Ada Lovelace"]);
        assert_eq!(
            french("Copy: Organization name"),
            ["Copier : Nom de l’organisation"]
        );
        assert_eq!(
            in_language("Connect Okta", Language::English),
            ["Connect Okta"]
        );
    }
}
