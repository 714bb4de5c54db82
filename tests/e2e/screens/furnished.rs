//! The console with people in it, of every status, and Okta connected.

use api::Provider;
use serde_json::json;

use crate::{
    browser::Browser,
    console,
    desk::{ADMIN, Caller, Desk},
    mending::{PEOPLE, file},
};

/// The ids of those whose page is looked at.
pub(super) struct People {
    active: String,
    attention: String,
    suspended: String,
}

/// Connects all three, Okta last, and lets people come and go.
pub(super) async fn furnish(desk: &Desk, admin: &Caller) -> People {
    desk.person("Ada", "Lovelace");
    desk.person("Zoe", "Unknown");
    let active = desk.member(admin, "Grace", "Hopper").await;
    let attention = desk.member(admin, "Katherine", "Johnson").await;
    let suspended = desk.member(admin, "Barbara", "Liskov").await;
    desk.member(admin, "Edsger", "Dijkstra").await;
    for n in 1..=30 {
        let wish = json!({ "name": format!("Person {n:02}"), "email": format!("person{n}@northwind.example"), "role": "member" });
        admin.post(api::paths::USERS, &wish).await.expect(201);
    }
    for provider in [Provider::Google, Provider::Microsoft, Provider::Okta] {
        desk.connect(admin, provider, ADMIN).await;
    }
    for login in [
        "grace@northwind.example",
        "katherine@northwind.example",
        "zoe@northwind.example",
    ] {
        desk.sign_in(login).await;
    }
    desk.rename("katherine@northwind.example", "kjohnson@northwind.example");
    desk.sign_in("kjohnson@northwind.example").await;
    admin
        .act(
            &api::paths::suspend(&suspended),
            &api::paths::user(&suspended),
        )
        .await;
    People {
        active,
        attention,
        suspended,
    }
}

/// Every room of the console.
pub(super) async fn rooms(
    desk: &Desk,
    browser: &Browser,
    people: &People,
    visit: &impl AsyncFn(&str),
) {
    desk.enter(browser, "/").await;
    visit("overview").await;
    browser.press("Your account").await;
    visit("account").await;
    browser.press("Users").await;
    browser.arrive("Users").await;
    visit("users").await;
    for (button, name) in [("Filters", "users-filters"), ("View", "users-view")] {
        browser.press(button).await;
        visit(name).await;
    }
    browser.go("/users?search=nobody%20at%20all").await;
    browser.arrive("Users").await;
    visit("users-none-found").await;
    browser
        .go("/users?columns=email.okta_login.status.role.first_sign_in_at.last_sign_in_at.created_at&density=compact")
        .await;
    browser.arrive("Users").await;
    visit("users-every-column").await;
    import(browser, visit).await;
    for (id, heading, name) in [
        (&people.active, "Grace Hopper", "user"),
        (
            &people.attention,
            "Katherine Johnson",
            "user-needs-attention",
        ),
        (&people.suspended, "Barbara Liskov", "user-suspended"),
    ] {
        browser.go(&format!("/users/{id}")).await;
        browser.arrive(heading).await;
        visit(name).await;
    }
    browser.press("Delete").await;
    browser.see("Delete Barbara Liskov").await;
    visit("dialog").await;
    for (path, heading, name) in [
        ("/settings/organization", "Organization", "organization"),
        ("/settings/integrations/sso", "Integrations", "integrations"),
        ("/settings/integrations/sso/okta", "Okta", "okta"),
        (
            "/settings/integrations/sso/google",
            "Google",
            "google-switched-off",
        ),
        (
            "/settings/integrations/sso/microsoft",
            "Microsoft",
            "microsoft-switched-off",
        ),
        (console::FORM, "Connect Okta", "connect-okta-again"),
        ("/settings/security", "Security", "security"),
        ("/settings/notifications", "Notifications", "notifications"),
        ("/nothing/here", "Page not found", "not-found"),
    ] {
        browser.go(path).await;
        browser.arrive(heading).await;
        visit(name).await;
    }
    guide(browser, visit).await;
    browser.expect_refusal("/api/users/nobody");
    browser.go("/users/nobody").await;
    browser.see("There is nothing at this address.").await;
    visit("user-gone").await;
}

/// A file from the choice of it to what it would do.
async fn import(browser: &Browser, visit: &impl AsyncFn(&str)) {
    browser.go("/users/import").await;
    browser.arrive("Import users").await;
    visit("import").await;
    browser
        .attach(&file("people-of-every-kind.csv", PEOPLE))
        .await;
    browser.see("Which column is what").await;
    visit("import-columns").await;
    browser.press("See what it would do").await;
    browser
        .see("This is what the file would do. Nothing has changed yet.")
        .await;
    visit("import-checked").await;
    browser.press("Search").await;
    browser.write("gr").await;
    browser.see("grace@northwind.example").await;
    visit("palette").await;
}

/// The five steps of Okta's guide.
async fn guide(browser: &Browser, visit: &impl AsyncFn(&str)) {
    for (step, heading) in [
        ("where", "Where is your Okta?"),
        ("apps", "Create the apps"),
        ("credentials", "Paste the credentials"),
        ("check", "Check"),
        ("now", "Go to Okta and back"),
    ] {
        browser
            .go(&format!("/settings/integrations/sso/okta/connect/{step}"))
            .await;
        browser.arrive(heading).await;
        browser.see_no("Checking").await;
        visit(&format!("guide-{step}")).await;
    }
}
