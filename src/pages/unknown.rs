//! There is no such page.

use locales::keys;

use crate::{
    paths,
    ui::{
        button::{Weight, link_button},
        el::{View, div},
        load::empty,
        page::{Head, page},
    },
};

#[must_use]
pub fn unknown() -> View {
    let home = link_button(
        paths::overview(),
        keys::UNKNOWN_HOME,
        Weight::Primary,
        "house",
    );
    let body = div("panel").child(empty(
        "lost",
        keys::UNKNOWN_WHAT,
        keys::UNKNOWN_FIX,
        Some(home.done()),
    ));
    page(Head::new(keys::UNKNOWN_TITLE), body)
}
