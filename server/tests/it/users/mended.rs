//! What does not fit is mended: each way that the page offers does what is said beside it.

use api::{Cause, Provider, paths};
use serde_json::{Value, json};

use super::{accepted, id_of, shown};
use crate::{
    desk::{Browser, Desk, detail},
    on_both,
    refusals::refused,
    witness,
};

const ALAN: &str = "alan@northwind.example";

/// Alan, bound and signed in; then his login went to a second account, which was refused.
async fn second_account(desk: &Desk) -> (Browser, String, Browser) {
    let mut admin = desk.connected().await;
    let id = id_of(&desk.member(&mut admin, "Alan", ALAN).await);
    let mut alan = desk.browser();
    desk.sign_in(&mut alan, Provider::Okta, ALAN)
        .await
        .expect_location("/");
    desk.okta.change_person(ALAN, |person| {
        person.login = "alan.retired".into();
        person.email = "retired@northwind.example".into();
    });
    desk.person("Alan", "Again", ALAN);
    refused(desk, ALAN, Cause::LinkedToOther).await;
    let now = shown(&mut admin, &id).await;
    assert_eq!(now["attention"]["kind"], "second_identity");
    (admin, id, alan)
}

on_both! {
    async fn without_the_bond_the_second_account_is_bound_and_nothing_here_is_lost(desk: Desk) {
        let (mut admin, id, mut alan) = second_account(&desk).await;
        let sub = desk.okta.person(ALAN).id;
        let before = shown(&mut admin, &id).await;
        admin.post(&paths::unlink(&id), &Value::Null).await.expect_status(200);
        assert!(!alan.is_signed_in().await);
        desk.sign_in(&mut alan, Provider::Okta, ALAN).await.expect_location("/");
        let now = admin.get(&paths::user(&id)).await.expect_status(200).json;
        assert_eq!(now["identities"][0]["sub"], sub);
        assert_eq!((&now["user"]["status"], &now["user"]["attention"]), (&json!("active"), &Value::Null));
        for kept in ["id", "name", "email", "okta_login", "role", "created_at", "first_sign_in_at"] {
            assert_eq!(now["user"][kept], before[kept], "{kept}");
        }
    }

    async fn with_the_bond_kept_the_second_account_stays_out_and_is_shown_again(desk: Desk) {
        let (mut admin, id, mut alan) = second_account(&desk).await;
        let now = accepted(&mut admin, &id).await.expect_status(200).json;
        assert_eq!((&now["status"], &now["attention"]), (&json!("active"), &Value::Null));
        assert!(alan.is_signed_in().await, "nothing changes for Alan");
        refused(&desk, ALAN, Cause::LinkedToOther).await;
        assert_eq!(shown(&mut admin, &id).await["attention"]["kind"], "second_identity");
    }

    async fn suspended_neither_account_comes_in(desk: Desk) {
        let (mut admin, id, mut alan) = second_account(&desk).await;
        admin.post(&paths::suspend(&id), &Value::Null).await.expect_status(200);
        assert!(!alan.is_signed_in().await);
        refused(&desk, "alan.retired", Cause::UserSuspended).await;
        refused(&desk, ALAN, Cause::LinkedToOther).await;
        admin.post(&paths::reinstate(&id), &Value::Null).await.expect_status(200);
        desk.sign_in(&mut alan, Provider::Okta, "alan.retired").await.expect_location("/");
    }

    async fn after_a_changed_login_the_bond_can_go_to_whoever_has_the_login_now(desk: Desk) {
        let mut admin = desk.connected().await;
        let id = id_of(&desk.member(&mut admin, "Alan", ALAN).await);
        let mut alan = desk.browser();
        desk.sign_in(&mut alan, Provider::Okta, ALAN).await.expect_location("/");
        desk.okta.change_person(ALAN, |person| {
            person.login = "turing@northwind.example".into();
            person.email = "turing@northwind.example".into();
        });
        desk.sign_in(&mut alan, Provider::Okta, "turing@northwind.example").await.expect_location("/");
        assert_eq!(shown(&mut admin, &id).await["attention"]["kind"], "login_changed");
        admin.post(&paths::unlink(&id), &Value::Null).await.expect_status(200);
        assert!(!alan.is_signed_in().await);
        refused(&desk, "turing@northwind.example", Cause::UnknownUser).await;
        desk.person("Alan", "Again", ALAN);
        desk.sign_in(&mut alan, Provider::Okta, ALAN).await.expect_location("/");
        let now = admin.get(&paths::user(&id)).await.expect_status(200).json;
        assert_eq!(now["identities"][0]["sub"], desk.okta.person(ALAN).id);
        assert_eq!(now["user"]["status"], "active");
    }

    async fn the_bond_to_okta_goes_and_what_google_knows_stays(desk: Desk) {
        let mut admin = desk.connected().await;
        let id = id_of(&desk.member(&mut admin, "Alan", ALAN).await);
        let mut alan = desk.browser();
        desk.sign_in(&mut alan, Provider::Okta, ALAN).await.expect_location("/");
        desk.execute(
            "insert into identities (id, user_id, provider, issuer, sub, linked_at)
             select '0190-alan', id, 'google', 'https://accounts.google.com', 'of-google', 1
             from users where email = 'alan@northwind.example'",
        ).await;
        let since = desk.audit().await.len();
        admin.post(&paths::unlink(&id), &Value::Null).await.expect_status(200);
        assert!(!alan.is_signed_in().await);
        let rows = desk.audit().await.split_off(since);
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!(detail(&rows[0])["providers"], json!(["okta"]));
        let now = admin.get(&paths::user(&id)).await.expect_status(200).json;
        assert_eq!(now["identities"].as_array().map(Vec::len), Some(1));
        assert_eq!(now["identities"][0]["provider"], "google");
        // Another e-mail is another account there.
        let mut form = super::form("Alan", "turing@northwind.example");
        form["okta_login"] = json!(ALAN);
        let version = super::version_of(&now["user"]);
        admin.put(&paths::user(&id), version, &form).await.expect_status(200);
        assert_eq!(witness::identities(&desk).await, 0);
    }
}
