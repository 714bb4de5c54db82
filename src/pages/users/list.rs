//! The table of users: sorted by any column, with a search and filters that stand in the address.

mod foot;
mod refused;

use std::sync::Arc;

use api::{User, UserList, users::UserSort};
use leptos::prelude::*;
use locales::{Key, keys};

use self::{foot::foot, refused::refused};
use super::{
    bulk::{self, Selection},
    filters, keyboard,
    rows::Rows,
    wish::{HIDEABLE, Wish},
};
use crate::{
    api as server,
    navigation::use_place,
    paths, problems,
    ui::{
        button::{Weight, link_button},
        el::{El, Inside, View, div, el, group, live, span},
        load::{Remote, bones, empty},
        page::{Head, page},
        table::{Column, head, headed},
        task::{Only, watch},
    },
    words::Text,
};

/// What a column is called.
pub(super) fn column_name(column: UserSort) -> Key {
    match column {
        UserSort::Name => keys::USERS_NAME,
        UserSort::Email => keys::USERS_EMAIL,
        UserSort::OktaLogin => keys::USERS_OKTA_LOGIN,
        UserSort::Status => keys::USERS_STATUS,
        UserSort::Role => keys::USERS_ROLE,
        UserSort::FirstSignInAt => keys::PEOPLE_FIRST_SIGN_IN,
        UserSort::LastSignInAt => keys::USERS_LAST_SIGN_IN,
        UserSort::CreatedAt => keys::PEOPLE_CREATED,
    }
}

pub(super) fn column(sort: UserSort) -> Column {
    let kind = match sort {
        UserSort::Name => "name",
        UserSort::Email | UserSort::OktaLogin => "address",
        UserSort::Status => "status",
        UserSort::Role => "role",
        UserSort::FirstSignInAt | UserSort::LastSignInAt | UserSort::CreatedAt => "time",
    };
    Column::kind(column_name(sort), kind)
}

/// The columns that are shown, the name first.
fn shown(wish: &Wish) -> Vec<UserSort> {
    let others = HIDEABLE.into_iter().filter(|it| wish.shows(*it));
    std::iter::once(UserSort::Name).chain(others).collect()
}

#[must_use]
pub fn users() -> View {
    let place = use_place();
    // Read by every link of the menus: the address is taken apart once.
    let wish: Signal<Wish> = Memo::new(move |_| Wish::of(place)).into();
    let more = RwSignal::new(Vec::<User>::new());
    // How it is drawn is no reason to ask again.
    let asked = Only::new(move || wish.get().asked());
    // Whoever follows an address first hears of another first: the question goes out before the links are drawn.
    untrack(|| asked.get());
    let list = Remote::new(move || {
        problems::asked(match asked.get() {
            Some(query) => server::users(&query),
            // What is wrong is said instead.
            None => server::no_users(),
        })
    });
    let selection = Selection::of(list, more);
    // Another question is of others; the same once more is not.
    watch(move || {
        asked.track();
        selection.clear();
    });
    let import = link_button(paths::new_import(), keys::IMPORT_ACTION, Weight::Plain, "");
    let add = link_button(paths::new_user(), keys::USERS_NEW, Weight::Primary, "plus");
    let is_wrong = Only::new(move || !wish.get().wrong.is_empty());
    let drawn = live(move || {
        if is_wrong.get() {
            return refused(wish);
        }
        list.draw(
            || bones("rows", 8),
            move |answer| {
                more.set(Vec::new());
                let foot = foot(&answer, wish, more, list);
                rows(&answer, list, wish, more, selection, foot)
            },
        )
    });
    let body = div("panel")
        .on("keydown", keyboard::in_the_table)
        .child(
            div("tools")
                .child(filters::search_box(wish))
                .child(filters::statuses(wish, list))
                .child(filters::view(wish)),
        )
        .child(bulk::bar(wish, list, selection))
        .child(drawn);
    page(
        Head::new(keys::USERS_TITLE)
            .lede(keys::USERS_LEDE)
            .actions(vec![import, add]),
        body,
    )
}

fn rows(
    list: &UserList,
    drawn_from: Remote<UserList>,
    wish: Signal<Wish>,
    more: RwSignal<Vec<User>>,
    selection: Selection,
    foot: El,
) -> View {
    if list.users.is_empty() && list.next.is_none() {
        return nobody(&wish.get_untracked()).done();
    }
    let first = Arc::new(list.users.clone());
    // Another question alone draws nothing: its answer does.
    let look = Only::new(move || {
        let wish = wish.get();
        (shown(&wish), wish.compact)
    });
    let drawn = live(move || {
        let (sorts, is_compact) = look.get();
        let columns: Vec<Column> = sorts.iter().map(|it| column(*it)).collect();
        let heads = sorts
            .iter()
            .zip(&columns)
            .map(|(sort, column)| sortable(*sort, column, wish, selection.whole()))
            .collect();
        let rows = Rows::new(first.clone(), more, &sorts, selection, drawn_from);
        let table = headed(keys::USERS_TITLE, &columns, heads, rows.drawn());
        div("users")
            .flag("data-compact", is_compact)
            .child(table.flag("data-linked", true))
    });
    group(vec![drawn, foot.done()])
}

/// A head that sorts by its column; the name's also selects what is shown.
fn sortable(sort: UserSort, column: &Column, wish: Signal<Wish>, all: El) -> El {
    let is_descending = move || {
        let query = wish.get().query;
        (query.column() == Some(sort)).then_some(query.descending)
    };
    let arrow = move || match is_descending() {
        Some(true) => " ↓",
        Some(false) => " ↑",
        None => "",
    };
    let way = move || {
        let ways = ["ascending", "descending"];
        Some(ways[usize::from(is_descending()?)].to_owned())
    };
    let by = el("a")
        .live("href", move || Some(wish.get().sorted_by(sort).url()))
        .class("sorter")
        .child(column.label)
        .child(span("").attr("aria-hidden", "true").child(live(arrow)));
    let all = (sort == UserSort::Name).then_some(all);
    head(column, vec![all.inside(), by.done()]).live("aria-sort", way)
}

fn nobody(wish: &Wish) -> El {
    if wish.query.filter.is_everybody() {
        let add = link_button(paths::new_user(), keys::USERS_NEW, Weight::Primary, "plus");
        return empty(
            "users",
            keys::USERS_EMPTY_TITLE,
            keys::USERS_EMPTY_FIX,
            Some(add.done()),
        );
    }
    let search = wish.search();
    let title = if search.is_empty() {
        Text::from(keys::USERS_NONE_IN_FILTER)
    } else {
        Text::with(keys::USERS_NONE_FOUND, &[("search", &search)])
    };
    let all = link_button(paths::users(), keys::USERS_SHOW_ALL, Weight::Plain, "close");
    empty("nobody", title, keys::USERS_NONE_FIX, Some(all.done()))
}
