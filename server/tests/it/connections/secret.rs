//! The client secret goes in and never comes out.

use api::{Provider, paths};
use serde_json::{Value, json};

use super::{okta_form, save};
use crate::{
    desk::{ADMIN, Browser},
    on_both,
};

/// Everything that an administrator can read.
async fn everything(admin: &mut Browser) -> String {
    let mut all = String::new();
    for path in [
        paths::SESSION.to_owned(),
        paths::OVERVIEW.to_owned(),
        paths::ORGANIZATION.to_owned(),
        paths::CONNECTIONS.to_owned(),
        paths::connection(Provider::Okta),
        paths::USERS.to_owned(),
        paths::SIGN_INS.to_owned(),
    ] {
        let reply = admin.get(&path).await.expect_status(200);
        all.push_str(&reply.text);
    }
    all
}

on_both! {
    async fn a_secret_is_in_no_answer_and_only_its_end_is_known(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        let form = okta_form(&desk);
        let secret = form["client_secret"].as_str().expect("a secret").to_owned();
        let saved = save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        assert!(!saved.text.contains(&secret));
        let info = &saved.json["secret"];
        assert_eq!(info["last_four"], secret[secret.len() - 4..]);
        assert_eq!(info["set_by"], "Ada Lovelace");
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        let all = everything(&mut admin).await;
        assert!(!all.contains(&secret) && !all.contains(&secret[..secret.len() - 4]));
        for row in desk.audit().await {
            assert!(!row["detail"].contains(&secret), "{row:?}");
        }
    }

    async fn nothing_of_a_short_secret_is_shown(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut form = okta_form(&desk);
        form["client_secret"] = json!("short-xyzzy");
        let saved = save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        assert_eq!(saved.json["secret"]["last_four"], "");
        assert!(!everything(&mut admin).await.contains("yzzy"), "a part of it is shown");
    }

    async fn a_short_secret_in_anothers_place_is_seen_in_the_log(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut form = okta_form(&desk);
        let mut saved = async |secret: &str| {
            form["client_secret"] = json!(secret);
            save(&mut admin, Provider::Okta, &form).await.expect_status(200);
            let reply = admin.get(&format!("{}?limit=1", paths::AUDIT)).await.expect_status(200);
            let changes = reply.json["events"][0]["changes"].as_array().cloned();
            changes.unwrap_or_default().into_iter().find(|it| it["field"] == "secret_fingerprint")
        };
        let side = |change: &Value, side: &str| change[side].as_str().expect("a print").to_owned();
        saved("short-xyzzy").await;
        let other = saved("short-plugh").await.expect("another secret");
        let (before, after) = (side(&other, "before"), side(&other, "after"));
        assert_ne!(before, after);
        assert!([&before, &after].iter().all(|it| it.len() == 8));
        // The same one again is no change, and that of before has its own print again.
        assert_eq!(saved("short-plugh").await, None);
        let back = saved("short-xyzzy").await.expect("another secret");
        assert_eq!((side(&back, "before"), side(&back, "after")), (after, before));
        let next = json!({ "client_secret": "short-frotz" });
        let version = admin.get(&paths::connection(Provider::Okta)).await.json["version"].as_i64();
        let path = paths::next_secret(Provider::Okta);
        admin.put(&path, version.expect("a version"), &next).await.expect_status(200);
        admin.delete(&path).await.expect_status(200);
        let log = desk.audit().await;
        for row in &log {
            let detail = &row["detail"];
            assert!(!["xyzzy", "plugh", "frotz"].iter().any(|it| detail.contains(it)), "{detail}");
        }
        let of_next = log.iter().filter(|it| it["event"].starts_with("secret.next_"));
        assert_eq!(of_next.filter(|it| it["detail"].contains("secret_fingerprint")).count(), 2);
    }

    async fn an_empty_secret_keeps_the_stored_one(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        let mut form = okta_form(&desk);
        let first = save(&mut admin, Provider::Okta, &form).await.expect_status(200).json;
        for empty in [Value::Null, json!(""), json!("   ")] {
            form["client_secret"] = empty;
            let kept = save(&mut admin, Provider::Okta, &form).await.expect_status(200).json;
            assert_eq!(kept["secret"], first["secret"]);
        }
        form.as_object_mut().expect("an object").remove("client_secret");
        save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        // It is the right one still: the round trip works with it.
        desk.round_trip(&mut admin, Provider::Okta, ADMIN)
            .await
            .expect_location("/settings/integrations/sso/okta?proved=1");
    }

    async fn what_a_page_shows_in_place_of_the_secret_changes_nothing(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut form = okta_form(&desk);
        let secret = form["client_secret"].as_str().expect("a secret").to_owned();
        save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        let end = secret[secret.len() - 4..].to_owned();
        let before = desk.dump().await;
        for mask in [
            "••••••••".to_owned(), "****".to_owned(), "********".to_owned(), "…".to_owned(),
            format!("••••{end}"), format!("****{end}"), format!("…{end}"), format!("*{end}"), end,
        ] {
            form["client_secret"] = json!(mask);
            let reply = save(&mut admin, Provider::Okta, &form).await.expect_status(422);
            assert_eq!(reply.faults(), ["client_secret: masked"], "{mask}");
        }
        assert!(before == desk.dump().await, "something changed");
    }

    async fn a_date_goes_with_its_secret(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut form = okta_form(&desk);
        form["client_secret_expires_on"] = json!("2031-01-31");
        let saved = save(&mut admin, Provider::Okta, &form).await.expect_status(200).json;
        assert_eq!(saved["secret"]["expires_on"], "2031-01-31");
        // Without a word of it the secret keeps its date; another secret begins without one.
        form["client_secret"] = Value::Null;
        form["client_secret_expires_on"] = Value::Null;
        let kept = save(&mut admin, Provider::Okta, &form).await.expect_status(200).json;
        assert_eq!(kept["secret"]["expires_on"], "2031-01-31");
        form["client_secret_expires_on"] = json!("");
        let cleared = save(&mut admin, Provider::Okta, &form).await.expect_status(200).json;
        assert!(cleared["secret"].get("expires_on").is_none());
        form["client_secret_expires_on"] = json!("2031-02-31");
        let reply = save(&mut admin, Provider::Okta, &form).await.expect_status(422);
        assert_eq!(reply.faults(), ["client_secret_expires_on: not_a_date"]);
    }

    async fn another_issuer_asks_for_the_secret_again(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut form = okta_form(&desk);
        save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        let secret = form["client_secret"].take();
        let before = desk.dump().await;
        for issuer in [desk.okta.issuer_default(), "https://evil.example".to_owned()] {
            form["issuer"] = json!(issuer);
            let reply = save(&mut admin, Provider::Okta, &form).await.expect_status(422);
            assert_eq!(reply.faults(), ["client_secret: secret_again"]);
        }
        assert!(before == desk.dump().await);
        form["client_secret"] = secret;
        form["issuer"] = json!(desk.okta.issuer_default());
        let saved = save(&mut admin, Provider::Okta, &form).await.expect_status(200).json;
        assert_eq!(saved["settings"]["issuer"], desk.okta.issuer_default());
    }

    async fn another_tenant_asks_for_the_secret_again(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut form = json!({
            "client_id": "c", "client_secret": "a-secret-of-microsoft",
            "tenant": "2f4a8c1e-0b3d-4c5e-9f60-1a2b3c4d5e6f",
        });
        save(&mut admin, Provider::Microsoft, &form).await.expect_status(200);
        form["client_secret"] = Value::Null;
        save(&mut admin, Provider::Microsoft, &form).await.expect_status(200);
        form["tenant"] = json!("3f4a8c1e-0b3d-4c5e-9f60-1a2b3c4d5e6f");
        let reply = save(&mut admin, Provider::Microsoft, &form).await.expect_status(422);
        assert_eq!(reply.faults(), ["client_secret: secret_again"]);
    }

    async fn a_sealed_secret_that_is_moved_to_another_issuer_does_not_open(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200);
        // Whoever can write to the database must not have the secret sent to a server of theirs.
        desk.execute("update connection_settings set issuer = issuer || '/oauth2/default'").await;
        let reply = admin.post(&paths::connect(Provider::Okta), &Value::Null).await;
        let reply = reply.expect_status(500);
        assert_eq!(reply.code(), "internal");
        assert!(!reply.text.contains("sealed"), "{}", reply.text);
        assert_eq!(desk.okta.count_requests("/token"), 0);
    }
}
