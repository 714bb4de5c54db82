//! A field for a file: chosen, or dropped upon it.
//!
//! It must not know what is in the file.

use std::sync::Arc;

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, File, FileList};

use crate::{
    ui::{
        el::{El, Inside, el, span},
        field::error_id,
        form::Form,
        icon::icon,
    },
    words::Text,
};

/// What happens with the file.
pub type Take = Arc<dyn Fn(File) + Send + Sync>;

/// The field; `said` stands in it: what to do, or which file it is. `name` is its id, and its name in the form.
#[must_use]
pub fn file_field(
    form: Form,
    name: &'static str,
    accept: &'static str,
    said: impl Inside,
    take: Take,
) -> El {
    let over = RwSignal::new(false);
    let dropped = Arc::clone(&take);
    let chosen = move |event: Event| {
        if let Some(target) = event.target()
            && let Some(file) = first(&target)
        {
            // Else the same file, mended, could not be chosen again.
            let _ = Reflect::set(&target, &"value".into(), &"".into());
            take(file);
        }
    };
    let drop = move |event: Event| {
        // Else the browser opens the file.
        event.prevent_default();
        over.set(false);
        let data = Reflect::get(&event, &"dataTransfer".into());
        if let Some(file) = data.ok().and_then(|it| first(&it)) {
            dropped(file);
        }
    };
    el("label")
        .class("file")
        .live_flag("data-over", move || over.get())
        .on("dragover", move |event| {
            event.prevent_default();
            over.set(true);
        })
        .on("dragleave", move |_| over.set(false))
        .on("drop", drop)
        .child(icon("plus"))
        .child(span("file-said").child(said.inside()))
        .child(
            el("input")
                .attr("type", "file")
                .attr("id", name)
                .attr("accept", accept)
                .live("aria-invalid", move || {
                    form.fault(name).map(|_| "true".to_owned())
                })
                .live("aria-describedby", move || {
                    form.fault(name).map(|_| error_id(name))
                })
                .on("change", chosen),
        )
}

/// The first of an object's files.
fn first(of: &JsValue) -> Option<File> {
    let files = Reflect::get(of, &"files".into()).ok()?;
    files.dyn_into::<FileList>().ok()?.get(0)
}

/// Whether it can still be read: a browser hands over no file that was changed after it was chosen.
pub async fn is_as_chosen(file: &File) -> bool {
    let Ok(some) = file.slice_with_i32_and_i32(0, 1) else {
        return false;
    };
    JsFuture::from(some.array_buffer()).await.is_ok()
}

/// What a file is called, and how large it is.
#[must_use]
pub fn called(file: &File, size: impl Fn(u64) -> Text) -> (String, Text) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a size is a whole number of bytes"
    )]
    let kilobytes = (file.size() / 1000.0).ceil() as u64;
    (file.name(), size(kilobytes))
}
