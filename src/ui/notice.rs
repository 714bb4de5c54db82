//! What happened, what to do about it, and the reference to look it up by.

use locales::keys;

use crate::{
    ui::{
        badge::Tone,
        el::{El, View, code, div, el, p},
        icon::icon,
    },
    words::Text,
};

/// A sentence that stays until its reason is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub tone: Tone,
    pub picture: &'static str,
    pub title: Text,
    pub advice: Option<Text>,
    /// Further lines, such as the provider's own words.
    pub details: Vec<Text>,
    pub reference: Option<String>,
}

impl Notice {
    /// Something went wrong.
    pub fn new(title: impl Into<Text>, advice: impl Into<Text>) -> Self {
        Self {
            tone: Tone::Bad,
            picture: "alert",
            title: title.into(),
            advice: Some(advice.into()),
            details: Vec::new(),
            reference: None,
        }
    }

    /// Something to know.
    pub fn info(tone: Tone, picture: &'static str, title: impl Into<Text>) -> Self {
        Self {
            tone,
            picture,
            title: title.into(),
            advice: None,
            details: Vec::new(),
            reference: None,
        }
    }

    #[must_use]
    pub fn icon(mut self, picture: &'static str) -> Self {
        self.picture = picture;
        self
    }

    #[must_use]
    pub fn advice(mut self, advice: impl Into<Text>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    #[must_use]
    pub fn detail(mut self, detail: impl Into<Text>) -> Self {
        self.details.push(detail.into());
        self
    }

    #[must_use]
    pub fn reference(mut self, reference: &str) -> Self {
        self.reference = Some(reference.to_owned());
        self
    }
}

/// Draws it; `actions` stand under the text. What is wrong is announced, what is good to know is not.
#[must_use]
pub fn notice(notice: Notice, actions: Option<View>) -> El {
    let alert = notice.tone == Tone::Bad;
    let mut text = div("notice-text").child(p("notice-title").child(notice.title));
    if let Some(advice) = notice.advice {
        text = text.child(el("p").child(advice));
    }
    for detail in notice.details {
        text = text.child(p("small").child(detail));
    }
    if let Some(reference) = notice.reference {
        text = text.child(
            p("small")
                .child(keys::PROBLEM_REFERENCE)
                .child(" ")
                .child(code(reference)),
        );
    }
    if let Some(actions) = actions {
        text = text.child(div("notice-actions").child(actions));
    }
    let drawn = div("notice")
        .attr("data-tone", notice.tone.code())
        .child(icon(notice.picture))
        .child(text);
    if alert {
        drawn.attr("role", "alert")
    } else {
        drawn
    }
}
