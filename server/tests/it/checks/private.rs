//! An issuer at an address that this server's own rule refuses: told as that rule, with the host and
//! never its address, by the checks, by Connect and at a sign-in.

use api::{Cause, Loopback, Provider, paths};
use serde_json::Value;

use super::climb;
use crate::{
    desk::{ADMIN, Desk},
    on_both, witness,
};

const HOST: &str = "northwind.okta.localhost";

/// Connected by name, and a node that may not call this machine.
async fn strict_node(desk: &Desk) -> Desk {
    let mut admin = desk.administrator().await;
    desk.person("Ada", "Lovelace", ADMIN);
    let issuer = desk.okta.url_for_host(HOST);
    desk.save_okta(&mut admin, &issuer).await.expect_status(200);
    desk.another_with(|settings| settings.loopback = Loopback::Refused)
        .await
}

on_both! {
    async fn checks_name_the_rule_and_the_host(desk: Desk) {
        let node = strict_node(&desk).await;
        let mut admin = node.browser_of_admin().await;
        let ladder = climb(&mut admin, Provider::Okta).await;
        ladder.tells("discovery", "failed", Cause::AddressPrivate);
        assert_eq!(ladder.rung("discovery")["received"], HOST);
        assert_eq!(ladder.causes(), ["address_private"], "{:#?}", ladder.0);
        // The node that may call it finds nothing wrong.
        climb(&mut desk.browser_of_admin().await, Provider::Okta).await.all_passed();
    }

    async fn connect_and_sign_in_name_the_rule_and_the_host(desk: Desk) {
        let node = strict_node(&desk).await;
        let mut admin = node.browser_of_admin().await;
        admin.post(&paths::connect(Provider::Okta), &Value::Null).await.expect_status(200);
        let shown = admin.get(&paths::connection(Provider::Okta)).await.expect_status(200).json;
        assert_eq!(shown["failure"]["cause"], "address_private", "{shown:#}");
        assert_eq!(shown["failure"]["provider_said"], HOST);

        let mut admin = desk.browser_of_admin().await;
        desk.round_trip(&mut admin, Provider::Okta, ADMIN)
            .await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        desk.in_force().await;
        let mut browser = node.browser();
        let start = paths::auth_start(Provider::Okta);
        let reply = browser.get(&start).await;
        let cause = Cause::AddressPrivate;
        let reference = witness::refused(&node, &mut browser, reply, cause, "strict", &start).await;
        let row = witness::attempt(&node, &reference).await;
        assert_eq!(row.provider_said.as_deref(), Some(HOST));
    }
}
