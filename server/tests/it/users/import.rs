//! People from a file and into one: what each row would do, all or nothing, and twice the same.

mod back;

use api::{paths, users::ROWS_MAX};
use axum::http::{Method, Request, header};
use serde_json::{Value, json};
use server::db::Location;

use super::{ada, expect_nothing_changed, form, id_of, made};
use crate::{
    desk::{Browser, PASSWORD, PUBLIC_URL, Reply},
    on_both,
};

async fn sent(admin: &mut Browser, query: &str, file: impl Into<Vec<u8>>) -> Reply {
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("{}{query}", paths::IMPORTS))
        .header(header::ORIGIN, PUBLIC_URL)
        .header(paths::CSRF_HEADER, "1")
        .header(header::CONTENT_TYPE, "text/csv")
        .body(file.into().into())
        .expect("a request");
    admin.send(request).await
}

/// The import once nothing moves.
pub(crate) async fn still(admin: &mut Browser, import: &Value) -> Value {
    let path = paths::import(&id_of(import));
    for _ in 0..60_000 {
        let import = admin.get(&path).await.expect_status(200).json;
        if !matches!(import["state"].as_str(), Some("checking" | "running")) {
            return import;
        }
        tokio::task::yield_now().await;
    }
    panic!("the import is never over");
}

pub(crate) async fn looked_at(admin: &mut Browser, file: impl Into<Vec<u8>>) -> Value {
    let import = sent(admin, "", file).await.expect_status(202).json;
    still(admin, &import).await
}

pub(crate) async fn applied(admin: &mut Browser, import: &Value) -> Value {
    let path = paths::import_apply(&id_of(import));
    let import = admin.post(&path, &json!({})).await.expect_status(202).json;
    still(admin, &import).await
}

/// So many rows that can be taken, name and e-mail.
pub(crate) fn rows(people: i64) -> String {
    let row = |number| format!("Person,person{number}@northwind.example\n");
    (0..people).map(row).collect()
}

fn numbers(import: &Value) -> [u64; 5] {
    ["rows", "create", "change", "skip", "invalid"]
        .map(|name| import[name].as_u64().expect("a number"))
}

async fn exported(admin: &mut Browser, query: &str) -> String {
    let reply = admin
        .get(&format!("{}{query}", paths::EXPORT))
        .await
        .expect_status(200);
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
    reply.text
}

on_both! {
    async fn a_file_that_bars_every_administrator_changes_nothing(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut grace = form("Grace Hopper", "grace@northwind.example");
        grace["role"] = json!("admin");
        made(&mut admin, &grace).await;
        desk.execute("update users set password_hash = (select max(password_hash) from users)").await;
        let before = desk.dump().await.rows("users");
        // Either could go without the other: only the second of them is one too many.
        let file = "name,email,role\nNew,new@northwind.example,member\n\
                    Ada,ada@northwind.example,member\nGrace,grace@northwind.example,member\n";
        let import = looked_at(&mut admin, file).await;
        assert_eq!(numbers(&import), [3, 1, 2, 0, 0]);
        let since = desk.audit().await.len();
        let import = applied(&mut admin, &import).await;
        assert_eq!(import["state"], "failed", "{import}");
        assert!(desk.dump().await.rows("users") == before, "half a file stayed");
        assert!(admin.is_signed_in().await);
        // The log tells of no act that was not done.
        assert_eq!(desk.acts_since(since).await, ["users.import_begun", "users.import_failed"]);
    }

    async fn whoever_takes_a_file_answers_for_it_and_only_as_long_as_they_may(desk: Desk) {
        let mut ada = desk.connected().await;
        let grace = desk.member(&mut ada, "Grace", "grace@northwind.example").await;
        let act = json!({ "kind": "change_role", "role": "admin" });
        let promote = json!({ "action": act, "ids": [id_of(&grace)], "expected": 1 });
        super::begun(&mut ada, &promote).await;
        let mut by_okta = desk.browser();
        desk.sign_in(&mut by_okta, api::Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let import = looked_at(&mut ada, "name,email\nNew,new@northwind.example\n").await;
        applied(&mut by_okta, &import).await;
        let rows = desk.audit().await;
        for act in ["users.import_begun", "user.created", "users.imported"] {
            let row = rows.iter().rfind(|row| row["event"] == act).expect(act);
            assert_eq!(row["actor_name"], "Grace Member", "{act}");
        }
        // A file that she began to take goes back once she is barred.
        let import = looked_at(&mut ada, "name,email\nSecond,second@northwind.example\n").await;
        applied(&mut by_okta, &import).await;
        desk.execute("update jobs set state = 'running' where ended_at = (select max(ended_at) from jobs)").await;
        ada.post(&paths::suspend(&id_of(&grace)), &Value::Null).await.expect_status(200);
        desk.pass(40);
        server::tidy_once(&desk.app).await.expect("tidied");
        let import = still(&mut ada, &import).await;
        assert_eq!(import["state"], "failed");
        let found = ada.get(&format!("{}?search=second", paths::USERS)).await.json;
        assert_eq!(found["users"], json!([]));
    }

    async fn what_files_said_of_people_goes_after_a_week_a_part_at_a_time(desk: Desk) {
        let mut admin = desk.administrator().await;
        let file = format!("name,email\n,nobody@northwind.example\n{}", rows(2500));
        let import = looked_at(&mut admin, file).await;
        let (id, items) = (id_of(&import), async || desk.dump().await.rows("job_items").len());
        let ada = [("email", "ada@northwind.example"), ("password", PASSWORD)];
        desk.pass(6 * 24 * 60 * 60);
        server::tidy_once(&desk.app).await.expect("tidied");
        admin.form(paths::AUTH_PASSWORD, &ada).await.expect_location("/");
        assert_eq!(items().await, 2501);
        let bad = admin.get(&paths::import_invalid_rows(&id)).await.expect_status(200).text;
        assert_eq!(bad.lines().count(), 2);
        // It stops in the middle.
        desk.execute(match desk.location {
            Location::Sqlite(_) => "create trigger stop before delete on job_items when old.place = 2100
                                    begin select raise(abort, 'stop'); end",
            Location::Postgres(_) => "create function stop() returns trigger language plpgsql
                                      as $$ begin raise 'stop'; end $$;
                                      create trigger stop before delete on job_items for each row
                                      when (old.place = 2100) execute function stop()",
        }).await;
        desk.pass(2 * 24 * 60 * 60);
        server::tidy_once(&desk.app).await.expect_err("stopped");
        assert_eq!(items().await, 501, "one part is gone for good");
        admin.form(paths::AUTH_PASSWORD, &ada).await.expect_location("/");
        for path in [paths::import(&id), paths::import_invalid_rows(&id)] {
            admin.get(&path).await.expect_status(404);
        }
        admin.post(&paths::import_apply(&id), &Value::Null).await.expect_status(404);
        desk.execute(match desk.location {
            Location::Sqlite(_) => "drop trigger stop",
            Location::Postgres(_) => "drop function stop cascade",
        }).await;
        server::tidy_once(&desk.app).await.expect("tidied");
        assert_eq!((items().await, desk.dump().await.rows("jobs").len()), (0, 0));
    }

    async fn a_file_is_looked_at_then_taken_and_a_second_time_changes_nothing(desk: Desk) {
        let mut admin = desk.administrator().await;
        made(&mut admin, &form("Old Name", "old@northwind.example")).await;
        let mut file = String::from("\u{feff}Full name;E-mail;Role;Shoe size\r\n");
        for number in 0..230 {
            let row = format!("Person {number};person{number}@northwind.example;member;40\r\n");
            file.push_str(&row);
        }
        file.push_str("\"New; \"\"Name\"\"\";OLD@northwind.example;;41\r\n");
        file.push_str("Ada Lovelace;ada@northwind.example;admin;38");
        let before = desk.dump().await.rows("users");
        let import = looked_at(&mut admin, file.clone()).await;
        assert_eq!((&import["state"], numbers(&import)), (&json!("checked"), [232, 230, 1, 1, 0]));
        assert!(desk.dump().await.rows("users") == before, "looking changes nothing");
        let since = desk.audit().await.len();
        let import = applied(&mut admin, &import).await;
        assert_eq!((&import["state"], &import["done"]), (&json!("done"), &json!(232)));
        let acts = desk.acts_since(since).await;
        assert_eq!(acts.iter().filter(|act| *act == "user.created").count(), 230);
        assert!(acts.iter().any(|act| act == "users.imported"), "{acts:?}");
        let found = admin.get(&format!("{}?search=new", paths::USERS)).await.json;
        assert_eq!(found["users"][0]["name"], "New; \"Name\"");
        assert_eq!(found["users"][0]["okta_login"], "old@northwind.example", "not in the file");
        let again = looked_at(&mut admin, file).await;
        assert_eq!(numbers(&again), [232, 0, 0, 232, 0]);
        let users = desk.dump().await.rows("users");
        applied(&mut admin, &again).await;
        assert!(desk.dump().await.rows("users") == users, "twice the same");
        admin.post(&paths::import_apply(&id_of(&again)), &json!({})).await.expect_status(409);
    }

    async fn each_bad_row_says_why_and_comes_back_to_be_mended(desk: Desk) {
        let mut admin = desk.administrator().await;
        made(&mut admin, &form("Taken", "taken@northwind.example")).await;
        let file = "name,email,okta_login,role\n\
            Fine,fine@northwind.example,,\n\
            ,noname@northwind.example,,\n\
            Twice,FINE@northwind.example,,\n\
            Alike,f\u{456}ne@northwind.example,,\n\
            Login,login@northwind.example,taken@northwind.example,\n\
            Owner,owner@northwind.example,,owner\n\
            Short,short@northwind.example\n\
            Ada Lovelace,ada@northwind.example,,member\n\
            Open,\"open@northwind.example,,\n";
        let import = looked_at(&mut admin, file).await;
        assert_eq!(numbers(&import), [9, 1, 0, 0, 8]);
        let why: Vec<(u64, &str, &str)> = import["invalid_rows"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| {
                let text = |name: &str| row[name].as_str().unwrap_or_default();
                (row["line"].as_u64().expect("a line"), text("why"), text("field"))
            })
            .collect();
        assert_eq!(why, [
            (3, "field", "name"),
            (4, "twice", ""),
            (5, "field", "email"),
            (6, "field", "okta_login"),
            (7, "role", ""),
            (8, "cells", ""),
            (9, "last_administrator", ""),
            (10, "quote", ""),
        ]);
        let bad = admin.get(&paths::import_invalid_rows(&id_of(&import))).await.expect_status(200).text;
        assert_eq!(bad.lines().count(), 10, "the last one has a line break: {bad}");
        assert!(bad.contains("noname@northwind.example") && !bad.contains("\r\nFine"), "{bad}");
        let mended = bad.replace("\"\",noname", "Noname,noname");
        applied(&mut admin, &import).await;
        let again = looked_at(&mut admin, mended).await;
        assert_eq!((&again["create"], &again["invalid"]), (&json!(1), &json!(6)), "the twin of a user is a change now");
    }

    async fn a_file_of_a_spreadsheet_in_utf_16_is_taken(desk: Desk) {
        let mut admin = desk.administrator().await;
        let text = "\u{feff}name;email\r\nZo\u{eb};zoe@northwind.example\r\n";
        for (bytes, created) in [
            (text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(), 1),
            (text.encode_utf16().flat_map(u16::to_be_bytes).collect(), 0),
        ] {
            let import = looked_at(&mut admin, bytes).await;
            assert_eq!(numbers(&import), [1, created, 0, 1 - created, 0]);
            applied(&mut admin, &import).await;
        }
        let found = admin.get(&format!("{}?search=zo%C3%AB", paths::USERS)).await.json;
        assert_eq!(found["users"][0]["name"], "Zo\u{eb}");
    }

    async fn a_file_that_is_none_is_refused_and_nothing_is_kept(desk: Desk) {
        let mut admin = desk.administrator().await;
        let wide = vec!["name"; 10_000].join(",");
        let long = format!("name,email\n{}", "A,a@northwind.example\n".repeat(ROWS_MAX + 1));
        for (query, file, fault) in [
            ("", b"".to_vec(), "file: required"),
            ("", b"\n\n".to_vec(), "file: required"),
            ("", b"\xe9,\xe8\n".to_vec(), "file: malformed"),
            ("", b"name,email\nA\0,a@b.example".to_vec(), "file: malformed"),
            ("", b"surname,email\n".to_vec(), "name: required"),
            ("", b"name,phone\n".to_vec(), "email: required"),
            ("?email=Mail", b"name,email\n".to_vec(), "email: required"),
            ("?role=Rank", b"name,email\n".to_vec(), "role: unknown"),
            ("?colour=red", b"name,email\n".to_vec(), "colour: unknown"),
            ("", wide.into_bytes(), "columns: too_long"),
            ("", long.into_bytes(), "file: too_long"),
        ] {
            let reply =
                expect_nothing_changed(&desk, || async { sent(&mut admin, query, file).await }).await;
            assert_eq!(reply.status, 422, "{fault}: {}", reply.text);
            assert_eq!(reply.faults(), [fault]);
        }
        let mapped = sent(&mut admin, "?name=Who&email=Mail", "Mail,Who\na@northwind.example,A\n").await;
        let mapped = still(&mut admin, &mapped.expect_status(202).json).await;
        assert_eq!(numbers(&mapped), [1, 1, 0, 0, 0]);
        let file = "name,email,login,role\nA,a@northwind.example,no login,neither\n";
        let left_out = sent(&mut admin, "?okta_login=&role=", file).await;
        let left_out = still(&mut admin, &left_out.expect_status(202).json).await;
        assert_eq!(numbers(&left_out), [1, 1, 0, 0, 0], "an empty head is no column");
    }

    async fn blank_lines_before_the_heads_say_nothing_of_what_is_between_cells(desk: Desk) {
        let mut admin = desk.administrator().await;
        for blank in ["\r\n", " \n\n", ",,,\n"] {
            let file = format!("{blank}name;email\nZoë;zoe@northwind.example\n");
            let import = looked_at(&mut admin, file).await;
            assert_eq!(numbers(&import), [1, 1, 0, 0, 0], "{blank:?}");
        }
    }

    async fn the_filtered_view_is_what_goes_out_and_no_cell_runs(desk: Desk) {
        let mut admin = desk.administrator().await;
        made(&mut admin, &form("=cmd|' /C calc'!A0", "one@northwind.example")).await;
        made(&mut admin, &form("Comma, \"Quote\"", "two@northwind.example")).await;
        made(&mut admin, &form("'=x", "three@northwind.example")).await;
        let all = exported(&mut admin, "?sort=email&order=desc").await;
        let lines: Vec<&str> = all.lines().collect();
        assert_eq!(lines.len(), 5, "{all}");
        assert!(lines[0].starts_with("\u{feff}name,email,okta_login,role,status"), "{all}");
        assert!(lines[1].starts_with("\"Comma, \"\"Quote\"\"\",two@"), "{all}");
        assert!(lines[2].starts_with("''=x"), "what is marked already is told from a mark of ours: {all}");
        assert!(lines[3].starts_with("'=cmd"), "{all}");
        let one = exported(&mut admin, "?search=one").await;
        assert_eq!(one.lines().count(), 2, "{one}");
        admin.get(&format!("{}?sort=nothing", paths::EXPORT)).await.expect_status(422);
        let import = looked_at(&mut admin, all).await;
        assert_eq!(numbers(&import), [4, 0, 0, 4, 0], "what goes out comes in as it was");
        assert_eq!(ada(&mut admin).await["name"], "Ada Lovelace");
    }
}
