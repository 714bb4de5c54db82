//! What does not fit: shown, and accepted.

use api::{Provider, paths};
use serde_json::Value;

use super::{accepted, expect_nothing_changed, form, id_of, made, shown};
use crate::on_both;

on_both! {
    async fn a_changed_login_is_shown_and_accepting_it_keeps_the_bond(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let id = id_of(&user);
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        desk.okta.change_person("grace@northwind.example", |person| {
            person.login = "hopper@northwind.example".into();
            person.email = "hopper@northwind.example".into();
        });
        let mut again = desk.browser();
        desk.sign_in(&mut again, Provider::Okta, "hopper@northwind.example").await.expect_location("/");
        let noted = shown(&mut admin, &id).await;
        assert_eq!(noted["status"], "needs_attention");
        assert_eq!(noted["attention"]["kind"], "login_changed");
        assert_eq!(noted["attention"]["now"], "hopper@northwind.example");

        let before = desk.audit().await.len();
        let accepted = accepted(&mut admin, &id).await.expect_status(200).json;
        assert_eq!(accepted["status"], "active");
        assert_eq!(accepted["okta_login"], "hopper@northwind.example");
        assert_eq!(accepted["attention"], Value::Null);
        assert_eq!(desk.acts_since(before).await, ["user.accepted"]);
        assert!(again.is_signed_in().await);

        let reply = expect_nothing_changed(&desk, async || {
            admin.post(&paths::accept(&id), &noted["attention"]).await
        }).await;
        reply.expect_status(200);
    }

    async fn a_changed_login_that_somebody_else_has_cannot_be_accepted(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let id = id_of(&user);
        let mut grace = desk.browser();
        desk.sign_in(&mut grace, Provider::Okta, "grace@northwind.example").await.expect_location("/");
        desk.okta.change_person("grace@northwind.example", |person| {
            person.login = "hopper@northwind.example".into();
            person.email = "hopper@northwind.example".into();
        });
        desk.sign_in(&mut grace, Provider::Okta, "hopper@northwind.example").await.expect_location("/");
        made(&mut admin, &form("Hopper", "hopper@northwind.example")).await;
        let reply = expect_nothing_changed(&desk, async || {
            accepted(&mut admin, &id).await
        }).await;
        let reply = reply.expect_status(422);
        assert_eq!(reply.faults().len(), 1, "{}", reply.text);
        assert_eq!(shown(&mut admin, &id).await["status"], "needs_attention");
    }
}
