//! Notices: told once, on whichever node, and gone when somebody dismissed them.

use api::{Provider, date, paths};
use serde_json::{Value, json};

use crate::{
    desk::{Browser, Desk},
    on_both,
};

const DAY: i64 = 86_400;

/// The kinds that are open, newest first.
async fn open(admin: &mut Browser) -> Vec<Value> {
    let reply = admin.get(paths::NOTIFICATIONS).await.expect_status(200);
    reply.json["notifications"]
        .as_array()
        .expect("notifications")
        .clone()
}

/// The date in so many days, by the test's clock.
fn in_days(desk: &Desk, days: i64) -> String {
    date::timestamp(desk.app.clock.now() + days * DAY * 1000)[..10].to_owned()
}

async fn set_date(admin: &mut Browser, on: &str) -> crate::desk::Reply {
    let path = paths::secret(Provider::Okta);
    let version = admin.get(&path).await.json["version"]
        .as_i64()
        .expect("a version");
    admin
        .put(&path, version, &json!({ "expires_on": on }))
        .await
}

async fn tidy(desk: &Desk) {
    server::tidy_once(&desk.app).await.expect("tidied");
}

/// How often each was told, with the days that were left.
async fn told(desk: &Desk) -> Vec<(String, i64)> {
    let rows = desk.dump().await.rows("notifications");
    let mut told: Vec<_> = rows
        .iter()
        .map(|row| {
            let facts: Value = serde_json::from_str(&row["data"]).expect("JSON");
            (row["kind"].clone(), facts["days"].as_i64().unwrap_or(0))
        })
        .collect();
    told.sort_by_key(|(_, days)| -days);
    told
}

on_both! {
    async fn a_secret_that_runs_out_is_told_four_times_before_and_on_the_day_on_two_nodes(desk: Desk) {
        let mut admin = desk.connected().await;
        let other = desk.another().await;
        set_date(&mut admin, &in_days(&desk, 40)).await.expect_status(200);
        for _ in 0..45 {
            // Both nodes at the same moment, and each more than once a day.
            let both = tokio::join!(server::tidy_once(&desk.app), server::tidy_once(&other.app));
            both.0.expect("tidied");
            both.1.expect("tidied");
            tidy(&desk).await;
            desk.pass(DAY);
        }
        let told = told(&desk).await;
        let kinds: Vec<_> = told.iter().map(|(kind, days)| (kind.as_str(), *days)).collect();
        assert_eq!(kinds, [
            ("secret_expiring", 30), ("secret_expiring", 14), ("secret_expiring", 7),
            ("secret_expiring", 1), ("secret_expired", 0),
        ]);
        // The newest is the one that is open.
        let mut admin = desk.browser_of_admin().await;
        let open = open(&mut admin).await;
        assert_eq!(open.len(), 1, "{open:?}");
        assert_eq!(open[0]["kind"], "secret_expired");
        assert_eq!(open[0]["data"]["provider"], "okta");
    }

    async fn another_date_or_a_next_secret_ends_the_notice(desk: Desk) {
        let mut admin = desk.connected().await;
        set_date(&mut admin, &in_days(&desk, 3)).await.expect_status(200);
        tidy(&desk).await;
        assert_eq!(open(&mut admin).await[0]["data"]["days"], 3);
        set_date(&mut admin, &in_days(&desk, 300)).await.expect_status(200);
        tidy(&desk).await;
        assert!(open(&mut admin).await.is_empty());

        set_date(&mut admin, &in_days(&desk, 2)).await.expect_status(200);
        tidy(&desk).await;
        assert_eq!(open(&mut admin).await.len(), 1);
        let path = paths::secret(Provider::Okta);
        let version = admin.get(&path).await.json["version"].as_i64().expect("a version");
        let next = json!({ "client_secret": "the-secret-that-comes-after-0123" });
        admin.put(&paths::next_secret(Provider::Okta), version, &next).await.expect_status(200);
        tidy(&desk).await;
        assert!(open(&mut admin).await.is_empty(), "a next secret waits: nothing will fail");
    }

    async fn a_date_that_is_none_changes_nothing(desk: Desk) {
        let mut admin = desk.connected().await;
        let before = desk.dump().await;
        for wrong in ["soon", "2027-02-30", "31.12.2027", "2027-1-1"] {
            let reply = set_date(&mut admin, wrong).await.expect_status(422);
            assert_eq!(reply.faults(), ["expires_on: not_a_date"]);
        }
        assert!(before == desk.dump().await);
        let path = paths::secret(Provider::Okta);
        let reply = admin.put(&path, 99, &json!({ "expires_on": "2031-01-31" })).await;
        assert_eq!(reply.expect_status(412).code(), "changed");
    }

    async fn a_notice_is_dismissed_for_everybody_and_once(desk: Desk) {
        let mut admin = desk.connected().await;
        set_date(&mut admin, &in_days(&desk, 5)).await.expect_status(200);
        tidy(&desk).await;
        let id = open(&mut admin).await[0]["id"].as_str().expect("an id").to_owned();
        let before = desk.audit().await.len();
        admin.post(&paths::dismiss(&id), &Value::Null).await.expect_status(204);
        admin.post(&paths::dismiss(&id), &Value::Null).await.expect_status(204);
        assert_eq!(desk.acts_since(before).await, ["notice.dismissed"]);
        assert!(open(&mut admin).await.is_empty());
        // It was told: it does not come back by itself.
        tidy(&desk).await;
        assert!(open(&mut admin).await.is_empty());
        admin.post(&paths::dismiss("nonsense"), &Value::Null).await.expect_status(404);
    }
}
