//! Where one is: the address bar as signals, and moving about without loading the page again.
//!
//! The router of Leptos is 45 kB of a bundle of which 150 are the goal, reads queries twice decoded and does not move
//! the focus; ten routes in one `match` (`paths::route`) need none of it. It must not know what a page draws.

pub mod unsaved;

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    paths::{self, Route},
    ui::task::{Act, act},
};

/// The address, in two signals: a search that changes redraws no page.
#[derive(Clone, Copy)]
pub struct Place {
    pub path: RwSignal<String>,
    /// As in the address bar: empty, or from the `?` on.
    pub search: RwSignal<String>,
    /// How often the page changed: the first page does not take the focus, the next ones do.
    pub moves: RwSignal<u32>,
    /// Somebody is about to leave what is not saved: what is done once they agree.
    pub leaving: RwSignal<Option<Act>>,
}

/// Whether going somewhere adds an entry to the history.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Push,
    Replace,
}

thread_local! {
    static LEAVE: Cell<fn(&str)> = const { Cell::new(assign) };
    /// Which entry of the history one is at, counted from where the console was opened.
    static AT: Cell<i32> = const { Cell::new(0) };
    static TURN: Cell<Turn> = const { Cell::new(Turn::Free) };
}

/// What the next move in the history is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Somebody's.
    Free,
    /// Ours, back to what is not saved; they meant to go so many entries on from there.
    Back(i32),
    /// Theirs, once they agreed.
    Agreed,
}

impl Place {
    /// Reads the address bar and follows it: back, forward, and each press of a link to one of our pages.
    #[must_use]
    pub fn follow() -> Self {
        let place = Self {
            path: RwSignal::new(String::new()),
            search: RwSignal::new(String::new()),
            moves: RwSignal::new(0),
            leaving: RwSignal::new(None),
        };
        AT.set(number().unwrap_or_default());
        keep_number();
        place.read();
        let back = window_event_listener_untyped("popstate", move |_| place.turned());
        // The browser asks in its own words before it closes the page.
        let close = window_event_listener_untyped("beforeunload", |event| {
            if unsaved::any() {
                event.prevent_default();
            }
        });
        let press = window_event_listener_untyped("click", move |event| {
            if let Some(event) = event.dyn_ref::<web_sys::MouseEvent>()
                && let Some(url) = own_link(event)
            {
                event.prevent_default();
                place.visit(&url);
            }
        });
        on_cleanup(move || {
            back.remove();
            close.remove();
            press.remove();
        });
        place
    }

    /// Back or forward, or to a place within the page.
    fn turned(self) {
        let from = AT.get();
        // Without a number it is new: a link to a place within the page.
        AT.set(number().unwrap_or(from + 1));
        keep_number();
        let to = AT.get();
        let turn = TURN.replace(Turn::Free);
        if let Turn::Back(on) = turn {
            // Asked when one is back, and not before: their answer moves in the history too.
            return self.leaving.set(Some(act(move || {
                TURN.set(Turn::Agreed);
                step_by(on);
            })));
        }
        let location = window().location();
        let stays = location.pathname().ok() == Some(self.path.get_untracked());
        if turn == Turn::Free && from != to && !stays && unsaved::any() {
            TURN.set(Turn::Back(to - from));
            return step_by(from - to);
        }
        self.moves.update(|it| *it += 1);
        self.read();
    }

    /// Goes where somebody wants to, once nothing is lost by it.
    pub fn visit(self, url: &str) {
        if path_of(url) == self.path.get_untracked() {
            return self.go(url, Step::Push);
        }
        let url = url.to_owned();
        self.kept(act(move || self.go(&url, Step::Push)));
    }

    /// Does what leaves the page, once nothing is lost by it.
    pub fn kept(self, then: Act) {
        if unsaved::any() {
            self.leaving.set(Some(then));
        } else {
            then();
        }
    }

    /// Where an answer leads that is not there yet: nobody is fetched from another page by it.
    pub fn onward(self) -> impl Fn(&str, Step) + Clone {
        let from = self.path.get_untracked();
        move |url: &str, step| {
            if self.path.get_untracked() == from {
                self.go(url, step);
            }
        }
    }

    fn read(self) {
        let location = window().location();
        // Only what changed: whoever follows the one must not run for the other.
        let show = |signal: RwSignal<String>, now: String| {
            if signal.with_untracked(|before| *before != now) {
                signal.set(now);
            }
        };
        show(self.path, location.pathname().unwrap_or_default());
        show(self.search, location.search().unwrap_or_default());
    }

    /// Goes to a page of the console; what was typed and not saved is lost.
    pub fn go(self, url: &str, step: Step) {
        let before = self.path.get_untracked();
        if let Ok(history) = window().history() {
            let _ = match step {
                Step::Push => {
                    AT.set(AT.get() + 1);
                    history.push_state_with_url(&state(), "", Some(url))
                }
                Step::Replace => history.replace_state_with_url(&state(), "", Some(url)),
            };
        }
        if step == Step::Push {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            self.moves.update(|it| *it += 1);
        }
        self.read();
        if step == Step::Push && self.path.get_untracked() == before {
            // The page stays, so its heading does not take the focus by itself.
            crate::ui::page::focus_heading();
        }
    }

    /// One value of the query; empty when it is not there. The router's own map decodes twice, the browser's once.
    #[must_use]
    pub fn query(self, name: &str) -> String {
        value_of(&self.search.get(), name)
    }
}

/// One value of a query string (`?a=b`) or a fragment (without its `#`).
#[must_use]
pub fn value_of(search: &str, name: &str) -> String {
    web_sys::UrlSearchParams::new_with_str(search)
        .ok()
        .and_then(|values| values.get(name))
        .unwrap_or_default()
}

/// The place, from the context that `app` set.
#[must_use]
pub fn use_place() -> Place {
    expect_context()
}

/// Leaves the console on purpose: to the door, or to the provider.
pub fn leave(url: &str) {
    unsaved::forget();
    LEAVE.get()(url);
}

/// For tests: they would lose their own page.
pub fn leave_by(way: fn(&str)) {
    LEAVE.set(way);
}

/// The path and query of this page, to come back to.
#[must_use]
pub fn here() -> String {
    let location = window().location();
    format!(
        "{}{}",
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default()
    )
}

/// The number of the entry that one is at.
fn number() -> Option<i32> {
    let state = window().history().ok()?.state().ok()?;
    state.as_string()?.parse().ok()
}

fn state() -> JsValue {
    JsValue::from_str(&AT.get().to_string())
}

fn keep_number() {
    if number().is_none()
        && let Ok(history) = window().history()
    {
        let _ = history.replace_state(&state(), "");
    }
}

fn step_by(delta: i32) {
    if let Ok(history) = window().history() {
        let _ = history.go_with_delta(delta);
    }
}

fn path_of(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// Whether a press leaves the form that it was in: by a link beside its buttons.
#[must_use]
pub fn cancels(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|it| it.dyn_into().ok());
    let is_within = target
        .and_then(|it: web_sys::Element| it.closest(".form-actions").ok()?)
        .is_some();
    is_within && event.dyn_ref().and_then(own_link).is_some()
}

fn assign(url: &str) {
    let _ = window().location().assign(url);
}

/// The address of a plainly pressed link to a page of ours; anything else is the browser's.
fn own_link(event: &web_sys::MouseEvent) -> Option<String> {
    if event.default_prevented()
        || event.button() != 0
        || event.meta_key()
        || event.ctrl_key()
        || event.shift_key()
        || event.alt_key()
    {
        return None;
    }
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    let link = target.closest("a[href]").ok()??;
    if link.has_attribute("target") || link.has_attribute("download") {
        return None;
    }
    let href = link.get_attribute("href")?;
    // Inside the page, or out of the console.
    if !href.starts_with('/') || href.starts_with("//") {
        return None;
    }
    match paths::route(path_of(&href)) {
        Route::Unknown | Route::SetUp => None,
        Route::Overview
        | Route::Users
        | Route::NewUser
        | Route::NewImport
        | Route::Import(_)
        | Route::User(_)
        | Route::SignIns
        | Route::Audit
        | Route::Organization
        | Route::Integrations
        | Route::Security
        | Route::Connection(_)
        | Route::Connect(_)
        | Route::Notifications
        | Route::Resume
        | Route::Guide(_) => Some(href),
    }
}
