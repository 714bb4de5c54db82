//! Every path that would leave no administrator able to enter: through the API and the command
//! line, at the wrong moment, in parallel, and with a failure in the middle.

use api::{Provider, paths};
use serde_json::{Value, json};

use super::on_host;
use crate::{
    desk::{ADMIN, Browser, Desk, version_of},
    on_both,
    refusals::id_of,
};

const GRACE: &str = "grace@northwind.example";

/// Okta on, with Ada as the only administrator, who is bound to it; nobody has codes that are left.
async fn ada_alone(desk: &Desk) -> (Browser, Value) {
    let mut admin = desk.connected().await;
    let mut ada = desk.browser();
    desk.sign_in(&mut ada, Provider::Okta, ADMIN)
        .await
        .expect_location("/");
    let users = admin.get(paths::USERS).await.expect_status(200).json;
    (admin, users["users"][0].clone())
}

fn form(user: &Value, role: &str, login: &Value) -> Value {
    json!({ "name": user["name"], "email": user["email"], "okta_login": login, "role": role })
}

async fn put(admin: &mut Browser, user: &Value, form: &Value) -> crate::desk::Reply {
    let path = paths::user(id_of(user));
    let shown = admin.get(&path).await.expect_status(200).json;
    let version = shown["user"]["version"].as_i64().expect("a version");
    admin.put(&path, version, form).await
}

/// Makes Grace an administrator who comes through Okta.
async fn grace(desk: &Desk, admin: &mut Browser) -> Value {
    let grace = desk.member(admin, "Grace", GRACE).await;
    put(admin, &grace, &form(&grace, "admin", &grace["okta_login"]))
        .await
        .expect_status(200);
    let mut browser = desk.browser();
    desk.sign_in(&mut browser, Provider::Okta, GRACE)
        .await
        .expect_location("/");
    grace
}

async fn role(desk: &Desk, email: &str) -> String {
    let rows = desk.dump().await.rows("users");
    rows.iter()
        .find(|row| row["email"] == email)
        .expect("a user")["role"]
        .clone()
}

on_both! {
    async fn while_okta_is_on_the_last_who_comes_through_it_stays(desk: Desk) {
        let (mut admin, ada) = ada_alone(&desk).await;
        // Another administrator who never came through Okta is no way in, whatever their login.
        let mut other = desk.member(&mut admin, "Edsger", "edsger@northwind.example").await;
        put(&mut admin, &other, &form(&other, "admin", &other["okta_login"])).await.expect_status(200);
        other["role"] = json!("admin");
        let before = desk.dump().await;
        let id = id_of(&ada);
        for reply in [
            admin.post(&paths::suspend(id), &Value::Null).await,
            admin.delete(&paths::user(id)).await,
            put(&mut admin, &ada, &form(&ada, "member", &ada["okta_login"])).await,
            put(&mut admin, &ada, &form(&ada, "admin", &Value::Null)).await,
            // A login that nobody has at Okta is none: what the proof matched was the old one.
            put(&mut admin, &ada, &form(&ada, "admin", &json!("typo@northwind.example"))).await,
            admin.post(&paths::unlink(id), &Value::Null).await,
        ] {
            let reply = reply.expect_status(409);
            assert_eq!(reply.code(), "last_administrator");
        }
        let (code, said) = on_host(&desk, &["admin", "demote", "--user", ADMIN]).await;
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("last_administrator"), "{said}");
        assert!(before == desk.dump().await, "{:?}", before.differs_from(&desk.dump().await));

        // Once somebody else comes through Okta, Ada can go.
        let grace = grace(&desk, &mut admin).await;
        // In whichever order: Ada's proof is not worth more after her bond is gone.
        admin.post(&paths::unlink(id), &Value::Null).await.expect_status(200);
        let reply = admin.post(&paths::unlink(id_of(&grace)), &Value::Null).await.expect_status(409);
        assert_eq!(reply.code(), "last_administrator");
        let (code, said) = on_host(&desk, &["admin", "demote", "--user", ADMIN]).await;
        assert_eq!(code, 0, "{said}");
        let (code, said) = on_host(&desk, &["admin", "demote", "--user", GRACE]).await;
        assert_eq!(code, 2, "{said}");
        drop(grace);
    }

    async fn in_bulk_the_last_who_comes_through_okta_stays_too(desk: Desk) {
        let (mut admin, ada) = ada_alone(&desk).await;
        desk.execute(crate::users::bulk::CLAIMED).await;
        let before = desk.dump().await.rows("users");
        let bonds = desk.dump().await.rows("identities");
        for act in [
            json!({ "kind": "suspend" }),
            json!({ "kind": "change_role", "role": "member" }),
            json!({ "kind": "relink" }),
        ] {
            let form = json!({ "action": act, "ids": [id_of(&ada)], "expected": 1 });
            let job = crate::users::begun(&mut admin, &form).await;
            assert_eq!((&job["changed"], &job["skipped"]), (&json!(0), &json!(1)), "{act}");
        }
        assert!(before == desk.dump().await.rows("users"));
        assert!(bonds == desk.dump().await.rows("identities"));
        // Once somebody else comes through Okta she may lose her bond, and makes a new one.
        let grace = grace(&desk, &mut admin).await;
        let form = json!({ "action": { "kind": "relink" }, "ids": [id_of(&ada)], "expected": 1 });
        assert_eq!(crate::users::begun(&mut admin, &form).await["changed"], 1);
        desk.sign_in(&mut desk.browser(), Provider::Okta, ADMIN).await.expect_location("/");
        drop(grace);
    }

    async fn in_bulk_the_codes_go_with_the_role_too(desk: Desk) {
        let (mut admin, ada) = ada_alone(&desk).await;
        let codes = desk.recovery_codes(&mut admin).await;
        let grace = grace(&desk, &mut admin).await;
        let mut by_okta = desk.browser();
        desk.sign_in(&mut by_okta, Provider::Okta, GRACE).await.expect_location("/");
        let act = json!({ "kind": "change_role", "role": "member" });
        let form = json!({ "action": act, "ids": [id_of(&ada)], "expected": 1 });
        let job = crate::users::begun(&mut by_okta, &form).await;
        assert_eq!(job["changed"], 1);
        let undo = by_okta.post(&paths::bulk_undo(id_of(&job)), &json!({})).await.expect_status(202).json;
        crate::users::over(&mut by_okta, &undo).await;
        assert_eq!(role(&desk, ADMIN).await, "admin");
        assert!(super::enter(&mut desk.browser(), ADMIN, &codes[0]).await.location().contains("refused"));
        drop(grace);
    }

    async fn a_recovery_code_that_is_left_is_a_way_in(desk: Desk) {
        let (mut admin, ada) = ada_alone(&desk).await;
        let codes = desk.recovery_codes(&mut admin).await;
        // Without a login at Okta Ada still has her codes.
        put(&mut admin, &ada, &form(&ada, "admin", &Value::Null)).await.expect_status(200);
        admin.post(&paths::suspend(id_of(&ada)), &Value::Null).await.expect_status(409);
        let mut browser = desk.browser();
        for code in &codes[..9] {
            super::enter(&mut browser, ADMIN, code).await.expect_location("/");
        }
        // The codes go with the role, and a promotion brings none back.
        let grace = grace(&desk, &mut admin).await;
        put(&mut browser, &ada, &form(&ada, "member", &Value::Null)).await.expect_status(200);
        assert_eq!(role(&desk, ADMIN).await, "member");
        let (code, said) = on_host(&desk, &["admin", "promote", "--user", ADMIN]).await;
        assert_eq!(code, 0, "{said}");
        assert!(super::enter(&mut desk.browser(), ADMIN, &codes[9]).await.location().contains("refused"));
        let row = desk.dump().await.rows("users");
        let row = row.iter().find(|row| row["email"] == ADMIN).expect("Ada");
        assert!(!row.contains_key("password_hash"), "a password came back with the role");
        drop(grace);
    }

    async fn okta_is_not_switched_off_where_nobody_has_a_password(desk: Desk) {
        let (mut admin, ada) = ada_alone(&desk).await;
        let grace = grace(&desk, &mut admin).await;
        let mut by_okta = desk.browser();
        desk.sign_in(&mut by_okta, Provider::Okta, GRACE).await.expect_location("/");
        // Ada, who has the only password, goes: then Okta is the only way in.
        by_okta.delete(&paths::user(id_of(&ada))).await.expect_status(204);
        let before = desk.dump().await;
        let version = version_of(&mut by_okta, paths::connection(Provider::Okta)).await;
        let reply = by_okta.post_version(&paths::disable(Provider::Okta), version).await.expect_status(409);
        assert_eq!(reply.code(), "last_administrator");
        let (code, said) = on_host(&desk, &["connection", "okta", "disable"]).await;
        assert_eq!(code, 2, "{said}");
        assert!(before == desk.dump().await);
        // With codes of her own Grace may, and stays signed in; everybody else who came by Okta goes.
        let mut elsewhere = desk.browser();
        desk.sign_in(&mut elsewhere, Provider::Okta, GRACE).await.expect_location("/");
        let codes = desk.recovery_codes(&mut by_okta).await;
        by_okta.post_version(&paths::disable(Provider::Okta), version).await.expect_status(200);
        assert!(by_okta.is_signed_in().await && !elsewhere.is_signed_in().await);
        super::enter(&mut elsewhere, GRACE, &codes[0]).await.expect_location("/");
        drop(grace);
    }

    async fn during_a_trial_somebody_can_enter_after_its_end_as_well(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        desk.try_out(&mut admin).await;
        // Only a host's code is left of the ways back: the ten are used or gone.
        desk.execute("delete from break_glass").await;
        let grace = grace(&desk, &mut admin).await;
        let mut by_okta = desk.browser();
        desk.sign_in(&mut by_okta, Provider::Okta, GRACE).await.expect_location("/");
        let users = by_okta.get(paths::USERS).await.json;
        let ada = users["users"].as_array().expect("users").iter().find(|it| it["email"] == ADMIN);
        let ada = ada.expect("Ada").clone();
        // Grace could enter now, but not once the trial is undone: Ada's password is needed then.
        let reply = by_okta.delete(&paths::user(id_of(&ada))).await.expect_status(409);
        assert_eq!(reply.code(), "last_administrator");
        by_okta.post(&paths::confirm(Provider::Okta), &Value::Null).await.expect_status(200);
        by_okta.delete(&paths::user(id_of(&ada))).await.expect_status(204);
        drop(grace);
    }

    async fn two_who_remove_each_other_at_once_leave_one_who_comes_through_okta(desk: Desk) {
        let (mut admin, ada) = ada_alone(&desk).await;
        let node = desk.another().await;
        let grace = grace(&desk, &mut admin).await;
        let (mut here, mut there) = (desk.browser(), node.browser());
        desk.sign_in(&mut here, Provider::Okta, ADMIN).await.expect_location("/");
        node.sign_in(&mut there, Provider::Okta, GRACE).await.expect_location("/");
        let (first, second) = (id_of(&grace).to_owned(), id_of(&ada).to_owned());
        let one = tokio::spawn(async move { here.post(&paths::suspend(&first), &Value::Null).await });
        let two = tokio::spawn(async move { there.post(&paths::suspend(&second), &Value::Null).await });
        let statuses = [one.await.expect("an answer").status.as_u16(), two.await.expect("an answer").status.as_u16()];
        assert!(statuses.contains(&200), "{statuses:?}");
        assert!(statuses.iter().any(|it| matches!(it, 401 | 409)), "{statuses:?}");
        let rows = desk.dump().await.rows("users");
        let left = rows.iter().filter(|row| row["role"] == "admin" && !row.contains_key("suspended_at"));
        assert_eq!(left.count(), 1);
    }

    /// The host takes Ada's role away while Ada suspends the only other one, from another node.
    async fn two_doors_at_once_leave_one_who_comes_through_okta(desk: Desk) {
        let (mut admin, _) = ada_alone(&desk).await;
        let node = desk.another().await;
        let grace = grace(&desk, &mut admin).await;
        let mut there = node.browser();
        node.sign_in(&mut there, Provider::Okta, ADMIN).await.expect_location("/");
        let suspend = paths::suspend(id_of(&grace));
        let demote = ["admin", "demote", "--user", ADMIN];
        let ((code, said), suspended) =
            tokio::join!(on_host(&desk, &demote), there.post(&suspend, &Value::Null));
        let by_host = code == 0;
        let by_api = suspended.status.as_u16() == 200;
        assert!(by_host != by_api, "{said}; {} {}", suspended.status, suspended.text);
        let left = if by_host { GRACE } else { ADMIN };
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, left).await.expect_location("/");
        browser.get(paths::USERS).await.expect_status(200);
    }

    async fn the_command_line_goes_through_the_same_guard(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        let (code, said) = on_host(&desk, &["connection", "okta", "enable"]).await;
        assert_eq!(code, 2);
        assert!(said.contains("lockout_risk") && said.contains("verification, okta_administrator, break_glass"), "{said}");
        let (_, said) = on_host(&desk, &["connection", "okta", "status"]).await;
        assert!(said.contains("Okta: draft") && said.contains("missing    break_glass"), "{said}");
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        desk.recovery_codes(&mut admin).await;
        let (code, said) = on_host(&desk, &["connection", "okta", "enable"]).await;
        assert!(code == 0 && said.contains("Okta: trial"), "{said}");
        let (code, said) = on_host(&desk, &["connection", "okta", "disable"]).await;
        assert!(code == 2 && said.contains("illegal_move"), "{said}");
        let (code, said) = on_host(&desk, &["connection", "okta", "revert"]).await;
        assert!(code == 0 && said.contains("Okta: verified"), "{said}");
        let rows = desk.audit().await;
        let undone = rows.iter().find(|row| row["event"] == "connection.trial_undone").expect("a row");
        assert_eq!(undone["actor_name"], "command line");
        let (code, said) = on_host(&desk, &["admin", "list"]).await;
        assert!(code == 0 && said.contains(&format!("Ada Lovelace <{ADMIN}>")), "{said}");
    }

    async fn a_failure_in_the_middle_leaves_everything_as_it_was(desk: Desk) {
        let (mut admin, ada) = ada_alone(&desk).await;
        desk.recovery_codes(&mut admin).await;
        let grace = grace(&desk, &mut admin).await;
        let version = version_of(&mut admin, paths::connection(Provider::Okta)).await;
        let shown = admin.get(&paths::user(id_of(&ada))).await.expect_status(200).json;
        let hers = shown["user"]["version"].as_i64().expect("a version");
        // The audit row is the last thing of every change, and cannot be written any more.
        desk.execute("alter table audit_events rename to audit_events_gone").await;
        let before = desk.dump().await;
        let id = id_of(&ada);
        admin.post(&paths::suspend(id), &Value::Null).await.expect_status(500);
        admin.delete(&paths::user(id)).await.expect_status(500);
        let member = form(&ada, "member", &ada["okta_login"]);
        admin.put(&paths::user(id), hers, &member).await.expect_status(500);
        admin.post(paths::RECOVERY_CODES, &Value::Null).await.expect_status(500);
        admin.post_version(&paths::disable(Provider::Okta), version).await.expect_status(500);
        assert!(before == desk.dump().await, "{:?}", before.differs_from(&desk.dump().await));
        drop(grace);
    }
}
