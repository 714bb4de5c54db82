//! Writing HTML. Names of tags and attributes are literals of ours; everything else is a value and
//! is escaped here, the only place that does so. It must know nothing of pages.

use api::names::must_be_escaped;

/// The attributes of an element. One with an empty value is written as its name alone.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// A document in the making. What is opened is closed: an element's inside is a closure.
pub(super) struct Html(String);

impl Html {
    pub(super) fn document() -> Self {
        let mut text = String::with_capacity(2048);
        text.push_str("<!doctype html>");
        Self(text)
    }

    pub(super) fn finish(self) -> String {
        self.0
    }

    /// An element with whatever `inner` writes inside.
    pub(super) fn element(
        &mut self,
        tag: &'static str,
        attributes: Attributes<'_>,
        inner: impl FnOnce(&mut Self),
    ) {
        self.void(tag, attributes);
        inner(self);
        self.0.push_str("</");
        self.0.push_str(tag);
        self.0.push('>');
    }

    /// An element with nothing but text inside.
    pub(super) fn leaf(&mut self, tag: &'static str, attributes: Attributes<'_>, text: &str) {
        self.element(tag, attributes, |html| html.text(text));
    }

    /// An element that has no inside, such as `input`.
    pub(super) fn void(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            if !value.is_empty() {
                self.0.push_str("=\"");
                escape(value, &mut self.0);
                self.0.push('"');
            }
        }
        self.0.push('>');
    }

    pub(super) fn text(&mut self, text: &str) {
        escape(text, &mut self.0);
    }
}

/// Right for text and for attributes in double quotes, which is all that is ever written. Control characters, and those
/// that reorder or hide text, become U+FFFD: they have no meaning in a page and make one name look like another.
fn escape(value: &str, into: &mut String) {
    for c in value.chars() {
        match c {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            '\n' | '\t' => into.push(c),
            c if must_be_escaped(c) => into.push('\u{fffd}'),
            c => into.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_never_ends_its_place() {
        let mut html = Html::document();
        html.element("a", &[("href", "\"><b>'&"), ("hidden", "")], |html| {
            html.text("</a>\u{0}");
        });
        assert_eq!(
            html.finish(),
            "<!doctype html><a href=\"&quot;&gt;&lt;b&gt;&#39;&amp;\" hidden>&lt;/a&gt;\u{fffd}</a>"
        );
    }

    #[test]
    fn words_of_any_language_stay_as_they_are() {
        let mut text = String::new();
        escape("Où ça ? Zoë, 株式会社, שלום", &mut text);
        assert_eq!(text, "Où ça ? Zoë, 株式会社, שלום");
    }
}
