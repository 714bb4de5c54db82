//! What is remembered of discovery: renewed by the checks on every node, by Connect, and before
//! a person is refused for it.

use api::{Cause, Provider, paths};
use okta_simulator::Fault;

use super::climb;
use crate::{
    desk::{ADMIN, Browser, Desk},
    on_both, witness,
};

const PROMISE: Fault = Fault::DiscoveryPromisesIssuer;

/// A node that remembers one answer that promised too much, and has refused a sign-in for it.
async fn misled(desk: &Desk) -> Desk {
    let node = desk.another().await;
    desk.okta.set_fault(PROMISE);
    let mut browser = node.browser();
    let back = node
        .until_callback(&mut browser, Provider::Okta, ADMIN)
        .await;
    let reply = browser.get(&back).await;
    let cause = Cause::CallbackIssuer;
    witness::refused(&node, &mut browser, reply, cause, "no iss", &back).await;
    desk.okta.clear_faults();
    node
}

/// The administrator in a browser of this node, once its minute is over.
async fn admin_at(node: &Desk) -> Browser {
    node.pass(61);
    let mut browser = node.browser();
    node.sign_in(&mut browser, Provider::Okta, ADMIN).await;
    browser
}

async fn signs_in(node: &Desk) -> bool {
    let mut browser = node.browser();
    node.sign_in(&mut browser, Provider::Okta, ADMIN).await;
    browser.is_signed_in().await
}

on_both! {
    async fn refusal_renews_discovery_once_a_minute(desk: Desk) {
        desk.connected().await;
        let node = misled(&desk).await;
        assert!(!signs_in(&node).await, "asked again within the minute");
        desk.pass(61);
        assert!(signs_in(&node).await);
    }

    async fn checks_renew_discovery_on_every_node(desk: Desk) {
        let mut admin = desk.connected().await;
        let node = misled(&desk).await;
        climb(&mut admin, Provider::Okta).await.all_passed();
        desk.pass(6);
        desk.okta.forget_requests();
        assert!(signs_in(&node).await, "the checks passed, and sign-ins are refused");
        assert_eq!(desk.okta.count_requests("/openid-configuration"), 1);
        assert!(signs_in(&node).await);
        assert_eq!(desk.okta.count_requests("/openid-configuration"), 1);
    }

    async fn checks_renew_what_their_own_node_remembers(desk: Desk) {
        desk.connected().await;
        let node = misled(&desk).await;
        climb(&mut admin_at(&node).await, Provider::Okta).await.all_passed();
        desk.okta.forget_requests();
        assert!(signs_in(&node).await);
        assert_eq!(desk.okta.count_requests("/openid-configuration"), 0);
        assert_eq!(desk.okta.count_requests("/v1/keys"), 0, "the keys are known as well");
    }

    async fn connect_renews_what_its_node_remembers(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.okta.set_fault(PROMISE);
        climb(&mut admin, Provider::Okta).await.all_passed();
        desk.okta.clear_faults();
        desk.round_trip(&mut admin, Provider::Okta, ADMIN)
            .await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        assert!(signs_in(&desk).await);
    }

    async fn connect_says_how_discovery_answers_at_this_moment(desk: Desk) {
        let mut admin = desk.connected().await;
        for (status, cause) in [(503, "provider_unavailable"), (404, "metadata_not_found")] {
            desk.okta.set_fault(Fault::DiscoveryStatus(status));
            desk.round_trip(&mut admin, Provider::Okta, ADMIN).await;
            let shown = admin.get(&paths::connection(Provider::Okta)).await.json;
            assert_eq!(shown["failure"]["cause"], cause, "{shown:#}");
            // Members go on with what is remembered.
            assert!(signs_in(&desk).await);
        }
    }
}
