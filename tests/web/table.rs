//! Tables.

use console::ui::{
    el::{Inside, el},
    table::{Column, row, table},
};
use leptos::prelude::document;
use locales::keys;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::Desk;

const COLUMNS: [Column; 2] = [
    Column::kind(keys::USERS_NAME, "name"),
    Column::new(keys::USERS_ROLE),
];

#[wasm_bindgen_test]
async fn a_table_is_one_for_those_who_do_not_see_it() {
    let desk = Desk::with(|| {
        let rows = vec![
            row(&COLUMNS, vec!["Ada".inside(), "Administrator".inside()]),
            row(
                &COLUMNS,
                vec!["Grace".inside(), el("b").child("Member").inside()],
            ),
        ];
        table(keys::USERS_TITLE, &COLUMNS, rows).inside()
    });
    assert!(desk.has("table", "Users"));
    assert_eq!(desk.all("columnheader", "").len(), 2);
    assert_eq!(desk.all("row", "").len(), 3);
    let heads: Vec<String> = desk
        .all("rowheader", "")
        .iter()
        .map(web_sys::HtmlElement::inner_text)
        .collect();
    assert_eq!(heads, ["Ada", "Grace"]);
    assert_eq!(desk.all("cell", "").len(), 2);
}

#[wasm_bindgen_test]
async fn in_a_card_each_value_says_what_it_is_to_those_who_see_it() {
    let desk = Desk::with(|| {
        table(
            keys::USERS_TITLE,
            &COLUMNS,
            row(&COLUMNS, vec!["Ada".inside(), "Member".inside()]),
        )
        .inside()
    });
    let cell = document()
        .query_selector("td")
        .expect("a selector")
        .expect("a cell");
    // Drawn by the style sheet, with nothing to read aloud: the column's head is there for that.
    assert_eq!(cell.get_attribute("data-label").as_deref(), Some("Role"));
    assert!(desk.sees("Ada"));
}
