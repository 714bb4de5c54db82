//! Deleting a user, with what belongs to them.

use api::{Provider, paths};

use super::{expect_nothing_changed, form, id_of, made};
use crate::{desk::detail, on_both};

on_both! {
    async fn a_deleted_user_is_gone_with_sessions_and_bond_and_the_attempts_stay(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        let attempts = desk.dump().await.rows("attempts").len();
        let before = desk.audit().await.len();

        let reply = admin.delete(&paths::user(&id_of(&user))).await.expect_status(204);
        assert!(reply.text.is_empty());
        admin.get(&paths::user(&id_of(&user))).await.expect_status(404);
        assert!(!grace.is_signed_in().await);
        let dump = desk.dump().await;
        for table in ["users", "identities", "sessions"] {
            for row in dump.rows(table) {
                let owner = row.get("user_id").unwrap_or(&row["id"]);
                assert_ne!(*owner, id_of(&user), "{table} still has a row");
            }
        }
        assert_eq!(dump.rows("attempts").len(), attempts);
        let rows = desk.audit().await;
        assert_eq!(rows.len(), before + 1);
        let row = rows.last().expect("a row");
        assert_eq!(row["event"], "user.deleted");
        // Afterwards only the audit log knows who it was.
        assert_eq!(detail(row)["email"], "grace@northwind.example");

        // Their account at Okta is a stranger's from here on.
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.reference();
        assert_eq!(desk.latest(&mut admin).await["cause"], "unknown_user");
    }

    async fn deleting_twice_finds_nobody_the_second_time(desk: Desk) {
        let mut admin = desk.administrator().await;
        let user = made(&mut admin, &form("Grace", "grace@northwind.example")).await;
        admin.delete(&paths::user(&id_of(&user))).await.expect_status(204);
        let reply = expect_nothing_changed(&desk, async || {
            admin.delete(&paths::user(&id_of(&user))).await
        }).await;
        reply.expect_status(404);
        // The e-mail is free again.
        made(&mut admin, &form("Grace", "grace@northwind.example")).await;
    }
}
