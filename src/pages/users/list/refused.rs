//! What is wrong with the address or the search, in the place of rows: nothing is asked, and nobody is shown who was not
//! asked for.

use api::FieldFault;
use leptos::prelude::*;
use locales::{Key, field_fault, keys};

use crate::{
    pages::users::wish::Wish,
    ui::{
        el::{Inside, View, el},
        notice::{Notice, notice},
    },
    words::{Text, text},
};

/// What is wrong, without the values: whoever types on is not told anew.
pub(super) fn faults(wish: &Wish) -> Vec<(&'static str, FieldFault)> {
    let wrong = wish.wrong.iter();
    wrong.map(|(name, _, fault)| (*name, *fault)).collect()
}

pub(super) fn refused(faults: &[(&'static str, FieldFault)], wish: Signal<Wish>) -> View {
    let mut said = Notice::new(keys::PEOPLE_REFUSED, keys::PEOPLE_REFUSED_FIX);
    for (name, fault) in faults {
        // Drawn anew in another language: the words are read out here.
        let (part, why) = (text(part(name)), text(field_fault(*fault)));
        let values = [("part", &*part), ("why", &*why)];
        said = said.detail(Text::with(keys::PEOPLE_REFUSED_PART, &values));
    }
    let without = el("a")
        .class("button")
        .attr("data-weight", "plain")
        .live("href", move || {
            let wish = wish.get();
            let is_search = wish.wrong.iter().any(|it| it.0 == "search");
            let rest = wish.but(|rest| {
                if is_search {
                    rest.query.filter.search = None;
                }
            });
            Some(rest.url())
        })
        .child(keys::PEOPLE_REFUSED_WITHOUT);
    notice(said, Some(without.inside())).done()
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
