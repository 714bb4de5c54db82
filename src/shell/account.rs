//! The account menu: who one is, how one came in, language, theme, and the way out.

use std::sync::Arc;

use api::SignedInBy;
use leptos::prelude::*;
use locales::{Key, Language, keys};

use crate::{
    api as server, app, navigation,
    pages::states,
    problems,
    session::{initials, use_session},
    theme::{Theme, use_theme},
    ui::{
        button::{Button, button},
        el::{El, Inside, View, div, el, live, p, span},
        field::choice,
        icon::icon,
        overlay::menu,
        task::{act, later},
        toast::use_toasts,
    },
    words::{self, Text},
};

/// Language and theme at one press, where the top bar has room for them.
pub(super) fn switches() -> El {
    let toasts = use_toasts();
    let theme = use_theme();
    let language = el("button")
        .class("button")
        .attr("type", "button")
        .attr("data-weight", "quiet")
        .live("lang", move || Some(other_language().tag().to_owned()))
        .on("click", move |_| app::speak(other_language(), toasts))
        .child(live(move || language_name(other_language())));
    let name = move || {
        let theme = words::text(theme_name(theme.get()));
        Some(Text::with(keys::ACCOUNT_THEME_IS, &[("theme", &theme)]).read())
    };
    let theme = el("button")
        .class("icon-button")
        .attr("type", "button")
        .live("aria-label", name)
        .live("title", name)
        .on("click", move |_| {
            theme.set(next_theme(theme.get_untracked()));
        })
        .child(live(move || icon(theme_picture(theme.get()))));
    div("switches").child(language).child(theme)
}

/// The button with one's initials, and what opens under it.
pub(super) fn account() -> View {
    let session = use_session();
    // The initials are a picture, drawn by the style sheet: as a text they would have to be in the button's name.
    let face = span("avatar").live("data-initials", move || {
        Some(session.with(|it| initials(&it.name)))
    });
    let role = move || {
        session.with(|it| {
            format!(
                "{} · {}",
                words::text(states::role_name(it.role)),
                words::text(way_in(it.signed_in_by))
            )
        })
    };
    let inside = move || {
        let who = div("account-who")
            .child(p("strong").child(live(move || session.with(|it| it.name.clone()))))
            .child(p("muted small").child(live(move || session.with(|it| it.email.clone()))))
            .child(p("muted small").child(live(role)));
        vec![
            who.done(),
            language_choice().done(),
            theme_choice().done(),
            sign_out().inside(),
        ]
    };
    menu("account", keys::ACCOUNT_TITLE, face, inside)
}

fn way_in(way: SignedInBy) -> Key {
    match way {
        SignedInBy::Password => keys::ACCOUNT_BY_PASSWORD,
        SignedInBy::BreakGlass => keys::ACCOUNT_BY_CODE,
        SignedInBy::Okta => keys::ACCOUNT_BY_OKTA,
        SignedInBy::Google => keys::ACCOUNT_BY_GOOGLE,
        SignedInBy::Microsoft => keys::ACCOUNT_BY_MICROSOFT,
    }
}

/// A language's name in itself.
fn language_name(language: Language) -> &'static str {
    match language {
        Language::English => "English",
        Language::French => "Français",
    }
}

fn other_language() -> Language {
    match words::language() {
        Language::English => Language::French,
        Language::French => Language::English,
    }
}

fn theme_name(theme: Theme) -> Key {
    match theme {
        Theme::System => keys::ACCOUNT_THEME_SYSTEM,
        Theme::Light => keys::ACCOUNT_THEME_LIGHT,
        Theme::Dark => keys::ACCOUNT_THEME_DARK,
    }
}

fn theme_picture(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "monitor",
        Theme::Light => "sun",
        Theme::Dark => "moon",
    }
}

fn next_theme(theme: Theme) -> Theme {
    match theme {
        Theme::System => Theme::Light,
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::System,
    }
}

fn language_choice() -> El {
    let toasts = use_toasts();
    let options = Language::ALL
        .map(|it| (it.tag(), Text::from(language_name(it)), None))
        .to_vec();
    let value = Signal::derive(|| words::language().tag().to_owned());
    let choose = Arc::new(move |tag: &'static str| {
        if let Some(language) = Language::from_tag(tag) {
            app::speak(language, toasts);
        }
    });
    choice(
        "language",
        keys::ACCOUNT_LANGUAGE,
        options,
        value,
        choose,
        true,
    )
}

fn theme_choice() -> El {
    let theme = use_theme();
    let options = Theme::ALL
        .map(|it| (it.code(), Text::from(theme_name(it)), None))
        .to_vec();
    let value = Signal::derive(move || theme.get().code().to_owned());
    let choose = Arc::new(move |code: &'static str| theme.set(Theme::from_code(code)));
    choice("theme", keys::ACCOUNT_THEME, options, value, choose, true)
}

fn sign_out() -> Button {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let place = navigation::use_place();
    let out = act(move || {
        busy.set(true);
        later(async move {
            match server::sign_out().await {
                Ok(next) => navigation::leave(&next),
                Err(trouble) => {
                    busy.set(false);
                    toasts.failed(problems::notice(&trouble).title);
                }
            }
        });
    });
    let leave = act(move || place.kept(out.clone()));
    button(keys::ACCOUNT_SIGN_OUT, leave)
        .picture("leave")
        .busy(busy)
}
