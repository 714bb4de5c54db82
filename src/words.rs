//! The words on the screen, in the language that the person chose.
//!
//! One catalogue at a time is here; another language replaces it and every text on the screen follows. It must not
//! know where a catalogue comes from.

use std::sync::Arc;

use leptos::prelude::*;
use locales::{Key, Language, fill};

use crate::{choices, ui::format};

#[derive(Clone, Default)]
struct Catalogue {
    language: Language,
    texts: Arc<Vec<String>>,
}

thread_local! {
    // Not a context: texts are also made where no component is, in the answer to a request for instance.
    static CATALOGUE: ArcRwSignal<Catalogue> = ArcRwSignal::new(Catalogue::default());
}

/// Something to say: a text by its key, one with values in it, or words that are nobody's to translate.
#[derive(Clone, Debug, PartialEq)]
pub enum Text {
    Key(Key),
    Filled(Key, Arc<[(&'static str, String)]>),
    Plain(Arc<str>),
}

impl Text {
    /// A text whose `{names}` are replaced.
    #[must_use]
    pub fn with(key: Key, values: &[(&'static str, &str)]) -> Self {
        Self::Filled(
            key,
            values
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
        )
    }

    /// In the language of now; whoever tracks it is told of another.
    #[must_use]
    pub fn read(&self) -> String {
        match self {
            Self::Key(key) => text(*key),
            Self::Filled(key, values) => {
                let values: Vec<(&str, &str)> = values
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                fill(&text(*key), &values)
            }
            Self::Plain(text) => text.to_string(),
        }
    }
}

impl From<Key> for Text {
    fn from(key: Key) -> Self {
        Self::Key(key)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Plain(text.into())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Plain(text.into())
    }
}

/// Puts a language's texts in place. They are in the order of the keys.
pub fn put(language: Language, texts: Vec<String>) {
    CATALOGUE.with(|it| {
        it.set(Catalogue {
            language,
            texts: Arc::new(texts),
        });
    });
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", language.tag());
    }
}

/// The language of the screen; tracked.
#[must_use]
pub fn language() -> Language {
    CATALOGUE.with(|it| it.with(|catalogue| catalogue.language))
}

/// One text; tracked. Empty while there is no catalogue.
#[must_use]
pub fn text(key: Key) -> String {
    CATALOGUE.with(|it| {
        it.with(|catalogue| {
            catalogue
                .texts
                .get(key.index())
                .cloned()
                .unwrap_or_default()
        })
    })
}

/// One text for a view: `<h1>{t(keys::USERS_TITLE)}</h1>`. It follows the language.
pub fn t(text: impl Into<Text>) -> impl Fn() -> String + Clone + Send + Sync + 'static {
    said(text.into())
}

// Every text in every view is of this one type, and so compiled once.
fn said(text: Text) -> impl Fn() -> String + Clone + Send + Sync + 'static {
    move || text.read()
}

/// A text with a number: `one` or `many` by the rules of the language, `{n}` is the number.
#[must_use]
pub fn counted(one: Key, many: Key, n: u64) -> String {
    let key = if language().is_singular(n) { one } else { many };
    fill(&text(key), &[("n", &format::number(n))])
}

/// The language to start with: the one chosen before, else the first that the browser prefers and we have.
#[must_use]
pub fn preferred() -> Language {
    if let Some(language) = choices::kept(choices::LANGUAGE)
        .as_deref()
        .and_then(Language::from_tag)
    {
        return language;
    }
    let wishes = window().navigator().languages();
    wishes
        .iter()
        .find_map(|wish| Language::from_tag(&wish.as_string()?))
        .unwrap_or_default()
}
