//! Whoever left a file or a bulk act finds it again.

use api::paths;
use serde_json::{Value, json};

use super::{begun, form, id_of, import, made};
use crate::on_both;

on_both! {
    async fn files_and_acts_are_found_again_the_newest_first(desk: Desk) {
        let mut admin = desk.administrator().await;
        assert_eq!(admin.get(paths::JOBS).await.expect_status(200).json, json!({ "jobs": [] }));
        let looked = import::looked_at(&mut admin, format!("name,email\n{}", import::rows(3))).await;
        desk.pass(1);
        let grace = id_of(&made(&mut admin, &form("Grace", "grace@northwind.example")).await);
        let act = json!({ "kind": "suspend" });
        let bulk = json!({ "action": act, "ids": [grace], "expected": 1, "dry_run": true });
        begun(&mut admin, &bulk).await;
        desk.pass(1);
        let done = begun(&mut admin, &json!({ "action": act, "ids": [grace], "expected": 1 })).await;
        let jobs = admin.get(paths::JOBS).await.expect_status(200).json;
        let shown = |job: &Value| {
            ["id", "action", "state", "total", "done", "by"].map(|name| job[name].clone())
        };
        let jobs: Vec<_> = jobs["jobs"].as_array().expect("a list").iter().map(shown).collect();
        assert_eq!(jobs, [
            [done["id"].clone(), act, json!("done"), json!(1), json!(1), json!("Ada Lovelace")],
            [
                looked["id"].clone(), Value::Null, json!("checked"), json!(3), json!(3),
                json!("Ada Lovelace"),
            ],
        ]);
        // After a week they are gone.
        desk.pass(8 * 24 * 60 * 60);
        server::tidy_once(&desk.app).await.expect("tidied");
        let mut admin = desk.browser_of_admin().await;
        assert_eq!(admin.get(paths::JOBS).await.expect_status(200).json, json!({ "jobs": [] }));
    }
}
