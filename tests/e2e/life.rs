//! From *Connect now* to *Connected*, as an administrator does it in the browser.

use crate::{
    browser::Browser,
    console,
    desk::{ADMIN, Desk},
    okta, on_one,
};

on_one!(a_trial_that_is_undone_brings_everything_back, 1);

/// After a round trip that worked: what is missing is mended by following what the page says, Okta is switched on,
/// and the trial is confirmed from a new Okta session. `sign_in` is what the provider's own page takes.
pub(crate) async fn go_live(admin: &Browser, sign_in: impl AsyncFn(&Browser)) {
    on_trial(admin).await;
    admin.press("Sign in with Okta anew").await;
    sign_in(admin).await;
    admin.arrive("Okta").await;
    admin.press("Confirm").await;
    admin.see("Okta is confirmed").await;
    assert!(admin.badge("Connected", None).await.is_green());
}

/// The same until the trial runs.
async fn on_trial(admin: &Browser) {
    admin.arrive("Okta").await;
    admin.badge("Proven", None).await;
    assert!(!admin.can_press("Switch on").await, "without a way back in");
    admin.press("Open Security").await;
    admin.arrive("Security").await;
    admin.press("Make recovery codes").await;
    let codes = admin.value("Your recovery codes").await;
    let code = codes.split(' ').next().expect("a code").to_lowercase();
    // Whoever leaves without them is asked: they are shown this once.
    admin.press("Copy: Your recovery codes").await;
    admin.fill("One of your recovery codes", &code).await;
    admin.press("Test a code").await;
    admin
        .see("The code works, and is still good for one sign-in")
        .await;
    admin.press("Integrations").await;
    admin.arrive("Integrations").await;
    admin.press("Open Okta").await;
    admin.arrive("Okta").await;
    admin.press("Switch on").await;
    admin.badge("On trial", None).await;
}

async fn a_trial_that_is_undone_brings_everything_back(desk: &Desk) {
    let caller = desk.administrator().await;
    desk.person("Ada", "Lovelace");
    desk.connect(&caller, api::Provider::Google, ADMIN).await;
    let app = okta_simulator::NewApp::named("SSO Console")
        .sign_in_redirect(&desk.callback(api::Provider::Okta))
        .everyone();
    let (client_id, client_secret) = desk.okta.create_web_app(app);
    let admin = desk.browser().await;
    desk.enter(&admin, console::FORM).await;
    console::fill_in(&admin, &desk.okta.base_url(), &client_id, &client_secret).await;
    admin.press("Connect now").await;
    okta::sign_in(&admin, ADMIN).await;
    on_trial(&admin).await;
    admin.press("Overview").await;
    admin.arrive("Overview").await;
    // The countdown goes along, and a password's session has nothing to confirm with.
    assert!(admin.can_press("Sign in with Okta anew").await);
    assert!(!admin.can_press("Confirm").await);
    admin.press("Integrations").await;
    admin.arrive("Integrations").await;
    admin.badge("Switched off by Okta", Some("Google")).await;
    admin.press("Open Okta").await;
    admin.arrive("Okta").await;
    admin.press("Undo the trial").await;
    admin.see("Undo Okta’s trial").await;
    admin.press("Undo the trial").await;
    admin.badge("Proven", None).await;
    admin.press("Integrations").await;
    admin.arrive("Integrations").await;
    assert!(admin.badge("Connected", Some("Google")).await.is_green());
}
