//! The administrator's round trip: it proves exactly the settings that it went with, and is
//! finished by the one who began it.

use api::{Cause, Provider, paths};
use okta_simulator::Fault;
use serde_json::{Value, json};

use crate::{
    desk::{ADMIN, Browser, Desk, PASSWORD, Reply, version_of},
    on_both, witness,
};

/// A set-up deployment with saved settings; the address that the round trip comes back to.
async fn on_the_way(desk: &Desk) -> (Browser, String) {
    let mut admin = desk.administrator().await;
    desk.person("Ada", "Lovelace", ADMIN);
    desk.save_okta(&mut admin, &desk.okta.issuer_org())
        .await
        .expect_status(200);
    let back = begin(desk, &mut admin).await;
    (admin, back)
}

async fn begin(desk: &Desk, admin: &mut Browser) -> String {
    let reply = admin
        .post(&paths::connect(Provider::Okta), &Value::Null)
        .await
        .expect_status(200);
    let there = reply.json["location"]
        .as_str()
        .expect("a location")
        .to_owned();
    desk.okta.authorize(&there, ADMIN).expect("Okta sends back")
}

async fn okta(admin: &mut Browser) -> Value {
    admin
        .get(&paths::connection(Provider::Okta))
        .await
        .expect_status(200)
        .json
}

/// The reference of a round trip that failed: the page to go back to carries it.
fn failed(reply: &Reply) -> String {
    let location = reply.location();
    let start = "/settings/integrations/sso/okta/connect?failed=";
    location
        .strip_prefix(start)
        .unwrap_or_else(|| panic!("went to {location}"))
        .to_owned()
}

on_both! {
    async fn settings_that_change_during_the_round_trip_are_not_proved(desk: Desk) {
        let (mut admin, back) = on_the_way(&desk).await;
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        let reference = failed(&admin.get(&back).await);
        let row = witness::attempt(&desk, &reference).await;
        assert_eq!(row.cause.as_deref(), Some("settings_changed"));
        assert!(row.is_emptied && row.is_ended);
        let okta = okta(&mut admin).await;
        assert_eq!(okta["state"], "draft");
        assert!(okta["verification"].is_null());
        let mut member = desk.browser();
        let start = paths::auth_start(Provider::Okta);
        let reply = member.get(&start).await;
        witness::refused(&desk, &mut member, reply, Cause::ConnectionOff, "draft", &start).await;
        let back = begin(&desk, &mut admin).await;
        admin.get(&back).await.expect_location("/settings/integrations/sso/okta?proved=1");
    }

    async fn whoever_is_no_administrator_any_more_proves_nothing(desk: Desk) {
        let mut ada = desk.connected().await;
        let grace = desk.member(&mut ada, "Grace", "grace@northwind.example").await;
        let role = |role: &str| json!({
            "action": { "kind": "change_role", "role": role }, "ids": [grace["id"]], "expected": 1,
        });
        crate::users::begun(&mut ada, &role("admin")).await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let back = begin(&desk, &mut browser).await;
        crate::users::begun(&mut ada, &role("member")).await;
        desk.sign_in(&mut browser, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let before = okta(&mut ada).await["verification"]["at"].clone();
        desk.pass(1);
        let reference = failed(&browser.get(&back).await);
        assert_eq!(witness::attempt(&desk, &reference).await.cause.as_deref(), Some("state_unknown"));
        assert_eq!(okta(&mut ada).await["verification"]["at"], before);
    }

    async fn an_edit_while_it_is_active_leaves_members_with_what_was_proved(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", "alan@northwind.example").await;
        let path = paths::connection(Provider::Okta);
        let version = version_of(&mut admin, path.clone()).await;
        let form = json!({
            "issuer": desk.okta.issuer_org(), "client_id": "0oaWrong000000000000",
            "client_secret": "not-the-secret-of-anything-0000",
        });
        let saved = admin.put(&path, version, &form).await.expect_status(200).json;
        assert_eq!((&saved["state"], &saved["unverified"]), (&json!("connected"), &json!(true)));
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, "alan@northwind.example")
            .await
            .expect_location("/");
    }

    async fn only_the_administrator_who_began_finishes(desk: Desk) {
        let (mut admin, back) = on_the_way(&desk).await;
        let mut stranger = desk.browser();
        let reply = stranger.get(&back).await;
        let what = "a stranger";
        witness::refused(&desk, &mut stranger, reply, Cause::StateUnknown, what, &back).await;

        // Signed out meanwhile: the browser is the same, the person need not be.
        admin.post(paths::AUTH_SIGN_OUT, &Value::Null).await.expect_status(200);
        let reference = failed(&admin.get(&back).await);
        let row = witness::attempt(&desk, &reference).await;
        assert_eq!(row.cause.as_deref(), Some("state_unknown"));
        assert!(!admin.is_signed_in().await, "a round trip ended in a session");
        assert_eq!(desk.okta.count_requests("/v1/token"), 0);
        let fields = [("email", ADMIN), ("password", PASSWORD)];
        admin.form(paths::AUTH_PASSWORD, &fields).await.expect_location("/");
        assert_eq!(okta(&mut admin).await["state"], "draft");
    }

    async fn a_round_trip_ends_in_a_proof_and_opens_no_session(desk: Desk) {
        let (mut admin, back) = on_the_way(&desk).await;
        let (session, before) = (admin.cookies["__Host-sso_session"].clone(), witness::sessions(&desk).await);
        admin.get(&back).await.expect_location("/settings/integrations/sso/okta?proved=1");
        assert_eq!(admin.cookies["__Host-sso_session"], session);
        assert_eq!(witness::sessions(&desk).await, before);
        assert_eq!(witness::identities(&desk).await, 0);
        let okta = okta(&mut admin).await;
        assert_eq!(okta["verification"]["sub"], desk.okta.person(ADMIN).id);
        assert_eq!(okta["verification"]["login"], ADMIN);
        let text = okta.to_string();
        for secret in ["nonce", "at_hash", &desk.okta.apps()[0].secrets[0].value] {
            assert!(!text.contains(secret), "{secret} is shown");
        }
    }

    async fn what_fails_leaves_everything_as_it_was_and_says_why(desk: Desk) {
        let (mut admin, back) = on_the_way(&desk).await;
        admin.get(&back).await.expect_location("/settings/integrations/sso/okta?proved=1");
        for (fault, cause) in [
            (Fault::TokenInvalidClient, "client_refused"),
            (Fault::WrongNonce, "token_nonce"),
            (Fault::UserinfoOtherSubject, "userinfo_sub"),
            (Fault::AccessDenied, "access_denied"),
        ] {
            desk.okta.set_fault(fault);
            let back = begin(&desk, &mut admin).await;
            let reference = failed(&admin.get(&back).await);
            desk.okta.clear_faults();
            let okta = okta(&mut admin).await;
            assert_eq!(okta["state"], "verified", "{cause}");
            assert_eq!(okta["failure"]["cause"], cause);
            assert_eq!(okta["failure"]["reference"], reference);
            let list = admin.get(&format!("{}?reference={reference}", paths::SIGN_INS)).await;
            assert_eq!(list.json["attempts"][0]["purpose"], "test");
        }
    }

    async fn a_provider_that_cannot_be_read_is_said_before_the_browser_leaves(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        for (fault, cause) in [
            (Fault::DiscoveryIssuerMismatch, "issuer_mismatch"),
            (Fault::DiscoveryHtml, "discovery_malformed"),
            (Fault::DiscoveryOtherHost, "discovery_malformed"),
            (Fault::DiscoveryHuge, "discovery_malformed"),
            (Fault::DiscoveryRedirect, "redirected"),
            (Fault::DiscoveryStatus(404), "metadata_not_found"),
            (Fault::DiscoveryStatus(403), "provider_forbidden"),
            (Fault::DiscoveryStatus(429), "rate_limited"),
            (Fault::Down, "provider_unavailable"),
        ] {
            desk.okta.set_fault(fault);
            desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
            let reply = admin.post(&paths::connect(Provider::Okta), &Value::Null).await;
            let location = reply.expect_status(200).json["location"].clone();
            let location = location.as_str().expect("a location");
            let start = "/settings/integrations/sso/okta/connect?failed=";
            assert!(location.starts_with(start), "{}: {location}", fault.id());
            desk.okta.clear_faults();
            let okta = okta(&mut admin).await;
            assert_eq!(okta["failure"]["cause"], cause, "{}", fault.id());
            assert_eq!(okta["state"], "draft", "{}", fault.id());
        }
    }
}
