//! A state, as icon, word and colour; never by colour alone.

use leptos::prelude::*;

use crate::{
    ui::icon::icon,
    words::{Text, t},
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
pub fn badge(tone: Tone, picture: &'static str, label: impl Into<Text>) -> AnyView {
    drawn(tone, picture, label.into())
}

fn drawn(tone: Tone, picture: &'static str, label: Text) -> AnyView {
    view! {
        <span class="badge" data-tone=tone.code()>
            {icon(picture)}
            <span>{t(label)}</span>
        </span>
    }
    .into_any()
}
