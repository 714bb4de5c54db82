//! Icons.

use console::ui::{el::Inside, icon::icon};
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
