//! When checks run by themselves, and that one run goes on at a time.

use api::{Provider, paths};
use okta_simulator::Fault;
use serde_json::json;

use super::{climb, save};
use crate::{
    desk::{ADMIN, Desk},
    on_both, witness,
};

/// Whether a run has the turn.
async fn own_turn(desk: &Desk) -> i64 {
    witness::count(desk, "select count(*) from check_locks").await
}

const DAY: i64 = 24 * 60 * 60;

on_both! {
    /// Whatever door the settings came through: they are checked within a minute, once.
    async fn changed_settings_are_checked_once_whatever_the_number_of_nodes(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        let other = desk.another().await;
        let (one, two) = tokio::join!(server::tidy_once(&desk.app), server::tidy_once(&other.app));
        one.and(two).expect("tidied");
        server::tidy_once(&other.app).await.expect("tidied");
        let report = admin.get(&paths::checks(Provider::Okta)).await.expect_status(200).json;
        assert_eq!(report["history"].as_array().expect("a list").len(), 1, "{report:#}");
        assert_eq!(report["latest"]["trigger"], "change");
    }

    async fn what_is_on_is_checked_daily_and_the_overview_says_what_failed(desk: Desk) {
        let mut admin = desk.connected().await;
        climb(&mut admin, Provider::Okta).await.all_passed();
        server::tidy_once(&desk.app).await.expect("tidied");
        let client = desk.okta.apps().first().expect("an app").id.clone();
        let kept = std::cell::RefCell::new(Vec::new());
        desk.okta.change_app(&client, |app| kept.replace(std::mem::take(&mut app.secrets)).clear());
        desk.pass(DAY + 1);
        server::tidy_once(&desk.app).await.expect("tidied");
        server::tidy_once(&desk.app).await.expect("tidied");
        desk.okta.change_app(&client, |app| app.secrets = kept.take());
        let mut admin = desk.browser();
        desk.sign_in(&mut admin, Provider::Okta, ADMIN).await;
        let report = admin.get(&paths::checks(Provider::Okta)).await.expect_status(200).json;
        assert_eq!(report["history"].as_array().expect("a list").len(), 2, "{report:#}");
        assert_eq!(report["latest"]["trigger"], "daily");
        let overview = admin.get(paths::OVERVIEW).await.expect_status(200).json;
        assert_eq!(overview["failing"][0]["cause"], "secret_rotated", "{overview:#}");
    }

    async fn second_run_shows_what_the_first_one_finds(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        desk.okta.set_fault(Fault::KeysSlow(1500));
        let mut second = admin.clone();
        let (one, two) = tokio::join!(climb(&mut admin, Provider::Okta), climb(&mut second, Provider::Okta));
        one.all_passed();
        assert_eq!(one.0, two.0);
        let report = admin.get(&paths::checks(Provider::Okta)).await.expect_status(200).json;
        assert_eq!(report["history"].as_array().expect("a list").len(), 1, "{report:#}");
    }

    /// Right after a save the server checks by itself: the button shows that run.
    async fn check_after_save_shows_the_servers_own_run(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        desk.okta.set_fault(Fault::KeysSlow(1500));
        let node = desk.another().await;
        let own = async { server::tidy_once(&node.app).await.expect("tidied") };
        let asked = async {
            while own_turn(&desk).await == 0 {
                tokio::task::yield_now().await;
            }
            climb(&mut admin, Provider::Okta).await
        };
        let ((), ladder) = tokio::join!(own, asked);
        ladder.all_passed();
        let report = admin.get(&paths::checks(Provider::Okta)).await.expect_status(200).json;
        assert_eq!(report["history"].as_array().expect("a list").len(), 1, "{report:#}");
        assert_eq!(report["latest"]["trigger"], "change");
    }

    /// What that run was about is not saved any more: another one follows it.
    async fn check_of_newer_settings_follows_the_run_of_older_ones(desk: Desk) {
        let mut admin = desk.administrator().await;
        let (client_id, secret) = desk.web_app();
        let form = json!({
            "issuer": desk.okta.issuer_org(), "client_id": client_id, "client_secret": secret,
        });
        save(&mut admin, &form).await;
        desk.okta.set_fault(Fault::KeysSlow(1500));
        let mut second = admin.clone();
        let asked = async {
            while own_turn(&desk).await == 0 {
                tokio::task::yield_now().await;
            }
            let mut form = form.clone();
            form["audience"] = json!("api://sso");
            save(&mut second, &form).await;
            climb(&mut second, Provider::Okta).await
        };
        let (one, two) = tokio::join!(climb(&mut admin, Provider::Okta), asked);
        one.all_passed();
        two.tells("address", "warning", api::Cause::CustomServerExpected);
    }

    async fn nothing_saved_or_a_trigger_of_the_server_is_refused(desk: Desk) {
        let mut admin = desk.administrator().await;
        let path = paths::checks(Provider::Okta);
        admin.post(&path, &json!({ "trigger": "request" })).await.expect_status(409);
        save(&mut admin, &json!({
            "issuer": desk.okta.issuer_org(), "client_id": "0oa1", "client_secret": "a secret".replace(' ', "-"),
        })).await;
        for trigger in ["change", "daily", "doubt"] {
            admin.post(&path, &json!({ "trigger": trigger })).await.expect_status(422);
        }
    }
}
