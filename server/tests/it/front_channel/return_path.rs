//! Where a person ends up: on this origin, whatever the address says.

use api::{Provider, paths};

use super::ALAN;
use crate::{
    desk::{ADMIN, PASSWORD},
    on_both, witness,
};

/// Addresses that some browser, proxy or parser takes elsewhere.
const EVIL: [&str; 46] = [
    "//evil.test",
    "///evil.test",
    "////evil.test",
    "/\\evil.test",
    "\\/evil.test",
    "\\\\evil.test",
    "/\\/evil.test",
    "/\t/evil.test",
    "/\n/evil.test",
    "/\r/evil.test",
    "\t//evil.test",
    " //evil.test",
    "/ /evil.test",
    "/\u{a0}/evil.test",
    "/\u{2028}//evil.test",
    "/\u{0}//evil.test",
    "https://evil.test",
    "HTTPS://evil.test",
    "https:evil.test",
    "https:/evil.test",
    "https:///evil.test",
    "http://localhost:8080@evil.test",
    "http://localhost:8080.evil.test",
    "//localhost:8080@evil.test",
    "//evil.test/%2f..",
    "//evil%2etest",
    "/%2f/evil.test",
    "/%2Fevil.test",
    "/%5cevil.test",
    "/%5Cevil.test",
    "/.//evil.test",
    "/..//evil.test",
    "/x/..//evil.test",
    "/./\\evil.test",
    "/%2e%2e//evil.test",
    "//evil.test:80",
    "//[::1]/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "evil.test",
    "@evil.test",
    "?//evil.test",
    "#//evil.test",
    "/\u{ff0f}evil.test",
];

/// Addresses of ours that would lead in a circle, or to what is no page.
const CIRCLES: [&str; 7] = [
    "/auth/okta/start",
    "/auth/okta/callback?code=x&state=y",
    "/AUTH/okta/start",
    "/auth/sign-out",
    "/sign-in?return_to=%2F",
    "/signed-out",
    "/api/session",
];

const FINE: [&str; 5] = [
    "/users",
    "/users?search=a%2Fb",
    "/settings/organization#name",
    "/activity/sign-ins?outcome=failed&cause=state_unknown",
    "/me",
];

fn with(path: &str, return_to: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("return_to", return_to)
        .finish();
    format!("{path}?{query}")
}

on_both! {
    async fn a_sign_in_never_ends_on_another_origin(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", ALAN).await;
        let long = format!("/{}", "a".repeat(2048));
        let evil = EVIL.into_iter().chain(CIRCLES).map(|it| (it, "/"));
        let too_long = [(long.as_str(), paths::LINK_TOO_LONG)];
        for (wanted, end) in evil.chain(FINE.map(|it| (it, it))).chain(too_long) {
            let mut browser = desk.browser();
            let start = with(&paths::auth_start(Provider::Okta), wanted);
            let there = browser.get(&start).await.location();
            assert!(!there.contains("evil"), "{wanted:?}: {there}");
            let back = desk.okta.authorize(&there, ALAN).expect("Okta sends back");
            assert_eq!(browser.get(&back).await.location(), end, "{wanted:?}");
            // The one who is in already is sent on at once, by the same rule.
            let page = browser.get(&with(paths::SIGN_IN, wanted)).await;
            assert_eq!(page.location(), end, "{wanted:?}");
        }
    }

    async fn link_that_is_too_long_says_so_after_the_sign_in(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", ALAN).await;
        let longest = format!("/users?search={}", "a".repeat(2034));
        assert_eq!(longest.len(), 2048);
        for (wanted, end) in [
            (longest.clone(), longest.as_str()),
            (format!("{longest}a"), paths::LINK_TOO_LONG),
            (format!("/users?search={}", "a".repeat(6000)), paths::LINK_TOO_LONG),
            // What leads elsewhere is no link of ours, however long it is.
            (format!("//evil.test/{}", "a".repeat(3000)), "/"),
        ] {
            let mut browser = desk.browser();
            let page = browser.get(&with(paths::SIGN_IN, &wanted)).await.expect_status(200);
            let (_, link) = page.text.split_once("href=\"/auth/okta/start").expect("a link");
            let link = link.split('"').next().expect("its end").replace("&amp;", "&");
            let there = browser.get(&format!("/auth/okta/start{link}")).await.location();
            let back = desk.okta.authorize(&there, ALAN).expect("Okta sends back");
            browser.get(&back).await.expect_location(end);
        }
        let mut member = desk.browser();
        desk.sign_in(&mut member, Provider::Okta, ALAN).await;
        let page = member.get(paths::LINK_TOO_LONG).await.expect_status(200);
        assert!(page.text.contains("more than 2,048 characters"), "{}", page.text);
        assert!(page.text.contains("<a class=\"button\" href=\"/\">"), "{}", page.text);
    }

    async fn neither_page_nor_password_lead_to_another_origin(desk: Desk) {
        desk.administrator().await;
        for wanted in EVIL.into_iter().chain(CIRCLES) {
            let mut browser = desk.browser();
            for path in [paths::SIGN_IN, paths::SIGN_IN_ADMINISTRATOR] {
                let page = browser.get(&with(path, wanted)).await.expect_status(200);
                for line in page.text.split("href=\"").chain(page.text.split("action=\"")) {
                    assert!(!line.starts_with("//") && !line.contains("javascript:"), "{wanted:?}");
                    let target = line.split('"').next().unwrap_or_default();
                    // The page in another language is asked for with the same words, and reads
                    // them by the same rule.
                    let same_page = target.contains("language=");
                    let kept = target.contains("return_to") && !same_page;
                    assert!(!kept, "{wanted:?} was kept: {target}");
                }
            }
            let fields = [("email", ADMIN), ("password", PASSWORD), ("return_to", wanted)];
            browser.form(paths::AUTH_PASSWORD, &fields).await.expect_location("/");
            let fields = [("email", ADMIN), ("password", "wrong"), ("return_to", wanted)];
            let again = browser.form(paths::AUTH_PASSWORD, &fields).await.location();
            assert!(!again.contains("evil"), "{again}");
        }
    }

    async fn a_refusal_keeps_the_way_for_the_next_try(desk: Desk) {
        desk.connected().await;
        desk.person("Zoe", "Unknown", "zoe@northwind.example");
        let mut browser = desk.browser();
        let start = with(&paths::auth_start(Provider::Okta), "/reports?year=2026");
        let there = browser.get(&start).await.location();
        let back = desk.okta.authorize(&there, "zoe@northwind.example").expect("sent back");
        let reply = browser.get(&back).await;
        let row = witness::attempt(&desk, &reply.reference()).await;
        assert_eq!(row.return_to.as_deref(), Some("/reports?year=2026"));
        let page = browser.get(&reply.location()).await;
        assert!(page.text.contains("return_to=%2Freports%3Fyear%3D2026"), "{}", page.text);
    }
}
