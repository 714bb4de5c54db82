//! What one does in the table while something else is on its way.

use std::{cell::Cell, rc::Rc};

use api::{
    Status,
    users::{BulkAction, BulkJob, Found, JobState},
};
use console::{
    navigation::{Place, Step, use_place},
    pages::users::{detail, list},
    ui::{
        el::{group, live},
        overlay::use_confirm,
    },
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlDialogElement, HtmlInputElement};

use super::{
    bulk::over,
    further::{names, of},
    page, shown_user, table, user,
};
use crate::{
    desk::{Desk, tick},
    server::{Reply, Server},
};

const EVERYBODY: &str = "Select everybody whom the filter finds";

fn is_marked(desk: &Desk, name: &str) -> bool {
    let found = desk.find("checkbox", &format!("Select {name}"));
    found.unchecked_into::<HtmlInputElement>().checked()
}

fn is_asked(desk: &Desk) -> bool {
    let dialog = desk.find("dialog", "");
    dialog.unchecked_into::<HtmlDialogElement>().open()
}

/// The table or one user, by the address, with the dialog over both; and where it is.
fn with_dialog() -> (Desk, Place) {
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        let here = use_place();
        place.set(Some(here));
        let is_user = Memo::new(move |_| here.path.with(|it| it == "/users/ada"));
        let drawn = live(move || {
            if is_user.get() {
                detail::user("ada".to_owned())
            } else {
                list::users()
            }
        });
        group(vec![drawn, use_confirm().dialog().done()])
    });
    (desk, place.get_untracked().expect("a place"))
}

#[wasm_bindgen_test]
async fn whoever_is_spared_out_of_everybody_is_not_selected() {
    let back = window().location().pathname().expect("a path");
    let _server = Server::answering(|asked| of(150, asked));
    let (desk, place) = table();
    desk.until_sees("50 of 150").await;
    desk.find("checkbox", "Select User 0001").click();
    desk.until_sees("1 user selected").await;
    desk.press(EVERYBODY);
    desk.until_sees("Everybody whom the filter finds is selected")
        .await;
    desk.press("Load more");
    desk.until("the rows", |desk| names(desk).len() == 100)
        .await;
    for (name, left) in [("User 0000", 99), ("User 0099", 98)] {
        desk.find("checkbox", &format!("Select {name}")).click();
        desk.until_sees(&format!("{left} users selected")).await;
        assert!(!is_marked(&desk, name) && is_marked(&desk, "User 0001"));
    }
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn a_job_that_ends_while_one_goes_on_doubles_nobody_and_forgets_nobody() {
    let back = window().location().pathname().expect("a path");
    let (is_over, lets_go) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
    let (ends, gate) = (Rc::clone(&is_over), Rc::clone(&lets_go));
    let server = Server::answering(move |asked| {
        if asked.path.contains("/bulk") {
            let job = over("job1", BulkAction::Suspend, false);
            return Reply::json(&if ends.get() {
                job
            } else {
                BulkJob {
                    state: JobState::Running,
                    ..job
                }
            });
        }
        let rows = of(200, asked);
        if asked.path.contains("after=") && !ends.get() {
            return Reply::Once(Rc::clone(&gate), Box::new(rows));
        }
        rows
    });
    let (desk, place) = table();
    place.go("/users?job=job1", Step::Replace);
    desk.until_sees("50 of 200").await;
    desk.press("Load more");
    desk.find("checkbox", "Select User 0003").click();
    desk.until_sees("1 user selected").await;
    is_over.set(true);
    desk.until("another answer", |desk| {
        !desk.find("button", "Load more").has_attribute("data-busy")
    })
    .await;
    assert!(desk.sees("1 user selected") && is_marked(&desk, "User 0003"));
    // Now comes what was asked for before.
    lets_go.set(true);
    desk.until("the answer", |_| {
        server
            .lines()
            .contains(&"GET /api/users?after=50".to_owned())
    })
    .await;
    tick().await;
    desk.until("the rows", |desk| names(desk).len() == 50).await;
    desk.press("Load more");
    desk.until_sees("100 of 200").await;
    desk.until("the rows", |desk| names(desk).len() == 100)
        .await;
    let mut once = names(&desk);
    once.dedup();
    assert_eq!(once.len(), 100);
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn everybody_is_counted_once_and_nobody_is_asked_who_went_on_meanwhile() {
    let back = window().location().pathname().expect("a path");
    let counted = Rc::new(Cell::new(0));
    let lets_go = Rc::new(Cell::new(false));
    let (counts, gate) = (Rc::clone(&counted), Rc::clone(&lets_go));
    let server = Server::answering(move |asked| {
        if asked.path == "/api/users/ada" {
            return shown_user();
        }
        if asked.path.contains("/count") {
            counts.set(counts.get() + 1);
            let found = Found {
                count: 3,
                or_more: false,
            };
            return Reply::Once(Rc::clone(&gate), Box::new(Reply::json(&found)));
        }
        page(vec![user("Ada", Status::Active)], Some("c2"))
    });
    let (desk, place) = with_dialog();
    for (turn, to) in ["/users?status=active", "/users/ada", ""]
        .iter()
        .enumerate()
    {
        place.go("/users", Step::Push);
        // Who was marked before is so no more.
        tick().await;
        desk.until("the rows", |desk| desk.has("checkbox", "Select Ada"))
            .await;
        lets_go.set(false);
        desk.find("checkbox", "Select Ada").click();
        desk.until("selected", |desk| desk.has("button", EVERYBODY))
            .await;
        desk.press(EVERYBODY);
        desk.press("Suspend");
        desk.until("busy", |desk| {
            desk.find("button", "Suspend").has_attribute("data-busy")
        })
        .await;
        desk.press("Suspend");
        desk.press("Make member");
        desk.until("counting", |_| counted.get() > turn).await;
        if !to.is_empty() {
            place.go(to, Step::Push);
            desk.until("somewhere else", |desk| {
                !desk.has("button", EVERYBODY) && !desk.has("button", "Make member")
            })
            .await;
        }
        lets_go.set(true);
        let is_count = |it: &String| it.contains("/count");
        desk.until("counted", |_| {
            server.lines().into_iter().filter(is_count).count() > turn
        })
        .await;
        if to.is_empty() {
            desk.until("asked", is_asked).await;
        } else {
            tick().await;
            assert!(!is_asked(&desk), "{to}");
        }
        assert_eq!(counted.get(), turn + 1, "once");
    }
    // Back in the browser: the question stays with what it is about.
    place.go("/users/ada", Step::Push);
    desk.until("taken back", |desk| !is_asked(desk)).await;
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn whoever_loads_more_by_keyboard_stays_at_the_button() {
    let back = window().location().pathname().expect("a path");
    let _server = Server::answering(|asked| of(150, asked));
    let (desk, place) = table();
    desk.until_sees("50 of 150").await;
    let button = desk.find("button", "Load more");
    button.focus().expect("focus");
    button.click();
    desk.until_sees("100 of 150").await;
    assert_eq!(desk.find("button", "Load more"), button);
    let focused = document().active_element().expect("an element");
    assert_eq!(focused.text_content().as_deref(), Some("Load more"));
    button.click();
    desk.until_sees("150 of 150").await;
    assert!(!desk.has("button", "Load more"));
    place.go(&back, Step::Replace);
}
