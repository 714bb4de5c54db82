//! The way there and back through the browser: who may finish what was begun, and how often.

mod asked;
mod first_visit;
mod initiate;
mod posted;
mod query;
mod return_path;
mod round_trip;
mod start;

use api::{Cause, Provider, paths};
use axum::{
    body::Body,
    http::{Method, Request},
};

use crate::{
    desk::{Browser, Desk, PUBLIC_URL, Reply},
    on_both, witness,
};

const ALAN: &str = "alan@northwind.example";

/// A deployment with Alan in it; a browser in which he is about to come back, and the address.
async fn on_the_way(desk: &Desk) -> (Browser, Browser, String) {
    let mut admin = desk.connected().await;
    desk.member(&mut admin, "Alan", ALAN).await;
    let mut browser = desk.browser();
    let back = desk
        .until_callback(&mut browser, Provider::Okta, ALAN)
        .await;
    desk.okta.forget_requests();
    (admin, browser, back)
}

/// Comes back in a browser, which must be refused before anything is asked of Okta.
async fn stray(desk: &Desk, browser: &mut Browser, back: &str, cause: Cause, what: &str) {
    let before = desk.okta.count_requests("/v1/token");
    let reply = browser.get(back).await;
    witness::refused(desk, browser, reply, cause, what, back).await;
    assert_eq!(
        desk.okta.count_requests("/v1/token"),
        before,
        "{what}: a token was asked for"
    );
}

/// Any request to an address of the server.
async fn send(
    browser: &mut Browser,
    method: Method,
    address: &str,
    headers: &[(&str, &str)],
) -> Reply {
    let mut request = Request::builder()
        .method(method)
        .uri(address.strip_prefix(PUBLIC_URL).unwrap_or(address));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    browser
        .send(request.body(Body::empty()).expect("a request"))
        .await
}

on_both! {
    async fn only_the_browser_that_began_can_finish_and_others_use_nothing_up(desk: Desk) {
        let (_, mut browser, back) = on_the_way(&desk).await;
        let mut thief = desk.browser();
        stray(&desk, &mut thief, &back, Cause::StateUnknown, "no cookie").await;
        // A browser with an attempt of its own, and so with a cookie of its own.
        desk.until_callback(&mut thief, Provider::Okta, ALAN).await;
        stray(&desk, &mut thief, &back, Cause::StateUnknown, "another browser's cookie").await;
        let mut without = browser.clone();
        without.cookies.clear();
        stray(&desk, &mut without, &back, Cause::StateUnknown, "the cookie is lost").await;

        browser.get(&back).await.expect_location("/");
        assert!(browser.is_signed_in().await);
    }

    async fn a_state_that_is_no_attempts_is_refused_before_a_token_is_asked_for(desk: Desk) {
        let (_, mut browser, back) = on_the_way(&desk).await;
        let state = witness::parameter(&back, "state");
        let (base, code) = (paths::auth_callback(Provider::Okta), witness::parameter(&back, "code"));
        for (what, forged) in [
            ("truncated", &state[..state.len() - 1]),
            ("made longer", &format!("{state}A")),
            ("in another case", &state.to_ascii_uppercase()),
            ("made up", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            ("of SQL", "%27%20or%201%3D1--"),
            ("a hash", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ] {
            let address = format!("{base}?code={code}&state={forged}");
            stray(&desk, &mut browser, &address, Cause::StateUnknown, what).await;
        }
        for (what, address) in [
            ("empty", format!("{base}?code={code}&state=")),
            ("missing", format!("{base}?code={code}")),
            ("twice", format!("{base}?code={code}&state={state}&state={state}")),
            ("with another", format!("{base}?code={code}&state={state}&state=x")),
            ("as a list", format!("{base}?code={code}&state[]={state}")),
        ] {
            stray(&desk, &mut browser, &address, Cause::CallbackMalformed, what).await;
        }
        browser.get(&back).await.expect_location("/");
    }

    async fn a_state_of_one_connection_is_none_of_another(desk: Desk) {
        let (_, mut browser, back) = on_the_way(&desk).await;
        for provider in [Provider::Google, Provider::Microsoft] {
            let (_, query) = back.split_once('?').expect("a query");
            let address = format!("{}?{query}", paths::auth_callback(provider));
            stray(&desk, &mut browser, &address, Cause::StateUnknown, provider.code()).await;
        }
        let unknown = browser.get("/auth/facebook/callback?code=x&state=y").await;
        assert_eq!(unknown.status.as_u16(), 404);
        browser.get(&back).await.expect_location("/");
    }

    async fn a_state_is_worth_nothing_after_it_was_used(desk: Desk) {
        let (mut admin, mut browser, back) = on_the_way(&desk).await;
        browser.get(&back).await.expect_location("/");
        let session = browser.cookies.get("__Host-sso_session").cloned();
        let before = desk.dump().await;
        // *Back* in the browser: nothing is tried, noted or changed.
        for _ in 0..2 {
            let again = browser.get(&back).await.expect_status(200);
            assert!(again.text.contains("You are signed in"), "{}", again.text);
            assert!(again.text.contains("<a class=\"button\" href=\"/\">"), "{}", again.text);
            assert_eq!(again.header("set-cookie"), "");
        }
        assert!(before == desk.dump().await);
        assert_eq!(browser.cookies.get("__Host-sso_session").cloned(), session);
        assert_eq!(desk.okta.count_requests("/v1/token"), 1);
        let mut elsewhere = desk.browser();
        elsewhere.cookies.insert("__Host-sso_session".into(), session.expect("a session"));
        let reply = elsewhere.get(&back).await;
        let row = witness::attempt(&desk, &reply.reference()).await;
        assert_eq!(row.cause.as_deref(), Some("state_unknown"), "a browser that began nothing");

        browser.post(paths::AUTH_SIGN_OUT, &serde_json::Value::Null).await.expect_status(200);
        stray(&desk, &mut browser, &back, Cause::StateReplayed, "after signing out").await;

        desk.okta.set_fault(okta_simulator::Fault::Token500);
        let back = desk.until_callback(&mut browser, Provider::Okta, ALAN).await;
        let reply = browser.get(&back).await;
        let cause = Cause::ProviderError;
        witness::refused(&desk, &mut browser, reply, cause, "the token endpoint fails", &back).await;
        desk.okta.clear_faults();
        stray(&desk, &mut browser, &back, Cause::StateReplayed, "after failure").await;
        let mut node = desk.another().await.browser();
        node.cookies.clone_from(&browser.cookies);
        let reply = node.get(&back).await;
        witness::refused(&desk, &mut node, reply, Cause::StateReplayed, "another node", &back).await;
        assert_eq!(desk.latest(&mut admin).await["cause"], "state_replayed");
    }

    async fn of_many_callbacks_at_once_exactly_one_goes_on(desk: Desk) {
        let (_, browser, back) = on_the_way(&desk).await;
        let node = desk.another().await;
        let coming: Vec<_> = (0..16)
            .map(|number| {
                let desk = if number % 2 == 0 { &desk } else { &node };
                let (mut browser, back) = (browser.at(desk), back.clone());
                tokio::spawn(async move { browser.get(&back).await })
            })
            .collect();
        let mut let_in = 0;
        for reply in coming {
            let reply = reply.await.expect("it ends");
            if reply.location() == "/" {
                let_in += 1;
            } else {
                let row = witness::attempt(&desk, &reply.reference()).await;
                assert_eq!(row.cause.as_deref(), Some("state_replayed"));
            }
        }
        assert_eq!(let_in, 1);
        assert_eq!(desk.okta.count_requests("/v1/token"), 1);
        assert_eq!(witness::sessions(&desk).await, 2, "the administrator's and one");
    }

    async fn a_code_of_somebody_elses_attempt_is_refused_by_its_verifier(desk: Desk) {
        let (_, mut victim, back) = on_the_way(&desk).await;
        desk.person("Mallory", "Malicious", "mallory@northwind.example");
        let mut attacker = desk.browser();
        let planted = desk
            .until_callback(&mut attacker, Provider::Okta, "mallory@northwind.example")
            .await;
        let address = format!(
            "{}?code={}&state={}",
            paths::auth_callback(Provider::Okta),
            witness::parameter(&planted, "code"),
            witness::parameter(&back, "state"),
        );
        let reply = victim.get(&address).await;
        let what = "an injected code";
        witness::refused(&desk, &mut victim, reply, Cause::CodeRefused, what, &address).await;
        // Login CSRF: the attacker's whole callback, opened in the victim's browser.
        stray(&desk, &mut victim, &planted, Cause::StateUnknown, "login CSRF").await;
    }

    async fn an_attempt_of_over_ten_minutes_starts_anew_without_asking_okta(desk: Desk) {
        let (_, mut browser, back) = on_the_way(&desk).await;
        let mut second = desk.browser();
        let later = desk.until_callback(&mut second, Provider::Okta, ALAN).await;
        desk.pass(290);
        second.get(&later).await.expect_location("/");
        desk.pass(310);
        desk.okta.forget_requests();
        stray(&desk, &mut browser, &back, Cause::AttemptExpired, "ten minutes old").await;
        stray(&desk, &mut browser, &back, Cause::StateReplayed, "and used up").await;
        let back = desk.until_callback(&mut browser, Provider::Okta, ALAN).await;
        browser.get(&back).await.expect_location("/");
    }

    async fn a_restart_or_another_node_in_the_middle_loses_nothing(desk: Desk) {
        let (_, mut browser, back) = on_the_way(&desk).await;
        let node = desk.another().await;
        let mut there = browser.at(&node);
        there.get(&back).await.expect_location("/");
        assert!(there.is_signed_in().await && there.at(&desk).is_signed_in().await);
        assert!(!browser.is_signed_in().await, "the browser got its session by itself");
        stray(&desk, &mut browser, &back, Cause::StateReplayed, "at the first node").await;
    }

    async fn every_tab_keeps_its_own_attempt(desk: Desk) {
        let (_, mut browser, back) = on_the_way(&desk).await;
        let cookie = browser.cookies.clone();
        let mut tabs = vec![back];
        for _ in 0..12 {
            tabs.push(desk.until_callback(&mut browser, Provider::Okta, ALAN).await);
        }
        assert_eq!(browser.cookies, cookie, "a tab took another's cookie");
        tabs.reverse();
        for back in tabs {
            browser.get(&back).await.expect_location("/");
            assert!(browser.is_signed_in().await);
        }
        assert_eq!(witness::sessions(&desk).await, 2, "the administrator's and the last tab's");
    }
}
