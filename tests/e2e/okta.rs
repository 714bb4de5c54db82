//! What an administrator does at Okta, on the practice Okta's admin pages, in Okta's own words.
//!
//! It must not know who the app is that people sign in to.

use okta_simulator::PracticeOkta;

use crate::browser::Browser;

/// An app integration as the documents have it filled in.
pub(crate) struct WebApp<'a> {
    pub(crate) name: &'a str,
    pub(crate) refresh_token: bool,
    pub(crate) sign_in: &'a str,
    /// Empty: the field is emptied.
    pub(crate) sign_out: &'a str,
}

/// Applications › Create App Integration › OIDC - OpenID Connect › Web Application. Gives client ID and secret.
pub(crate) async fn create_web_app(
    browser: &Browser,
    okta: &PracticeOkta,
    app: &WebApp<'_>,
) -> (String, String) {
    begin(browser, okta, "Web Application").await;
    browser.arrive("New Web App Integration").await;
    browser.fill("App integration name", app.name).await;
    if app.refresh_token {
        browser.choose("Refresh Token").await;
    }
    browser.fill("Sign-in redirect URIs", app.sign_in).await;
    browser.fill("Sign-out redirect URIs", app.sign_out).await;
    browser.choose("Skip group assignment for now").await;
    browser.press("Save").await;
    browser.arrive(app.name).await;
    (
        browser.value("Client ID").await,
        browser.value("Client Secret").await,
    )
}

/// The same for a native app, which has no secret. Gives the client ID.
pub(crate) async fn create_native_app(
    browser: &Browser,
    okta: &PracticeOkta,
    name: &str,
    sign_in: &str,
) -> String {
    begin(browser, okta, "Native Application").await;
    browser.arrive("New Native App Integration").await;
    browser.fill("App integration name", name).await;
    browser.choose("Refresh Token").await;
    browser.fill("Sign-in redirect URIs", sign_in).await;
    browser.choose("Skip group assignment for now").await;
    browser.press("Save").await;
    browser.arrive(name).await;
    browser.value("Client ID").await
}

async fn begin(browser: &Browser, okta: &PracticeOkta, kind: &str) {
    browser.go(&okta.admin_url()).await;
    browser.press("Applications").await;
    browser.press("Create App Integration").await;
    browser.arrive("Create a new app integration").await;
    browser.choose("OIDC - OpenID Connect").await;
    browser.choose(kind).await;
    browser.press("Next").await;
}

/// The app's tab Assignments: lets these people in.
pub(crate) async fn assign(browser: &Browser, okta: &PracticeOkta, app: &str, people: &[&str]) {
    browser.go(&okta.admin_url()).await;
    browser.press("Applications").await;
    browser.press(app).await;
    browser.press("Assignments").await;
    for person in people {
        browser.press(&format!("Assign {person}")).await;
        // "Assigned." may still stand there from the one before.
        browser.see(&format!("Remove {person}")).await;
    }
}

/// Security › API › Authorization Servers › Add Authorization Server. Gives the issuer.
pub(crate) async fn add_authorization_server(
    browser: &Browser,
    okta: &PracticeOkta,
    name: &str,
    audience: &str,
) -> String {
    browser.go(&okta.admin_url()).await;
    browser.press("API").await;
    browser.arrive("API").await;
    browser.fill("Name", name).await;
    browser.fill("Audience", audience).await;
    browser.press("Add Authorization Server").await;
    browser.arrive(name).await;
    browser.value("Issuer").await
}

/// The server's tab Claims › Add Claim: in every ID token, by an expression.
pub(crate) async fn add_claim(browser: &Browser, name: &str, expression: &str) {
    browser.press("Claims").await;
    browser.fill("Name", name).await;
    browser.select("Include in token type", "ID Token").await;
    browser.select("Include in token when", "Always").await;
    browser.select("Value type", "Expression").await;
    browser.fill("Value", expression).await;
    browser.press("Create").await;
    browser.see("Created.").await;
    let row = browser.row(name).await;
    assert!(
        row.contains(expression) && row.contains("ID Token, Always"),
        "{row}"
    );
}

/// The server's tab Access Policies: a new server lets nobody in until it has one, with a rule.
pub(crate) async fn add_access_policy(browser: &Browser, name: &str) {
    browser.press("Access Policies").await;
    browser
        .see("Without an access policy this server lets nobody in.")
        .await;
    browser.fill("Name", name).await;
    browser.choose("All clients").await;
    browser.press("Create Policy").await;
    browser.see("Created.").await;
    browser.press("Add rule").await;
    browser.fill("Rule name", "Everybody").await;
    browser.press("Create rule").await;
    browser.row("Everybody").await;
}

/// Okta's sign-in page: the person types their username.
pub(crate) async fn sign_in(browser: &Browser, login: &str) {
    browser.arrive("Sign in").await;
    browser.fill("Username", login).await;
    browser.press("Sign in").await;
}
