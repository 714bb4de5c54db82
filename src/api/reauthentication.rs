//! Requests that were refused because the last sign-in is not recent: they wait here until the person confirms who they
//! are, and are sent again, or until they give up.
//!
//! It must not know how a person is asked; the shell's dialog does that.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

thread_local! {
    // Not a context: requests are sent where no component is.
    static ASKED: ArcRwSignal<bool> = ArcRwSignal::new(false);
    static CAN_ASK: Cell<bool> = const { Cell::new(false) };
    static WAITING: RefCell<Vec<Function>> = const { RefCell::new(Vec::new()) };
}

/// Whether a request waits for a confirmation; tracked.
#[must_use]
pub fn is_asked() -> bool {
    ASKED.with(Clone::clone).get()
}

/// From here on there is something that asks, until the owner of now is gone.
pub fn ask_here() {
    CAN_ASK.set(true);
    on_cleanup(|| {
        CAN_ASK.set(false);
        answer(false);
    });
}

/// The person confirmed who they are, or gave up.
pub fn answer(confirmed: bool) {
    ASKED.with(Clone::clone).set(false);
    for resolve in WAITING.take() {
        let _ = resolve.call1(&JsValue::NULL, &confirmed.into());
    }
}

/// Asks, and waits for the answer: whether to send the request again.
pub(super) async fn confirmed() -> bool {
    if !CAN_ASK.get() {
        return false;
    }
    let waits = Promise::new(&mut |resolve, _| {
        WAITING.with_borrow_mut(|waiting| waiting.push(resolve));
    });
    let asked = ASKED.with(Clone::clone);
    if !asked.get_untracked() {
        asked.set(true);
    }
    JsFuture::from(waits)
        .await
        .is_ok_and(|answer| answer.is_truthy())
}
