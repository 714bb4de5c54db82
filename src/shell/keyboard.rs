//! The keys that work on every page, and the list of all keys.

use leptos::prelude::*;
use locales::keys;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, KeyboardEvent};

use crate::ui::{
    button::button,
    el::{El, Inside, Spot, div, el},
    page::focus,
    task::act,
};

/// The list of the keys; while it is on the page they work.
#[must_use]
pub fn list_of_keys() -> El {
    let spot = Spot::default();
    let press = window_event_listener_untyped("keydown", move |event| pressed(&event, spot));
    on_cleanup(move || press.remove());
    let close = act(move || {
        if let Some(dialog) = spot.get::<HtmlDialogElement>() {
            dialog.close();
        }
    });
    let mut list = el("dl").class("facts");
    for (key, what) in [
        ("Ctrl K", keys::PALETTE_TITLE),
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

fn pressed(event: &Event, list: Spot) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
        return;
    };
    let is_at = |selector| {
        document()
            .active_element()
            .is_some_and(|it| it.matches(selector).unwrap_or(false))
    };
    if is_at("input:not([type=checkbox]), textarea, select, dialog *")
        || event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
    {
        return;
    }
    // A page without a table or a search keeps what the browser does with the key.
    let first = match event.key().as_str() {
        "?" => {
            if let Some(dialog) = list.get::<HtmlDialogElement>() {
                let _ = dialog.show_modal();
            }
            return;
        }
        "/" => "search input, [role=search] input[type=search]",
        "ArrowDown" if is_at("body, h1") => ".users .row-link",
        _ => return,
    };
    if let Ok(Some(_)) = document().query_selector(first) {
        event.prevent_default();
        focus(first);
    }
}
