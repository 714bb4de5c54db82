//! A job begins once and whole, or not at all: whoever asks twice, whoever goes away, whatever the database refuses.

use std::{future::poll_fn, pin::pin, task::Poll};

use api::paths;
use serde_json::{Value, json};

use super::{begun, numbers, over, people, three_suspended, undone};
use crate::{
    on_both,
    users::{id_of, import, shown},
};

on_both! {
    async fn an_undo_that_cannot_be_written_down_can_be_asked_for_again(desk: Desk) {
        let (mut admin, ids, job) = three_suspended(&desk).await;
        // As if the disk had been full when the items were written.
        desk.execute("create unique index no_room on job_items (place)").await;
        let undo = paths::bulk_undo(&id_of(&job));
        admin.post(&undo, &Value::Null).await.expect_status(500);
        let now = admin.get(&paths::bulk_job(&id_of(&job))).await.expect_status(200).json;
        assert_eq!(now["can_undo"], true, "{now}");
        desk.execute("drop index no_room").await;
        let back = undone(&mut admin, &job).await;
        assert_eq!(numbers(&back), [3, 3, 3, 0]);
        assert_eq!(shown(&mut admin, &ids[0]).await["status"], "inactive");
    }

    async fn a_new_job_that_cannot_be_written_down_says_so_to_whoever_follows_it(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ids = people(&mut admin, 3).await;
        desk.execute("create unique index no_room on job_items (job_id)").await;
        let form = json!({ "action": { "kind": "suspend" }, "ids": ids, "expected": 3 });
        let job = begun(&mut admin, &form).await;
        assert_eq!((&job["state"], numbers(&job)), (&json!("failed"), [3, 0, 0, 0]));
        assert_eq!(shown(&mut admin, &ids[0]).await["status"], "inactive");
        desk.execute("drop index no_room").await;
        let job = begun(&mut admin, &form).await;
        assert_eq!((&job["state"], numbers(&job)), (&json!("done"), [3, 3, 3, 0]));
    }

    async fn a_dry_run_stays_until_what_it_found_out_is_begun(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ids = people(&mut admin, 3).await;
        let form = json!({ "action": { "kind": "suspend" }, "ids": ids, "expected": 3, "dry_run": true });
        let dry = begun(&mut admin, &form).await;
        desk.execute("create unique index no_room on job_items (place)").await;
        let apply = paths::bulk_apply(&id_of(&dry));
        admin.post(&apply, &Value::Null).await.expect_status(500);
        desk.execute("drop index no_room").await;
        let job = admin.post(&apply, &Value::Null).await.expect_status(202).json;
        assert_eq!(numbers(&over(&mut admin, &job).await), [3, 3, 3, 0]);
        admin.get(&paths::bulk_job(&id_of(&dry))).await.expect_status(404);
        server::tidy_once(&desk.app).await.expect("tidied");
        assert_eq!(desk.dump().await.rows("jobs").len(), 1, "and nothing else");
    }

    async fn of_two_at_once_one_begins(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut other = admin.clone();
        let ids = people(&mut admin, 3).await;
        let mut form = json!({ "action": { "kind": "suspend" }, "ids": ids, "expected": 3 });
        for _ in 0..5 {
            form["dry_run"] = json!(true);
            let dry = begun(&mut admin, &form).await;
            let since = desk.audit().await.len();
            let mut job = dry;
            for path in [paths::bulk_apply, paths::bulk_undo] {
                let path = path(&id_of(&job));
                let (one, two) = tokio::join!(
                    admin.post(&path, &Value::Null),
                    other.post(&path, &Value::Null),
                );
                let (won, lost) = if one.status == 202 { (one, two) } else { (two, one) };
                job = over(&mut admin, &won.expect_status(202).json).await;
                assert_eq!(numbers(&job), [3, 3, 3, 0]);
                // Gone already, or about to go.
                assert!(lost.status == 409 || lost.status == 404, "{} {}", lost.status, lost.text);
            }
            let acts = desk.acts_since(since).await;
            assert_eq!(acts.iter().filter(|act| *act == "users.bulk_begun").count(), 2, "{acts:?}");
            let jobs = desk.dump().await.rows("jobs");
            assert!(jobs.iter().all(|job| job["state"] != "checking"), "{jobs:?}");
        }
    }

    async fn a_client_that_goes_away_leaves_no_job_half_begun(desk: Desk) {
        let mut admin = desk.administrator().await;
        // More than are written down in one transaction.
        let file = format!("name,email\n{}", import::rows(600));
        let looked = import::looked_at(&mut admin, file).await;
        import::applied(&mut admin, &looked).await;
        let form = json!({
            "action": { "kind": "reinstate" }, "filter": { "search": "person" }, "expected": 600,
            "dry_run": true,
        });
        // Each waits twice as long as the one before, until one has the patience.
        for turns in (4..).map(|it| 1_u64 << it) {
            let mut leaving = admin.clone();
            let mut asked = pin!(leaving.post(paths::BULK, &form));
            let mut answer = None;
            for _ in 0..turns {
                answer = poll_fn(|it| match asked.as_mut().poll(it) {
                    Poll::Ready(reply) => Poll::Ready(Some(reply)),
                    Poll::Pending => Poll::Ready(None),
                }).await;
                if answer.is_some() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            if let Some(answer) = answer {
                answer.expect_status(202);
                break;
            }
        }
        let jobs = desk.dump().await.rows("jobs");
        let jobs: Vec<_> = jobs.iter().filter(|job| job["kind"] == "bulk").collect();
        assert!(!jobs.is_empty());
        for job in jobs {
            let job = over(&mut admin, &json!({ "id": job["id"] })).await;
            assert_eq!((&job["state"], numbers(&job)), (&json!("done"), [600, 600, 0, 0]));
        }
    }
}
