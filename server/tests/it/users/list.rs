//! The table: search, filter, pages, and every query that is none.

use api::paths;
use serde_json::{Value, json};

use super::{form, id_of, made};
use crate::{
    desk::{Browser, Reply},
    on_both,
};

async fn asked(admin: &mut Browser, query: &[(&str, &str)]) -> Reply {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(query);
    admin
        .get(&format!("{}?{}", paths::USERS, text.finish()))
        .await
}

async fn names(admin: &mut Browser, query: &[(&str, &str)]) -> Vec<String> {
    let reply = asked(admin, query).await.expect_status(200);
    named(&reply.json)
}

fn named(list: &Value) -> Vec<String> {
    let users = list["users"].as_array().expect("users");
    users
        .iter()
        .map(|user| user["name"].as_str().expect("a name").to_owned())
        .collect()
}

/// Names that engines would like to order each in their own way.
const PEOPLE: [&str; 9] = [
    "ada bis",
    "ÉMILE",
    "Zoë",
    "bob",
    "Bob",
    "O'Neil",
    "10% off",
    "under_score",
    "back\\slash",
];

async fn fill(admin: &mut Browser) {
    for (at, name) in PEOPLE.iter().enumerate() {
        made(admin, &form(name, &format!("person{at}@northwind.example"))).await;
    }
}

on_both! {
    async fn every_page_size_shows_everybody_once_in_one_order(desk: Desk) {
        let mut admin = desk.administrator().await;
        fill(&mut admin).await;
        let all = names(&mut admin, &[]).await;
        assert_eq!(
            all,
            [
                "10% off", "ada bis", "Ada Lovelace", "back\\slash", "bob", "Bob", "O'Neil",
                "under_score", "Zoë", "ÉMILE",
            ]
        );
        for limit in ["1", "2", "3", "9", "10", "200"] {
            let mut seen = Vec::new();
            let mut after = None::<String>;
            loop {
                let mut query = vec![("limit", limit)];
                query.extend(after.as_deref().map(|after| ("after", after)));
                let page = asked(&mut admin, &query).await.expect_status(200).json;
                seen.extend(named(&page));
                match page["next"].as_str() {
                    Some(next) => after = Some(next.to_owned()),
                    None => break,
                }
            }
            assert_eq!(seen, all, "pages of {limit}");
        }
    }

    async fn a_page_goes_on_where_it_ended_when_people_come_and_go(desk: Desk) {
        let mut admin = desk.administrator().await;
        fill(&mut admin).await;
        let first = asked(&mut admin, &[("limit", "4")]).await.expect_status(200).json;
        let last = first["users"][3].clone();
        admin.delete(&paths::user(&id_of(&last))).await.expect_status(204);
        made(&mut admin, &form("aaa", "aaa@northwind.example")).await;
        let next = first["next"].as_str().expect("more");
        let second = names(&mut admin, &[("after", next)]).await;
        assert_eq!(second, ["bob", "Bob", "O'Neil", "under_score", "Zoë", "ÉMILE"]);
    }

    async fn a_search_finds_beginnings_in_any_case_and_takes_every_sign_literally(desk: Desk) {
        let mut admin = desk.administrator().await;
        fill(&mut admin).await;
        for (search, found) in [
            ("ZOË", &["Zoë"][..]),
            ("émile", &["ÉMILE"]),
            (" bob ", &["bob", "Bob"]),
            ("PERSON3", &["bob"]),
            ("%", &["10% off"]),
            ("_", &["under_score"]),
            ("\\", &["back\\slash"]),
            ("'", &["O'Neil"]),
            ("' or '1'='1", &[]),
            ("\"; drop table users; --", &[]),
            ("$1", &[]),
            ("nobody", &[]),
            ("son3@north", &["bob"]),
            ("off 10%", &["10% off"]),
            ("person off", &["10% off"]),
            ("moë", &[]),
        ] {
            assert_eq!(names(&mut admin, &[("search", search)]).await, found, "{search:?}");
        }
        assert_eq!(names(&mut admin, &[("search", "")]).await.len(), 10);
        assert_eq!(names(&mut admin, &[("search", "northwind.example")]).await.len(), 10);
    }

    async fn the_filter_shows_one_status_and_the_counts_stay(desk: Desk) {
        let mut admin = desk.administrator().await;
        fill(&mut admin).await;
        let bob = asked(&mut admin, &[("search", "person4")]).await.json;
        let id = id_of(&bob["users"][0]);
        admin.post(&paths::suspend(&id), &Value::Null).await.expect_status(200);
        let reply = asked(&mut admin, &[("status", "suspended")]).await.expect_status(200);
        assert_eq!(named(&reply.json), ["Bob"]);
        let counts = json!({
            "all": 10, "active": 0, "inactive": 9, "needs_attention": 0, "suspended": 1,
        });
        assert_eq!(reply.json["counts"], counts);
        let none = asked(&mut admin, &[("status", "active"), ("search", "bob")]).await;
        let none = none.expect_status(200);
        assert_eq!(named(&none.json), [""; 0]);
        assert_eq!(none.json["counts"], counts);
        assert_eq!(names(&mut admin, &[("status", "inactive")]).await.len(), 9);
    }

    async fn a_query_that_is_none_is_refused_and_never_a_fault_of_ours(desk: Desk) {
        let mut admin = desk.administrator().await;
        let long = "s".repeat(201);
        let huge = "s".repeat(20_000);
        for (name, value) in [
            ("limit", "0"),
            ("limit", "201"),
            ("limit", "1000000000"),
            ("limit", "-1"),
            ("limit", "many"),
            ("limit", "1e3"),
            ("limit", "4294967296"),
            ("limit", ""),
            ("status", "asleep"),
            ("status", ""),
            ("role", "owner"),
            ("attention", "some"),
            ("last_sign_in", "yesterday"),
            ("last_sign_in", "before:"),
            ("last_sign_in", "before:-1"),
            ("sort", "password_hash"),
            ("sort", "name; drop table users"),
            ("order", "down"),
            ("colour", "red"),
            ("search", &long),
            ("search", &huge),
            ("search", "a\u{0}b"),
            ("search", "a\nb"),
            ("after", "x"),
            ("after", "!!!"),
            ("before", "x"),
            ("after", &huge),
        ] {
            let reply = asked(&mut admin, &[(name, value)]).await;
            assert_eq!(reply.status, 422, "{name}={value:.20}: {}", reply.text);
            assert_eq!(reply.header("content-type"), "application/problem+json");
            let faults = reply.faults();
            let named = faults.first().is_some_and(|it| it.starts_with(&format!("{name}: ")));
            // So long a query is a search, whatever its field is called.
            let is_huge = value.len() > 8 * 1024 && faults[0].starts_with("search: ");
            assert!(named || is_huge, "{name}={value:.20} names {faults:?}");
        }
        for raw in ["limit=1&limit=2", "search=%ff%fe", "=", "&&", "search=%00", "search=%"] {
            let reply = admin.get(&format!("{}?{raw}", paths::USERS)).await;
            assert!(reply.status.as_u16() < 500, "{raw}: {}", reply.status);
        }
    }

    async fn a_forged_cursor_shows_no_more_and_breaks_nothing(desk: Desk) {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        let mut admin = desk.administrator().await;
        fill(&mut admin).await;
        let id = "01890000-0000-7000-8000-000000000000";
        let nul = "0189000\u{0}-0000-7000-8000-000000000000";
        for (cursor, status) in [
            (format!("1\nname\n0\n{id}\nt"), 200),
            (format!("1\nname\n0\n{id}\nt' or 1=1 --"), 200),
            (format!("1\nname\n0\n{id}\nta\nb"), 200),
            (format!("1\nname\n0\n{id}\nt\u{10ffff}"), 200),
            (format!("1\nname\n0\n{id}\nta\u{0}b"), 422),
            (format!("1\nname\n0\n{nul}\ntada"), 422),
            (format!("1\nname\n0\n{}\ntada", "x".repeat(36)), 422),
            (format!("1\nemail\n0\n{id}\ntada"), 422),
            (format!("2\nname\n0\n{id}\ntada"), 422),
            (format!("1\nname\n7\n{id}\ntada"), 422),
            (format!("{id}\nada"), 422),
            (id.to_owned(), 422),
        ] {
            let forged = URL_SAFE_NO_PAD.encode(&cursor);
            let reply = asked(&mut admin, &[("after", &forged)]).await;
            assert_eq!(reply.status, status, "{cursor:?}: {}", reply.text);
        }
    }

    async fn a_page_has_the_one_before_it_and_its_cursor_is_of_one_order(desk: Desk) {
        let mut admin = desk.administrator().await;
        fill(&mut admin).await;
        let sort = ("sort", "email");
        let order = ("order", "desc");
        let first = asked(&mut admin, &[sort, order, ("limit", "4")]).await.expect_status(200).json;
        assert_eq!(first["previous"], Value::Null);
        assert_eq!(first["found"], json!({ "count": 10, "or_more": false }));
        let next = first["next"].as_str().expect("more");
        let second = asked(&mut admin, &[sort, order, ("limit", "4"), ("after", next)]).await;
        let second = second.expect_status(200).json;
        let previous = second["previous"].as_str().expect("one before");
        let back = asked(&mut admin, &[sort, order, ("limit", "4"), ("before", previous)]).await;
        assert_eq!(named(&back.expect_status(200).json), named(&first));
        for wrong in [
            vec![("after", next)],
            vec![("after", next), ("sort", "name")],
            vec![sort, ("after", next), ("before", previous)],
        ] {
            asked(&mut admin, &wrong).await.expect_status(422);
        }
    }

    async fn users_of_an_older_version_are_found_after_the_next_start(desk: Desk) {
        let mut admin = desk.administrator().await;
        fill(&mut admin).await;
        desk.execute("delete from user_words; delete from domain_words; update users set worded = 0").await;
        assert_eq!(names(&mut admin, &[("search", "bob")]).await, [""; 0]);
        let again = desk.another().await;
        drop(again);
        assert_eq!(names(&mut admin, &[("search", "bob")]).await, ["bob", "Bob"]);
        assert_eq!(names(&mut admin, &[("search", "thwind")]).await.len(), 10);
    }
}
