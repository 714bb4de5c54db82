//! The audit log: what stands in it, how it is read, and that nothing is altered unseen.

mod chain;
mod retention;

use api::paths;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

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
        .map(|it| it["event"].as_str().expect("an act"))
        .collect()
}

/// A line's hash, of what the line says and nothing else.
fn made_anew(line: &Value) -> String {
    let number = |name: &str| line[name].as_i64().expect("a number").to_be_bytes();
    let mut bytes = b"sso-console audit 1\n".to_vec();
    let before = line["hash_before"].as_str().expect("a hash").as_bytes();
    bytes.extend(before.chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).expect("hex");
        u8::from_str_radix(pair, 16).expect("hex")
    }));
    bytes.extend(number("seq"));
    bytes.extend(number("at"));
    for name in [
        "id",
        "actor_id",
        "actor_name",
        "event",
        "target",
        "detail",
        "address",
        "request_id",
    ] {
        match line[name].as_str() {
            None => bytes.push(0),
            Some(text) => {
                bytes.push(1);
                bytes.extend((text.len() as u64).to_be_bytes());
                bytes.extend(text.as_bytes());
            }
        }
    }
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    let hex = |text: String, byte: &u8| text + &format!("{byte:02x}");
    digest.iter().fold(String::new(), hex)
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
        let of_tony = events(&mut admin, &format!("?target={tony}&event=user.suspended")).await;
        assert_eq!(acts(&of_tony), ["user.suspended"]);
        let by_ada = events(&mut admin, "?actor=ada@northwind.example").await;
        assert_eq!(by_ada.len(), 5);
        assert!(events(&mut admin, "?actor=grace@northwind.example").await.is_empty());
        assert!(events(&mut admin, "?event=user.deleted").await.is_empty());
        assert_eq!(acts(&events(&mut admin, "?event=user.suspended").await), ["user.suspended"]);

        let at = by_ada[0]["at"].as_i64().expect("a time");
        let since = events(&mut admin, &format!("?from={at}")).await;
        assert_eq!(acts(&since), ["organization.renamed"]);
        let until = events(&mut admin, &format!("?until={at}")).await;
        assert_eq!(until.len(), 4);
        assert!(events(&mut admin, &format!("?from={}", at + 1)).await.is_empty());
        let row = events(&mut admin, "?row=1").await;
        assert_eq!(acts(&row), ["organization.set_up"]);
    }

    async fn who_is_guessed_at_is_found_with_it(desk: Desk) {
        let mut admin = desk.administrator().await;
        let grace = json!({ "name": "Grace", "email": "grace@northwind.example", "role": "member" });
        let grace = admin.post(paths::USERS, &grace).await.expect_status(201).json;
        let grace = grace["id"].as_str().expect("an id");
        for email in ["Ada@northwind.example", "grace@northwind.example", "nobody@northwind.example"] {
            let mut visitor = desk.browser();
            visitor.form(paths::AUTH_PASSWORD, &[("email", email), ("password", "a guess")]).await;
            visitor.form(paths::AUTH_BREAK_GLASS, &[("email", email), ("code", "a guess")]).await;
            // A minute and a source have one row.
            desk.pass(60);
        }
        let guesses = ["break_glass.refused", "password.refused"];
        let of_ada = events(&mut admin, "?target=ada@northwind.example").await;
        assert_eq!(acts(&of_ada)[..2], guesses);
        assert_eq!(of_ada[0]["target"]["is_user"], true);
        let typed = json!([{ "field": "email", "after": "ada@northwind.example" }]);
        assert_eq!(of_ada[0]["changes"], typed);
        // Where the row itself leads.
        let id = of_ada[0]["target"]["id"].as_str().expect("an id");
        assert_eq!(events(&mut admin, &format!("?target={id}")).await, of_ada);
        let user = admin.get(&paths::user(id)).await.expect_status(200).json;
        assert_eq!(acts(user["history"].as_array().expect("a list"))[..2], guesses);
        assert_eq!(acts(&events(&mut admin, "?target=nobody@northwind.example").await), guesses);

        // As they were written before: with the words that were typed.
        desk.execute(
            "update audit_events set target = 'ada@northwind.example'
             where event = 'password.refused' and target = (select id from users where role = 'admin')",
        ).await;
        for query in ["Ada@northwind.example", id] {
            let found = events(&mut admin, &format!("?target={query}")).await;
            assert_eq!(acts(&found), acts(&of_ada), "{query}");
        }
        let by_act = "?target=ada@northwind.example&event=password.refused";
        assert_eq!(acts(&events(&mut admin, by_act).await), ["password.refused"]);

        // Whoever is gone is still found by what they were known by.
        admin.delete(&paths::user(grace)).await.expect_status(204);
        let of_grace = events(&mut admin, "?target=Grace@northwind.example").await;
        assert_eq!(acts(&of_grace), [&["user.deleted"], &guesses[..], &["user.created"]].concat());
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
        for query in ["?actor=%25", "?event=' or 1=1 --", "?target=_", "?row=-5", "?until=-1"] {
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
        assert_eq!(lines[0]["event"], "organization.set_up");
        let detail = lines[3]["detail"].as_str().expect("the text that was hashed");
        let detail: Value = serde_json::from_str(detail).expect("JSON");
        assert_eq!(detail, json!({ "before": "Northwind 1", "after": "Northwind 2" }));
    }

    async fn whoever_has_the_export_alone_makes_the_chain_anew(desk: Desk) {
        let mut admin = desk.administrator().await;
        renamed(&mut admin, 3).await;
        // As it is read by nobody's parser twice: blanks, an order of its own, a number's many digits.
        desk.execute(
            "update audit_events set detail = '{ \"z\" : 1.50, \"a\":\"\\u00e9\" }', hash = null;
             update audit_head set hash = substr(hash, 1, 0)",
        ).await;
        let text = admin.get(paths::AUDIT_EXPORT).await.expect_status(200).text;
        let mut before = "0".repeat(64);
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).expect("JSON");
            assert_eq!(line["hash_before"], before);
            before = made_anew(&line);
            assert_eq!(line["hash"], before, "{line}");
        }
        assert_eq!(text.lines().count(), 4);
        // What is gone is still known by its hash.
        desk.pass(100 * 24 * 60 * 60);
        let mut admin = by_password(&desk).await;
        let days = json!({ "audit_days": 60, "sign_in_days": 60 });
        admin.put(paths::RETENTION, 1, &days).await.expect_status(200);
        server::tidy_once(&desk.app).await.expect("tidied");
        let text = admin.get(paths::AUDIT_EXPORT).await.expect_status(200).text;
        let first: Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
        assert!(first["seq"].as_i64() > Some(1), "{first}");
        assert_eq!(first["hash"], made_anew(&first));
    }
}
