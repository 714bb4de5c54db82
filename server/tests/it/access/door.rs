//! The door's own routes: each decides by itself, so each is walked by hand.

use api::{Provider, paths};
use axum::{
    body::Body,
    http::{Method, Request},
};

use super::everybody;
use crate::{
    desk::{PUBLIC_URL, Reply},
    on_both,
};

/// Every path of the contract that is no route of the table, with the methods that it takes.
const DOOR: [(&str, &[&str]); 15] = [
    (paths::AUTH_START, &["GET"]),
    (paths::AUTH_CALLBACK, &["GET"]),
    (paths::AUTH_PASSWORD, &["POST"]),
    (paths::AUTH_INITIATE, &["GET", "HEAD"]),
    (paths::AUTH_BREAK_GLASS, &["POST"]),
    (paths::AUTH_SIGN_OUT, &["POST"]),
    (paths::SIGN_IN, &["GET", "HEAD"]),
    (paths::SIGN_IN_ADMINISTRATOR, &["GET", "HEAD"]),
    (paths::REAUTHENTICATED, &["GET", "HEAD"]),
    (paths::SIGNED_OUT, &["GET", "HEAD"]),
    (paths::LINK_TOO_LONG, &["GET", "HEAD"]),
    (paths::REFUSED, &["GET", "HEAD"]),
    (paths::ME, &["GET", "HEAD"]),
    (paths::DOOR_STYLE, &["GET", "HEAD"]),
    (paths::LOCALE, &["GET", "HEAD"]),
];

fn path(pattern: &str) -> String {
    pattern
        .replace("{provider}", "okta")
        .replace("{language}", "en")
}

/// `200`, or where it leads.
fn outcome(reply: &Reply) -> String {
    if reply.status.is_redirection() {
        let to = reply.location();
        let to = to.split(['?', '#']).next().unwrap_or_default();
        match to.strip_prefix("http://127.0.0.1:") {
            Some(_) => "to Okta".to_owned(),
            None => format!("to {to}"),
        }
    } else {
        reply.status.as_u16().to_string()
    }
}

#[test]
fn no_path_of_the_contract_is_forgotten() {
    let source = include_str!("../../../../api/src/paths.rs");
    let mut walked: Vec<&str> = DOOR.iter().map(|(path, _)| *path).collect();
    let table = server::routes::table();
    walked.extend(table.iter().map(|route| route.path));
    let mut found = 0;
    for line in source.lines().filter(|line| line.starts_with("pub const ")) {
        let value = line.split('"').nth(1).expect("a constant is a text");
        // The icon is one of the console's files, which the door names.
        if value.starts_with('/') && value != paths::ICON {
            found += 1;
            assert!(walked.contains(&value), "nobody walks {value}");
        }
    }
    assert!(found > 20, "only {found} paths were found");
}

on_both! {
    async fn the_door_opens_to_everybody_as_it_should(desk: Desk) {
        let mut all = everybody(&desk).await;
        for (pattern, nobody, member, admin) in [
            (paths::SIGN_IN, "200", "to /", "to /"),
            (paths::SIGN_IN_ADMINISTRATOR, "200", "200", "200"),
            (paths::REAUTHENTICATED, "200", "200", "200"),
            (paths::SIGNED_OUT, "200", "200", "200"),
            (paths::REFUSED, "to /sign-in", "to /sign-in", "to /sign-in"),
            (paths::ME, "to /sign-in", "200", "200"),
            (paths::DOOR_STYLE, "200", "200", "200"),
            (paths::LOCALE, "200", "200", "200"),
            (paths::AUTH_START, "to Okta", "to Okta", "to Okta"),
            (paths::AUTH_INITIATE, "to /auth/okta/start", "to /auth/okta/start", "to /auth/okta/start"),
            (paths::LINK_TOO_LONG, "200", "200", "200"),
            (paths::AUTH_CALLBACK, "to /sign-in/refused", "to /sign-in/refused", "to /sign-in/refused"),
        ] {
            for (browser, expected) in [
                (&mut all.anonymous, nobody),
                (&mut all.suspended, nobody),
                (&mut all.member, member),
                (&mut all.admin, admin),
            ] {
                let reply = browser.get(&path(pattern)).await;
                assert_eq!(outcome(&reply), expected, "{pattern}");
            }
        }
        assert!(all.member.is_signed_in().await && all.admin.is_signed_in().await);
    }

    async fn another_method_is_a_405_page_and_consumes_nothing(desk: Desk) {
        let mut all = everybody(&desk).await;
        let back = desk
            .until_callback(&mut all.member, Provider::Okta, "grace@northwind.example")
            .await;
        let before = desk.dump().await;
        for (pattern, taken) in DOOR {
            let mut path = path(pattern);
            if pattern == paths::AUTH_CALLBACK {
                back.strip_prefix(PUBLIC_URL).expect("ours").clone_into(&mut path);
            }
            for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
                if taken.contains(&method) {
                    continue;
                }
                let request = Request::builder()
                    .method(Method::from_bytes(method.as_bytes()).expect("a method"))
                    .uri(&path)
                    .header("origin", PUBLIC_URL)
                    .header("sec-fetch-site", "same-origin")
                    .header(paths::CSRF_HEADER, "1");
                let request = request.body(Body::empty()).expect("a request");
                let reply = all.member.send(request).await;
                assert_eq!(reply.status, 405, "{method} {pattern}: {}", reply.text);
                let kind = reply.header("content-type");
                assert!(kind.starts_with("text/html"), "{method} {pattern}: {kind}");
                assert!(reply.header("allow").contains(taken[0]), "{method} {pattern}");
            }
        }
        assert!(before == desk.dump().await);
        all.member.get(&back).await.expect_location("/");
    }

    async fn only_a_page_of_ours_signs_anybody_out(desk: Desk) {
        let mut all = everybody(&desk).await;
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", PUBLIC_URL), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "none")],
            &[],
        ] {
            let mut request = Request::post(paths::AUTH_SIGN_OUT);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(Body::empty()).expect("a request");
            all.member.send(request).await.expect_status(403);
            assert!(all.member.is_signed_in().await, "{headers:?}");
        }
        let mut nobody = desk.browser();
        nobody.form(paths::AUTH_SIGN_OUT, &[]).await.expect_location(paths::SIGNED_OUT);
        let old = all.member.clone();
        let before = desk.audit().await.len();
        all.member.form(paths::AUTH_SIGN_OUT, &[]).await.location();
        assert_eq!(desk.acts_since(before).await, ["session.signed_out"]);
        // The cookie is worth nothing, also where somebody kept it.
        let mut old = old;
        assert!(!old.is_signed_in().await);
    }

    async fn a_sign_in_starts_by_a_persons_own_navigation(desk: Desk) {
        let mut all = everybody(&desk).await;
        let before = desk.dump().await;
        for dest in ["image", "iframe", "empty", "script", "frame", "object"] {
            let request = Request::get(paths::auth_start(Provider::Okta)).header("sec-fetch-dest", dest);
            let request = request.body(Body::empty()).expect("a request");
            all.anonymous.send(request).await.expect_status(400);
        }
        assert!(before == desk.dump().await);
        let request = Request::get(paths::auth_start(Provider::Okta))
            .header("sec-fetch-dest", "document")
            .header("sec-fetch-site", "cross-site");
        let request = request.body(Body::empty()).expect("a request");
        all.anonymous.send(request).await.location();
    }
}
