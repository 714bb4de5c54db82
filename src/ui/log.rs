//! Records in their order, newest first: a line each, which opens to everything there is to know of it.
//!
//! It must not know what is recorded.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::{
    ui::{
        el::{El, Inside, View, div, el, live},
        icon::icon,
    },
    words::Text,
};

/// The list around its entries.
#[must_use]
pub fn log(label: impl Into<Text>, entries: impl Inside) -> El {
    div("log-box").child(
        el("ol")
            .class("log")
            .attr("role", "list")
            .says("aria-label", label)
            .child(entries),
    )
}

/// One record. `body` is drawn when somebody opens it.
#[must_use]
pub fn entry(open: bool, line: Vec<View>, body: impl Fn() -> View + Send + 'static) -> El {
    let opened = RwSignal::new(open);
    let toggled = move |event: web_sys::Event| {
        let details = event
            .target()
            .and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        opened.set(details.is_some_and(|it| it.has_attribute("open")));
    };
    let summary = el("summary")
        .class("log-line")
        .children(line)
        .child(icon("down"));
    let details = el("details")
        .class("log-entry")
        .flag("open", open)
        .on("toggle", toggled)
        .child(summary)
        .child(live(move || {
            opened.get().then(|| div("log-body").child(body()))
        }));
    el("li").child(details)
}
