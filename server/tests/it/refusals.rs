//! Who is refused although Okta let them in, or because it did not: the attempt has the cause, the
//! person sees a plain page that tells nothing of the account.

use api::{Cause, Provider, paths};
use okta_simulator::Fault;
use serde_json::{Value, json};

use crate::{
    desk::{ADMIN, Browser, Desk, Reply},
    on_both, witness,
};

/// Makes a user, without a person at Okta.
pub(crate) async fn user(
    admin: &mut Browser,
    name: &str,
    email: &str,
    okta_login: Option<&str>,
) -> Value {
    let form = json!({ "name": name, "email": email, "okta_login": okta_login, "role": "member" });
    admin
        .post(paths::USERS, &form)
        .await
        .expect_status(201)
        .json
}

pub(crate) fn id_of(user: &Value) -> &str {
    user["id"].as_str().expect("an id")
}

/// A sign-in at Okta in a new browser that must be refused; the reference and the refusal page.
pub(crate) async fn refused(desk: &Desk, login: &str, cause: Cause) -> (String, Reply) {
    let mut browser = desk.browser();
    let back = desk
        .until_callback(&mut browser, Provider::Okta, login)
        .await;
    let reply = browser.get(&back).await;
    let reference = witness::refused(desk, &mut browser, reply, cause, cause.code(), &back).await;
    let page = browser
        .get(&format!("{}?reference={reference}", paths::REFUSED))
        .await;
    (reference, page)
}

on_both! {
    async fn whoever_is_unknown_here_is_refused_and_no_user_is_made(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.person("Zoe", "Unknown", "zoe@northwind.example");
        let users = witness::count(&desk, "select count(*) from users").await;
        refused(&desk, "zoe@northwind.example", Cause::UnknownUser).await;
        assert_eq!(witness::count(&desk, "select count(*) from users").await, users);
        assert_eq!(witness::identities(&desk).await, 0);
        let attempt = desk.latest(&mut admin).await;
        assert_eq!(attempt["claimed_login"], "zoe@northwind.example");
        assert_eq!(attempt["outcome"], "failed");
        assert!(attempt.get("user").is_none_or(Value::is_null), "{attempt}");
    }

    async fn whoever_is_not_assigned_at_okta_is_refused_with_what_okta_said(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Nell", "nell@northwind.example").await;
        let client_id = desk.okta.apps()[0].id.clone();
        desk.okta.unassign(&client_id, "nell@northwind.example");
        let (reference, _) = refused(&desk, "nell@northwind.example", Cause::NotAssigned).await;
        let row = witness::attempt(&desk, &reference).await;
        let said = row.provider_said.expect("Okta's words");
        assert_eq!(said, "access_denied: User is not assigned to the client application.");
        assert!(row.is_consumed);
        let detail = admin.get(&paths::user(id_of(&user))).await.json;
        assert_eq!(detail["user"]["status"], "inactive");
        desk.okta.assign(&client_id, "nell@northwind.example");
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, "nell@northwind.example")
            .await
            .expect_location("/");
    }

    async fn whoever_okta_denies_for_another_reason_is_refused(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Nell", "nell@northwind.example").await;
        desk.okta.set_fault(Fault::AccessDenied);
        refused(&desk, "nell@northwind.example", Cause::AccessDenied).await;
    }

    /// D01 to D05: a custom authorization server denies by its access policies.
    async fn denial_of_a_custom_server_names_its_policies(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        desk.save_okta(&mut admin, &desk.okta.issuer_default()).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN)
            .await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        desk.in_force().await;
        desk.member(&mut admin, "Nell", "nell@northwind.example").await;
        desk.okta.set_fault(Fault::AccessDenied);
        refused(&desk, "nell@northwind.example", Cause::AccessDeniedCustomServer).await;
    }

    async fn a_user_without_an_okta_login_is_refused_and_the_administrator_sees_whom(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.person("Radia", "Perlman", "radia@northwind.example");
        let user = user(&mut admin, "Radia Perlman", "radia@northwind.example", None).await;
        refused(&desk, "radia@northwind.example", Cause::NoLogin).await;
        let attempt = desk.latest(&mut admin).await;
        assert_eq!(attempt["user"]["id"], user["id"]);
        assert_eq!(witness::identities(&desk).await, 0);
    }

    async fn a_suspended_user_is_refused_until_reinstated(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Alan", "alan@northwind.example").await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, "alan@northwind.example").await;
        admin.post(&paths::suspend(id_of(&user)), &Value::Null).await.expect_status(200);
        assert!(!browser.is_signed_in().await);
        refused(&desk, "alan@northwind.example", Cause::UserSuspended).await;
        assert_eq!(desk.latest(&mut admin).await["user"]["id"], user["id"]);
        admin.post(&paths::reinstate(id_of(&user)), &Value::Null).await.expect_status(200);
        // What was ended stays ended; only a new sign-in opens the door.
        assert!(!browser.is_signed_in().await);
        desk.sign_in(&mut browser, Provider::Okta, "alan@northwind.example")
            .await
            .expect_location("/");
    }

    async fn a_user_who_is_suspended_during_the_round_trip_is_refused(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Alan", "alan@northwind.example").await;
        let mut browser = desk.browser();
        let login = "alan@northwind.example";
        let back = desk.until_callback(&mut browser, Provider::Okta, login).await;
        admin.post(&paths::suspend(id_of(&user)), &Value::Null).await.expect_status(200);
        let reply = browser.get(&back).await;
        let cause = Cause::UserSuspended;
        witness::refused(&desk, &mut browser, reply, cause, "suspended meanwhile", &back).await;
        assert_eq!(witness::identities(&desk).await, 0, "the bond of a suspended user was made");
    }

    async fn the_refusal_pages_of_unknown_suspended_and_unassigned_people_are_the_same(desk: Desk) {
        let mut admin = desk.connected().await;
        for name in ["unknown", "suspended", "nologin", "second", "unassigned"] {
            desk.person(name, "Person", &format!("{name}@northwind.example"));
        }
        let suspended = user(
            &mut admin,
            "Suspended",
            "suspended@northwind.example",
            Some("suspended@northwind.example"),
        )
        .await;
        admin.post(&paths::suspend(id_of(&suspended)), &Value::Null).await.expect_status(200);
        user(&mut admin, "No Login", "nologin@northwind.example", None).await;
        let bound = user(&mut admin, "Second", "second@northwind.example", Some("second@northwind.example")).await;
        assert_eq!(bound["status"], "inactive");
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, "second@northwind.example").await;
        desk.okta.change_person("second@northwind.example", |person| {
            person.login = "retired".into();
            person.email = "retired@northwind.example".into();
        });
        desk.person("Second", "Successor", "second@northwind.example");
        let app = desk.okta.apps()[0].id.clone();
        desk.okta.unassign(&app, "unassigned@northwind.example");

        let mut pages = Vec::new();
        for (login, cause) in [
            ("unknown", Cause::UnknownUser),
            ("suspended", Cause::UserSuspended),
            ("nologin", Cause::NoLogin),
            ("second", Cause::LinkedToOther),
            ("unassigned", Cause::NotAssigned),
        ] {
            let login = format!("{login}@northwind.example");
            let (reference, page) = refused(&desk, &login, cause).await;
            let mut headers: Vec<String> = page
                .headers
                .iter()
                .filter(|(name, _)| *name != "x-request-id")
                .map(|(name, value)| format!("{name}: {value:?}"))
                .collect();
            headers.sort();
            assert!(page.text.matches(&reference).count() >= 1);
            pages.push((page.text.replace(&reference, "XXXX-XXXX"), headers));
        }
        for page in &pages[1..] {
            assert_eq!(page, &pages[0], "a refusal tells whether there is an account");
        }
    }

    async fn a_refusal_is_told_in_the_language_of_the_browser(desk: Desk) {
        desk.connected().await;
        desk.person("Zoe", "Unknown", "zoe@northwind.example");
        let (reference, english) = refused(&desk, "zoe@northwind.example", Cause::UnknownUser).await;
        let mut browser = desk.browser();
        let address = format!("{}?reference={reference}&language=fr", paths::REFUSED);
        let french = browser.get(&address).await.expect_status(403);
        assert_eq!(english.header("content-language"), "en");
        assert_eq!(french.header("content-language"), "fr");
        assert!(french.text.contains("<html lang=\"fr\"") && french.text.contains(&reference));
        assert_ne!(english.text.len(), french.text.len());
    }

    async fn refusal_page_leads_to_okta_for_another_account(desk: Desk) {
        desk.connected().await;
        desk.person("Zoe", "Unknown", "zoe@northwind.example");
        let mut browser = desk.browser();
        let start = format!("{}?return_to=%2Fme%3Fa%3D1%26b%3D2", paths::auth_start(Provider::Okta));
        let there = browser.get(&start).await.location();
        let back = desk.okta.authorize(&there, "zoe@northwind.example").expect("Okta sends back");
        let refusal = browser.get(&back).await.location();
        let page = browser.get(&refusal).await.expect_status(403);
        let again = page.links().into_iter().find(|it| it.contains("prompt=login"));
        let again = again.unwrap_or_else(|| panic!("no link to another account: {}", page.text));
        let there = browser.get(&again).await.location();
        assert!(there.contains("prompt=login"), "{there}");
        let back = desk.okta.authorize(&there, ADMIN).expect("Okta sends back");
        browser.get(&back).await.expect_location("/me?a=1&b=2");
    }

    async fn every_link_of_a_member_page_leads_to_a_page(desk: Desk) {
        desk.connected().await;
        desk.person("Zoe", "Unknown", "zoe@northwind.example");
        let (reference, _) = refused(&desk, "zoe@northwind.example", Cause::UnknownUser).await;
        let mut member = desk.browser();
        desk.sign_in(&mut member, Provider::Okta, ADMIN).await.location();
        let refusal = format!("{}?reference={reference}", paths::REFUSED);
        let mut seen = std::collections::BTreeSet::new();
        for (browser, path, count) in [
            (desk.browser(), paths::SIGN_IN, 5),
            (desk.browser(), paths::SIGN_IN_ADMINISTRATOR, 4),
            (desk.browser(), paths::SIGNED_OUT, 4),
            (desk.browser(), &refusal, 5),
            (member, paths::ME, 4),
        ] {
            let page = browser.clone().get(path).await;
            let links = page.links();
            assert_eq!(links.len(), count, "{path}: {links:?}");
            seen.extend(links.iter().cloned());
            for link in links {
                let reply = browser.clone().get(&link).await;
                assert!(
                    reply.status.as_u16() < 400 || link.starts_with(paths::REFUSED),
                    "{path} leads to {link}: {}",
                    reply.status
                );
            }
        }
        assert!(seen.len() > 10, "{seen:?}");
    }

    async fn a_reference_that_nobody_has_shows_no_page(desk: Desk) {
        desk.connected().await;
        let mut browser = desk.browser();
        for reference in ["", "XXXX-XXXX", "'%20or%201=1--", "%00", "%3Cscript%3E"] {
            browser
                .get(&format!("{}?reference={reference}", paths::REFUSED))
                .await
                .expect_location(paths::SIGN_IN);
        }
    }
}
