//! Many rows: a stretch at a time, nothing anew before there is an answer, and those that are rare.

use std::{cell::RefCell, rc::Rc};

use api::{
    Status, User,
    users::{Found, StatusCounts, UserList},
};
use console::{
    navigation::{Step, use_place},
    pages::users::list,
};
use leptos::prelude::*;
use locales::Language;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlInputElement, MutationObserver, MutationObserverInit};

use super::{page, user};
use crate::{
    desk::{Desk, after, fire, speak, tick},
    server::{Reply, Server},
};

fn many(count: usize, name: &str) -> Vec<User> {
    let one = |number| user(&format!("{name} {number:03}"), Status::Active);
    (0..count).map(one).collect()
}

fn rows(desk: &Desk) -> usize {
    desk.all("rowheader", "").len()
}

/// What the budget of a request left of a page: few, and there may be more.
fn short(users: Vec<User>, next: Option<&str>) -> Reply {
    let found = Found {
        count: users.len() as u64,
        or_more: true,
    };
    Reply::json(&UserList {
        users,
        next: next.map(str::to_owned),
        previous: None,
        found,
        counts: StatusCounts::default(),
    })
}

/// How many rows there were, and when: written down as they are drawn, however late anybody looks.
struct Drawn {
    seen: Rc<RefCell<Vec<(f64, u32)>>>,
    observer: MutationObserver,
    _noted: Closure<dyn FnMut()>,
}

impl Drawn {
    fn new() -> Self {
        Self::and(|_| {})
    }

    /// Also does something each time, before anything else can happen.
    fn and(mut then: impl FnMut(u32) + 'static) -> Self {
        let seen = Rc::new(RefCell::new(Vec::new()));
        let noted = Closure::<dyn FnMut()>::new({
            let seen = Rc::clone(&seen);
            move || {
                let rows = document().query_selector_all("[role=rowheader]");
                let count = rows.expect("rows").length();
                seen.borrow_mut().push((js_sys::Date::now(), count));
                then(count);
            }
        });
        let observer = MutationObserver::new(noted.as_ref().unchecked_ref()).expect("an observer");
        let all = MutationObserverInit::new();
        all.set_child_list(true);
        all.set_subtree(true);
        let body = document().body().expect("a body");
        observer
            .observe_with_options(&body, &all)
            .expect("observed");
        Self {
            seen,
            observer,
            _noted: noted,
        }
    }

    /// Between one stretch and the next, in milliseconds, while there are fewer rows than these.
    fn longest_wait_before(&self, rows: u32) -> f64 {
        let mut seen = self.seen.borrow().clone();
        seen.retain(|(_, count)| *count > 0);
        seen.dedup_by_key(|(_, count)| *count);
        let waits = seen.windows(2).filter_map(|pair| match pair {
            [(from, few), (to, more)] if few < more && *few < rows => Some(to - from),
            _ => None,
        });
        waits.fold(0.0, f64::max)
    }
}

impl Drop for Drawn {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

#[wasm_bindgen_test]
async fn all_of_many_rows_come_the_first_ones_first_in_their_order_and_in_each_language() {
    let _server = Server::answering(|_| page(many(100, "User"), None));
    let desk = Desk::with(list::users);
    desk.until("the first ones", |desk| rows(desk) > 0).await;
    assert!(rows(&desk) < 100, "they are not drawn in one go");
    desk.until("all of them", |desk| rows(desk) == 100).await;
    let names: Vec<String> = desk
        .all("rowheader", "")
        .iter()
        .map(|row| row.text_content().unwrap_or_default())
        .collect();
    assert!(names.is_sorted(), "{names:?}");
    speak(Language::French);
    let label = |desk: &Desk, at: usize| desk.all("cell", "")[at].get_attribute("data-label");
    for at in [2, 402] {
        desk.until("in French", |desk| {
            desk.all("cell", "").len() == 500 && label(desk, at).as_deref() == Some("État")
        })
        .await;
    }
    desk.find("checkbox", "Sélectionner User 099");
    speak(Language::English);
}

#[wasm_bindgen_test]
async fn what_is_out_of_view_waits_until_nobody_types_any_more() {
    let back = window().location().pathname().expect("a path");
    let _server = Server::answering(|asked| {
        let word = asked.path.split_once("search=").map_or("", |it| it.1);
        page(many(100, &format!("({word})")), None)
    });
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        list::users()
    });
    desk.until("all of them", |desk| rows(desk) == 100).await;
    let field: HtmlInputElement = desk.find("searchbox", "").dyn_into().expect("an input");
    let seen = |desk: &Desk, at: usize| desk.all("rowheader", "")[at].text_content();
    for typed in ["f", "fo", "fou"] {
        let drawn = Drawn::new();
        field.set_value(typed);
        fire(&field, "input");
        let name = format!("({typed})");
        desk.until("all of them", |desk| {
            rows(desk) == 100 && seen(desk, 0).is_some_and(|it| it.contains(&name))
        })
        .await;
        let rested = drawn.longest_wait_before(40);
        assert!(rested > 150.0, "the rest waits: {rested} ms");
    }
    let place = place.get_untracked().expect("a place");
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn whoever_types_on_is_not_kept_by_the_rows_out_of_view() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|asked| {
        if asked.path.ends_with("search=fo") {
            Reply::Never
        } else {
            page(many(100, "User"), None)
        }
    });
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        list::users()
    });
    desk.until("all of them", |desk| rows(desk) == 100).await;
    let field: HtmlInputElement = desk.find("searchbox", "").dyn_into().expect("an input");
    let again = field.clone();
    // The next letter comes with the first rows.
    let drawn = Drawn::and(move |count| {
        if count < 40 && again.value() == "f" {
            again.set_value("fo");
            fire(&again, "input");
        }
    });
    field.set_value("f");
    fire(&field, "input");
    desk.until("asked", |_| server.last().path.ends_with("search=fo"))
        .await;
    // Longer than the rest waits.
    after(400).await;
    let seen: Vec<u32> = drawn.seen.borrow().iter().map(|it| it.1).collect();
    let first = seen.iter().find(|count| (1..40).contains(*count));
    assert_eq!(first, seen.last(), "rows that nobody waits for");
    drop(drawn);
    let place = place.get_untracked().expect("a place");
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn another_question_draws_nothing_before_its_answer() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|asked| {
        if asked.path.contains("search=") {
            Reply::Never
        } else {
            page(many(3, "User"), None)
        }
    });
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        list::users()
    });
    desk.until("the rows", |desk| rows(desk) == 3).await;
    let before = desk.all("rowheader", "");
    let place = place.get_untracked().expect("a place");
    place.go("/users?search=a&sort=email", Step::Replace);
    desk.until("asked", |_| {
        server.last().line() == "GET /api/users?search=a&sort=email"
    })
    .await;
    tick().await;
    let after = desk.all("rowheader", "");
    assert_eq!(after.len(), 3);
    for (before, after) in before.iter().zip(&after) {
        assert!(before.is_same_node(Some(after)), "the same row as before");
    }
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn who_is_rare_among_many_is_asked_on_for_until_there_are_enough() {
    let server = Server::answering(|asked| match asked.path.split_once("after=") {
        None => short(Vec::new(), Some("1")),
        Some((_, "1")) => short(many(12, "A"), Some("2")),
        Some((_, "2")) => short(many(12, "B"), Some("3")),
        Some((_, after)) => short(many(1, "C"), Some(after)),
    });
    let desk = Desk::with(list::users);
    desk.until("enough", |desk| rows(desk) == 24).await;
    tick().await;
    assert_eq!(
        server.lines(),
        ["", "?after=1", "?after=2"].map(|after| format!("GET /api/users{after}"))
    );
    // Who asks for more has as many rounds again, and no endless ones.
    desk.press("Load more");
    desk.until("more", |desk| rows(desk) == 44).await;
    tick().await;
    assert_eq!(server.lines().len(), 23);
}

#[wasm_bindgen_test]
async fn so_many_rows_at_once_are_a_choice_that_stands_in_the_address() {
    let _server = Server::answering(|_| page(many(1, "User"), None));
    let desk = Desk::with(list::users);
    desk.until("the row", |desk| rows(desk) == 1).await;
    desk.press("View");
    desk.until("choices", |desk| desk.has("link", "100")).await;
    for (rows, address) in [("100", "/users?limit=100"), ("200", "/users?limit=200")] {
        let chip = desk.find("link", rows);
        assert_eq!(chip.get_attribute("href").as_deref(), Some(address));
    }
    let usual = desk.find("link", "50");
    assert_eq!(usual.get_attribute("aria-current").as_deref(), Some("true"));
}
