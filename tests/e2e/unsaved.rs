//! What was typed and is not saved is not left by mistake: by a link, by the browser's way back, in both languages and
//! without a mouse.

use locales::Language;

use crate::{browser::Key, desk::Desk, on_one};

on_one!(nobody_leaves_by_mistake_what_they_typed, 1);
on_one!(nobody_leaves_by_mistake_what_they_typed_in_french, 1);

const ASKED: &str = "Leave without saving?";

async fn nobody_leaves_by_mistake_what_they_typed(desk: &Desk) {
    story(desk, Language::English).await;
}

async fn nobody_leaves_by_mistake_what_they_typed_in_french(desk: &Desk) {
    story(desk, Language::French).await;
}

async fn story(desk: &Desk, language: Language) {
    desk.administrator().await;
    let admin = desk.browser_in(language).await;
    admin.gives_up_the_mouse();
    desk.enter(&admin, "/users").await;
    admin.arrive("Users").await;
    admin.press("New user").await;
    admin.arrive("New user").await;
    admin.fill("Name", "Grace Hopper").await;

    admin.press("Overview").await;
    admin.see(ASKED).await;
    admin.key(Key::Escape).await;
    admin.see_no(ASKED).await;
    assert_eq!(admin.path().await, "/users/new");
    assert_eq!(admin.value("Name").await, "Grace Hopper");

    admin.back().await;
    admin.see(ASKED).await;
    assert_eq!(admin.path().await, "/users/new");
    admin.key(Key::Escape).await;
    admin.see_no(ASKED).await;
    assert_eq!(admin.value("Name").await, "Grace Hopper");

    admin.press("Overview").await;
    admin.see(ASKED).await;
    admin.press("Leave without saving").await;
    admin.arrive("Overview").await;
    admin.until_focused("Overview").await;

    admin.back().await;
    admin.arrive("New user").await;
    assert_eq!(admin.value("Name").await, "");
    admin.fill("Name", "Grace Hopper").await;
    admin.press("Cancel").await;
    admin.arrive("Users").await;
    admin.see_no(ASKED).await;
}
