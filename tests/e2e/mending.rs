//! "Why can't she sign in?": found, told, mended, and the next attempt watched, in both languages.

use std::sync::atomic::{AtomicU32, Ordering};

use api::{Provider, paths};
use locales::Language;

use crate::{
    browser::Key,
    desk::{ADMIN, Desk},
    okta, on_one,
};

const GRACE: &str = "grace@northwind.example";

on_one!(
    somebody_who_cannot_sign_in_is_found_and_let_in_in_english,
    2
);
on_one!(somebody_who_cannot_sign_in_is_found_and_let_in_in_french, 2);
on_one!(people_come_from_a_file, 1);

async fn somebody_who_cannot_sign_in_is_found_and_let_in_in_english(desk: &Desk) {
    found_and_let_in(desk, Language::English).await;
}

async fn somebody_who_cannot_sign_in_is_found_and_let_in_in_french(desk: &Desk) {
    found_and_let_in(desk, Language::French).await;
}

async fn found_and_let_in(desk: &Desk, language: Language) {
    let caller = desk.administrator().await;
    desk.person("Ada", "Lovelace");
    let id = desk.member(&caller, "Grace", "Hopper").await;
    desk.connect(&caller, Provider::Okta, ADMIN).await;
    caller.act(&paths::suspend(&id), &paths::user(&id)).await;
    let admin = desk.browser_in(language).await;
    let member = desk.browser_in(language).await;
    member.go("/").await;
    member.press("Sign in with SSO").await;
    okta::sign_in(&member, GRACE).await;
    member.arrive("You are not signed in").await;

    // Found, without a mouse.
    desk.enter(&admin, "/").await;
    admin.press("Search").await;
    admin.write("hopper").await;
    admin.see(GRACE).await;
    admin.key(Key::Enter).await;
    admin.arrive("Grace Hopper").await;
    admin.badge("Suspended", None).await;

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

    // Mended.
    admin.press("Let Grace Hopper back in").await;
    admin.see("Grace Hopper may sign in again.").await;

    // And watched.
    admin.press("Sign-ins").await;
    admin.fill("Person", GRACE).await;
    admin.key(Key::Enter).await;
    admin.badge("Refused", None).await;
    member.go("/sign-in").await;
    member.press("Sign in with SSO").await;
    member.arrive("You are signed in").await;
    assert!(admin.badge("Signed in", None).await.is_green());
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
