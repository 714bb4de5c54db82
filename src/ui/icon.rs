//! Icons, from one sprite that is fetched once.
//!
//! An icon says nothing by itself: it is hidden from assistive technology, and a word stands next to it or in a label.

use crate::ui::el::{El, el};

/// The symbols that `public/sprite.svg` has.
pub const SYMBOLS: [&str; 40] = [
    "again",
    "alert",
    "back-in",
    "bell",
    "check",
    "clock",
    "close",
    "copy",
    "done",
    "down",
    "draft",
    "enter",
    "external",
    "eye",
    "eye-off",
    "house",
    "info",
    "integrations",
    "key",
    "leave",
    "lock",
    "lost",
    "menu",
    "monitor",
    "moon",
    "never-back",
    "nobody",
    "off",
    "offline",
    "organization",
    "pause",
    "pencil",
    "plus",
    "power",
    "search",
    "sun",
    "suspend",
    "trash",
    "users",
    "warning",
];

/// The symbol of this name.
#[must_use]
pub fn icon(name: &'static str) -> El {
    debug_assert!(SYMBOLS.contains(&name), "{name} is not in the sprite");
    let symbol = el("use").attr("href", format!("/sprite.svg#{name}"));
    el("svg")
        .class("icon")
        .attr("aria-hidden", "true")
        .child(symbol)
}
