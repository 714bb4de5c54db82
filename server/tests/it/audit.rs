//! The audit log: what stands in it, how it is read, and that nothing is altered unseen.

mod chain;
mod retention;

use api::paths;
use serde_json::{Value, json};

use crate::{
    desk::{ADMIN, Browser, Desk, PASSWORD},
    on_both,
};

/// The administrator in a new browser, where no provider is connected.
async fn by_password(desk: &Desk) -> Browser {
    let mut browser = desk.browser();
    let form = [("email", ADMIN), ("password", PASSWORD)];
    let reply = browser.form(paths::AUTH_PASSWORD, &form).await;
    assert!(browser.is_signed_in().await, "{}", reply.text);
    browser
}

/// Renames the organization so often.
async fn renamed(admin: &mut Browser, times: i64) {
    for turn in 0..times {
        let name = json!({ "name": format!("Northwind {turn}") });
        admin
            .put(paths::ORGANIZATION, turn + 1, &name)
            .await
            .expect_status(200);
    }
}

async fn events(admin: &mut Browser, query: &str) -> Vec<Value> {
    let path = format!("{}{query}", paths::AUDIT);
    let reply = admin.get(&path).await.expect_status(200);
    reply.json["events"].as_array().expect("a list").clone()
}

fn acts(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|it| it["act"].as_str().expect("an act"))
        .collect()
}

on_both! {
    async fn a_row_says_who_did_what_to_whom_and_what_changed(desk: Desk) {
        let mut admin = desk.administrator().await;
        let grace = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let id = grace["id"].as_str().expect("an id");
        let form = json!({
            "name": "Grace Hopper", "email": "grace@northwind.example",
            "okta_login": "grace@northwind.example", "role": "member",
        });
        admin.put(&paths::user(id), 1, &form).await.expect_status(200);
        let all = events(&mut admin, "").await;
        assert_eq!(acts(&all), ["user.changed", "user.created", "organization.set_up"]);
        let row = &all[0];
        assert_eq!(row["seq"], 3);
        assert_eq!(row["actor"]["name"], "Ada Lovelace");
        assert_eq!(row["actor"]["is_user"], true);
        assert_eq!(row["target"], json!({ "id": id, "name": "Grace Hopper", "is_user": true }));
        let changed = json!([{ "field": "name", "before": "Grace Member", "after": "Grace Hopper" }]);
        assert_eq!(row["changes"], changed);
        assert!(row["request_id"].as_str().is_some_and(|it| !it.is_empty()));
        assert!(row["address"].as_str().is_some_and(|it| !it.is_empty()));
    }

    async fn a_filter_takes_what_an_administrator_knows(desk: Desk) {
        let mut admin = desk.administrator().await;
        let grace = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let tony = desk.member(&mut admin, "Tony", "tony@northwind.example").await;
        let (grace, tony) = (grace["id"].as_str().expect("an id"), tony["id"].as_str().expect("an id"));
        admin.post(&paths::suspend(tony), &Value::Null).await.expect_status(200);
        desk.pass(900);
        renamed(&mut admin, 1).await;

        let of_grace = events(&mut admin, "?target=Grace@northwind.example").await;
        assert_eq!(acts(&of_grace), ["user.created"]);
        assert_eq!(events(&mut admin, &format!("?target={grace}")).await, of_grace);
        let of_tony = events(&mut admin, &format!("?target={tony}&act=user.suspended")).await;
        assert_eq!(acts(&of_tony), ["user.suspended"]);
        let by_ada = events(&mut admin, "?actor=ada@northwind.example").await;
        assert_eq!(by_ada.len(), 5);
        assert!(events(&mut admin, "?actor=grace@northwind.example").await.is_empty());
        assert!(events(&mut admin, "?act=user.deleted").await.is_empty());
        assert_eq!(acts(&events(&mut admin, "?act=user.suspended").await), ["user.suspended"]);

        let at = by_ada[0]["at"].as_i64().expect("a time");
        let since = events(&mut admin, &format!("?from={at}")).await;
        assert_eq!(acts(&since), ["organization.renamed"]);
        let until = events(&mut admin, &format!("?until={at}")).await;
        assert_eq!(until.len(), 4);
        assert!(events(&mut admin, &format!("?from={}", at + 1)).await.is_empty());
        let row = events(&mut admin, "?row=1").await;
        assert_eq!(acts(&row), ["organization.set_up"]);
    }

    async fn pages_are_whole_and_newest_first(desk: Desk) {
        let mut admin = desk.administrator().await;
        renamed(&mut admin, 7).await;
        let (mut seen, mut query) = (Vec::new(), "?limit=3".to_owned());
        loop {
            let path = format!("{}{query}", paths::AUDIT);
            let page = admin.get(&path).await.expect_status(200).json;
            let events = page["events"].as_array().expect("a list");
            seen.extend(events.iter().map(|it| it["seq"].as_i64().expect("a number")));
            let Some(next) = page["next"].as_str() else { break };
            assert_eq!(events.len(), 3);
            query = format!("?limit=3&before={next}");
        }
        assert_eq!(seen, [8, 7, 6, 5, 4, 3, 2, 1]);
    }

    async fn what_no_query_can_mean_is_refused(desk: Desk) {
        let mut admin = desk.administrator().await;
        let long = "x".repeat(50_000);
        for (query, status) in [
            ("?limit=0", 422), ("?limit=1000000000", 422), ("?before=x", 422), ("?before=-1", 422),
            ("?before=99999999999999999999", 422), ("?actor=%00", 422), ("?nothing=1", 400),
            ("?from=yesterday", 400), (&*format!("?target={long}"), 422), ("?row=%27", 400),
        ] {
            let reply = admin.get(&format!("{}{query}", paths::AUDIT)).await;
            assert_eq!(reply.status, status, "{query:.40}: {}", reply.text);
        }
        for query in ["?actor=%25", "?act=' or 1=1 --", "?target=_", "?row=-5", "?until=-1"] {
            assert!(events(&mut admin, &query.replace(' ', "%20")).await.is_empty(), "{query}");
        }
    }

    async fn the_export_has_every_row_a_line_with_its_hash(desk: Desk) {
        let mut admin = desk.administrator().await;
        renamed(&mut admin, 3).await;
        let reply = admin.get(paths::AUDIT_EXPORT).await.expect_status(200);
        assert_eq!(reply.header("content-type"), "application/x-ndjson");
        let lines: Vec<Value> = reply
            .text
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[0]["act"], "organization.set_up");
        assert_eq!(lines[3]["detail"], json!({ "before": "Northwind 1", "after": "Northwind 2" }));
        for line in &lines {
            assert_eq!(line["hash"].as_str().map(str::len), Some(64));
        }
    }
}
