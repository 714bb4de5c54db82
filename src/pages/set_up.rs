//! The first minute: the organization's name and its first administrator.
//!
//! The token of the one-time link stands in the fragment, which no server log sees, and leaves the address bar at once.

use std::sync::Arc;

use api::set_up::{SetUpForm, SetUpState};
use leptos::prelude::*;
use locales::keys;
use wasm_bindgen::JsValue;

use crate::{
    api as server, navigation, paths, problems,
    ui::{
        button::{Weight, link_button, submit},
        el::{El, View, div, el, span},
        field::{Kind, Look, field},
        form::Form,
        load::{Remote, bones, empty},
        page::{Head, page},
        task::{act, later},
    },
};

#[must_use]
pub fn set_up() -> View {
    let token = taken_token();
    let state = Remote::new(|| problems::asked(server::set_up_state()));
    let body = state.draw(
        || bones("form", 4),
        move |state: Arc<SetUpState>| {
            if !state.needed {
                // Not a page of the console, so the browser loads it.
                let sign_in = link_button(
                    api::paths::SIGN_IN.to_owned(),
                    keys::SET_UP_SIGN_IN,
                    Weight::Primary,
                    "",
                );
                empty(
                    "done",
                    keys::SET_UP_DONE_TITLE,
                    keys::SET_UP_DONE_FIX,
                    Some(sign_in.done()),
                )
                .done()
            } else if token.is_empty() {
                empty(
                    "key",
                    keys::SET_UP_NO_TOKEN_TITLE,
                    keys::SET_UP_NO_TOKEN_FIX,
                    None,
                )
                .done()
            } else {
                form(token.clone()).done()
            }
        },
    );
    let brand = div("brand")
        .child(span("mark").attr("aria-hidden", "true").child("S"))
        .child(span("brand-name").child("SSO Console"));
    let inside = page(Head::new(keys::SET_UP_TITLE).lede(keys::SET_UP_LEDE), body);
    let panel = div("panel").child(brand).child(inside);
    el("main")
        .class("alone")
        .attr("id", "main")
        .child(panel)
        .done()
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

fn form(token: String) -> El {
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
        Form::new(move || {
            wish()
                .validate()
                .map_or_else(|it| problems::faults(&it), |_| Vec::new())
        })
    };
    let send = act(move || {
        if !form.begin() {
            return;
        }
        let wish = untrack(&wish);
        later(async move {
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
    let name_look = Look {
        complete: "name",
        ..Look::default()
    };
    let email_look = Look {
        kind: Kind::Email,
        complete: "email",
        ..Look::default()
    };
    let password_look = Look {
        kind: Kind::Secret,
        hint: Some(keys::SET_UP_PASSWORD_HINT.into()),
        complete: "new-password",
        ..Look::default()
    };
    let fields = div("fields")
        .child(field(
            form,
            "organization",
            keys::ORGANIZATION_NAME,
            organization,
            organization_look,
            None,
        ))
        .child(field(
            form,
            "name",
            keys::SET_UP_NAME,
            name,
            name_look,
            None,
        ))
        .child(field(
            form,
            "email",
            keys::SET_UP_EMAIL,
            email,
            email_look,
            None,
        ))
        .child(field(
            form,
            "password",
            keys::SET_UP_PASSWORD,
            password,
            password_look,
            None,
        ));
    let actions = div("form-actions").child(submit(keys::SET_UP_FINISH, form.busy.into()));
    form.draw(send, vec![fields.done(), actions.done()])
}
