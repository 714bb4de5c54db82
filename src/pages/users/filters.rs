//! What stands over the table: the search, the statuses as chips, and menus for the other filters and the view.

use std::time::Duration;

use api::{
    Role, Status, UserList,
    users::{AttentionKind, LastSignIn, PAGE, PAGE_MAX, SEARCH_MAX, StatusCounts},
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use locales::{Key, keys};

use super::wish::{HIDEABLE, Wish, without_controls};
use crate::{
    navigation::{Step, use_place},
    pages::{states, users::list::column_name},
    paths,
    ui::{
        el::{El, Inside, View, div, el, group, live, span},
        format::{Clock, number},
        icon::icon,
        load::Remote,
        overlay::menu,
        task::watch,
    },
};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// So many rows can be shown at once.
const SIZES: [u32; 3] = [PAGE, 100, PAGE_MAX];

pub(super) fn search_box(wish: Signal<Wish>) -> El {
    let place = use_place();
    let first = wish.get_untracked().search();
    let value = RwSignal::new(first.clone());
    let shown = StoredValue::new(first);
    // Another address is another search; what one types is not taken back by an address that is behind.
    watch(move || {
        let asked = wish.get().search();
        if shown.get_value() != asked {
            shown.set_value(asked.clone());
            if value.with_untracked(|typed| typed.trim() != asked) {
                value.set(asked);
            }
        }
    });
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let clear = move || {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    on_cleanup(clear);
    let ask = move || {
        let search = value.get_untracked().trim().to_owned();
        let wish = wish.get_untracked().but(|wish| {
            wish.query.filter.search = (!search.is_empty()).then_some(search);
        });
        place.go(&wish.url(), Step::Replace);
    };
    // What comes at once is asked once; each letter of whoever types has its answer before the next. A question whose
    // answer nobody waits for any more is given up.
    let typed = move |event| {
        clear();
        value.set(without_controls(&event_target_value(&event)));
        waiting.set_value(set_timeout_with_handle(ask, Duration::ZERO).ok());
    };
    let input = el("input")
        .attr("type", "search")
        .says("aria-label", keys::USERS_SEARCH)
        .says("placeholder", keys::USERS_SEARCH)
        .attr("aria-keyshortcuts", "/")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("maxlength", SEARCH_MAX.to_string())
        .live("aria-invalid", move || {
            let is_wrong = wish.get().has_wrong_search();
            is_wrong.then(|| "true".to_owned())
        })
        .value(value)
        .on("input", typed);
    el("search")
        .class("search")
        .child(icon("search"))
        .child(input)
}

pub(super) fn statuses(wish: Signal<Wish>, list: Remote<UserList>) -> El {
    let chip = move |status: Option<Status>, label: Key| {
        let count = live(move || list.value().map(|it| number(counted(&it.counts, status))));
        let chip = el("a")
            .class("chip")
            .live("href", move || {
                let wish = wish.get().but(|wish| wish.query.filter.status = status);
                Some(wish.url())
            })
            .live("aria-current", move || {
                (wish.get().query.filter.status == status).then(|| "true".to_owned())
            })
            .child(label)
            .child(" ")
            .child(span("chip-count").child(count));
        el("li").child(chip)
    };
    let mut chips = el("ul").class("chips").child(chip(None, keys::USERS_ALL));
    for status in [
        Status::Active,
        Status::Inactive,
        Status::NeedsAttention,
        Status::Suspended,
    ] {
        chips = chips.child(chip(Some(status), states::status_name(status)));
    }
    el("nav")
        .says("aria-label", keys::USERS_FILTER)
        .child(chips)
}

/// How many users have a status; all when none is asked for.
fn counted(counts: &StatusCounts, status: Option<Status>) -> u64 {
    match status {
        None => counts.all,
        Some(Status::Inactive) => counts.inactive,
        Some(Status::Active) => counts.active,
        Some(Status::NeedsAttention) => counts.needs_attention,
        Some(Status::Suspended) => counts.suspended,
    }
}

/// The other filters, columns and density, and the way out as CSV.
pub(super) fn view(wish: Signal<Wish>) -> View {
    let export = el("a")
        .class("button")
        .attr("data-weight", "quiet")
        .attr("download", "users.csv")
        .live("href", move || {
            let wish = wish.get();
            let query = wish.wrong.is_empty().then(|| wish.but(|_| ()).query);
            query.map(|query| paths::asking(api::paths::EXPORT, &query.pairs()))
        })
        .child(keys::PEOPLE_EXPORT);
    div("tools-end")
        .child(menu(
            "user-filters",
            keys::PEOPLE_FILTERS,
            face(keys::PEOPLE_FILTERS),
            move || more_filters(wish),
        ))
        .child(menu(
            "user-view",
            keys::PEOPLE_VIEW,
            face(keys::PEOPLE_VIEW),
            move || looks(wish),
        ))
        .child(export)
        .done()
}

fn more_filters(wish: Signal<Wish>) -> Vec<View> {
    let Clock(clock) = expect_context();
    let now = clock.get_untracked();
    let days_ago = move |days: i64| now - now % DAY - days * DAY;
    let last = move |last: Option<LastSignIn>| {
        move |wish: &mut Wish| wish.query.filter.last_sign_in = last
    };
    let role = |role: Option<Role>| move |wish: &mut Wish| wish.query.filter.role = role;
    let attention =
        |kind: Option<AttentionKind>| move |wish: &mut Wish| wish.query.filter.attention = kind;
    vec![
        part(
            keys::PEOPLE_FILTER_ROLE,
            vec![
                entry(wish, keys::PEOPLE_ANY, role(None)),
                entry(wish, keys::ROLE_ADMIN, role(Some(Role::Admin))),
                entry(wish, keys::ROLE_MEMBER, role(Some(Role::Member))),
            ],
        ),
        part(
            keys::PEOPLE_FILTER_LAST,
            vec![
                entry(wish, keys::PEOPLE_ANY, last(None)),
                entry(wish, keys::USERS_NEVER, last(Some(LastSignIn::Never))),
                entry(
                    wish,
                    keys::PEOPLE_LAST_MONTH,
                    last(Some(LastSignIn::After { at: days_ago(30) })),
                ),
                entry(
                    wish,
                    keys::PEOPLE_LAST_QUARTER,
                    last(Some(LastSignIn::Before { at: days_ago(90) })),
                ),
            ],
        ),
        part(
            keys::PEOPLE_FILTER_ATTENTION,
            vec![
                entry(wish, keys::PEOPLE_ANY, attention(None)),
                entry(
                    wish,
                    keys::PEOPLE_LOGIN_CHANGED,
                    attention(Some(AttentionKind::LoginChanged)),
                ),
                entry(
                    wish,
                    keys::PEOPLE_SECOND_IDENTITY,
                    attention(Some(AttentionKind::SecondIdentity)),
                ),
            ],
        ),
    ]
}

fn looks(wish: Signal<Wish>) -> Vec<View> {
    let columns = HIDEABLE
        .into_iter()
        .map(|column| {
            let shown = move || wish.get().shows(column);
            choice(
                wish,
                column_name(column),
                move |it| it.toggled(column),
                shown,
            )
        })
        .collect();
    let rows = |rows: u32| {
        let limit = Some(rows).filter(|it| *it != PAGE);
        entry(wish, number(rows.into()), move |wish: &mut Wish| {
            wish.query.limit = limit;
        })
    };
    let density = |label: Key, compact: bool| {
        let so = move |wish: &Wish| {
            let mut wish = wish.clone();
            wish.compact = compact;
            wish
        };
        choice(wish, label, so, move || wish.get().compact == compact)
    };
    vec![
        part(keys::PEOPLE_COLUMNS, columns),
        part(
            keys::PEOPLE_DENSITY,
            vec![
                density(keys::PEOPLE_COMFORTABLE, false),
                density(keys::PEOPLE_COMPACT, true),
            ],
        ),
        part(keys::PEOPLE_ROWS, SIZES.into_iter().map(rows).collect()),
    ]
}

fn face(label: Key) -> View {
    let face = span("button").attr("data-weight", "plain");
    face.child(el("span").child(label))
        .child(icon("down"))
        .done()
}

fn part(label: Key, entries: Vec<El>) -> View {
    group(vec![
        el("h2").class("nav-head").child(label).done(),
        el("ul").class("chips").child(entries).done(),
    ])
}

/// One choice of whom to show: the address with it. It is the current one where it would change nothing.
fn entry(
    wish: Signal<Wish>,
    label: impl Inside,
    change: impl Fn(&mut Wish) + Copy + Send + 'static,
) -> El {
    let is_so = move || {
        let now = wish.get().but(|_| ());
        now.but(change) == now
    };
    choice(wish, label, move |it| it.but(change), is_so)
}

fn choice(
    wish: Signal<Wish>,
    label: impl Inside,
    with: impl Fn(&Wish) -> Wish + Send + 'static,
    is_on: impl Fn() -> bool + Send + 'static,
) -> El {
    let link = el("a")
        .class("chip")
        .live("href", move || Some(with(&wish.get()).url()))
        .live("aria-current", move || is_on().then(|| "true".to_owned()))
        .child(label);
    el("li").child(link.inside())
}
