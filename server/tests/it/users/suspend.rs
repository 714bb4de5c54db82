//! Suspending and reinstating.

use api::{Provider, paths};
use serde_json::Value;

use super::{expect_nothing_changed, form, id_of, made, shown};
use crate::{desk::detail, on_both};

on_both! {
    async fn a_suspended_user_is_out_at_once_on_every_node_and_cannot_come_back(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let node = desk.another().await;
        assert!(grace.at(&node).is_signed_in().await);
        let before = desk.audit().await.len();

        let suspended = admin
            .post(&paths::suspend(&id_of(&user)), &Value::Null)
            .await
            .expect_status(200)
            .json;
        assert_eq!(suspended["status"], "suspended");
        assert!(!grace.is_signed_in().await);
        assert!(!grace.at(&node).is_signed_in().await);
        let rows = desk.audit().await;
        assert_eq!(rows.len(), before + 1);
        let row = rows.last().expect("a row");
        assert_eq!(row["event"], "user.suspended");
        assert_eq!(detail(row)["sessions_ended"], 1);

        let reply = desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await;
        reply.reference();
        assert_eq!(desk.latest(&mut admin).await["cause"], "user_suspended");
        assert!(!grace.is_signed_in().await);
    }

    async fn a_reinstated_user_may_come_back_and_is_what_they_were(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        admin.post(&paths::suspend(&id_of(&user)), &Value::Null).await.expect_status(200);
        let before = desk.audit().await.len();
        let back = admin
            .post(&paths::reinstate(&id_of(&user)), &Value::Null)
            .await
            .expect_status(200)
            .json;
        assert_eq!(back["status"], "active");
        assert_eq!(desk.acts_since(before).await, ["user.reinstated"]);
        // The old session does not come back with the person.
        assert!(!grace.is_signed_in().await);
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        assert!(grace.is_signed_in().await);
    }

    async fn doing_it_twice_changes_nothing_more(desk: Desk) {
        let mut admin = desk.administrator().await;
        let user = made(&mut admin, &form("Grace", "grace@northwind.example")).await;
        let id = id_of(&user);
        for path in [paths::suspend(&id), paths::reinstate(&id)] {
            admin.post(&path, &Value::Null).await.expect_status(200);
            let once = shown(&mut admin, &id).await;
            let reply = expect_nothing_changed(&desk, async || {
                admin.post(&path, &Value::Null).await
            }).await;
            let reply = reply.expect_status(200);
            assert_eq!(reply.json, once);
        }
    }
}
