//! What is selected in the table, what can be done with all of them, and how far that is.
//!
//! The job stands in the address: one can leave, come back, or send the link.

pub(super) mod job;

use api::{
    Role, User, UserList,
    users::{BulkAction, BulkForm},
};
use leptos::prelude::*;
use locales::{Key, keys};

use super::wish::Wish;
use crate::{
    api as server,
    navigation::{Place, Step, use_place},
    problems,
    ui::{
        button::{Weight, button},
        el::{El, Inside, View, div, el, group, live, p},
        format::number,
        load::Remote,
        overlay::{Question, use_confirm},
        page::focus_heading,
        task::{Act, Only, act, later},
        toast::use_toasts,
    },
    words::{self, Text},
};

/// Who is marked: these, or whomever the filter finds.
#[derive(Clone, Copy)]
pub(super) struct Selection {
    /// Each once. A plain list: a set is 4 kB of the bundle, and a thousand users are shown at most.
    ids: RwSignal<Vec<String>>,
    everybody: RwSignal<bool>,
    list: Remote<UserList>,
    more: RwSignal<Vec<User>>,
}

impl Selection {
    /// Among these, and those who came by more.
    pub(super) fn of(list: Remote<UserList>, more: RwSignal<Vec<User>>) -> Self {
        Self {
            ids: RwSignal::new(Vec::new()),
            everybody: RwSignal::new(false),
            list,
            more,
        }
    }

    pub(super) fn clear(self) {
        self.ids.try_set(Vec::new());
        self.everybody.try_set(false);
    }

    /// All that is shown; tracked.
    fn shown(self) -> Vec<String> {
        let list = self.list.value();
        self.more.with(|more| {
            let first = list.iter().flat_map(|it| &it.users);
            first.chain(more).map(|it| it.id.clone()).collect()
        })
    }

    fn has(self, id: &str) -> bool {
        self.everybody.get() || self.ids.with(|ids| ids.iter().any(|it| it == id))
    }

    /// The box that marks a user.
    pub(super) fn mark(self, user: &User) -> El {
        let (id, marked) = (user.id.clone(), user.id.clone());
        let turn = move |_| {
            // Of everybody those stay who are shown: nobody is marked by being spared.
            if self.everybody.get_untracked() {
                self.everybody.set(false);
                self.ids.set(untrack(|| self.shown()));
            }
            self.ids
                .update(|ids| match ids.iter().position(|it| *it == id) {
                    Some(at) => drop(ids.swap_remove(at)),
                    None => ids.push(id.clone()),
                });
        };
        el("input")
            .class("mark-box")
            .attr("type", "checkbox")
            .says(
                "aria-label",
                Text::with(keys::PEOPLE_SELECT, &[("name", &user.name)]),
            )
            .checked(move || self.has(&marked))
            .on("change", turn)
    }

    /// The box that marks all that is shown.
    pub(super) fn whole(self) -> El {
        let turn = move |event: web_sys::Event| {
            self.clear();
            if event_target_checked(&event) {
                self.ids.set(untrack(|| self.shown()));
            }
        };
        el("input")
            .class("mark-box")
            .attr("type", "checkbox")
            .says("aria-label", keys::PEOPLE_SELECT_PAGE)
            .checked(move || {
                self.everybody.get() || {
                    let all = self.shown();
                    self.ids
                        .with(|ids| ids.len() == all.len() && all.iter().all(|it| ids.contains(it)))
                }
            })
            .on("change", turn)
    }
}

/// An act, its name, what it means.
pub(super) type Named = (BulkAction, Key, Key);

/// What can be done with all of them.
const ACTS: [Named; 7] = [
    (
        BulkAction::AssignLogin,
        keys::PEOPLE_ASSIGN_LOGIN,
        keys::PEOPLE_ASSIGN_LOGIN_MEANS,
    ),
    (
        BulkAction::Suspend,
        keys::USER_SUSPEND,
        keys::PEOPLE_SUSPEND_MEANS,
    ),
    (
        BulkAction::Reinstate,
        keys::USER_REINSTATE,
        keys::PEOPLE_REINSTATE_MEANS,
    ),
    (
        BulkAction::ChangeRole { role: Role::Admin },
        keys::PEOPLE_MAKE_ADMIN,
        keys::PEOPLE_MAKE_ADMIN_MEANS,
    ),
    (
        BulkAction::ChangeRole { role: Role::Member },
        keys::PEOPLE_MAKE_MEMBER,
        keys::PEOPLE_MAKE_MEMBER_MEANS,
    ),
    (
        BulkAction::SignOut,
        keys::PEOPLE_SIGN_OUT,
        keys::PEOPLE_SIGN_OUT_MEANS,
    ),
    (
        BulkAction::Relink,
        keys::PEOPLE_REBIND,
        keys::PEOPLE_REBIND_MEANS,
    ),
];

/// The bar over the table: what is selected, or the job that runs.
pub(super) fn bar(wish: Signal<Wish>, list: Remote<UserList>, selection: Selection) -> View {
    let job = Only::new(move || wish.get().job);
    let is_any =
        Only::new(move || selection.everybody.get() || selection.ids.with(|ids| !ids.is_empty()));
    let said = live(move || {
        let n = selection.ids.with(Vec::len) as u64;
        if selection.everybody.get() {
            Text::from(keys::PEOPLE_FILTER_SELECTED).read()
        } else if n > 0 {
            words::counted(keys::PEOPLE_SELECTED_ONE, keys::PEOPLE_SELECTED_MANY, n)
        } else {
            String::new()
        }
    });
    // The line stays in its place, so that it is read out when it changes.
    let chosen = div("bulk")
        .live_flag("data-none", move || !is_any.get())
        .child(p("").attr("role", "status").child(said))
        .child(live(move || {
            is_any.get().then(|| chosen(wish, list, selection))
        }));
    let running = live(move || job.get().map(|id| job::running(id, wish, list)));
    group(vec![running, chosen.done()])
}

fn chosen(wish: Signal<Wish>, list: Remote<UserList>, selection: Selection) -> View {
    let more = live(move || {
        let is_more = list.value().is_some_and(|it| it.next.is_some());
        let all = button(
            keys::PEOPLE_SELECT_FILTER,
            act(move || selection.everybody.set(true)),
        )
        .weight(Weight::Quiet);
        (is_more && !selection.everybody.get()).then_some(all)
    });
    let clear = act(move || {
        selection.clear();
        // What had the focus goes with the bar.
        focus_heading();
    });
    let clear = button(keys::PEOPLE_CLEAR, clear).weight(Weight::Quiet);
    let mut actions = div("chips")
        .attr("role", "group")
        .says("aria-label", keys::PEOPLE_ACTIONS);
    // Which act is being counted for; 0 is none.
    let (busy, confirm) = (RwSignal::new(0), use_confirm());
    // Whoever goes on is not asked there.
    on_cleanup(move || confirm.take_back());
    for (at, named) in (1..).zip(ACTS) {
        let ask = asking(named, wish, selection, busy, at);
        let is_busy = Signal::derive(move || busy.get() == at);
        actions = actions.child(button(named.1, ask).busy(is_busy));
    }
    group(vec![more, clear.inside(), actions.done()])
}

/// First says how many and what will happen.
fn asking(
    (what, name, means): Named,
    wish: Signal<Wish>,
    selection: Selection,
    busy: RwSignal<u32>,
    at: u32,
) -> Act {
    let (confirm, toasts, place) = (use_confirm(), use_toasts(), use_place());
    let begin = move |form: BulkForm| {
        later(async move {
            match server::begin_bulk(&form).await {
                Ok(job) => {
                    selection.clear();
                    follow(place, wish, Some(job.id));
                }
                Err(trouble) if problems::is_stale(&trouble) => {
                    toasts.failed(keys::PEOPLE_CHANGED_MEANWHILE);
                }
                Err(trouble) => toasts.failed(problems::notice(&trouble).title),
            }
        });
    };
    act(move || {
        if busy.get_untracked() > 0 {
            return;
        }
        busy.set(at);
        let wished = wish.get_untracked();
        later(async move {
            let mut form = BulkForm {
                action: what,
                ids: None,
                filter: None,
                expected: 0,
                // What cannot be undone is tried first; it is done out of what the trial said.
                dry_run: what == BulkAction::Relink,
            };
            if selection.everybody.get_untracked() {
                let counted = server::count_users(&wished.query.filter).await;
                // Gone with the bar, or with a choice of some.
                if busy.try_set(0).is_some() || !selection.everybody.get_untracked() {
                    return;
                }
                match counted {
                    Ok(found) => form.expected = found.count,
                    Err(trouble) => return toasts.failed(problems::notice(&trouble).title),
                }
                form.filter = Some(wished.query.filter);
            } else {
                busy.set(0);
                let ids = selection.ids.get_untracked();
                form.expected = ids.len() as u64;
                form.ids = Some(ids);
            }
            if form.dry_run {
                return begin(form);
            }
            let n = number(form.expected);
            confirm.ask(Question {
                title: name.into(),
                body: Text::with(means, &[("n", &n)]),
                action: name.into(),
                weight: Weight::Danger,
                then: act(move || begin(form.clone())),
            });
        });
    })
}

/// Puts the job into the address of now, or takes it out; nobody is fetched from another page by it.
fn follow(place: Place, wish: Signal<Wish>, job: Option<String>) {
    if let Some(mut wish) = wish.try_get_untracked() {
        wish.job = job;
        place.go(&wish.url(), Step::Replace);
        // What had the focus goes with its bar.
        focus_heading();
    }
}
