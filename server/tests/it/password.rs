//! The way back in: an administrator's password, the same answer to every wrong try, and a limit.

use api::{Provider, paths};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};

use crate::{
    desk::{ADMIN, Browser, PASSWORD, PUBLIC_URL, Reply, detail, version_of},
    on_both,
};

async fn try_in(browser: &mut Browser, email: &str, password: &str) -> Reply {
    browser
        .form(
            paths::AUTH_PASSWORD,
            &[("email", email), ("password", password)],
        )
        .await
}

/// What a stranger can see of an answer, but for the id of the request.
fn seen(reply: &Reply) -> (u16, String, Vec<(String, String)>) {
    let headers = reply
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id")
        .map(|(name, value)| (name.to_string(), format!("{value:?}")))
        .collect();
    (reply.status.as_u16(), reply.text.clone(), headers)
}

on_both! {
    async fn the_right_password_opens_and_the_audit_log_says_who(desk: Desk) {
        desk.administrator().await;
        let before = desk.audit().await.len();
        let mut browser = desk.browser();
        let reply = browser
            .form(
                paths::AUTH_PASSWORD,
                &[("email", " ADA@northwind.example "), ("password", PASSWORD), ("return_to", "/users?search=a")],
            )
            .await;
        reply.expect_location("/users?search=a");
        let cookie = reply.header("set-cookie");
        for part in ["__Host-sso_session=", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(cookie.contains(part), "{cookie} lacks {part}");
        }
        assert!(!cookie.contains("Domain") && !cookie.contains("Max-Age"), "{cookie}");
        assert!(browser.is_signed_in().await);
        let rows = desk.audit().await;
        assert_eq!(rows.len(), before + 1);
        assert_eq!(rows[before]["event"], "password.accepted");
        assert_eq!(rows[before]["actor_name"], "Ada Lovelace");
    }

    async fn every_wrong_try_looks_the_same_and_is_in_the_audit_log(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        // A member whose hash was left over from better days has no way in either.
        let tony = desk.member(&mut admin, "Tony", "tony@northwind.example").await;
        let barred = admin
            .post(paths::USERS, &json!({
                "name": "Barred", "email": "barred@northwind.example", "role": "admin",
            }))
            .await
            .expect_status(201)
            .json;
        desk.execute(
            "update users
             set password_hash = (select password_hash from users where email = 'ada@northwind.example')
             where email in ('tony@northwind.example', 'barred@northwind.example')",
        ).await;
        let id = barred["id"].as_str().expect("an id");
        admin.post(&paths::suspend(id), &Value::Null).await.expect_status(200);
        assert_eq!(tony["role"], "member");
        let before = desk.audit().await.len();
        let mut answers = Vec::new();
        let mut tries: u64 = 0;
        for (email, password) in [
            (ADMIN, "a wrong password"),
            (ADMIN, ""),
            (ADMIN, "a password of a test "),
            (ADMIN, "A PASSWORD OF A TEST"),
            ("nobody@northwind.example", PASSWORD),
            ("grace@northwind.example", PASSWORD),
            ("tony@northwind.example", PASSWORD),
            ("barred@northwind.example", PASSWORD),
            ("no e-mail", PASSWORD),
            ("", PASSWORD),
            ("' or '1'='1", PASSWORD),
            ("ada@northwind.example\u{0}", PASSWORD),
            ("\u{430}da@northwind.example", PASSWORD),
        ] {
            let mut browser = desk.browser();
            answers.push(seen(&try_in(&mut browser, email, password).await));
            assert!(!browser.is_signed_in().await, "{email} entered");
            tries += 1;
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:#?}");
        let (status, _, headers) = &answers[0];
        assert_eq!(*status, 303);
        assert!(headers.iter().any(|(name, value)| {
            name == "location" && value.contains("/sign-in/administrator?notice=refused")
        }));
        // One row at once, and those that followed within the minute in a second one.
        desk.pass(60);
        server::tidy_once(&desk.app).await.expect("maintenance");
        let rows = desk.audit().await.split_off(before);
        let refused = rows.iter().filter(|row| row["event"] == "password.refused");
        let counts: Vec<u64> = refused.map(|row| detail(row)["count"].as_u64().unwrap_or(1)).collect();
        assert_eq!(counts, [1, tries - 1]);
    }

    async fn a_suspended_administrator_is_out_and_a_reinstated_one_may_enter_again(desk: Desk) {
        let mut admin = desk.administrator().await;
        let form = json!({ "name": "Grace", "email": "grace@northwind.example", "role": "admin" });
        let grace = admin.post(paths::USERS, &form).await.expect_status(201).json;
        desk.execute(
            "update users
             set password_hash = (select password_hash from users where email = 'ada@northwind.example')
             where email = 'grace@northwind.example'",
        ).await;
        let id = grace["id"].as_str().expect("an id");
        let mut browser = desk.browser();
        try_in(&mut browser, "grace@northwind.example", PASSWORD).await.expect_location("/");
        admin.post(&paths::suspend(id), &Value::Null).await.expect_status(200);
        assert!(!browser.is_signed_in().await);
        try_in(&mut browser, "grace@northwind.example", PASSWORD).await.location();
        assert!(!browser.is_signed_in().await);
        admin.post(&paths::reinstate(id), &Value::Null).await.expect_status(200);
        try_in(&mut browser, "grace@northwind.example", PASSWORD).await.expect_location("/");
        assert!(browser.is_signed_in().await);
    }

    async fn after_too_many_tries_even_the_right_password_waits(desk: Desk) {
        desk.administrator().await;
        let limited = desk.another_with(|settings| settings.requests_a_minute = Some(3)).await;
        let mut browser = limited.browser();
        for _ in 0..3 {
            let location = try_in(&mut browser, ADMIN, "a wrong password").await.location();
            assert!(location.contains("notice=refused"), "{location}");
        }
        let before = desk.audit().await.len();
        let location = try_in(&mut browser, ADMIN, PASSWORD).await.location();
        assert!(location.contains("notice=too_many"), "{location}");
        assert!(!browser.is_signed_in().await);
        // Whoever floods does not fill the audit log.
        assert_eq!(desk.acts_since(before).await, [""; 0]);
        let page = browser.get(&location).await.expect_status(200);
        let words = locales::text(locales::Language::English, locales::keys::DOOR_NOTICE_TOO_MANY);
        assert!(page.text.contains(words), "{}", page.text);
    }

    async fn the_form_cannot_be_sent_by_another_site(desk: Desk) {
        desk.administrator().await;
        let body = format!("email={ADMIN}&password={}", PASSWORD.replace(' ', "+"));
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null")],
            &[("origin", PUBLIC_URL), ("sec-fetch-site", "cross-site")],
            &[("origin", PUBLIC_URL), ("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[],
        ] {
            let mut request = Request::post(paths::AUTH_PASSWORD)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let request = request.body(Body::from(body.clone())).expect("a request");
            let mut browser = desk.browser();
            let reply = browser.send(request).await.expect_status(403);
            assert!(reply.header("content-type").starts_with("text/html"));
            assert!(!browser.is_signed_in().await, "{headers:?}");
        }
    }

    async fn a_form_that_is_none_is_a_plain_page_and_no_fault_of_ours(desk: Desk) {
        desk.administrator().await;
        let long = "p".repeat(1025);
        for fields in [
            &[][..],
            &[("email", ADMIN)],
            &[("password", PASSWORD)],
            &[("email", ADMIN), ("password", PASSWORD), ("admin", "1")],
            &[("email", ADMIN), ("password", &long)],
        ] {
            let mut browser = desk.browser();
            let reply = browser.form(paths::AUTH_PASSWORD, fields).await.expect_status(400);
            assert!(reply.header("content-type").starts_with("text/html"));
            assert!(!browser.is_signed_in().await);
        }
        let mut browser = desk.browser();
        let huge = "p".repeat(70_000);
        let fields = [("email", ADMIN), ("password", huge.as_str())];
        browser.form(paths::AUTH_PASSWORD, &fields).await.expect_status(413);
    }

    async fn passwords_are_off_while_okta_is_on_and_back_when_it_is_off(desk: Desk) {
        let mut admin = desk.connected().await;
        let mut ada = desk.browser();
        let refused = try_in(&mut ada, ADMIN, PASSWORD).await.location();
        assert!(refused.contains("notice=refused"), "{refused}");
        assert!(!ada.is_signed_in().await);
        let page = ada.get(&refused).await.expect_status(200);
        assert!(page.text.contains(paths::AUTH_BREAK_GLASS) && !page.text.contains(paths::AUTH_PASSWORD));
        let version = version_of(&mut admin, paths::connection(Provider::Okta)).await;
        admin.post_version(&paths::disable(Provider::Okta), version).await.expect_status(200);
        try_in(&mut ada, ADMIN, PASSWORD).await.expect_location("/");
        assert!(ada.is_signed_in().await);
    }
}
