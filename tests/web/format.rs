//! Numbers and moments.

use console::{
    ui::{
        el::Inside,
        format::{Clock, moment, number, when},
    },
    words::counted,
};
use leptos::prelude::*;
use locales::{Language, keys};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::{Desk, NOON, speak};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

#[wasm_bindgen_test]
fn numbers_have_the_separators_of_the_language() {
    speak(Language::English);
    assert_eq!(number(1_284), "1,284");
    speak(Language::French);
    assert_eq!(number(1_284), "1\u{202f}284");
}

#[wasm_bindgen_test]
fn a_number_takes_the_word_that_belongs_to_it() {
    let users = |n| counted(keys::USERS_FOUND_ONE, keys::USERS_FOUND_MANY, n);
    speak(Language::English);
    assert_eq!(
        (users(0), users(1)),
        ("0 users found".into(), "1 user found".into())
    );
    speak(Language::French);
    assert_eq!(
        (users(0), users(2)),
        (
            "0 utilisateur trouvé".into(),
            "2 utilisateurs trouvés".into()
        )
    );
}

#[wasm_bindgen_test]
fn a_moment_is_said_as_one_says_it() {
    speak(Language::English);
    assert_eq!(moment(NOON - 20_000, NOON), "Just now");
    assert_eq!(
        moment(NOON + 5_000, NOON),
        "Just now",
        "clocks differ a little"
    );
    assert_eq!(moment(NOON - 5 * MINUTE, NOON), "5 minutes ago");
    assert!(moment(NOON - DAY, NOON).starts_with("Yesterday, "));
    assert!(
        !moment(NOON - 20 * DAY, NOON).contains("2026"),
        "this year goes without saying"
    );
    assert!(moment(NOON - 400 * DAY, NOON).contains("2025"));
    speak(Language::French);
    assert_eq!(moment(NOON - 5 * MINUTE, NOON), "il y a 5 minutes");
    assert!(moment(NOON - DAY, NOON).starts_with("Hier, "));
}

#[wasm_bindgen_test]
async fn a_moment_moves_on_with_the_clock_and_tells_everything_to_whoever_asks() {
    let desk = Desk::with(|| when(NOON - 5 * MINUTE).inside());
    let drawn = desk.find("time", "5 minutes ago");
    assert_eq!(
        drawn.get_attribute("datetime").as_deref(),
        Some("2026-11-21T11:55:00.000Z")
    );
    assert!(
        drawn
            .get_attribute("title")
            .expect("a tooltip")
            .contains("2026")
    );
    let desk = Desk::with(|| {
        let Clock(now) = expect_context();
        now.set(NOON + 2 * MINUTE);
        when(NOON - 5 * MINUTE).inside()
    });
    assert!(desk.sees("7 minutes ago"));
}
