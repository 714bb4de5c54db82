//! What every page of the door has around it: head, organization, heading, language. It must not
//! know what the page is about.

use api::paths;
use locales::{Key, Language, fill, keys, text};

use super::{html::Html, link};

/// What every page is told.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub language: Language,
    /// What the person chose; none follows the system.
    pub theme: Option<Theme>,
    /// None while there is none yet or it cannot be read: the product's name stands in.
    pub organization: Option<&'a str>,
    /// Path and query at which a GET shows this page: the language link leads there.
    pub here: &'a str,
}

/// Light or dark, when a person chose one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Theme {
    /// The word in the cookie `theme` and in the page.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Light, Self::Dark]
            .into_iter()
            .find(|theme| theme.code() == code)
    }
}

impl Frame<'_> {
    /// A text of the page's language.
    pub(super) fn say(&self, key: Key) -> &'static str {
        text(self.language, key)
    }

    /// A text that names a provider.
    pub(super) fn say_of(&self, key: Key, provider: api::Provider) -> String {
        fill(self.say(key), &[("provider", provider.name())])
    }

    pub(super) fn organization(&self) -> &str {
        self.organization
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| self.say(keys::DOOR_PRODUCT))
    }
}

/// The whole document; `inner` writes what stands under the heading.
pub(super) fn page(frame: &Frame<'_>, heading: &str, inner: impl FnOnce(&mut Html)) -> String {
    let organization = frame.organization();
    let mut html = Html::document();
    let lang = ("lang", frame.language.tag());
    let chosen = frame.theme.map(|theme| ("data-theme", theme.code()));
    let attributes: Vec<_> = std::iter::once(lang).chain(chosen).collect();
    html.element("html", &attributes, |html| {
        html.element("head", &[], |html| {
            html.void("meta", &[("charset", "utf-8")]);
            html.void(
                "meta",
                &[
                    ("name", "viewport"),
                    ("content", "width=device-width,initial-scale=1"),
                ],
            );
            html.leaf("title", &[], &format!("{heading} · {organization}"));
            html.void(
                "link",
                &[("rel", "stylesheet"), ("href", paths::DOOR_STYLE)],
            );
            // Without it browsers ask for /favicon.ico, which is not there.
            html.void(
                "link",
                &[
                    ("rel", "icon"),
                    ("href", paths::ICON),
                    ("type", "image/svg+xml"),
                ],
            );
        });
        html.element("body", &[], |html| {
            html.element("main", &[], |html| {
                html.element("p", &[("class", "brand")], |html| {
                    html.leaf("span", &[("aria-hidden", "true")], &initial(organization));
                    html.text(organization);
                });
                html.leaf("h1", &[], heading);
                inner(html);
            });
            html.element("footer", &[], |html| other_language(html, frame));
        });
    });
    html.finish()
}

/// The reference number, drawn so that it can be read out and copied.
pub(super) fn reference(html: &mut Html, frame: &Frame<'_>, reference: &str) {
    html.element("p", &[("class", "reference")], |html| {
        html.text(frame.say(keys::DOOR_REFERENCE));
        html.text(" ");
        html.leaf("code", &[], reference);
    });
}

fn other_language(html: &mut Html, frame: &Frame<'_>) {
    let other = match frame.language {
        Language::English => Language::French,
        Language::French => Language::English,
    };
    let href = link::in_language(frame.here, other);
    let attributes = [
        ("href", href.as_str()),
        ("lang", other.tag()),
        ("hreflang", other.tag()),
    ];
    html.leaf("a", &attributes, frame.say(keys::DOOR_OTHER_LANGUAGE));
}

/// The first letter or digit, as capital, for the square beside the name.
fn initial(name: &str) -> String {
    let first = name
        .chars()
        .find(|c| c.is_alphanumeric())
        .or_else(|| name.chars().next());
    first.into_iter().flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_initial_is_a_letter_or_digit_where_there_is_one() {
        for (name, letter) in [
            ("northwind", "N"),
            ("« Écoles »", "É"),
            ("3M", "3"),
            ("株式会社", "株"),
            ("ßoft", "SS"),
            ("🙂", "🙂"),
            ("", ""),
        ] {
            assert_eq!(initial(name), letter, "{name:?}");
        }
    }

    #[test]
    fn a_theme_reads_back_from_its_cookie() {
        assert_eq!(Theme::from_code("dark"), Some(Theme::Dark));
        assert_eq!(Theme::from_code("light"), Some(Theme::Light));
        assert_eq!(Theme::from_code("\"><script>"), None);
    }
}
