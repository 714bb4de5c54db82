//! People from a file: which column is what, what each row would do, and all of them at one press.

mod found;

use std::{cell::Cell, rc::Rc};

use api::{
    FieldFault,
    audit::AuditChange,
    users::{ChangedRow, Import, ImportState, InvalidRow, Jobs, RowFault},
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
    desk::{Desk, NOON, description, fire, replace},
    server::{Reply, Server},
};

const PEOPLE: &str =
    "\u{feff},,\r\nE-mail;\"Person; who\";Shoe size;Role\r\nada@x.example;Ada;38;member\r\n";

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
        invalid: 3,
        invalid_rows: vec![
            InvalidRow {
                line: 7,
                why: RowFault::Field,
                field: Some("email".to_owned()),
                fault: Some(FieldFault::NotAnEmail),
            },
            InvalidRow {
                line: 9,
                why: RowFault::Twice,
                field: None,
                fault: None,
            },
        ],
        changed_rows: vec![ChangedRow {
            line: 12,
            id: "ada".to_owned(),
            name: "Ada Lovelace".to_owned(),
            changes: vec![
                AuditChange {
                    field: "okta_login".to_owned(),
                    before: None,
                    after: Some("ada@okta.example".to_owned()),
                },
                AuditChange {
                    field: "role".to_owned(),
                    before: Some("member".to_owned()),
                    after: Some("admin".to_owned()),
                },
            ],
        }],
        refused_line: None,
        stayed: 0,
        started_at: NOON,
        ended_at: None,
    }
}

/// Answers the page of a new file, where no job is found.
fn answering(answer: impl Fn() -> Reply + 'static) -> Server {
    Server::answering(move |asked| {
        if asked.path == api::paths::JOBS {
            return Reply::json(&Jobs { jobs: Vec::new() });
        }
        answer()
    })
}

/// What was sent.
fn sent(server: &Server) -> usize {
    let log = server.log();
    log.iter().filter(|it| it.method == "POST").count()
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
async fn without_a_file_nothing_is_sent_and_its_field_has_the_focus() {
    let server = answering(|| Reply::Never);
    let (desk, _) = with(new_import);
    desk.press("See what it would do");
    desk.until_sees("Choose a file.").await;
    assert_eq!(sent(&server), 0, "there is no file yet");
    let field = input();
    desk.until("the focus", |_| {
        document().active_element().as_ref() == Some(field.as_ref())
    })
    .await;
    assert_eq!(field.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(description(&field), "Choose a file.");
}

#[wasm_bindgen_test]
async fn columns_are_guessed_and_can_be_chosen_and_the_file_is_sent_as_it_is() {
    let back = window().location().pathname().expect("a path");
    let server = answering(|| Reply::json(&imported(ImportState::Checking, 0)));
    let (desk, place) = with(new_import);
    choose(PEOPLE);
    desk.until_sees("Which column is what").await;
    assert!(desk.sees("people.csv"));
    assert_eq!(
        ["name", "email", "okta_login", "role"].map(chosen),
        ["Choose a column", "E-mail", "Not in this file", "Role"],
        "a head with another sign in it is none that is known"
    );
    assert!(!desk.sees("Nothing is entered"), "it was not tried yet");
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
    assert_eq!(
        place.search.get_untracked(),
        "?login=none",
        "the next page says what that means"
    );
    assert!(sent.body.ends_with("ada@x.example;Ada;38;member\r\n"));
    place.go(&back, Step::Replace);
}

#[wasm_bindgen_test]
async fn a_file_can_be_dropped_and_a_refusal_keeps_it() {
    let _server = answering(|| Reply::Problem(422, "invalid", &[("file", "malformed")]));
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
    desk.until_sees("Save it as CSV UTF-8").await;
    assert!(desk.sees("people.csv"));
    choose("name,email\n");
    desk.until("said no more", |desk| !desk.sees("CSV UTF-8"))
        .await;
}

/// Chrome hands over no file that was changed after it was chosen, as if there were no network.
#[wasm_bindgen_test]
async fn a_file_that_was_changed_meanwhile_is_chosen_again() {
    let _server = answering(|| Reply::Offline);
    let (desk, _) = with(new_import);
    let data = file("name,email\n");
    let files = data.files().expect("files");
    let changed = files.get(0).expect("a file");
    input().set_files(Some(&files));
    fire(&input(), "change");
    assert_eq!(input().value(), "", "the same path is another choice");
    desk.until_sees("Which column is what").await;
    desk.press("See what it would do");
    desk.until_sees("The server cannot be reached").await;
    let unreadable =
        js_sys::Function::new_no_args("throw new DOMException('', 'NotReadableError')");
    replace(&changed, "slice", &unreadable);
    desk.press("See what it would do");
    desk.until_sees("Choose it again").await;
    assert!(!desk.sees("cannot be reached"));
    choose("name,email\n");
    desk.until("said no more", |desk| !desk.sees("Choose it again"))
        .await;
}

#[wasm_bindgen_test]
async fn a_file_that_is_too_large_is_not_sent() {
    let server = answering(|| Reply::Offline);
    let (desk, _) = with(new_import);
    let data = file("name,email\n");
    let files = data.files().expect("files");
    replace(&files.get(0).expect("a file"), "size", &33_554_433.into());
    input().set_files(Some(&files));
    fire(&input(), "change");
    desk.until_sees("larger than 32 MB").await;
    desk.press("See what it would do");
    crate::desk::tick().await;
    assert_eq!(sent(&server), 0);
}

#[wasm_bindgen_test]
async fn only_what_the_server_can_tell_apart_is_offered_and_a_missing_login_is_named() {
    let _server = answering(|| Reply::Never);
    let (desk, _) = with(new_import);
    choose("name,email,E-Mail,,login\n");
    desk.until_sees("Which column is what").await;
    let select = document().get_element_by_id("email").expect("a select");
    let options = select.query_selector_all("option").expect("options");
    let options: Vec<String> = (0..options.length())
        .filter_map(|at| options.item(at)?.text_content())
        .collect();
    assert_eq!(options, ["Choose a column", "name", "email", "login"]);
    assert!(!desk.sees("nobody new can sign in"));
    let select = document()
        .get_element_by_id("okta_login")
        .expect("a select");
    let select: HtmlSelectElement = select.dyn_into().expect("a select");
    select.set_value("");
    fire(&select, "change");
    desk.until_sees("nobody new can sign in").await;
}

#[wasm_bindgen_test]
async fn whoever_leaves_gives_the_file_up() {
    let server = answering(|| Reply::Never);
    let (mut desk, _) = with(new_import);
    choose("name,email\n");
    desk.until_sees("Which column is what").await;
    desk.press("See what it would do");
    desk.until("sent", |_| sent(&server) > 0).await;
    desk.leave();
    desk.until("given up", |_| server.last().is_given_up())
        .await;
}

#[wasm_bindgen_test]
async fn rows_that_get_fewer_are_taken_back_and_one_look_that_fails_is_no_end() {
    let turn = Rc::new(Cell::new(0));
    let _server = Server::answering(move |_| {
        turn.set(turn.get() + 1);
        match turn.get() {
            1 => Reply::json(&imported(ImportState::Running, 700)),
            2 => Reply::Offline,
            3 => Reply::json(&imported(ImportState::Running, 450)),
            _ => Reply::json(&imported(ImportState::Failed, 0)),
        }
    });
    let (desk, _) = with(|| job::import("imp1".to_owned()));
    desk.until_sees("700 of 1,200").await;
    assert!(!desk.sees("Taking back"));
    desk.until_sees("Taking back what was taken").await;
    desk.until_sees("Nothing was changed, but for users").await;
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
    assert!(desk.has("heading", "Users that change") && desk.sees("The first 1 of 97."));
    let row = desk.find("row", "Ada Lovelace Line 12RoleMemberAdministrator");
    assert_eq!(
        row.query_selector("a")
            .expect("a selector")
            .and_then(|it| it.get_attribute("href"))
            .as_deref(),
        Some("/users/ada")
    );
    assert!(desk.has("row", "Ada Lovelace Line 12Okta login–ada@okta.example"));
    let bad = desk
        .find("link", "Download these rows")
        .get_attribute("href");
    assert_eq!(bad.as_deref(), Some("/api/users/import/imp1/invalid-rows"));
    desk.press("Import 1,097 users");
    desk.until_sees("700 of 1,200").await;
    desk.until_sees("The file is imported.").await;
    assert!(desk.sees("Now here") && !desk.sees("Not here yet"));
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
            invalid: 0,
            invalid_rows: Vec::new(),
            changed_rows: Vec::new(),
            refused_line: Some(1204),
            stayed: 2,
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
    desk.until_sees("Nothing was changed, but for users").await;
    assert!(desk.sees("It stopped at line 1,204.") && desk.sees("2 users stay as they are now"));
    assert!(desk.has("link", "Import another file"));
}
