//! Languages, themes and the way back: what a person chose goes with them, and nothing that they did is lost.

use api::Provider;
use locales::Language;

use crate::{
    browser::{Browser, Theme},
    desk::{ADMIN, Desk},
    on_one, screens,
    screens::Found,
};

on_one!(another_language_keeps_what_was_typed, 1);
on_one!(no_english_is_left_on_a_french_screen, 1);
on_one!(
    the_door_speaks_the_language_that_was_chosen_in_the_console,
    1
);
on_one!(a_chosen_theme_stays, 1);
on_one!(the_way_back_leads_through_what_was_looked_at, 1);

async fn documents(browser: &Browser) -> usize {
    browser
        .requests()
        .await
        .iter()
        .filter(|it| it.kind == "Document")
        .count()
}

async fn another_language_keeps_what_was_typed(desk: &Desk) {
    desk.administrator().await;
    let admin = desk.browser().await;
    desk.enter(&admin, "/users/new").await;
    admin.arrive("New user").await;
    admin.fill("Name", "Grace Hopper").await;
    admin.fill("E-mail", "no-address").await;
    admin.press("Save & close").await;
    admin.forget_requests().await;
    admin.press("Français").await;
    admin.reads(Language::French);
    admin.arrive("New user").await;
    assert_eq!(admin.value("Name").await, "Grace Hopper");
    assert_eq!(admin.value("E-mail").await, "no-address");
    assert_eq!(admin.title().await, "Nouvel utilisateur · Northwind");
    assert_eq!(admin.english_left().await, [""; 0]);
    assert_eq!(documents(&admin).await, 0, "no page was loaded again");
    // The choice is kept for the next visit, whatever the browser prefers.
    admin.reload().await;
    admin.arrive("New user").await;
    admin.press("English").await;
    admin.reads(Language::English);
    admin.arrive("New user").await;
}

async fn no_english_is_left_on_a_french_screen(desk: &Desk) {
    let browser = desk.browser_in(Language::French).await;
    let found = Found::default();
    screens::product(desk, &browser, &async |name: &str| {
        found.add(name, browser.english_left().await);
    })
    .await;
    found.expect_nothing();
}

async fn the_door_speaks_the_language_that_was_chosen_in_the_console(desk: &Desk) {
    let caller = desk.administrator().await;
    desk.person("Ada", "Lovelace");
    desk.connect(&caller, Provider::Okta, ADMIN).await;
    let admin = desk.browser().await;
    desk.enter(&admin, "/").await;
    admin.press("Français").await;
    admin.reads(Language::French);
    admin.arrive("Overview").await;
    admin.press("Your account").await;
    admin.press("Sign out").await;
    admin.arrive("You are signed out").await;
    assert_eq!(admin.english_left().await, [""; 0]);
    admin.go("/sign-in").await;
    admin.arrive("Sign in").await;
    // And the other way round: the door's own link.
    admin.press("English").await;
    admin.reads(Language::English);
    admin.arrive("Sign in").await;
}

async fn a_chosen_theme_stays(desk: &Desk) {
    desk.administrator().await;
    let admin = desk.browser().await;
    admin.prefer(Theme::Light).await;
    desk.enter(&admin, "/").await;
    assert!(!admin.is_dark().await, "as the system has it");
    admin.prefer(Theme::Dark).await;
    assert!(admin.is_dark().await, "it follows the system");
    admin.press("Theme: System").await;
    admin.press("Theme: Light").await;
    admin.see("Overview").await;
    admin.prefer(Theme::Light).await;
    assert!(admin.can_press("Theme: Dark").await);
    assert!(admin.is_dark().await, "the person has the last word");
    admin.reload().await;
    admin.arrive("Overview").await;
    assert!(admin.is_dark().await, "after a reload too");
    admin.go("/me").await;
    admin.arrive("You are signed in").await;
    assert!(admin.is_dark().await, "and on the pages of the server");
}

async fn the_way_back_leads_through_what_was_looked_at(desk: &Desk) {
    let caller = desk.administrator().await;
    desk.member(&caller, "Grace", "Hopper").await;
    desk.member(&caller, "Edsger", "Dijkstra").await;
    let admin = desk.browser().await;
    desk.enter(&admin, "/users").await;
    admin.arrive("Users").await;
    admin
        .fill("Search name, e-mail or Okta login", "grace")
        .await;
    admin.see_no("Edsger Dijkstra").await;
    assert_eq!(
        admin.path().await,
        "/users?search=grace",
        "a search can be linked"
    );
    admin.press("Grace Hopper").await;
    admin.arrive("Grace Hopper").await;
    admin.back().await;
    admin.arrive("Users").await;
    assert_eq!(
        admin.value("Search name, e-mail or Okta login").await,
        "grace"
    );
    admin.see("Grace Hopper").await;
    admin.see_no("Edsger Dijkstra").await;
    admin.go("/users?status=active").await;
    admin.arrive("Users").await;
    admin.see("Nobody has this status").await;
    admin.press("Show everybody").await;
    admin.see("Edsger Dijkstra").await;
    admin.back().await;
    admin.see("Nobody has this status").await;
}
