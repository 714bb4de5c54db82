//! The table without a mouse.

use api::Status;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use super::{page, table, user};
use crate::{
    desk::{Desk, focused},
    palette::press,
    server::Server,
};

fn marked(desk: &Desk, name: &str) -> bool {
    let mark: HtmlInputElement = {
        let found = desk.find("checkbox", &format!("Select {name}"));
        found.dyn_into().expect("a box")
    };
    mark.checked()
}

#[wasm_bindgen_test]
async fn arrows_lead_from_row_to_row_and_the_space_bar_marks() {
    let people: Vec<String> = (0..20).map(|number| format!("User {number:02}")).collect();
    let _server = Server::answering({
        let people = people.clone();
        move |_| {
            page(
                people
                    .iter()
                    .map(|name| user(name, Status::Active))
                    .collect(),
                None,
            )
        }
    });
    let (desk, _) = table();
    desk.until("the rows", |desk| desk.all("rowheader", "").len() == 20)
        .await;
    let link = |name: &str| desk.find("link", name);
    link("User 00").focus().expect("focus");
    let at = || -> HtmlElement {
        let active = document().active_element();
        active.and_then(|it| it.dyn_into().ok()).expect("the focus")
    };
    let type_ = |key: &str| press(&at(), key, false);
    // Also from one stretch of rows that was drawn to the next.
    for name in &people[1..] {
        assert!(
            type_("ArrowDown").default_prevented(),
            "the page does not scroll"
        );
        assert_eq!(focused().as_deref(), Some(name.as_str()));
    }
    type_("ArrowDown");
    assert_eq!(focused().as_deref(), Some("User 19"), "it is the last one");
    type_("ArrowUp");
    assert_eq!(focused().as_deref(), Some("User 18"));
    assert!(type_(" ").default_prevented());
    desk.until_sees("1 user selected").await;
    assert!(marked(&desk, "User 18") && !marked(&desk, "User 17"));
    assert_eq!(
        focused().as_deref(),
        Some("User 18"),
        "one goes on from there"
    );
    type_("ArrowUp");
    type_(" ");
    desk.until_sees("2 users selected").await;
    type_(" ");
    desk.until_sees("1 user selected").await;
    assert!(marked(&desk, "User 18") && !marked(&desk, "User 17"));
    link("User 00").focus().expect("focus");
    type_("ArrowUp");
    assert_eq!(focused().as_deref(), Some("User 00"), "it is the first one");
    assert!(
        !type_("a").default_prevented(),
        "other keys are the browser's"
    );
}
