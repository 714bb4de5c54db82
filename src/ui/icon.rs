//! Icons, from one sprite that is fetched once.
//!
//! An icon says nothing by itself: it is hidden from assistive technology, and a word stands next to it or in a label.

use crate::ui::el::{El, el};

/// The symbol of this name in `public/sprite.svg`.
#[must_use]
pub fn icon(name: &'static str) -> El {
    let symbol = el("use").attr("href", format!("/sprite.svg#{name}"));
    el("svg")
        .class("icon")
        .attr("aria-hidden", "true")
        .child(symbol)
}
