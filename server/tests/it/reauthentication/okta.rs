//! A confirmation through Okta: it is a new sign-in there, of the same person, in the same session. Anything else is
//! refused with its cause, and the session stays as it was.

use api::{Cause, Provider, paths};
use serde_json::{Value, json};

use crate::{
    desk::{
        ADMIN, Browser, Desk, Reply,
        recent::{asks, session, start, start_at},
    },
    on_both,
    puppet::{LOGIN, Moment, Puppet, Script},
    witness,
};

const MALLORY: &str = "mallory@northwind.example";

/// The deployment with Ada signed in through Okta eleven minutes ago.
async fn ada(desk: &Desk) -> Browser {
    desk.connected().await;
    let mut ada = desk.browser();
    desk.sign_in(&mut ada, Provider::Okta, ADMIN)
        .await
        .expect_location("/");
    desk.pass(11 * 60);
    ada
}

/// Asserts that a confirmation was refused for this cause, and that the session still asks.
async fn refused(desk: &Desk, ada: &mut Browser, reply: Reply, cause: Cause) {
    let attempt = witness::attempt(desk, &reply.reference()).await;
    assert_eq!(attempt.cause.as_deref(), Some(cause.code()));
    assert!(asks(&ada.post(paths::RECOVERY_CODES, &Value::Null).await));
}

/// What a puppet puts into its ID token.
type IdToken = fn(&Moment) -> String;

on_both! {
    async fn confirmation_keeps_the_session_and_makes_it_recent(desk: Desk) {
        let mut ada = ada(&desk).await;
        let before = session(&mut ada).await;
        assert!(asks(&ada.post(paths::RECOVERY_CODES, &Value::Null).await));
        let there = start(&mut ada).await.location();
        assert_eq!(witness::parameter(&there, "max_age"), "0");
        let back = desk.okta.authorize(&there, ADMIN).expect("Okta sends back");
        let sessions = witness::sessions(&desk).await;
        let since = desk.audit().await.len();
        ada.get(&back).await.expect_location(paths::REAUTHENTICATED);
        assert_eq!(desk.acts_since(since).await, ["session.reauthenticated"]);
        let page = ada.get(paths::REAUTHENTICATED).await.expect_status(200);
        assert!(page.text.contains("Identity confirmed"));
        let after = session(&mut ada).await;
        assert!(after["authenticated_at"].as_i64() > before["authenticated_at"].as_i64());
        assert_eq!(after["expires_at"], before["expires_at"], "it is the same session");
        assert_eq!(witness::sessions(&desk).await, sessions);
        desk.recovery_codes(&mut ada).await;
        // The list tells a confirmation from a sign-in.
        assert_eq!(desk.latest(&mut ada).await["purpose"], "reauthenticate");
    }

    async fn stolen_cookie_does_not_confirm_with_another_account(desk: Desk) {
        let mut ada = ada(&desk).await;
        let mut thief = desk.browser();
        let name = "__Host-sso_session";
        let cookie = ada.cookies.iter().find(|(it, _)| it.starts_with(name));
        let (name, value) = cookie.expect("a session cookie");
        thief.cookies.insert(name.clone(), value.clone());
        // An account that no user has.
        desk.person("Mallory", "Eve", MALLORY);
        let reply = desk.step_up_through_okta(&mut thief, MALLORY).await;
        refused(&desk, &mut ada, reply, Cause::UnknownUser).await;
        // One that another user has.
        let form = json!({ "name": "Mallory", "email": MALLORY, "okta_login": MALLORY, "role": "member" });
        ada.post(paths::USERS, &form).await.expect_status(201);
        let reply = desk.step_up_through_okta(&mut thief, MALLORY).await;
        refused(&desk, &mut ada, reply, Cause::AnotherAccount).await;
        assert!(asks(&thief.post(paths::RECOVERY_CODES, &Value::Null).await));
    }

    async fn callback_confirms_only_the_session_that_began_it(desk: Desk) {
        let mut ada = ada(&desk).await;
        let back = desk.until_confirmed(&mut ada, ADMIN).await;
        // In another browser, with a session of the same user.
        let mut other = desk.browser();
        desk.sign_in(&mut other, Provider::Okta, ADMIN).await.expect_location("/");
        let reply = other.get(&back).await;
        refused(&desk, &mut ada, reply, Cause::StateUnknown).await;
        // In the same browser, in a session that is not the one that began it.
        let kept = ada.clone();
        desk.sign_in(&mut ada, Provider::Okta, ADMIN).await.expect_location("/");
        desk.pass(11 * 60);
        let reply = ada.get(&back).await;
        refused(&desk, &mut ada, reply, Cause::AttemptExpired).await;
        let mut ended = kept;
        assert!(!ended.is_signed_in().await);
        let back = desk.until_confirmed(&mut ada, ADMIN).await;
        let mut signed_out = ada.clone();
        signed_out.cookies.retain(|name, _| !name.contains("session"));
        let reply = signed_out.get(&back).await;
        refused(&desk, &mut ada, reply, Cause::StateUnknown).await;
    }

    async fn replayed_callback_confirms_nothing(desk: Desk) {
        let mut ada = ada(&desk).await;
        let back = desk.until_confirmed(&mut ada, ADMIN).await;
        ada.get(&back).await.expect_location(paths::REAUTHENTICATED);
        let before = session(&mut ada).await;
        desk.pass(11 * 60);
        // *Back*: a page that says so, and nothing is tried again.
        ada.get(&back).await.expect_status(200);
        assert_eq!(session(&mut ada).await["authenticated_at"], before["authenticated_at"]);
    }

    async fn old_session_at_okta_confirms_nothing(desk: Desk) {
        let puppet = Puppet::start().await;
        let mut grace = grace(&desk, &puppet).await;
        desk.pass(11 * 60);
        let scripts: [(IdToken, Cause); 3] = [
            (|it| it.with("auth_time", json!(it.now - 62)), Cause::LoginRequired),
            (|it| it.with("auth_time", json!(it.now - 8 * 3600)), Cause::LoginRequired),
            (|it| it.without("auth_time"), Cause::TokenClaims),
        ];
        for (id_token, cause) in scripts {
            puppet.say(Script { id_token, ..Script::default() });
            let back = puppet.visit(&desk, &start(&mut grace).await.location());
            let reply = grace.get(&back).await;
            refused(&desk, &mut grace, reply, cause).await;
        }
        // Clocks differ by a little.
        puppet.say(Script {
            id_token: |it| it.with("auth_time", json!(it.now - 55)),
            ..Script::default()
        });
        let back = puppet.visit(&desk, &start(&mut grace).await.location());
        grace.get(&back).await.expect_location(paths::REAUTHENTICATED);
        desk.recovery_codes(&mut grace).await;
    }

    async fn sign_in_counts_from_when_okta_signed_the_person_in(desk: Desk) {
        let puppet = Puppet::start().await;
        let mut grace = grace(&desk, &puppet).await;
        assert!(!asks(&grace.post(paths::RECOVERY_CODES, &Value::Null).await));
        let scripts: [(IdToken, bool); 4] = [
            (|it| it.with("auth_time", json!(it.now - 9 * 60)), false),
            (|it| it.with("auth_time", json!(it.now - 11 * 60)), true),
            (|it| it.without("auth_time"), true),
            // Never later than now: it would stay recent for longer than ten minutes.
            (|it| it.with("auth_time", json!(it.now + 3600)), false),
        ];
        for (id_token, is_old) in scripts {
            puppet.say(Script { id_token, ..Script::default() });
            let (mut browser, back) = puppet.until_callback(&desk).await;
            browser.get(&back).await.expect_location("/");
            let reply = browser.post(paths::RECOVERY_CODES, &Value::Null).await;
            assert_eq!(asks(&reply), is_old, "{}", reply.text);
            desk.pass(11 * 60);
            assert!(asks(&browser.post(paths::RECOVERY_CODES, &Value::Null).await));
        }
    }

    async fn start_confirms_for_signed_in_administrators_from_the_console_only(desk: Desk) {
        let mut ada = ada(&desk).await;
        desk.member(&mut ada, "Grace", "grace@northwind.example").await;
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        assert_eq!(start(&mut grace).await.status, 403);
        assert_eq!(start(&mut desk.browser()).await.status, 401);
        let path = format!("{}?reauthenticate=1", paths::auth_start(Provider::Okta));
        let request = axum::http::Request::get(&path).header("sec-fetch-site", "cross-site");
        let request = request.body(axum::body::Body::empty()).expect("a request");
        assert_eq!(ada.send(request).await.status, 403);
        assert_eq!(start_at(&mut ada, Provider::Google).await.status, 400);
    }
}

/// Grace, an administrator who is signed in through the puppet.
async fn grace(desk: &Desk, puppet: &Puppet) -> Browser {
    puppet.connected(desk).await;
    desk.execute("update users set role = 'admin' where email = 'grace@northwind.example'")
        .await;
    assert_eq!(LOGIN, "grace@northwind.example");
    let (mut grace, back) = puppet.until_callback(desk).await;
    grace.get(&back).await.expect_location("/");
    grace
}
