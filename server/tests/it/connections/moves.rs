//! The states of a connection: every legal move, and every other one refused.

use api::{Provider, paths};
use serde_json::Value;

use super::{connect_other, okta_form, save, shown};
use crate::{
    desk::{ADMIN, Browser, Reply, version_of},
    on_both,
};

async fn disable(admin: &mut Browser, provider: Provider) -> Reply {
    let version = version_of(admin, paths::connection(provider)).await;
    admin.post_version(&paths::disable(provider), version).await
}

async fn enable(admin: &mut Browser, provider: Provider) -> Reply {
    let version = version_of(admin, paths::connection(provider)).await;
    admin.post_version(&paths::enable(provider), version).await
}

async fn state(admin: &mut Browser, provider: Provider) -> String {
    let connection = shown(admin, provider).await;
    connection["state"].as_str().expect("a state").to_owned()
}

on_both! {
    async fn what_was_never_proved_can_neither_be_disabled_nor_enabled(desk: Desk) {
        let mut admin = desk.administrator().await;
        for saved in [false, true] {
            if saved {
                save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200);
            } else {
                let connect = paths::connect(Provider::Okta);
                let reply = admin.post(&connect, &Value::Null).await.expect_status(409);
                assert_eq!(reply.code(), "illegal_move");
            }
            let before = desk.dump().await;
            for (reply, code) in [
                (disable(&mut admin, Provider::Okta).await, "illegal_move"),
                (enable(&mut admin, Provider::Okta).await, if saved { "lockout_risk" } else { "illegal_move" }),
            ] {
                assert_eq!(reply.expect_status(409).code(), code);
            }
            assert!(before == desk.dump().await);
        }
    }

    async fn a_disabled_connection_lets_nobody_in_and_comes_back_without_a_new_proof(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.recovery_codes(&mut admin).await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut grace = desk.browser();
        let under_way = desk
            .until_callback(&mut grace, Provider::Okta, "grace@northwind.example")
            .await;
        enable(&mut admin, Provider::Okta).await.expect_status(409);
        let before = desk.audit().await.len();

        let off = disable(&mut admin, Provider::Okta).await.expect_status(200).json;
        assert_eq!(off["state"], "disabled");
        assert_eq!(off["active_since"], Value::Null);
        assert_eq!(desk.acts_since(before).await, ["connection.disabled"]);
        // Whoever is at Okta at this moment does not enter either.
        grace.get(&under_way).await.reference();
        assert_eq!(desk.latest(&mut admin).await["cause"], "connection_off");
        grace.get(&paths::auth_start(Provider::Okta)).await.reference();
        disable(&mut admin, Provider::Okta).await.expect_status(409);

        let on = enable(&mut admin, Provider::Okta).await.expect_status(200).json;
        assert_eq!(on["state"], "trial");
        assert_eq!(
            desk.acts_since(before).await,
            ["connection.disabled", "connection.activated"]
        );
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
    }

    async fn okta_switches_google_and_microsoft_off_and_ends_their_sessions(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        connect_other(&desk, &mut admin, Provider::Google).await;
        connect_other(&desk, &mut admin, Provider::Microsoft).await;
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut by_google = desk.browser();
        desk.sign_in(&mut by_google, Provider::Google, "grace@northwind.example").await.expect_location("/");
        assert!(by_google.is_signed_in().await);
        let mut late = desk.browser();
        let under_way = desk
            .until_callback(&mut late, Provider::Google, "grace@northwind.example")
            .await;

        save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN)
            .await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        desk.recovery_codes(&mut admin).await;
        let before = desk.audit().await.len();
        desk.switch_on(&mut admin, Provider::Okta).await.expect_status(200);
        assert_eq!(state(&mut admin, Provider::Okta).await, "trial");
        let mut acts = desk.acts_since(before).await;
        acts.sort();
        assert_eq!(
            acts,
            ["connection.activated", "connection.switched_off", "connection.switched_off"]
        );
        assert!(!by_google.is_signed_in().await);
        late.get(&under_way).await.reference();
        assert!(!late.is_signed_in().await);
        let page = late.get(paths::SIGN_IN).await.expect_status(200);
        for other in [Provider::Google, Provider::Microsoft] {
            assert_eq!(state(&mut admin, other).await, "disabled_by_okta");
            assert!(!page.text.contains(&paths::auth_start(other)));
            late.get(&paths::auth_start(other)).await.reference();
            let reply = enable(&mut admin, other).await.expect_status(409);
            assert_eq!(reply.code(), "okta_active");
            disable(&mut admin, other).await.expect_status(409);
            // Nor does a round trip of theirs get past Okta.
            desk.round_trip(&mut admin, other, ADMIN).await.location();
            assert_eq!(state(&mut admin, other).await, "disabled_by_okta");
        }
    }

    async fn with_okta_disabled_google_can_be_switched_on_and_okta_takes_over_again(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        connect_other(&desk, &mut admin, Provider::Google).await;
        save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200);
        desk.connect_okta(&mut admin).await;
        disable(&mut admin, Provider::Okta).await.expect_status(200);
        assert_eq!(state(&mut admin, Provider::Google).await, "disabled_by_okta");
        enable(&mut admin, Provider::Google).await.expect_status(200);
        assert_eq!(state(&mut admin, Provider::Google).await, "connected");
        enable(&mut admin, Provider::Okta).await.expect_status(200);
        assert_eq!(state(&mut admin, Provider::Google).await, "disabled_by_okta");
    }

    async fn okta_and_google_switched_on_at_once_are_never_both_on(desk: Desk) {
        let mut admin = desk.administrator().await;
        let node = desk.another().await;
        desk.person("Ada", "Lovelace", ADMIN);
        connect_other(&desk, &mut admin, Provider::Google).await;
        save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200);
        desk.connect_okta(&mut admin).await;
        disable(&mut admin, Provider::Okta).await.expect_status(200);
        for _ in 0..5 {
            let (mut here, mut there) = (admin.clone(), admin.at(&node));
            let okta = tokio::spawn(async move { enable(&mut here, Provider::Okta).await });
            let google = tokio::spawn(async move { enable(&mut there, Provider::Google).await });
            let okta = okta.await.expect("an answer").status.as_u16();
            let google = google.await.expect("an answer").status.as_u16();
            // Whatever came first, Okta's word is the last; 412 says that the version moved.
            assert_eq!(okta, 200);
            assert!(matches!(google, 200 | 409 | 412), "{google}");
            assert_eq!(state(&mut admin, Provider::Okta).await, "trial");
            assert_eq!(state(&mut admin, Provider::Google).await, "disabled_by_okta");
            desk.confirm(ADMIN).await.expect_status(200);
            disable(&mut admin, Provider::Okta).await.expect_status(200);
        }
    }
}
