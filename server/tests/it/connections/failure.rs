//! A round trip that fails says why, with a reference, and changes nothing.

use api::{Provider, paths};
use okta_simulator::Fault;
use serde_json::{Value, json};

use super::{okta_form, save, shown};
use crate::{desk::ADMIN, on_both};

on_both! {
    async fn a_failed_round_trip_is_shown_with_cause_and_reference_until_it_is_mended(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200);
        for (fault, cause) in [
            (Fault::TokenInvalidClient, "client_refused"),
            (Fault::AccessDenied, "access_denied"),
            (Fault::BadSignature, "token_signature"),
            (Fault::Userinfo500, "userinfo_unreadable"),
        ] {
            desk.okta.set_fault(fault);
            let before = desk.audit().await.len();
            let reply = desk.round_trip(&mut admin, Provider::Okta, ADMIN).await;
            let location = reply.location();
            let reference = location
                .strip_prefix("/settings/integrations/sso/okta/connect?failed=")
                .unwrap_or_else(|| panic!("went to {location}"));
            let connection = shown(&mut admin, Provider::Okta).await;
            assert_eq!(connection["state"], "draft");
            assert_eq!(connection["failure"]["cause"], cause, "{connection}");
            assert_eq!(connection["failure"]["reference"], reference);
            let attempt = desk.latest(&mut admin).await;
            assert_eq!(attempt["purpose"], "test");
            assert_eq!(attempt["cause"], cause);
            assert_eq!(attempt["reference"], reference);
            let found = admin
                .get(&format!("{}?reference={}", paths::SIGN_INS, reference.to_lowercase()))
                .await
                .expect_status(200)
                .json;
            assert_eq!(found["attempts"], json!([attempt]));
            assert_eq!(desk.acts_since(before).await, [""; 0]);
            desk.okta.clear_faults();
        }
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        assert_eq!(shown(&mut admin, Provider::Okta).await["failure"], Value::Null);
    }

    async fn a_provider_out_of_reach_is_said_before_anybody_is_sent_away(desk: Desk) {
        let mut admin = desk.administrator().await;
        let mut form = okta_form(&desk);
        // Nobody listens there.
        form["issuer"] = json!("http://127.0.0.1:9");
        save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        let reply = admin
            .post(&paths::connect(Provider::Okta), &Value::Null)
            .await
            .expect_status(200);
        let location = reply.json["location"].as_str().expect("a location");
        assert!(location.starts_with("/settings/integrations/sso/okta/connect?failed="));
        let failure = &shown(&mut admin, Provider::Okta).await["failure"];
        assert_eq!(failure["cause"], "unreachable");
    }

    async fn what_okta_said_is_kept_for_the_administrator_and_cut(desk: Desk) {
        let mut admin = desk.administrator().await;
        save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200);
        let words = format!("<script>alert(1)</script>\u{202e}\r\n{}", "w".repeat(900));
        let there = admin.post(&paths::connect(Provider::Okta), &Value::Null).await.json;
        let there = url::Url::parse(there["location"].as_str().expect("a location")).expect("a URL");
        let state = there.query_pairs().find(|(name, _)| name == "state").expect("a state").1;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("state", &state);
        query.append_pair("error", "access_denied");
        query.append_pair("error_description", &words);
        let back = format!("{}?{}", paths::auth_callback(Provider::Okta), query.finish());
        let reply = admin.get(&back).await;
        assert!(!reply.location().contains("script"));
        let failure = shown(&mut admin, Provider::Okta).await["failure"].clone();
        assert_eq!(failure["cause"], "access_denied");
        let said = failure["provider_said"].as_str().expect("what Okta said");
        assert!(said.chars().count() <= 240, "{} characters", said.chars().count());
        assert!(!said.contains(['\r', '\n', '\u{202e}']), "{said:?}");
    }
}
