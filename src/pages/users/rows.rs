//! The rows of the table of users, drawn a stretch at a time.

use std::{sync::Arc, time::Duration};

use api::{
    Status, User, UserList,
    users::{AttentionKind, PAGE, UserSort},
};
use leptos::{leptos_dom::helpers::request_animation_frame, prelude::*};
use locales::{Key, keys};

use super::{bulk::Selection, list::column};
use crate::{
    pages::states,
    paths,
    ui::{
        el::{El, Inside, View, el, group, link, live, span},
        format::when,
        load::Remote,
        table::{Column, row},
        task::{Only, watch},
    },
};

/// So many rows are drawn in one frame: whoever types sees the first ones while the others follow.
const AT_ONCE: usize = 16;
/// Rows out of view wait so long: whoever still types has another answer before.
const REST: Duration = Duration::from_millis(200);
/// What stands below the rows is at most so high, in pixels.
const FOOT: i32 = 160;

/// The rows of the table, in stretches: what comes later leaves what stands there.
#[derive(Clone)]
pub(super) struct Rows {
    first: Arc<Vec<User>>,
    more: RwSignal<Vec<User>>,
    sorts: Arc<[UserSort]>,
    selection: Selection,
    list: Remote<UserList>,
    /// So many of them may be drawn by now.
    ready: RwSignal<usize>,
}

impl Rows {
    pub(super) fn new(
        first: Arc<Vec<User>>,
        more: RwSignal<Vec<User>>,
        sorts: &[UserSort],
        selection: Selection,
        list: Remote<UserList>,
    ) -> Self {
        Self {
            first,
            more,
            sorts: sorts.into(),
            selection,
            list,
            ready: RwSignal::new(AT_ONCE),
        }
    }

    pub(super) fn drawn(self) -> View {
        let (first, more, list, ready) = (self.first.len(), self.more, self.list, self.ready);
        let rested = StoredValue::new(false);
        let held = StoredValue::new(0);
        watch(move || {
            let is_drawn = ready.get() >= first;
            let (before, now) = (held.get_value(), more.with(Vec::len));
            if list.is_busy() || ready.get() >= first + now {
                return;
            }
            held.set_value(now);
            if is_drawn && now > before {
                // Whoever asks for more waits for them, and for one page of many.
                ready.update(|ready| {
                    *ready = (*ready).min(first + before) + (now - before).min(PAGE as usize);
                });
                return;
            }
            let more = move || {
                // Nobody will see the rest when another answer is on its way, or there.
                if ready.try_get_untracked().is_some() && !untrack(|| list.is_busy()) {
                    ready.try_update(|ready| *ready += AT_ONCE);
                }
            };
            // The next frame paints what is there; only then comes more.
            request_animation_frame(move || {
                let rests = rested.try_get_value() == Some(false) && fill_the_window();
                rested.try_update_value(|rested| *rested |= rests);
                set_timeout(more, if rests { REST } else { Duration::ZERO });
            });
        });
        self.stretch(0)
    }

    /// The rows from here on.
    fn stretch(self, from: usize) -> View {
        let (first, more, ready) = (self.first.len(), self.more, self.ready);
        let count = Only::new(move || {
            let all = first + more.with(Vec::len);
            ready.get().min(all).saturating_sub(from).min(AT_ONCE)
        });
        live(move || {
            let count = count.get();
            let rest = (count == AT_ONCE).then(|| self.clone().stretch(from + AT_ONCE));
            let users: Vec<User> = self.more.with_untracked(|more| {
                let users = self.first.iter().chain(more);
                users.skip(from).take(count).cloned().collect()
            });
            // Out here, where the language is followed.
            let rows: Vec<El> = users
                .iter()
                .map(|user| user_row(user, &self.sorts, self.selection))
                .collect();
            group(vec![rows.inside(), rest.inside()])
        })
    }
}

/// Whether the rows that are drawn reach beyond what is in view.
fn fill_the_window() -> bool {
    document()
        .document_element()
        .is_some_and(|page| page.scroll_height() - page.scroll_top() > page.client_height() + FOOT)
}

fn user_row(user: &User, sorts: &[UserSort], selection: Selection) -> El {
    let columns: Vec<Column> = sorts.iter().map(|it| column(*it)).collect();
    let cells = sorts
        .iter()
        .map(|sort| cell(user, *sort, selection))
        .collect();
    row(&columns, cells).of_now()
}

fn cell(user: &User, column: UserSort, selection: Selection) -> View {
    let time = |at: Option<i64>| match at {
        Some(at) => when(at),
        None => el("span").child(keys::USERS_NEVER),
    };
    match column {
        UserSort::Name => {
            let name = link(paths::user(&user.id))
                .class("row-link")
                .child(user.name.clone());
            return group(vec![selection.mark(user).done(), name.done()]);
        }
        UserSort::Email => address(&user.email),
        UserSort::OktaLogin => match &user.okta_login {
            Some(login) => address(login),
            None => span("muted").child(keys::USERS_NOT_ASSIGNED),
        },
        UserSort::Status => {
            let status = states::status(user.status);
            let Some(why) = why(user) else {
                return status.done();
            };
            let why = span("cut muted small").says("title", why).child(why);
            return group(vec![status.done(), why.done()]);
        }
        UserSort::Role => el("span").child(states::role_name(user.role)),
        UserSort::FirstSignInAt => time(user.first_sign_in_at),
        UserSort::LastSignInAt => time(user.last_sign_in_at),
        UserSort::CreatedAt => when(user.created_at),
    }
    .done()
}

/// Why somebody needs attention.
fn why(user: &User) -> Option<Key> {
    let attention = user.attention.as_ref();
    let attention = attention.filter(|_| user.status == Status::NeedsAttention)?;
    Some(match attention.kind() {
        AttentionKind::LoginChanged => keys::PEOPLE_LOGIN_CHANGED,
        AttentionKind::SecondIdentity => keys::PEOPLE_SECOND_IDENTITY,
    })
}

/// Cut where the column ends; whole in the tooltip.
fn address(address: &str) -> El {
    span("cut")
        .attr("title", address.to_owned())
        .child(address.to_owned())
}
