//! Who somebody is: the bond of `(connection, issuer, sub)` to a user, how it is made once, what
//! voids it, and that nobody ever becomes somebody else.

mod lookalikes;
mod matching;
mod races;
mod replaced;

use api::{Cause, Provider, paths};
use okta_simulator::NewPerson;
use serde_json::{Value, json};

use crate::{
    desk::Browser,
    on_both,
    refusals::{id_of, refused, user},
    users::accepted,
    witness,
};

const ALAN: &str = "alan@northwind.example";

async fn detail(admin: &mut Browser, id: &str) -> Value {
    admin.get(&paths::user(id)).await.expect_status(200).json
}

/// Replaces a user's fields, the others as they are.
async fn edit(admin: &mut Browser, user: &Value, changes: Value) {
    let id = id_of(user);
    let now = detail(admin, id).await["user"].clone();
    let mut form = json!({
        "name": now["name"], "email": now["email"], "okta_login": now["okta_login"],
        "role": now["role"],
    });
    for (name, value) in changes.as_object().expect("an object") {
        form[name] = value.clone();
    }
    let version = now["version"].as_i64().expect("a version");
    admin
        .put(&paths::user(id), version, &form)
        .await
        .expect_status(200);
}

on_both! {
    async fn another_account_with_the_same_login_is_refused_and_seen(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Alan", ALAN).await;
        let mut first = desk.browser();
        desk.sign_in(&mut first, Provider::Okta, ALAN).await.expect_location("/");
        let old = desk.okta.person(ALAN).id;
        // The e-mail goes to somebody new: the oldest way to take an account over.
        desk.okta.change_person(ALAN, |person| {
            person.login = "alan.retired".into();
            person.email = "retired@northwind.example".into();
            person.active = false;
        });
        desk.person("Alan", "Successor", ALAN);
        let new = desk.okta.person(ALAN).id;
        assert_ne!(old, new);
        let (reference, _) = refused(&desk, ALAN, Cause::LinkedToOther).await;

        let seen = detail(&mut admin, id_of(&user)).await;
        assert_eq!(seen["user"]["status"], "needs_attention");
        assert_eq!(seen["user"]["attention"], json!({ "kind": "second_identity", "sub": new }));
        assert_eq!(seen["identities"].as_array().map(Vec::len), Some(1));
        assert_eq!(seen["identities"][0]["sub"], old);
        assert_eq!(seen["attempts"][0]["reference"], reference);
        assert_eq!(witness::audited(&desk, "user.needs_attention").await, 1);
        assert!(first.is_signed_in().await, "the session of the rightful one was ended");

        // Seen is not let in: only an administrator who assigns the login anew changes the bond.
        accepted(&mut admin, id_of(&user)).await.expect_status(200);
        assert_eq!(detail(&mut admin, id_of(&user)).await["user"]["status"], "active");
        refused(&desk, ALAN, Cause::LinkedToOther).await;
        edit(&mut admin, &user, json!({ "okta_login": "nobody" })).await;
        edit(&mut admin, &user, json!({ "okta_login": ALAN })).await;
        let mut successor = desk.browser();
        desk.sign_in(&mut successor, Provider::Okta, ALAN).await.expect_location("/");
        assert_eq!(detail(&mut admin, id_of(&user)).await["identities"][0]["sub"], new);
        assert!(!first.is_signed_in().await);
    }

    async fn a_changed_login_of_the_same_account_is_let_in_and_shown_until_accepted(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Alan", ALAN).await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        let married = "alan.turing-clarke@northwind.example";
        desk.okta.change_person(ALAN, |person| {
            person.login = married.into();
            person.email = married.into();
        });
        desk.sign_in(&mut browser, Provider::Okta, married).await.expect_location("/");
        assert!(browser.is_signed_in().await);

        let seen = detail(&mut admin, id_of(&user)).await;
        assert_eq!(seen["user"]["status"], "needs_attention");
        assert_eq!(seen["user"]["attention"], json!({ "kind": "login_changed", "now": married }));
        assert_eq!(seen["user"]["okta_login"], ALAN);
        let accepted = accepted(&mut admin, id_of(&user)).await.expect_status(200).json;
        assert_eq!(accepted["status"], "active");
        assert_eq!(accepted["okta_login"], married);
        assert!(browser.is_signed_in().await, "accepting ended the session");
        assert_eq!(detail(&mut admin, id_of(&user)).await["identities"][0]["sub"], desk.okta.person(married).id);

        desk.sign_in(&mut browser, Provider::Okta, married).await.expect_location("/");
        assert_eq!(detail(&mut admin, id_of(&user)).await["user"]["status"], "active");
    }

    async fn a_changed_email_of_the_same_account_is_let_in_and_shown(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Alan", ALAN).await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        desk.okta.set_email(ALAN, "a.turing@northwind.example");
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        let seen = detail(&mut admin, id_of(&user)).await;
        let expected = json!({ "kind": "login_changed", "now": "a.turing@northwind.example" });
        assert_eq!(seen["user"]["attention"], expected);

        // It was a mistake at Okta, and is taken back: nothing is left to see.
        desk.okta.set_email(ALAN, ALAN);
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        assert_eq!(detail(&mut admin, id_of(&user)).await["user"]["status"], "active");

        desk.okta.set_email(ALAN, "a.turing@northwind.example");
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        accepted(&mut admin, id_of(&user)).await.expect_status(200);
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        assert_eq!(detail(&mut admin, id_of(&user)).await["user"]["status"], "active");
    }

    async fn a_bound_account_that_takes_anothers_login_stays_who_it_was(desk: Desk) {
        let mut admin = desk.connected().await;
        let alan = desk.member(&mut admin, "Alan", ALAN).await;
        let grace = desk.member(&mut admin, "Grace", "grace@northwind.example").await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        desk.okta.change_person("grace@northwind.example", |person| {
            person.login = "grace.new".into();
            person.email = "grace.new@northwind.example".into();
        });
        desk.okta.change_person(ALAN, |person| {
            person.login = "grace@northwind.example".into();
            person.email = "grace@northwind.example".into();
        });
        let mut again = desk.browser();
        desk.sign_in(&mut again, Provider::Okta, "grace@northwind.example")
            .await
            .expect_location("/");
        let session = again.get(paths::SESSION).await.expect_status(200).json;
        assert_eq!(session["user_id"], alan["id"]);
        let grace = detail(&mut admin, id_of(&grace)).await;
        assert_eq!(grace["user"]["status"], "inactive");
        assert_eq!(grace["identities"], json!([]));
    }

    async fn case_and_blanks_are_no_difference_between_logins(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.okta.add_person(NewPerson::new("Mary", "Jackson", "Mary.Jackson@Northwind.Example"));
        let typed = "  mary.JACKSON@northwind.example ";
        user(&mut admin, "Mary Jackson", typed, Some(typed)).await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, "mary.jackson@northwind.example")
            .await
            .expect_location("/");
        let email = browser.get(paths::SESSION).await.json["email"].clone();
        assert_eq!(email, "mary.jackson@northwind.example");
    }

    async fn fifty_first_sign_ins_at_once_make_one_bond(desk: Desk) {
        let mut admin = desk.connected().await;
        let user = desk.member(&mut admin, "Alan", ALAN).await;
        let node = desk.another().await;
        let mut coming = Vec::new();
        for number in 0..50 {
            let desk = if number % 2 == 0 { &desk } else { &node };
            let mut browser = desk.browser();
            let back = desk.until_callback(&mut browser, Provider::Okta, ALAN).await;
            coming.push((browser, back));
        }
        let arrivals: Vec<_> = coming
            .into_iter()
            .map(|(mut browser, back)| {
                tokio::spawn(async move {
                    let reply = browser.get(&back).await;
                    (browser, reply)
                })
            })
            .collect();
        for arrival in arrivals {
            let (mut browser, reply) = arrival.await.expect("it ends");
            reply.expect_location("/");
            assert!(browser.is_signed_in().await);
        }
        assert_eq!(witness::identities(&desk).await, 1);
        assert_eq!(witness::audited(&desk, "user.bound").await, 1);
        assert_eq!(detail(&mut admin, id_of(&user)).await["user"]["status"], "active");
    }

    async fn two_accounts_at_the_same_time_do_not_share_a_user(desk: Desk) {
        let mut admin = desk.connected().await;
        matching::by_email(&desk, &mut admin).await;
        user(&mut admin, "Alan", ALAN, None).await;
        // Both have the e-mail.
        desk.okta.add_person(NewPerson::new("Alan", "One", ALAN).login("alan.one"));
        desk.okta.add_person(NewPerson::new("Alan", "Two", ALAN).login("alan.two"));
        let node = desk.another().await;
        let (mut one, mut two) = (desk.browser(), node.browser());
        let first = desk.until_callback(&mut one, Provider::Okta, "alan.one").await;
        let second = node.until_callback(&mut two, Provider::Okta, "alan.two").await;
        let (first, second) = tokio::join!(one.get(&first), two.get(&second));
        let let_in = [&first, &second].into_iter().filter(|it| it.header("location") == "/");
        assert_eq!(let_in.count(), 1, "{first:?} {second:?}");
        assert_eq!(witness::identities(&desk).await, 1);
        assert_eq!(witness::sessions(&desk).await, 2, "the administrator's and one");
        let users = admin.get(paths::USERS).await.json;
        assert_eq!(users["counts"]["needs_attention"], 1);
    }

    async fn another_login_ends_the_bond_and_its_sessions(desk: Desk) {
        let mut admin = desk.connected().await;
        for login in [Value::Null, json!("alan.other")] {
            let email = format!("{}@northwind.example", if login.is_null() { "a" } else { "b" });
            let user = desk.member(&mut admin, "Alan", &email).await;
            let mut browser = desk.browser();
            desk.sign_in(&mut browser, Provider::Okta, &email).await.expect_location("/");
            edit(&mut admin, &user, json!({ "okta_login": login })).await;
            assert!(!browser.is_signed_in().await, "{login}");
            let seen = detail(&mut admin, id_of(&user)).await;
            assert_eq!(seen["user"]["status"], "inactive");
            assert_eq!(seen["identities"], json!([]));
            let cause = if login.is_null() { Cause::NoLogin } else { Cause::UnknownUser };
            refused(&desk, &email, cause).await;
        }
        assert_eq!(witness::audited(&desk, "user.unbound").await, 2);
    }

    async fn whoever_is_deleted_or_changes_role_is_out_at_once_on_every_node(desk: Desk) {
        let mut admin = desk.connected().await;
        let node = desk.another().await;
        let user = desk.member(&mut admin, "Alan", ALAN).await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        assert!(browser.at(&node).is_signed_in().await);
        edit(&mut admin, &user, json!({ "role": "admin" })).await;
        assert!(!browser.at(&node).is_signed_in().await, "a session outlived its role");
        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        assert_eq!(browser.get(paths::USERS).await.status.as_u16(), 200);
        edit(&mut admin, &user, json!({ "role": "member" })).await;
        assert_eq!(browser.at(&node).get(paths::USERS).await.status.as_u16(), 401);

        desk.sign_in(&mut browser, Provider::Okta, ALAN).await.expect_location("/");
        let mut late = desk.browser();
        let back = desk.until_callback(&mut late, Provider::Okta, ALAN).await;
        admin.delete(&paths::user(id_of(&user))).await.expect_status(204);
        assert!(!browser.at(&node).is_signed_in().await, "a session outlived its user");
        let reply = late.get(&back).await;
        let cause = Cause::UnknownUser;
        witness::refused(&desk, &mut late, reply, cause, "deleted meanwhile", &back).await;
        assert_eq!(witness::identities(&desk).await, 0);
    }
}
