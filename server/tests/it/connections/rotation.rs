//! The next secret: kept beside the first, tried when the provider refuses it, promoted unnoticed.

use std::time::Duration;

use api::{Provider, paths};
use serde_json::{Value, json};

use super::{okta_form, save, shown};
use crate::{
    desk::{ADMIN, Browser, Desk, Reply, watch},
    on_both,
};

async fn secrets(admin: &mut Browser) -> Value {
    let path = paths::secret(Provider::Okta);
    admin.get(&path).await.expect_status(200).json
}

async fn keep_next(admin: &mut Browser, secret: &str) -> Reply {
    let version = secrets(admin).await["version"].as_i64().expect("a version");
    let form = json!({ "client_secret": secret, "expires_on": "2031-01-31" });
    admin
        .put(&paths::next_secret(Provider::Okta), version, &form)
        .await
}

/// A second secret of the app at Okta.
fn second(desk: &Desk, client_id: &str) -> String {
    let secret = desk.okta.create_secret(client_id).expect("a second secret");
    watch::secret(&secret);
    secret
}

/// Okta takes the first secret no more.
fn retire_first(desk: &Desk, client_id: &str) {
    desk.okta
        .change_app(client_id, |app| app.secrets[0].active = false);
}

/// Connected, with the client's id.
async fn connected(desk: &Desk) -> (Browser, String) {
    let mut admin = desk.connected().await;
    let connection = shown(&mut admin, Provider::Okta).await;
    let client_id = connection["settings"]["client_id"].as_str().expect("an id");
    let client_id = client_id.to_owned();
    (admin, client_id)
}

on_both! {
    async fn the_next_secret_takes_over_in_the_sign_in_that_finds_the_first_refused(desk: Desk) {
        let (mut admin, client_id) = connected(&desk).await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let next = second(&desk, &client_id);
        let kept = keep_next(&mut admin, &next).await.expect_status(200);
        assert_eq!(kept.json["next"]["last_four"], next[next.len() - 4..]);
        assert_eq!(kept.json["next"]["expires_on"], "2031-01-31");
        // While the first is good nothing is promoted.
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        assert!(!secrets(&mut admin).await["next"].is_null());

        retire_first(&desk, &client_id);
        let before = desk.audit().await.len();
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let now = secrets(&mut admin).await;
        assert_eq!(now["next"], Value::Null);
        assert_eq!(now["current"]["last_four"], next[next.len() - 4..]);
        assert_eq!(now["current"]["expires_on"], "2031-01-31");
        let acts = desk.acts_since(before).await;
        assert!(acts.iter().filter(|it| *it == "secret.promoted").count() == 1, "{acts:?}");
        let notifications = admin.get(paths::NOTIFICATIONS).await.expect_status(200).json;
        assert_eq!(notifications["notifications"][0]["kind"], "secret_replaced");
        // The next sign-in asks once: the old secret is dropped.
        desk.okta.forget_requests();
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        assert_eq!(desk.okta.count_requests("/token"), 1);
        let rows = desk.dump().await.rows("next_secrets");
        assert!(rows.is_empty(), "{rows:?}");
    }

    async fn another_node_that_has_the_old_secret_in_memory_finds_the_new_one(desk: Desk) {
        let (mut admin, client_id) = connected(&desk).await;
        let other = desk.another().await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut there = other.browser();
        other.sign_in(&mut there, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let next = second(&desk, &client_id);
        keep_next(&mut admin, &next).await.expect_status(200);
        retire_first(&desk, &client_id);
        for node in [&desk, &other, &other] {
            let mut browser = node.browser();
            node.sign_in(&mut browser, Provider::Okta, "grace@northwind.example")
                .await
                .expect_location("/");
        }
        let notifications = admin.get(paths::NOTIFICATIONS).await.json;
        assert_eq!(notifications["notifications"].as_array().map(Vec::len), Some(1), "{notifications}");
    }

    async fn two_wrong_secrets_are_a_refusal_that_names_the_cause_and_promotes_nothing(desk: Desk) {
        let (mut admin, client_id) = connected(&desk).await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let stranger = "a-secret-that-Okta-never-made-0123456789";
        watch::secret(stranger);
        keep_next(&mut admin, stranger).await.expect_status(200);
        retire_first(&desk, &client_id);
        let mut grace = desk.browser();
        let reply = desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await;
        reply.reference();
        assert_eq!(desk.latest(&mut admin).await["cause"], "client_refused");
        assert!(!secrets(&mut admin).await["next"].is_null());
        assert_eq!(admin.get(paths::NOTIFICATIONS).await.json["notifications"], json!([]));
    }

    async fn a_proof_is_not_made_with_the_secret_that_is_in_force_already(desk: Desk) {
        let (mut admin, client_id) = connected(&desk).await;
        let form = json!({
            "issuer": desk.okta.issuer_org(), "client_id": client_id,
            "client_secret": "a-secret-that-Okta-never-made-0123456789",
        });
        save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        let reply = desk.round_trip(&mut admin, Provider::Okta, ADMIN).await;
        assert!(!reply.location().contains("proved=1"), "{}", reply.location());
    }

    async fn a_next_secret_is_refused_for_what_is_no_new_secret(desk: Desk) {
        let mut admin = desk.administrator().await;
        admin.put(&paths::next_secret(Provider::Okta), 0, &json!({ "client_secret": "a-new-secret-0123" }))
            .await
            .expect_status(409);
        let form = okta_form(&desk);
        save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        let first = form["client_secret"].as_str().expect("a secret");
        let before = desk.dump().await;
        let end = &first[first.len() - 4..];
        for (secret, fault) in [
            (first, "same_secret"), (end, "masked"), ("••••••••", "masked"), ("****", "masked"),
            ("…ab12", "masked"), ("", "required"), ("  ", "required"), ("two words", "blanks"),
        ] {
            let reply = keep_next(&mut admin, secret).await.expect_status(422);
            assert_eq!(reply.faults(), [format!("client_secret: {fault}")], "{secret}");
        }
        let stale = json!({ "client_secret": "a-new-secret-0123" });
        let reply = admin.put(&paths::next_secret(Provider::Okta), 99, &stale).await.expect_status(412);
        assert_eq!(reply.code(), "changed");
        assert!(before == desk.dump().await, "something changed");

        keep_next(&mut admin, "a-new-secret-0123").await.expect_status(200);
        let path = paths::next_secret(Provider::Okta);
        assert_eq!(admin.delete(&path).await.expect_status(200).json["next"], Value::Null);
        let before = desk.dump().await;
        admin.delete(&path).await.expect_status(200);
        assert!(before == desk.dump().await, "a second removal changed something");
    }

    async fn the_next_secret_goes_to_no_other_issuer(desk: Desk) {
        let (mut admin, client_id) = connected(&desk).await;
        let next = second(&desk, &client_id);
        keep_next(&mut admin, &next).await.expect_status(200);
        // Whoever can write to the database must not have the secret sent to a server of theirs.
        desk.execute("update next_secrets set issuer = issuer || '/oauth2/default'").await;
        desk.execute("update connection_settings set issuer = issuer || '/oauth2/default'").await;
        let other = desk.another().await;
        desk.okta.forget_requests();
        let mut browser = other.browser();
        browser.get(&paths::auth_start(Provider::Okta)).await;
        assert_eq!(desk.okta.count_requests("/token"), 0);
    }

    /// Fifty sign-ins a second for four seconds; in the middle Okta takes the old secret no more.
    async fn a_rotation_under_load_loses_no_sign_in(desk: Desk) {
        let (mut admin, client_id) = connected(&desk).await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let next = second(&desk, &client_id);
        keep_next(&mut admin, &next).await.expect_status(200);
        let desk = std::sync::Arc::new(desk);
        let mut all = tokio::task::JoinSet::new();
        let mut beat = tokio::time::interval(Duration::from_millis(20));
        for number in 0..200 {
            beat.tick().await;
            if number == 100 {
                retire_first(&desk, &client_id);
            }
            let desk = desk.clone();
            all.spawn(async move {
                let mut browser = desk.browser();
                let reply = desk.sign_in(&mut browser, Provider::Okta, "grace@northwind.example").await;
                reply.location()
            });
        }
        let ended = all.join_all().await;
        let failed: Vec<_> = ended.iter().filter(|it| *it != "/").collect();
        assert_eq!(ended.len(), 200);
        assert!(failed.is_empty(), "{} failed: {:?}", failed.len(), failed.first());
        let acts = desk.acts_since(0).await;
        assert_eq!(acts.iter().filter(|it| *it == "secret.promoted").count(), 1);
        assert_eq!(secrets(&mut admin).await["next"], Value::Null);
    }
}
