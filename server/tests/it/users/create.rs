//! Making a user, and what a form is refused for.

use api::paths;
use serde_json::{Value, json};

use super::{expect_nothing_changed, form, id_of, made, shown};
use crate::{desk::detail, on_both};

on_both! {
    async fn a_user_is_made_inactive_and_the_audit_log_has_one_row_of_it(desk: Desk) {
        let mut admin = desk.administrator().await;
        let before = desk.audit().await.len();
        let user = made(&mut admin, &json!({
            "name": "  Grace Hopper ", "email": " Grace@Northwind.Example ",
            "okta_login": "GHopper", "role": "member",
        })).await;
        assert_eq!(user["name"], "Grace Hopper");
        assert_eq!(user["email"], "grace@northwind.example");
        assert_eq!(user["okta_login"], "ghopper");
        assert_eq!(user["status"], "inactive");
        assert_eq!(user["version"], 1);
        assert_eq!(shown(&mut admin, &id_of(&user)).await, user);

        let rows = desk.audit().await;
        assert_eq!(rows.len(), before + 1);
        let row = rows.last().expect("a row");
        assert_eq!(row["event"], "user.created");
        assert_eq!(row["target"], id_of(&user));
        assert_eq!(row["actor_name"], "Ada Lovelace");
        assert_eq!(detail(row)["email"], "grace@northwind.example");
    }

    async fn an_empty_okta_login_assigns_none(desk: Desk) {
        let mut admin = desk.administrator().await;
        for (at, login) in [Value::Null, json!(""), json!("  ")].into_iter().enumerate() {
            let email = format!("nobody{at}@northwind.example");
            let user = made(&mut admin, &json!({
                "name": "Nobody", "email": email, "okta_login": login, "role": "member",
            })).await;
            assert_eq!(user["okta_login"], Value::Null);
        }
        let user = made(&mut admin, &json!({
            "name": "Nobody", "email": "left-out@northwind.example", "role": "member",
        })).await;
        assert_eq!(user["okta_login"], Value::Null);
    }

    async fn every_wrong_field_is_named_at_once_and_nothing_is_stored(desk: Desk) {
        let mut admin = desk.administrator().await;
        let reply = expect_nothing_changed(&desk, async || {
            admin.post(paths::USERS, &json!({
                "name": " ", "email": "grace", "okta_login": "g hopper", "role": "member",
            })).await
        }).await;
        let reply = reply.expect_status(422);
        assert_eq!(reply.code(), "invalid");
        assert_eq!(
            reply.faults(),
            ["name: required", "email: not_an_email", "okta_login: blanks"]
        );
    }

    async fn each_kind_of_wrong_value_is_named_in_its_field(desk: Desk) {
        let mut admin = desk.administrator().await;
        let long_name = "n".repeat(121);
        let long_email = format!("{}@northwind.example", "e".repeat(250));
        let long_login = "l".repeat(101);
        let right = form("Grace Hopper", "grace@northwind.example");
        for (field, value, fault) in [
            ("name", "", "required"),
            ("name", &long_name, "too_long"),
            ("name", "Grace\u{0}Hopper", "blanks"),
            ("name", "Grace\nHopper", "blanks"),
            ("email", "", "required"),
            ("email", &long_email, "too_long"),
            ("email", "grace@northwind", "not_an_email"),
            ("email", "grace@evil.example@northwind.example", "not_an_email"),
            ("email", "gr\u{e4}ce@northwind.example", "not_ascii"),
            ("email", "grace\u{0}@northwind.example", "blanks"),
            ("email", "grace@northwind.example\r\nbcc: x", "blanks"),
            ("okta_login", &long_login, "too_long"),
            ("okta_login", "gr\u{430}ce", "not_ascii"),
            ("okta_login", "grace\u{0}", "blanks"),
            ("okta_login", "\"grace\"", "blanks"),
        ] {
            let mut wrong = right.clone();
            wrong[field] = json!(value);
            let reply = admin.post(paths::USERS, &wrong).await.expect_status(422);
            assert_eq!(reply.faults(), [format!("{field}: {fault}")], "{value:?}");
        }
        let longest = json!({
            "name": "n".repeat(120), "email": "grace@northwind.example",
            "okta_login": "l".repeat(100), "role": "member",
        });
        made(&mut admin, &longest).await;
    }

    async fn a_value_that_somebody_has_is_named_and_nothing_is_stored(desk: Desk) {
        let mut admin = desk.administrator().await;
        made(&mut admin, &json!({
            "name": "Grace", "email": "grace@northwind.example", "okta_login": "ghopper",
            "role": "member",
        })).await;
        for (email, login, fault) in [
            ("GRACE@northwind.example", None, &["email: taken"][..]),
            ("grace@northwind.example", Some("grace@northwind.example"), &["email: taken"]),
            ("grace@northwind.example", Some("ghopper"), &["email: taken", "okta_login: taken"]),
            ("other@northwind.example", Some("GHopper"), &["okta_login: taken"]),
            // Whoever has this login at Okta would sign in as the other one's e-mail.
            ("other@northwind.example", Some("grace@northwind.example"), &["okta_login: taken_by_email"]),
            ("other@northwind.example", Some("ada@northwind.example"), &["okta_login: taken"]),
        ] {
            let reply = expect_nothing_changed(&desk, async || {
                admin.post(paths::USERS, &json!({
                    "name": "Other", "email": email, "okta_login": login, "role": "member",
                })).await
            }).await;
            let reply = reply.expect_status(422);
            assert_eq!(reply.faults(), fault);
        }
    }

    async fn of_many_at_once_with_one_email_one_is_made(desk: Desk) {
        let admin = desk.administrator().await;
        let node = desk.another().await;
        let before = desk.audit().await.len();
        let mut tasks = tokio::task::JoinSet::new();
        for at in 0..8 {
            let mut browser = if at % 2 == 0 { admin.clone() } else { admin.at(&node) };
            tasks.spawn(async move {
                let form = form(&format!("Grace {at}"), "grace@northwind.example");
                browser.post(paths::USERS, &form).await
            });
        }
        let mut statuses: Vec<u16> = Vec::new();
        for reply in tasks.join_all().await {
            if reply.status.as_u16() != 201 {
                assert_eq!(reply.faults().first().map(String::as_str), Some("email: taken"));
            }
            statuses.push(reply.status.as_u16());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422, 422, 422, 422, 422, 422, 422]);
        assert_eq!(desk.acts_since(before).await, ["user.created"]);
        assert_eq!(desk.dump().await.rows("users").len(), 2);
    }

    async fn a_form_with_an_unknown_or_missing_field_is_refused(desk: Desk) {
        let mut admin = desk.administrator().await;
        let right = form("Grace", "grace@northwind.example");
        let mut extra = right.clone();
        extra["is_admin"] = json!(true);
        let mut missing = right.clone();
        missing.as_object_mut().expect("an object").remove("role");
        let mut unknown_role = right.clone();
        unknown_role["role"] = json!("root");
        for (wrong, field) in [(extra, "is_admin"), (missing, "role"), (unknown_role, "role")] {
            let reply = expect_nothing_changed(&desk, async || {
                admin.post(paths::USERS, &wrong).await
            }).await;
            let reply = reply.expect_status(422);
            assert!(
                reply.faults().iter().any(|fault| fault.starts_with(&format!("{field}: "))),
                "{} does not name {field}",
                reply.text
            );
        }
    }
}
