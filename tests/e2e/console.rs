//! What an administrator does in our console, wherever a story comes to it.
//!
//! It must not know what goes wrong afterwards.

use crate::{
    browser::Browser,
    desk::{ADMIN, Desk, PASSWORD},
};

/// The form that has everything on one page.
pub(crate) const FORM: &str = "/settings/integrations/sso/okta/connect/form";

/// The organization and its first administrator, by the one-time link.
pub(crate) async fn set_up(desk: &Desk, admin: &Browser) {
    admin.go(&desk.set_up_link()).await;
    admin.arrive("Set up your organization").await;
    assert_eq!(
        admin.path().await,
        "/set-up",
        "the token leaves the address bar"
    );
    admin.fill("Organization name", "Northwind").await;
    admin.fill("Your name", "Ada Lovelace").await;
    admin.fill("Your e-mail", ADMIN).await;
    admin.fill("Password", PASSWORD).await;
    admin.press("Set up the organization").await;
    admin.arrive("Overview").await;
}

/// From whatever leads to connecting Okta, past the guide, to the form.
pub(crate) async fn open_form(admin: &Browser, press: &str) {
    admin.press(press).await;
    admin.arrive("Where is your Okta?").await;
    admin.press("All on one page").await;
    admin.arrive("Connect Okta").await;
}

/// Fills in what everybody has to, in the order of the fields.
pub(crate) async fn fill_in(admin: &Browser, issuer: &str, client_id: &str, client_secret: &str) {
    admin.arrive("Connect Okta").await;
    admin.fill("Okta domain or metadata URL", issuer).await;
    admin.fill("Client ID", client_id).await;
    admin.fill("Client secret", client_secret).await;
}
