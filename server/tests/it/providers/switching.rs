//! Okta active: Google and Microsoft are off, at the start, at the callback and for whoever is in.

use std::time::Duration;

use api::{Cause, Provider, paths};
use okta_simulator::Fault;
use serde_json::json;

use super::{ALAN, connect, save, set_up};
use crate::{
    desk::{ADMIN, Browser, Desk, Reply, version_of},
    on_both, witness,
};

async fn state(admin: &mut Browser, provider: Provider) -> String {
    let connection = admin
        .get(&paths::connection(provider))
        .await
        .expect_status(200)
        .json;
    connection["state"].as_str().expect("a state").to_owned()
}

async fn switch(admin: &mut Browser, provider: Provider, path: String) -> Reply {
    let version = version_of(admin, paths::connection(provider)).await;
    admin.post_version(&path, version).await
}

/// Google and Microsoft connected; the administrator's browser.
async fn both(desk: &Desk) -> Browser {
    let mut admin = set_up(desk).await;
    connect(desk, &mut admin, Provider::Google, json!({})).await;
    connect(desk, &mut admin, Provider::Microsoft, json!({})).await;
    admin
}

/// Switches Okta on while Google is asked for a token, and looks at what becomes of that. Whether Google was still at
/// it when the switch was over.
async fn switched_in_the_middle(desk: &Desk, admin: &mut Browser) -> bool {
    let (okta, google) = (Provider::Okta, Provider::Google);
    switch(admin, okta, paths::disable(okta))
        .await
        .expect_status(200);
    switch(admin, google, paths::enable(google))
        .await
        .expect_status(200);
    let mut browser = desk.browser();
    let back = desk.until_callback(&mut browser, google, ALAN).await;
    let failed = "select count(*) from attempts where cause = 'token_unreachable'";
    let before = witness::count(desk, failed).await;
    // Google takes its time, until Okta is active.
    desk.okta.set_fault(Fault::TokenSlow(60_000));
    let slow = {
        let (mut browser, back) = (browser.clone(), back.clone());
        tokio::spawn(async move { browser.get(&back).await })
    };
    let sql = "select count(*) from attempts
               where consumed_at is not null and ended_at is null";
    while witness::count(desk, sql).await == 0 && !slow.is_finished() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    switch(admin, okta, paths::enable(okta))
        .await
        .expect_status(200);
    desk.okta.clear_fault(Fault::TokenSlow(0));
    let reply = slow.await.expect("it ends");
    // Before Google may answer, an attempt ends in no other way than this.
    let in_the_middle = witness::count(desk, failed).await == before;
    if in_the_middle {
        let (cause, what) = (Cause::ConnectionOff, "switched off meanwhile");
        witness::refused(desk, &mut browser, reply, cause, what, &back).await;
    }
    assert_eq!(witness::sessions(desk).await, 1, "the administrator's");
    let identities = witness::identities(desk).await;
    assert_eq!(identities, 1, "the administrator's at Okta");
    in_the_middle
}

const OTHERS: [Provider; 2] = [Provider::Google, Provider::Microsoft];

on_both! {
    async fn okta_going_active_switches_both_off_with_whoever_came_by_them(desk: Desk) {
        let mut admin = both(&desk).await;
        let node = desk.another().await;
        let (mut inside, mut coming) = (Vec::new(), Vec::new());
        for provider in OTHERS {
            let mut browser = desk.browser();
            desk.sign_in(&mut browser, provider, ALAN).await.expect_location("/");
            inside.push(browser);
            let mut browser = desk.browser();
            let back = desk.until_callback(&mut browser, provider, ALAN).await;
            coming.push((provider, browser, back));
        }
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        for browser in &mut inside {
            assert!(browser.is_signed_in().await, "a draft put somebody out");
        }
        desk.round_trip(&mut admin, Provider::Okta, ADMIN)
            .await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        desk.recovery_codes(&mut admin).await;
        for browser in &mut inside {
            assert!(browser.is_signed_in().await, "a proof put somebody out");
        }
        desk.switch_on(&mut admin, Provider::Okta).await.expect_status(200);

        assert_eq!(state(&mut admin, Provider::Okta).await, "trial");
        for provider in OTHERS {
            assert_eq!(state(&mut admin, provider).await, "disabled_by_okta");
        }
        assert!(admin.is_signed_in().await);
        for browser in &mut inside {
            assert!(!browser.is_signed_in().await && !browser.at(&node).is_signed_in().await);
        }
        desk.okta.forget_requests();
        for (provider, mut browser, back) in coming {
            let reply = browser.at(&node).get(&back).await;
            let what = format!("{} in flight", provider.code());
            let cause = Cause::ConnectionOff;
            witness::refused(&desk, &mut browser, reply, cause, &what, &back).await;
            let start = paths::auth_start(provider);
            let reply = browser.get(&start).await;
            witness::refused(&desk, &mut browser, reply, cause, "start", &start).await;
            let reply = browser.at(&node).get(&start).await;
            witness::refused(&desk, &mut browser, reply, cause, "start elsewhere", &start).await;
        }
        assert_eq!(desk.okta.requests().len(), 0, "one of them was asked all the same");
        assert_eq!(witness::audited(&desk, "connection.switched_off").await, 2);
        let page = desk.browser().get(paths::SIGN_IN).await.expect_status(200);
        assert!(page.text.contains("/auth/okta/start"));
        assert!(!page.text.contains("google") && !page.text.contains("microsoft"));
    }

    async fn a_switch_in_the_middle_of_the_code_exchange_still_refuses(desk: Desk) {
        let mut admin = both(&desk).await;
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        desk.connect_okta(&mut admin).await;
        // The server gives Google five seconds. On a machine that is busy elsewhere the switch may need longer, and
        // then it was not in the middle of anything: once more.
        for _ in 0..20 {
            if switched_in_the_middle(&desk, &mut admin).await {
                return;
            }
            desk.confirm(ADMIN).await.expect_status(200);
        }
        panic!("no switch came in the middle of an exchange");
    }

    async fn a_switch_and_a_sign_in_at_the_same_time_leave_nobody_inside(desk: Desk) {
        let mut admin = both(&desk).await;
        let node = desk.another().await;
        let (okta, google) = (Provider::Okta, Provider::Google);
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        desk.connect_okta(&mut admin).await;
        for _ in 0..8 {
            switch(&mut admin, okta, paths::disable(okta)).await.expect_status(200);
            switch(&mut admin, google, paths::enable(google)).await.expect_status(200);
            let mut browser = node.browser();
            let back = node.until_callback(&mut browser, google, ALAN).await;
            let enable = switch(&mut admin, okta, paths::enable(okta));
            let (reply, enabled) = tokio::join!(browser.get(&back), enable);
            assert_eq!(reply.status.as_u16(), 303, "{}", reply.text);
            enabled.expect_status(200);
            assert_eq!(state(&mut admin, google).await, "disabled_by_okta");
            assert!(!browser.is_signed_in().await);
            assert_eq!(witness::sessions(&desk).await, 1, "the administrator's");
            desk.confirm(ADMIN).await.expect_status(200);
        }
    }

    async fn they_stay_off_until_okta_is_disabled_and_can_be_enabled_then(desk: Desk) {
        let mut admin = both(&desk).await;
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        desk.connect_okta(&mut admin).await;
        for provider in OTHERS {
            let reply = switch(&mut admin, provider, paths::enable(provider)).await;
            assert_eq!((reply.status.as_u16(), reply.code()), (409, "okta_active"));
            // A round trip is no way around it.
            desk.round_trip(&mut admin, provider, ADMIN).await.location();
            let reply = desk.switch_on(&mut admin, provider).await;
            assert_eq!((reply.status.as_u16(), reply.code()), (409, "okta_active"));
            assert_eq!(state(&mut admin, provider).await, "disabled_by_okta");
            save(&desk, &mut admin, provider, json!({})).await.expect_status(200);
            assert_eq!(state(&mut admin, provider).await, "disabled_by_okta");
        }
        switch(&mut admin, Provider::Okta, paths::disable(Provider::Okta)).await.expect_status(200);
        let mut browser = desk.browser();
        let start = paths::auth_start(Provider::Okta);
        let reply = browser.get(&start).await;
        let cause = Cause::ConnectionOff;
        witness::refused(&desk, &mut browser, reply, cause, "Okta is off", &start).await;
        for provider in OTHERS {
            assert_eq!(state(&mut admin, provider).await, "disabled_by_okta", "by itself");
            switch(&mut admin, provider, paths::enable(provider)).await.expect_status(200);
            assert_eq!(state(&mut admin, provider).await, "connected");
            let mut browser = desk.browser();
            desk.sign_in(&mut browser, provider, ALAN).await.expect_location("/");
        }
        // And Okta, enabled again, switches them off again.
        switch(&mut admin, Provider::Okta, paths::enable(Provider::Okta)).await.expect_status(200);
        for provider in OTHERS {
            assert_eq!(state(&mut admin, provider).await, "disabled_by_okta");
        }
        assert_eq!(witness::sessions(&desk).await, 1, "the administrator's");
    }

    async fn nothing_of_theirs_works_in_any_state_in_which_okta_is_on(desk: Desk) {
        let mut admin = both(&desk).await;
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        let mut in_flight = Vec::new();
        for provider in OTHERS.into_iter().cycle().take(6) {
            let mut browser = desk.browser();
            let back = desk.until_callback(&mut browser, provider, ALAN).await;
            in_flight.push((browser, back));
        }
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        desk.try_out(&mut admin).await;
        for okta in ["trial", "connected", "degraded"] {
            match okta {
                "connected" => drop(desk.confirm(ADMIN).await.expect_status(200)),
                "degraded" => {
                    desk.execute("update connections set state = 'degraded' where provider = 'okta'").await;
                }
                _ => {}
            }
            assert_eq!(state(&mut admin, Provider::Okta).await, okta);
            for provider in OTHERS {
                let mut browser = desk.browser();
                let start = paths::auth_start(provider);
                let reply = browser.get(&start).await;
                let cause = Cause::ConnectionOff;
                witness::refused(&desk, &mut browser, reply, cause, okta, &start).await;
                let (mut browser, back) = in_flight.remove(0);
                let reply = browser.get(&back).await;
                witness::refused(&desk, &mut browser, reply, cause, okta, &back).await;
                for path in [paths::enable(provider)] {
                    let reply = switch(&mut admin, provider, path).await;
                    assert_eq!((reply.status.as_u16(), reply.code()), (409, "okta_active"), "{okta}");
                }
            }
        }
    }

    async fn whoever_came_by_google_and_is_bound_to_okta_now_is_not_carried_over(desk: Desk) {
        let mut admin = set_up(&desk).await;
        connect(&desk, &mut admin, Provider::Google, json!({})).await;
        let mut before = desk.browser();
        desk.sign_in(&mut before, Provider::Google, ALAN).await.expect_location("/");
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        desk.try_out(&mut admin).await;
        let mut now = desk.browser();
        desk.sign_in(&mut now, Provider::Okta, ALAN).await.expect_location("/");
        assert!(now.is_signed_in().await && !before.is_signed_in().await);
        assert_eq!(witness::identities(&desk).await, 2, "one at each, and neither is the other");
    }

    async fn an_okta_that_is_switched_off_in_flight_lets_nobody_in(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.recovery_codes(&mut admin).await;
        desk.member(&mut admin, "Alan", ALAN).await;
        let mut browser = desk.browser();
        let back = desk.until_callback(&mut browser, Provider::Okta, ALAN).await;
        switch(&mut admin, Provider::Okta, paths::disable(Provider::Okta)).await.expect_status(200);
        desk.okta.forget_requests();
        let reply = browser.get(&back).await;
        let cause = Cause::ConnectionOff;
        witness::refused(&desk, &mut browser, reply, cause, "disabled", &back).await;
        assert_eq!(desk.okta.requests().len(), 0);
        switch(&mut admin, Provider::Okta, paths::enable(Provider::Okta)).await.expect_status(200);
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
    }
}
