//! The table of users, with a search and a filter that stand in the address.

use std::time::Duration;

use api::{Status, User, UserList, users::StatusCounts, users::UserQuery};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use locales::{Key, keys};

use crate::{
    api as server,
    navigation::{Step, use_place},
    pages::states,
    paths, problems,
    ui::{
        button::{Button, Weight, link_button},
        format::{number, when},
        icon::icon,
        load::{Remote, bones, empty},
        page::{Head, page},
        table::{Column, row, table},
        toast::use_toasts,
    },
    words::{self, Text, t, tf},
};

/// Long enough not to ask at each letter, short enough not to be noticed.
const PAUSE: Duration = Duration::from_millis(250);
/// The server takes no longer search.
const SEARCH_MAX: usize = 200;

const COLUMNS: [Column; 6] = [
    Column::kind(keys::USERS_NAME, "name"),
    Column::kind(keys::USERS_EMAIL, "address"),
    Column::kind(keys::USERS_OKTA_LOGIN, "address"),
    Column::new(keys::USERS_STATUS),
    Column::new(keys::USERS_ROLE),
    Column::kind(keys::USERS_LAST_SIGN_IN, "time"),
];

/// What the address asks for.
#[derive(Clone, Debug, PartialEq)]
struct Wish {
    search: String,
    status: Option<Status>,
}

impl Wish {
    fn is_all(&self) -> bool {
        self.search.is_empty() && self.status.is_none()
    }

    fn query(&self, after: Option<String>) -> UserQuery {
        UserQuery {
            search: Some(self.search.clone()).filter(|it| !it.is_empty()),
            status: self.status,
            after,
            limit: None,
        }
    }
}

#[must_use]
pub fn users() -> AnyView {
    let place = use_place();
    let wish = Memo::new(move |_| {
        let mut search = place.query("search").trim().to_owned();
        while search.len() > SEARCH_MAX {
            search.pop();
        }
        Wish { search, status: paths::status(&place.query("status")) }
    });
    let more = RwSignal::new(Vec::<User>::new());
    let list = Remote::new(move || {
        let query = wish.get().query(None);
        more.set(Vec::new());
        Box::pin(async move { server::users(&query).await.map_err(|it| problems::notice(&it)) })
    });
    let counts = Memo::new(move |_| list.value().map(|it| it.counts));
    let add = link_button(paths::new_user(), keys::USERS_NEW, Weight::Primary, "plus");
    let body = view! {
        <div class="panel">
            <div class="tools">{search_box(wish)} {filters(wish, counts)}</div>
            {list.draw(|| bones("rows", 8), move |list| rows(&list, wish, more))}
        </div>
    };
    page(Head::new(keys::USERS_TITLE).lede(keys::USERS_LEDE).actions(add), body.into_any())
}

fn search_box(wish: Memo<Wish>) -> AnyView {
    let place = use_place();
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let clear = move || {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    on_cleanup(clear);
    let ask = move |search: String| {
        let url = paths::users_with(search.trim(), wish.get_untracked().status);
        place.go(&url, Step::Replace);
    };
    let typed = move |event| {
        clear();
        let search = event_target_value(&event);
        let handle = set_timeout_with_handle(move || ask(search.clone()), PAUSE).ok();
        waiting.set_value(handle);
    };
    // What one types is not taken back by an address that is behind; another address is shown.
    let value = wish.get_untracked().search;
    view! {
        <search class="search">
            {icon("search")}
            <input
                type="search"
                aria-label=t(keys::USERS_SEARCH)
                placeholder=t(keys::USERS_SEARCH)
                autocomplete="off"
                spellcheck="false"
                maxlength=SEARCH_MAX
                value=value
                on:input=typed
            />
        </search>
    }
    .into_any()
}

fn filters(wish: Memo<Wish>, counts: Memo<Option<StatusCounts>>) -> AnyView {
    let chip = move |status: Option<Status>, label: Key, count: fn(&StatusCounts) -> u64| {
        let href = move || paths::users_with(&wish.get().search, status);
        let current = move || wish.with(|it| it.status == status).then_some("true");
        let n = move || counts.get().map(|it| number(count(&it)));
        view! {
            <li>
                <a class="chip" href=href aria-current=current>
                    {t(label)} " " <span class="chip-count">{n}</span>
                </a>
            </li>
        }
        .into_any()
    };
    view! {
        <nav aria-label=t(keys::USERS_FILTER)>
            <ul class="chips">
                {chip(None, keys::USERS_ALL, |it| it.all)}
                {chip(Some(Status::Active), keys::STATUS_ACTIVE, |it| it.active)}
                {chip(Some(Status::Inactive), keys::STATUS_INACTIVE, |it| it.inactive)}
                {chip(Some(Status::NeedsAttention), keys::STATUS_NEEDS_ATTENTION, |it| it.needs_attention)}
                {chip(Some(Status::Suspended), keys::STATUS_SUSPENDED, |it| it.suspended)}
            </ul>
        </nav>
    }
    .into_any()
}

fn rows(list: &UserList, wish: Memo<Wish>, more: RwSignal<Vec<User>>) -> AnyView {
    if list.users.is_empty() {
        return nobody(&wish.get_untracked());
    }
    let first: Vec<AnyView> = list.users.iter().map(user_row).collect();
    let rest = move || more.with(|more| more.iter().map(user_row).collect::<Vec<_>>());
    let drawn = table(keys::USERS_TITLE, &COLUMNS, vec![first.into_any(), rest.into_any()]);
    view! {
        {drawn}
        {foot(list, wish, more)}
    }
    .into_any()
}

fn user_row(user: &User) -> AnyView {
    let nothing = || view! { <span class="muted">"—"</span> }.into_any();
    let login = match &user.okta_login {
        Some(login) => view! { <span>{login.clone()}</span> }.into_any(),
        None => view! { <span class="muted">{t(keys::USERS_NOT_ASSIGNED)}</span> }.into_any(),
    };
    let last = match user.last_sign_in_at {
        Some(at) => when(at),
        None if user.status == Status::Suspended => nothing(),
        None => view! { <span>{t(keys::USERS_NEVER)}</span> }.into_any(),
    };
    row(
        &COLUMNS,
        vec![
            view! { <a class="row-link" href=paths::user(&user.id)>{user.name.clone()}</a> }.into_any(),
            view! { <span>{user.email.clone()}</span> }.into_any(),
            login,
            states::status(user.status),
            view! { <span>{t(states::role_name(user.role))}</span> }.into_any(),
            last,
        ],
    )
}

/// How many are shown of how many, and the next page.
fn foot(list: &UserList, wish: Memo<Wish>, more: RwSignal<Vec<User>>) -> AnyView {
    let toasts = use_toasts();
    let first = list.users.len() as u64;
    let counts = list.counts;
    let next = RwSignal::new(list.next.clone());
    let busy = RwSignal::new(false);
    let ask = Callback::new(move |()| {
        let Some(after) = next.get_untracked() else { return };
        let wished = wish.get_untracked();
        busy.set(true);
        leptos::task::spawn_local(async move {
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
    let shown = move || first + more.with(|more| more.len() as u64);
    let all = move || match wish.get() {
        Wish { search, .. } if !search.is_empty() => None,
        Wish { status: None, .. } => Some(counts.all),
        Wish { status: Some(Status::Active), .. } => Some(counts.active),
        Wish { status: Some(Status::Inactive), .. } => Some(counts.inactive),
        Wish { status: Some(Status::NeedsAttention), .. } => Some(counts.needs_attention),
        Wish { status: Some(Status::Suspended), .. } => Some(counts.suspended),
    };
    let said = move || match all() {
        Some(all) => tf(keys::USERS_SHOWN, &[("n", &number(shown())), ("all", &number(all))])(),
        None => words::counted(keys::USERS_FOUND_ONE, keys::USERS_FOUND_MANY, shown()),
    };
    let button = move || {
        next.with(Option::is_some)
            .then(|| view! { <Button label=keys::USERS_MORE picture="down" busy=busy on_press=ask /> })
    };
    view! {
        <footer class="panel-foot">
            <p class="muted" role="status">{said}</p>
            {button}
        </footer>
    }
    .into_any()
}

fn nobody(wish: &Wish) -> AnyView {
    if wish.is_all() {
        let add = link_button(paths::new_user(), keys::USERS_NEW, Weight::Primary, "plus");
        return empty("users", keys::USERS_EMPTY_TITLE, keys::USERS_EMPTY_FIX, Some(add));
    }
    let title = if wish.search.is_empty() {
        Text::from(keys::USERS_NONE_IN_FILTER)
    } else {
        Text::with(keys::USERS_NONE_FOUND, &[("search", &wish.search)])
    };
    let all = link_button(paths::users(), keys::USERS_SHOW_ALL, Weight::Plain, "close");
    empty("nobody", title, keys::USERS_NONE_FIX, Some(all))
}
