//! What is wrong with the address or the search, in the place of rows: nothing is asked, and nobody is shown who was not
//! asked for.

use leptos::prelude::*;
use locales::{Key, field_fault, keys};

use crate::{
    pages::users::wish::Wish,
    ui::{
        el::{View, el, group, p, said},
        notice::{Notice, notice},
    },
    words::{Text, text},
};

pub(super) fn refused(wish: Signal<Wish>) -> View {
    // Drawn once: whoever types on is not told again.
    let why = said(move || {
        let wrong = wish.get().wrong.into_iter();
        let lines: Vec<String> = wrong
            .map(|it| {
                let values = [
                    ("part", &*text(part(&it.field))),
                    ("why", &*text(field_fault(it.fault))),
                ];
                Text::with(keys::PEOPLE_REFUSED_PART, &values).read()
            })
            .collect();
        lines.join(" ")
    });
    let without = el("a")
        .class("button")
        .attr("data-weight", "plain")
        .live("href", move || {
            let wish = wish.get();
            let mut rest = wish.but(|_| ());
            if wish.has_wrong_search() {
                rest.query.filter.search = None;
            }
            Some(rest.url())
        })
        .child(keys::PEOPLE_REFUSED_WITHOUT);
    let actions = group(vec![p("small").child(why).done(), without.done()]);
    let title = Notice::new(keys::PEOPLE_REFUSED, keys::PEOPLE_REFUSED_FIX);
    notice(title, Some(actions)).done()
}

/// What a word of the address is called.
fn part(name: &str) -> Key {
    match name {
        "search" => keys::PEOPLE_KEY_SEARCH,
        "status" => keys::USERS_STATUS,
        "role" => keys::USERS_ROLE,
        "attention" => keys::PEOPLE_FILTER_ATTENTION,
        "last_sign_in" => keys::USERS_LAST_SIGN_IN,
        "limit" => keys::PEOPLE_ROWS,
        "sort" | "order" => keys::PEOPLE_ORDER,
        _ => keys::PEOPLE_PAGE,
    }
}
