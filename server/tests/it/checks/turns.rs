//! When checks run by themselves, and that one run goes on at a time.

use api::{Provider, paths};
use practice_okta::Fault;
use serde_json::json;

use super::{climb, save};
use crate::{desk::ADMIN, on_both};

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

    async fn a_second_run_waits_for_the_first(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        desk.okta.set_fault(Fault::KeysSlow(1500));
        let mut second = admin.clone();
        let form = json!({ "trigger": "request" });
        let path = paths::checks(Provider::Okta);
        let (one, two) = tokio::join!(admin.post(&path, &form), second.post(&path, &form));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 429]);
        desk.okta.clear_faults();
        climb(&mut admin, Provider::Okta).await.all_passed();
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
