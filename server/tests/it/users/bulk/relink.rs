//! The bonds of an organization that moved to another Okta: those that lead elsewhere go, the good ones stay.

use api::{Cause, Provider, paths};
use serde_json::{Value, json};

use super::{begun, numbers, over};
use crate::{
    on_both,
    refusals::refused,
    users::{id_of, shown},
};

on_both! {
    async fn whoever_is_bound_to_the_okta_in_use_stays_so(desk: Desk) {
        let mut admin = desk.connected().await;
        let (mut ids, mut browsers) = (Vec::new(), Vec::new());
        for (name, email) in [
            ("Alan", "alan@northwind.example"),
            ("Grace", "grace@northwind.example"),
            ("Mary", "mary@northwind.example"),
            ("Never", "never@northwind.example"),
        ] {
            ids.push(id_of(&desk.member(&mut admin, name, email).await));
            if name != "Never" {
                let mut browser = desk.browser();
                desk.sign_in(&mut browser, Provider::Okta, email).await.expect_location("/");
                browsers.push(browser);
            }
        }
        // Grace is bound at the Okta of before; Mary's login has another account now.
        desk.execute(
            "update identities set issuer = 'https://old.example'
             where user_id in (select id from users where email = 'grace@northwind.example')",
        ).await;
        desk.okta.change_person("mary@northwind.example", |person| {
            person.login = "mary.old".into();
            person.email = "old@northwind.example".into();
        });
        desk.person("Mary", "Anew", "mary@northwind.example");
        refused(&desk, "mary@northwind.example", Cause::LinkedToOther).await;
        let form = json!({
            "action": { "kind": "relink" }, "ids": ids, "expected": 4, "dry_run": true,
        });
        let dry = begun(&mut admin, &form).await;
        assert_eq!(numbers(&dry), [4, 4, 2, 0], "two as they are");
        let apply = paths::bulk_apply(&id_of(&dry));
        let job = admin.post(&apply, &Value::Null).await.expect_status(202).json;
        assert_eq!(numbers(&over(&mut admin, &job).await), [4, 4, 2, 0]);
        let mut bound = Vec::new();
        for (id, browser) in ids.iter().zip(&mut browsers) {
            bound.push((shown(&mut admin, id).await["status"].clone(), browser.is_signed_in().await));
        }
        let (stays, goes) = ((json!("active"), true), (json!("inactive"), false));
        assert_eq!(bound, [stays, goes.clone(), goes]);
        for login in ["grace@northwind.example", "mary@northwind.example"] {
            desk.sign_in(&mut desk.browser(), Provider::Okta, login).await.expect_location("/");
        }
    }
}
