//! Editing a user: on the version that one saw, and with what another Okta login means.

use api::{Provider, paths};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;

use super::{expect_nothing_changed, form, id_of, made, shown, version_of};
use crate::{
    desk::{PUBLIC_URL, detail},
    on_both,
};

on_both! {
    async fn an_edit_replaces_the_fields_and_the_audit_log_has_before_and_after(desk: Desk) {
        let mut admin = desk.administrator().await;
        let user = made(&mut admin, &form("Grace", "grace@northwind.example")).await;
        let before = desk.audit().await.len();
        let edited = admin
            .put(&paths::user(&id_of(&user)), 1, &json!({
                "name": "Grace Hopper", "email": "hopper@northwind.example",
                "okta_login": "ghopper", "role": "admin",
            }))
            .await
            .expect_status(200)
            .json;
        assert_eq!(edited["name"], "Grace Hopper");
        assert_eq!(edited["email"], "hopper@northwind.example");
        assert_eq!(edited["okta_login"], "ghopper");
        assert_eq!(edited["role"], "admin");
        assert_eq!(edited["version"], 2);
        assert_eq!(shown(&mut admin, &id_of(&user)).await, edited);

        let rows = desk.audit().await;
        assert_eq!(rows.len(), before + 1);
        let row = rows.last().expect("a row");
        assert_eq!(row["event"], "user.changed");
        assert_eq!(detail(row)["before"]["email"], "grace@northwind.example");
        assert_eq!(detail(row)["after"]["email"], "hopper@northwind.example");
    }

    async fn the_second_of_two_administrators_is_told_and_nothing_is_lost(desk: Desk) {
        let mut admin = desk.administrator().await;
        let user = made(&mut admin, &form("Grace", "grace@northwind.example")).await;
        let path = paths::user(&id_of(&user));
        admin.put(&path, 1, &form("First", "grace@northwind.example")).await.expect_status(200);
        for stale in [1, 0, -1, 3, i64::MAX] {
            let reply = expect_nothing_changed(&desk, async || {
                admin.put(&path, stale, &form("Second", "grace@northwind.example")).await
            }).await;
            let reply = reply.expect_status(412);
            assert_eq!(reply.code(), "changed");
        }
        let now = shown(&mut admin, &id_of(&user)).await;
        assert_eq!(now["name"], "First");
        admin
            .put(&path, version_of(&now), &form("Second", "grace@northwind.example"))
            .await
            .expect_status(200);
    }

    async fn of_many_edits_at_once_on_one_version_one_is_kept(desk: Desk) {
        let mut admin = desk.administrator().await;
        let node = desk.another().await;
        let user = made(&mut admin, &form("Grace", "grace@northwind.example")).await;
        let path = paths::user(&id_of(&user));
        let before = desk.audit().await.len();
        let mut tasks = tokio::task::JoinSet::new();
        for at in 0..8 {
            let mut browser = if at % 2 == 0 { admin.clone() } else { admin.at(&node) };
            let path = path.clone();
            tasks.spawn(async move {
                let form = form(&format!("Grace {at}"), "grace@northwind.example");
                browser.put(&path, 1, &form).await
            });
        }
        let replies = tasks.join_all().await;
        let kept: Vec<_> = replies.iter().filter(|it| it.status == 200).collect();
        assert_eq!(kept.len(), 1);
        assert!(replies.iter().all(|it| it.status == 200 || it.status == 412));
        assert_eq!(shown(&mut admin, &id_of(&user)).await, kept[0].json);
        assert_eq!(desk.acts_since(before).await, ["user.changed"]);
    }

    async fn an_edit_without_a_version_or_with_no_version_at_all_is_refused(desk: Desk) {
        let mut admin = desk.administrator().await;
        let user = made(&mut admin, &form("Grace", "grace@northwind.example")).await;
        for (version, status, code) in [
            (None, 428, "version_required"),
            (Some("*"), 400, "bad_request"),
            (Some("\"one\""), 400, "bad_request"),
            (Some(""), 400, "bad_request"),
            (Some("99999999999999999999"), 400, "bad_request"),
            (Some("W/\"1\""), 400, "bad_request"),
        ] {
            let mut request = Request::put(paths::user(&id_of(&user)))
                .header(header::ORIGIN, PUBLIC_URL)
                .header(paths::CSRF_HEADER, "1")
                .header(header::CONTENT_TYPE, "application/json");
            if let Some(version) = version {
                request = request.header(header::IF_MATCH, version);
            }
            let body = form("Other", "grace@northwind.example").to_string();
            let request = request.body(Body::from(body)).expect("a request");
            let reply =
                expect_nothing_changed(&desk, async || admin.send(request).await).await;
            let reply = reply.expect_status(status);
            assert_eq!(reply.code(), code, "{version:?}");
        }
    }

    async fn an_edit_is_refused_for_what_somebody_else_has(desk: Desk) {
        let mut admin = desk.administrator().await;
        made(&mut admin, &json!({
            "name": "Grace", "email": "grace@northwind.example", "okta_login": "ghopper",
            "role": "member",
        })).await;
        let user = made(&mut admin, &form("Tony", "tony@northwind.example")).await;
        for (email, login, fault) in [
            ("grace@northwind.example", "tony@northwind.example", "email: taken"),
            ("tony@northwind.example", "ghopper", "okta_login: taken"),
            ("tony@northwind.example", "grace@northwind.example", "okta_login: taken_by_email"),
        ] {
            let reply = expect_nothing_changed(&desk, async || {
                admin.put(&paths::user(&id_of(&user)), 1, &json!({
                    "name": "Tony", "email": email, "okta_login": login, "role": "member",
                })).await
            }).await;
            let reply = reply.expect_status(422);
            assert_eq!(reply.faults(), [fault]);
        }
        // One's own e-mail as one's own login is the usual case.
        admin
            .put(&paths::user(&id_of(&user)), 1, &form("Tony", "tony@northwind.example"))
            .await
            .expect_status(200);
    }

    async fn an_email_that_is_another_users_login_is_refused(desk: Desk) {
        let mut admin = desk.administrator().await;
        made(&mut admin, &json!({
            "name": "Grace", "email": "grace@northwind.example",
            "okta_login": "hopper@northwind.example", "role": "member",
        })).await;
        // Made the other way round the same two users would be refused.
        let reply = expect_nothing_changed(&desk, async || {
            admin.post(paths::USERS, &json!({
                "name": "Hopper", "email": "hopper@northwind.example", "role": "member",
            })).await
        }).await;
        let reply = reply.expect_status(422);
        assert_eq!(reply.faults(), ["email: taken"]);
    }

    async fn another_okta_login_ends_the_bond_and_its_sessions(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let id = id_of(&user);
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        assert!(grace.is_signed_in().await);
        let now = shown(&mut admin, &id).await;
        assert_eq!(now["status"], "active");
        let before = desk.audit().await.len();

        // A new name alone leaves the bond.
        let renamed = admin
            .put(&paths::user(&id), version_of(&now), &form("Grace Hopper", "grace@northwind.example"))
            .await
            .expect_status(200)
            .json;
        assert_eq!(renamed["status"], "active");
        assert!(grace.is_signed_in().await);

        let mut other = form("Grace Hopper", "grace@northwind.example");
        other["okta_login"] = json!("ghopper");
        let moved = admin
            .put(&paths::user(&id), version_of(&renamed), &other)
            .await
            .expect_status(200)
            .json;
        assert_eq!(moved["status"], "inactive");
        assert!(!grace.is_signed_in().await);
        let detail = admin.get(&paths::user(&id)).await.json;
        assert_eq!(detail["identities"], json!([]));
        // The rows of one transaction have one time and no order.
        let mut acts = desk.acts_since(before).await;
        acts.sort();
        assert_eq!(acts, ["user.changed", "user.changed", "user.unbound"]);
    }

    async fn another_role_ends_the_sessions_that_were_made_for_the_old_one(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let mut promoted = form("Grace Member", "grace@northwind.example");
        promoted["role"] = json!("admin");
        let now = shown(&mut admin, &id_of(&user)).await;
        admin
            .put(&paths::user(&id_of(&user)), version_of(&now), &promoted)
            .await
            .expect_status(200);
        assert!(!grace.is_signed_in().await);
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        grace.get(paths::OVERVIEW).await.expect_status(200);
    }

    async fn a_user_that_is_not_there_is_not_found(desk: Desk) {
        let mut admin = desk.administrator().await;
        for id in ["01890000-0000-7000-8000-000000000000", "x", "%00", "%ff", "..%2f", "a%20b"] {
            let path = paths::user(id);
            let grace = form("Grace", "grace@northwind.example");
            for reply in [
                admin.get(&path).await,
                admin.put(&path, 1, &grace).await,
                admin.delete(&path).await,
                admin.post(&paths::suspend(id), &json!(null)).await,
                admin.post(&paths::reinstate(id), &json!(null)).await,
                admin.post(&paths::accept(id), &json!({ "kind": "login_changed", "now": "x" })).await,
            ] {
                let reply = reply.expect_status(404);
                assert_eq!(reply.code(), "not_found", "{id}: {}", reply.text);
            }
        }
    }

    async fn sessions_that_end_without_a_bond_are_in_the_audit_log_too(desk: Desk) {
        let mut admin = desk.connected().await;
        let grace = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        // As an end of a trial leaves it: the bond is void, and the session holds.
        desk.execute("delete from identities where user_id in (select id from users where email = 'grace@northwind.example')").await;
        assert!(browser.is_signed_in().await);
        let since = desk.audit().await.len();
        admin.post(&paths::unlink(&id_of(&grace)), &json!({})).await.expect_status(200);
        assert!(!browser.is_signed_in().await);
        let rows = desk.audit().await.split_off(since);
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!(rows[0]["event"], "sessions.ended");
        assert_eq!(detail(&rows[0]), json!({ "sessions_ended": 1 }));
        // Nothing is left to end.
        admin.post(&paths::unlink(&id_of(&grace)), &json!({})).await.expect_status(200);
        assert_eq!(desk.audit().await.len(), since + 1);
    }
}
