//! No page is wider than its window, from a phone to a large screen. With `SSO_CONSOLE_SCREENSHOTS` set to a folder,
//! a picture of each page goes there: to look at, since a test cannot see whether something is beautiful.

use std::path::PathBuf;

use locales::Language;

use crate::{
    browser::{Browser, Theme},
    desk::Desk,
    on_one, screens,
    screens::Found,
    told,
};

on_one!(no_page_is_wider_than_its_window_in_english, 1);
on_one!(no_page_is_wider_than_its_window_in_french, 1);
on_one!(no_page_of_the_practice_okta_is_wider_than_its_window, 1);

const SIZES: [(u32, u32); 3] = [(360, 740), (1024, 768), (1600, 1000)];

async fn no_page_is_wider_than_its_window_in_english(desk: &Desk) {
    product(desk, Language::English).await;
}

async fn no_page_is_wider_than_its_window_in_french(desk: &Desk) {
    product(desk, Language::French).await;
}

async fn no_page_of_the_practice_okta_is_wider_than_its_window(desk: &Desk) {
    let browser = desk.browser().await;
    let found = Found::default();
    screens::okta(desk, &browser, &async |name: &str| {
        look(&browser, name, &found).await;
    })
    .await;
    found.expect_nothing();
}

async fn product(desk: &Desk, language: Language) {
    let browser = desk.browser_in(language).await;
    let found = Found::default();
    screens::product(desk, &browser, &async |name: &str| {
        look(&browser, name, &found).await;
    })
    .await;
    found.expect_nothing();
}

/// Looks at a page in every width, and takes pictures when somebody wants them.
async fn look(browser: &Browser, name: &str, found: &Found) {
    let folder = told("SSO_CONSOLE_SCREENSHOTS").map(PathBuf::from);
    for (width, height) in SIZES {
        browser.resize(width, height).await;
        browser.rest().await;
        found.add(name, browser.overflow().await);
        let Some(folder) = &folder else { continue };
        std::fs::create_dir_all(folder).expect("a folder for pictures");
        for theme in Theme::BOTH {
            browser.prefer(theme).await;
            let (tag, theme) = (browser.language().tag(), theme.code());
            let picture = folder.join(format!("{name}-{width}-{theme}-{tag}.png"));
            browser.picture(&picture, width, height).await;
        }
    }
    browser.resize(1280, 900).await;
}
