//! What fetches a link without being a browser that keeps its cookie starts nothing.

use api::{Provider, paths};
use axum::http::Method;

use super::{ALAN, send};
use crate::{desk::Desk, on_both, witness};

/// How many rows there are in the log of sign-ins.
async fn attempts(desk: &Desk) -> i64 {
    witness::count(desk, "select count(*) from attempts").await
}

on_both! {
    async fn start_writes_no_attempt_until_the_cookie_comes_back(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", ALAN).await;
        let before = attempts(&desk).await;
        let start = format!("{}?return_to=%2Fusers%3Fa%3Db", paths::auth_start(Provider::Okta));
        let mut browser = desk.browser();
        let first = send(&mut browser, Method::GET, &start, &[]).await;
        assert_eq!(first.status.as_u16(), 303);
        assert_eq!(first.location(), format!("{start}&cookie=sent"));
        assert!(first.header("set-cookie").starts_with("__Host-sso_browser="));
        assert_eq!(attempts(&desk).await, before, "a preview left an attempt");
        let there = send(&mut browser, Method::GET, &first.location(), &[]).await.location();
        assert!(there.starts_with(&desk.okta.issuer_org()), "{there}");
        assert_eq!(attempts(&desk).await, before + 1);
        // The marker went no further, and the person gets where they wanted.
        let back = desk.okta.authorize(&there, ALAN).expect("a way back");
        browser.get(&back).await.expect_location("/users?a=b");
    }

    async fn browser_without_cookies_gets_a_page_that_says_so(desk: Desk) {
        desk.connected().await;
        let before = attempts(&desk).await;
        let start = format!("{}?return_to=%2Fusers&cookie=sent", paths::auth_start(Provider::Okta));
        for cookie in ["", "__Host-sso_browser=short", "__Host-sso_browser=a; __Host-sso_browser=a"] {
            let headers = [("cookie", cookie)];
            let reply = send(&mut desk.browser(), Method::GET, &start, &headers).await;
            assert_eq!(reply.status.as_u16(), 400, "{cookie}");
            assert!(reply.text.contains("Cookies are blocked"), "{}", reply.text);
            assert!(reply.text.contains("href=\"/sign-in?return_to=%2Fusers\""), "{}", reply.text);
        }
        let french = format!("{start}&language=fr");
        let reply = send(&mut desk.browser(), Method::GET, &french, &[]).await;
        assert!(reply.text.contains("Les cookies sont bloqués"), "{}", reply.text);
        assert_eq!(attempts(&desk).await, before);
    }

    async fn prefetch_of_the_start_starts_nothing(desk: Desk) {
        desk.connected().await;
        let before = attempts(&desk).await;
        let start = paths::auth_start(Provider::Okta);
        let mut browser = desk.browser();
        browser.get(&start).await.location();
        for header in [("sec-purpose", "prefetch"), ("sec-purpose", "prefetch;prerender"), ("purpose", "prefetch")] {
            let reply = send(&mut browser, Method::GET, &start, &[header]).await;
            assert_eq!(reply.status.as_u16(), 204, "{header:?}");
        }
        assert_eq!(attempts(&desk).await, before + 1);
    }

    async fn preview_of_a_connection_that_is_off_leaves_no_attempt(desk: Desk) {
        desk.administrator().await;
        let before = attempts(&desk).await;
        for provider in Provider::ALL {
            let start = paths::auth_start(provider);
            send(&mut desk.browser(), Method::GET, &start, &[]).await.location();
        }
        assert_eq!(attempts(&desk).await, before);
    }
}
