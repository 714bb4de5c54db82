//! Icons.

use console::ui::{
    el::Inside,
    icon::{SYMBOLS, icon},
};
use leptos::prelude::document;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::Desk;

#[wasm_bindgen_test]
async fn an_icon_is_of_the_sprite_and_silent() {
    let desk = Desk::with(|| icon("users").inside());
    let drawn = document()
        .query_selector("svg.icon")
        .expect("a selector")
        .expect("an icon");
    assert_eq!(drawn.get_attribute("aria-hidden").as_deref(), Some("true"));
    assert_eq!(
        drawn.namespace_uri().as_deref(),
        Some("http://www.w3.org/2000/svg")
    );
    let symbol = drawn.first_element_child().expect("a use");
    assert_eq!(
        symbol.get_attribute("href").as_deref(),
        Some("/sprite.svg#users")
    );
    assert_eq!(
        symbol.namespace_uri().as_deref(),
        Some("http://www.w3.org/2000/svg")
    );
    assert_eq!(desk.text(), "");
}

#[wasm_bindgen_test]
fn every_symbol_is_in_the_sprite_and_none_is_there_for_nothing() {
    let sprite = include_str!("../../public/sprite.svg");
    for name in SYMBOLS {
        assert!(sprite.contains(&format!("<symbol id=\"{name}\"")), "{name}");
    }
    assert_eq!(sprite.matches("<symbol ").count(), SYMBOLS.len());
    assert!(
        sprite.contains("ISC License"),
        "Lucide's notice goes with its icons"
    );
}
