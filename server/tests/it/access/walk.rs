//! The table of routes, walked as everybody.

use api::paths;
use axum::http::Method;
use serde_json::json;
use server::{access::Permission, routes};

use super::{Call, everybody, settled, victim};
use crate::{
    break_glass::on_host,
    desk::{ADMIN, Desk, recent::asks},
    on_both, witness,
};

/// How many codes of a kind there are.
async fn codes(desk: &Desk, kind: &str) -> i64 {
    let sql = match kind {
        "armed" => "select count(*) from break_glass where kind = 'issued'",
        _ => "select count(*) from break_glass where kind = 'recovery'",
    };
    witness::count(desk, sql).await
}

on_both! {
    async fn every_route_answers_everybody_exactly_as_it_declares(desk: Desk) {
        let mut all = everybody(&desk).await;
        for (number, route) in routes::table().iter().enumerate() {
            let id = victim(&mut all.admin, number).await;
            let call = Call::new(route, &id, &format!("new{number}@northwind.example"));
            let name = format!("{} {}", route.method, route.path);
            let (signed_out, forbidden) = match route.permission {
                Permission::Public => (None, None),
                Permission::Member => (Some("signed_out"), None),
                Permission::Admin | Permission::RecentAdmin => {
                    (Some("signed_out"), Some("forbidden"))
                }
            };
            let before = desk.dump().await;
            for (who, browser, refusal) in [
                ("nobody", &mut all.anonymous, signed_out),
                ("a suspended administrator", &mut all.suspended, signed_out),
                ("a member", &mut all.member, forbidden),
            ] {
                let reply = browser.send(call.request()).await;
                if let Some(code) = refusal {
                    let status = if code == "forbidden" { 403 } else { 401 };
                    assert_eq!(reply.status, status, "{name} as {who}: {}", reply.text);
                    assert_eq!(reply.code(), code, "{name} as {who}");
                } else {
                    let status = reply.status.as_u16();
                    assert!(!matches!(status, 401 | 403), "{name} as {who}: {}", reply.text);
                }
            }
            let after = desk.dump().await;
            assert!(before == after, "{name} changed {:?}", after.differs_from(&before));

            let reply = all.admin.send(call.request()).await;
            let reply = settled(&mut all.admin, route, reply).await;
            let status = reply.status.as_u16();
            // 409: done before, or not from this state. 412: the version of the test is a guess.
            let fine = matches!(status, 200 | 201 | 202 | 204)
                || matches!((route.path, status), (paths::SET_UP, 409))
                || matches!((route.path, status), (paths::ENABLE, 409 | 412))
                || matches!((route.path, status), (paths::CONNECTION | paths::DISABLE, 412))
                || matches!((route.path, status), (paths::RETENTION, 412))
                || matches!((route.path, status), (paths::SECRET | paths::NEXT_SECRET, 412))
                || matches!((route.path, status), (paths::WEBHOOK | paths::WEBHOOK_ROTATE, 412))
                // No job and no session has a user's id, and an empty file is no file.
                || matches!(
                    (route.path, status),
                    (
                        paths::BULK_JOB
                            | paths::BULK_APPLY
                            | paths::BULK_UNDO
                            | paths::IMPORT
                            | paths::IMPORT_APPLY
                            | paths::IMPORT_INVALID_ROWS
                            | paths::USER_SESSION,
                        404
                    ) | (paths::IMPORTS, 422)
                )
                // There is no notice with a user's id, and no webhook to test.
                || matches!((route.path, status), (paths::DISMISS, 404) | (paths::WEBHOOK_TEST, 409))
                || matches!((route.path, status), (paths::CONFIRM | paths::REVERT, 409 | 412))
                || matches!((route.path, status), (paths::ENABLE, 409 | 412))
                // No account waits to be confirmed.
                || matches!((route.path, status), (paths::CONFIRM_IDENTITY, 412))
                // Whoever guesses a code is told that it is none.
                || matches!((route.path, status), (paths::TEST_CODE | paths::REAUTHENTICATE, 422));
            assert!(fine, "{name} as an administrator: {status} {}", reply.text);
        }
        // Codes that an administrator keeps can be made here; one is armed on the server's own host alone.
        assert_eq!(codes(&desk, "recovery").await, 10);
        assert_eq!(codes(&desk, "armed").await, 0);
    }

    async fn routes_ask_for_a_recent_sign_in_exactly_as_they_declare(desk: Desk) {
        let mut all = everybody(&desk).await;
        for (number, route) in routes::table().iter().enumerate() {
            let declared = route.permission == Permission::RecentAdmin;
            assert!(!(declared && route.recent_for_some), "{} declares both", route.path);
            // This is about confirming: sessions may as well last forever.
            desk.execute("update sessions set expires_at = 9000000000000, last_seen_at = 9000000000000").await;
            desk.recent(&mut all.admin).await;
            desk.pass(11 * 60);
            let id = victim(&mut all.admin, number).await;
            let call = Call::new(route, &id, &format!("new{number}@northwind.example"));
            let name = format!("{} {}", route.method, route.path);
            let reply = all.admin.send(call.request()).await;
            // The calls of this table make no administrator.
            assert_eq!(asks(&reply), declared, "{name} after 11 minutes: {}", reply.text);
            settled(&mut all.admin, route, reply).await;
            if declared {
                desk.step_up(&mut all.admin).await;
                desk.pass(9 * 60);
                let reply = all.admin.send(call.request()).await;
                assert!(!asks(&reply), "{name} after 9 minutes: {}", reply.text);
            }
        }
    }

    async fn no_address_arms_a_break_glass_code(desk: Desk) {
        let mut all = everybody(&desk).await;
        let id = victim(&mut all.admin, 0).await;
        for path in [
            "/api/break-glass/arm", "/api/break-glass/armed", "/api/break-glass/codes", "/api/break-glass/code",
            "/api/break-glass/new", "/api/break-glass/arm/", "/api/break_glass", "/api/break_glass/arm", "/api/arm",
            "/api/break-glass/{id}", "/api/break-glass/{id}/arm", "/api/users/{id}/break-glass",
            "/api/users/{id}/break-glass/arm", "/api/users/{id}/arm", "/api/users/{id}/codes",
            "/api/security/break-glass", "/api/admin/break-glass", "/auth/break-glass/arm", "/auth/arm",
        ] {
            let mut call = Call::new(&routes::table()[0], &id, "x@northwind.example");
            call.path = path.replace("{id}", &id);
            call.body = json!({ "user": ADMIN, "email": ADMIN, "user_id": id, "kind": "issued", "for": "30m" });
            for browser in [&mut all.anonymous, &mut all.member, &mut all.admin] {
                for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
                    call.method = method.clone();
                    let reply = browser.send(call.request()).await;
                    assert_eq!(reply.status, 404, "{method} {path}: {}", reply.text);
                }
            }
        }
        // What is there of it takes no such words.
        for path in [paths::BREAK_GLASS, paths::RECOVERY_CODES, paths::TEST_CODE] {
            let body = json!({ "kind": "issued", "user_id": id, "user": ADMIN, "code": "x" });
            all.admin.post(path, &body).await;
        }
        assert_eq!(codes(&desk, "armed").await, 0);
        // What the host does is seen by the same count.
        let (status, said) = on_host(&desk, &["break-glass", "issue", "--user", ADMIN]).await;
        assert_eq!(status, 0, "{said}");
        assert_eq!(codes(&desk, "armed").await, 1);
    }

    async fn a_method_that_a_route_does_not_take_is_a_405_that_says_which_it_takes(desk: Desk) {
        let mut all = everybody(&desk).await;
        let id = victim(&mut all.admin, 0).await;
        let table = routes::table();
        let before = desk.dump().await;
        let mut paths: Vec<&str> = table.iter().map(|route| route.path).collect();
        paths.dedup();
        for path in paths {
            let taken: Vec<&Method> =
                table.iter().filter(|it| it.path == path).map(|it| &it.method).collect();
            for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
                let method = Method::from_bytes(method.as_bytes()).expect("a method");
                if taken.contains(&&method) {
                    continue;
                }
                let mut call = Call::new(&table[0], &id, "x@northwind.example");
                call.path = path.replace("{provider}", "okta").replace("{id}", &id);
                call.method = method.clone();
                let reply = all.admin.send(call.request()).await;
                assert_eq!(reply.status, 405, "{method} {path}: {}", reply.text);
                assert_eq!(reply.code(), "method_not_allowed", "{method} {path}");
                let allowed = reply.header("allow");
                for method in &taken {
                    assert!(allowed.contains(method.as_str()), "{path} allows {allowed:?}");
                }
            }
        }
        assert!(before == desk.dump().await);
    }

    async fn a_head_request_answers_as_get_and_opens_nothing_more(desk: Desk) {
        let mut all = everybody(&desk).await;
        let id = victim(&mut all.admin, 0).await;
        for route in routes::table().iter().filter(|it| it.method == Method::GET) {
            for browser in [&mut all.anonymous, &mut all.suspended, &mut all.member, &mut all.admin] {
                let mut call = Call::new(route, &id, "x@northwind.example");
                let get = browser.send(call.request()).await;
                call.method = Method::HEAD;
                let head = browser.send(call.request()).await;
                assert_eq!(get.status, head.status, "{}", route.path);
                let kind = "content-type";
                assert_eq!(get.header(kind), head.header(kind), "{}", route.path);
            }
        }
    }

    async fn no_header_turns_one_method_into_another(desk: Desk) {
        let mut all = everybody(&desk).await;
        let id = victim(&mut all.admin, 0).await;
        let before = desk.dump().await;
        for name in ["x-http-method-override", "x-http-method", "x-method-override"] {
            for browser in [&mut all.anonymous, &mut all.member, &mut all.admin] {
                let mut call = Call::new(&routes::table()[0], &id, "x@northwind.example");
                call.path = paths::user(&id);
                call.method = Method::GET;
                let mut request = call.request();
                request.headers_mut().insert(name, "DELETE".parse().expect("a header"));
                browser.send(request).await;
                call.path = format!("{}?_method=DELETE", paths::user(&id));
                browser.send(call.request()).await;
            }
        }
        assert!(before == desk.dump().await);
    }

    async fn what_is_no_route_of_the_api_is_a_404_for_everybody(desk: Desk) {
        let mut all = everybody(&desk).await;
        for path in [
            "/api/", "/api/nothing", "/api/users/x/y/z", "/api/session/", "/api/connections/okta/delete",
            "/auth/", "/auth/okta", "/auth/okta/nothing", "/auth/verify/nothing",
        ] {
            for browser in [&mut all.anonymous, &mut all.member, &mut all.admin] {
                let reply = browser.get(path).await;
                assert_eq!(reply.status, 404, "{path}");
                if path.starts_with("/api/") {
                    assert_eq!(reply.code(), "not_found");
                    assert_eq!(reply.header("content-type"), "application/problem+json");
                } else {
                    assert!(reply.header("content-type").starts_with("text/html"));
                }
            }
        }
    }
}
