//! "Why can't she sign in?": found, told, mended, and the next attempt watched, in both languages, without a mouse, on a
//! phone in the dark and on a large screen in the light.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use api::{Provider, paths};
use locales::Language;

use crate::{
    axe,
    browser::{Browser, Key, Theme},
    desk::{ADMIN, Desk},
    okta, on_both, on_one,
    screens::Found,
};

const GRACE: &str = "grace@northwind.example";

on_both!(
    somebody_who_cannot_sign_in_is_found_and_let_in_in_english,
    2
);
on_both!(somebody_who_cannot_sign_in_is_found_and_let_in_in_french, 2);
on_one!(people_come_from_a_file, 1);

/// A phone, and a large screen.
const NARROW: (u32, u32) = (360, 740);
const WIDE: (u32, u32) = (1600, 1000);

async fn somebody_who_cannot_sign_in_is_found_and_let_in_in_english(desk: &Desk) {
    found_and_let_in(desk, Language::English, Theme::Light, WIDE).await;
}

async fn somebody_who_cannot_sign_in_is_found_and_let_in_in_french(desk: &Desk) {
    found_and_let_in(desk, Language::French, Theme::Dark, NARROW).await;
}

/// Two browsers without a mouse, and what was found hard to use in them.
struct Story {
    admin: Arc<Browser>,
    member: Arc<Browser>,
    size: (u32, u32),
    axe: String,
    found: Found,
}

impl Story {
    async fn begin(desk: &Desk, language: Language, theme: Theme, size: (u32, u32)) -> Self {
        let admin = desk.browser_in(language).await;
        let member = desk.browser_in(language).await;
        for browser in [&admin, &member] {
            browser.gives_up_the_mouse();
            browser.prefer(theme).await;
            browser.resize(size.0, size.1).await;
        }
        Self {
            admin,
            member,
            size,
            axe: axe::source(),
            found: Found::default(),
        }
    }

    /// What the page shows now can be used by everybody, and is as wide as its window.
    async fn look_closely(&self, browser: &Browser, name: &str) {
        self.found.add(name, browser.axe(&self.axe).await);
        self.found.add(name, browser.overflow().await);
    }

    /// Goes to a page by the menu, which is behind a button where there is no room for it.
    async fn turn_to(&self, page: &str) {
        if self.size == NARROW {
            self.admin.press("Main navigation").await;
        }
        self.admin.press(page).await;
        self.admin.arrive(page).await;
    }
}

async fn found_and_let_in(desk: &Desk, language: Language, theme: Theme, size: (u32, u32)) {
    let caller = desk.administrator().await;
    desk.person("Ada", "Lovelace");
    let id = desk.member(&caller, "Grace", "Hopper").await;
    desk.connect(&caller, Provider::Okta, ADMIN).await;
    caller.act(&paths::suspend(&id), &paths::user(&id)).await;
    let story = Story::begin(desk, language, theme, size).await;
    let (admin, member) = (&*story.admin, &*story.member);
    member.go("/").await;
    member.press("Sign in with SSO").await;
    okta::sign_in(member, GRACE).await;
    member.arrive("You are not signed in").await;
    story.look_closely(member, "refused").await;

    // Found.
    desk.enter(admin, "/").await;
    assert_eq!(admin.is_dark().await, theme == Theme::Dark);
    admin.press("Search").await;
    admin.write("hopper").await;
    admin.see(GRACE).await;
    story.look_closely(admin, "palette").await;
    admin.key(Key::Enter).await;
    admin.arrive("Grace Hopper").await;
    admin.badge("Suspended", None).await;
    story.look_closely(admin, "user").await;

    // Told.
    let attempts = caller.get(paths::SIGN_INS).await.expect(200).json;
    let attempt = attempts["attempts"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|it| it["user"]["id"] == id.as_str())
        .expect("her attempt");
    admin
        .press(attempt["reference"].as_str().expect("a reference"))
        .await;
    admin.arrive("Sign-ins").await;
    admin.see("How far it came").await;
    story.look_closely(admin, "why").await;

    // Mended.
    admin.press("Let Grace Hopper back in").await;
    admin.see("Grace Hopper may sign in again.").await;
    story.look_closely(admin, "mended").await;

    // And watched.
    story.turn_to("Sign-ins").await;
    admin.fill("Person", GRACE).await;
    admin.key(Key::Enter).await;
    admin.badge("Refused", None).await;
    story.look_closely(admin, "watching").await;
    member.go("/sign-in").await;
    member.press("Sign in with SSO").await;
    member.arrive("You are signed in").await;
    story.look_closely(member, "signed in").await;
    assert!(admin.badge("Signed in", None).await.is_green());
    story.look_closely(admin, "watched").await;
    story.found.expect_nothing();
}

async fn people_come_from_a_file(desk: &Desk) {
    desk.administrator().await;
    let admin = desk.browser().await;
    desk.enter(&admin, "/users").await;
    admin.arrive("Users").await;
    admin.press("Import").await;
    admin.arrive("Import users").await;
    admin.attach(&file("people.csv", PEOPLE)).await;
    admin.see("Which column is what").await;
    admin.press("See what it would do").await;
    admin
        .see("This is what the file would do. Nothing has changed yet.")
        .await;
    admin.see("This is not an e-mail address").await;
    let address = admin.path().await;
    admin.press("Users").await;
    admin.arrive("Users").await;
    admin.see_no("Grace Hopper").await;
    // Left, and come back to.
    admin.go(&address).await;
    admin.press("Import 2 users").await;
    admin.see("The file is imported.").await;
    admin.press("Show the users").await;
    admin.arrive("Users").await;
    assert!(admin.row("Grace Hopper").await.contains(GRACE));
}

/// Two people, and one row to mend. Its heads are French: on a French page they are no English that was left.
pub(crate) const PEOPLE: &str = "Nom;Courriel;R\u{f4}le\r\n\
     Grace Hopper;grace@northwind.example;\r\n\
     Edsger Dijkstra;edsger@northwind.example;admin\r\n\
     Nobody;no-address;\r\n";

/// A file to choose.
pub(crate) fn file(name: &str, text: &str) -> String {
    // One each: a browser does not send a file that somebody wrote anew since it was chosen.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = folder.join(format!("{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path.to_str().expect("a path in UTF-8").to_owned()
}
