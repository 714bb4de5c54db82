//! What was typed and is not saved: nobody leaves it without being asked, and nobody is asked in vain.

use std::{cell::Cell, rc::Rc};

use api::{
    Status,
    break_glass::{BreakGlass, RecoveryCodes},
    guide::GuideNotes,
};
use console::{
    navigation::{Place, Step, unsaved, use_place},
    pages::{guide::guide, security::security, users::new::new_user},
    paths,
    shell::shell,
    ui::{
        el::{El, View, div, group, link, live},
        field::{Look, field},
        form::Form,
        task::act,
    },
};
use leptos::prelude::*;
use locales::keys;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, EventInit, HtmlDialogElement};

use crate::{
    connect::nothing,
    desk::{Desk, left_for, tick},
    server::{Reply, Server},
    users::user,
};

const ASKED: &str = "Leave without saving?";
const AGREE: &str = "Leave without saving";

/// The page for a new user in the shell, reached from where the test runs. It goes with its address.
fn desk(server: impl Fn() -> Reply + 'static) -> (Desk, Place, Server) {
    with(server, new_user)
}

fn with(
    server: impl Fn() -> Reply + 'static,
    draw: impl Fn() -> View + Send + 'static,
) -> (Desk, Place, Server) {
    let server = Server::answering(move |_| server());
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        let here = use_place();
        place.set(Some(here));
        here.go("/", Step::Replace);
        here.go(&paths::new_user(), Step::Push);
        let route = Memo::new(move |_| here.path.with(|path| paths::route(path)));
        let is_there = Memo::new(move |_| here.path.get() == paths::new_user());
        shell(
            route,
            live(move || {
                if is_there.get() {
                    draw()
                } else {
                    View::Nothing
                }
            }),
        )
    });
    let place = place.get_untracked().expect("a place");
    (desk, place, server)
}

/// The question, while it is asked.
fn is_asked(desk: &Desk) -> bool {
    let dialogs = desk.all("dialog", ASKED);
    dialogs.iter().any(|it| {
        let dialog: &HtmlDialogElement = wasm_bindgen::JsCast::unchecked_ref(it);
        dialog.open()
    })
}

async fn until_asked(desk: &Desk) {
    desk.until("the question", is_asked).await;
}

fn address() -> String {
    window().location().pathname().expect("a path")
}

async fn until_at(desk: &Desk, place: Place, path: &'static str) {
    desk.until(path, |_| {
        place.path.get_untracked() == path && address() == path
    })
    .await;
}

fn history() -> web_sys::History {
    window().history().expect("a history")
}

/// Whether the browser is told to ask before it closes the page.
fn is_held() -> bool {
    let init = EventInit::new();
    init.set_cancelable(true);
    let event = Event::new_with_event_init_dict("beforeunload", &init).expect("an event");
    window().dispatch_event(&event).expect("dispatched");
    event.default_prevented()
}

#[wasm_bindgen_test]
async fn a_link_asks_and_stays_until_one_agrees() {
    let (desk, place, _server) = desk(|| Reply::Never);
    desk.type_into("Name", "Ada");
    desk.find("link", "Overview").click();
    until_asked(&desk).await;
    assert_eq!(address(), paths::new_user());
    desk.press("Cancel");
    desk.until("closed", |desk| !is_asked(desk)).await;
    assert_eq!(desk.field("Name").value(), "Ada");
    desk.find("link", "Overview").click();
    until_asked(&desk).await;
    desk.press(AGREE);
    until_at(&desk, place, "/").await;
    desk.until("gone with its page", |_| !unsaved::any()).await;
}

#[wasm_bindgen_test]
async fn nobody_is_asked_for_what_stands_there_as_before() {
    let (desk, place, _server) = desk(|| Reply::Never);
    desk.type_into("Name", "Ada");
    assert!(is_held());
    desk.type_into("Name", "");
    assert!(!is_held());
    desk.find("link", "Users").click();
    until_at(&desk, place, "/users").await;
    assert!(!is_asked(&desk));
}

#[wasm_bindgen_test]
async fn nobody_is_asked_after_saving() {
    let (desk, place, _server) = desk(|| Reply::json(&user("Ada", Status::Inactive)));
    desk.type_into("Name", "Ada");
    desk.type_into("E-mail", "ada@northwind.example");
    desk.press("Save & close");
    until_at(&desk, place, "/users").await;
    tick().await;
    assert!(!is_asked(&desk));
}

/// An answer that comes late.
#[wasm_bindgen_test]
async fn saving_fetches_nobody_back_who_left_in_the_meantime() {
    let (desk, place, server) = desk(|| Reply::json(&user("Ada", Status::Inactive)));
    desk.type_into("Name", "Ada");
    desk.type_into("E-mail", "ada@northwind.example");
    desk.press("Save & close");
    place.go("/", Step::Push);
    desk.until("answered", |desk| desk.sees("Ada was added"))
        .await;
    assert_eq!((address().as_str(), server.log().len()), ("/", 1));
}

#[wasm_bindgen_test]
async fn whoever_cancels_is_not_asked() {
    let (desk, place, _server) = desk(|| Reply::Never);
    desk.type_into("Name", "Ada");
    let cancel = desk.all("link", "Cancel").remove(0);
    cancel.click();
    until_at(&desk, place, "/users").await;
    assert!(!is_asked(&desk));
}

/// Two forms on a page.
#[wasm_bindgen_test]
async fn cancelling_one_form_loses_nothing_of_another() {
    let form = |name: &'static str, label| -> El {
        let value = RwSignal::new(String::new());
        let form = Form::new(Vec::new);
        let cancel = div("form-actions").child(link(paths::users()).child(name));
        form.draw(
            act(|| ()),
            vec![
                field(form, name, label, value, Look::default(), None).done(),
                cancel.done(),
            ],
        )
    };
    let (desk, place, _server) = with(
        || Reply::Never,
        move || {
            group(vec![
                form("one", keys::USERS_NAME).done(),
                form("two", keys::USERS_EMAIL).done(),
            ])
        },
    );
    desk.type_into("Name", "Ada");
    desk.type_into("E-mail", "ada@x.example");
    desk.find("link", "one").click();
    until_asked(&desk).await;
    desk.press("Cancel");
    desk.until("closed", |desk| !is_asked(desk)).await;
    assert_eq!(address(), paths::new_user());
    desk.find("link", "two").click();
    until_at(&desk, place, "/users").await;
}

#[wasm_bindgen_test]
async fn back_in_the_history_stays_and_asks() {
    let (desk, place, _server) = desk(|| Reply::Never);
    desk.type_into("Name", "Ada");
    history().back().expect("back");
    until_asked(&desk).await;
    desk.until("the address", |_| address() == paths::new_user())
        .await;
    assert_eq!(place.path.get_untracked(), paths::new_user());
    assert_eq!(desk.field("Name").value(), "Ada");
    desk.press("Cancel");
    desk.until("closed", |desk| !is_asked(desk)).await;
    history().back().expect("back");
    until_asked(&desk).await;
    desk.press(AGREE);
    until_at(&desk, place, "/").await;
    history().forward().expect("forward");
    until_at(&desk, place, "/users/new").await;
    assert!(!is_asked(&desk), "there is nothing to lose");
}

#[wasm_bindgen_test]
async fn an_ended_session_leaves_what_was_typed_and_says_so() {
    let (desk, _, _server) = desk(|| Reply::Problem(401, "signed_out", &[]));
    desk.type_into("Name", "Ada");
    desk.type_into("E-mail", "ada@northwind.example");
    desk.press("Save & close");
    desk.until_sees("Sign in again in another tab").await;
    assert_eq!(desk.field("Name").value(), "Ada");
    assert!(left_for().is_empty());
}

#[wasm_bindgen_test]
async fn signing_out_asks_too() {
    let (desk, _, server) = desk(|| Reply::Never);
    desk.type_into("Name", "Ada");
    desk.press("Your account");
    desk.until("open", |desk| desk.has("button", "Sign out"))
        .await;
    desk.press("Sign out");
    until_asked(&desk).await;
    assert!(server.log().is_empty());
    desk.press(AGREE);
    desk.until("sent", |_| server.log().len() == 1).await;
}

#[wasm_bindgen_test]
async fn codes_that_are_shown_once_are_asked_for_until_they_are_taken_along() {
    let made = Rc::new(Cell::new(false));
    let server = Server::answering(move |asked| match asked.method.as_str() {
        "POST" => {
            made.set(true);
            Reply::json(&RecoveryCodes {
                codes: vec!["aaaa-bbbb".to_owned(), "cccc-dddd".to_owned()],
            })
        }
        _ => Reply::json(&BreakGlass {
            recovery: None,
            recent: Vec::new(),
        }),
    });
    let desk = Desk::with(security);
    desk.until("the page", |desk| desk.has("button", "Make recovery codes"))
        .await;
    desk.press("Make recovery codes");
    desk.until("the codes", |desk| desk.has("listitem", "cccc-dddd"))
        .await;
    assert!(unsaved::any());
    let link = desk.find("link", "Download");
    assert!(
        link.get_attribute("href")
            .expect("a file")
            .contains("aaaa-bbbb%0Acccc-dddd")
    );
    desk.press("Copy: Your recovery codes");
    assert!(!unsaved::any());
    drop(server);
}

#[wasm_bindgen_test]
async fn a_form_that_only_asks_can_be_left() {
    let _server = Server::answering(|asked| match asked.path.as_str() {
        "/api/connections/okta/guide" => Reply::json(&GuideNotes::default()),
        "/api/connections/okta/checks" => Reply::json(&api::checks::CheckReport {
            latest: None,
            history: Vec::new(),
        }),
        _ => Reply::json(&nothing(api::Provider::Okta)),
    });
    let desk = Desk::with(|| guide(paths::Step::Where));
    desk.until("the field", |desk| {
        desk.has("textbox", "Okta domain or metadata URL")
    })
    .await;
    desk.type_into("Okta domain or metadata URL", "northwind.okta.com");
    assert_eq!(
        desk.field("Okta domain or metadata URL").value(),
        "northwind.okta.com"
    );
    assert!(!unsaved::any());
}
