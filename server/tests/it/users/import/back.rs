//! A file that goes back: whatever was taken is as it was before, but for what somebody else changed since.

use api::paths;
use serde_json::{Value, json};
use server::IMPORTED_AT_ONCE;

use super::{applied, looked_at, numbers, rows, still};
use crate::{
    desk::{Browser, Desk, Row, detail},
    on_both,
    users::{form, id_of, made, shown, version_of},
};

/// Rows for so many turns, none of which refuses.
fn people(turns: i64) -> String {
    rows(turns * IMPORTED_AT_ONCE)
}

/// A file as if its last row had been refused, once it is back.
async fn taken_back(desk: &Desk, admin: &mut Browser, import: &Value) -> Row {
    desk.execute("update jobs set state = 'undoing', ended_at = null")
        .await;
    desk.pass(40);
    server::tidy_once(&desk.app).await.expect("tidied");
    assert_eq!(still(admin, import).await["state"], "failed", "it ends");
    ended(desk).await
}

/// What the log says of the end of a file that went back.
async fn ended(desk: &Desk) -> Row {
    let rows = desk.audit().await;
    let end = rows
        .iter()
        .rfind(|row| row["event"] == "users.import_failed");
    end.expect("a row").clone()
}

/// Another administrator, who has a password and recovery codes.
async fn grace(desk: &Desk, admin: &mut Browser) -> (Browser, Value) {
    let mut form = form("Grace Hopper", "grace@northwind.example");
    form["role"] = json!("admin");
    let grace = made(admin, &form).await;
    desk.execute("update users set password_hash = (select max(password_hash) from users)")
        .await;
    let mut browser = desk.browser();
    let fields = [
        ("email", "grace@northwind.example"),
        ("password", crate::desk::PASSWORD),
    ];
    let reply = browser.form(paths::AUTH_PASSWORD, &fields).await;
    reply.expect_location("/");
    desk.recovery_codes(&mut browser).await;
    (browser, grace)
}

on_both! {
    async fn whoever_was_changed_between_two_turns_keeps_that(desk: Desk) {
        let mut admin = desk.administrator().await;
        let (_, grace) = grace(&desk, &mut admin).await;
        let other = made(&mut admin, &form("Alan", "alan@northwind.example")).await;
        let file = "name,email\nGrace Brewster,grace@northwind.example\n\
                    Alan Turing,alan@northwind.example\n\
                    New,new@northwind.example\nNewer,newer@northwind.example\n";
        let import = looked_at(&mut admin, file).await;
        let import = applied(&mut admin, &import).await;
        // She is no administrator any more, and comes by another login.
        let changed = shown(&mut admin, &id_of(&grace)).await;
        let mut wish = form("Grace Brewster", "grace@northwind.example");
        wish["okta_login"] = json!("brewster@northwind.example");
        admin.put(&paths::user(&id_of(&grace)), version_of(&changed), &wish).await.expect_status(200);
        let found = admin.get(&format!("{}?search=newer", paths::USERS)).await.json;
        let newer = found["users"][0].clone();
        admin.post(&paths::suspend(&id_of(&newer)), &Value::Null).await.expect_status(200);

        let end = taken_back(&desk, &mut admin, &import).await;
        assert_eq!(detail(&end)["stayed"], 2, "{end:?}");
        let now = shown(&mut admin, &id_of(&grace)).await;
        assert_eq!((&now["role"], &now["okta_login"]), (&wish["role"], &wish["okta_login"]));
        assert_eq!(shown(&mut admin, &id_of(&newer)).await["status"], "suspended");
        assert_eq!(shown(&mut admin, &id_of(&other)).await["name"], "Alan");
        assert_eq!(admin.get(paths::USERS).await.json["counts"]["all"], 4, "only one was made");
    }

    async fn a_row_does_what_was_shown_or_the_file_goes_back(desk: Desk) {
        let mut admin = desk.administrator().await;
        let old = made(&mut admin, &form("Old", "old@northwind.example")).await;
        let gone = made(&mut admin, &form("Gone", "gone@northwind.example")).await;
        let first = "name,email\nOlder,old@northwind.example\n";
        for (row, line) in [("Gone Again,gone@northwind.example\n", 3), ("New,new@northwind.example\n", 3)] {
            let import = looked_at(&mut admin, format!("{first}{row}")).await;
            if import["create"] == 0 {
                // It was to be changed, and would be made again.
                assert_eq!(numbers(&import), [2, 0, 2, 0, 0]);
                admin.delete(&paths::user(&id_of(&gone))).await.expect_status(204);
            } else {
                // It was to be made, and would be changed.
                assert_eq!(numbers(&import), [2, 1, 1, 0, 0]);
                made(&mut admin, &form("Another", "new@northwind.example")).await;
            }
            let before = desk.dump().await.rows("users");
            let import = applied(&mut admin, &import).await;
            assert_eq!(import["state"], "failed", "{import}");
            assert!(desk.dump().await.rows("users") == before, "{row}");
            assert_eq!(detail(&ended(&desk).await), json!({ "line": line, "stayed": 0 }));
        }
        assert_eq!(shown(&mut admin, &id_of(&old)).await["name"], "Old");
    }

    async fn what_a_row_changes_is_shown_and_nothing_else_is_done(desk: Desk) {
        let mut admin = desk.administrator().await;
        let old = made(&mut admin, &form("Old", "old@northwind.example")).await;
        let file = "name,email,okta_login,role\nNew,new@northwind.example,,\n\
                    Older,old@northwind.example,elder@northwind.example,admin\n";
        let import = looked_at(&mut admin, file).await;
        let change = |field: &str, before: &str, after: &str| {
            json!({ "field": field, "before": before, "after": after })
        };
        let login = change("okta_login", "old@northwind.example", "elder@northwind.example");
        let changes = [change("name", "Old", "Older"), login, change("role", "member", "admin")];
        let row = json!({ "line": 3, "id": id_of(&old), "name": "Old", "changes": changes });
        assert_eq!(import["changed_rows"], json!([row]));
        // Another change than the one that was shown: whom somebody renamed meanwhile.
        let version = version_of(&old);
        let renamed = form("Oldest", "old@northwind.example");
        admin.put(&paths::user(&id_of(&old)), version, &renamed).await.expect_status(200);
        let failed = applied(&mut admin, &import).await;
        assert_eq!((&failed["state"], &failed["refused_line"]), (&json!("failed"), &json!(3)));
        assert_eq!((&failed["stayed"], &failed["changed_rows"]), (&json!(0), &json!([])));
        let now = shown(&mut admin, &id_of(&old)).await;
        assert_eq!((&now["name"], &now["role"]), (&json!("Oldest"), &json!("member")));
        // Looked at again it says so, and is taken.
        let import = looked_at(&mut admin, file).await;
        assert_eq!(import["changed_rows"][0]["changes"][0], change("name", "Oldest", "Older"));
        let done = applied(&mut admin, &import).await;
        assert_eq!((&done["state"], &done["changed_rows"]), (&json!("done"), &import["changed_rows"]));
    }

    async fn a_row_that_is_refused_in_the_last_turn_takes_all_the_others_back(desk: Desk) {
        let mut admin = desk.administrator().await;
        let old = made(&mut admin, &form("Old", "old@northwind.example")).await;
        let file = format!("name,email\nNew,old@northwind.example\n{}Last,last@northwind.example\n", people(2));
        let import = looked_at(&mut admin, file).await;
        let made_by_it = u64::try_from(2 * IMPORTED_AT_ONCE).expect("a number");
        assert_eq!(numbers(&import), [made_by_it + 2, made_by_it + 1, 1, 0, 0]);
        // Their e-mail became another's login since.
        let mut other = form("Other", "other@northwind.example");
        other["okta_login"] = json!("last@northwind.example");
        made(&mut admin, &other).await;
        let since = desk.audit().await.len();
        let import = applied(&mut admin, &import).await;
        assert_eq!(import["state"], "failed");
        let acts = desk.acts_since(since).await;
        let deleted = acts.iter().filter(|act| *act == "user.deleted").count();
        assert_eq!(deleted as u64, made_by_it - 1, "whoever the turns before the last had made");
        let counts = admin.get(paths::USERS).await.json["counts"].clone();
        assert_eq!(counts["all"], 3);
        assert_eq!(shown(&mut admin, &id_of(&old)).await["name"], "Old");
    }

    async fn an_administrator_loses_nothing_to_a_file_that_goes_back(desk: Desk) {
        let mut admin = desk.administrator().await;
        let (mut by_password, grace) = grace(&desk, &mut admin).await;
        let demoted = "name,email,role\nGrace Hopper,grace@northwind.example,member\n";
        let rows = people(2).replace('\n', ",member\n");
        let file = format!("{demoted}{rows}Last,last@northwind.example,member\n");
        let import = looked_at(&mut admin, file.clone()).await;
        let mut other = form("Other", "other@northwind.example");
        other["okta_login"] = json!("last@northwind.example");
        let other = made(&mut admin, &other).await;
        let before = desk.dump().await;
        let import = applied(&mut admin, &import).await;
        assert_eq!(import["state"], "failed");
        let after = desk.dump().await;
        assert!(after.rows("users") == before.rows("users"), "with her password");
        assert!(after.rows("break_glass") == before.rows("break_glass"), "with her codes");
        assert!(by_password.is_signed_in().await);
        // Once nothing stands in the way the same file takes all three.
        admin.delete(&paths::user(&id_of(&other))).await.expect_status(204);
        let import = looked_at(&mut admin, file).await;
        let import = applied(&mut admin, &import).await;
        assert_eq!(import["state"], "done");
        assert_eq!(shown(&mut admin, &id_of(&grace)).await["role"], "member");
        let after = desk.dump().await;
        let with_password = after.rows("users").into_iter().filter(|row| row.contains_key("password_hash"));
        assert_eq!(with_password.count(), 1, "Ada's");
        assert_eq!(after.rows("break_glass").len(), 0);
        assert!(!by_password.is_signed_in().await);
    }

    async fn what_somebody_else_took_meanwhile_does_not_hold_the_way_back_up(desk: Desk) {
        let mut admin = desk.administrator().await;
        let old = made(&mut admin, &form("Old", "old@northwind.example")).await;
        let mut file = String::from("name,email,okta_login\nOld,old@northwind.example,moved@northwind.example\n");
        for number in 0..IMPORTED_AT_ONCE + 30 {
            let row = format!("Person,person{number}@northwind.example,\n");
            file.push_str(&row);
        }
        let import = looked_at(&mut admin, file).await;
        let import = applied(&mut admin, &import).await;
        assert_eq!(import["state"], "done");
        // As if the last row had been refused, after another user came to have the old login.
        let mut other = form("Other", "other@northwind.example");
        other["okta_login"] = json!("old2@northwind.example");
        let other = made(&mut admin, &other).await;
        desk.execute("update users set email = 'older@northwind.example' where email = 'old@northwind.example'").await;
        desk.execute("update users set email = 'old@northwind.example' where email = 'other@northwind.example'").await;
        let end = taken_back(&desk, &mut admin, &import).await;
        assert_eq!(detail(&end)["stayed"], 1, "{end:?}");
        assert_eq!(shown(&mut admin, &id_of(&old)).await["okta_login"], "moved@northwind.example");
        assert_eq!(admin.get(paths::USERS).await.json["counts"]["all"], 3);
        drop(other);
    }
}
