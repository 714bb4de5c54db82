//! The confirming dialog, and menus.

use console::ui::{
    button::{Weight, button},
    el::{Inside, group, p},
    overlay::{Question, menu, use_confirm},
    task::act,
    toast::use_toasts,
};
use leptos::prelude::*;
use locales::keys;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlDialogElement;

use crate::desk::{Desk, focused};

/// A button that asks before it does.
fn desk(done: RwSignal<u32>) -> Desk {
    Desk::with(move || {
        let confirm = use_confirm();
        let ask = act(move || {
            confirm.ask(Question {
                title: "Suspend Ada".into(),
                body: "Ada is signed out everywhere.".into(),
                action: keys::USER_SUSPEND.into(),
                weight: Weight::Danger,
                then: act(move || done.update(|it| *it += 1)),
            });
        });
        group(vec![
            button("Ask", ask).inside(),
            confirm.dialog().done(),
            use_toasts().corner().done(),
        ])
    })
}

fn dialog(desk: &Desk) -> HtmlDialogElement {
    desk.all("dialog", "")
        .into_iter()
        .next()
        .expect("a dialog")
        .dyn_into()
        .expect("it is one")
}

#[wasm_bindgen_test]
async fn a_question_says_what_will_happen_and_does_it_only_when_agreed() {
    let done = RwSignal::new(0);
    let desk = desk(done);
    let _ = desk.find("button", "Ask").focus();
    desk.press("Ask");
    desk.until("asked", |desk| dialog(desk).open()).await;
    assert!(desk.has("dialog", "Suspend Ada"));
    assert!(desk.sees("Ada is signed out everywhere."));
    assert_eq!(done.get_untracked(), 0);
    desk.press("Suspend");
    desk.until("closed", |desk| !dialog(desk).open()).await;
    assert_eq!(done.get_untracked(), 1);
    assert_eq!(
        focused().as_deref(),
        Some("Ask"),
        "the focus is back where it was"
    );
}

#[wasm_bindgen_test]
async fn cancelling_does_nothing_and_it_can_be_asked_again() {
    let done = RwSignal::new(0);
    let desk = desk(done);
    for _ in 0..2 {
        desk.press("Ask");
        desk.until("asked", |desk| dialog(desk).open()).await;
        desk.press("Cancel");
        desk.until("closed and empty", |desk| {
            !dialog(desk).open() && !desk.sees("signed out")
        })
        .await;
    }
    assert_eq!(done.get_untracked(), 0);
}

#[wasm_bindgen_test]
async fn a_menu_opens_under_its_button_and_closes_again() {
    let desk = Desk::with(|| {
        menu("m", keys::ACCOUNT_TITLE, "AL", || {
            vec![p("").child("inside").done()]
        })
    });
    let panel = desk.find("group", "Your account");
    let open = || panel.matches(":popover-open").expect("a selector");
    for _ in 0..2 {
        assert!(!open());
        desk.press("Your account");
        assert!(open());
        desk.until_sees("inside").await;
        desk.press("Your account");
        assert!(!open());
        // What nobody sees is not kept up to date.
        desk.until("gone", |desk| !desk.sees("inside")).await;
    }
}
