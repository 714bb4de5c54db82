//! Who can begin: a person who goes there. Not a page elsewhere, nor a cookie that was planted.

use api::{Provider, paths};
use axum::http::Method;

use super::{ALAN, on_the_way, send, stray};
use crate::{on_both, witness};

on_both! {
    async fn only_a_persons_own_navigation_starts_a_sign_in(desk: Desk) {
        desk.connected().await;
        let start = paths::auth_start(Provider::Okta);
        let attempts = witness::count(&desk, "select count(*) from attempts").await;
        let mut browser = desk.browser();
        for dest in ["image", "iframe", "frame", "empty", "script", "style", "object", "embed"] {
            let reply = send(&mut browser, Method::GET, &start, &[("sec-fetch-dest", dest)]).await;
            assert_eq!(reply.status.as_u16(), 400, "{dest}");
        }
        for method in [Method::HEAD, Method::POST, Method::PUT, Method::OPTIONS, Method::DELETE] {
            let reply = send(&mut browser, method.clone(), &start, &[]).await;
            assert_eq!(reply.status.as_u16(), 405, "{method}");
        }
        assert_eq!(witness::count(&desk, "select count(*) from attempts").await, attempts);
        assert!(browser.cookies.is_empty());
        // Looking at pages asks nothing of the provider, and starts nothing.
        desk.okta.forget_requests();
        for path in [paths::SIGN_IN, paths::SIGN_IN_ADMINISTRATOR, paths::SIGNED_OUT, "/"] {
            browser.get(path).await;
        }
        assert_eq!(desk.okta.requests().len(), 0);
        let headers = [("sec-fetch-dest", "document"), ("sec-fetch-mode", "navigate")];
        send(&mut browser, Method::GET, &start, &headers).await.location();
        // With the cookie that it was given.
        send(&mut browser, Method::GET, &start, &headers).await.location();
        assert_eq!(witness::count(&desk, "select count(*) from attempts").await, attempts + 1);
    }

    async fn the_browsers_cookie_is_a_host_cookie_that_no_script_reads(desk: Desk) {
        desk.connected().await;
        let mut browser = desk.browser();
        let reply = send(&mut browser, Method::GET, &paths::auth_start(Provider::Okta), &[]).await;
        let cookie = reply.header("set-cookie");
        let (pair, attributes) = cookie.split_once("; ").expect("attributes");
        assert!(pair.starts_with("__Host-sso_browser="), "{cookie}");
        assert_eq!(pair.split('=').nth(1).map(str::len), Some(43));
        assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax");
        assert!(cookie.len() < 4096);
        let again = browser.get(&paths::auth_start(Provider::Okta)).await;
        assert_eq!(again.header("set-cookie"), "", "one cookie is enough for every tab");
    }

    async fn a_planted_or_broken_cookie_is_none(desk: Desk) {
        let (_, browser, back) = on_the_way(&desk).await;
        let own = browser.cookies["__Host-sso_browser"].clone();
        for (what, cookie) in [
            ("forged", "__Host-sso_browser=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned()),
            ("truncated", format!("__Host-sso_browser={}", &own[..42])),
            ("empty", "__Host-sso_browser=".to_owned()),
            ("twice", format!("__Host-sso_browser={own}; __Host-sso_browser={own}")),
            ("one more", format!("__Host-sso_browser={own}; __Host-sso_browser=planted")),
            ("100 KB", format!("__Host-sso_browser={}", "A".repeat(100_000))),
            ("quoted", format!("__Host-sso_browser=\"{own}\"")),
            ("another case", format!("__host-sso_browser={own}")),
            ("without its prefix", format!("sso_browser={own}")),
            ("a version", format!("$Version=1; $__Host-sso_browser={own}")),
        ] {
            let mut victim = desk.browser();
            let reply = send(&mut victim, Method::GET, &back, &[("cookie", &cookie)]).await;
            let cause = api::Cause::StateUnknown;
            witness::refused(&desk, &mut victim, reply, cause, what, &back).await;
        }
        assert_eq!(desk.okta.count_requests("/v1/token"), 0);
        let mut browser = browser;
        browser.get(&back).await.expect_location("/");
        stray(&desk, &mut desk.browser(), &back, api::Cause::StateUnknown, "afterwards").await;
    }

    async fn a_provider_that_is_not_connected_starts_nothing(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut browser = desk.browser();
        for provider in Provider::ALL {
            let start = paths::auth_start(provider);
            let reply = browser.get(&start).await;
            let (cause, what) = (api::Cause::ConnectionOff, provider.code());
            witness::refused(&desk, &mut browser, reply, cause, what, &start).await;
            assert_eq!(desk.latest(&mut admin).await["provider"], provider.code());
        }
        desk.person("Alan", "Turing", ALAN);
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        let start = paths::auth_start(Provider::Okta);
        let reply = browser.get(&start).await;
        let cause = api::Cause::ConnectionOff;
        witness::refused(&desk, &mut browser, reply, cause, "only a draft", &start).await;
    }
}
