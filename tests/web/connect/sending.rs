//! What is sent when, and what is made of the answer.

use std::{cell::Cell, rc::Rc};

use api::{Connection, Provider, checks::CheckKind, files::Managed};
use console::{pages::connect::connect, ui::el::group, ui::toast::use_toasts};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    A_CLIENT_ID, A_SECRET, AUDIENCE, CLIENT_ID, ISSUER, NATIVE, SECRET, desk, draft, nothing,
};
use crate::{
    desk::{Desk, description, focused, left_for, tick},
    guide::{check, lines, post},
    server::{Asked, Reply, Server},
};

/// A server that takes each draft and finds nothing wrong with it, and what it answers to Connect now.
async fn taking(start: Connection, connect_now: fn() -> Reply) -> (Desk, Server) {
    let provider = start.provider;
    let saved = draft();
    let server = Server::answering(move |asked: &Asked| match asked.method.as_str() {
        "GET" => Reply::json(&start),
        "PUT" => Reply::json(&Connection {
            version: start.version + 1,
            ..saved.clone()
        }),
        _ if post(asked, "/checks") => lines(&[check(CheckKind::Secret, None, None)]),
        _ => connect_now(),
    });
    let desk = Desk::with(move || group(vec![connect(provider), use_toasts().corner().done()]));
    desk.until("the form", |desk| desk.has("button", "Connect now"))
        .await;
    (desk, server)
}

fn to_okta() -> Reply {
    Reply::Json(r#"{"location":"https://northwind.okta.com/oauth2/v1/authorize?x=1"}"#.to_owned())
}

fn fill(desk: &Desk) {
    desk.type_into(ISSUER, " northwind.okta.com ");
    desk.type_into(CLIENT_ID, A_CLIENT_ID);
    desk.type_into(SECRET, A_SECRET);
    desk.type_into(AUDIENCE, "https://resco.net/rescocloud");
}

#[wasm_bindgen_test]
async fn connect_now_saves_the_draft_and_leaves_for_okta() {
    let (desk, server) = taking(nothing(Provider::Okta), to_okta).await;
    fill(&desk);
    desk.press("Connect now");
    desk.until("left", |_| !left_for().is_empty()).await;
    assert_eq!(
        left_for(),
        ["https://northwind.okta.com/oauth2/v1/authorize?x=1"]
    );
    assert_eq!(
        server.lines(),
        [
            "GET /api/connections/okta",
            "PUT /api/connections/okta",
            "POST /api/connections/okta/checks",
            "POST /api/connections/okta/connect"
        ]
    );
    let put = &server.log()[1];
    assert_eq!(put.header("if-match").as_deref(), Some("\"0\""));
    for part in [
        format!(r#""client_id":"{A_CLIENT_ID}""#),
        format!(r#""client_secret":"{A_SECRET}""#),
        r#""audience":"https://resco.net/rescocloud""#.to_owned(),
        r#""native_client_id":null"#.to_owned(),
    ] {
        assert!(put.body.contains(&part), "{part} in {}", put.body);
    }
    assert_eq!(
        server.last().header("if-match").as_deref(),
        Some("\"1\""),
        "of the saved draft"
    );
}

#[wasm_bindgen_test]
async fn what_is_saved_already_is_not_saved_again() {
    let (desk, server) = taking(draft(), to_okta).await;
    desk.press("Connect now");
    desk.until("left", |_| !left_for().is_empty()).await;
    assert_eq!(
        server.lines(),
        [
            "GET /api/connections/okta",
            "POST /api/connections/okta/checks",
            "POST /api/connections/okta/connect"
        ]
    );
}

#[wasm_bindgen_test]
async fn save_draft_says_so_and_forgets_the_secret() {
    let (desk, server) = taking(nothing(Provider::Okta), to_okta).await;
    fill(&desk);
    desk.press("Save draft");
    desk.until_sees("The draft was saved").await;
    assert_eq!(
        server.lines(),
        ["GET /api/connections/okta", "PUT /api/connections/okta"]
    );
    assert_eq!(desk.field(SECRET).value(), "");
    assert!(description(&desk.field(SECRET)).contains("Ends in ab12"));
    assert_eq!(
        desk.field(ISSUER).value(),
        "https://northwind.okta.com",
        "as it was understood"
    );
    assert_eq!(left_for(), [""; 0]);
}

#[wasm_bindgen_test]
async fn an_empty_secret_is_not_sent() {
    let (desk, server) = taking(draft(), to_okta).await;
    desk.type_into(NATIVE, "0oa1gwbkhjNATIVEQ0x8");
    desk.press("Save draft");
    desk.until_sees("The draft was saved").await;
    let body = server.last().body;
    assert!(body.contains(r#""client_secret":null"#), "{body}");
}

#[wasm_bindgen_test]
async fn while_it_is_sent_the_button_says_so_and_nothing_is_sent_twice() {
    let (desk, server) = taking(draft(), || Reply::Never).await;
    desk.press("Connect now");
    desk.until("busy", |desk| {
        desk.find("button", "Connect now")
            .has_attribute("aria-disabled")
    })
    .await;
    desk.press("Connect now");
    desk.press("Save draft");
    desk.until("sent", |_| server.lines().len() > 2).await;
    tick().await;
    assert_eq!(server.lines().len(), 3, "{:?}", server.lines());
}

#[wasm_bindgen_test]
async fn what_the_server_refuses_stands_in_the_same_place() {
    let (desk, _server) = taking(draft(), || {
        Reply::Problem(422, "invalid", &[("client_id", "secret_in_client_id")])
    })
    .await;
    desk.press("Connect now");
    desk.until("named", |desk| {
        description(&desk.field(CLIENT_ID)).contains("looks like a client secret")
    })
    .await;
    desk.until("the focus", |_| focused().as_deref() == Some(CLIENT_ID))
        .await;
    assert!(
        !desk
            .find("button", "Connect now")
            .has_attribute("aria-disabled"),
        "it can be tried again"
    );
}

#[wasm_bindgen_test]
async fn an_okta_that_does_not_answer_is_announced_and_nothing_typed_is_lost() {
    let (desk, _server) = taking(nothing(Provider::Okta), || {
        Reply::Problem(502, "provider_unreachable", &[])
    })
    .await;
    fill(&desk);
    desk.press("Connect now");
    desk.until("announced", |desk| desk.has("alert", "")).await;
    assert!(desk.find("alert", "").inner_text().contains("req-4711"));
    assert_eq!(desk.field(CLIENT_ID).value(), A_CLIENT_ID);
    assert_eq!(left_for(), [""; 0]);
}

#[wasm_bindgen_test]
async fn the_second_of_two_administrators_is_told_and_shown_the_current_state() {
    let reads = Rc::new(Cell::new(0));
    let counted = Rc::clone(&reads);
    let server = Server::answering(move |asked| match asked.method.as_str() {
        "GET" if asked.path == "/api/files" => Reply::json(&Managed::default()),
        "GET" => {
            counted.set(counted.get() + 1);
            let mut connection = draft();
            connection.version += counted.get();
            if let Some(settings) = connection.settings.as_mut().filter(|_| counted.get() > 1) {
                "https://colleague.okta.com".clone_into(&mut settings.issuer);
            }
            Reply::json(&connection)
        }
        _ => Reply::Problem(412, "changed", &[]),
    });
    let desk = Desk::with(|| connect(Provider::Okta));
    desk.until("the form", |desk| desk.has("button", "Save draft"))
        .await;
    desk.type_into(NATIVE, "0oa1gwbkhjNATIVEQ0x8");
    desk.press("Save draft");
    desk.until_sees("Nothing was saved.").await;
    assert_eq!(
        desk.field(NATIVE).value(),
        "0oa1gwbkhjNATIVEQ0x8",
        "until one asks for it"
    );
    desk.press("Show the current state");
    desk.until("the colleague's", |desk| {
        desk.field(ISSUER).value() == "https://colleague.okta.com"
    })
    .await;
    assert_eq!(server.lines().len(), 3);
}

#[wasm_bindgen_test]
async fn the_secret_is_nowhere_on_the_page_once_it_was_sent() {
    let (desk, _server) = taking(nothing(Provider::Okta), to_okta).await;
    fill(&desk);
    desk.press("Save draft");
    desk.until_sees("The draft was saved").await;
    let page = leptos::prelude::document()
        .document_element()
        .expect("a page")
        .outer_html();
    assert!(!page.contains(A_SECRET));
    let (again, _server) = desk_of_draft().await;
    assert!(!again.field(SECRET).value().contains(A_SECRET));
}

async fn desk_of_draft() -> (Desk, Server) {
    desk(draft()).await
}
