//! What the browser is sent to the provider with: everything that binds the answer to the attempt,
//! made anew each time, and nothing that a request could slip in.

use std::collections::BTreeSet;

use api::{Provider, paths};
use axum::http::Method;

use super::{ALAN, send};
use crate::{
    desk::callback_url,
    on_both,
    witness::{self, parameter, parameters},
};

on_both! {
    async fn every_start_sends_a_whole_request_with_its_own_bindings(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", ALAN).await;
        let mut seen = BTreeSet::new();
        let mut browser = desk.browser();
        for _ in 0..20 {
            let there = browser.get(&paths::auth_start(Provider::Okta)).await.location();
            for (name, value) in [
                ("response_type", "code"),
                ("response_mode", "query"),
                ("scope", "openid profile email"),
                ("code_challenge_method", "S256"),
                ("redirect_uri", callback_url(Provider::Okta).as_str()),
                ("client_id", desk.okta.apps()[0].id.as_str()),
            ] {
                assert_eq!(parameter(&there, name), value, "{name}");
            }
            for name in ["state", "nonce", "code_challenge"] {
                let value = parameter(&there, name);
                assert_eq!(value.len(), 43, "{name}");
                assert!(seen.insert(value), "{name} was there before");
            }
            for name in ["code_verifier", "client_secret", "login_hint", "prompt"] {
                assert!(parameters(&there, name).is_empty(), "{name}");
            }
        }
        let verifiers = witness::count(
            &desk,
            "select count(distinct verifier) from attempts
             where length(verifier) = 43 and outcome = 'started'",
        );
        assert_eq!(verifiers.await, 20);
        // What is stored of a state is its hash, and of the browser's cookie too.
        let hashes = witness::count(
            &desk,
            "select count(*) from attempts
             where length(state_hash) = 32 and length(browser_hash) = 32 and outcome = 'started'",
        );
        assert_eq!(hashes.await, 20);
    }

    async fn no_request_decides_where_the_code_goes(desk: Desk) {
        desk.connected().await;
        let own = callback_url(Provider::Okta);
        let mut browser = desk.browser();
        browser.get(&paths::auth_start(Provider::Okta)).await;
        for (name, value) in [
            ("host", "evil.test"),
            ("x-forwarded-host", "evil.test"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-prefix", "/evil"),
            ("forwarded", "host=evil.test;proto=https"),
            ("x-original-url", "/evil"),
        ] {
            let start = paths::auth_start(Provider::Okta);
            let there = send(&mut browser, Method::GET, &start, &[(name, value)]).await.location();
            assert_eq!(parameter(&there, "redirect_uri"), own, "{name}");
            assert!(there.starts_with(&desk.okta.issuer_org()), "{name}: {there}");
            let page = send(&mut browser, Method::GET, paths::SIGN_IN, &[(name, value)]).await;
            assert!(!page.text.contains("evil"), "{name}");
        }
        for query in [
            "redirect_uri=https://evil.test/",
            "client_id=evil",
            "state=evil",
            "nonce=evil",
            "response_mode=form_post",
            "scope=openid+groups",
            "issuer=https://evil.test",
            "prompt=none",
            "login_hint=evil+two+words@northwind.example",
        ] {
            let start = format!("{}?{query}", paths::auth_start(Provider::Okta));
            let there = browser.get(&start).await.location();
            assert!(!there.contains("evil") && !there.contains("groups"), "{query}: {there}");
            assert!(!there.contains("login_hint") && !there.contains("prompt"), "{query}: {there}");
            assert_eq!(parameter(&there, "response_mode"), "query");
        }
        let start = format!("{}?prompt=login", paths::auth_start(Provider::Okta));
        let there = browser.get(&start).await.location();
        assert_eq!(parameter(&there, "prompt"), "login");
    }

    async fn two_hosts_in_one_request_are_refused(desk: Desk) {
        desk.connected().await;
        let mut browser = desk.browser();
        let start = paths::auth_start(Provider::Okta);
        let hosts = [("host", "localhost:8080"), ("host", "evil.test")];
        let reply = send(&mut browser, Method::GET, &start, &hosts).await;
        assert_eq!(reply.status.as_u16(), 400);
    }
}
