//! A state, as icon, word and colour; never by colour alone.

use crate::{
    ui::{
        el::{El, el, span},
        icon::icon,
    },
    words::Text,
};

/// What a colour says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Accent,
    Good,
    Bad,
    Warning,
}

impl Tone {
    /// The value of `data-tone`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Warning => "warning",
        }
    }
}

/// A pill with icon and word.
#[must_use]
pub fn badge(tone: Tone, picture: &'static str, label: impl Into<Text>) -> El {
    let label = el("span").child(label.into());
    span("badge")
        .attr("data-tone", tone.code())
        .child(icon(picture))
        .child(label)
}
