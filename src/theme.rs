//! Light, dark, or as the system has it: kept in the browser, worn by the root element.
//!
//! It must not know any colour: the style sheet has them.

use leptos::prelude::*;

use crate::choices;

/// What the person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in the cookie and on the root element.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice of the last visit.
    #[must_use]
    pub fn stored() -> Self {
        Self::from_code(&choices::kept(choices::THEME).unwrap_or_default())
    }

    /// The choice with this word; what is no choice is the system's.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|it| it.code() == code)
            .unwrap_or_default()
    }

    /// Puts it on and keeps it.
    pub fn wear(self) {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-theme", self.code());
        }
        match self {
            Self::System => choices::keep(choices::THEME, None),
            Self::Light | Self::Dark => choices::keep(choices::THEME, Some(self.code())),
        }
    }
}

/// The choice of now, in the context; it is worn as soon as it changes.
#[derive(Clone, Copy)]
pub struct Current(RwSignal<Theme>);

impl Current {
    #[must_use]
    pub fn follow() -> Self {
        let theme = RwSignal::new(Theme::stored());
        // The root element and the cookie are outside of what is drawn.
        Effect::new(move |_| theme.get().wear());
        Self(theme)
    }
}

/// The choice, from the context that `app` set.
#[must_use]
pub fn use_theme() -> RwSignal<Theme> {
    expect_context::<Current>().0
}
