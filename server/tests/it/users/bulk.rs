//! One act on many users: who it was said to be, how far it is, what was refused, and back again.

mod aside;
mod back;
mod dry;
mod once;
mod oneself;
mod relink;

use api::paths;
use serde_json::{Value, json};

use super::{expect_nothing_changed, form, id_of, made, shown};
use crate::{
    desk::{Browser, Desk},
    on_both,
};

/// Another account claimed the login of everybody who is bound, as after a move to another Okta of the same issuer.
pub(crate) const CLAIMED: &str =
    "update users set attention = 'second_identity', attention_detail = 'another'
     where okta_since is not null";

/// The job once it is over.
pub(crate) async fn over(admin: &mut Browser, job: &Value) -> Value {
    let path = paths::bulk_job(&id_of(job));
    for _ in 0..60_000 {
        let job = admin.get(&path).await.expect_status(200).json;
        if job["state"] != "running" {
            return job;
        }
        tokio::task::yield_now().await;
    }
    panic!("the job is never over");
}

pub(crate) async fn begun(admin: &mut Browser, form: &Value) -> Value {
    let job = admin.post(paths::BULK, form).await.expect_status(202).json;
    over(admin, &job).await
}

async fn undone(admin: &mut Browser, job: &Value) -> Value {
    let path = paths::bulk_undo(&id_of(job));
    let undo = admin.post(&path, &json!({})).await.expect_status(202).json;
    over(admin, &undo).await
}

async fn people(admin: &mut Browser, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..count {
        let mut form = form("Person", &format!("person{number}@northwind.example"));
        form["okta_login"] = Value::Null;
        ids.push(id_of(&made(admin, &form).await));
    }
    ids
}

/// Three who were suspended by a job that is over.
async fn three_suspended(desk: &Desk) -> (Browser, Vec<String>, Value) {
    let mut admin = desk.administrator().await;
    let ids = people(&mut admin, 3).await;
    let form = json!({ "action": { "kind": "suspend" }, "ids": ids, "expected": 3 });
    let job = begun(&mut admin, &form).await;
    (admin, ids, job)
}

fn numbers(job: &Value) -> [u64; 4] {
    ["total", "done", "changed", "skipped"].map(|name| job[name].as_u64().expect("a number"))
}

on_both! {
    async fn everybody_whom_a_filter_finds_is_suspended_and_let_back_in(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ids = people(&mut admin, 120).await;
        let filter = json!({ "search": "person" });
        let found = admin.get(&format!("{}?search=person", paths::USERS_COUNT)).await;
        assert_eq!(found.expect_status(200).json, json!({ "count": 120, "or_more": false }));
        let since = desk.audit().await.len();
        let job = begun(&mut admin, &json!({
            "action": { "kind": "suspend" }, "filter": filter, "expected": 120,
        })).await;
        assert_eq!((numbers(&job), &job["state"]), ([120, 120, 120, 0], &json!("done")));
        let acts = desk.acts_since(since).await;
        assert_eq!(acts.len(), 121);
        assert_eq!(acts.iter().filter(|act| *act == "user.suspended").count(), 120);
        assert_eq!(shown(&mut admin, &ids[0]).await["status"], "suspended");
        let counts = admin.get(paths::USERS).await.json["counts"].clone();
        assert_eq!((&counts["all"], &counts["suspended"]), (&json!(121), &json!(120)));
        let again = begun(&mut admin, &json!({
            "action": { "kind": "suspend" }, "filter": filter, "expected": 120,
        })).await;
        assert_eq!(numbers(&again), [120, 120, 0, 0], "as it was already");
        let back = undone(&mut admin, &job).await;
        assert_eq!(numbers(&back), [120, 120, 120, 0]);
        assert_eq!(shown(&mut admin, &ids[119]).await["status"], "inactive");
    }

    async fn the_e_mail_becomes_the_login_and_can_be_taken_back(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ids = people(&mut admin, 3).await;
        // Their e-mail is somebody's login: it cannot become theirs.
        let mut other = form("Other", "other@northwind.example");
        other["okta_login"] = json!("taken@northwind.example");
        let other = id_of(&made(&mut admin, &other).await);
        let mut named = ids.clone();
        named.push(other.clone());
        let job = begun(&mut admin, &json!({
            "action": { "kind": "assign_login" }, "ids": named, "expected": 4,
        })).await;
        assert_eq!(numbers(&job), [4, 4, 3, 0]);
        assert_eq!(shown(&mut admin, &ids[1]).await["okta_login"], "person1@northwind.example");
        assert_eq!(shown(&mut admin, &other).await["okta_login"], "taken@northwind.example");
        let back = undone(&mut admin, &job).await;
        assert_eq!(numbers(&back), [3, 3, 3, 0]);
        assert_eq!(shown(&mut admin, &ids[1]).await["okta_login"], Value::Null);
    }

    async fn a_role_goes_back_to_what_it_was_and_the_last_administrator_keeps_theirs(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ids = people(&mut admin, 2).await;
        let job = begun(&mut admin, &json!({
            "action": { "kind": "change_role", "role": "member" }, "filter": {}, "expected": 3,
        })).await;
        assert_eq!(numbers(&job), [3, 3, 0, 1]);
        assert_eq!(super::ada(&mut admin).await["role"], "admin");
        for act in [json!({ "kind": "suspend" }), json!({ "kind": "change_role", "role": "admin" })] {
            let job = begun(&mut admin, &json!({ "action": act, "filter": {}, "expected": 3 })).await;
            assert_eq!(job["changed"], 2, "{act}");
            assert_eq!(super::ada(&mut admin).await["status"], "inactive");
            undone(&mut admin, &job).await;
        }
        let user = shown(&mut admin, &ids[0]).await;
        assert_eq!((&user["role"], &user["status"]), (&json!("member"), &json!("inactive")));
    }

    async fn another_number_than_was_said_changes_nothing(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ids = people(&mut admin, 2).await;
        let act = json!({ "kind": "suspend" });
        for (form, status) in [
            (json!({ "action": act, "filter": { "search": "person" }, "expected": 1 }), 412),
            (json!({ "action": act, "ids": ids, "expected": 3 }), 412),
            (json!({ "action": act, "expected": 0 }), 422),
            (json!({ "action": act, "ids": [], "expected": 0 }), 422),
            (json!({ "action": act, "ids": ["x"], "expected": 1 }), 422),
            (json!({ "action": act, "ids": ids, "filter": {}, "expected": 2 }), 422),
            (json!({ "action": act, "filter": { "search": "a\u{0}" }, "expected": 0 }), 422),
            (json!({ "action": { "kind": "delete" }, "filter": {}, "expected": 3 }), 422),
            (json!({ "action": act, "ids": vec![&ids[0]; 1_001], "expected": 1 }), 422),
        ] {
            let text = form.to_string();
            let reply =
                expect_nothing_changed(&desk, || async { admin.post(paths::BULK, &form).await })
                    .await;
            assert_eq!(reply.status, status, "{text}: {}", reply.text);
        }
    }

    async fn another_node_goes_on_with_a_job_whose_worker_fell_silent(desk: Desk) {
        let (mut admin, ids, job) = three_suspended(&desk).await;
        // As if it had stopped after the first one.
        desk.execute(
            "update jobs set state = 'running', done = 1, changed = 1, ended_at = null;
             update users set suspended_at = null where suspended_at is not null and id >
               (select min(id) from users where suspended_at is not null)",
        ).await;
        let node = desk.another().await;
        desk.pass(20);
        server::tidy_once(&node.app).await.expect("tidied");
        assert_eq!(admin.get(&paths::bulk_job(&id_of(&job))).await.json["done"], 1, "it may live");
        desk.pass(20);
        server::tidy_once(&node.app).await.expect("tidied");
        let job = over(&mut admin, &job).await;
        assert_eq!(numbers(&job), [3, 3, 3, 0]);
        for id in &ids {
            assert_eq!(shown(&mut admin, id).await["status"], "suspended");
        }
    }

    async fn a_dry_run_says_what_would_be_and_is_then_done_to_the_same_users(desk: Desk) {
        let mut admin = desk.connected().await;
        let grace = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        desk.member(&mut admin, "Alan", "alan@northwind.example").await;
        for login in [crate::desk::ADMIN, "grace@northwind.example"] {
            desk.sign_in(&mut desk.browser(), api::Provider::Okta, login).await.expect_location("/");
        }
        desk.execute(CLAIMED).await;
        let (before, since) = (desk.dump().await.rows("users"), desk.audit().await.len());
        let bonds = desk.dump().await.rows("identities");
        // Ada is the last who can enter, and keeps her bond.
        let dry = begun(&mut admin, &json!({
            "action": { "kind": "relink" }, "filter": {}, "expected": 3, "dry_run": true,
        })).await;
        assert_eq!((numbers(&dry), &dry["dry_run"]), ([3, 3, 1, 1], &json!(true)));
        assert_eq!(dry["can_undo"], false);
        assert!(desk.dump().await.rows("users") == before, "a dry run changed a user");
        assert!(desk.dump().await.rows("identities") == bonds, "a dry run took a bond away");
        assert_eq!(desk.acts_since(since).await, [""; 0]);
        // Whoever came since is not among them.
        desk.member(&mut admin, "Late", "late@northwind.example").await;
        let apply = paths::bulk_apply(&id_of(&dry));
        let job = admin.post(&apply, &Value::Null).await.expect_status(202).json;
        let job = over(&mut admin, &job).await;
        assert_eq!((numbers(&job), &job["dry_run"]), ([3, 3, 1, 1], &Value::Null));
        assert_eq!(shown(&mut admin, &id_of(&grace)).await["status"], "inactive");
        admin.post(&apply, &Value::Null).await.expect_status(404);
        admin.post(&paths::bulk_apply(&id_of(&job)), &Value::Null).await.expect_status(409);
    }

    async fn an_undo_is_done_once_and_leaves_what_was_changed_since(desk: Desk) {
        let (mut admin, ids, job) = three_suspended(&desk).await;
        // One of them is let in and barred again, for a reason of its own.
        admin.post(&paths::reinstate(&ids[0]), &Value::Null).await.expect_status(200);
        admin.post(&paths::suspend(&ids[0]), &Value::Null).await.expect_status(200);
        let back = undone(&mut admin, &job).await;
        assert_eq!(numbers(&back), [3, 3, 2, 1]);
        assert_eq!(shown(&mut admin, &ids[0]).await["status"], "suspended");
        assert_eq!(shown(&mut admin, &ids[1]).await["status"], "inactive");
        admin.post(&paths::suspend(&ids[1]), &Value::Null).await.expect_status(200);
        let again = admin.post(&paths::bulk_undo(&id_of(&job)), &json!({})).await.expect_status(409);
        assert_eq!(again.code(), "illegal_move");
        assert_eq!(shown(&mut admin, &ids[1]).await["status"], "suspended");
        assert_eq!(admin.get(&paths::bulk_job(&id_of(&job))).await.json["can_undo"], false);
    }

    async fn a_job_ends_with_the_right_to_it(desk: Desk) {
        let (mut admin, ids, job) = three_suspended(&desk).await;
        desk.execute(
            "update jobs set state = 'running', done = 0, changed = 0, ended_at = null;
             update users set suspended_at = null;
             update users set password_hash = (select max(password_hash) from users)",
        ).await;
        let mut grace = form("Grace Hopper", "grace@northwind.example");
        grace["role"] = json!("admin");
        let grace = made(&mut admin, &grace).await;
        desk.execute("update users set password_hash = (select max(password_hash) from users)").await;
        let ada = id_of(&super::ada(&mut admin).await);
        let mut other = desk.browser();
        other.form(paths::AUTH_PASSWORD, &[
            ("email", "grace@northwind.example"), ("password", crate::desk::PASSWORD),
        ]).await.expect_location("/");
        other.post(&paths::suspend(&ada), &Value::Null).await.expect_status(200);
        desk.pass(40);
        server::tidy_once(&desk.app).await.expect("tidied");
        let job = over(&mut other, &job).await;
        assert_eq!((&job["state"], &job["changed"]), (&json!("failed"), &json!(0)));
        assert_eq!(shown(&mut other, &ids[2]).await["status"], "inactive");
        assert!(desk.acts_since(0).await.contains(&"users.bulk_stopped".to_owned()));
        drop(grace);
    }

    async fn one_session_or_all_of_a_user_end_and_the_bond_is_taken_away(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ada = super::ada(&mut admin).await;
        let detail = admin.get(&paths::user(&id_of(&ada))).await.expect_status(200).json;
        assert_eq!(detail["sessions"].as_array().expect("a list").len(), 1);
        assert_eq!(detail["sessions"][0]["signed_in_by"], "password");
        assert_eq!(detail["history"][0]["event"], "organization.set_up");
        let other = id_of(&people(&mut admin, 1).await.into_iter().next().map(|id| json!({ "id": id })).expect("one"));
        let session = id_of(&detail["sessions"][0]);
        admin.delete(&paths::user_session(&other, &session)).await.expect_status(404);
        admin.delete(&paths::user_sessions(&other)).await.expect_status(204);
        admin.post(&paths::unlink(&other), &json!({})).await.expect_status(200);
        admin.delete(&paths::user_session(&id_of(&ada), &session)).await.expect_status(204);
        admin.get(paths::SESSION).await.expect_status(401);
    }
}
