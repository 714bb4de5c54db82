//! What was typed and is not saved yet, so that nobody leaves it by mistake.
//!
//! It must not know what a field means, nor how one is asked.

use std::cell::RefCell;

use leptos::prelude::*;

/// A value that was typed over, and what stands there otherwise.
struct Edit {
    /// The form that it belongs to, by a signal of its own.
    form: RwSignal<bool>,
    value: RwSignal<String>,
    before: String,
    /// What whoever typed saw: while another stands there, it is not theirs to replace.
    seen: String,
}

thread_local! {
    static EDITS: RefCell<Vec<Edit>> = const { RefCell::new(Vec::new()) };
}

/// Puts what was typed into a value of a form, and remembers what stood there.
pub fn type_over(form: RwSignal<bool>, value: RwSignal<String>, now: String) {
    EDITS.with_borrow_mut(|edits| {
        if edits.iter().all(|it| it.value != value) {
            let before = value.get_untracked();
            edits.push(Edit {
                form,
                value,
                seen: before.clone(),
                before,
            });
        }
    });
    value.set(now);
}

/// What was there is something else now: it is shown, unless somebody typed over it. Whether what stands in the field
/// goes with it: not what was typed over something else than is there now.
pub fn renew(value: RwSignal<String>, now: String) -> bool {
    let fits = EDITS.with_borrow_mut(|edits| {
        let edit = edits.iter_mut().find(|it| it.value == value)?;
        let before = std::mem::replace(&mut edit.before, now.clone());
        let typed = value.get_untracked();
        if typed == before || typed == now {
            edit.seen.clone_from(&now);
        }
        (typed != before).then(|| edit.seen == now)
    });
    if fits.is_none() {
        value.try_set(now);
    }
    fits.unwrap_or(true)
}

/// A form was saved, or given up.
pub fn saved(form: RwSignal<bool>) {
    EDITS.with_borrow_mut(|edits| edits.retain(|it| it.form != form));
}

/// One leaves on purpose.
pub fn forget() {
    EDITS.take();
}

/// Whether something is there that is not saved. What was typed back is as it was, and what went with its page is gone.
#[must_use]
pub fn any() -> bool {
    EDITS.with_borrow_mut(|edits| {
        edits.retain(|it| !it.value.is_disposed());
        edits
            .iter()
            .any(|it| it.value.with_untracked(|now| *now != it.before))
    })
}
