//! Without a mouse: from the one-time link to a connected Okta and an assigned user; and where the focus goes.

use api::Provider;
use okta_simulator::NewApp;

use crate::{
    browser::{Browser, Key},
    console,
    desk::{ADMIN, Desk},
    on_one,
};

on_one!(an_administrator_needs_no_mouse, 1);
on_one!(each_page_takes_the_focus_to_its_heading_and_has_a_title, 1);
on_one!(the_skip_link_leads_past_the_menu, 1);
on_one!(what_is_typed_stays_in_its_order, 1);

/// Goes to a field and types.
async fn type_into(browser: &Browser, name: &str, text: &str) {
    browser.tab_to(name).await;
    browser.write(text).await;
}

/// Goes to a button or link and presses Enter.
async fn enter(browser: &Browser, name: &str) {
    browser.tab_to(name).await;
    browser.key(Key::Enter).await;
}

async fn an_administrator_needs_no_mouse(desk: &Desk) {
    desk.person("Ada", "Lovelace");
    let app = NewApp::named("SSO Console")
        .sign_in_redirect(&desk.callback(Provider::Okta))
        .everyone();
    let (client_id, client_secret) = desk.okta.create_web_app(app);
    let admin = desk.browser().await;
    admin.gives_up_the_mouse();
    console::set_up(desk, &admin).await;
    enter(&admin, "Integrations").await;
    admin.arrive("Integrations").await;
    console::open_form(&admin, "Connect Okta").await;
    console::fill_in(&admin, &desk.okta.base_url(), &client_id, &client_secret).await;
    enter(&admin, "Connect now").await;
    admin.arrive("Sign in").await;
    type_into(&admin, "Username", ADMIN).await;
    admin.key(Key::Enter).await;
    admin.arrive("Okta").await;
    admin.badge("Proven", None).await;

    enter(&admin, "Users").await;
    admin.arrive("Users").await;
    enter(&admin, "New user").await;
    admin.arrive("New user").await;
    type_into(&admin, "Name", "Grace Hopper").await;
    type_into(&admin, "E-mail", "grace@northwind.example").await;
    enter(&admin, "Save & close").await;
    admin.arrive("Users").await;
    enter(&admin, "Grace Hopper").await;
    admin.arrive("Grace Hopper").await;
    // Tab marks what stands in a field, so that what is typed takes its place.
    type_into(&admin, "Okta login (optional)", "ghopper@northwind.example").await;
    // Enter in a field sends its form.
    admin.key(Key::Enter).await;
    admin.arrive("Users").await;
    assert!(
        admin
            .row("Grace Hopper")
            .await
            .contains("ghopper@northwind.example")
    );

    enter(&admin, "Grace Hopper").await;
    admin.arrive("Grace Hopper").await;
    enter(&admin, "Delete").await;
    admin.see("Delete Grace Hopper").await;
    admin.key(Key::Escape).await;
    admin.see_no("Delete Grace Hopper").await;
    assert_eq!(
        admin.focused().await,
        "Delete",
        "a closed dialog gives the focus back"
    );
}

async fn each_page_takes_the_focus_to_its_heading_and_has_a_title(desk: &Desk) {
    desk.administrator().await;
    let admin = desk.browser().await;
    desk.enter(&admin, "/").await;
    assert_eq!(admin.title().await, "Overview · Northwind");
    for (press, heading) in [
        ("Users", "Users"),
        ("New user", "New user"),
        ("Organization", "Organization"),
        ("Security", "Security"),
        ("Integrations", "Integrations"),
        ("Connect Okta", "Where is your Okta?"),
        ("All on one page", "Connect Okta"),
        ("Okta", "Okta"),
        ("Overview", "Overview"),
    ] {
        admin.press(press).await;
        admin.arrive(heading).await;
        admin.until_focused(heading).await;
        assert_eq!(admin.title().await, format!("{heading} · Northwind"));
        assert_eq!(
            admin.headings().await.len(),
            1,
            "one heading of the first level on {heading}"
        );
    }
    admin.back().await;
    admin.arrive("Okta").await;
    admin.until_focused("Okta").await;
}

async fn the_skip_link_leads_past_the_menu(desk: &Desk) {
    desk.administrator().await;
    let admin = desk.browser().await;
    desk.enter(&admin, "/users").await;
    admin.arrive("Users").await;
    admin.key(Key::Tab).await;
    assert_eq!(admin.focused().await, "Skip to the content");
    admin.key(Key::Enter).await;
    admin.key(Key::Tab).await;
    assert_eq!(
        admin.focused().await,
        "Import",
        "the first thing of the page"
    );
}

/// Browsers take blanks at the end out of an address at once, and the caret must not jump when they do.
async fn what_is_typed_stays_in_its_order(desk: &Desk) {
    desk.administrator().await;
    let admin = desk.browser().await;
    desk.enter(&admin, "/users/new").await;
    admin.arrive("New user").await;
    for name in ["Name", "E-mail"] {
        type_into(&admin, name, "ada lovelace@northwind.example").await;
        assert_eq!(
            admin.value(name).await,
            "ada lovelace@northwind.example",
            "in {name}"
        );
    }
}
