//! A password or a code confirms who is signed in; a wrong one is recorded, and opens nothing.

use api::paths;
use serde_json::json;

use crate::{
    desk::{
        ADMIN, PASSWORD,
        recent::{asks, session},
    },
    on_both,
};

on_both! {
    async fn password_confirms_and_wrong_one_is_recorded(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.pass(11 * 60);
        let shown = session(&mut admin).await;
        assert_eq!(shown["reauthenticate_by"], json!(["password"]));
        let since = desk.audit().await.len();
        let wrong = admin.post(paths::REAUTHENTICATE, &json!({ "password": "not the password" })).await;
        assert_eq!(wrong.expect_status(422).faults(), ["password: wrong_password"]);
        assert!(asks(&admin.post(paths::RECOVERY_CODES, &json!(null)).await));
        let right = admin.post(paths::REAUTHENTICATE, &json!({ "password": PASSWORD })).await;
        let now = right.expect_status(200).json;
        assert!(now["authenticated_at"].as_i64() > shown["authenticated_at"].as_i64());
        assert_eq!(session(&mut admin).await["authenticated_at"], now["authenticated_at"]);
        desk.recovery_codes(&mut admin).await;
        let acts = desk.acts_since(since).await;
        assert_eq!(acts[..2], ["password.refused", "session.reauthenticated"]);
    }

    async fn code_confirms_once_in_own_session_only(desk: Desk) {
        let mut admin = desk.administrator().await;
        let codes = desk.recovery_codes(&mut admin).await;
        let other = json!({
            "name": "Grace", "email": "grace@northwind.example", "role": "admin",
        });
        admin.post(paths::USERS, &other).await.expect_status(201);
        desk.execute(
            "update users set password_hash = (select max(password_hash) from users)
             where email = 'grace@northwind.example'",
        ).await;
        let mut grace = desk.browser();
        let form = [("email", "grace@northwind.example"), ("password", PASSWORD)];
        grace.form(paths::AUTH_PASSWORD, &form).await.expect_location("/");
        desk.pass(11 * 60);
        let form = json!({ "code": codes[1] });
        // It is Ada's, and stays good.
        let stolen = grace.post(paths::REAUTHENTICATE, &form).await;
        assert_eq!(stolen.expect_status(422).faults(), ["code: wrong_code"]);
        let shown = session(&mut admin).await;
        assert_eq!(shown["reauthenticate_by"], json!(["password", "code"]));
        let since = desk.audit().await.len();
        admin.post(paths::REAUTHENTICATE, &form).await.expect_status(200);
        assert_eq!(desk.acts_since(since).await, ["break_glass.used", "session.reauthenticated"]);
        let again = admin.post(paths::REAUTHENTICATE, &form).await;
        assert_eq!(again.expect_status(422).faults(), ["code: wrong_code"]);
        desk.recovery_codes(&mut admin).await;
    }

    async fn confirmation_takes_exactly_one_value_while_passwords_are_on(desk: Desk) {
        let mut admin = desk.connected().await;
        for form in [json!({}), json!({ "password": PASSWORD, "code": "x" })] {
            admin.post(paths::REAUTHENTICATE, &form).await.expect_status(400);
        }
        // Okta is on: the password is no way in, and none to confirm either.
        desk.pass(11 * 60);
        let shown = session(&mut admin).await;
        assert_eq!(shown["reauthenticate_by"], json!(["okta"]));
        let reply = admin.post(paths::REAUTHENTICATE, &json!({ "password": PASSWORD })).await;
        assert_eq!(reply.expect_status(409).code(), "illegal_move");
        assert!(asks(&admin.post(paths::RECOVERY_CODES, &json!(null)).await));
        // And nobody confirms anything without a session.
        let mut nobody = desk.browser();
        nobody.post(paths::REAUTHENTICATE, &json!({ "password": PASSWORD })).await.expect_status(401);
    }

    async fn wrong_passwords_are_limited(desk: Desk) {
        let desk = desk.another_with(|settings| settings.requests_a_minute = Some(3)).await;
        let mut admin = desk.administrator().await;
        let mut codes = Vec::new();
        for _ in 0..4 {
            let reply = admin.post(paths::REAUTHENTICATE, &json!({ "password": "not it, not it" })).await;
            codes.push(reply.status.as_u16());
        }
        assert_eq!(codes.last(), Some(&429), "{codes:?}");
        assert_eq!(session(&mut admin).await["email"], ADMIN);
    }
}
