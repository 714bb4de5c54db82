//! Degraded: it comes by itself when sign-ins fail for a cause that is not the members', and goes
//! by itself.

use api::{Provider, paths};
use okta_simulator::Fault;

use super::shown;
use crate::{desk::Desk, on_both};

const GRACE: &str = "grace@northwind.example";

async fn fails(desk: &Desk, fault: Fault, times: usize) {
    desk.okta.set_fault(fault);
    for _ in 0..times {
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, GRACE)
            .await
            .reference();
    }
    desk.okta.clear_faults();
}

async fn works(desk: &Desk) {
    let mut browser = desk.browser();
    desk.sign_in(&mut browser, Provider::Okta, GRACE)
        .await
        .expect_location("/");
}

on_both! {
    async fn three_of_five_for_one_cause_degrade_it_and_success_brings_it_back(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Grace", GRACE).await;
        works(&desk).await;
        fails(&desk, Fault::TokenInvalidClient, 2).await;
        assert_eq!(shown(&mut admin, Provider::Okta).await["state"], "connected");
        // Another cause does not count with them.
        fails(&desk, Fault::Userinfo500, 1).await;
        assert_eq!(shown(&mut admin, Provider::Okta).await["state"], "connected");
        let before = desk.audit().await.len();
        fails(&desk, Fault::TokenInvalidClient, 1).await;
        let okta = shown(&mut admin, Provider::Okta).await;
        assert_eq!(okta["state"], "degraded");
        assert_eq!(okta["degraded"]["cause"], "client_refused");
        assert_eq!(desk.acts_since(before).await, ["connection.degraded"]);
        // It is on all the time, and members who get through get in.
        for _ in 0..3 {
            works(&desk).await;
        }
        let okta = shown(&mut admin, Provider::Okta).await;
        assert_eq!(okta["state"], "connected");
        assert!(okta["degraded"].is_null());
        let acts = desk.acts_since(before).await;
        assert_eq!(acts.iter().filter(|it| it.starts_with("connection.")).count(), 2, "{acts:?}");
        assert_eq!(acts.last().map(String::as_str), Some("connection.recovered"));
    }

    async fn callbacks_that_belong_to_nobody_say_nothing_of_it(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Grace", GRACE).await;
        let before = desk.audit().await.len();
        let callback = paths::auth_callback(Provider::Okta);
        for query in ["", "?state=x&code=y", ""] {
            for _ in 0..3 {
                desk.browser().get(&format!("{callback}{query}")).await.reference();
            }
            assert_eq!(shown(&mut admin, Provider::Okta).await["state"], "connected");
        }
        assert_eq!(desk.acts_since(before).await, [""; 0]);
        // Nor do they hide that it is down.
        fails(&desk, Fault::TokenInvalidClient, 3).await;
        assert_eq!(shown(&mut admin, Provider::Okta).await["state"], "degraded");
        for _ in 0..5 {
            desk.browser().get(&format!("{callback}?state=x&code=y")).await.reference();
        }
        assert_eq!(shown(&mut admin, Provider::Okta).await["state"], "degraded");
    }

    async fn what_is_the_members_own_does_not_degrade_it(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.person("Zoe", "Unknown", "zoe@northwind.example");
        for _ in 0..5 {
            let mut zoe = desk.browser();
            desk.sign_in(&mut zoe, Provider::Okta, "zoe@northwind.example").await.reference();
        }
        assert_eq!(shown(&mut admin, Provider::Okta).await["state"], "connected");
    }

    async fn ten_minutes_without_discovery_degrade_it_though_nobody_signs_in(desk: Desk) {
        let mut admin = desk.connected().await;
        let node = desk.another().await;
        let before = desk.audit().await.len();
        desk.okta.set_fault(Fault::Down);
        for minute in 0..16 {
            for at in [&desk, &node] {
                server::tidy_once(&at.app).await.expect("tidied");
            }
            if minute < 9 {
                assert_eq!(shown(&mut admin, Provider::Okta).await["state"], "connected", "{minute}");
            }
            desk.pass(60);
            if minute > 10 {
                // Idle sessions end after half an hour.
                assert!(admin.is_signed_in().await);
            }
        }
        let okta = shown(&mut admin, Provider::Okta).await;
        assert_eq!((&okta["state"], &okta["degraded"]["cause"]), (&"degraded".into(), &"unreachable".into()));
        desk.okta.clear_faults();
        for at in [&desk, &node] {
            server::tidy_once(&at.app).await.expect("tidied");
        }
        assert_eq!(shown(&mut admin, Provider::Okta).await["state"], "connected");
        let mut acts = desk.acts_since(before).await;
        acts.retain(|act| act != "connection.checked");
        assert_eq!(
            acts,
            ["connection.degraded", "connection.recovered"],
            "once, with two nodes"
        );
    }
}
