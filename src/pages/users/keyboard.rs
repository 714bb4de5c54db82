//! The table without a mouse: a key for the search, up and down from row to row, the space bar to select, and the list
//! of these keys.

use leptos::prelude::*;
use locales::keys;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement, KeyboardEvent};

use crate::ui::{
    button::button,
    el::{El, Inside, Spot, div, el},
    page::focus,
    task::act,
};

/// The list of the keys; while it is on the page they work.
pub(super) fn list_of_keys() -> El {
    let spot = Spot::default();
    let press = window_event_listener_untyped("keydown", move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        let is_typing = document().active_element().is_some_and(|it| {
            it.matches("input:not([type=checkbox]), textarea, select, dialog *")
                .unwrap_or(false)
        });
        if is_typing || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "/" => {
                event.prevent_default();
                focus("search input");
            }
            "?" => {
                if let Some(dialog) = spot.get::<HtmlDialogElement>() {
                    let _ = dialog.show_modal();
                }
            }
            "ArrowDown"
                if document()
                    .active_element()
                    .is_some_and(|it| it.matches("body, h1").unwrap_or(false)) =>
            {
                event.prevent_default();
                focus(".row-link");
            }
            _ => {}
        }
    });
    on_cleanup(move || press.remove());
    let close = act(move || {
        if let Some(dialog) = spot.get::<HtmlDialogElement>() {
            dialog.close();
        }
    });
    let mut list = el("dl").class("facts");
    for (key, what) in [
        ("/", keys::PEOPLE_KEY_SEARCH),
        ("↑ ↓", keys::PEOPLE_KEY_ROWS),
        ("Enter", keys::PEOPLE_KEY_OPEN),
        ("Space", keys::PEOPLE_KEY_SELECT),
        ("?", keys::PEOPLE_KEY_HELP),
    ] {
        list = list
            .child(el("dt").child(el("kbd").child(key)))
            .child(el("dd").child(what));
    }
    el("dialog")
        .class("dialog")
        .attr("aria-labelledby", "keys")
        .keep(spot)
        .child(el("h2").attr("id", "keys").child(keys::PEOPLE_KEYS))
        .child(list)
        .child(div("dialog-actions").child(button(keys::PEOPLE_CLOSE, close).inside()))
}

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
