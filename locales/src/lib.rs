//! Every sentence that a person reads, by typed key, in English and French.
//!
//! The words live in `en/*.json` and `fr/*.json`, flat keys `page.part.piece`, one file an area. A
//! key that is missing in one language, or has other `{placeholders}` there, fails the build. The
//! server embeds both (feature `texts`); the console fetches the one in use.

mod acts;
mod causes;
mod wording;

pub use acts::{act_name, acts};
pub use causes::{CauseWords, cause_title, cause_words};
pub use wording::{field_fault, problem_title};

/// A text, as an index into the catalogue of any language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(u16);

/// One constant for each text: `users.title` is `keys::USERS_TITLE`.
pub mod keys {
    use super::Key;
    include!(concat!(env!("OUT_DIR"), "/keys.rs"));
}

/// Changes with every change of a key or a text.
pub const HASH: &str = env!("LOCALES_HASH");

/// The languages there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    English,
    French,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::French];

    /// The BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// The language with this tag, regions ignored: `fr-CA` is French.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?.trim();
        Self::ALL
            .into_iter()
            .find(|it| it.tag().eq_ignore_ascii_case(primary))
    }

    /// The first language of an `Accept-Language` header that there is (RFC 9110 §12.5.4, in the
    /// order of the list: browsers send it sorted).
    #[must_use]
    pub fn from_header(header: &str) -> Option<Self> {
        header
            .split(',')
            .filter_map(|part| part.split(';').next())
            .find_map(Self::from_tag)
    }

    /// Whether `count` takes the singular: French says "0 utilisateur", English "0 users".
    #[must_use]
    pub fn is_singular(self, count: u64) -> bool {
        match self {
            Self::English => count == 1,
            Self::French => count <= 1,
        }
    }
}

impl Key {
    /// The place of the text in a language's array, as `GET /locales/{language}` answers it.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// Puts values in for the `{names}` of a text. A name without a value stays as it is.
#[must_use]
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let known = after.split_once('}').and_then(|(name, tail)| {
            let value = values.iter().find(|(known, _)| *known == name)?.1;
            Some((value, tail))
        });
        if let Some((value, tail)) = known {
            filled.push_str(value);
            rest = tail;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(feature = "texts")]
static ENGLISH: &[&str] = include!(concat!(env!("OUT_DIR"), "/en.rs"));
#[cfg(feature = "texts")]
static FRENCH: &[&str] = include!(concat!(env!("OUT_DIR"), "/fr.rs"));
#[cfg(feature = "texts")]
static NAMES: &[&str] = include!(concat!(env!("OUT_DIR"), "/names.rs"));

/// Every text of a language, in the order of the keys.
#[cfg(feature = "texts")]
#[must_use]
pub fn texts(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => ENGLISH,
        Language::French => FRENCH,
    }
}

/// The texts of a language as the console fetches them: a JSON array in the order of the keys.
#[cfg(feature = "texts")]
#[derive(Clone, Copy)]
pub struct Packed {
    /// The entity tag, in its quotes: of this language in this wording.
    pub tag: &'static str,
    pub raw: &'static [u8],
    pub brotli: &'static [u8],
    pub gzip: &'static [u8],
}

#[cfg(feature = "texts")]
#[must_use]
pub fn packed(language: Language) -> Packed {
    macro_rules! of {
        ($tag:literal) => {
            Packed {
                tag: concat!("\"", $tag, "-", env!("LOCALES_HASH"), "\""),
                raw: include_bytes!(concat!(env!("OUT_DIR"), "/", $tag, ".json")),
                brotli: include_bytes!(concat!(env!("OUT_DIR"), "/", $tag, ".br")),
                gzip: include_bytes!(concat!(env!("OUT_DIR"), "/", $tag, ".gz")),
            }
        };
    }
    match language {
        Language::English => of!("en"),
        Language::French => of!("fr"),
    }
}

/// The names of the keys, in their order.
#[cfg(feature = "texts")]
#[must_use]
pub fn names() -> &'static [&'static str] {
    NAMES
}

/// One text.
#[cfg(feature = "texts")]
#[must_use]
pub fn text(language: Language, key: Key) -> &'static str {
    texts(language)[key.index()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_where_their_names_stand() {
        assert_eq!(
            fill("{n} of {all}, {missing} {", &[("n", "1"), ("all", "{n}")]),
            "1 of {n}, {missing} {"
        );
    }

    #[test]
    fn the_first_known_language_of_the_header_wins() {
        assert_eq!(
            Language::from_header("de-DE,fr-CA;q=0.9,en;q=0.8"),
            Some(Language::French)
        );
        assert_eq!(Language::from_header("de"), None);
    }
}
