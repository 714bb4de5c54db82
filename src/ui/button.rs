//! Buttons, and links that look like them.

use leptos::prelude::*;

use crate::{
    ui::icon::icon,
    words::{Text, t},
};

/// How much a button asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    #[default]
    Plain,
    /// One on a page.
    Primary,
    /// Takes something away.
    Danger,
    /// Hardly there.
    Quiet,
}

impl Weight {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Primary => "primary",
            Self::Danger => "danger",
            Self::Quiet => "quiet",
        }
    }
}

/// A button. Without `on_press` it submits the form that it stands in. While `busy` it keeps the focus and its width,
/// and a second press does nothing.
#[component]
pub fn Button(
    #[prop(into)] label: Text,
    #[prop(optional)] weight: Weight,
    #[prop(optional)] picture: &'static str,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
) -> AnyView {
    let kind = if on_press.is_some() { "button" } else { "submit" };
    let press = move |event: web_sys::MouseEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            class="button"
            type=kind
            data-weight=weight.code()
            aria-disabled=move || busy.get().then_some("true")
            data-busy=move || busy.get().then_some("")
            on:click=press
        >
            {(!picture.is_empty()).then(|| icon(picture))}
            <span>{t(label)}</span>
        </button>
    }
    .into_any()
}

/// A link to another page, drawn as a button.
#[must_use]
pub fn link_button(href: String, label: impl Into<Text>, weight: Weight, picture: &'static str) -> AnyView {
    link(href, label.into(), weight, picture)
}

fn link(href: String, label: Text, weight: Weight, picture: &'static str) -> AnyView {
    view! {
        <a class="button" href=href data-weight=weight.code()>
            {(!picture.is_empty()).then(|| icon(picture))}
            <span>{t(label)}</span>
        </a>
    }
    .into_any()
}
