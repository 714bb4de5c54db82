//! An act on a user as whoever asks was shown them: on another version than the one that is there it is refused.

use api::{Provider, paths};
use axum::http::Method;
use serde_json::{Value, json};

use super::{expect_nothing_changed, form, id_of, made, shown, version_of};
use crate::on_both;

on_both! {
    async fn what_came_after_one_looked_is_not_accepted(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let id = id_of(&user);
        let mut now = "grace@northwind.example";
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, now).await.expect_location("/");
        let mut seen = Vec::new();
        for next in ["hopper@northwind.example", "murray@northwind.example"] {
            desk.okta.change_person(now, |person| {
                person.login = next.into();
                person.email = next.into();
            });
            now = next;
            desk.sign_in(&mut grace, Provider::Okta, now).await.expect_location("/");
            seen.push(shown(&mut admin, &id).await["attention"].clone());
        }
        let other = json!({ "kind": "second_identity", "sub": now });
        for stale in [&seen[0], &other] {
            let reply = expect_nothing_changed(&desk, async || {
                admin.post(&paths::accept(&id), stale).await
            }).await;
            assert_eq!(reply.expect_status(412).code(), "changed");
        }
        for none in [Value::Null, json!({}), json!({ "kind": "login_changed" })] {
            let reply = expect_nothing_changed(&desk, async || {
                admin.post(&paths::accept(&id), &none).await
            }).await;
            assert!(matches!(reply.status.as_u16(), 400 | 422), "{none}: {}", reply.status);
        }
        let accepted = admin.post(&paths::accept(&id), &seen[1]).await.expect_status(200).json;
        assert_eq!((&accepted["okta_login"], &accepted["status"]), (&json!(now), &json!("active")));
    }

    async fn an_act_on_another_version_than_was_shown_is_refused(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let id = id_of(&user);
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        desk.okta.set_email("grace@northwind.example", "hopper@northwind.example");
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let seen = shown(&mut admin, &id).await;
        let old = version_of(&seen);
        let renamed = form("Renamed", "grace@northwind.example");
        let now = admin.put(&paths::user(&id), old, &renamed).await.expect_status(200).json;
        let now = version_of(&now);
        let accept = (Method::POST, paths::accept(&id), seen["attention"].clone());
        let acts = [paths::suspend(&id), paths::unlink(&id)].map(|path| (Method::POST, path, Value::Null));
        let delete = (Method::DELETE, paths::user(&id), Value::Null);
        for (method, path, body) in [accept].into_iter().chain(acts).chain([delete]) {
            let reply = expect_nothing_changed(&desk, async || {
                admin.change(method.clone(), &path, Some(old), &body).await
            }).await;
            assert_eq!(reply.expect_status(412).code(), "changed", "{path}");
        }
        let suspend = paths::suspend(&id);
        let suspended = admin.post_version(&suspend, now).await.expect_status(200).json;
        // What is as wished already is no conflict.
        admin.post_version(&suspend, now).await.expect_status(200);
        let reinstate = paths::reinstate(&id);
        let stale = expect_nothing_changed(&desk, async || admin.post_version(&reinstate, now).await).await;
        assert_eq!(stale.expect_status(412).code(), "changed");
        admin.post_version(&reinstate, version_of(&suspended)).await.expect_status(200);
        let last = version_of(&shown(&mut admin, &id).await);
        admin.change(Method::DELETE, &paths::user(&id), Some(last), &Value::Null).await.expect_status(204);
    }

    async fn whoever_names_no_version_means_whatever_is_there(desk: Desk) {
        let mut admin = desk.administrator().await;
        let id = id_of(&made(&mut admin, &form("Grace", "grace@northwind.example")).await);
        for path in [paths::suspend(&id), paths::reinstate(&id), paths::unlink(&id)] {
            admin.post(&path, &Value::Null).await.expect_status(200);
        }
        admin.delete(&paths::user(&id)).await.expect_status(204);
    }
}
