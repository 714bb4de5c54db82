//! Old rows go, and the rest can still be verified.

use api::paths;
use serde_json::{Value, json};
use server::audit::verify;

use super::{acts, by_password, events, renamed};
use crate::{desk::Browser, on_both};

const DAY: i64 = 24 * 60 * 60;

async fn keep(admin: &mut Browser, version: i64, audit: Value, sign_ins: Value) {
    let form = json!({ "audit_days": audit, "sign_in_days": sign_ins });
    admin
        .put(paths::RETENTION, version, &form)
        .await
        .expect_status(200);
}

on_both! {
    async fn the_log_is_kept_for_ever_unless_somebody_says_otherwise_and_that_is_audited(desk: Desk) {
        let mut admin = desk.administrator().await;
        let shown = admin.get(paths::RETENTION).await.expect_status(200).json;
        assert_eq!(shown, json!({ "audit_days": null, "sign_in_days": 90, "version": 1 }));
        desk.pass(5000 * DAY);
        let mut admin = by_password(&desk).await;
        server::tidy_once(&desk.app).await.expect("tidied");
        assert_eq!(events(&mut admin, "").await.len(), 2);
        keep(&mut admin, 1, json!(30), json!(null)).await;
        let all = events(&mut admin, "").await;
        assert_eq!(acts(&all)[0], "retention.changed");
        assert_eq!(all[0]["changes"], json!([
            { "field": "audit_days", "after": "30" },
            { "field": "sign_in_days", "before": "90" },
        ]));
    }

    async fn old_rows_go_and_the_chain_goes_on_from_where_they_ended(desk: Desk) {
        let mut admin = desk.administrator().await;
        renamed(&mut admin, 4).await;
        desk.pass(40 * DAY);
        let mut admin = by_password(&desk).await;
        keep(&mut admin, 1, json!(30), json!(90)).await;
        server::tidy_once(&desk.app).await.expect("tidied");
        let all = events(&mut admin, "").await;
        assert_eq!(acts(&all), ["audit.pruned", "retention.changed", "password.accepted"]);
        let finding = verify(&desk.app.db).await.expect("it can be read");
        assert_eq!((finding.rows, finding.pruned, finding.fault), (3, 5, None));
        // Again finds nothing to do, and says nothing.
        server::tidy_once(&desk.another().await.app).await.expect("tidied");
        assert_eq!(events(&mut admin, "").await.len(), 3);
        // What was removed by age is no excuse for what is removed by hand.
        desk.execute("delete from audit_events where seq = 6").await;
        let finding = verify(&desk.app.db).await.expect("it can be read");
        assert_eq!(finding.fault.map(|it| it.0), Some(6));
    }

    async fn days_that_are_none_are_refused(desk: Desk) {
        let mut admin = desk.administrator().await;
        for (field, days) in [("audit_days", json!(0)), ("audit_days", json!(29)), ("sign_in_days", json!(36_501))] {
            let mut form = json!({ "audit_days": null, "sign_in_days": null });
            form[field] = days;
            let reply = admin.put(paths::RETENTION, 1, &form).await.expect_status(422);
            assert_eq!(reply.json["errors"][0]["field"], field);
        }
        let form = json!({ "audit_days": -1, "sign_in_days": null });
        admin.put(paths::RETENTION, 1, &form).await.expect_status(422);
        admin.put(paths::RETENTION, 7, &json!({ "audit_days": 30, "sign_in_days": 1 })).await
            .expect_status(412);
    }

    async fn old_attempts_go_and_stale_ones_forget_their_secrets(desk: Desk) {
        let mut admin = desk.connected().await;
        let mut visitor = desk.browser();
        visitor.get(&paths::auth_start(api::Provider::Okta)).await;
        desk.pass(DAY + 60);
        server::tidy_once(&desk.app).await.expect("tidied");
        let rows = desk.dump().await.rows("attempts");
        assert_eq!(rows.len(), 2);
        for row in rows {
            assert!(!row.contains_key("nonce") && !row.contains_key("verifier"), "{row:?}");
        }
        desk.pass(91 * DAY);
        server::tidy_once(&desk.app).await.expect("tidied");
        assert!(desk.dump().await.rows("attempts").is_empty());
        admin.get("/healthz").await.expect_status(200);
    }
}
