//! A page's frame.

use console::{
    navigation::use_place,
    ui::{
        el::{View, p},
        page::{Crumb, Frame, Head, facts, page, section},
    },
    words::Text,
};
use leptos::prelude::*;
use locales::{Language, keys};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::{Desk, focused, speak, tick};

fn in_main(view: View) -> View {
    console::ui::el::el("main").child(view).done()
}

#[wasm_bindgen_test]
async fn the_browsers_window_is_called_after_page_and_organization() {
    let desk = Desk::with(|| {
        page(
            Head::new(keys::USERS_TITLE).lede(keys::USERS_LEDE),
            p("").child("body"),
        )
    });
    assert!(desk.has("heading", "Users"));
    assert!(desk.sees("Assign Okta logins"));
    desk.until("the title", |_| document().title() == "Users · Northwind")
        .await;
    speak(Language::French);
    desk.until("in French", |_| {
        document().title() == "Utilisateurs · Northwind"
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_page_that_is_called_after_what_it_shows_follows_it() {
    let title = RwSignal::new(Text::from(keys::USER_TITLE));
    let desk =
        Desk::with(move || page(Head::called(title.into(), Signal::stored("".into())), p("")));
    assert!(desk.has("heading", "User"));
    title.set("Ada Lovelace".into());
    desk.until("the name", |desk| desk.has("heading", "Ada Lovelace"))
        .await;
    desk.until("the title", |_| {
        document().title() == "Ada Lovelace · Northwind"
    })
    .await;
}

#[wasm_bindgen_test]
async fn the_first_page_leaves_the_focus_and_the_next_takes_it_to_its_heading() {
    let second = RwSignal::new(false);
    let desk = Desk::with(move || {
        let place = use_place();
        let draw = move || {
            if second.get() {
                place.moves.set(1);
                page(Head::new(keys::ORGANIZATION_TITLE), p(""))
            } else {
                page(Head::new(keys::USERS_TITLE), p(""))
            }
        };
        in_main(console::ui::el::live(draw))
    });
    tick().await;
    tick().await;
    assert_ne!(focused().as_deref(), Some("Users"));
    second.set(true);
    desk.until("the heading", |_| {
        focused().as_deref() == Some("Organization")
    })
    .await;
}

#[wasm_bindgen_test]
async fn the_way_to_a_page_is_told_to_the_shell() {
    let crumbs = RwSignal::new(Vec::new());
    let _desk = Desk::with(move || {
        let head = Head::new(keys::USERS_NEW).crumbs(vec![
            Crumb::to(keys::USERS_TITLE, "/users".to_owned()),
            Crumb::here(keys::USERS_NEW),
        ]);
        let drawn = page(head, p(""));
        crumbs.set(expect_context::<Frame>().crumbs.get_untracked());
        drawn
    });
    let crumbs = crumbs.get_untracked();
    let words: Vec<String> = crumbs.iter().map(|it| it.label.read()).collect();
    assert_eq!(words, ["Users", "New user"]);
    assert_eq!(crumbs[0].href.as_deref(), Some("/users"));
    assert_eq!(crumbs[1].href, None);
}

#[wasm_bindgen_test]
async fn a_section_has_a_heading_and_facts_are_names_with_values() {
    let desk = Desk::with(|| {
        let lines = vec![(keys::USERS_NAME, console::ui::el::code("Ada").done())];
        section(keys::CONNECTION_SETTINGS, None, facts(lines)).done()
    });
    assert!(desk.has("heading", "Settings"));
    let list = document()
        .query_selector("dl > dt + dd > code")
        .expect("a selector")
        .expect("a fact");
    assert_eq!(list.text_content().as_deref(), Some("Ada"));
}
