//! Another issuer in the place of the one before: the same `sub` there is somebody else.

use api::{Cause, Provider, paths};
use serde_json::{Value, json};

use super::{ALAN, detail};
use crate::{
    desk::{ADMIN, Browser, version_of},
    on_both,
    puppet::{self, Puppet, Script},
    refusals::id_of,
    witness,
};

async fn status(admin: &mut Browser, user: &Value) -> Value {
    detail(admin, id_of(user)).await["user"]["status"].clone()
}

on_both! {
    async fn another_issuer_voids_the_bonds_and_ends_the_sessions_of_the_one_before(desk: Desk) {
        let mut admin = desk.connected().await;
        let node = desk.another().await;
        let user = desk.member(&mut admin, "Alan", ALAN).await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");

        // A draft changes nothing for members.
        let default = desk.okta.issuer_default();
        desk.save_okta(&mut admin, &default).await.expect_status(200);
        assert!(browser.is_signed_in().await);
        assert_eq!(status(&mut admin, &user).await, "active");

        let mut late = desk.browser();
        let back = desk.until_callback(&mut late, Provider::Okta, ALAN).await;
        let reply = desk.round_trip(&mut admin, Provider::Okta, ADMIN).await;
        reply.expect_location("/settings/integrations/sso/okta?proved=1");
        desk.try_out(&mut admin).await;
        assert!(!browser.at(&node).is_signed_in().await, "a session of the old issuer lives on");
        assert!(admin.at(&node).is_signed_in().await, "the administrator who did it is out");
        assert_eq!(status(&mut admin, &user).await, "inactive");
        assert_eq!(witness::identities(&desk).await, 0);
        assert_eq!(witness::audited(&desk, "user.unbound").await, 1);

        // On the way to the old issuer when it was replaced: no bond to it is made any more.
        let reply = late.get(&back).await;
        let what = "begun at the old issuer";
        witness::refused(&desk, &mut late, reply, Cause::ConnectionOff, what, &back).await;
        assert_eq!(witness::identities(&desk).await, 0);

        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        let seen = detail(&mut admin, id_of(&user)).await;
        assert_eq!(seen["identities"][0]["issuer"], default);
        assert_eq!(seen["user"]["status"], "active");
    }

    async fn a_sub_of_another_organization_is_nobody_here(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Alan", ALAN).await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        let sub = desk.okta.person(ALAN).id;
        // The evil organization gives its own person Alan's very `sub`.
        let evil = Puppet::start().await;
        evil.save(&mut admin).await.expect_status(200);
        let grace = desk.member(&mut admin, "Grace", puppet::LOGIN).await;
        let form = json!({
            "name": grace["name"], "email": puppet::LOGIN, "okta_login": puppet::LOGIN,
            "role": "admin",
        });
        admin.put(&paths::user(id_of(&grace)), 1, &form).await.expect_status(200);
        evil.round_trip(&desk, &mut admin).await.location();
        desk.try_out(&mut admin).await;
        admin.delete(&paths::user(id_of(&grace))).await.expect_status(204);
        desk.app
            .db
            .write(move |tx| {
                tx.run(
                    "insert into identities (id, user_id, provider, issuer, sub, linked_at)
                     select '0190-alan', id, 'okta', 'https://old.example', $1, 1
                     from users where email = 'alan@northwind.example'",
                    &[server::db::Param::from(puppet::SUB)],
                )
            })
            .await
            .expect("a bond of old");
        let (mut stranger, back) = evil.until_callback(&desk).await;
        let reply = stranger.get(&back).await;
        let what = "the same sub elsewhere";
        witness::refused(&desk, &mut stranger, reply, Cause::UnknownUser, what, &back).await;
        assert!(!sub.is_empty() && !browser.is_signed_in().await);
        assert_eq!(status(&mut admin, &user).await, "inactive");
    }

    async fn a_new_secret_or_client_of_the_same_issuer_keeps_bonds_and_sessions(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Alan", ALAN).await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        let mut late = desk.browser();
        let back = desk.until_callback(&mut late, Provider::Okta, ALAN).await;
        // Another app of the same organization: another client ID, another secret.
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        let reply = desk.round_trip(&mut admin, Provider::Okta, ADMIN).await;
        reply.expect_location("/settings/integrations/sso/okta?proved=1");
        desk.try_out(&mut admin).await;
        assert!(browser.is_signed_in().await);
        assert_eq!(status(&mut admin, &user).await, "active");
        // Who was on the way keeps the settings that they set out with.
        late.get(&back).await.expect_location("/");
        assert!(late.is_signed_in().await);
        assert_eq!(witness::identities(&desk).await, 1);
    }

    async fn a_changed_issuer_asks_for_the_secret_again(desk: Desk) {
        let mut admin = desk.connected().await;
        let path = paths::connection(Provider::Okta);
        let now = admin.get(&path).await.json;
        let evil = Puppet::start().await;
        evil.say(Script::default());
        let version = version_of(&mut admin, path.clone()).await;
        let form = json!({
            "issuer": evil.issuer(), "client_id": now["settings"]["client_id"],
        });
        let reply = admin.put(&path, version, &form).await.expect_status(422);
        assert_eq!(reply.faults(), ["client_secret: secret_again"]);
        assert_eq!(evil.asked(""), 0, "the other issuer heard of it");
    }
}
