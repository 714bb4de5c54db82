//! `users import` and `users export`: the same rules and the same rows as by the API.

mod failing;

use api::paths;
use serde_json::{Value, json};
use server::db::Location;

use super::{
    Ended, Folder,
    program::{allow, mode},
    run,
};
use crate::{
    desk::{Browser, Desk},
    on_both,
};

const FILE: &str = "Full name;Mail;Rank\n\
    Grace Hopper;grace@northwind.example;member\n\
    Radia Perlman;radia@northwind.example;admin\n\
    =Formula;formula@northwind.example;member\n\
    ;noname@northwind.example;member\n\
    Grace Again;GRACE@northwind.example;member\n\
    Short;short@northwind.example\n";

/// Runs the real binary on the desk's database.
async fn users(desk: &Desk, arguments: &[&str]) -> Ended {
    let database = match &desk.location {
        Location::Sqlite(path) => path.display().to_string(),
        Location::Postgres(url) => url.clone(),
    };
    let mut all: Vec<String> = vec!["users".into()];
    all.extend(arguments.iter().map(|it| (*it).to_owned()));
    all.extend(["--database".to_owned(), database]);
    tokio::task::spawn_blocking(move || run(&all.iter().map(String::as_str).collect::<Vec<_>>()))
        .await
        .expect("it runs")
}

async fn names(admin: &mut Browser) -> Vec<String> {
    let list = admin.get(&format!("{}?sort=email", paths::USERS)).await;
    let list = list.expect_status(200).json;
    let users = list["users"].as_array().expect("users").clone();
    let name = |it: &Value| it["name"].as_str().expect("a name").to_owned();
    users.iter().map(name).collect()
}

on_both! {
    async fn a_file_is_looked_at_and_then_taken_from_the_host(desk: Desk) {
        let mut admin = desk.administrator().await;
        let folder = Folder::new();
        std::fs::write(folder.file("people.csv"), FILE).expect("a file");
        let (file, bad) = (folder.text("people.csv"), folder.text("bad.csv"));
        let columns = ["--email", "mail", "--role", "Rank"];

        // One that is there already is taken from everyone else.
        std::fs::write(folder.file("bad.csv"), "old").expect("a file");
        allow(&folder.file("bad.csv"), 0o664);
        let dry = [&["import", &file, "--invalid-rows", &bad], &columns[..]].concat();
        let before = desk.dump().await.rows("users");
        let looked = users(&desk, &dry).await;
        assert_eq!(looked.code, 1, "{}", looked.err);
        assert_eq!(looked.out.lines().collect::<Vec<_>>(), [
            "6 rows: 3 to create, 0 to change, 0 unchanged, 3 invalid",
            "  line 5: name: required",
            "  line 6: twice",
            "  line 7: cells",
            "Nothing was changed. --apply does it.",
        ]);
        assert!(desk.dump().await.rows("users") == before, "a dry run changes nothing");
        let rows = std::fs::read_to_string(folder.file("bad.csv")).expect("the bad rows");
        assert!(rows.starts_with("\u{feff}Full name,Mail,Rank\r\n"), "{rows}");
        assert_eq!(rows.lines().count(), 4, "{rows}");
        assert_eq!(mode(&folder.file("bad.csv")), 0o600);

        let since = desk.audit().await.len();
        let taken = users(&desk, &[&["import", &file, "--apply"], &columns[..]].concat()).await;
        assert_eq!(taken.code, 1, "{}", taken.err);
        assert!(taken.out.starts_with("6 rows: 3 created"), "{}", taken.out);
        assert_eq!(names(&mut admin).await, [
            "Ada Lovelace", "=Formula", "Grace Hopper", "Radia Perlman",
        ]);
        let rows = desk.audit().await.split_off(since);
        assert!(rows.iter().all(|row| row["actor_name"] == "command line"));
        assert_eq!(rows.len(), 5, "the file begun, three users, and its end");
        let listed = admin.get(&format!("{}?event=user.created&limit=1", paths::AUDIT)).await.json;
        let host = json!({ "id": "", "name": "command line", "is_user": false });
        assert_eq!(listed["events"][0]["actor"], host);
        let found = admin.get(&format!("{}?search=hopp", paths::USERS)).await.json;
        assert_eq!(found["users"][0]["email"], "grace@northwind.example");

        let again = [&["import", &file, "--apply", "--json"], &columns[..]].concat();
        let again = users(&desk, &again).await;
        let again: Value = serde_json::from_str(&again.out).expect("JSON");
        assert_eq!((&again["skip"], &again["create"]), (&3.into(), &0.into()), "twice the same");
        let id = again["id"].as_str().expect("an id");
        let by_api = admin.get(&paths::import(id)).await.expect_status(200).json;
        assert_eq!(by_api, again, "what the API answers");
    }

    async fn what_each_row_changes_is_said(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut form = crate::users::form("Grace", "grace@northwind.example");
        form["okta_login"] = Value::Null;
        crate::users::made(&mut admin, &form).await;
        let folder = Folder::new();
        let file = "name,email,okta_login,role\n\
            Grace Hopper,grace@northwind.example,hopper@northwind.example,admin\n";
        std::fs::write(folder.file("people.csv"), file).expect("a file");
        let ended = users(&desk, &["import", &folder.text("people.csv")]).await;
        let line = "  line 2: Grace: name Grace -> Grace Hopper, \
                    okta_login none -> hopper@northwind.example, role member -> admin";
        assert!(ended.out.lines().any(|it| it == line), "{}", ended.out);
        assert!(ended.out.contains("Nothing was changed"), "{}", ended.out);
    }

    async fn what_goes_out_is_what_the_api_gives(desk: Desk) {
        let mut admin = desk.administrator().await;
        let folder = Folder::new();
        std::fs::write(folder.file("people.csv"), FILE).expect("a file");
        let file = folder.text("people.csv");
        users(&desk, &["import", &file, "--apply", "--email", "Mail"]).await;
        for (arguments, query) in [
            (&[][..], ""),
            (&["--search", "grace", "--status", "inactive"], "?search=grace&status=inactive"),
            (&["--role", "admin", "--sort", "email", "--descending"], "?role=admin&sort=email&order=desc"),
            (&["--last-sign-in", "never", "--sort", "created_at"], "?last_sign_in=never&sort=created_at"),
        ] {
            let out = users(&desk, &[&["export"], arguments].concat()).await;
            assert_eq!(out.code, 0, "{}", out.err);
            let api = admin.get(&format!("{}{query}", paths::EXPORT)).await.expect_status(200);
            assert_eq!(out.out, api.text);
            assert_eq!(out.mode, 0o600);
            assert!(out.out.lines().count() > 1, "{}", out.out);
        }
        let whole = users(&desk, &["export"]).await.out;
        assert!(whole.contains("\r\n'=Formula,"), "no cell runs: {whole}");
        std::fs::write(folder.file("back.csv"), &whole).expect("a file");
        let back = users(&desk, &["import", &folder.text("back.csv")]).await;
        assert_eq!(back.code, 0, "{}{}", back.out, back.err);
        assert!(back.out.starts_with("4 rows: 0 to create, 0 to change, 4 unchanged"), "{}", back.out);
    }

    async fn what_cannot_be_read_is_said_and_nothing_is_kept(desk: Desk) {
        let folder = Folder::new();
        let write = |name: &str, text: &[u8]| {
            std::fs::write(folder.file(name), text).expect("a file");
            folder.text(name)
        };
        let good = write("good.csv", b"name,email\nA,a@northwind.example\n");
        let early = users(&desk, &["import", &good]).await;
        assert_eq!(early.code, 2);
        assert!(early.err.contains("set this deployment up"), "{}", early.err);
        desk.administrator().await;
        let before = desk.dump().await;
        for (arguments, said) in [
            (vec!["import", "nowhere.csv"], "nowhere.csv"),
            (vec!["import", &write("latin.csv", b"\xe9,\xe8\n")], "file: malformed"),
            (vec!["import", &write("heads.csv", b"name,phone\n")], "email: required"),
            (vec!["import", &good, "--okta-login", "Handle"], "okta-login: unknown"),
            (vec!["import", &good, "--apply", "--dry-run"], "--dry-run"),
            (vec!["export", "--status", "asleep"], "asleep"),
            (vec!["export", "--last-sign-in", "yesterday"], "yesterday"),
            (vec!["export", "--search", "a\u{1}"], "search: blanks"),
        ] {
            let ended = users(&desk, &arguments).await;
            assert_eq!(ended.code, 2, "{arguments:?}: {}", ended.out);
            assert!(ended.err.contains(said), "{arguments:?}: {}", ended.err);
            assert!(ended.out.is_empty());
        }
        let after = desk.dump().await;
        assert!(before == after, "{:?}", after.differs_from(&before));
    }
}
