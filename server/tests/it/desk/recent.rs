//! An administrator confirms who they are, as the console has them do once their sign-in is older than ten minutes.

use api::{Provider, RECENT_SIGN_IN, paths};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use super::{ADMIN, Browser, Desk, PASSWORD, Reply};

/// Whether an act was refused because the sign-in is not recent.
pub(crate) fn asks(reply: &Reply) -> bool {
    let asks = reply.code() == "reauthentication_required";
    assert_eq!(asks, reply.status == 403 && asks, "{}", reply.text);
    asks
}

/// The session as the server shows it.
pub(crate) async fn session(browser: &mut Browser) -> Value {
    browser.get(paths::SESSION).await.expect_status(200).json
}

impl Desk {
    /// Confirms who is signed in: with the password while passwords are on, else through Okta.
    pub(crate) async fn step_up(&self, browser: &mut Browser) {
        let shown = session(browser).await;
        let open = shown["reauthenticate_by"].as_array().expect("ways").clone();
        if open.contains(&json!("password")) {
            let form = json!({ "password": PASSWORD });
            let reply = browser.post(paths::REAUTHENTICATE, &form).await;
            reply.expect_status(200);
        } else {
            let login = shown["email"].as_str().expect("an email");
            let reply = self.step_up_through_okta(browser, login).await;
            reply.expect_location(paths::REAUTHENTICATED);
        }
    }

    /// The same where it is needed: for tests that are about something else and let time pass.
    pub(crate) async fn recent(&self, browser: &mut Browser) {
        let shown = session(browser).await;
        let at = shown["authenticated_at"].as_i64().expect("a time");
        if self.app.clock.now() >= at + RECENT_SIGN_IN - 1000 {
            self.step_up(browser).await;
        }
    }

    /// Starts a confirmation through Okta as `login`; the address that the browser comes back to.
    pub(crate) async fn until_confirmed(&self, browser: &mut Browser, login: &str) -> String {
        let there = start(browser).await.location();
        self.okta.authorize(&there, login).expect("Okta sends back")
    }

    /// A whole confirmation through Okta; where it ended.
    pub(crate) async fn step_up_through_okta(&self, browser: &mut Browser, login: &str) -> Reply {
        let back = self.until_confirmed(browser, login).await;
        browser.get(&back).await
    }

    /// Ada in a new browser with one of her codes.
    pub(crate) async fn enter_by_code(&self, code: &str) -> Browser {
        let mut browser = self.browser();
        let form = [("email", ADMIN), ("code", code)];
        browser
            .form(paths::AUTH_BREAK_GLASS, &form)
            .await
            .expect_location("/");
        browser
    }
}

/// The start link, as the console opens it.
pub(crate) async fn start(browser: &mut Browser) -> Reply {
    start_at(browser, Provider::Okta).await
}

/// The same at another provider. A browser says that one of our pages opened it, also after it was sent back once to show
/// that it keeps cookies.
pub(crate) async fn start_at(browser: &mut Browser, provider: Provider) -> Reply {
    let mut path = format!("{}?reauthenticate=1", paths::auth_start(provider));
    loop {
        let request = Request::get(&path).header("sec-fetch-site", "same-origin");
        let reply = browser
            .send(request.body(Body::empty()).expect("a request"))
            .await;
        if path.contains("cookie=sent") || !reply.header("location").contains("cookie=sent") {
            return reply;
        }
        path = reply.location();
    }
}
