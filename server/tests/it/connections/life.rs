//! From the proof to a confirmed connection, and every way in which a trial ends.

use api::{Provider, paths};
use serde_json::{Value, json};

use super::{connect_other, okta_form, save, shown};
use crate::{
    desk::{ADMIN, Browser, Desk, detail, version_of},
    on_both,
};

const QUARTER: i64 = 15 * 60;

async fn state(admin: &mut Browser, provider: Provider) -> String {
    let connection = shown(admin, provider).await;
    connection["state"].as_str().expect("a state").to_owned()
}

/// Google on, Okta verified, codes made: one move before the trial.
async fn ready(desk: &Desk) -> Browser {
    let mut admin = desk.administrator().await;
    desk.person("Ada", "Lovelace", ADMIN);
    connect_other(desk, &mut admin, Provider::Google).await;
    save(&mut admin, Provider::Okta, &okta_form(desk))
        .await
        .expect_status(200);
    desk.round_trip(&mut admin, Provider::Okta, ADMIN)
        .await
        .expect_location("/settings/integrations/sso/okta?proved=1");
    desk.recovery_codes(&mut admin).await;
    admin
}

/// The kinds of the notifications that are open, newest first.
async fn notifications(admin: &mut Browser) -> Vec<Value> {
    let list = admin
        .get(paths::NOTIFICATIONS)
        .await
        .expect_status(200)
        .json;
    let list = list["notifications"]
        .as_array()
        .expect("notifications")
        .iter();
    list.map(|it| it["kind"].clone()).collect()
}

/// The audit rows of one act.
async fn rows(desk: &Desk, act: &str) -> Vec<crate::desk::Row> {
    let mut rows = desk.audit().await;
    rows.retain(|row| row["event"] == act);
    rows
}

on_both! {
    async fn the_round_trip_ends_in_proven_and_nothing_changes_for_members(desk: Desk) {
        let mut admin = ready(&desk).await;
        let okta = shown(&mut admin, Provider::Okta).await;
        assert_eq!(okta["state"], "verified");
        assert_eq!(okta["unverified"], false);
        assert_eq!(okta["guard"], Value::Null);
        assert_eq!(okta["verification"]["user"]["becomes"], "active");
        assert_eq!(okta["verification"]["refresh_token"], false);
        assert!(okta["verification"]["scopes"].as_array().is_some_and(|it| it.contains(&json!("openid"))));
        assert_eq!(state(&mut admin, Provider::Google).await, "connected");
        let mut grace = desk.browser();
        grace.get(&paths::auth_start(Provider::Okta)).await.reference();
        // Whoever made it is who they were: no session came of it.
        let session = admin.get(paths::SESSION).await.expect_status(200).json;
        assert_eq!(session["signed_in_by"], "password");
        // An edit makes it a draft again.
        save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200);
        let okta = shown(&mut admin, Provider::Okta).await;
        assert_eq!((&okta["state"], &okta["unverified"]), (&json!("draft"), &json!(true)));
        assert_eq!(okta["guard"], json!(["verification", "okta_administrator"]));
    }

    async fn the_guard_names_everything_that_is_missing_and_changes_nothing(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Zoe", "Stranger", "zoe@northwind.example");
        save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200);
        let all = json!(["verification", "okta_administrator", "break_glass"]);
        assert_eq!(shown(&mut admin, Provider::Okta).await["guard"], all);
        let before = desk.dump().await;
        let reply = desk.switch_on(&mut admin, Provider::Okta).await.expect_status(409);
        assert_eq!((reply.code(), &reply.json["guard"]), ("lockout_risk", &all));
        assert!(before == desk.dump().await);

        // A round trip as somebody who is no administrator here proves the settings and no more.
        desk.round_trip(&mut admin, Provider::Okta, "zoe@northwind.example").await.location();
        let rest = json!(["okta_administrator", "break_glass"]);
        let reply = desk.switch_on(&mut admin, Provider::Okta).await.expect_status(409);
        assert_eq!(reply.json["guard"], rest);
        // Codes that nobody tested are no way back.
        admin.post(paths::RECOVERY_CODES, &Value::Null).await.expect_status(201);
        let reply = desk.switch_on(&mut admin, Provider::Okta).await.expect_status(409);
        assert_eq!(reply.json["guard"], rest);
        desk.recovery_codes(&mut admin).await;
        let reply = desk.switch_on(&mut admin, Provider::Okta).await.expect_status(409);
        assert_eq!(reply.json["guard"], json!(["okta_administrator"]));
        desk.person("Ada", "Lovelace", ADMIN);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        assert_eq!(shown(&mut admin, Provider::Okta).await["guard"], Value::Null);
        // A month later the test of the code is too old to rely on.
        desk.pass(7 * 60 * 60);
        let mut later = desk.browser();
        let entered = [("email", ADMIN), ("password", crate::desk::PASSWORD)];
        desk.pass(30 * 24 * 60 * 60);
        later.form(paths::AUTH_PASSWORD, &entered).await.expect_location("/");
        let reply = desk.switch_on(&mut later, Provider::Okta).await.expect_status(409);
        assert_eq!(reply.json["guard"], json!(["break_glass"]));
    }

    async fn a_trial_is_exclusive_at_once_and_confirmed_from_a_new_okta_session(desk: Desk) {
        let mut admin = ready(&desk).await;
        let mut early = desk.browser();
        let before = desk.audit().await.len();
        let on = desk.switch_on(&mut admin, Provider::Okta).await.expect_status(200).json;
        assert_eq!(on["state"], "trial");
        let trial = &on["trial"];
        let span = trial["ends_at"].as_i64().expect("an end") - trial["began_at"].as_i64().expect("a start");
        assert_eq!(span, QUARTER * 1000);
        assert_eq!(state(&mut admin, Provider::Google).await, "disabled_by_okta");
        let mut acts = desk.acts_since(before).await;
        acts.sort();
        assert_eq!(acts, ["connection.activated", "connection.switched_off"]);
        assert_eq!(notifications(&mut admin).await, ["trial_started"]);
        // A password's session does not count, nor does anybody's who is no administrator.
        let reply = admin.post(&paths::confirm(Provider::Okta), &Value::Null).await.expect_status(409);
        assert_eq!(reply.code(), "confirm_from_okta");
        let seen = admin.get(paths::SESSION).await.json;
        assert_eq!(seen["trial"]["may_confirm"], false);
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        desk.sign_in(&mut early, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        early.post(&paths::confirm(Provider::Okta), &Value::Null).await.expect_status(403);
        assert_eq!(early.get(paths::SESSION).await.json["trial"], Value::Null);
        // Switching on again, disabling and enabling are no moves of a trial.
        for path in [paths::enable(Provider::Okta), paths::disable(Provider::Okta), paths::enable(Provider::Okta)] {
            let version = version_of(&mut admin, paths::connection(Provider::Okta)).await;
            let reply = admin.post_version(&path, version).await.expect_status(409);
            assert_eq!(reply.code(), "illegal_move", "{path}");
        }

        let confirmed = desk.confirm(ADMIN).await.expect_status(200).json;
        assert_eq!((&confirmed["state"], &confirmed["trial"]), (&json!("connected"), &Value::Null));
        assert!(notifications(&mut admin).await.is_empty());
        let reply = admin.post(&paths::confirm(Provider::Okta), &Value::Null).await.expect_status(409);
        assert_eq!(reply.code(), "illegal_move");
        desk.pass(QUARTER + 1);
        assert_eq!(state(&mut admin, Provider::Okta).await, "connected");
        assert_eq!(rows(&desk, "connection.confirmed").await.len(), 1);
    }

    async fn without_a_confirmation_everything_is_back_at_fifteen_minutes(desk: Desk) {
        let mut admin = ready(&desk).await;
        let google = shown(&mut admin, Provider::Google).await;
        desk.switch_on(&mut admin, Provider::Okta).await.expect_status(200);
        desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let mut late = desk.browser();
        let back = desk.until_callback(&mut late, Provider::Okta, ADMIN).await;
        desk.pass(QUARTER - 60);
        assert_eq!(state(&mut admin, Provider::Okta).await, "trial");
        desk.pass(60);
        // The very next request is one that wants in: nobody passes on a trial that is over.
        late.get(&back).await.reference();
        assert!(!late.is_signed_in().await && !grace.is_signed_in().await);
        let okta = shown(&mut admin, Provider::Okta).await;
        assert_eq!(okta["state"], "verified");
        assert_eq!(okta["active_since"], Value::Null);
        assert!(okta["reverted_at"].is_i64());
        let mut again = shown(&mut admin, Provider::Google).await;
        assert_eq!(again["state"], "connected");
        again["version"] = google["version"].clone();
        assert_eq!(again, google);
        let undone = rows(&desk, "connection.trial_undone").await;
        assert_eq!(undone.len(), 1);
        let why = detail(&undone[0]);
        assert_eq!(why["why"], "no administrator confirmed within 15 minutes");
        assert_eq!(why["returned"], json!([
            { "provider": "okta", "state": "verified" }, { "provider": "google", "state": "connected" },
        ]));
        assert_eq!(notifications(&mut admin).await, ["trial_reverted"]);
        // Passwords let in again, and the same settings can be tried again.
        let mut ada = desk.browser();
        let entered = [("email", ADMIN), ("password", crate::desk::PASSWORD)];
        ada.form(paths::AUTH_PASSWORD, &entered).await.expect_location("/");
        let on = desk.switch_on(&mut admin, Provider::Okta).await.expect_status(200).json;
        assert_eq!(on["reverted_at"], Value::Null);
        desk.confirm(ADMIN).await.expect_status(200);
    }

    async fn a_restarted_server_and_two_nodes_undo_a_trial_once(desk: Desk) {
        let mut admin = ready(&desk).await;
        desk.switch_on(&mut admin, Provider::Okta).await.expect_status(200);
        desk.pass(QUARTER);
        let nodes = [desk.another().await, desk.another().await, desk.another().await];
        let mut asked = Vec::new();
        for node in &nodes {
            let mut browser = admin.at(node);
            asked.push(tokio::spawn(async move {
                browser.get(&paths::connection(Provider::Okta)).await.expect_status(200).json
            }));
        }
        for answer in asked {
            assert_eq!(answer.await.expect("an answer")["state"], "verified");
        }
        assert_eq!(rows(&desk, "connection.trial_undone").await.len(), 1);
        assert_eq!(notifications(&mut admin).await, ["trial_reverted"]);
    }

    async fn a_trial_can_be_undone_by_hand_and_keeps_whoever_does_it(desk: Desk) {
        let mut admin = ready(&desk).await;
        desk.switch_on(&mut admin, Provider::Okta).await.expect_status(200);
        let mut ada = desk.browser();
        desk.sign_in(&mut ada, Provider::Okta, ADMIN).await.expect_location("/");
        let version = version_of(&mut ada, paths::connection(Provider::Okta)).await;
        let undone = ada.post_version(&paths::revert(Provider::Okta), version).await.expect_status(200).json;
        assert_eq!((&undone["state"], &undone["reverted_at"]), (&json!("verified"), &Value::Null));
        assert_eq!(state(&mut admin, Provider::Google).await, "connected");
        assert!(ada.is_signed_in().await);
        let reply = ada.post_version(&paths::revert(Provider::Okta), version + 1).await.expect_status(409);
        assert_eq!(reply.code(), "illegal_move");
    }

    async fn a_first_trial_that_is_undone_leaves_no_bond_behind(desk: Desk) {
        let mut admin = ready(&desk).await;
        let grace = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        desk.switch_on(&mut admin, Provider::Okta).await.expect_status(200);
        for login in [ADMIN, "grace@northwind.example"] {
            desk.sign_in(&mut desk.browser(), Provider::Okta, login).await.expect_location("/");
        }
        desk.pass(QUARTER);
        desk.recent(&mut admin).await;
        let mut form = okta_form(&desk);
        form["issuer"] = json!(desk.okta.issuer_default());
        save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        assert_eq!(desk.dump().await.rows("identities").len(), 0);
        let detail = admin.get(&paths::user(grace["id"].as_str().expect("an id"))).await.json;
        assert_eq!(detail["user"]["status"], "inactive");

        // Neither is in the way when the other server of the organization is tried.
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        desk.over(&mut admin).await;
        desk.sign_in(&mut desk.browser(), Provider::Okta, "grace@northwind.example").await.expect_location("/");
    }

    async fn an_edit_during_the_trial_is_what_waits_after_it(desk: Desk) {
        let mut admin = ready(&desk).await;
        desk.switch_on(&mut admin, Provider::Okta).await.expect_status(200);
        let form = okta_form(&desk);
        let edited = save(&mut admin, Provider::Okta, &form).await.expect_status(200).json;
        assert_eq!((&edited["state"], &edited["unverified"]), (&json!("trial"), &json!(true)));
        desk.pass(QUARTER);
        let okta = shown(&mut admin, Provider::Okta).await;
        assert_eq!(okta["state"], "draft");
        assert_eq!(okta["settings"]["client_id"], form["client_id"]);
    }

    async fn switching_over_goes_through_a_trial_whose_undo_brings_the_old_bonds_back(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.recovery_codes(&mut admin).await;
        let grace = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let bonds = desk.dump().await.rows("identities");
        let old = shown(&mut admin, Provider::Okta).await;

        let mut form = okta_form(&desk);
        form["issuer"] = json!(desk.okta.issuer_default());
        save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        let reply = desk.switch_on(&mut admin, Provider::Okta).await.expect_status(409);
        assert_eq!(reply.json["guard"], json!(["verification", "okta_administrator"]));
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        let waits = shown(&mut admin, Provider::Okta).await;
        assert_eq!((&waits["state"], &waits["live"]), (&json!("connected"), &json!(false)));
        // Until the switch-over the old settings let people in.
        let there = browser.get(&paths::auth_start(Provider::Okta)).await.location();
        assert!(there.contains(old["settings"]["client_id"].as_str().expect("an id")), "{there}");
        let on = desk.switch_on(&mut admin, Provider::Okta).await.expect_status(200).json;
        assert_eq!((&on["state"], &on["active_since"]), (&json!("trial"), &old["active_since"]));
        assert!(!browser.is_signed_in().await);
        assert_eq!(desk.dump().await.rows("identities").len(), 0);
        desk.sign_in(&mut browser, Provider::Okta, "grace@northwind.example").await.expect_location("/");

        desk.pass(QUARTER);
        let back = shown(&mut admin, Provider::Okta).await;
        assert_eq!((&back["state"], &back["active_since"]), (&json!("connected"), &old["active_since"]));
        assert_eq!(back["live"], false, "the new settings still wait");
        assert!(!browser.is_signed_in().await);
        assert_eq!(desk.dump().await.rows("identities"), bonds);
        let detail = admin.get(&paths::user(grace["id"].as_str().expect("an id"))).await.json;
        assert_eq!(detail["user"]["status"], "active");
        let there = browser.get(&paths::auth_start(Provider::Okta)).await.location();
        assert!(there.contains(old["settings"]["client_id"].as_str().expect("an id")), "{there}");

        // And confirmed it is for good.
        desk.over(&mut admin).await;
        desk.pass(QUARTER);
        assert_eq!(desk.dump().await.rows("suspended_identities").len(), 0);
        assert_eq!(shown(&mut admin, Provider::Okta).await["settings"]["issuer"], form["issuer"]);
    }

    async fn a_bond_that_is_taken_away_during_a_trial_does_not_come_back(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.recovery_codes(&mut admin).await;
        let grace = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let mut form = okta_form(&desk);
        form["issuer"] = json!(desk.okta.issuer_default());
        save(&mut admin, Provider::Okta, &form).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        desk.switch_on(&mut admin, Provider::Okta).await.expect_status(200);
        let id = grace["id"].as_str().expect("an id");
        let since = desk.audit().await.len();
        admin.post(&paths::unlink(id), &Value::Null).await.expect_status(200);
        assert_eq!(desk.acts_since(since).await, ["user.unbound"]);
        desk.pass(QUARTER);
        assert_eq!(shown(&mut admin, Provider::Okta).await["state"], "connected");
        let bonds = desk.dump().await.rows("identities");
        assert!(bonds.iter().all(|row| row["user_id"] != id), "{bonds:?}");
    }

    async fn an_administrator_who_is_bound_is_a_way_in_after_a_trial_too(desk: Desk) {
        let mut admin = desk.connected().await;
        let grace = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let act = json!({ "kind": "change_role", "role": "admin" });
        let promote = json!({ "action": act, "ids": [grace["id"]], "expected": 1 });
        crate::users::begun(&mut admin, &promote).await;
        let mut by_okta = desk.browser();
        desk.sign_in(&mut by_okta, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        // Ada, whom the proof matched, goes; only Grace's bond is left, and no code.
        let users = by_okta.get(paths::USERS).await.json;
        let ada = users["users"].as_array().expect("users").iter().find(|it| it["email"] == ADMIN);
        let ada = ada.expect("Ada")["id"].clone();
        let act = json!({ "kind": "change_role", "role": "member" });
        let demote = json!({ "action": act, "ids": [ada], "expected": 1 });
        assert_eq!(crate::users::begun(&mut by_okta, &demote).await["changed"], 1);
        desk.recovery_codes(&mut by_okta).await;
        let mut form = okta_form(&desk);
        form["issuer"] = json!(desk.okta.issuer_default());
        save(&mut by_okta, Provider::Okta, &form).await.expect_status(200);
        desk.round_trip(&mut by_okta, Provider::Okta, "grace@northwind.example").await.location();
        desk.execute("update break_glass set kind = 'issued', used_at = issued_at where used_at is null").await;
        let on = desk.switch_on(&mut by_okta, Provider::Okta).await;
        assert_eq!(on.status, 200, "{}", on.text);
    }

    async fn a_session_from_before_the_trial_does_not_confirm_it(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.recovery_codes(&mut admin).await;
        let mut ada = desk.browser();
        desk.sign_in(&mut ada, Provider::Okta, ADMIN).await.expect_location("/");
        save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await.location();
        desk.switch_on(&mut admin, Provider::Okta).await.expect_status(200);
        // Same issuer, so the session holds; but it says nothing about the new settings.
        assert!(ada.is_signed_in().await);
        let reply = ada.post(&paths::confirm(Provider::Okta), &Value::Null).await.expect_status(409);
        assert_eq!(reply.code(), "confirm_from_okta");
        assert_eq!(ada.get(paths::SESSION).await.json["trial"]["may_confirm"], false);
        desk.confirm(ADMIN).await.expect_status(200);
    }

    async fn a_switch_that_cannot_be_recorded_did_not_happen(desk: Desk) {
        let mut admin = ready(&desk).await;
        // The end of the transaction fails, as a crash would: nothing of it may stay.
        desk.execute("drop table audit_events").await;
        let before = desk.dump().await;
        desk.switch_on(&mut admin, Provider::Okta).await.expect_status(500);
        assert!(before == desk.dump().await, "{:?}", before.differs_from(&desk.dump().await));
    }
}
