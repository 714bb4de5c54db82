//! The table of users: sorted by any column, with a search and filters that stand in the address.

use std::sync::Arc;

use api::{User, UserList, users::UserSort};
use leptos::prelude::*;
use locales::{Key, keys};

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
        button::{Weight, button, link_button},
        el::{El, Inside, View, div, el, group, live, p, span},
        format::number,
        load::{Remote, bones, empty},
        page::{Head, page},
        table::{Column, head, headed},
        task::{Only, act, later},
        toast::use_toasts,
    },
    words::{self, Text},
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
    let selection = Selection::default();
    // How it is drawn is no reason to ask again.
    let asked = Only::new(move || wish.get().asked(None));
    // Whoever follows an address first hears of another first: the question goes out before the links are drawn.
    untrack(|| asked.get());
    let list = Remote::new(move || {
        let query = asked.get();
        more.set(Vec::new());
        selection.clear();
        problems::asked(server::users(&query))
    });
    let import = link_button(paths::new_import(), keys::IMPORT_ACTION, Weight::Plain, "");
    let add = link_button(paths::new_user(), keys::USERS_NEW, Weight::Primary, "plus");
    let drawn = list.draw(
        || bones("rows", 8),
        move |answer| rows(&answer, list, wish, more, selection),
    );
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
        let ids: Vec<String> = first.iter().map(|it| it.id.clone()).collect();
        let heads = sorts
            .iter()
            .zip(&columns)
            .map(|(sort, column)| sortable(*sort, column, wish, selection.whole(ids.clone(), more)))
            .collect();
        let rows = Rows::new(first.clone(), more, &sorts, selection, drawn_from);
        let table = headed(keys::USERS_TITLE, &columns, heads, rows.drawn());
        div("users")
            .flag("data-compact", is_compact)
            .child(table.flag("data-linked", true))
    });
    group(vec![drawn, foot(list, wish, more).done()])
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

/// Who is rare among many comes a few at a time: so many are gone on for unasked.
const ENOUGH: usize = 20;
/// So many times, until somebody asks for more.
const ROUNDS: usize = 20;

/// How many are shown of how many, and the next page.
fn foot(list: &UserList, wish: Signal<Wish>, more: RwSignal<Vec<User>>) -> El {
    let toasts = use_toasts();
    let first = list.users.len() as u64;
    let found = list.found;
    let next = RwSignal::new(list.next.clone());
    let busy = RwSignal::new(false);
    let ask = act(move || {
        let Some(after) = next.get_untracked() else {
            return;
        };
        let wished = wish.get_untracked();
        busy.set(true);
        let enough = more.with_untracked(Vec::len) + ENOUGH;
        later(async move {
            let mut after = Some(after);
            for _ in 0..ROUNDS {
                if after.is_none() || more.try_with_untracked(Vec::len) >= Some(enough) {
                    break;
                }
                let answer = server::users(&wished.asked(after.take())).await;
                // Another search may have taken the place of this one.
                if wish.try_get_untracked().map(|it| it.query) != Some(wished.query.clone()) {
                    return;
                }
                match answer {
                    Ok(page) => {
                        after = page.next.clone().filter(|_| page.found.or_more);
                        next.try_set(page.next);
                        more.try_update(|more| more.extend(page.users));
                    }
                    Err(trouble) => toasts.failed(problems::notice(&trouble).title),
                }
            }
            busy.try_set(false);
        });
    });
    if found.or_more && list.users.len() < ENOUGH {
        ask();
    }
    let shown = move || first + more.with(Vec::len) as u64;
    let said = move || {
        if !found.or_more {
            let (n, all) = (number(shown()), number(found.count));
            return Text::with(keys::USERS_SHOWN, &[("n", &n), ("all", &all)]).read();
        }
        if next.with(Option::is_some) {
            return Text::with(keys::PEOPLE_SHOWN_SO_FAR, &[("n", &number(shown()))]).read();
        }
        words::counted(keys::USERS_FOUND_ONE, keys::USERS_FOUND_MANY, shown())
    };
    let button = live(move || {
        let button = button(keys::USERS_MORE, ask.clone())
            .picture("down")
            .busy(busy);
        next.with(Option::is_some).then_some(button)
    });
    el("footer")
        .class("panel-foot")
        .child(p("muted").attr("role", "status").child(live(said)))
        .child(button)
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
