//! Edits of a connection that is on: members go on with what was proved until the edit is.

use api::{Provider, paths};
use serde_json::{Value, json};

use super::{okta_form, save, shown};
use crate::{desk::ADMIN, on_both};

on_both! {
    async fn members_go_on_with_the_proved_settings_until_the_edit_is_proved(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let old = shown(&mut admin, Provider::Okta).await;

        // The new app is not registered for anybody: with it nobody could sign in.
        let mut form = okta_form(&desk);
        form["client_secret"] = json!("a-wrong-secret-of-forty-characters-00001");
        let edited = save(&mut admin, Provider::Okta, &form).await.expect_status(200).json;
        assert_eq!(edited["state"], "connected");
        assert_eq!(edited["unverified"], true);
        assert_eq!(edited["verification"], Value::Null);
        assert_eq!(edited["settings"]["client_id"], form["client_id"]);
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");

        // The round trip fails, and still nothing changes for members.
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        let failed = shown(&mut admin, Provider::Okta).await;
        assert_eq!(failed["failure"]["cause"], "client_refused");
        assert_eq!(failed["state"], "connected");
        let mut again = desk.browser();
        desk.sign_in(&mut again, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let there = again.get(&paths::auth_start(Provider::Okta)).await.location();
        let old_id = old["settings"]["client_id"].as_str().expect("an id");
        assert!(there.contains(old_id), "{there}");

        // Mended, proved and switched over it is in force.
        let form = okta_form(&desk);
        save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN)
            .await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        let there = again.get(&paths::auth_start(Provider::Okta)).await.location();
        assert!(there.contains(old_id), "a proof alone went over: {there}");
        desk.go_live(&mut admin).await;
        let there = again.get(&paths::auth_start(Provider::Okta)).await.location();
        assert!(there.contains(form["client_id"].as_str().expect("an id")), "{there}");
        let proved = shown(&mut admin, Provider::Okta).await;
        assert_eq!(proved["unverified"], false);
        assert_eq!(proved["failure"], Value::Null);
        // It was on all the time.
        assert_eq!(proved["active_since"], old["active_since"]);
    }

    async fn an_edit_during_the_round_trip_is_not_what_was_proved(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        let form = okta_form(&desk);
        save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        let there = admin
            .post(&paths::connect(Provider::Okta), &Value::Null)
            .await
            .expect_status(200)
            .json;
        let there = there["location"].as_str().expect("a location");
        let back = desk.okta.authorize(there, ADMIN).expect("Okta sends back");
        save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        let reply = admin.get(&back).await;
        assert!(reply.location().starts_with("/settings/integrations/sso/okta/connect?failed="));
        let connection = shown(&mut admin, Provider::Okta).await;
        assert_eq!(connection["state"], "draft");
        assert_eq!(connection["verification"], Value::Null);
        assert_eq!(desk.latest(&mut admin).await["cause"], "settings_changed");
    }

    async fn a_sign_in_under_way_ends_with_the_settings_that_it_began_with(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut grace = desk.browser();
        let back = desk
            .until_callback(&mut grace, Provider::Okta, "grace@northwind.example")
            .await;
        save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        grace.get(&back).await.expect_location("/");
        assert!(grace.is_signed_in().await);
    }

    async fn a_round_trip_is_finished_by_who_began_it(desk: Desk) {
        let mut admin = desk.connected().await;
        let mut grace = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        grace["role"] = json!("admin");
        let form = json!({
            "name": grace["name"], "email": grace["email"], "okta_login": grace["okta_login"],
            "role": "admin",
        });
        let id = grace["id"].as_str().expect("an id");
        admin.put(&paths::user(id), 1, &form).await.expect_status(200);
        save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200);

        // In the same browser another administrator signs in meanwhile.
        let there = admin.post(&paths::connect(Provider::Okta), &Value::Null).await.json;
        let there = there["location"].as_str().expect("a location").to_owned();
        desk.sign_in(&mut admin, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let back = desk.okta.authorize(&there, ADMIN).expect("Okta sends back");
        let failed = admin.get(&back).await.location();
        let reference = failed.rsplit('=').next().expect("a reference");
        let connection = shown(&mut admin, Provider::Okta).await;
        assert_eq!(connection["unverified"], true);
        let path = format!("{}?reference={reference}", paths::SIGN_INS);
        let found = admin.get(&path).await.expect_status(200).json;
        assert_eq!(found["attempts"][0]["cause"], "state_unknown");

        // And a browser in which nobody is signed in cannot finish one either.
        let there = admin.post(&paths::connect(Provider::Okta), &Value::Null).await.json;
        let there = there["location"].as_str().expect("a location").to_owned();
        admin.cookies.remove("__Host-sso_session");
        let back = desk.okta.authorize(&there, "grace@northwind.example").expect("back");
        admin.get(&back).await.location();
        assert!(!admin.is_signed_in().await);
        desk.sign_in(&mut admin, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        assert_eq!(shown(&mut admin, Provider::Okta).await["unverified"], true);
    }
}
