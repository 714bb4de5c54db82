//! The table without a mouse: up and down from row to row, the space bar to select.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Arrow keys on a row's link lead to the next one; space marks the row.
pub(super) fn in_the_table(event: web_sys::Event) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
        return;
    };
    let Some(link) = event
        .target()
        .and_then(|it| it.dyn_into::<Element>().ok())
        .filter(|it| it.matches(".row-link").unwrap_or(false))
    else {
        return;
    };
    let Ok(Some(row)) = link.closest("tr") else {
        return;
    };
    let (row, wanted) = match event.key().as_str() {
        "ArrowDown" => (row.next_element_sibling(), ".row-link"),
        "ArrowUp" => (row.previous_element_sibling(), ".row-link"),
        " " => (Some(row), ".mark-box"),
        _ => return,
    };
    event.prevent_default();
    let found = row.and_then(|row| row.query_selector(wanted).ok().flatten());
    let Some(found) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    if wanted == ".mark-box" {
        found.click();
    } else {
        let _ = found.focus();
    }
}
