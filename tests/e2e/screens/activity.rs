//! What happened: sign-ins and the audit log, closed, opened, and with nothing in them.

use crate::{browser::Browser, desk::Caller};

/// Every face of both records. There were people.
pub(super) async fn rooms(browser: &Browser, admin: &Caller, visit: &impl AsyncFn(&str)) {
    browser.go("/activity/sign-ins").await;
    browser.arrive("Sign-ins").await;
    browser.see("Grace Hopper").await;
    visit("sign-ins").await;
    let answer = admin.get(api::paths::SIGN_INS).await.expect(200).json;
    let attempts = answer["attempts"].as_array().expect("attempts");
    for (outcome, name) in [
        ("failed", "sign-in-failed"),
        ("succeeded", "sign-in-succeeded"),
    ] {
        let one = attempts
            .iter()
            .find(|it| it["outcome"] == outcome)
            .expect("one of these");
        let reference = one["reference"].as_str().expect("a reference");
        browser
            .go(&format!("/activity/sign-ins?reference={reference}"))
            .await;
        browser.see("How far it came").await;
        visit(name).await;
    }
    browser
        .go("/activity/sign-ins?person=nobody@nowhere.example")
        .await;
    browser.see("No attempt fits").await;
    visit("sign-ins-none-found").await;
    browser.go("/activity/audit").await;
    browser.arrive("Audit log").await;
    browser.see("User created").await;
    visit("audit").await;
    browser.go("/activity/audit?row=1").await;
    browser.see("Link to this row").await;
    visit("audit-row").await;
}
