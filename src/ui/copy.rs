//! A value that somebody has to carry elsewhere: monospaced, read-only, with a button that copies it.

use std::time::Duration;

use leptos::{html, prelude::*};
use locales::keys;
use wasm_bindgen_futures::JsFuture;

use crate::{
    ui::icon::icon,
    words::{Text, t, text},
};

/// `id` is the field's, unique on the page.
#[must_use]
pub fn copy_field(id: &'static str, label: impl Into<Text>, value: String, hint: Option<Text>) -> AnyView {
    drawn(id, label.into(), value, hint)
}

fn drawn(id: &'static str, label: Text, value: String, hint: Option<Text>) -> AnyView {
    let copied = RwSignal::new(false);
    let node = NodeRef::<html::Input>::new();
    let carried = value.clone();
    let copy = move |_| {
        // Where the browser has no clipboard (plain http), the text is at least marked.
        if let Some(field) = node.get_untracked() {
            field.select();
        }
        let carried = carried.clone();
        leptos::task::spawn_local(async move {
            let clipboard = window().navigator().clipboard();
            if JsFuture::from(clipboard.write_text(&carried)).await.is_ok() {
                copied.try_set(true);
                set_timeout(move || _ = copied.try_set(false), Duration::from_secs(3));
            }
        });
    };
    let face = move || text(if copied.get() { keys::ACTION_COPIED } else { keys::ACTION_COPY });
    let name = {
        let label = label.clone();
        move || format!("{}: {}", face(), label.read())
    };
    let hint_id = format!("{id}-hint");
    let described = hint.is_some().then(|| hint_id.clone());
    view! {
        <div class="field">
            <label for=id>{t(label)}</label>
            <div class="field-box" data-copy="">
                <input
                    id=id
                    class="code"
                    type="text"
                    readonly=true
                    value=value
                    node_ref=node
                    aria-describedby=described
                />
                <button class="button" type="button" data-weight="plain" aria-label=name on:click=copy>
                    {move || icon(if copied.get() { "check" } else { "copy" })}
                    <span>{face}</span>
                </button>
            </div>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{t(hint)}</p> })}
            <span class="visually-hidden" role="status">
                {move || copied.get().then(|| text(keys::ACTION_COPIED))}
            </span>
        </div>
    }
    .into_any()
}
