//! Icons, from one sprite that is fetched once.
//!
//! An icon says nothing by itself: it is hidden from assistive technology, and a word stands next to it or in a label.

use leptos::prelude::*;

/// The symbol of this name in `public/sprite.svg`.
#[must_use]
pub fn icon(name: &'static str) -> AnyView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=format!("/sprite.svg#{name}") />
        </svg>
    }
    .into_any()
}
