//! Buttons, and links that look like them.

use console::ui::{
    button::{Weight, button, icon_button, link_button, submit},
    el::{Inside, el},
    task::act,
};
use leptos::prelude::*;
use locales::keys;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::Desk;

#[wasm_bindgen_test]
async fn a_button_does_its_act_each_time_it_is_pressed() {
    let count = RwSignal::new(0);
    let desk = Desk::with(move || {
        button(keys::ACTION_SAVE, act(move || count.update(|it| *it += 1))).inside()
    });
    desk.press("Save");
    desk.press("Save");
    assert_eq!(count.get_untracked(), 2);
    assert_eq!(
        desk.find("button", "Save").get_attribute("type").as_deref(),
        Some("button")
    );
}

#[wasm_bindgen_test]
async fn a_busy_button_says_so_and_does_nothing() {
    let count = RwSignal::new(0);
    let busy = RwSignal::new(true);
    let desk = Desk::with(move || {
        button(keys::ACTION_SAVE, act(move || count.update(|it| *it += 1)))
            .busy(busy)
            .inside()
    });
    desk.press("Save");
    assert_eq!(count.get_untracked(), 0);
    let drawn = desk.find("button", "Save");
    assert_eq!(
        drawn.get_attribute("aria-disabled").as_deref(),
        Some("true")
    );
    busy.set(false);
    desk.until("ready again", |_| !drawn.has_attribute("aria-disabled"))
        .await;
    desk.press("Save");
    assert_eq!(count.get_untracked(), 1);
}

#[wasm_bindgen_test]
async fn a_forms_button_sends_it_and_a_busy_one_does_not() {
    let sent = RwSignal::new(0);
    let busy = RwSignal::new(false);
    let desk = Desk::with(move || {
        el("form")
            .on("submit", move |event| {
                event.prevent_default();
                sent.update(|it| *it += 1);
            })
            .child(submit(keys::USER_SAVE, busy.into()))
            .inside()
    });
    desk.press("Save & close");
    assert_eq!(sent.get_untracked(), 1);
    busy.set(true);
    desk.press("Save & close");
    assert_eq!(sent.get_untracked(), 1);
}

#[wasm_bindgen_test]
async fn a_link_that_looks_like_a_button_stays_a_link() {
    let desk = Desk::with(|| {
        link_button(
            "/users".to_owned(),
            keys::USERS_TITLE,
            Weight::Primary,
            "users",
        )
        .inside()
    });
    let link = desk.find("link", "Users");
    assert_eq!(link.get_attribute("href").as_deref(), Some("/users"));
    assert_eq!(
        link.get_attribute("data-weight").as_deref(),
        Some("primary")
    );
}

#[wasm_bindgen_test]
async fn a_button_of_an_icon_alone_has_a_name() {
    let pressed = RwSignal::new(false);
    let desk = Desk::with(move || {
        icon_button("close", keys::ACTION_DISMISS)
            .on("click", move |_| pressed.set(true))
            .inside()
    });
    desk.press("Dismiss");
    assert!(pressed.get_untracked());
}
