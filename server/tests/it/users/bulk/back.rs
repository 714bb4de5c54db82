//! What undo takes back and what it leaves; and signing out, which needs none.

use api::{Provider, paths};
use serde_json::{Value, json};

use super::{begun, numbers, people, three_suspended, undone};
use crate::{
    on_both,
    users::{form, id_of, made, shown},
    witness,
};

on_both! {
    async fn whoever_was_let_back_in_is_suspended_again(desk: Desk) {
        let (mut admin, ids, _) = three_suspended(&desk).await;
        let form = json!({ "action": { "kind": "reinstate" }, "ids": ids, "expected": 3 });
        let job = begun(&mut admin, &form).await;
        assert_eq!((numbers(&job), &job["can_undo"]), ([3, 3, 3, 0], &json!(true)));
        for id in &ids {
            assert_eq!(shown(&mut admin, id).await["status"], "inactive");
        }
        let since = desk.audit().await.len();
        assert_eq!(numbers(&undone(&mut admin, &job).await), [3, 3, 3, 0]);
        for id in &ids {
            assert_eq!(shown(&mut admin, id).await["status"], "suspended");
        }
        let acts = desk.acts_since(since).await;
        assert_eq!(acts.iter().filter(|act| *act == "user.suspended").count(), 3, "{acts:?}");
    }

    async fn whoever_was_made_a_member_gets_the_role_back_and_nothing_else(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut ids = people(&mut admin, 1).await;
        for name in ["Grace", "Alan"] {
            let mut form = form(name, &format!("{name}@northwind.example"));
            form["role"] = json!("admin");
            ids.push(id_of(&made(&mut admin, &form).await));
        }
        desk.execute("update users set password_hash = (select max(password_hash) from users)").await;
        let act = json!({ "kind": "change_role", "role": "member" });
        let job = begun(&mut admin, &json!({ "action": act, "ids": ids, "expected": 3 })).await;
        assert_eq!((numbers(&job), &job["can_undo"]), ([3, 3, 2, 0], &json!(true)));
        for id in &ids {
            assert_eq!(shown(&mut admin, id).await["role"], "member");
        }
        assert_eq!(numbers(&undone(&mut admin, &job).await), [2, 2, 2, 0]);
        let mut now = Vec::new();
        for id in &ids {
            let detail = admin.get(&paths::user(id)).await.expect_status(200).json;
            now.push((detail["user"]["role"].clone(), detail["has_password"].clone()));
        }
        let back = (json!("admin"), json!(false));
        assert_eq!(now, [(json!("member"), json!(true)), back.clone(), back]);
    }

    async fn a_login_by_which_somebody_came_is_not_taken_back(desk: Desk) {
        let mut admin = desk.connected().await;
        let ids = people(&mut admin, 2).await;
        let form = json!({ "action": { "kind": "assign_login" }, "ids": ids, "expected": 2 });
        let job = begun(&mut admin, &form).await;
        assert_eq!(numbers(&job), [2, 2, 2, 0]);
        desk.person("Person", "Zero", "person0@northwind.example");
        let mut came = desk.browser();
        desk.sign_in(&mut came, Provider::Okta, "person0@northwind.example").await.expect_location("/");
        assert_eq!(numbers(&undone(&mut admin, &job).await), [2, 2, 1, 1]);
        let first = shown(&mut admin, &ids[0]).await;
        assert_eq!(first["okta_login"], "person0@northwind.example");
        assert_eq!(first["status"], "active");
        assert!(came.is_signed_in().await);
        assert_eq!(shown(&mut admin, &ids[1]).await["okta_login"], Value::Null);
    }

    async fn whoever_is_signed_out_everywhere_has_no_session_left(desk: Desk) {
        let mut admin = desk.connected().await;
        let (mut ids, mut browsers) = (Vec::new(), Vec::new());
        for (name, times) in [("alan", 2), ("grace", 1), ("mary", 0), ("other", 1)] {
            let email = format!("{name}@northwind.example");
            ids.push(id_of(&desk.member(&mut admin, name, &email).await));
            for _ in 0..times {
                let mut browser = desk.browser();
                desk.sign_in(&mut browser, Provider::Okta, &email).await.expect_location("/");
                browsers.push(browser);
            }
        }
        // The last one is not among them.
        ids.pop();
        let before = witness::sessions(&desk).await;
        let since = desk.audit().await.len();
        let form = json!({ "action": { "kind": "sign_out" }, "ids": ids, "expected": 3 });
        let job = begun(&mut admin, &form).await;
        assert_eq!((numbers(&job), &job["can_undo"]), ([3, 3, 2, 0], &json!(false)));
        assert_eq!(witness::sessions(&desk).await, before - 3);
        let mut left = Vec::new();
        for browser in &mut browsers {
            left.push(browser.is_signed_in().await);
        }
        assert_eq!(left, [false, false, false, true]);
        assert!(admin.is_signed_in().await);
        let acts = desk.acts_since(since).await;
        assert_eq!(acts.iter().filter(|act| *act == "sessions.ended").count(), 2, "{acts:?}");
        // They can sign in again.
        desk.sign_in(&mut browsers[0], Provider::Okta, "alan@northwind.example").await.expect_location("/");
        let again = admin.post(&paths::bulk_undo(&id_of(&job)), &json!({})).await.expect_status(409);
        assert_eq!(again.code(), "illegal_move");
    }
}
