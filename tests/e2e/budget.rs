//! How much a browser has to fetch: figures that may not grow unnoticed.

use crate::{
    desk::{ADMIN, Desk, PASSWORD},
    on_one,
};

on_one!(the_users_table_takes_eight_requests_at_most, 1);

/// Bytes of the console's code and style, as a browser gets them.
const BUNDLE: usize = 250_000;
const REQUESTS: usize = 8;

#[test]
fn the_console_is_small() {
    let files: Vec<_> = server::console::sizes()
        .filter(|(name, _)| {
            [".wasm", ".js", ".css"]
                .iter()
                .any(|end| name.ends_with(end))
        })
        .collect();
    assert_eq!(files.len(), 3, "one file a kind: {files:?}");
    let sum: usize = files.iter().map(|(_, bytes)| bytes).sum();
    assert!(
        sum <= BUNDLE,
        "{sum} bytes are more than {BUNDLE}: {files:?}"
    );
}

/// Counted from the console's page on, in a browser that never saw it.
async fn the_users_table_takes_eight_requests_at_most(desk: &Desk) {
    let caller = desk.administrator().await;
    desk.member(&caller, "Grace", "Hopper").await;
    let browser = desk.browser().await;
    browser.go("/sign-in/administrator?return_to=/users").await;
    browser.fill("E-mail address", ADMIN).await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Sign in with a password").await;
    browser.arrive("Users").await;
    browser.row("Grace Hopper").await;
    let all = browser.requests().await;
    let page = format!("{}/users", desk.public_url);
    let from = all
        .iter()
        .position(|it| it.url == page)
        .expect("the page was asked for");
    let until = all
        .iter()
        .rposition(|it| it.url.ends_with(api::paths::USERS))
        .expect("the users were asked for");
    // The icon of the tab is the browser's own wish, at a moment of its own.
    let urls: Vec<&str> = all[from..=until]
        .iter()
        .map(|it| it.url.as_str())
        .filter(|url| !url.ends_with(api::paths::ICON))
        .collect();
    assert!(urls.iter().any(|it| it.contains(".wasm")), "{urls:?}");
    assert!(urls.len() <= REQUESTS, "{} requests: {urls:#?}", urls.len());
}
