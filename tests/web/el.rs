//! Elements: fixed parts, parts that follow signals, and what is drawn anew.

use console::ui::el::{Inside, Spot, div, el, live};
use leptos::prelude::*;
use locales::{Language, keys};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::{Desk, speak, tick};

#[wasm_bindgen_test]
async fn an_attribute_follows_its_signal_and_goes_with_none() {
    let open = RwSignal::new(false);
    let spot = Spot::default();
    let _desk = Desk::with(move || {
        el("p")
            .attr("id", "it")
            .live("data-open", move || open.get().then(|| "yes".to_owned()))
            .keep(spot)
            .inside()
    });
    let drawn: web_sys::Element = document().get_element_by_id("it").expect("drawn");
    assert!(!drawn.has_attribute("data-open"));
    open.set(true);
    tick().await;
    assert_eq!(drawn.get_attribute("data-open").as_deref(), Some("yes"));
    open.set(false);
    tick().await;
    assert!(!drawn.has_attribute("data-open"));
}

#[wasm_bindgen_test]
async fn what_is_live_is_drawn_anew_in_its_place() {
    let many = RwSignal::new(1);
    let desk = Desk::with(move || {
        div("")
            .child("<")
            .child(live(move || {
                (0..many.get())
                    .map(|n| el("b").child(n.to_string()))
                    .collect::<Vec<_>>()
            }))
            .child(">")
            .inside()
    });
    assert_eq!(desk.text(), "<0>");
    many.set(3);
    desk.until("three", |desk| desk.text() == "<012>").await;
    many.set(0);
    desk.until("none", |desk| desk.text() == "<>").await;
    many.set(2);
    desk.until("two", |desk| desk.text() == "<01>").await;
}

#[wasm_bindgen_test]
async fn what_was_drawn_before_no_longer_follows() {
    let shown = RwSignal::new(0);
    let runs = RwSignal::new(0);
    let inner = RwSignal::new(0);
    let _desk = Desk::with(move || {
        live(move || {
            shown.track();
            el("p").live("data-n", move || {
                runs.update_untracked(|it| *it += 1);
                Some(inner.get().to_string())
            })
        })
    });
    shown.set(1);
    tick().await;
    let before = runs.get_untracked();
    inner.set(1);
    tick().await;
    assert_eq!(
        runs.get_untracked(),
        before + 1,
        "only the one that is in the page"
    );
}

#[wasm_bindgen_test]
async fn words_follow_the_language_and_fields_keep_what_was_typed() {
    let value = RwSignal::new("typed".to_owned());
    let desk = Desk::with(move || {
        div("")
            .child(el("p").child(keys::USERS_TITLE))
            .child(
                el("input")
                    .says("aria-label", keys::USERS_NAME)
                    .value(value),
            )
            .inside()
    });
    assert_eq!(desk.text(), "Users");
    speak(Language::French);
    desk.until_sees("Utilisateurs").await;
    assert_eq!(desk.field("Nom").value(), "typed");
}

#[wasm_bindgen_test]
async fn words_of_now_are_those_of_whoever_draws_them() {
    let shown = RwSignal::new(true);
    let desk = Desk::with(move || {
        let parts = vec![el("p").child(keys::USERS_TITLE), el("p").child("Ada")];
        let still = div("").says("title", keys::USERS_NAME).child(parts);
        let still = still.child(live(move || shown.get().then_some("there")));
        still.of_now().inside()
    });
    let title = |desk: &Desk| desk.all("paragraph", "")[0].parent_element();
    let title = |desk: &Desk| title(desk).and_then(|it| it.get_attribute("title"));
    assert_eq!(desk.text(), "UsersAdathere");
    speak(Language::French);
    shown.set(false);
    desk.until("what follows signals", |desk| desk.text() == "UsersAda")
        .await;
    assert_eq!(title(&desk).as_deref(), Some("Name"));
    speak(Language::English);
}

#[wasm_bindgen_test]
async fn an_element_that_is_kept_can_be_spoken_to() {
    let spot = Spot::default();
    assert!(spot.get::<web_sys::HtmlInputElement>().is_none());
    let _desk = Desk::with(move || el("input").attr("value", "x").keep(spot).inside());
    assert_eq!(
        spot.get::<web_sys::HtmlInputElement>()
            .expect("kept")
            .value(),
        "x"
    );
    assert!(
        spot.get::<web_sys::HtmlDialogElement>().is_none(),
        "it is no dialog"
    );
}

#[wasm_bindgen_test]
async fn what_was_drawn_before_leaves_nothing_behind() {
    let turn = RwSignal::new(0);
    let _desk = Desk::with(move || {
        live(move || {
            turn.track();
            let words = (0..1_000).map(|_| el("p").child(keys::USERS_TITLE));
            div("").child(words.collect::<Vec<_>>())
        })
        .inside()
    });
    let bytes = || {
        let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
        let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
        buffer.byte_length()
    };
    let draw = async |times: u32| {
        for _ in 0..times {
            turn.update(|it| *it += 1);
            tick().await;
        }
    };
    draw(10).await;
    let early = bytes();
    draw(100).await;
    // A place that each of these words keeps is some 200 bytes.
    let more = bytes() - early;
    assert!(more < 4_000_000, "{more} bytes");
}
