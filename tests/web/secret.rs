//! The client secret's panel: its date, and the next secret.

use api::{
    Provider,
    connections::SecretInfo,
    files::{Managed, ManagedBy},
    secret::Secrets,
};
use console::pages::{connection::secret::panel, files::ownership};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    desk::{Desk, NOON},
    server::{Reply, Server},
};

const DATE: &str = "Runs out on (optional)";
const NEXT: &str = "Next secret";

fn info(last_four: &str) -> SecretInfo {
    SecretInfo {
        last_four: last_four.to_owned(),
        set_at: NOON,
        set_by: "Ada Lovelace".to_owned(),
        expires_on: Some("2027-06-30".to_owned()),
    }
}

fn secrets(next: bool) -> Secrets {
    Secrets {
        version: 7,
        current: Some(info("ab12")),
        next: next.then(|| info("cd34")),
    }
}

async fn desk(next: bool, owned: &'static [&'static str]) -> (Desk, Server) {
    let server = Server::answering(move |asked| match asked.line().as_str() {
        "GET /api/connections/okta/secret" | "PUT /api/connections/okta/secret" => {
            Reply::json(&secrets(next))
        }
        "GET /api/files" => Reply::json(&Managed {
            managed_by: (!owned.is_empty()).then(|| ManagedBy {
                file: "sso.toml".to_owned(),
                applied_at: NOON,
                fields: owned.iter().map(|it| (*it).to_owned()).collect(),
            }),
        }),
        "PUT /api/connections/okta/next-secret" if asked.body.contains("in-use-already") => {
            Reply::Problem(422, "invalid", &[("client_secret", "same_secret")])
        }
        "PUT /api/connections/okta/next-secret" => Reply::json(&secrets(true)),
        other => panic!("nobody asks {other}"),
    });
    let desk = Desk::with(|| panel(Provider::Okta, ownership(), || ()));
    desk.until_sees("Ends in ab12").await;
    (desk, server)
}

#[wasm_bindgen_test]
async fn the_next_secret_goes_out_once_and_is_not_kept_in_the_page() {
    let (desk, server) = desk(false, &[]).await;
    desk.until("the form", |desk| desk.has("textbox", NEXT))
        .await;
    desk.type_into(NEXT, "••••ab12");
    desk.press("Keep as next secret");
    desk.until("an error", |desk| desk.sees("masked") || desk.sees("dots"))
        .await;
    assert!(
        server.lines().iter().all(|it| !it.starts_with("PUT")),
        "the mask was sent"
    );
    desk.type_into(NEXT, "in-use-already-0123");
    desk.press("Keep as next secret");
    desk.until_sees("in use already. Paste the new one").await;
    desk.type_into(NEXT, "the-new-secret-0123");
    desk.press("Keep as next secret");
    desk.until_sees("Ends in cd34").await;
    let sent = server.of("PUT /api/connections/okta/next-secret");
    assert_eq!(
        sent.body,
        r#"{"client_secret":"the-new-secret-0123","expires_on":""}"#
    );
    assert_eq!(sent.header("if-match").as_deref(), Some("\"7\""));
    assert!(!desk.has("textbox", NEXT));
    assert!(desk.has("button", "Remove the next secret"));
}

#[wasm_bindgen_test]
async fn a_date_that_is_none_is_said_before_it_is_sent() {
    let (desk, server) = desk(true, &[]).await;
    desk.until("the form", |desk| desk.has("textbox", DATE))
        .await;
    assert_eq!(desk.field(DATE).value(), "2027-06-30");
    desk.type_into(DATE, "30.6.2027");
    desk.press("Save the date");
    desk.until_sees("This is not a date").await;
    desk.type_into(DATE, "2028-02-29");
    desk.press("Save the date");
    desk.until("it is sent", |_| {
        server.lines().iter().any(|it| it.starts_with("PUT"))
    })
    .await;
    let sent = server.of("PUT /api/connections/okta/secret");
    assert_eq!(sent.body, r#"{"expires_on":"2028-02-29"}"#);
}

#[wasm_bindgen_test]
async fn what_a_file_owns_is_locked() {
    let (desk, _) = desk(false, &["okta.client_secret"]).await;
    desk.until_sees("The file sso.toml owns this").await;
    assert!(!desk.has("textbox", NEXT));
    assert!(desk.has("textbox", DATE), "the date is nobody's");
}
