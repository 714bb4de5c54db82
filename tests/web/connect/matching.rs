//! What users are matched by: the choice with its risk, who it would change, and what is sent.

use api::{
    Provider,
    connections::{MatchBy, MatchChange, MatchPreview},
    users::Found,
};
use console::pages::connect::connect;
use wasm_bindgen_test::wasm_bindgen_test;

use super::draft;
use crate::{
    desk::{Desk, left_for},
    server::{Reply, Server},
};

const EMAIL_MEANS: &str = "Anyone who can change their own email in Okta";

fn preview() -> MatchPreview {
    MatchPreview {
        changed: Found {
            count: 12,
            or_more: false,
        },
        users: vec![MatchChange {
            id: "ada".to_owned(),
            name: "Ada Lovelace".to_owned(),
            email: "ada@northwind.example".to_owned(),
            okta_login: None,
            is_administrator: true,
        }],
    }
}

async fn form() -> (Desk, Server) {
    let connection = draft();
    let server = Server::answering(move |asked| {
        if asked.path.ends_with("/match-preview") {
            return Reply::json(&preview());
        }
        Reply::json(&connection)
    });
    let desk = Desk::with(|| connect(Provider::Okta));
    desk.until("the form", |desk| desk.has("button", "Connect now"))
        .await;
    (desk, server)
}

#[wasm_bindgen_test]
async fn choosing_email_shows_its_risk_and_who_changes_before_it_is_saved() {
    let (desk, server) = form().await;
    assert!(desk.sees(EMAIL_MEANS), "the risk stands beside the choice");
    assert!(
        !desk.has("radio", "Accept"),
        "there is nothing to accept yet"
    );
    desk.find("radio", "Email").click();
    desk.until_sees("12 users would be matched by another value")
        .await;
    assert!(desk.has("link", "Ada Lovelace"));
    assert!(desk.sees("no Okta login"));
    assert!(desk.sees("and 11 more"));
    desk.find("radio", "Accept").click();
    desk.press("Save draft");
    desk.until("saved", |_| {
        server.lines().iter().any(|it| it.starts_with("PUT "))
    })
    .await;
    let sent: serde_json::Value =
        serde_json::from_str(&server.of("PUT /api/connections/okta").body).expect("a form");
    assert_eq!(sent["match_by"], MatchBy::Email.code());
    assert_eq!(sent["allow_unverified_email"], true);
    assert_eq!(left_for(), [""; 0]);
}

#[wasm_bindgen_test]
async fn google_has_nothing_to_choose() {
    let mut connection = draft();
    connection.provider = Provider::Google;
    let _server = Server::answering(move |_| Reply::json(&connection));
    let desk = Desk::with(|| connect(Provider::Google));
    desk.until("the form", |desk| desk.has("button", "Connect now"))
        .await;
    assert!(!desk.sees(EMAIL_MEANS));
}
