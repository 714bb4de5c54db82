//! Which acts take a recent sign-in: each is refused eleven minutes after it and done at nine.

use api::{Provider, paths};
use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    desk::{ADMIN, Browser, Reply, recent::asks, version_of},
    on_both,
    users::{bulk, import},
};

const OLD: i64 = 11 * 60;
const RECENT: i64 = 9 * 60;

fn user(name: &str, role: &str) -> Value {
    let email = format!("{name}@northwind.example");
    json!({ "name": name, "email": email, "okta_login": email, "role": role })
}

async fn made(admin: &mut Browser, form: &Value) -> String {
    let made = admin.post(paths::USERS, form).await.expect_status(201);
    made.json["id"].as_str().expect("an id").to_owned()
}

async fn edited(admin: &mut Browser, id: &str, form: &Value) -> Reply {
    let reply = admin.get(&paths::user(id)).await.expect_status(200);
    let version = reply.json["user"]["version"].as_i64().expect("a version");
    admin.put(&paths::user(id), version, form).await
}

/// Asks for an act eleven minutes after the sign-in, which changes nothing, and nine minutes after the next, which does.
macro_rules! takes_recent_sign_in {
    ($desk:ident, $admin:ident, $what:literal, $act:expr) => {{
        $desk.step_up(&mut $admin).await;
        $desk.pass(OLD);
        let before = $desk.dump().await;
        let reply: Reply = $act;
        assert!(asks(&reply), "{}: {} {}", $what, reply.status, reply.text);
        let after = $desk.dump().await;
        let mut changed = after.differs_from(&before);
        // When the session was last seen.
        changed.retain(|table| *table != "sessions");
        assert!(changed.is_empty(), "{} changed {changed:?}", $what);
        $desk.step_up(&mut $admin).await;
        $desk.pass(RECENT);
        let reply: Reply = $act;
        assert!(
            reply.status.is_success(),
            "{}: {} {}",
            $what,
            reply.status,
            reply.text
        );
        reply
    }};
}

async fn bulk_begun(admin: &mut Browser, act: &Value, ids: &[&String], dry_run: bool) -> Reply {
    let form = json!({ "action": act, "ids": ids, "expected": ids.len(), "dry_run": dry_run });
    let reply = admin.post(paths::BULK, &form).await;
    if reply.status == 202 {
        bulk::over(admin, &reply.json).await;
    }
    reply
}

on_both! {
    async fn making_an_administrator_takes_a_recent_sign_in(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ben = made(&mut admin, &user("ben", "member")).await;
        takes_recent_sign_in!(desk, admin, "create", {
            admin.post(paths::USERS, &user("cleo", "admin")).await
        });
        takes_recent_sign_in!(desk, admin, "role", {
            edited(&mut admin, &ben, &user("ben", "admin")).await
        });
        // Another login of an administrator is another person who enters as one.
        takes_recent_sign_in!(desk, admin, "login of an administrator", {
            let mut form = user("ben", "admin");
            form["okta_login"] = json!("someone@northwind.example");
            edited(&mut admin, &ben, &form).await
        });
        takes_recent_sign_in!(desk, admin, "unlink an administrator", {
            admin.post(&paths::unlink(&ben), &Value::Null).await
        });
        admin.post(&paths::suspend(&ben), &Value::Null).await.expect_status(200);
        takes_recent_sign_in!(desk, admin, "reinstate an administrator", {
            admin.post(&paths::reinstate(&ben), &Value::Null).await
        });
    }

    async fn bulk_actions_that_make_administrators_take_a_recent_sign_in(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ben = made(&mut admin, &user("ben", "member")).await;
        let cleo = made(&mut admin, &user("cleo", "member")).await;
        let promote = json!({ "kind": "change_role", "role": "admin" });
        takes_recent_sign_in!(desk, admin, "bulk promotion", {
            bulk_begun(&mut admin, &promote, &[&ben], false).await
        });
        let dry = bulk_begun(&mut admin, &promote, &[&cleo], true).await.expect_status(202).json;
        takes_recent_sign_in!(desk, admin, "bulk promotion after its preview", {
            let path = paths::bulk_apply(dry["id"].as_str().expect("an id"));
            let reply = admin.post(&path, &json!({})).await;
            if reply.status == 202 {
                bulk::over(&mut admin, &reply.json).await;
            }
            reply
        });
        // Demoting asks for nothing; taking that back makes administrators again.
        let demote = json!({ "kind": "change_role", "role": "member" });
        desk.pass(OLD);
        let job = bulk_begun(&mut admin, &demote, &[&ben, &cleo], false).await.expect_status(202).json;
        takes_recent_sign_in!(desk, admin, "undo of a demotion", {
            let reply = admin.post(&paths::bulk_undo(job["id"].as_str().expect("an id")), &json!({})).await;
            if reply.status == 202 {
                bulk::over(&mut admin, &reply.json).await;
            }
            reply
        });
        let suspend = json!({ "kind": "suspend" });
        bulk_begun(&mut admin, &suspend, &[&ben], false).await.expect_status(202);
        takes_recent_sign_in!(desk, admin, "bulk reinstatement of an administrator", {
            bulk_begun(&mut admin, &json!({ "kind": "reinstate" }), &[&ben], false).await
        });
    }

    async fn import_that_makes_administrators_takes_a_recent_sign_in(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.pass(OLD);
        let file = "name,email,role\nBen,ben@northwind.example,admin\n";
        let looked_at = import::looked_at(&mut admin, file).await;
        takes_recent_sign_in!(desk, admin, "import", {
            let path = paths::import_apply(looked_at["id"].as_str().expect("an id"));
            let reply = admin.post(&path, &json!({})).await;
            if reply.status == 202 {
                import::still(&mut admin, &reply.json).await;
            }
            reply
        });
        // The words in a cell are no such row.
        desk.pass(OLD);
        let file = "name,email\n\"\"\"makes_administrator\"\":true\",cleo@northwind.example\n";
        let looked_at = import::looked_at(&mut admin, file).await;
        import::applied(&mut admin, &looked_at).await;
    }

    async fn codes_take_a_recent_sign_in(desk: Desk) {
        let mut admin = desk.administrator().await;
        takes_recent_sign_in!(desk, admin, "codes", {
            admin.post(paths::RECOVERY_CODES, &Value::Null).await
        });
    }

    async fn connection_changes_take_a_recent_sign_in(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        let okta = Provider::Okta;
        let (client_id, client_secret) = desk.web_app();
        let form = json!({
            "issuer": desk.okta.issuer_org(), "client_id": client_id, "client_secret": client_secret,
        });
        takes_recent_sign_in!(desk, admin, "save", {
            admin.put(&paths::connection(okta), 0, &form).await
        });
        takes_recent_sign_in!(desk, admin, "connect", {
            admin.post(&paths::connect(okta), &Value::Null).await
        });
        desk.round_trip(&mut admin, okta, ADMIN).await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        desk.recovery_codes(&mut admin).await;
        takes_recent_sign_in!(desk, admin, "switch on", {
            let version = version_of(&mut admin, paths::connection(okta)).await;
            admin.post_version(&paths::enable(okta), version).await
        });
        desk.confirm(ADMIN).await.expect_status(200);
        takes_recent_sign_in!(desk, admin, "next secret", {
            let version = version_of(&mut admin, paths::secret(okta)).await;
            let form = json!({ "client_secret": "the-next-secret-of-this-company-0123456789" });
            admin.put(&paths::next_secret(okta), version, &form).await
        });
        for (what, path) in [("disable", paths::disable(okta)), ("enable", paths::enable(okta))] {
            takes_recent_sign_in!(desk, admin, "disable and enable", {
                let version = version_of(&mut admin, paths::connection(okta)).await;
                let reply = admin.change(Method::POST, &path, Some(version), &Value::Null).await;
                assert!(asks(&reply) || reply.status == 200, "{what}: {}", reply.text);
                reply
            });
        }
    }

    async fn acts_that_take_access_away_never_ask(desk: Desk) {
        let mut admin = desk.administrator().await;
        let ben = made(&mut admin, &user("ben", "admin")).await;
        let cleo = made(&mut admin, &user("cleo", "member")).await;
        desk.person("Ada", "Lovelace", ADMIN);
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN).await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        desk.try_out(&mut admin).await;
        desk.pass(OLD);
        let version = version_of(&mut admin, paths::connection(Provider::Okta)).await;
        let undone = admin.post_version(&paths::revert(Provider::Okta), version).await;
        assert_eq!(undone.expect_status(200).json["trial"], Value::Null);
        for id in [&ben, &cleo] {
            admin.delete(&paths::user_sessions(id)).await.expect_status(204);
            admin.post(&paths::suspend(id), &Value::Null).await.expect_status(200);
        }
        let end = json!({ "kind": "sign_out" });
        bulk_begun(&mut admin, &end, &[&ben, &cleo], false).await.expect_status(202);
        bulk_begun(&mut admin, &json!({ "kind": "suspend" }), &[&ben], false).await.expect_status(202);
        // Members come and go, and are renamed, without a question too.
        admin.post(&paths::reinstate(&cleo), &Value::Null).await.expect_status(200);
        edited(&mut admin, &cleo, &user("cleo", "member")).await.expect_status(200);
        made(&mut admin, &user("dora", "member")).await;
        admin.form(paths::AUTH_SIGN_OUT, &[]).await;
        assert!(!admin.is_signed_in().await);
    }
}
