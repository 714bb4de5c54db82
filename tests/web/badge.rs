//! States: icon, word and colour.

use console::ui::{
    badge::{Tone, badge},
    el::Inside,
};
use locales::{Language, keys};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::{Desk, speak};

#[wasm_bindgen_test]
async fn a_state_is_an_icon_a_word_and_a_tone() {
    let desk = Desk::with(|| badge(Tone::Bad, "clock", keys::STATUS_INACTIVE).inside());
    assert_eq!(desk.text(), "Inactive");
    let drawn = web_sys::window()
        .and_then(|it| it.document())
        .expect("a page");
    let badge = drawn
        .query_selector(".badge[data-tone=bad]")
        .expect("a selector")
        .expect("a badge");
    assert!(badge.query_selector("svg").expect("a selector").is_some());
}

#[wasm_bindgen_test]
async fn a_state_follows_the_language() {
    let desk = Desk::with(|| badge(Tone::Good, "check", keys::STATUS_ACTIVE).inside());
    assert_eq!(desk.text(), "Active");
    speak(Language::French);
    desk.until_sees("Actif").await;
}
