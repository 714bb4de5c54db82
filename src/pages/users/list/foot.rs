//! What stands under the rows: how many of how many, and the next ones. How far somebody came stands in the address.

use api::{User, UserList, users::PAGE};
use leptos::prelude::*;
use locales::keys;

use crate::{
    api as server,
    navigation::{Step, use_place},
    pages::users::wish::{ROWS_MAX, Wish},
    problems,
    ui::{
        button::button,
        el::{El, Inside, el, live, p},
        format::number,
        load::Remote,
        task::{Only, act, later},
        toast::use_toasts,
    },
    words::{self, Text},
};

/// Who is rare among many comes a few at a time: so many are gone on for unasked.
const ENOUGH: usize = 20;
/// So many times, until somebody asks for more.
const ROUNDS: usize = 20;

/// How many are shown of how many, and the next page.
pub(super) fn foot(
    list: &UserList,
    wish: Signal<Wish>,
    more: RwSignal<Vec<User>>,
    drawn_from: Remote<UserList>,
) -> El {
    let (toasts, place) = (use_toasts(), use_place());
    let first = list.users.len();
    let found = list.found;
    let next = RwSignal::new(list.next.clone());
    let busy = RwSignal::new(false);
    // What the rows answer; an old answer is drawn again while another is on its way.
    let is_old = untrack(|| drawn_from.is_busy());
    let of = StoredValue::new((!is_old).then(|| wish.get_untracked().query));
    // Another search may have taken the place of this one, or its answer that of this foot.
    let here = move || {
        let now = wish.try_get_untracked()?;
        let is_of_now = of.try_with_value(|of| of.as_ref() == Some(&now.query))?;
        is_of_now.then_some(now)
    };
    let held = move || first + more.with_untracked(Vec::len);
    // Goes on until there are so many more, by pages of these at least.
    let go_on = move |wanted: usize, page: usize, is_asked: bool| {
        let Some(wished) = here() else {
            return;
        };
        let wanted = held() + wanted;
        busy.set(true);
        later(async move {
            for _ in 0..ROUNDS {
                if here().is_none() {
                    return;
                }
                let missing = wanted.saturating_sub(held());
                let Some(after) = next.get_untracked().filter(|_| missing > 0) else {
                    break;
                };
                let rows = missing.max(page).min(ROWS_MAX.saturating_sub(held()));
                let answer = server::users(&wished.behind(after, rows)).await;
                if here().is_none() {
                    return;
                }
                match answer {
                    Ok(page) => {
                        next.set(page.next);
                        more.update(|more| more.extend(page.users));
                    }
                    Err(trouble) => {
                        toasts.failed(problems::notice(&trouble).title);
                        break;
                    }
                }
            }
            busy.set(false);
            // Back, or by a link, there are as many again.
            if let Some(mut wished) = here().filter(|_| is_asked) {
                wished.rows = held();
                place.go(&wished.url(), Step::Replace);
            }
        });
    };
    let (rows, page) = wish.with_untracked(|it| {
        let page = it.query.limit.unwrap_or(PAGE);
        (it.rows, page as usize)
    });
    if rows > first && list.next.is_some() {
        go_on(rows - first, 0, false);
    } else if found.or_more && first < ENOUGH {
        go_on(ENOUGH, page, false);
    }
    let shown = move || first + more.with(Vec::len);
    let said = move || {
        let n = shown() as u64;
        if !found.or_more {
            let (n, all) = (number(n), number(found.count));
            return Text::with(keys::USERS_SHOWN, &[("n", &n), ("all", &all)]).read();
        }
        if next.with(Option::is_some) {
            return Text::with(keys::PEOPLE_SHOWN_SO_FAR, &[("n", &number(n))]).read();
        }
        words::counted(keys::USERS_FOUND_ONE, keys::USERS_FOUND_MANY, n)
    };
    // The same button as long as there is more: it may have the focus.
    let is_full = Only::new(move || next.with(Option::is_some).then(|| shown() >= ROWS_MAX));
    let button = live(move || {
        let Some(is_full) = is_full.get() else {
            return ().inside();
        };
        if is_full {
            let n = number(ROWS_MAX as u64);
            let most = Text::with(keys::PEOPLE_ROWS_MAX, &[("n", &n)]);
            return p("muted").child(most).done();
        }
        let more = act(move || go_on(ENOUGH.min(page), page, true));
        button(keys::USERS_MORE, more)
            .picture("down")
            .busy(busy)
            .inside()
    });
    el("footer")
        .class("panel-foot")
        .child(p("muted").attr("role", "status").child(live(said)))
        .child(button)
}
