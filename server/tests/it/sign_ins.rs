//! Attempts as administrators read them: the stages that each passed, filters, pages, days.

mod days;

use api::{Provider, paths};
use serde_json::{Value, json};

use crate::{
    desk::{Browser, Desk},
    on_both,
};

const MINUTE: i64 = 60;

async fn attempts(admin: &mut Browser, query: &str) -> Vec<Value> {
    let path = format!("{}{query}", paths::SIGN_INS);
    let reply = admin.get(&path).await.expect_status(200);
    reply.json["attempts"].as_array().expect("a list").clone()
}

fn stages(attempt: &Value) -> Vec<&str> {
    let passed = attempt["stages"].as_array().expect("stages");
    passed
        .iter()
        .map(|it| it["stage"].as_str().expect("a stage"))
        .collect()
}

/// Grace signs in, Zoe is unknown, Tony is suspended, somebody never comes back; oldest first.
async fn a_morning(desk: &Desk) -> Browser {
    let mut admin = desk.connected().await;
    desk.member(&mut admin, "Grace", "grace@northwind.example")
        .await;
    let tony = desk
        .member(&mut admin, "Tony", "tony@northwind.example")
        .await;
    let id = tony["id"].as_str().expect("an id");
    admin
        .post(&paths::suspend(id), &Value::Null)
        .await
        .expect_status(200);
    desk.person("Zoe", "Unknown", "zoe@northwind.example");
    for who in ["grace", "zoe", "tony"] {
        let login = format!("{who}@northwind.example");
        desk.sign_in(&mut desk.browser(), Provider::Okta, &login)
            .await;
        desk.pass(MINUTE);
    }
    desk.browser().get(&paths::auth_start(Provider::Okta)).await;
    admin
}

on_both! {
    async fn an_attempt_says_how_far_it_came_and_when(desk: Desk) {
        let mut admin = a_morning(&desk).await;
        let all = attempts(&mut admin, "").await;
        assert_eq!(all.len(), 5, "with the round trip");
        let (never, tony, zoe, grace, trip) = (&all[0], &all[1], &all[2], &all[3], &all[4]);
        assert_eq!(stages(never), ["started"]);
        let until_userinfo =
            ["started", "came_back", "code_exchanged", "token_verified", "userinfo_read"];
        assert_eq!(stages(zoe), until_userinfo);
        assert_eq!(stages(tony), until_userinfo);
        for done in [grace, trip] {
            assert_eq!(stages(done)[5..], ["matched", "session"]);
            let times: Vec<i64> = done["stages"].as_array().expect("stages").iter()
                .map(|it| it["at"].as_i64().expect("a time")).collect();
            assert!(times.is_sorted() && times[0] == done["started_at"], "{times:?}");
        }
        assert_eq!(tony["user"]["status"], "suspended");
        assert_eq!(zoe["claimed_login"], "zoe@northwind.example");
        assert_eq!(zoe["user"], Value::Null);
        assert!(grace["address"].as_str().is_some_and(|it| !it.is_empty()));
    }

    async fn each_filter_finds_its_own_and_filters_go_together(desk: Desk) {
        let mut admin = a_morning(&desk).await;
        let whose = async |admin: &mut Browser, query: &str| -> Vec<String> {
            let found = attempts(admin, query).await;
            found.iter().map(|it| {
                let who = it["claimed_login"].as_str().unwrap_or("nobody");
                who.split('@').next().expect("a name").to_owned()
            }).collect()
        };
        assert_eq!(whose(&mut admin, "?outcome=succeeded").await, ["grace", "ada"]);
        assert_eq!(whose(&mut admin, "?outcome=failed").await, ["tony", "zoe"]);
        assert_eq!(whose(&mut admin, "?outcome=started").await, ["nobody"]);
        assert!(whose(&mut admin, "?outcome=not_completed").await.is_empty());
        assert_eq!(whose(&mut admin, "?cause=unknown_user").await, ["zoe"]);
        assert_eq!(whose(&mut admin, "?person=Tony@northwind.example").await, ["tony"]);
        assert_eq!(whose(&mut admin, "?person=zoe@northwind.example").await, ["zoe"]);
        assert!(whose(&mut admin, "?person=zoe@northwind.example&outcome=succeeded").await.is_empty());
        let grace = &attempts(&mut admin, "?outcome=succeeded&limit=1").await[0];
        let id = grace["user"]["id"].as_str().expect("an id");
        assert_eq!(whose(&mut admin, &format!("?person={id}&outcome=succeeded")).await, ["grace"]);
        let at = grace["started_at"].as_i64().expect("a time");
        assert_eq!(whose(&mut admin, &format!("?until={at}")).await, ["ada"]);
        let since = format!("?from={at}&until={}", at + 1);
        assert_eq!(whose(&mut admin, &since).await, ["grace"]);
        let reference = grace["reference"].as_str().expect("a reference").to_lowercase();
        assert_eq!(whose(&mut admin, &format!("?reference=%20{reference}%20")).await, ["grace"]);
        desk.pass(10 * MINUTE);
        assert_eq!(whose(&mut admin, "?outcome=not_completed").await, ["nobody"]);
        assert!(whose(&mut admin, "?outcome=started").await.is_empty());
    }

    async fn who_had_no_user_yet_is_found_with_what_was_refused(desk: Desk) {
        let mut admin = a_morning(&desk).await;
        let form = json!({
            "name": "Zoe", "email": "zoe@x.example", "okta_login": "zoe@northwind.example", "role": "member",
        });
        let zoe = admin.post(paths::USERS, &form).await.expect_status(201).json;
        let id = zoe["id"].as_str().expect("an id");
        desk.sign_in(&mut desk.browser(), Provider::Okta, "zoe@northwind.example").await;
        for person in [id, "Zoe@northwind.example", "zoe@x.example"] {
            let outcomes = async |admin: &mut Browser, query: &str| -> Vec<String> {
                let found = attempts(admin, &format!("?person={person}{query}")).await;
                found.iter().map(|it| it["outcome"].as_str().expect("an outcome").to_owned()).collect()
            };
            assert_eq!(outcomes(&mut admin, "").await, ["succeeded", "failed"], "{person}");
            assert_eq!(outcomes(&mut admin, "&cause=unknown_user").await, ["failed"]);
            let path = format!("{}?person={person}&limit=1", paths::SIGN_INS);
            let page = admin.get(&path).await.expect_status(200).json;
            let next = page["next"].as_str().expect("a cursor");
            assert_eq!(outcomes(&mut admin, &format!("&before={next}")).await, ["failed"]);
        }
    }

    async fn pages_are_whole_and_newest_first(desk: Desk) {
        let mut admin = a_morning(&desk).await;
        let all = attempts(&mut admin, "").await;
        let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
        loop {
            let path = format!("{}{query}", paths::SIGN_INS);
            let page = admin.get(&path).await.expect_status(200).json;
            seen.extend(page["attempts"].as_array().expect("a list").clone());
            let Some(next) = page["next"].as_str() else { break };
            query = format!("?limit=2&before={next}");
        }
        assert_eq!(seen, all);
    }

    async fn whoever_watches_sees_what_is_new_and_what_ended(desk: Desk) {
        let mut admin = a_morning(&desk).await;
        let mut visitor = desk.browser();
        admin.get(paths::SESSION).await.expect_status(200);
        desk.pass(25 * MINUTE);
        let page = admin.get(paths::SIGN_INS).await.expect_status(200).json;
        let since = page["since"].as_str().expect("a cursor").to_owned();
        let query = format!("?since={since}");
        assert!(attempts(&mut admin, &query).await.is_empty(), "all of it is over");
        let back = desk.until_callback(&mut visitor, Provider::Okta, "grace@northwind.example").await;
        let begun = attempts(&mut admin, &query).await;
        assert_eq!((begun.len(), &begun[0]["outcome"]), (1, &Value::from("started")));
        desk.pass(20);
        let page = admin.get(&format!("{}{query}", paths::SIGN_INS)).await.expect_status(200).json;
        let since = page["since"].as_str().expect("a cursor").to_owned();
        visitor.get(&back).await.expect_location("/");
        let ended = attempts(&mut admin, &format!("?since={since}")).await;
        assert_eq!(ended[0]["id"], begun[0]["id"]);
        assert_eq!(ended[0]["outcome"], "succeeded");
    }

    async fn what_no_query_can_mean_is_refused(desk: Desk) {
        let mut admin = desk.administrator().await;
        for (query, status) in [
            ("?limit=0", 422), ("?limit=1000000000", 422), ("?before=x", 422), ("?since=%00", 422),
            ("?person=%00", 422), ("?outcome=maybe", 400), ("?cause=none", 400), ("?nothing=1", 400),
            ("?before=zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", 422),
        ] {
            let reply = admin.get(&format!("{}{query}", paths::SIGN_INS)).await;
            assert_eq!(reply.status, status, "{query}: {}", reply.text);
        }
        for query in [
            "?person=%25", "?person=_", "?reference=%27", "?reference=%C3%A9", "?from=-5&until=-1",
            "?until=9223372036854775807&from=9223372036854775807",
        ] {
            assert!(attempts(&mut admin, query).await.is_empty(), "{query}");
        }
    }

    async fn whoever_comes_back_after_a_day_is_too_late_and_nothing_breaks(desk: Desk) {
        desk.connected().await;
        let mut visitor = desk.browser();
        let back = desk.until_callback(&mut visitor, Provider::Okta, "ada@northwind.example").await;
        desk.pass(25 * 60 * MINUTE);
        server::tidy_once(&desk.app).await.expect("tidied");
        let reply = visitor.get(&back).await;
        assert!(!visitor.is_signed_in().await);
        let mut admin = desk.browser_of_admin().await;
        let found = attempts(&mut admin, &format!("?reference={}", reply.reference())).await;
        assert_eq!(found[0]["cause"], "attempt_expired");
    }
}
