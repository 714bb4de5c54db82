//! The first minute: the organization's name and its first administrator.
//!
//! The token of the one-time link stands in the fragment, which no server log sees, and leaves the address bar at once.

use api::set_up::{SetUpForm, SetUpState};
use leptos::prelude::*;
use locales::keys;
use wasm_bindgen::JsValue;

use crate::{
    api as server, navigation, paths, problems,
    ui::{
        button::{Button, Weight},
        field::{Field, Kind, Look},
        form::Form,
        load::{Remote, bones, empty},
        page::{Head, page},
    },
    words::t,
};

#[must_use]
pub fn set_up() -> AnyView {
    let token = taken_token();
    let state = Remote::new(|| Box::pin(async { server::set_up_state().await.map_err(|it| problems::notice(&it)) }));
    let body = state.draw(
        || bones("form", 4),
        move |state| match *state {
            SetUpState { needed: true } if token.is_empty() => {
                empty("key", keys::SET_UP_NO_TOKEN_TITLE, keys::SET_UP_NO_TOKEN_FIX, None)
            }
            SetUpState { needed: true } => form(token.clone()),
            SetUpState { needed: false } => {
                // Not a page of the console, so the browser loads it.
                let sign_in = view! {
                    <a class="button" data-weight="primary" href=api::paths::SIGN_IN>{t(keys::SET_UP_SIGN_IN)}</a>
                };
                empty("done", keys::SET_UP_DONE_TITLE, keys::SET_UP_DONE_FIX, Some(sign_in.into_any()))
            }
        },
    );
    let inside = page(Head::new(keys::SET_UP_TITLE).lede(keys::SET_UP_LEDE), body);
    view! {
        <main class="alone" id="main">
            <div class="panel">
                <div class="brand">
                    <span class="mark" aria-hidden="true">"S"</span>
                    <span class="brand-name">"SSO Console"</span>
                </div>
                {inside}
            </div>
        </main>
    }
    .into_any()
}

/// Reads the token and takes it out of the address bar and the history.
fn taken_token() -> String {
    let fragment = window().location().hash().unwrap_or_default();
    let token = navigation::value_of(fragment.trim_start_matches('#'), "token");
    if !fragment.is_empty()
        && let Ok(history) = window().history()
    {
        let path = window().location().pathname().unwrap_or_default();
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
    }
    token
}

fn form(token: String) -> AnyView {
    let organization = RwSignal::new(String::new());
    let name = RwSignal::new(String::new());
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let wish = move || SetUpForm {
        token: token.clone(),
        organization: organization.get(),
        name: name.get(),
        email: email.get(),
        password: password.get(),
    };
    let form = {
        let wish = wish.clone();
        Form::new(move || wish().validate().map_or_else(|it| problems::faults(&it), |_| Vec::new()))
    };
    let send = Callback::new(move |()| {
        if !form.begin() {
            return;
        }
        let wish = wish();
        leptos::task::spawn_local(async move {
            match server::set_up(&wish).await {
                Ok(()) => navigation::leave(&paths::overview()),
                Err(trouble) => form.fail(problems::notice(&trouble), problems::refused(&trouble)),
            }
        });
    });
    let organization_look = Look {
        hint: Some(keys::SET_UP_ORGANIZATION_HINT.into()),
        complete: "organization",
        ..Look::default()
    };
    let name_look = Look { complete: "name", ..Look::default() };
    let email_look = Look { kind: Kind::Email, complete: "email", ..Look::default() };
    let password_look = Look {
        kind: Kind::Secret,
        hint: Some(keys::SET_UP_PASSWORD_HINT.into()),
        complete: "new-password",
        ..Look::default()
    };
    let inside = view! {
        <div class="fields">
            <Field form=form name="organization" label=keys::ORGANIZATION_NAME value=organization look=organization_look />
            <Field form=form name="name" label=keys::SET_UP_NAME value=name look=name_look />
            <Field form=form name="email" label=keys::SET_UP_EMAIL value=email look=email_look />
            <Field form=form name="password" label=keys::SET_UP_PASSWORD value=password look=password_look />
        </div>
        <div class="form-actions">
            <Button label=keys::SET_UP_FINISH weight=Weight::Primary busy=form.busy />
        </div>
    };
    form.draw(send, inside.into_any())
}
