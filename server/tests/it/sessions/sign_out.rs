//! Signing out: here at once and everywhere, then at Okta, and never by another site's doing.

use api::{Provider, paths};
use axum::{
    body::Body,
    http::{Method, Request},
};
use okta_simulator::Fault;
use serde_json::Value;

use super::{ALAN, COOKIE, alan};
use crate::{
    desk::ADMIN,
    on_both,
    witness::{self, parameter, parameters},
};

on_both! {
    async fn signing_out_ends_the_session_on_every_node_before_anybody_goes_to_okta(desk: Desk) {
        let (_, mut browser) = alan(&desk).await;
        let node = desk.another().await;
        let mut copy = browser.clone();
        desk.okta.forget_requests();
        let reply = browser.form(paths::AUTH_SIGN_OUT, &[]).await;
        assert_eq!(reply.status.as_u16(), 303);
        assert!(!browser.cookies.contains_key(COOKIE), "the cookie stays");
        assert_eq!(reply.header("clear-site-data"), "\"cache\"");
        assert_eq!(reply.header("cache-control"), "no-store");
        assert!(!copy.is_signed_in().await);
        assert!(!copy.at(&node).is_signed_in().await);
        assert_eq!(witness::sessions(&desk).await, 1, "the administrator's");
        assert_eq!(witness::audited(&desk, "session.signed_out").await, 1);
        // A way back is never named: it would have to be registered at Okta, and need not be.
        let there = reply.location();
        assert!(there.starts_with(&format!("{}/oauth2/v1/logout?", desk.okta.issuer_org())));
        assert!(parameters(&there, "post_logout_redirect_uri").is_empty(), "{there}");
        assert_eq!(parameter(&there, "id_token_hint").split('.').count(), 3);
        let sent = witness::query_names(&there);
        assert_eq!(sent, ["id_token_hint"]);
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let at_okta = client.get(&there).send().await.expect("Okta answers");
        assert!(at_okta.status().is_redirection(), "Okta refuses: {}", at_okta.status());
    }

    async fn the_console_is_told_where_to_go_on_to(desk: Desk) {
        let (mut admin, mut browser) = alan(&desk).await;
        let reply = browser.post(paths::AUTH_SIGN_OUT, &Value::Null).await.expect_status(200);
        let there = reply.json["location"].as_str().expect("a location").to_owned();
        assert!(there.contains("/logout?id_token_hint="), "{there}");
        // Whoever came by password is nobody to Okta.
        let reply = admin.post(paths::AUTH_SIGN_OUT, &Value::Null).await.expect_status(200);
        assert_eq!(reply.json["location"], paths::SIGNED_OUT);
        // Once more is no error.
        let reply = admin.post(paths::AUTH_SIGN_OUT, &Value::Null).await.expect_status(200);
        assert_eq!(reply.json["location"], paths::SIGNED_OUT);
        let page = admin.get(paths::SIGNED_OUT).await.expect_status(200);
        witness::plain_page(&page, "signed out");
    }

    async fn no_other_site_can_sign_anybody_out(desk: Desk) {
        let (_, mut browser) = alan(&desk).await;
        for (what, method, headers) in [
            ("a link", Method::GET, vec![]),
            ("HEAD", Method::HEAD, vec![]),
            ("no origin", Method::POST, vec![]),
            ("another origin", Method::POST, vec![("origin", "https://evil.test")]),
            ("a null origin", Method::POST, vec![("origin", "null")]),
            ("a longer origin", Method::POST, vec![("origin", "http://localhost:8080.evil.test")]),
            ("another port", Method::POST, vec![("origin", "http://localhost:8081")]),
            ("cross-site", Method::POST, vec![("sec-fetch-site", "cross-site")]),
            ("same-site", Method::POST, vec![("sec-fetch-site", "same-site")]),
            (
                "a lying origin",
                Method::POST,
                vec![("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8080")],
            ),
        ] {
            let mut request = Request::builder().method(method).uri(paths::AUTH_SIGN_OUT);
            for (name, value) in headers {
                request = request.header(name, value);
            }
            let reply = browser.send(request.body(Body::empty()).expect("a request")).await;
            assert!(matches!(reply.status.as_u16(), 403 | 405), "{what}: {}", reply.status);
            assert!(browser.is_signed_in().await, "{what}");
        }
    }

    async fn okta_out_of_reach_keeps_nobody_in(desk: Desk) {
        let (_, mut browser) = alan(&desk).await;
        // A node that was started just now knows nothing of Okta's addresses.
        let node = desk.another().await;
        desk.okta.set_fault(Fault::Down);
        let mut there = browser.at(&node);
        there.form(paths::AUTH_SIGN_OUT, &[]).await.expect_location(paths::SIGNED_OUT);
        assert!(!there.is_signed_in().await);
        assert!(!browser.is_signed_in().await);
        desk.okta.clear_faults();
    }

    async fn a_disabled_okta_is_not_asked_any_more(desk: Desk) {
        let (mut admin, mut browser) = alan(&desk).await;
        let path = paths::connection(Provider::Okta);
        let version = crate::desk::version_of(&mut admin, path).await;
        admin.post_version(&paths::disable(Provider::Okta), version).await.expect_status(200);
        browser.form(paths::AUTH_SIGN_OUT, &[]).await.expect_location(paths::SIGNED_OUT);
        assert!(!browser.is_signed_in().await);
    }

    async fn the_id_token_of_a_session_is_sealed_where_it_is_kept(desk: Desk) {
        let (_, mut browser) = alan(&desk).await;
        let dump = desk.dump().await;
        let there = browser.form(paths::AUTH_SIGN_OUT, &[]).await.location();
        let id_token = parameter(&there, "id_token_hint");
        let parts: Vec<&str> = id_token.split('.').collect();
        for (table, column, bytes) in dump.cells() {
            for part in &parts {
                let clear = bytes.windows(part.len()).any(|window| window == part.as_bytes());
                assert!(!clear, "{table}.{column}");
            }
        }
    }

    async fn after_signing_out_one_can_come_back_as_somebody_else(desk: Desk) {
        let (mut admin, mut browser) = alan(&desk).await;
        let codes = desk.recovery_codes(&mut admin).await;
        browser.form(paths::AUTH_SIGN_OUT, &[]).await.location();
        let fields = [("email", ADMIN), ("code", codes[0].as_str())];
        browser.form(paths::AUTH_BREAK_GLASS, &fields).await.expect_location("/");
        assert_eq!(browser.get(paths::SESSION).await.json["email"], ADMIN);
        browser.form(paths::AUTH_SIGN_OUT, &[]).await.expect_location(paths::SIGNED_OUT);
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
    }
}
