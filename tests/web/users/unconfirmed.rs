//! Okta accounts that wait on an administrator's page for a person's word.

use std::{cell::Cell, rc::Rc};

use api::{
    Status,
    users::{UnconfirmedIdentity, UserDetail},
};
use console::pages::users::detail;
use wasm_bindgen_test::wasm_bindgen_test;

use super::user;
use crate::{
    desk::{Desk, NOON},
    server::{Reply, Server},
};

const ISSUER: &str = "https://northwind.okta.com";

fn boss(confirmed: bool) -> UserDetail {
    UserDetail {
        user: user("Boss", Status::Inactive),
        identities: Vec::new(),
        unconfirmed: vec![UnconfirmedIdentity {
            issuer: ISSUER.to_owned(),
            sub: "00uBoss".to_owned(),
            login: Some("b.login".to_owned()),
            requested_at: NOON,
            confirmed_at: confirmed.then_some(NOON),
        }],
        attempts: Vec::new(),
        sessions: Vec::new(),
        history: Vec::new(),
        has_password: false,
    }
}

#[wasm_bindgen_test]
async fn confirming_sends_the_account_that_was_shown() {
    let confirmed = Rc::new(Cell::new(false));
    let server = Server::answering(move |asked| {
        if asked.method == "POST" {
            confirmed.set(true);
            return Reply::json(&serde_json::json!({}));
        }
        Reply::json(&boss(confirmed.get()))
    });
    let desk = Desk::with(|| detail::user("boss".to_owned()));
    desk.until_sees("Okta accounts to confirm").await;
    assert!(desk.sees("b.login") && desk.sees("00uBoss"));
    desk.press("Confirm this identity");
    desk.until_sees("It’s linked at the next sign-in").await;
    assert!(!desk.has("button", "Confirm this identity"));
    let asked = server.of("POST /api/users/boss/confirm-identity");
    let sent: serde_json::Value = serde_json::from_str(&asked.body).expect("JSON");
    assert_eq!(
        sent,
        serde_json::json!({ "issuer": ISSUER, "sub": "00uBoss" })
    );
}
