//! What users are matched by: the choice with its risk, who it would change, and what is sent.

use api::{
    Provider,
    connections::{MatchBy, MatchChange, MatchPreview},
    users::Found,
};
use console::pages::connect::connect;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::draft;
use crate::{
    desk::{Desk, left_for},
    server::{Reply, Server},
};

const UNVERIFIED: &str = "Emails that Okta reports as not verified";
const EMAIL_MEANS: &str = "Anyone who can change their own email in Okta";

/// One of the choices: its accessible name has its hint in it.
fn radio(desk: &Desk, value: &str) -> HtmlElement {
    let all = desk.all("radio", "").into_iter();
    let mut wanted = all.filter(|it| it.get_attribute("value").as_deref() == Some(value));
    wanted.next().expect("a choice with this value")
}

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
    assert!(!desk.sees(UNVERIFIED), "there is nothing to accept yet");
    radio(&desk, MatchBy::Email.code()).click();
    desk.until_sees("12 users would be matched by another value")
        .await;
    assert!(desk.has("link", "Ada Lovelace"));
    assert!(desk.sees("no Okta login"));
    assert!(desk.sees("and 11 more"));
    assert!(desk.sees(UNVERIFIED));
    radio(&desk, "true").click();
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
