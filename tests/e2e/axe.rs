//! axe-core finds nothing on any page, in both languages and both themes.

use locales::Language;

use crate::{
    browser::Theme,
    desk::Desk,
    elsewhere::node,
    on_one,
    screens::{self, Found},
};

on_one!(no_page_is_hard_to_use_in_english_and_light, 1);
on_one!(no_page_is_hard_to_use_in_english_and_dark, 1);
on_one!(no_page_is_hard_to_use_in_french_and_light, 1);
on_one!(no_page_is_hard_to_use_in_french_and_dark, 1);
on_one!(no_page_of_the_practice_okta_is_hard_to_use, 1);

async fn no_page_is_hard_to_use_in_english_and_light(desk: &Desk) {
    product(desk, Language::English, Theme::Light).await;
}

async fn no_page_is_hard_to_use_in_english_and_dark(desk: &Desk) {
    product(desk, Language::English, Theme::Dark).await;
}

async fn no_page_is_hard_to_use_in_french_and_light(desk: &Desk) {
    product(desk, Language::French, Theme::Light).await;
}

async fn no_page_is_hard_to_use_in_french_and_dark(desk: &Desk) {
    product(desk, Language::French, Theme::Dark).await;
}

async fn product(desk: &Desk, language: Language, theme: Theme) {
    let axe = source();
    let browser = desk.browser_in(language).await;
    browser.prefer(theme).await;
    let found = Found::default();
    screens::product(desk, &browser, &async |name: &str| {
        found.add(name, browser.axe(&axe).await);
    })
    .await;
    found.expect_nothing();
}

async fn no_page_of_the_practice_okta_is_hard_to_use(desk: &Desk) {
    let axe = source();
    let browser = desk.browser().await;
    let found = Found::default();
    screens::okta(desk, &browser, &async |name: &str| {
        for theme in Theme::BOTH {
            browser.prefer(theme).await;
            found.add(&format!("{name} {}", theme.code()), browser.axe(&axe).await);
        }
    })
    .await;
    found.expect_nothing();
}

pub(crate) fn source() -> String {
    let path = node().join("node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; `cargo xtask test` fetches npm's packages",
            path.display()
        )
    })
}
