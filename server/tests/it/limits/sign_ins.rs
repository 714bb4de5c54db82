//! Starts and callbacks: an office behind one address gets through, and one browser that starts too many is limited.

use api::{Provider, paths};
use axum::http::Request;

use super::send_from;
use crate::{
    desk::{Browser, Reply},
    on_both,
};

const OFFICE: &str = "203.0.113.1";

async fn get_from(browser: &mut Browser, peer: &str, path: &str) -> Reply {
    send_from(browser, peer, None, Request::get(path), String::new()).await
}

async fn start(browser: &mut Browser, peer: &str) -> Reply {
    let started = get_from(browser, peer, &paths::auth_start(Provider::Okta)).await;
    // A browser without our cookie is sent back once to show that it keeps it.
    if started.header("location").contains("cookie=sent") {
        let again = started.location();
        return get_from(browser, peer, &again).await;
    }
    started
}

/// The way back of an attempt that the person called off at Okta.
fn back_of(started: &Reply) -> String {
    let there = url::Url::parse(&started.location()).expect("an address");
    let state = there.query_pairs().find(|(name, _)| name == "state");
    let state = state.expect("a state").1.into_owned();
    format!(
        "{}?error=access_denied&state={state}",
        paths::auth_callback(Provider::Okta)
    )
}

on_both! {
    async fn office_of_200_signs_in_from_one_address(desk: Desk) {
        desk.connected().await;
        // The usual limits.
        let server = desk.another_with(|settings| settings.requests_a_minute = None).await;
        for person in 0..200 {
            let mut browser = server.browser();
            let started = start(&mut browser, OFFICE).await;
            assert_eq!(started.status, 303, "start of person {person}");
            let ended = get_from(&mut browser, OFFICE, &back_of(&started)).await;
            assert_eq!(ended.status, 303, "callback of person {person}");
        }
    }

    async fn callback_of_own_attempt_is_not_counted(desk: Desk) {
        desk.connected().await;
        let limited = desk
            .another_with(|settings| {
                settings.requests_a_minute = Some(1);
                settings.sign_ins_per_minute = Some(100);
            })
            .await;
        let stray = format!("{}?code=x&state=unknown", paths::auth_callback(Provider::Okta));
        let mut stranger = limited.browser();
        get_from(&mut stranger, OFFICE, &stray).await.location();
        let before = desk.dump().await;
        for path in [stray.as_str(), paths::auth_callback(Provider::Okta).as_str()] {
            get_from(&mut stranger, OFFICE, path).await.expect_status(429);
        }
        assert!(before == desk.dump().await, "a stray callback beyond the limit writes nothing");
        for _ in 0..5 {
            let mut browser = limited.browser();
            let started = start(&mut browser, OFFICE).await;
            let back = back_of(&started);
            let ended = get_from(&mut browser, OFFICE, &back).await;
            assert!(ended.location().starts_with(paths::REFUSED));
            // The second time it belongs to no attempt that goes on.
            get_from(&mut browser, OFFICE, &back).await.expect_status(429);
            // With the state alone it is nobody's.
            let started = start(&mut limited.browser(), "203.0.113.2").await;
            get_from(&mut stranger, OFFICE, &back_of(&started)).await.expect_status(429);
        }
    }

    async fn start_limit_counts_browser_before_address(desk: Desk) {
        desk.connected().await;
        let limited = desk
            .another_with(|settings| {
                settings.requests_a_minute = Some(3);
                settings.sign_ins_per_minute = Some(8);
            })
            .await;
        let mut wild = limited.browser();
        let mut passed = 0;
        for _ in 0..10 {
            passed += usize::from(start(&mut wild, OFFICE).await.status == 303);
        }
        assert_eq!(passed, 3);
        // From another address it is the same browser.
        start(&mut wild, "203.0.113.2").await.expect_status(429);
        // Its colleagues have what is left of the address.
        let mut passed = 0;
        for _ in 0..10 {
            let mut colleague = limited.browser();
            passed += usize::from(start(&mut colleague, OFFICE).await.status == 303);
        }
        assert_eq!(passed, 5);
        // Cookies that are made up are held by the address.
        let mut made_up = limited.browser();
        made_up.cookies.insert("__Host-sso_browser".to_owned(), "x".repeat(43));
        start(&mut made_up, OFFICE).await.expect_status(429);
        start(&mut made_up, "203.0.113.3").await.location();
    }
}
