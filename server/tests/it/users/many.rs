//! More users than one part of an export holds, and than a bulk act reads or names at once.

use api::paths;
use serde_json::{Value, json};
use server::crowd::Crowd;

use super::{ada, begun, id_of};
use crate::{
    desk::{Browser, Desk},
    on_both,
};

/// More than two parts of an export, and than a bulk act reads at once.
const PEOPLE: u32 = 1_200;

/// A deployment with so many people besides its administrator.
pub(super) async fn crowded(desk: &Desk, people: u32) -> Browser {
    let mut admin = desk.administrator().await;
    let actor = id_of(&ada(&mut admin).await);
    let crowd = Crowd {
        people,
        attempts: people * 2,
        seed: 7,
        now: desk.app.clock.now(),
        issuer: "https://northwind.okta.com".into(),
        actor: (actor, "Ada".into()),
    };
    let settled = crowd.settle(&desk.app.db, &|_, _, _| ()).await;
    settled.expect("a crowd");
    admin
}

/// Every user of a query, by the pages of the API.
pub(super) async fn every_page(admin: &mut Browser, query: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("{}?limit=200&{query}{after}", paths::USERS);
        let page = admin.get(&path).await.expect_status(200).json;
        all.extend(page["users"].as_array().expect("users").iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

/// A user as a line of the export.
fn line(user: &Value) -> String {
    let text = |name: &str| match &user[name] {
        Value::Null => "\"\"".to_owned(),
        Value::Number(at) => api::date::timestamp(at.as_i64().expect("a time")),
        other => other.as_str().expect("a text").to_owned(),
    };
    let names = [
        "name",
        "email",
        "okta_login",
        "role",
        "status",
        "first_sign_in_at",
        "last_sign_in_at",
        "created_at",
    ];
    names.map(text).join(",")
}

fn ids(users: &[Value]) -> Vec<String> {
    users.iter().map(id_of).collect()
}

on_both! {
    async fn an_export_of_many_parts_has_the_rows_of_the_pages_in_their_order(desk: Desk) {
        let mut admin = crowded(&desk, PEOPLE).await;
        for (query, at_least) in [
            ("", PEOPLE as usize),
            ("search=example", 1_000),
            ("search=a", 200),
            ("search=a&sort=email", 200),
            ("search=example&status=active&sort=last_sign_in_at&order=desc", 500),
            ("status=active&sort=name&order=desc", 600),
            ("last_sign_in=never&role=member&sort=okta_login", 50),
            ("sort=created_at", PEOPLE as usize),
        ] {
            let users = every_page(&mut admin, query).await;
            assert!(users.len() >= at_least, "{query}: {}", users.len());
            let path = format!("{}?{query}", paths::EXPORT);
            let text = admin.get(&path).await.expect_status(200).text;
            let lines: Vec<&str> = text.lines().skip(1).collect();
            let expected: Vec<String> = users.iter().map(line).collect();
            assert!(lines == expected, "{query}: {} and {}", lines.len(), expected.len());
        }
    }

    async fn a_bulk_act_by_filter_is_done_to_everybody_on_its_pages(desk: Desk) {
        let mut admin = crowded(&desk, PEOPLE).await;
        let members = every_page(&mut admin, "role=member").await;
        assert!(members.len() > 1_100, "{}", members.len());
        let path = format!("{}?role=member", paths::USERS_COUNT);
        let found = admin.get(&path).await.expect_status(200).json;
        assert_eq!(found["count"], members.len());
        let without = |users: &[Value]| users.iter().filter(|it| it["okta_login"].is_null()).count();
        let job = begun(&mut admin, &json!({
            "action": { "kind": "assign_login" }, "filter": { "role": "member" }, "expected": members.len(),
        })).await;
        assert_eq!((&job["total"], &job["done"]), (&json!(members.len()), &json!(members.len())));
        assert_eq!((&job["changed"], &job["skipped"]), (&json!(without(&members)), &json!(0)));
        let after = every_page(&mut admin, "role=member").await;
        assert_eq!((ids(&after) == ids(&members), without(&after)), (true, 0));
    }

    async fn whoever_is_marked_one_by_one_over_several_pages_is_acted_on(desk: Desk) {
        let mut admin = crowded(&desk, PEOPLE).await;
        let members = ids(&every_page(&mut admin, "role=member").await);
        // Five pages of the table, and as many as can be named at all.
        for named in [250, api::users::NAMED_MAX] {
            let job = begun(&mut admin, &json!({
                "action": { "kind": "suspend" }, "ids": members[..named], "expected": named,
            })).await;
            let total = json!(named);
            assert_eq!((&job["total"], &job["done"], &job["skipped"]), (&total, &total, &json!(0)));
            let barred = ids(&every_page(&mut admin, "status=suspended").await);
            assert!(members[..named].iter().all(|id| barred.contains(id)));
        }
        let reply = admin.post(paths::BULK, &json!({
            "action": { "kind": "suspend" }, "ids": members[..=api::users::NAMED_MAX], "expected": 1_001,
        })).await.expect_status(422);
        assert_eq!(reply.faults(), ["ids: too_long"]);
    }
}
