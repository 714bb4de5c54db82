//! A selection in which whoever asks is too.

use serde_json::json;

use super::{form, made, people};
use crate::{on_both, users::id_of};

on_both! {
    async fn whoever_asks_comes_last(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut grace = form("Grace Hopper", "grace@northwind.example");
        grace["role"] = json!("admin");
        made(&mut admin, &grace).await;
        desk.execute("update users set password_hash = (select max(password_hash) from users)").await;
        // More than are changed in one transaction; whoever asks is older than all of them.
        let mut ids = people(&mut admin, 60).await;
        ids.push(id_of(&crate::users::ada(&mut admin).await));
        let form = json!({ "action": { "kind": "suspend" }, "ids": ids, "expected": 61 });
        let job = admin.post(api::paths::BULK, &form).await.expect_status(202).json;
        // Nobody who is suspended hears how it goes on.
        while admin.is_signed_in().await {
            tokio::task::yield_now().await;
        }
        let jobs = desk.dump().await.rows("jobs");
        assert_eq!((&*jobs[0]["id"], &*jobs[0]["state"]), (id_of(&job).as_str(), "done"));
        assert_eq!((&*jobs[0]["changed"], &*jobs[0]["refused"]), ("61", "0"));
    }
}
