//! Limits: they hold guessing and floods, and never a right code, the set-up link or a sign-in through Okta.

mod passwords;
mod proxies;
mod rows;
mod sign_ins;

use api::paths;
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use serde_json::{Value, json};

use crate::{
    desk::{ADMIN, Browser, PASSWORD, PUBLIC_URL, Reply},
    on_both,
};

const WRONG_CODE: &str = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG";

/// Sends a request as it comes from a peer, with what a proxy may have added.
async fn send_from(
    browser: &mut Browser,
    peer: &str,
    forwarded: Option<&str>,
    request: axum::http::request::Builder,
    body: String,
) -> Reply {
    let mut request = request.header(header::ORIGIN, PUBLIC_URL);
    if let Some(address) = forwarded {
        request = request.header("x-forwarded-for", address);
    }
    let mut request = request.body(Body::from(body)).expect("a request");
    let peer: std::net::SocketAddr = format!("{peer}:4000").parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(peer));
    browser.send(request).await
}

/// Sends one of the administrators' forms; where the answer leads.
async fn form_from(
    browser: &mut Browser,
    peer: &str,
    forwarded: Option<&str>,
    path: &str,
    fields: &[(&str, &str)],
) -> String {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request =
        Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let reply = send_from(browser, peer, forwarded, request, body).await;
    reply.location()
}

async fn code_from(
    browser: &mut Browser,
    peer: &str,
    forwarded: Option<&str>,
    code: &str,
) -> String {
    let fields = [("email", ADMIN), ("code", code)];
    form_from(browser, peer, forwarded, paths::AUTH_BREAK_GLASS, &fields).await
}

async fn password_from(browser: &mut Browser, peer: &str, email: &str, password: &str) -> String {
    let fields = [("email", email), ("password", password)];
    form_from(browser, peer, None, paths::AUTH_PASSWORD, &fields).await
}

/// The open notifications of a kind.
async fn notifications(admin: &mut Browser, kind: &str) -> Vec<Value> {
    let list = admin
        .get(paths::NOTIFICATIONS)
        .await
        .expect_status(200)
        .json;
    let list = list["notifications"].as_array().expect("a list").iter();
    list.filter(|it| it["kind"] == kind).cloned().collect()
}

on_both! {
    async fn right_code_enters_after_wrong_ones_from_same_address(desk: Desk) {
        let mut admin = desk.connected().await;
        let codes = desk.recovery_codes(&mut admin).await;
        // Behind a proxy that is not named everyone has its address.
        let limited = desk.another_with(|settings| settings.requests_a_minute = Some(3)).await;
        let mut stranger = limited.browser();
        let mut last = String::new();
        for at in 0..12 {
            let made_up = format!("198.51.100.{at}");
            last = code_from(&mut stranger, "172.18.0.2", Some(&made_up), WRONG_CODE).await;
        }
        assert!(last.contains("notice=too_many"), "{last}");
        let mut ada = limited.browser();
        let to = code_from(&mut ada, "172.18.0.2", Some("203.0.113.9"), &codes[0]).await;
        assert_eq!(to, "/");
        assert!(ada.is_signed_in().await);
        // A used one is a wrong one.
        let to = code_from(&mut stranger, "172.18.0.2", None, &codes[0]).await;
        assert!(to.contains("notice=too_many"), "{to}");
        assert!(!stranger.is_signed_in().await);
    }

    async fn right_code_enters_after_wrong_ones_from_many_addresses(desk: Desk) {
        let mut admin = desk.connected().await;
        let codes = desk.recovery_codes(&mut admin).await;
        let limited = desk.another_with(|settings| settings.requests_a_minute = None).await;
        let mut stranger = limited.browser();
        for at in 0..150 {
            let to = code_from(&mut stranger, &format!("[2001:db8:{at:x}::1]"), None, WRONG_CODE).await;
            assert!(to.contains("notice=refused"), "{to}");
        }
        let mut ada = limited.browser();
        assert_eq!(code_from(&mut ada, "[2001:db8:1::1]", None, &codes[0]).await, "/");
    }

    async fn code_test_accepts_right_code_after_wrong_ones(desk: Desk) {
        let admin = desk.administrator().await;
        let limited = desk.another_with(|settings| settings.requests_a_minute = Some(2)).await;
        let mut admin = admin.at(&limited);
        let codes = limited.recovery_codes(&mut admin).await;
        let mut statuses = Vec::new();
        for _ in 0..4 {
            let wrong = json!({ "code": WRONG_CODE });
            statuses.push(admin.post(paths::TEST_CODE, &wrong).await.status.as_u16());
        }
        assert_eq!(statuses, [422, 422, 429, 429]);
        let right = json!({ "code": codes[0] });
        admin.post(paths::TEST_CODE, &right).await.expect_status(200);
    }

    async fn set_up_accepts_right_link_after_wrong_ones(desk: Desk) {
        let limited = desk.another_with(|settings| settings.requests_a_minute = Some(2)).await;
        let form = |token: &str| json!({
            "token": token, "organization": "Northwind", "name": "Ada Lovelace", "email": ADMIN,
            "password": PASSWORD,
        });
        let mut stranger = limited.browser();
        let mut statuses = Vec::new();
        for _ in 0..4 {
            let reply = stranger.post(paths::SET_UP, &form("a wrong token")).await;
            statuses.push(reply.status.as_u16());
        }
        assert_eq!(statuses, [403, 403, 429, 429]);
        let mut ada = limited.browser();
        ada.post(paths::SET_UP, &form(&limited.set_up_token())).await.expect_status(201);
        assert!(ada.is_signed_in().await);
    }
}
