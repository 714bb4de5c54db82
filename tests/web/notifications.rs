//! The notifications page: the webhook, its secret that is shown once, a test with its answer.

use api::{
    files::{Managed, ManagedBy},
    notifications::NotificationKind,
    webhook::{Delivery, DeliveryFault, DeliveryState, Webhook, WebhookSaved},
};
use console::pages::notifications::notifications;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    desk::{Desk, NOON},
    server::{Reply, Server},
};

const URL: &str = "Webhook URL (optional)";

fn webhook(url: Option<&str>) -> Webhook {
    Webhook {
        url: url.map(str::to_owned),
        version: 3,
        secret_set_at: url.map(|_| NOON),
        secret_set_by: url.map(|_| "Ada Lovelace".to_owned()),
        deliveries: Vec::new(),
    }
}

fn delivery(state: DeliveryState, fault: Option<DeliveryFault>, status: Option<u16>) -> Delivery {
    Delivery {
        id: "0192f0c1".to_owned(),
        at: NOON,
        kind: None,
        state,
        attempts: 1,
        status,
        fault,
        next_at: None,
    }
}

fn owned(fields: &[&str]) -> Managed {
    Managed {
        managed_by: (!fields.is_empty()).then(|| ManagedBy {
            file: "sso.toml".to_owned(),
            applied_at: NOON,
            fields: fields.iter().map(|it| (*it).to_owned()).collect(),
        }),
    }
}

/// The page, with a webhook there or not, and what a test answers.
async fn desk(
    webhook: Webhook,
    tested: Delivery,
    fields: &'static [&'static str],
) -> (Desk, Server) {
    let server = Server::answering(move |asked| match asked.line().as_str() {
        "GET /api/webhook" => Reply::json(&webhook),
        "GET /api/files" => Reply::json(&owned(fields)),
        "POST /api/webhook/test" => Reply::json(&tested),
        "PUT /api/webhook" | "POST /api/webhook/rotate" => Reply::json(&WebhookSaved {
            webhook: self::webhook(Some("https://hooks.example/x")),
            secret: Some("whsec_cHJhY3RpY2U=".to_owned()),
        }),
        other => panic!("nobody asks {other}"),
    });
    let desk = Desk::with(notifications);
    desk.until_sees("Last deliveries").await;
    (desk, server)
}

fn good() -> Delivery {
    delivery(DeliveryState::Delivered, None, Some(204))
}

#[wasm_bindgen_test]
async fn the_first_address_brings_a_secret_that_is_shown_once() {
    let (desk, server) = desk(webhook(None), good(), &[]).await;
    assert!(
        !desk.has("button", "Send a test"),
        "there is nothing to test"
    );
    desk.until("the form", |desk| desk.has("textbox", URL))
        .await;
    desk.type_into(URL, "http://hooks.example/x");
    desk.press("Save");
    desk.until_sees("https").await;
    assert!(
        server.lines().iter().all(|it| !it.starts_with("PUT")),
        "it was sent"
    );
    desk.type_into(URL, "https://hooks.example/x");
    desk.press("Save");
    desk.until("the secret", |desk| desk.has("textbox", "Signing secret"))
        .await;
    assert_eq!(desk.field("Signing secret").value(), "whsec_cHJhY3RpY2U=");
    assert!(desk.sees("it is not shown again"));
    let sent = server.of("PUT /api/webhook");
    assert_eq!(sent.body, r#"{"url":"https://hooks.example/x"}"#);
    assert_eq!(sent.header("if-match").as_deref(), Some("\"3\""));
}

#[wasm_bindgen_test]
async fn a_test_shows_its_answer() {
    let there = || webhook(Some("https://hooks.example/x"));
    let (desk, _) = desk(there(), good(), &[]).await;
    desk.press("Send a test");
    desk.until_sees("the answer was status 204").await;
    drop(desk);
    let bad = delivery(
        DeliveryState::Failed,
        Some(DeliveryFault::Redirected),
        Some(302),
    );
    let (desk, _) = self::desk(there(), bad, &[]).await;
    desk.press("Send a test");
    desk.until_sees("The test was not delivered").await;
    assert!(desk.sees("redirect (status 302)"), "{}", desk.text());
}

#[wasm_bindgen_test]
async fn the_deliveries_say_what_and_how_it_went() {
    let mut there = webhook(Some("https://hooks.example/x"));
    let mut waits = delivery(
        DeliveryState::Pending,
        Some(DeliveryFault::Status),
        Some(503),
    );
    waits.kind = Some(NotificationKind::BreakGlassIssued);
    waits.attempts = 4;
    there.deliveries = vec![waits, good()];
    let (desk, _) = desk(there, good(), &[]).await;
    for said in [
        "Break-glass armed",
        "Waiting",
        "The answer was status 503",
        "Tries: 4",
        "A test",
        "Delivered",
    ] {
        assert!(desk.sees(said), "{said}: {}", desk.text());
    }
}

#[wasm_bindgen_test]
async fn an_address_that_a_file_owns_is_locked() {
    let (desk, _) = desk(
        webhook(Some("https://hooks.example/x")),
        good(),
        &["webhook.url"],
    )
    .await;
    desk.until_sees("The file sso.toml owns this").await;
    assert!(!desk.has("textbox", URL));
    assert!(
        desk.has("button", "Send a test"),
        "what changes nothing stays"
    );
}
