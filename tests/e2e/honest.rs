//! The tests' own eyes: what nobody notices in a browser is noticed here, or the rest would prove nothing.

use crate::{desk::Desk, on_one};

on_one!(
    a_violated_policy_an_error_and_a_foreign_request_are_noticed,
    1
);
on_one!(english_on_a_french_page_and_a_page_too_wide_are_noticed, 1);

async fn a_violated_policy_an_error_and_a_foreign_request_are_noticed(desk: &Desk) {
    desk.administrator().await;
    let browser = desk.browser().await;
    browser.go("/sign-in").await;
    browser.arrive("Sign in").await;
    assert_eq!(browser.complaints().await, [""; 0]);
    for (deed, complaint) in [
        (
            "document.body.setAttribute('style', 'color: red')",
            "policy violated: style-src",
        ),
        (
            "new Image().src = 'http://elsewhere.example/'",
            "policy violated: img-src",
        ),
        (
            "setTimeout(() => { throw new Error('a mistake') })",
            "a mistake",
        ),
        (
            "fetch('/api/session').catch(() => {})",
            "policy violated: connect-src",
        ),
        (
            "location.href = 'http://elsewhere.example/'",
            "asked another machine: GET http://elsewhere.example/",
        ),
    ] {
        browser.misbehave(deed).await;
        browser.until_complaint(complaint).await;
        browser.forget_complaints().await;
    }
}

async fn english_on_a_french_page_and_a_page_too_wide_are_noticed(desk: &Desk) {
    desk.administrator().await;
    let browser = desk.browser_in(locales::Language::French).await;
    browser.go("/sign-in").await;
    browser.arrive("Sign in").await;
    assert_eq!(browser.english_left().await, [""; 0]);
    assert_eq!(browser.overflow().await, [""; 0]);
    browser
        .misbehave("document.querySelector('h1').textContent = 'Sign in'")
        .await;
    assert_eq!(browser.english_left().await, ["Sign in"]);
    let wide = "const it = document.querySelector('h1'); it.style.whiteSpace = 'nowrap'; it.style.width = '20px'";
    browser.misbehave(wide).await;
    let found = browser.overflow().await;
    assert!(
        found.len() == 1 && found[0].contains("stick out of 20: h1"),
        "{found:?}"
    );
    browser.resize(360, 740).await;
    browser
        .misbehave("document.querySelector('h1').textContent = 'long'.repeat(99)")
        .await;
    assert!(browser.overflow().await[0].ends_with("px in 360"));
}
