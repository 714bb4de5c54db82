//! The command palette and the keys that work everywhere.

use api::Status;
use console::{
    navigation::{Place, Step, use_place},
    shell::{keyboard::list_of_keys, palette::Palette},
    ui::el::{el, group},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlDialogElement, HtmlInputElement, KeyboardEvent, KeyboardEventInit};

use crate::{
    desk::{Desk, fire, focused, said},
    server::{Reply, Server},
    users::{page, user},
};

const NAME: &str = "Go to a page or a person";

fn desk() -> (Desk, Place) {
    let place = RwSignal::new(None);
    let desk = Desk::with(move || {
        place.set(Some(use_place()));
        let palette = Palette::closed();
        let search = el("search").child(
            el("input")
                .attr("type", "search")
                .attr("aria-label", "Search here"),
        );
        group(vec![
            search.done(),
            palette.opener().done(),
            palette.dialog().done(),
            list_of_keys().done(),
        ])
    });
    (desk, place.get_untracked().expect("a place"))
}

fn dialog(desk: &Desk, at: usize) -> HtmlDialogElement {
    let dialog = desk.all("dialog", "").swap_remove(at);
    dialog.dyn_into().expect("a dialog")
}

pub(crate) fn press(at: &Element, key: &str, with_control: bool) -> KeyboardEvent {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_ctrl_key(with_control);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init);
    let event = event.expect("an event");
    at.dispatch_event(&event).expect("dispatched");
    event
}

fn body() -> Element {
    document().body().expect("a body").into()
}

fn field(desk: &Desk) -> HtmlInputElement {
    let field = desk.find("combobox", NAME);
    field.dyn_into().expect("an input")
}

fn options(desk: &Desk) -> Vec<String> {
    let options = desk.all("option", "");
    options.iter().map(|it| said(it)).collect()
}

/// The entry that the field says is meant, once what was pressed is drawn.
async fn meant(desk: &Desk) -> String {
    crate::desk::tick().await;
    let id = field(desk).get_attribute("aria-activedescendant");
    let meant = document().get_element_by_id(&id.expect("one is meant"));
    let meant = meant.expect("it is there");
    assert_eq!(
        meant.get_attribute("aria-selected").as_deref(),
        Some("true")
    );
    said(&meant)
}

#[wasm_bindgen_test]
async fn a_page_or_a_person_is_a_few_letters_away() {
    let back = window().location().pathname().expect("a path");
    let server = Server::answering(|_| page(vec![user("Uma", Status::Active)], None));
    let (desk, place) = desk();
    assert!(press(&body(), "k", true).default_prevented());
    assert!(dialog(&desk, 0).open());
    assert_eq!(focused().as_deref(), Some(NAME));
    desk.until("every page", |desk| options(desk).len() > 8)
        .await;
    let all = options(&desk).len();
    let typed = field(&desk);
    typed.set_value("u");
    fire(&typed, "input");
    desk.until("fewer pages", |desk| options(desk).len() < all)
        .await;
    typed.set_value("us");
    fire(&typed, "input");
    desk.until("the person", |desk| {
        options(desk)
            .iter()
            .any(|it| it.contains("uma@northwind.example"))
    })
    .await;
    assert_eq!(
        server.lines(),
        ["GET /api/users?search=us&limit=8"],
        "one letter fits too many"
    );
    assert_eq!(meant(&desk).await, "Users");
    press(&typed, "ArrowUp", false);
    assert!(
        meant(&desk).await.starts_with("Uma"),
        "from the first to the last"
    );
    press(&typed, "ArrowDown", false);
    assert_eq!(meant(&desk).await, "Users");
    press(&typed, "ArrowUp", false);
    press(&typed, "Enter", false);
    desk.until("there", |_| place.path.get_untracked() == "/users/uma")
        .await;
    assert!(!dialog(&desk, 0).open());
    place.go(&back, Step::Replace);
    desk.press("Search");
    crate::desk::tick().await;
    assert_eq!(
        (field(&desk).value(), options(&desk).len()),
        (String::new(), all),
        "it begins anew"
    );
    field(&desk).set_value("nothing of that kind");
    fire(&field(&desk), "input");
    desk.until("asked", |_| server.last().path.contains("nothing"))
        .await;
    dialog(&desk, 0).close();
}

#[wasm_bindgen_test]
async fn nobody_of_the_question_before_is_meant() {
    let _server = Server::answering(|asked| {
        if asked.path.contains("search=uma%20q") {
            return Reply::Never;
        }
        page(
            vec![user("Uma", Status::Active), user("Quma", Status::Active)],
            None,
        )
    });
    let (desk, _) = desk();
    press(&body(), "k", true);
    let typed = field(&desk);
    typed.set_value("uma");
    fire(&typed, "input");
    desk.until("both", |desk| options(desk).len() == 2).await;
    typed.set_value("uma q");
    fire(&typed, "input");
    desk.until("one", |desk| options(desk).len() == 1).await;
    assert!(meant(&desk).await.starts_with("Quma"));
    dialog(&desk, 0).close();
}

/// The list is longer than its window.
#[wasm_bindgen_test]
async fn what_is_meant_is_brought_into_sight() {
    let _server = Server::answering(|_| page(Vec::new(), None));
    let (desk, _) = desk();
    press(&body(), "k", true);
    let list = desk.find("listbox", NAME);
    list.style()
        .set_property("height", "3rem")
        .expect("a height");
    list.style()
        .set_property("overflow", "auto")
        .expect("a way");
    press(&field(&desk), "ArrowUp", false);
    desk.until("down there", |_| list.scroll_top() > 0).await;
    press(&field(&desk), "ArrowDown", false);
    let down = list.scroll_top();
    desk.until("up again", |_| list.scroll_top() < down).await;
    dialog(&desk, 0).close();
}

#[wasm_bindgen_test]
async fn every_page_has_its_keys_and_their_list() {
    let _server = Server::answering(|_| page(Vec::new(), None));
    let (desk, _) = desk();
    press(&body(), "?", false);
    assert!(dialog(&desk, 1).open() && desk.sees("Ctrl K"));
    press(&body(), "k", true);
    assert!(!dialog(&desk, 0).open(), "one thing at a time");
    dialog(&desk, 1).close();
    // What was in the dialog has the focus until the next frame.
    crate::desk::after(50).await;
    assert!(press(&body(), "/", false).default_prevented());
    assert_eq!(focused().as_deref(), Some("Search here"));
    let search = desk.find("searchbox", "Search here");
    assert!(!press(&search, "?", false).default_prevented());
    assert!(!dialog(&desk, 1).open(), "who types, types");
    assert!(
        !press(&body(), "ArrowDown", false).default_prevented(),
        "no table, no rows"
    );
}
