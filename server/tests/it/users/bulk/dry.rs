//! A dry run says what comes to be: each user is judged as if those before them were changed already.

use api::{Provider, paths};
use serde_json::{Value, json};

use super::{CLAIMED, begun, numbers, over, people};
use crate::{
    desk::{ADMIN, Browser},
    on_both,
    users::{ada, form, id_of, made},
};

/// Two administrators, first and last of those who are named, with somebody between them.
async fn two_administrators(admin: &mut Browser, between: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for (name, email) in [
        ("Grace", "grace@northwind.example"),
        ("Alan", "alan@northwind.example"),
    ] {
        let mut form = form(name, email);
        form["role"] = json!("admin");
        if !ids.is_empty() {
            ids.extend(people(admin, between).await);
        }
        ids.push(id_of(&made(admin, &form).await));
    }
    ids
}

/// The same act, first dry, then in earnest.
async fn dry_and_applied(admin: &mut Browser, act: Value, ids: &[String]) -> [[u64; 4]; 2] {
    let form = json!({ "action": act, "ids": ids, "expected": ids.len(), "dry_run": true });
    let dry = begun(admin, &form).await;
    let apply = paths::bulk_apply(&id_of(&dry));
    let job = admin
        .post(&apply, &Value::Null)
        .await
        .expect_status(202)
        .json;
    [numbers(&dry), numbers(&over(admin, &job).await)]
}

on_both! {
    async fn the_last_of_two_administrators_is_refused_as_it_will_be(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ids = two_administrators(&mut admin, 0).await;
        // Ada's own password is lost: only these two could enter again.
        desk.execute("update users set password_hash = (select max(password_hash) from users)").await;
        desk.execute("update users set password_hash = null where email = 'ada@northwind.example'").await;
        for act in [json!({ "kind": "suspend" }), json!({ "kind": "change_role", "role": "member" })] {
            let [dry, applied] = dry_and_applied(&mut admin, act.clone(), &ids).await;
            assert_eq!(dry, applied, "{act}");
            assert_eq!(applied, [2, 2, 1, 1], "{act}");
            desk.execute("update users set suspended_at = null").await;
        }
    }

    async fn the_first_administrator_is_not_forgotten_by_the_next_turn(desk: Desk) {
        let mut admin = desk.administrator().await;
        // More than a turn.
        let ids = two_administrators(&mut admin, 60).await;
        desk.execute("update users set password_hash = (select max(password_hash) from users)").await;
        desk.execute("update users set password_hash = null where email = 'ada@northwind.example'").await;
        let before = desk.dump().await.rows("users");
        let act = json!({ "kind": "change_role", "role": "member" });
        let form = json!({ "action": act, "ids": ids, "expected": 62, "dry_run": true });
        let dry = begun(&mut admin, &form).await;
        assert_eq!(numbers(&dry), [62, 62, 1, 1]);
        assert!(desk.dump().await.rows("users") == before, "nothing of it stays");
        let [dry, applied] = dry_and_applied(&mut admin, json!({ "kind": "suspend" }), &ids).await;
        assert_eq!((dry, applied), ([62, 62, 61, 1], [62, 62, 61, 1]));
    }

    async fn the_last_bond_is_kept_as_it_will_be(desk: Desk) {
        let mut admin = desk.connected().await;
        // The proof in force is Ada's: it goes with her bond.
        let mut ids = vec![id_of(&ada(&mut admin).await)];
        ids.extend(people(&mut admin, 55).await);
        let mut grace = form("Grace", "grace@northwind.example");
        grace["role"] = json!("admin");
        ids.push(id_of(&made(&mut admin, &grace).await));
        desk.person("Grace", "Member", "grace@northwind.example");
        for login in [ADMIN, "grace@northwind.example"] {
            desk.sign_in(&mut desk.browser(), Provider::Okta, login).await.expect_location("/");
        }
        assert_eq!(desk.dump().await.rows("identities").len(), 2);
        desk.execute(CLAIMED).await;
        let [dry, applied] = dry_and_applied(&mut admin, json!({ "kind": "relink" }), &ids).await;
        assert_eq!((dry, applied), ([57, 57, 1, 1], [57, 57, 1, 1]));
        assert_eq!(desk.dump().await.rows("identities").len(), 1);
    }
}
