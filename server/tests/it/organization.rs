//! The organization: its name, and which identity provider it says it has.

use api::{Provider, paths};
use serde_json::{Value, json};

use crate::{
    desk::{ADMIN, detail, version_of},
    on_both,
};

on_both! {
    async fn a_rename_is_kept_with_before_and_after_in_the_audit_log(desk: Desk) {
        let mut admin = desk.administrator().await;
        let shown = admin.get(paths::ORGANIZATION).await.expect_status(200).json;
        assert_eq!(shown, json!({
            "name": "Northwind", "public_url": "http://localhost:8080", "identity_provider": null,
            "redirect_uri": "http://localhost:8080/auth/okta/callback", "version": 1,
        }));
        let before = desk.audit().await.len();
        let renamed = admin
            .put(paths::ORGANIZATION, 1, &json!({ "name": "  Écoles & Søn " }))
            .await
            .expect_status(200)
            .json;
        assert_eq!(renamed["name"], "Écoles & Søn");
        assert_eq!(renamed["version"], 2);
        let rows = desk.audit().await;
        assert_eq!(rows.len(), before + 1);
        let row = rows.last().expect("a row");
        assert_eq!(row["event"], "organization.renamed");
        assert_eq!(detail(row), json!({ "before": "Northwind", "after": "Écoles & Søn" }));
        // The door says the new name, as text.
        let page = desk.browser().get(paths::SIGN_IN).await;
        assert!(page.text.contains("Écoles &amp; Søn"), "{}", page.text);
    }

    async fn a_rename_that_is_wrong_or_stale_changes_nothing(desk: Desk) {
        let mut admin = desk.administrator().await;
        admin.put(paths::ORGANIZATION, 1, &json!({ "name": "Second" })).await.expect_status(200);
        let before = desk.dump().await;
        let stale = admin.put(paths::ORGANIZATION, 1, &json!({ "name": "Third" })).await;
        assert_eq!(stale.expect_status(412).code(), "changed");
        let without = admin.post(paths::ORGANIZATION, &json!({ "name": "Third" })).await;
        without.expect_status(405);
        for (name, fault) in [("", "required"), ("a\u{0}b", "blanks"), (&"n".repeat(121), "too_long")] {
            let reply = admin.put(paths::ORGANIZATION, 2, &json!({ "name": name })).await;
            let reply = reply.expect_status(422);
            assert_eq!(reply.faults(), [format!("name: {fault}")]);
        }
        let reply = admin
            .put(paths::ORGANIZATION, 2, &json!({ "name": "Third", "public_url": "https://evil" }))
            .await
            .expect_status(422);
        assert_eq!(reply.faults(), ["public_url: unknown"]);
        assert!(before == desk.dump().await);
    }

    async fn the_identity_provider_is_okta_as_soon_as_something_of_it_is_saved(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        let shown = admin.get(paths::ORGANIZATION).await.json;
        assert_eq!(shown["identity_provider"], json!({ "provider": "okta", "state": "draft" }));
        desk.connect_okta(&mut admin).await;
        let shown = admin.get(paths::ORGANIZATION).await.json;
        assert_eq!(shown["identity_provider"], json!({ "provider": "okta", "state": "connected" }));
        let version = version_of(&mut admin, paths::connection(Provider::Okta)).await;
        admin.post_version(&paths::disable(Provider::Okta), version).await.expect_status(200);
        let shown = admin.get(paths::ORGANIZATION).await.json;
        assert_eq!(shown["identity_provider"], json!({ "provider": "okta", "state": "disabled" }));
    }

    async fn the_overview_counts_what_is_there(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        desk.person("Zoe", "Unknown", "zoe@northwind.example");
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        desk.sign_in(&mut browser, Provider::Okta, "zoe@northwind.example").await.reference();
        browser.get(&paths::auth_start(Provider::Okta)).await.location();
        desk.pass(11 * 60);
        let overview = admin.get(paths::OVERVIEW).await.expect_status(200).json;
        assert_eq!(overview["today"], json!({ "succeeded": 1, "failed": 1, "not_completed": 1 }));
        assert_eq!(overview["users"]["all"], 2);
        assert_eq!(overview["users"]["active"], 1);
        assert_eq!(overview["connections"][0]["state"], "connected");
        let outcomes: Vec<&Value> = overview["recent"]
            .as_array()
            .expect("attempts")
            .iter()
            .map(|attempt| &attempt["outcome"])
            .collect();
        assert_eq!(outcomes, ["not_completed", "failed", "succeeded", "succeeded"]);
    }
}
