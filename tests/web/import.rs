//! People from a file: which column is what, what each row would do, and all of them at one press.

use std::{cell::Cell, rc::Rc};

use api::{
    FieldFault,
    users::{BadRow, Import, ImportState, RowFault},
};
use console::{
    navigation::{Place, Step, use_place},
    pages::users::import::{job, new_import},
    ui::el::View,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{DataTransfer, Event, EventInit, File, HtmlInputElement, HtmlSelectElement};

use crate::{
    desk::{Desk, NOON, fire, replace},
    server::{Reply, Server},
};

const PEOPLE: &str =
    "\u{feff}E-mail;\"Person; who\";Shoe size;Role\r\nada@x.example;Ada;38;member\r\n";

fn file(text: &str) -> DataTransfer {
    let parts = js_sys::Array::of1(&text.into());
    let file = File::new_with_str_sequence(&parts, "people.csv").expect("a file");
    let data = DataTransfer::new().expect("a transfer");
    let items = data.items();
    let add = js_sys::Reflect::get(&items, &"add".into()).expect("a function");
    let add: js_sys::Function = add.unchecked_into();
    add.call1(&items, &file).expect("added");
    data
}

fn input() -> HtmlInputElement {
    let input = document().query_selector("input[type=file]");
    let input = input.expect("a selector").expect("a field for a file");
    input.dyn_into().expect("an input")
}

fn choose(text: &str) {
    input().set_files(file(text).files().as_ref());
    fire(&input(), "change");
}

/// What a column is chosen to be.
fn chosen(name: &str) -> String {
    let select = document().get_element_by_id(name).expect("a select");
    let select: HtmlSelectElement = select.dyn_into().expect("a select");
    let option = select.selected_options().item(0).expect("one is chosen");
    option.text_content().unwrap_or_default()
}

fn imported(state: ImportState, done: u64) -> Import {
    Import {
        id: "imp1".to_owned(),
        state,
        rows: 1200,
        done,
        create: 1000,
        change: 97,
        skip: 100,
        bad: 3,
        bad_rows: vec![
            BadRow {
                line: 7,
                why: RowFault::Field,
                field: Some("email".to_owned()),
                fault: Some(FieldFault::NotAnEmail),
            },
            BadRow {
                line: 9,
                why: RowFault::Twice,
                field: None,
                fault: None,
            },
        ],
        started_at: NOON,
        ended_at: None,
    }
}

/// A page, and the place that it is at.
fn with(draw: impl Fn() -> View + 'static) -> (Desk, Place) {
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        draw()
    });
    (desk, place.get_untracked().expect("a place"))
}

#[wasm_bindgen_test]
async fn columns_are_guessed_and_can_be_chosen_and_the_file_is_sent_as_it_is() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|_| Reply::json(&imported(ImportState::Checking, 0)));
    let (desk, place) = with(new_import);
    desk.press("See what it would do");
    desk.until_sees("Nothing is entered").await;
    assert!(server.log().is_empty(), "there is no file yet");
    choose(PEOPLE);
    desk.until_sees("Which column is what").await;
    assert!(desk.sees("people.csv"));
    assert_eq!(
        ["name", "email", "okta_login", "role"].map(chosen),
        ["Choose a column", "E-mail", "Not in this file", "Role"],
        "a head with another sign in it is none that is known"
    );
    desk.press("See what it would do");
    desk.until_sees("Nothing is entered").await;
    let select = document().get_element_by_id("name").expect("a select");
    let select: HtmlSelectElement = select.dyn_into().expect("a select");
    select.set_value("1");
    fire(&select, "change");
    desk.press("See what it would do");
    desk.until("gone there", |_| {
        place.path.get_untracked() == "/users/import/imp1"
    })
    .await;
    let sent = server.last();
    assert_eq!(
        sent.line(),
        "POST /api/users/import?name=Person%3B%20who&email=E-mail&okta_login=&role=Role"
    );
    assert_eq!(sent.header("content-type").as_deref(), Some("text/csv"));
    assert!(sent.body.ends_with("ada@x.example;Ada;38;member\r\n"));
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn a_file_can_be_dropped_and_a_refusal_keeps_it() {
    let _server = Server::answering(|_| Reply::Problem(422, "invalid", &[("file", "malformed")]));
    let (desk, _) = with(new_import);
    let init = EventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let drop = Event::new_with_event_init_dict("drop", &init).expect("an event");
    replace(&drop, "dataTransfer", &file("name,email\n"));
    let field = input().parent_element().expect("a label");
    field.dispatch_event(&drop).expect("dispatched");
    assert!(drop.default_prevented(), "else the browser would open it");
    desk.until_sees("Which column is what").await;
    desk.press("See what it would do");
    desk.until_sees("This is not the kind of value").await;
    assert!(desk.sees("people.csv"));
    choose("name,email\n");
    desk.until("said no more", |desk| !desk.sees("not the kind of value"))
        .await;
}

#[wasm_bindgen_test]
async fn what_a_file_would_do_is_said_first_and_then_done_at_one_press() {
    let turn = Rc::new(Cell::new(0));
    let server = Server::answering(move |asked| {
        turn.set(turn.get() + 1);
        Reply::json(&match (asked.method.as_str(), turn.get()) {
            ("POST", _) => imported(ImportState::Running, 0),
            (_, 1) => imported(ImportState::Checking, 600),
            (_, 2) => imported(ImportState::Checked, 1200),
            (_, 4) => imported(ImportState::Running, 700),
            _ => imported(ImportState::Done, 1200),
        })
    });
    let (desk, _) = with(|| job::import("imp1".to_owned()));
    desk.until_sees("Looking at each row").await;
    assert!(desk.sees("600 of 1,200") && desk.sees("this address shows how far it is"));
    desk.until_sees("Nothing has changed yet").await;
    assert!(
        desk.sees("New1,000") && desk.sees("Changed97"),
        "{}",
        desk.text()
    );
    assert!(desk.sees("E-mail · This is not an e-mail address"));
    assert!(desk.sees("A row before it has the same") && desk.sees("The first 2 of 3."));
    let bad = desk
        .find("link", "Download these rows")
        .get_attribute("href");
    assert_eq!(bad.as_deref(), Some("/api/users/import/imp1/bad-rows"));
    desk.press("Import 1,097 users");
    desk.until_sees("700 of 1,200").await;
    desk.until_sees("The file is imported.").await;
    assert!(desk.has("link", "Show the users") && !desk.has("button", "Import 1,097 users"));
    assert!(
        server
            .lines()
            .contains(&"POST /api/users/import/imp1/apply".to_owned())
    );
}

#[wasm_bindgen_test]
async fn a_file_that_changes_nothing_and_one_that_was_taken_back_say_so() {
    let state = Rc::new(Cell::new(ImportState::Checked));
    let shown = Rc::clone(&state);
    let _server = Server::answering(move |_| {
        Reply::json(&Import {
            create: 0,
            change: 0,
            bad: 0,
            bad_rows: Vec::new(),
            ..imported(shown.get(), 1200)
        })
    });
    let (desk, _) = with(|| job::import("imp1".to_owned()));
    desk.until_sees("There is nothing to import").await;
    assert!(!desk.sees("Rows that cannot be taken"));
    assert!(desk.has("link", "Import another file"));
    drop(desk);
    state.set(ImportState::Failed);
    let (desk, _) = with(|| job::import("imp1".to_owned()));
    desk.until_sees("Nothing was changed").await;
    assert!(desk.has("link", "Import another file"));
}
