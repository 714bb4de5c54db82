//! The first minute: one link, used once, by one person.

use api::paths;
use serde_json::{Value, json};

use crate::{
    desk::{ADMIN, Browser, Desk, PASSWORD, Reply, detail},
    on_both,
};

fn form(token: &str) -> Value {
    json!({
        "token": token, "organization": "Northwind", "name": "Ada Lovelace", "email": ADMIN,
        "password": PASSWORD,
    })
}

async fn perform(browser: &mut Browser, form: &Value) -> Reply {
    browser.post(paths::SET_UP, form).await
}

async fn needed(browser: &mut Browser) -> bool {
    let reply = browser.get(paths::SET_UP).await.expect_status(200);
    reply.json["needed"].as_bool().expect("a yes or no")
}

async fn users(desk: &Desk) -> usize {
    desk.dump().await.rows("users").len()
}

on_both! {
    async fn the_link_makes_the_organization_and_signs_its_administrator_in(desk: Desk) {
        let mut browser = desk.browser();
        assert!(needed(&mut browser).await);
        let reply = perform(&mut browser, &form(&desk.set_up_token())).await.expect_status(201);
        assert!(reply.text.is_empty());
        assert!(!needed(&mut browser).await);
        let session = browser.get(paths::SESSION).await.expect_status(200).json;
        assert_eq!(session["name"], "Ada Lovelace");
        assert_eq!(session["email"], ADMIN);
        assert_eq!(session["role"], "admin");
        assert_eq!(session["organization"], "Northwind");
        assert_eq!(session["signed_in_by"], "password");

        let rows = desk.audit().await;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0]["event"], "organization.set_up");
        assert_eq!(detail(&rows[0]), json!({ "organization": "Northwind", "administrator": ADMIN }));
        let user = &desk.dump().await.rows("users")[0];
        assert!(user["password_hash"].starts_with("$argon2id$"), "{}", user["password_hash"]);
    }

    async fn a_wrong_link_is_refused_and_the_right_one_stays_good(desk: Desk) {
        let mut browser = desk.browser();
        let before = desk.dump().await;
        let right = desk.set_up_token();
        let longer = format!("{right}x");
        for wrong in ["", "x", &right[1..], &longer, &right.to_uppercase(), "\u{0}"] {
            let reply = perform(&mut browser, &form(wrong)).await.expect_status(403);
            assert_eq!(reply.code(), "forbidden", "{wrong:?}");
        }
        assert!(before == desk.dump().await);
        perform(&mut browser, &form(&right)).await.expect_status(201);
    }

    async fn a_link_is_good_for_one_set_up(desk: Desk) {
        desk.administrator().await;
        let mut other = desk.browser();
        let mut second = form(&desk.set_up_token());
        second["email"] = json!("mallory@northwind.example");
        let before = desk.dump().await;
        for token in [desk.set_up_token(), "x".to_owned()] {
            second["token"] = json!(token);
            let reply = perform(&mut other, &second).await.expect_status(409);
            assert_eq!(reply.code(), "set_up_done");
        }
        assert!(before == desk.dump().await);
        assert!(!other.is_signed_in().await);
    }

    async fn of_many_set_ups_at_once_one_succeeds(desk: Desk) {
        let mut tasks = tokio::task::JoinSet::new();
        for at in 0..8 {
            let mut browser = desk.browser();
            let mut form = form(&desk.set_up_token());
            form["email"] = json!(format!("ada{at}@northwind.example"));
            tasks.spawn(async move { perform(&mut browser, &form).await.status.as_u16() });
        }
        let mut statuses = tasks.join_all().await;
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
        assert_eq!(users(&desk).await, 1);
        assert_eq!(desk.dump().await.rows("sessions").len(), 1);
        assert_eq!(desk.acts_since(0).await, ["organization.set_up"]);
    }

    async fn a_new_start_makes_the_old_link_worthless(desk: Desk) {
        let again = desk.another().await;
        let mut browser = desk.browser();
        perform(&mut browser, &form(&desk.set_up_token())).await.expect_status(403);
        perform(&mut browser, &form(&again.set_up_token())).await.expect_status(201);
    }

    async fn every_weak_or_wrong_field_is_named_at_once(desk: Desk) {
        let mut browser = desk.browser();
        let before = desk.dump().await;
        let reply = perform(&mut browser, &json!({
            "token": desk.set_up_token(), "organization": " ", "name": "", "email": "ada",
            "password": "eleven char",
        })).await.expect_status(422);
        assert_eq!(
            reply.faults(),
            ["organization: required", "name: required", "email: not_an_email", "password: too_short"]
        );
        for (field, value, fault) in [
            ("password", String::new(), "required"),
            ("password", "p".repeat(257), "too_long"),
            ("organization", "o".repeat(121), "too_long"),
            ("organization", "North\u{0}wind".to_owned(), "blanks"),
            ("name", "Ada\u{7f}".to_owned(), "blanks"),
            ("email", "\u{430}da@northwind.example".to_owned(), "not_ascii"),
        ] {
            let mut wrong = form(&desk.set_up_token());
            wrong[field] = json!(value);
            let reply = perform(&mut browser, &wrong).await.expect_status(422);
            assert_eq!(reply.faults(), [format!("{field}: {fault}")]);
            assert!(value.is_empty() || !reply.text.contains(&value), "the value came back");
        }
        let mut unknown = form(&desk.set_up_token());
        unknown["role"] = json!("admin");
        let reply = perform(&mut browser, &unknown).await.expect_status(422);
        assert_eq!(reply.faults(), ["role: unknown"]);
        assert!(before == desk.dump().await);
    }

    async fn until_the_set_up_every_page_says_so_and_nothing_else_is_there(desk: Desk) {
        let mut browser = desk.browser();
        for path in ["/", "/users", "/settings/organization", "/no/such/page"] {
            let page = browser.get(path).await.expect_status(503);
            assert!(page.header("content-type").starts_with("text/html"));
            let words = locales::text(locales::Language::English, locales::keys::DOOR_PROBLEM_SET_UP_TITLE);
            assert!(page.text.contains(words), "{}", page.text);
        }
        for path in [paths::SESSION, paths::USERS, paths::CONNECTIONS, paths::OVERVIEW] {
            browser.get(path).await.expect_status(401);
        }
        let start = paths::auth_start(api::Provider::Okta);
        browser.get(&start).await.reference();
        // The door itself opens, with nobody behind it.
        browser.get(paths::SIGN_IN).await.expect_status(200);
        let reply = browser
            .form(paths::AUTH_PASSWORD, &[("email", ADMIN), ("password", PASSWORD)])
            .await;
        assert!(reply.location().contains("notice=refused"));
        assert!(!browser.is_signed_in().await);
    }

    async fn a_set_up_needs_the_consoles_own_page(desk: Desk) {
        let mut browser = desk.browser();
        let request = axum::http::Request::post(paths::SET_UP)
            .header("content-type", "application/json")
            .body(axum::body::Body::from(form(&desk.set_up_token()).to_string()))
            .expect("a request");
        browser.send(request).await.expect_status(403);
        assert!(needed(&mut browser).await);
    }
}
