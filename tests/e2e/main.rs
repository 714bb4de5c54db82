//! The whole product in a real browser: the real server with the console inside, a practice Okta, Chromium.
//!
//! Tests find things as people do, by role and accessible name, and know no class, no id and no selector of a page.
//! `cargo xtask test` builds the console and says where browser, database and npm's packages are.

mod administration;
mod axe;
mod browser;
mod budget;
mod console;
mod desk;
mod driver;
mod elsewhere;
mod guide;
mod honest;
mod keyboard;
mod language;
mod life;
mod member;
mod mending;
mod modjo;
mod okta;
mod resco;
mod screens;
mod unsaved;
mod widths;
mod words;

/// What the environment says: a program, a folder, an address.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by the environment where browser, database and packages are"
)]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
