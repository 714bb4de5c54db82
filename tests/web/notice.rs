//! Notices.

use console::ui::{
    badge::Tone,
    button::button,
    el::Inside,
    notice::{Notice, notice},
    task::act,
};
use locales::keys;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::desk::Desk;

#[wasm_bindgen_test]
async fn what_went_wrong_is_announced_with_advice_and_reference() {
    let desk = Desk::with(|| {
        let said = Notice::new(keys::PROBLEM_INTERNAL_TITLE, keys::ADVICE_IN_LOG)
            .detail("Okta said: no")
            .reference("req-4711");
        notice(
            said,
            Some(button(keys::ACTION_TRY_AGAIN, act(|| ())).inside()),
        )
        .inside()
    });
    let alert = desk.find("alert", "");
    let text = alert.text_content().expect("a text");
    for part in [
        "Something went wrong on our side.",
        "Try again.",
        "Okta said: no",
        "Reference req-4711",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(desk.has("button", "Try again"));
}

#[wasm_bindgen_test]
async fn what_is_good_to_know_interrupts_nobody() {
    let desk = Desk::with(|| {
        notice(
            Notice::info(Tone::Accent, "info", keys::OVERVIEW_PRACTICE),
            None,
        )
        .inside()
    });
    assert!(desk.sees("practice Okta"));
    assert!(!desk.has("alert", ""));
}
