//! Everything that there is to see, in the order in which a deployment comes to it: for tests that look at every page.

mod activity;
mod door;
mod furnished;
mod okta;

use std::{collections::BTreeMap, sync::Mutex};

use crate::{
    browser::Browser,
    console,
    desk::{ADMIN, Desk},
};

pub(crate) use okta::okta;

/// What was found wrong, and on which pages.
#[derive(Default)]
pub(crate) struct Found(Mutex<BTreeMap<String, Vec<String>>>);

impl Found {
    pub(crate) fn add(&self, page: &str, findings: Vec<String>) {
        let mut all = self.0.lock().expect("nobody fails with it");
        for finding in findings {
            all.entry(finding).or_default().push(page.to_owned());
        }
    }

    pub(crate) fn expect_nothing(self) {
        let all = self.0.into_inner().expect("nobody fails with it");
        let lines: Vec<String> = all
            .iter()
            .map(|(finding, pages)| format!("{finding}\n    on {}", pages.join(", ")))
            .collect();
        assert!(lines.is_empty(), "{}", lines.join("\n"));
    }
}

/// Opens every page of the product, in every state that looks different, and calls `visit` with a name for it.
pub(crate) async fn product(desk: &Desk, browser: &Browser, visit: &impl AsyncFn(&str)) {
    first_minute(desk, browser, visit).await;
    let caller = desk.administrator().await;
    door::before_a_connection(browser, visit).await;
    empty(desk, browser, visit).await;
    let people = furnished::furnish(desk, &caller).await;
    furnished::rooms(desk, browser, &people, visit).await;
    activity::rooms(browser, &caller, visit).await;
    door::with_okta(desk, browser, visit).await;
}

async fn first_minute(desk: &Desk, browser: &Browser, visit: &impl AsyncFn(&str)) {
    browser.go("/").await;
    browser.arrive("Almost ready").await;
    visit("door-almost-ready").await;
    browser.go("/set-up").await;
    browser.see("The one-time link is needed").await;
    visit("set-up-without-link").await;
    browser.go("about:blank").await;
    browser.go(&desk.set_up_link()).await;
    browser.arrive("Set up your organization").await;
    visit("set-up").await;
    browser.fill("Your e-mail", "ada").await;
    browser.press("Set up the organization").await;
    visit("set-up-refused").await;
}

/// The console before anything was done in it.
async fn empty(desk: &Desk, browser: &Browser, visit: &impl AsyncFn(&str)) {
    desk.enter(browser, "/").await;
    visit("overview-first").await;
    for (press, heading, name) in [
        ("Users", "Users", "users-first"),
        ("New user", "New user", "user-new"),
        ("Sign-ins", "Sign-ins", "sign-ins-first"),
        ("Audit log", "Audit log", "audit-first"),
        ("Organization", "Organization", "organization-first"),
        ("Integrations", "Integrations", "integrations-first"),
    ] {
        browser.press(press).await;
        browser.arrive(heading).await;
        visit(name).await;
    }
    for (path, heading, name) in [
        ("okta/connect/form", "Connect Okta", "connect-okta"),
        ("google/connect", "Connect Google", "connect-google"),
        (
            "microsoft/connect",
            "Connect Microsoft",
            "connect-microsoft",
        ),
        ("okta", "Okta", "okta-first"),
    ] {
        browser
            .go(&format!("/settings/integrations/sso/{path}"))
            .await;
        browser.arrive(heading).await;
        visit(name).await;
    }
    browser.go(console::FORM).await;
    browser
        .fill(
            "Okta domain or metadata URL",
            "https://northwind.okta.com/oauth2/default",
        )
        .await;
    browser.press("Connect now").await;
    visit("connect-okta-refused").await;
    browser.go("/users/new").await;
    browser.fill("E-mail", "no address").await;
    browser.press("Save & close").await;
    visit("user-new-refused").await;
    browser.go("/users/new").await;
    browser.fill("Name", "Another Ada").await;
    browser.fill("E-mail", ADMIN).await;
    browser.press("Save & close").await;
    browser.expect_refusal(api::paths::USERS);
    visit("user-new-taken").await;
}
