//! What is typed stays in its form, whatever else happens on the page.

use std::{cell::Cell, rc::Rc};

use api::{
    Organization, SignedInBy, Status,
    files::Managed,
    users::{UserDetail, UserSession},
    webhook::{Delivery, DeliveryState, Webhook},
};
use console::pages::{
    notifications::notifications, organization::organization, users::detail::user as user_page,
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    desk::{Desk, NOON, after, tick},
    server::{Reply, Server},
    users::user,
};

fn detail(version: i64, email: &str) -> UserDetail {
    let mut user = user("Ada", Status::Active);
    user.version = version;
    email.clone_into(&mut user.email);
    UserDetail {
        user,
        identities: Vec::new(),
        unconfirmed: Vec::new(),
        attempts: Vec::new(),
        sessions: vec![UserSession {
            id: "s1".to_owned(),
            signed_in_by: SignedInBy::Okta,
            address: Some("192.0.2.7".to_owned()),
            user_agent: None,
            created_at: NOON,
            last_seen_at: NOON,
            expires_at: NOON,
        }],
        history: Vec::new(),
        has_password: false,
    }
}

#[wasm_bindgen_test]
async fn an_act_beside_a_user_keeps_what_is_typed_and_shows_the_rest_anew() {
    let turn = Rc::new(Cell::new(0));
    let server = Server::answering(move |asked| {
        if asked.method == "PUT" {
            return Reply::Problem(409, "changed", &[]);
        }
        turn.set(turn.get() + 1);
        match turn.get() {
            1 => Reply::json(&detail(1, "ada@old.example")),
            _ => Reply::json(&detail(2, "ada@new.example")),
        }
    });
    let desk = Desk::with(|| user_page("ada".to_owned()));
    desk.until("the user", |desk| desk.has("textbox", "Name"))
        .await;
    assert_eq!(desk.field("E-mail").value(), "ada@old.example");
    desk.type_into("Name", "Ada King");
    desk.press("End the session from 192.0.2.7");
    desk.until("the new e-mail", |desk| {
        desk.field("E-mail").value() == "ada@new.example"
    })
    .await;
    assert_eq!(desk.field("Name").value(), "Ada King");
    desk.press("Save & close");
    desk.until_sees("Show the current state").await;
    let sent = server.of("PUT /api/users/ada");
    assert_eq!(sent.header("if-match").as_deref(), Some("\"2\""));
    assert_eq!(desk.field("Name").value(), "Ada King");
    desk.press("Show the current state");
    desk.until("the name of now", |desk| {
        desk.field("Name").value() == "Ada"
    })
    .await;
    assert!(!desk.sees("Show the current state"));
}

#[wasm_bindgen_test]
async fn what_somebody_else_saved_in_the_same_field_is_not_replaced_unseen() {
    let turn = Rc::new(Cell::new(0));
    let server = Server::answering(move |asked| match asked.method.as_str() {
        "PUT" => Reply::Problem(412, "changed", &[]),
        "GET" => {
            turn.set(turn.get() + 1);
            let mut it = detail(turn.get(), "ada@northwind.example");
            if turn.get() > 1 {
                "Augusta".clone_into(&mut it.user.name);
            }
            Reply::json(&it)
        }
        _ => Reply::json(&serde_json::json!({})),
    });
    let desk = Desk::with(|| user_page("ada".to_owned()));
    desk.until("the user", |desk| desk.has("textbox", "Name"))
        .await;
    desk.type_into("Name", "Ada King");
    // The second time it is as it was the first time: still not what was seen.
    for asked in [3, 5] {
        desk.press("End the session from 192.0.2.7");
        desk.until("asked again", |_| server.log().len() == asked)
            .await;
        desk.until("drawn", |desk| desk.has("heading", "Augusta"))
            .await;
    }
    assert_eq!(desk.field("Name").value(), "Ada King");
    desk.press("Save & close");
    desk.until_sees("Show the current state").await;
    let sent = server.of("PUT /api/users/ada");
    assert_eq!(sent.header("if-match").as_deref(), Some("\"1\""));
    desk.press("Show the current state");
    desk.until("the name of now", |desk| {
        desk.field("Name").value() == "Augusta"
    })
    .await;
    desk.type_into("Name", "Ada King");
    desk.press("Save & close");
    desk.until("sent", |_| server.last().method == "PUT").await;
    let sent = server.last();
    assert_eq!(sent.header("if-match").as_deref(), Some("\"4\""));
}

fn webhook(url: &str, version: i64) -> Webhook {
    Webhook {
        url: Some(url.to_owned()),
        version,
        secret_set_at: Some(NOON),
        secret_set_by: Some("Ada Lovelace".to_owned()),
        deliveries: Vec::new(),
    }
}

#[wasm_bindgen_test]
async fn only_the_saved_webhook_is_tested_and_a_conflict_keeps_the_typed_one() {
    const URL: &str = "Webhook URL (optional)";
    let turn = Rc::new(Cell::new(0));
    let server = Server::answering(move |asked| match asked.line().as_str() {
        "GET /api/webhook" => {
            turn.set(turn.get() + 1);
            Reply::json(&webhook("https://hooks.example/saved", turn.get()))
        }
        "PUT /api/webhook" => Reply::Problem(409, "changed", &[]),
        "POST /api/webhook/test" => Reply::json(&Delivery {
            id: "0192f0c1".to_owned(),
            at: NOON,
            kind: None,
            state: DeliveryState::Delivered,
            attempts: 1,
            status: Some(204),
            fault: None,
            next_at: None,
        }),
        _ => Reply::json(&Managed { managed_by: None }),
    });
    let desk = Desk::with(notifications);
    desk.until("the form", |desk| desk.has("textbox", URL))
        .await;
    desk.type_into(URL, "https://hooks.example/typed");
    desk.until_sees("The test goes to the saved URL").await;
    desk.press("Send a test");
    tick().await;
    assert_eq!(server.lines(), ["GET /api/webhook"]);
    desk.press("Save");
    desk.until_sees("Show the current state").await;
    assert_eq!(desk.field(URL).value(), "https://hooks.example/typed");
    assert!(desk.has("alert", ""), "why it was not saved stays");
    desk.type_into(URL, "https://hooks.example/saved");
    desk.press("Send a test");
    desk.until_sees("the answer was status 204").await;
    desk.type_into(URL, "https://hooks.example/typed");
    desk.press("Show the current state");
    desk.until("the saved one", |desk| {
        desk.field(URL).value() == "https://hooks.example/saved"
    })
    .await;
}

#[wasm_bindgen_test]
async fn an_answer_that_comes_late_draws_no_form_anew() {
    let _server = Server::answering(|asked| {
        if asked.path == "/api/files" {
            return Reply::Late(Box::new(Reply::json(&Managed { managed_by: None })));
        }
        Reply::json(&Organization {
            name: "Northwind".to_owned(),
            public_url: "https://sso.northwind.example".to_owned(),
            identity_provider: None,
            redirect_uri: "https://sso.northwind.example/auth/okta/callback".to_owned(),
            version: 1,
        })
    });
    let desk = Desk::with(organization);
    desk.until("the form", |desk| desk.has("textbox", "Organization name"))
        .await;
    let field = desk.field("Organization name");
    desk.type_into("Organization name", "Northwind Traders");
    after(200).await;
    assert_eq!(desk.field("Organization name"), field, "the same field");
    assert_eq!(field.value(), "Northwind Traders");
}
