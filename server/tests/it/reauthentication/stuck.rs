//! No administrator is stuck: whatever is on or down, there is a way to confirm who they are, and what takes it gets done.

use api::{Provider, RECENT_SIGN_IN, paths};
use okta_simulator::Fault;
use serde_json::{Value, json};

use crate::{
    break_glass::on_host,
    desk::{
        ADMIN, Browser, Desk,
        recent::{asks, session, start},
        version_of,
    },
    on_both,
};

/// Makes codes and an administrator, saves settings: everything that asks and needs no provider. The codes.
async fn everything(desk: &Desk, admin: &mut Browser, number: u32) -> Vec<String> {
    expect_recent(desk, admin).await;
    let codes = desk.recovery_codes(admin).await;
    let email = format!("admin{number}@northwind.example");
    let form = json!({ "name": "Another", "email": email, "okta_login": email, "role": "admin" });
    admin.post(paths::USERS, &form).await.expect_status(201);
    desk.save_okta(admin, &desk.okta.issuer_org())
        .await
        .expect_status(200);
    codes
}

/// From saved to on: the test sign-in, and the trial.
async fn enabled(desk: &Desk, admin: &mut Browser) {
    expect_recent(desk, admin).await;
    desk.round_trip(admin, Provider::Okta, ADMIN)
        .await
        .expect_location("/settings/integrations/sso/okta?proved=1");
    let on = desk.switch_on(admin, Provider::Okta).await;
    assert_eq!(on.expect_status(200).json["state"], "trial");
}

/// The desk's helpers confirm by themselves where that is needed: here it must not be.
async fn expect_recent(desk: &Desk, admin: &mut Browser) {
    let at = session(admin).await["authenticated_at"].as_i64();
    let age = desk.app.clock.now() - at.expect("a time");
    assert!(age < RECENT_SIGN_IN - 1000, "signed in {age} ms ago");
}

async fn confirm_by_code(admin: &mut Browser, code: &str) {
    let form = json!({ "code": code });
    admin
        .post(paths::REAUTHENTICATE, &form)
        .await
        .expect_status(200);
}

on_both! {
    async fn first_set_up_asks_for_nothing_and_later_for_the_password(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        desk.pass(9 * 60);
        everything(&desk, &mut admin, 1).await;
        desk.pass(2 * 60);
        assert!(asks(&admin.post(paths::RECOVERY_CODES, &Value::Null).await));
        desk.step_up(&mut admin).await;
        everything(&desk, &mut admin, 2).await;
        enabled(&desk, &mut admin).await;
    }

    async fn trial_is_confirmed_through_okta_or_by_a_code(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        let codes = everything(&desk, &mut admin, 1).await;
        enabled(&desk, &mut admin).await;
        // Passwords are off now, and her Okta account is not linked yet.
        desk.pass(11 * 60);
        assert_eq!(session(&mut admin).await["reauthenticate_by"], json!(["okta", "code"]));
        assert!(asks(&admin.post(paths::RECOVERY_CODES, &Value::Null).await));
        let by_okta = desk.step_up_through_okta(&mut admin, ADMIN).await;
        by_okta.expect_location(paths::REAUTHENTICATED);
        assert_eq!(desk.dump().await.rows("identities").len(), 0, "a confirmation links nothing");
        let form = json!({ "name": "B", "email": "b@northwind.example", "role": "admin" });
        admin.post(paths::USERS, &form).await.expect_status(201);
        let version = version_of(&mut admin, paths::connection(Provider::Okta)).await;
        admin.post_version(&paths::revert(Provider::Okta), version).await.expect_status(200);
        desk.pass(11 * 60);
        confirm_by_code(&mut admin, &codes[5]).await;
        enabled(&desk, &mut admin).await;
        // A code does it in the trial too.
        desk.pass(11 * 60);
        confirm_by_code(&mut admin, &codes[6]).await;
        everything(&desk, &mut admin, 2).await;
    }

    async fn code_confirms_while_okta_is_down(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        let codes = everything(&desk, &mut admin, 1).await;
        enabled(&desk, &mut admin).await;
        desk.confirm(ADMIN).await.expect_status(200);
        let mut ada = desk.browser();
        desk.sign_in(&mut ada, Provider::Okta, ADMIN).await.expect_location("/");
        desk.pass(11 * 60);
        let back = desk.until_confirmed(&mut ada, ADMIN).await;
        desk.okta.set_fault(Fault::Down);
        let before = session(&mut ada).await;
        assert!(ada.get(&back).await.location().starts_with("/sign-in/refused"));
        assert_eq!(session(&mut ada).await["authenticated_at"], before["authenticated_at"]);
        assert!(asks(&ada.post(paths::RECOVERY_CODES, &Value::Null).await));
        confirm_by_code(&mut ada, &codes[4]).await;
        everything(&desk, &mut ada, 2).await;
        let version = version_of(&mut ada, paths::connection(Provider::Okta)).await;
        ada.post_version(&paths::disable(Provider::Okta), version).await.expect_status(200);
        // From here the password is on again.
        desk.pass(11 * 60);
        desk.step_up(&mut ada).await;
        desk.okta.clear_faults();
        enabled(&desk, &mut ada).await;
    }

    async fn session_of_a_code_is_recent_and_confirmed_by_the_next_code(desk: Desk) {
        let mut admin = desk.connected().await;
        let codes = desk.recovery_codes(&mut admin).await;
        desk.okta.set_fault(Fault::Down);
        let mut ada = desk.enter_by_code(&codes[2]).await;
        desk.pass(9 * 60);
        everything(&desk, &mut ada, 1).await;
        desk.pass(11 * 60);
        // The codes are used up or lost: the host issues one.
        desk.execute("delete from break_glass where kind = 'recovery'").await;
        assert_eq!(session(&mut ada).await["reauthenticate_by"], json!(["okta"]));
        assert!(asks(&ada.post(paths::RECOVERY_CODES, &Value::Null).await));
        let (status, printed) = on_host(&desk, &["break-glass", "issue", "--user", ADMIN]).await;
        assert_eq!(status, 0, "{printed}");
        confirm_by_code(&mut ada, &crate::break_glass::code_of(&printed)).await;
        everything(&desk, &mut ada, 2).await;
        desk.okta.clear_faults();
        enabled(&desk, &mut ada).await;
        assert_eq!(start(&mut ada).await.status, 303);
    }
}
