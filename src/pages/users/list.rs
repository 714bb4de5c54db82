//! The table of users, with a search and a filter that stand in the address.

use std::time::Duration;

use api::{
    Status, User, UserList,
    users::{SEARCH_MAX, StatusCounts, UserQuery},
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use locales::{Key, keys};

use crate::{
    api as server,
    navigation::{Place, Step, use_place, value_of},
    pages::states,
    paths, problems,
    ui::{
        button::{Weight, button, link_button},
        el::{El, Inside, View, div, el, group, link, live, p, span},
        format::{number, when},
        icon::icon,
        load::{Remote, bones, empty},
        page::{Head, page},
        table::{Column, row, table},
        task::{act, later, watch},
        toast::use_toasts,
    },
    words::{self, Text},
};

/// Long enough not to ask at each letter, short enough not to be noticed.
const PAUSE: Duration = Duration::from_millis(250);

const COLUMNS: [Column; 6] = [
    Column::kind(keys::USERS_NAME, "name"),
    Column::kind(keys::USERS_EMAIL, "address"),
    Column::kind(keys::USERS_OKTA_LOGIN, "address"),
    Column::kind(keys::USERS_STATUS, "status"),
    Column::kind(keys::USERS_ROLE, "role"),
    Column::kind(keys::USERS_LAST_SIGN_IN, "time"),
];

/// What the address asks for; whatever it says that is no query is left out.
#[derive(Clone, Debug, PartialEq)]
struct Wish(UserQuery);

impl Wish {
    /// Tracked: another address is another wish.
    fn of(place: Place) -> Self {
        let search = place.search.get();
        let names = [
            "search",
            "status",
            "role",
            "attention",
            "last_sign_in",
            "sort",
            "order",
            "after",
            "before",
        ];
        let pairs = names.map(|name| (name, value_of(&search, name)));
        let fits = |pair: &&(&'static str, String)| {
            !pair.1.is_empty() && UserQuery::from_pairs([(pair.0, pair.1.as_str())]).is_ok()
        };
        let fitting = pairs.iter().filter(fits);
        let fitting = fitting.map(|(name, value)| (*name, value.as_str()));
        Self(UserQuery::from_pairs(fitting).unwrap_or_default())
    }

    fn search(&self) -> String {
        self.0.filter.search.clone().unwrap_or_default()
    }

    /// The same filter and order with another search, from the first page on.
    fn searching(&self, search: &str) -> UserQuery {
        let mut query = self.0.clone();
        query.filter.search = Some(search.to_owned()).filter(|it| !it.is_empty());
        from_the_top(query)
    }

    fn with_status(&self, status: Option<Status>) -> UserQuery {
        let mut query = self.0.clone();
        query.filter.status = status;
        from_the_top(query)
    }

    fn query(&self, after: Option<String>) -> UserQuery {
        let mut query = self.0.clone();
        if after.is_some() {
            query.before = None;
            query.after = after;
        }
        query
    }
}

fn from_the_top(mut query: UserQuery) -> UserQuery {
    query.after = None;
    query.before = None;
    query
}

#[must_use]
pub fn users() -> View {
    let place = use_place();
    let wish = Signal::derive(move || Wish::of(place));
    let more = RwSignal::new(Vec::<User>::new());
    let list = Remote::new(move || {
        let query = wish.get().query(None);
        more.set(Vec::new());
        async move {
            server::users(&query)
                .await
                .map_err(|it| problems::notice(&it))
        }
    });
    let add = link_button(paths::new_user(), keys::USERS_NEW, Weight::Primary, "plus");
    let body = div("panel")
        .child(
            div("tools")
                .child(search_box(wish))
                .child(filters(wish, list)),
        )
        .child(list.draw(|| bones("rows", 8), move |list| rows(&list, wish, more)));
    page(
        Head::new(keys::USERS_TITLE)
            .lede(keys::USERS_LEDE)
            .actions(add),
        body,
    )
}

fn search_box(wish: Signal<Wish>) -> El {
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
        let url = paths::users_with(&wish.get_untracked().searching(value.get_untracked().trim()));
        place.go(&url, Step::Replace);
    };
    let typed = move |event| {
        clear();
        value.set(event_target_value(&event));
        waiting.set_value(set_timeout_with_handle(ask, PAUSE).ok());
    };
    let input = el("input")
        .attr("type", "search")
        .says("aria-label", keys::USERS_SEARCH)
        .says("placeholder", keys::USERS_SEARCH)
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("maxlength", SEARCH_MAX.to_string())
        .value(value)
        .on("input", typed);
    el("search")
        .class("search")
        .child(icon("search"))
        .child(input)
}

fn filters(wish: Signal<Wish>, list: Remote<UserList>) -> El {
    let chip = move |status: Option<Status>, label: Key| {
        let count = live(move || list.value().map(|it| number(counted(&it.counts, status))));
        let chip = el("a")
            .class("chip")
            .live("href", move || {
                Some(paths::users_with(&wish.get().with_status(status)))
            })
            .live("aria-current", move || {
                (wish.get().0.filter.status == status).then(|| "true".to_owned())
            })
            .child(label)
            .child(" ")
            .child(span("chip-count").child(count));
        el("li").child(chip)
    };
    let chips = el("ul")
        .class("chips")
        .child(chip(None, keys::USERS_ALL))
        .child(chip(Some(Status::Active), keys::STATUS_ACTIVE))
        .child(chip(Some(Status::Inactive), keys::STATUS_INACTIVE))
        .child(chip(
            Some(Status::NeedsAttention),
            keys::STATUS_NEEDS_ATTENTION,
        ))
        .child(chip(Some(Status::Suspended), keys::STATUS_SUSPENDED));
    el("nav")
        .says("aria-label", keys::USERS_FILTER)
        .child(chips)
}

/// How many users have a status; all when none is asked for.
fn counted(counts: &StatusCounts, status: Option<Status>) -> u64 {
    match status {
        None => counts.all,
        Some(Status::Active) => counts.active,
        Some(Status::Inactive) => counts.inactive,
        Some(Status::NeedsAttention) => counts.needs_attention,
        Some(Status::Suspended) => counts.suspended,
    }
}

fn rows(list: &UserList, wish: Signal<Wish>, more: RwSignal<Vec<User>>) -> View {
    if list.users.is_empty() {
        return nobody(&wish.get_untracked()).done();
    }
    let first: Vec<El> = list.users.iter().map(user_row).collect();
    let rest = live(move || more.with(|more| more.iter().map(user_row).collect::<Vec<_>>()));
    let drawn = table(keys::USERS_TITLE, &COLUMNS, vec![first.inside(), rest]);
    group(vec![drawn.done(), foot(list, wish, more).done()])
}

fn user_row(user: &User) -> El {
    let login = match &user.okta_login {
        Some(login) => address(login),
        None => span("muted").child(keys::USERS_NOT_ASSIGNED),
    };
    let last = match user.last_sign_in_at {
        Some(at) => when(at),
        None => el("span").child(keys::USERS_NEVER),
    };
    let name = link(paths::user(&user.id))
        .class("row-link")
        .child(user.name.clone());
    row(
        &COLUMNS,
        vec![
            name.done(),
            address(&user.email).done(),
            login.done(),
            states::status(user.status).done(),
            el("span").child(states::role_name(user.role)).done(),
            last.done(),
        ],
    )
}

/// Cut where the column ends; whole in the tooltip.
fn address(address: &str) -> El {
    span("cut")
        .attr("title", address.to_owned())
        .child(address.to_owned())
}

/// How many are shown of how many, and the next page.
fn foot(list: &UserList, wish: Signal<Wish>, more: RwSignal<Vec<User>>) -> El {
    let toasts = use_toasts();
    let first = list.users.len() as u64;
    let wished = wish.get_untracked();
    let all = Some(list.found.count).filter(|_| !list.found.or_more && wished.search().is_empty());
    let next = RwSignal::new(list.next.clone());
    let busy = RwSignal::new(false);
    let ask = act(move || {
        let Some(after) = next.get_untracked() else {
            return;
        };
        let wished = wish.get_untracked();
        busy.set(true);
        later(async move {
            let answer = server::users(&wished.query(Some(after))).await;
            // Another search may have taken the place of this one.
            if wish.try_get_untracked() != Some(wished) {
                return;
            }
            busy.try_set(false);
            match answer {
                Ok(page) => {
                    next.try_set(page.next);
                    more.try_update(|more| more.extend(page.users));
                }
                Err(trouble) => toasts.failed(problems::notice(&trouble).title),
            }
        });
    });
    let shown = move || first + more.with(Vec::len) as u64;
    let said = move || match all {
        Some(all) => Text::with(
            keys::USERS_SHOWN,
            &[("n", &number(shown())), ("all", &number(all))],
        )
        .read(),
        None => words::counted(keys::USERS_FOUND_ONE, keys::USERS_FOUND_MANY, shown()),
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
    if wish.0.filter.is_everybody() {
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
