//! Toasts.

use console::ui::{
    button::button,
    el::{Inside, group},
    task::act,
    toast::use_toasts,
};
use locales::keys;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::Desk;

fn desk() -> Desk {
    Desk::with(|| {
        let toasts = use_toasts();
        group(vec![
            button("Do", act(move || toasts.done(keys::CONNECT_SAVED))).inside(),
            button(
                "Fail",
                act(move || toasts.failed(keys::TROUBLE_OFFLINE_TITLE)),
            )
            .inside(),
            toasts.corner().done(),
        ])
    })
}

#[wasm_bindgen_test]
async fn what_was_done_is_said_politely_and_can_be_dismissed() {
    let desk = desk();
    let corner = desk.find("status", "");
    assert_eq!(corner.get_attribute("aria-live").as_deref(), Some("polite"));
    desk.press("Do");
    desk.until_sees("The draft was saved").await;
    desk.press("Dismiss");
    desk.until("gone", |desk| !desk.sees("The draft was saved"))
        .await;
}

#[wasm_bindgen_test]
async fn no_more_than_three_are_shown_and_the_oldest_makes_room() {
    let desk = desk();
    desk.press("Fail");
    for _ in 0..3 {
        desk.press("Do");
    }
    desk.until("three", |desk| desk.all("button", "Dismiss").len() == 3)
        .await;
    assert!(!desk.sees("cannot be reached"));
}
