//! Okta's words vary by release, language and case: those that nobody here knows decide nothing,
//! unless another check of the same run does.

use api::{Cause, Provider, paths};
use okta_simulator::{Fault, Mistake};
use serde_json::{Value, json};

use super::{Ladder, climb, save};
use crate::{
    desk::{ADMIN, Browser, Desk},
    on_both, witness,
};

const WRONG: &str = "another-secret-of-forty-characters-00001";

/// An honest app, saved; its ID and its secret.
async fn saved(desk: &Desk) -> (Browser, String, String) {
    let mut admin = desk.administrator().await;
    let (client_id, secret) = desk.web_app();
    save_with(desk, &mut admin, &client_id, &secret).await;
    (admin, client_id, secret)
}

async fn save_with(desk: &Desk, admin: &mut Browser, client_id: &str, secret: &str) {
    let form = json!({
        "issuer": desk.okta.issuer_org(), "client_id": client_id, "client_secret": secret,
    });
    save(admin, &form).await;
}

async fn climbed(admin: &mut Browser) -> Ladder {
    climb(admin, Provider::Okta).await
}

fn likely(ladder: &Ladder) -> Vec<&str> {
    let likely = ladder.rung("secret")["likely"].as_array();
    let likely = likely.into_iter().flatten();
    likely.filter_map(Value::as_str).collect()
}

on_both! {
    /// B05, B07: the same wrong secret, in words that are known and in words that are not.
    async fn unknown_words_leave_the_secret_inconclusive(desk: Desk) {
        let (mut admin, client_id, secret) = saved(&desk).await;
        save_with(&desk, &mut admin, &client_id, WRONG).await;
        climbed(&mut admin).await.tells("secret", "failed", Cause::ClientRefused);
        desk.okta.set_fault(Fault::TokenForeignWords);
        let ladder = climbed(&mut admin).await;
        ladder.tells("secret", "inconclusive", Cause::AuthenticationRefused);
        assert_eq!(likely(&ladder), ["client_refused"], "{:#?}", ladder.0);
        // The right secret passes in any language: the code of the refusal says so.
        save_with(&desk, &mut admin, &client_id, &secret).await;
        climbed(&mut admin).await.all_passed();
        desk.okta.change_app(&client_id, |app| app.secrets.clear());
        let ladder = climbed(&mut admin).await;
        ladder.tells("secret", "inconclusive", Cause::AuthenticationRefused);
        assert_eq!(likely(&ladder), ["secret_rotated"], "{:#?}", ladder.0);
    }

    /// B13, B16: another check of the same run decides.
    async fn unknown_words_are_decided_by_another_check_of_the_run(desk: Desk) {
        let (mut admin, ..) = saved(&desk).await;
        for (mistake, verdict, cause) in [
            (Mistake::B13, "failed", Cause::ClientInactive),
            (Mistake::B16, "warning", Cause::CredentialsLost),
        ] {
            desk.okta.play(mistake);
            desk.okta.set_fault(Fault::TokenForeignWords);
            climbed(&mut admin).await.tells("secret", verdict, cause);
            desk.okta.undo_all();
            desk.okta.clear_faults();
            climbed(&mut admin).await.all_passed();
        }
    }

    /// A11, C12: unknown words of a grant that the app has are no refused grant.
    async fn unknown_words_of_unauthorized_client_name_no_grant(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.save_okta(&mut admin, &desk.okta.issuer_default()).await.expect_status(200);
        desk.okta.play(Mistake::A11);
        climbed(&mut admin).await.tells("secret", "failed", Cause::OrgServerOnly);
        desk.okta.set_fault(Fault::TokenForeignWords);
        climbed(&mut admin).await.tells("secret", "inconclusive", Cause::GrantRefused);
    }

    /// B05, B08, B09: what the same run contradicts is not named, and the secret comes first.
    async fn failed_authentication_names_the_secret_first(desk: Desk) {
        let (mut admin, ..) = saved(&desk).await;
        desk.okta.set_fault(Fault::TokenAuthenticationFailed);
        // The client takes a secret in the header and is active: only the secret is left.
        climbed(&mut admin).await.tells("secret", "failed", Cause::ClientRefused);
        desk.okta.play(Mistake::O04);
        let ladder = climbed(&mut admin).await;
        ladder.tells("secret", "failed", Cause::AuthenticationRefused);
        let order = ["client_refused", "client_requires_key", "client_is_public"];
        assert_eq!(likely(&ladder), order, "{:#?}", ladder.0);
        // Worked before: then it was deactivated.
        desk.okta.undo_all();
        desk.okta.clear_faults();
        climbed(&mut admin).await.all_passed();
        desk.okta.set_fault(Fault::TokenAuthenticationFailed);
        climbed(&mut admin).await.tells("secret", "failed", Cause::SecretRotated);
    }

    /// B15: an app that takes the secret in the form only, whether Okta describes it or not.
    async fn app_that_takes_the_form_only_passes_and_signs_in(desk: Desk) {
        let mut admin = desk.connected().await;
        for described in [true, false] {
            desk.okta.play(Mistake::B15);
            if !described {
                desk.okta.play(Mistake::O04);
            }
            let node = desk.another().await;
            node.sign_in(&mut node.browser(), Provider::Okta, ADMIN).await.expect_location("/");
            let ladder = climbed(&mut admin).await;
            assert!(ladder.causes().is_empty(), "{described}: {:#?}", ladder.0);
            assert_eq!(ladder.rung("secret")["verdict"], "passed");
            assert_eq!(ladder.rung("request")["verdict"], "passed");
            desk.okta.undo_all();
            climbed(&mut admin).await.all_passed();
        }
    }

    /// B08, B09: what a sign-in is refused for is named by the app's own description.
    async fn sign_in_names_an_app_that_wants_no_secret(desk: Desk) {
        desk.connected().await;
        for (mistake, cause) in [
            (Mistake::B08, "client_requires_key"),
            (Mistake::B09, "client_is_public"),
        ] {
            let node = desk.another().await;
            let mut browser = node.browser();
            let back = node.until_callback(&mut browser, Provider::Okta, ADMIN).await;
            desk.okta.play(mistake);
            let reply = browser.get(&back).await;
            let row = witness::attempt(&node, &reply.reference()).await;
            assert_eq!(row.cause.as_deref(), Some(cause), "{row:?}");
            desk.okta.undo_all();
        }
    }

    /// F03, F04: keys that rotate between two answers are no key of the app's own.
    async fn keys_that_rotate_during_the_checks_are_read_once_more(desk: Desk) {
        let (mut admin, ..) = saved(&desk).await;
        desk.okta.set_fault(Fault::KeysLate);
        climbed(&mut admin).await.all_passed();
        desk.okta.play(Mistake::F04);
        climbed(&mut admin).await.tells("keys", "failed", Cause::KeyPinned);
    }

    /// C01, O01, O03, F22: a page that says nothing, and a pushed request that does.
    async fn pushed_request_decides_where_the_page_cannot_be_read(desk: Desk) {
        let (mut admin, ..) = saved(&desk).await;
        desk.okta.play(Mistake::O01);
        desk.okta.play(Mistake::C01);
        climbed(&mut admin).await.tells("redirect", "failed", Cause::RedirectUnregistered);
        desk.okta.undo_all();
        desk.okta.play(Mistake::O01);
        desk.okta.play(Mistake::O03);
        climbed(&mut admin).await.all_passed();
        desk.okta.undo_all();
        desk.okta.play(Mistake::F22);
        climbed(&mut admin).await.tells("redirect", "inconclusive", Cause::PageUnreadable);
    }

    /// E06, E07: what the latest checks passed is not the likely cause of a sign-in that never came
    /// back.
    async fn attempt_that_never_came_back_knows_what_the_checks_passed(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.browser().get(&paths::auth_start(Provider::Okta)).await;
        desk.pass(601);
        let attempt = desk.latest(&mut admin).await;
        assert_eq!(attempt["outcome"], "not_completed");
        assert!(attempt.get("checks_passed").is_none(), "{attempt:#}");
        climbed(&mut admin).await.all_passed();
        assert_eq!(desk.latest(&mut admin).await["checks_passed"], true);
        desk.okta.play(Mistake::C01);
        climbed(&mut admin).await;
        assert!(desk.latest(&mut admin).await.get("checks_passed").is_none());
    }
}

#[test]
fn never_back_names_the_policy_first_when_the_checks_passed() {
    let likely = Cause::never_back(Provider::Okta, true);
    assert_eq!(likely.first(), Some(&Cause::SignOnPolicy));
    for dropped in [Cause::RedirectUnregistered, Cause::ClientUnknown] {
        assert!(!likely.contains(&dropped), "{dropped:?}");
    }
    let likely = Cause::never_back(Provider::Okta, false);
    assert_eq!(likely.first(), Some(&Cause::RedirectUnregistered));
}
