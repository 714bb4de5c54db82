//! The account menu: who one is, how one came in, language, theme, and the way out.

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
        button::Button,
        field::Choice,
        icon::icon,
        overlay::menu,
        toast::use_toasts,
    },
    words::{self, Text},
};

/// Language and theme at one press, where the top bar has room for them.
#[must_use]
pub(super) fn switches() -> AnyView {
    let toasts = use_toasts();
    let theme = use_theme();
    let other = move || match words::language() {
        Language::English => Language::French,
        Language::French => Language::English,
    };
    let next = move || match theme.get() {
        Theme::System => Theme::Light,
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::System,
    };
    let picture = move || match theme.get() {
        Theme::System => "monitor",
        Theme::Light => "sun",
        Theme::Dark => "moon",
    };
    let theme_label = move || Text::with(keys::ACCOUNT_THEME_IS, &[("theme", &words::text(theme_name(theme.get())))]).read();
    view! {
        <div class="switches">
            <button
                class="button"
                type="button"
                data-weight="quiet"
                lang=move || other().tag()
                on:click=move |_| app::speak(other(), toasts)
            >
                {move || language_name(other())}
            </button>
            <button
                class="icon-button"
                type="button"
                aria-label=theme_label
                title=theme_label
                on:click=move |_| theme.set(next())
            >
                {move || icon(picture())}
            </button>
        </div>
    }
    .into_any()
}

/// The button with one's initials, and what opens under it.
#[must_use]
pub(super) fn account() -> AnyView {
    let session = use_session();
    let face = view! { <span class="avatar">{move || session.with(|it| initials(&it.name))}</span> };
    let who = view! {
        <div class="account-who">
            <p class="strong">{move || session.with(|it| it.name.clone())}</p>
            <p class="muted small">{move || session.with(|it| it.email.clone())}</p>
            <p class="muted small">
                {move || words::text(states::role_name(session.with(|it| it.role)))} " · "
                {move || words::text(way_in(session.with(|it| it.signed_in_by)))}
            </p>
        </div>
    };
    let inside = view! {
        {who}
        {language_choice()}
        {theme_choice()}
        {sign_out()}
    };
    menu("account", keys::ACCOUNT_TITLE, face.into_any(), inside.into_any())
}

fn way_in(way: SignedInBy) -> Key {
    match way {
        SignedInBy::Password => keys::ACCOUNT_BY_PASSWORD,
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

fn theme_name(theme: Theme) -> Key {
    match theme {
        Theme::System => keys::ACCOUNT_THEME_SYSTEM,
        Theme::Light => keys::ACCOUNT_THEME_LIGHT,
        Theme::Dark => keys::ACCOUNT_THEME_DARK,
    }
}

fn language_choice() -> AnyView {
    let toasts = use_toasts();
    let options = Language::ALL.map(|it| (it.tag(), Text::from(language_name(it)), None)).to_vec();
    let value = Signal::derive(|| words::language().tag().to_owned());
    let choose = Callback::new(move |tag: &'static str| {
        if let Some(language) = Language::from_tag(tag) {
            app::speak(language, toasts);
        }
    });
    view! { <Choice name="language" label=keys::ACCOUNT_LANGUAGE options=options value=value on_choose=choose compact=true /> }.into_any()
}

fn theme_choice() -> AnyView {
    let theme = use_theme();
    let options = Theme::ALL.map(|it| (it.code(), Text::from(theme_name(it)), None)).to_vec();
    let value = Signal::derive(move || theme.get().code().to_owned());
    let choose = Callback::new(move |code: &'static str| theme.set(Theme::from_code(code)));
    view! { <Choice name="theme" label=keys::ACCOUNT_THEME options=options value=value on_choose=choose compact=true /> }.into_any()
}

fn sign_out() -> AnyView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let leave = Callback::new(move |()| {
        busy.set(true);
        leptos::task::spawn_local(async move {
            match server::sign_out().await {
                Ok(next) => navigation::leave(&next),
                Err(trouble) => {
                    busy.set(false);
                    toasts.failed(problems::notice(&trouble).title);
                }
            }
        });
    });
    view! { <Button label=keys::ACCOUNT_SIGN_OUT picture="leave" busy=busy on_press=leave /> }.into_any()
}
