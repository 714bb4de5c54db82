//! The pages that members see.

use api::Provider;

use crate::{
    browser::Browser,
    desk::{ADMIN, Desk},
    okta,
};

/// Before anybody can sign in through a provider.
pub(super) async fn before_a_connection(browser: &Browser, visit: &impl AsyncFn(&str)) {
    browser.go("/").await;
    browser.arrive("Sign in").await;
    visit("door-sign-in-nothing").await;
    browser.press("Sign in as an administrator").await;
    browser.arrive("Trouble signing in?").await;
    visit("door-administrator").await;
    browser.fill("E-mail address", ADMIN).await;
    browser.fill("Password", "not this one, surely").await;
    browser.press("Sign in with a password").await;
    browser
        .see("The e-mail address or the password is wrong.")
        .await;
    visit("door-administrator-refused").await;
}

/// From the console out of the door, and in again as others.
pub(super) async fn with_okta(desk: &Desk, browser: &Browser, visit: &impl AsyncFn(&str)) {
    browser.go("/me").await;
    browser.arrive("You are signed in").await;
    visit("door-me-administrator").await;
    browser.press("Sign out").await;
    browser.arrive("You are signed out").await;
    visit("door-signed-out").await;
    browser.go("/sign-in?notice=ended").await;
    browser.see("Your session has ended. Sign in again.").await;
    visit("door-sign-in").await;
    browser.press("Sign in with SSO").await;
    okta::sign_in(browser, "zoe@northwind.example").await;
    browser.arrive("You are not signed in").await;
    visit("door-refused").await;
    browser.go(&api::paths::auth_start(Provider::Google)).await;
    browser.arrive("You are not signed in").await;
    visit("door-refused-switched-off").await;
    browser.go("/nothing.html").await;
    visit("door-not-found").await;
    desk.okta.end_sessions();
    browser.go("/").await;
    browser.press("Sign in with SSO").await;
    okta::sign_in(browser, "grace@northwind.example").await;
    browser.arrive("You are signed in").await;
    visit("door-me").await;
}
