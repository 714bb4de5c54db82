//! A value that somebody has to carry elsewhere: monospaced, read-only, with a button that copies it.

use std::time::Duration;

use leptos::prelude::*;
use locales::keys;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::{
    navigation::unsaved,
    ui::{
        el::{El, Spot, div, el, live, p, span},
        icon::icon,
        task::later,
    },
    words::{Text, text},
};

/// How long the button says that it copied.
const SAID: Duration = Duration::from_secs(3);

/// `id` is the field's, unique on the page.
#[must_use]
pub fn copy_field(
    id: &'static str,
    label: impl Into<Text>,
    value: String,
    hint: Option<Text>,
) -> El {
    let label = label.into();
    let copied = RwSignal::new(false);
    let spot = Spot::default();
    let hint_id = format!("{id}-hint");
    let field = el("input")
        .class("code")
        .attr("id", id)
        .attr("type", "text")
        .attr("readonly", "")
        .attr("value", value.clone())
        .keep(spot);
    let field = if hint.is_some() {
        field.attr("aria-describedby", hint_id.clone())
    } else {
        field
    };
    let face = move || {
        text(if copied.get() {
            keys::ACTION_COPIED
        } else {
            keys::ACTION_COPY
        })
    };
    let copy = {
        let label = label.clone();
        el("button")
            .class("button")
            .attr("type", "button")
            .attr("data-weight", "plain")
            .live("aria-label", move || {
                let key = if copied.get() {
                    keys::ACTION_COPIED_OF
                } else {
                    keys::ACTION_COPY_OF
                };
                Some(Text::with(key, &[("label", &*label.read())]).read())
            })
            .on("click", move |_| copy(&value, spot, copied))
            .child(live(move || {
                icon(if copied.get() { "check" } else { "copy" })
            }))
            .child(el("span").child(live(face)))
    };
    div("field")
        .child(el("label").attr("for", id).child(label))
        .child(
            div("field-box")
                .attr("data-copy", "")
                .child(field)
                .child(copy),
        )
        .child(hint.map(|hint| p("hint").attr("id", hint_id).child(hint)))
        .child(
            span("visually-hidden")
                .attr("role", "status")
                .child(live(move || {
                    copied.get().then_some(Text::from(keys::ACTION_COPIED))
                })),
        )
}

/// What is shown only once: pressing one of its buttons, or copying it by hand, takes it along. Until then leaving the
/// page asks; `key` is what `unsaved::type_over` had with it.
#[must_use]
pub fn shown_once(key: RwSignal<bool>, shown: El) -> El {
    let press = move |event: web_sys::Event| {
        let target = event.target().and_then(|it| it.dyn_into().ok());
        if target
            .is_some_and(|it: web_sys::Element| it.closest("button, a").ok().flatten().is_some())
        {
            unsaved::saved(key);
        }
    };
    shown
        .on("click", press)
        .on("copy", move |_| unsaved::saved(key))
}

fn copy(value: &str, spot: Spot, copied: RwSignal<bool>) {
    // Where the browser has no clipboard (plain http), the text is at least marked.
    if let Some(field) = spot.get::<web_sys::HtmlInputElement>() {
        field.select();
    }
    let navigator = window().navigator();
    let has_clipboard =
        js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|it| it.is_object());
    if !has_clipboard {
        return;
    }
    let written = navigator.clipboard().write_text(value);
    later(async move {
        if JsFuture::from(written).await.is_ok() {
            copied.try_set(true);
            set_timeout(move || _ = copied.try_set(false), SAID);
        }
    });
}
