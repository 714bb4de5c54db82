//! The tests' own eyes: what nobody notices in a browser is noticed here, or the rest would prove nothing.

use crate::{
    desk::{ADMIN, Desk, PASSWORD},
    on_one,
};

on_one!(
    a_violated_policy_an_error_and_a_foreign_request_are_noticed,
    1
);
on_one!(english_on_a_french_page_and_a_page_too_wide_are_noticed, 1);
on_one!(text_too_wide_or_squeezed_in_one_font_is_noticed, 1);
on_one!(hands_and_eyes_survive_a_page_that_draws_itself_again, 1);

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
    assert_eq!(found.len(), 4, "once a font: {found:?}");
    for finding in found {
        assert!(finding.contains("stick out of 20: h1"), "{finding}");
    }
    browser.resize(360, 740).await;
    browser
        .misbehave("document.querySelector('h1').textContent = 'long'.repeat(99)")
        .await;
    assert!(browser.overflow().await[0].ends_with("px in 360"));
}

async fn text_too_wide_or_squeezed_in_one_font_is_noticed(desk: &Desk) {
    desk.administrator().await;
    let browser = desk.browser().await;
    browser.go("/sign-in").await;
    browser.arrive("Sign in").await;
    let tight = "
        const it = document.querySelector('h1');
        it.textContent = 'iiiiiiiiiiiiiiiiiiii';
        it.style.cssText = 'width: 200px; font-size: 20px; white-space: nowrap; letter-spacing: 0'";
    browser.misbehave(tight).await;
    let found = browser.overflow().await;
    assert!(
        found.len() == 1 && found[0].starts_with("DejaVu Sans Mono: "),
        "{found:?}"
    );
    let narrow = "
        const it = document.querySelector('h1');
        it.textContent = 'Organization';
        it.style.cssText = 'width: 20px; font-size: 20px; overflow-wrap: anywhere'";
    browser.misbehave(narrow).await;
    let found = browser.overflow().await;
    assert_eq!(found.len(), 4, "once a font: {found:?}");
    for finding in found {
        assert!(
            finding.ends_with("squeezed: h1.: Organization"),
            "{finding}"
        );
    }
}

/// For a second each control is another element every few milliseconds, with what stood in it.
const REDRAW: &str = "
    const end = performance.now() + 1000;
    const again = setInterval(() => {
      if (performance.now() > end) return clearInterval(again);
      for (const old of document.querySelectorAll('input, select, button, a')) {
        const at = document.activeElement === old;
        const copy = old.cloneNode(true);
        copy.value = old.value;
        old.replaceWith(copy);
        if (at) copy.focus();
      }
    }, 4)";

async fn hands_and_eyes_survive_a_page_that_draws_itself_again(desk: &Desk) {
    desk.administrator().await;
    let browser = desk.browser().await;
    browser.go(api::paths::SIGN_IN_ADMINISTRATOR).await;
    browser.fill("Password", "wrong").await;
    browser.misbehave(REDRAW).await;
    browser.fill("E-mail address", ADMIN).await;
    browser.misbehave(REDRAW).await;
    assert_eq!(browser.value("E-mail address").await, ADMIN);
    browser.misbehave(REDRAW).await;
    assert!(!browser.is_read_only("E-mail address").await);
    browser.misbehave(REDRAW).await;
    assert!(browser.can_press("Sign in with a password").await);
    browser.misbehave(REDRAW).await;
    browser.tab_to("Sign in with a password").await;
    browser.misbehave(REDRAW).await;
    assert_eq!(browser.focused().await, "Sign in with a password");
    browser.fill("Password", PASSWORD).await;
    browser.misbehave(REDRAW).await;
    browser.press("Sign in with a password").await;
    browser.arrive("Overview").await;
}
