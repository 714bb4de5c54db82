//! Fields: label, hint, error in its place; and choices.

use std::sync::Arc;

use console::ui::{
    el::{El, Inside, View, div, p},
    field::{Kind, Look, choice, field},
    form::Form,
};
use leptos::prelude::*;
use locales::{Key, keys};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::{Desk, description};

/// A name that may not be empty.
fn name(value: RwSignal<String>, look: Look, more: Option<El>) -> (Form, View) {
    let form = Form::new(move || {
        let fault: Option<Key> = value.get().is_empty().then_some(keys::FIELD_REQUIRED);
        fault
            .map(|key| ("name".to_owned(), key))
            .into_iter()
            .collect()
    });
    (
        form,
        field(form, "name", keys::USERS_NAME, value, look, more).done(),
    )
}

#[wasm_bindgen_test]
async fn a_field_is_named_by_its_label_and_described_by_its_hint() {
    let value = RwSignal::new("Ada".to_owned());
    let desk = Desk::with(move || {
        let look = Look {
            hint: Some(keys::SET_UP_ORGANIZATION_HINT.into()),
            ..Look::default()
        };
        name(value, look, None).1
    });
    let drawn = desk.field("Name");
    assert_eq!(drawn.value(), "Ada");
    assert_eq!(
        description(&drawn),
        "Your members see it when they sign in."
    );
    assert_eq!(
        drawn.get_attribute("aria-required").as_deref(),
        Some("true")
    );
    desk.type_into("Name", "Grace");
    assert_eq!(value.get_untracked(), "Grace");
    value.set("Katherine".to_owned());
    desk.until("shown", |_| drawn.value() == "Katherine").await;
}

#[wasm_bindgen_test]
async fn a_fault_is_said_when_the_field_is_left_and_goes_when_it_is_mended() {
    let value = RwSignal::new("Ada".to_owned());
    let desk = Desk::with(move || name(value, Look::default(), None).1);
    desk.type_into("Name", "");
    assert!(!desk.sees("fill in this field"), "not while one types");
    desk.leave_field("Name");
    desk.until_sees("fill in this field").await;
    let drawn = desk.field("Name");
    assert_eq!(drawn.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert!(description(&drawn).contains("fill in this field"));
    desk.type_into("Name", "G");
    desk.until("mended", |desk| !desk.sees("fill in this field"))
        .await;
    assert!(!drawn.has_attribute("aria-invalid"));
}

#[wasm_bindgen_test]
async fn a_field_that_was_only_passed_says_nothing() {
    let value = RwSignal::new(String::new());
    let desk = Desk::with(move || name(value, Look::default(), None).1);
    let _ = desk.field("Name").focus();
    desk.leave_field("Name");
    crate::desk::tick().await;
    assert!(!desk.sees("fill in this field"));
}

#[wasm_bindgen_test]
async fn an_optional_field_says_that_it_is_and_code_is_not_spelled() {
    let value = RwSignal::new(String::new());
    let desk = Desk::with(move || {
        let look = Look {
            kind: Kind::Code,
            optional: true,
            placeholder: "0oa…",
            ..Look::default()
        };
        name(value, look, Some(p("").child("more"))).1
    });
    let drawn = desk.field("Name (optional)");
    assert!(!drawn.has_attribute("aria-required"));
    assert_eq!(drawn.get_attribute("spellcheck").as_deref(), Some("false"));
    assert_eq!(drawn.placeholder(), "0oa…");
    assert!(desk.sees("more"));
}

#[wasm_bindgen_test]
async fn a_secret_is_hidden_until_one_asks() {
    let value = RwSignal::new("s3cret".to_owned());
    let desk = Desk::with(move || {
        name(
            value,
            Look {
                kind: Kind::Secret,
                ..Look::default()
            },
            None,
        )
        .1
    });
    assert_eq!(desk.field("Name").type_(), "password");
    desk.press("Show");
    desk.until("shown", |desk| desk.field("Name").type_() == "text")
        .await;
    desk.press("Hide");
    desk.until("hidden", |desk| desk.field("Name").type_() == "password")
        .await;
    assert_eq!(desk.field("Name").value(), "s3cret");
}

#[wasm_bindgen_test]
async fn a_choice_shows_which_is_chosen_and_tells_another() {
    let value = RwSignal::new("member".to_owned());
    let desk = Desk::with(move || {
        let options = vec![
            (
                "member",
                keys::ROLE_MEMBER.into(),
                Some(keys::ROLE_MEMBER_MEANS.into()),
            ),
            ("admin", keys::ROLE_ADMIN.into(), None),
        ];
        let choose = Arc::new(move |code: &'static str| value.set(code.to_owned()));
        div("")
            .child(choice(
                "role",
                keys::USERS_ROLE,
                options,
                value.into(),
                choose,
                false,
            ))
            .inside()
    });
    assert!(desk.has("group", "Role"));
    assert!(desk.sees("has no access to this console"));
    let admin: web_sys::HtmlInputElement = {
        use wasm_bindgen::JsCast;
        desk.find("radio", "Administrator")
            .dyn_into()
            .expect("an input")
    };
    assert!(!admin.checked());
    admin.click();
    assert_eq!(value.get_untracked(), "admin");
    value.set("member".to_owned());
    desk.until("the other again", |_| !admin.checked()).await;
}
