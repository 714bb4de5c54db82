//! `users import --apply` where it cannot come to its end: what it says, and that it ends.

use server::{IMPORTED_AT_ONCE, db::Location};

use super::{Folder, names, users};
use crate::{desk::Desk, on_both};

/// Somebody else changes a user in the moment in which the file turns back.
async fn changed_meanwhile(desk: &Desk) {
    let sql = match &desk.location {
        Location::Sqlite(_) => {
            "create trigger meanwhile after update on jobs when new.state = 'undoing' begin
               update users set version = version + 1, name = 'Meanwhile'
               where email = 'person7@northwind.example' and name <> 'Meanwhile';
             end"
        }
        Location::Postgres(_) => {
            "create function meanwhile() returns trigger language plpgsql as $$ begin
               update users set version = version + 1, name = 'Meanwhile'
               where email = 'person7@northwind.example' and name <> 'Meanwhile';
               return new;
             end $$;
             create trigger meanwhile after update on jobs for each row
             when (new.state = 'undoing') execute function meanwhile()"
        }
    };
    desk.execute(sql).await;
}

on_both! {
    async fn what_stays_of_a_file_that_goes_back_is_said(desk: Desk) {
        let mut admin = desk.administrator().await;
        changed_meanwhile(&desk).await;
        let folder = Folder::new();
        let mut rows = String::from("name,email,role\nAda,ada@northwind.example,\n");
        for number in 0..IMPORTED_AT_ONCE {
            let row = format!("Person,person{number}@northwind.example,\n");
            rows.push_str(&row);
        }
        // The first of them can go without the second, and the second without the first.
        rows.push_str("One,one@northwind.example,member\nTwo,two@northwind.example,member\n");
        desk.execute("update users set password_hash = null").await;
        for email in ["one@northwind.example", "two@northwind.example"] {
            let mut form = crate::users::form("Administrator", email);
            form["role"] = serde_json::json!("admin");
            crate::users::made(&mut admin, &form).await;
        }
        desk.execute("update users set password_hash = 'x' where name = 'Administrator'").await;
        std::fs::write(folder.file("people.csv"), rows).expect("a file");
        let ended = users(&desk, &["import", &folder.text("people.csv"), "--apply"]).await;
        assert_eq!(ended.code, 2, "{}", ended.out);
        let said = format!(
            "line {} could no longer be taken: the file was rolled back, but for 1 user whom \
             another administrator changed meanwhile",
            IMPORTED_AT_ONCE + 4,
        );
        assert!(ended.err.contains(&said), "{}", ended.err);
        assert!(!ended.out.contains("Nothing was changed"), "{}", ended.out);
        assert_eq!(names(&mut admin).await, [
            "Ada Lovelace", "Administrator", "Meanwhile", "Administrator",
        ]);
    }

    async fn a_worker_that_the_database_fails_is_gone_on_with_and_then_given_up(desk: Desk) {
        let mut admin = desk.administrator().await;
        let folder = Folder::new();
        std::fs::write(
            folder.file("people.csv"),
            "name,email\nOne,one@northwind.example\nTwo,two@northwind.example\n",
        ).expect("a file");
        // The second member is one that the database refuses, as if it were full.
        desk.execute("create unique index no_room on users (role)").await;
        let ended = users(&desk, &["import", &folder.text("people.csv"), "--apply"]).await;
        assert_eq!(ended.code, 2, "{}", ended.out);
        assert!(ended.err.contains("a server on this database goes on with it"), "{}", ended.err);
        assert_eq!(names(&mut admin).await, ["Ada Lovelace"]);
        desk.execute("drop index no_room").await;
        desk.pass(40);
        server::tidy_once(&desk.app).await.expect("tidied");
        let jobs = desk.dump().await.rows("jobs");
        let import = serde_json::json!({ "id": jobs[0]["id"] });
        let import = crate::users::import::still(&mut admin, &import).await;
        assert_eq!(import["state"], "done");
        assert_eq!(names(&mut admin).await, ["Ada Lovelace", "One", "Two"]);
    }
}
