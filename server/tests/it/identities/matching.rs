//! What a first sign-in is matched by, and that no Okta account becomes an administrator without a person's word.

use api::{Cause, Provider, paths};
use okta_simulator::{Claim, NewPerson};
use serde_json::{Value, json};

use super::detail;
use crate::{
    desk::{ADMIN, Browser, Desk},
    on_both,
    refusals::{id_of, refused, user},
    witness,
};

const BOSS: &str = "boss@north.example";
const MALLORY: &str = "mallory@north.example";

/// A second administrator, who never signed in.
async fn boss(admin: &mut Browser) -> Value {
    let form = json!({ "name": "Boss", "email": BOSS, "okta_login": BOSS, "role": "admin" });
    admin
        .post(paths::USERS, &form)
        .await
        .expect_status(201)
        .json
}

/// A person at Okta who entered an e-mail that is not theirs.
fn person(desk: &Desk, login: &str, email: &str) -> String {
    desk.okta
        .add_person(NewPerson::new("Mallory", "Miller", email).login(login))
}

/// Saves the connection with other fields, proves it as Ada and puts it in force.
async fn change(desk: &Desk, admin: &mut Browser, fields: Value) {
    let path = paths::connection(Provider::Okta);
    let connection = admin.get(&path).await.expect_status(200).json;
    let mut form = connection["settings"].clone();
    for (name, value) in fields.as_object().expect("fields") {
        form[name] = value.clone();
    }
    let version = connection["version"].as_i64().expect("a version");
    admin.put(&path, version, &form).await.expect_status(200);
    desk.round_trip(admin, Provider::Okta, ADMIN)
        .await
        .expect_location("/settings/integrations/sso/okta?proved=1");
    desk.in_force().await;
}

/// Matches users by e-mail from now on.
pub(super) async fn by_email(desk: &Desk, admin: &mut Browser) {
    change(desk, admin, json!({ "match_by": "email" })).await;
}

async fn notifications(admin: &mut Browser, kind: &str) -> Vec<Value> {
    let all = admin
        .get(paths::NOTIFICATIONS)
        .await
        .expect_status(200)
        .json;
    let all = all["notifications"]
        .as_array()
        .expect("notifications")
        .clone();
    all.into_iter().filter(|it| it["kind"] == kind).collect()
}

async fn confirm(browser: &mut Browser, id: &str, account: &Value) -> crate::desk::Reply {
    let shown = json!({ "issuer": account["issuer"], "sub": account["sub"] });
    browser.post(&paths::confirm_identity(id), &shown).await
}

on_both! {
    async fn okta_login_connection_ignores_the_email_claim(desk: Desk) {
        let mut admin = desk.connected().await;
        let boss = boss(&mut admin).await;
        person(&desk, MALLORY, BOSS);
        refused(&desk, MALLORY, Cause::UnknownUser).await;
        assert_eq!(witness::identities(&desk).await, 0);
        let seen = detail(&mut admin, id_of(&boss)).await;
        assert_eq!((&seen["user"]["status"], &seen["identities"]), (&json!("inactive"), &json!([])));
        // The real one comes in as ever.
        desk.okta.add_person(NewPerson::new("Boss", "Real", "b@north.example").login(BOSS));
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, BOSS).await.expect_location("/");
        let session = browser.get(paths::SESSION).await.expect_status(200).json;
        assert_eq!(session["user_id"], boss["id"]);
    }

    async fn upn_that_matches_no_login_ends_the_search(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        desk.okta.add_claim("default", Claim::id_token("upn", "user.email"));
        desk.save_okta(&mut admin, &desk.okta.issuer_default()).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN)
            .await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        desk.in_force().await;
        user(&mut admin, "Grace", "grace@north.example", Some("ghopper")).await;
        // Her preferred_username is the login, but `upn` came first and is no one's.
        person(&desk, "ghopper", "elsewhere@north.example");
        refused(&desk, "ghopper", Cause::UnknownUser).await;
        assert_eq!(witness::identities(&desk).await, 0);
    }

    async fn mapped_claim_never_makes_an_administrator(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", ADMIN);
        desk.okta.add_claim("default", Claim::id_token("upn", "user.email"));
        desk.save_okta(&mut admin, &desk.okta.issuer_default()).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, ADMIN)
            .await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        desk.in_force().await;
        let boss = boss(&mut admin).await;
        let sub = person(&desk, MALLORY, BOSS);
        for _ in 0..2 {
            refused(&desk, MALLORY, Cause::IdentityUnconfirmed).await;
        }
        assert_eq!(witness::identities(&desk).await, 0);
        let told = notifications(&mut admin, "identity_unconfirmed").await;
        assert_eq!(told.len(), 1, "administrators hear of it once");
        assert_eq!(told[0]["data"]["user_id"], boss["id"]);
        let waiting = detail(&mut admin, id_of(&boss)).await["unconfirmed"].clone();
        assert_eq!(waiting.as_array().map(Vec::len), Some(1));
        assert_eq!(waiting[0]["sub"], sub);
        // A member with the same mapping is linked: the mapping is the administrators' own.
        let member = user(&mut admin, "Carol", "carol@north.example", Some("carol@north.example")).await;
        person(&desk, "carol.login", "carol@north.example");
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, "carol.login").await.expect_location("/");
        assert_eq!(browser.get(paths::SESSION).await.json["user_id"], member["id"]);
    }

    async fn email_connection_links_members_with_one_notice_and_no_administrator(desk: Desk) {
        let mut admin = desk.connected().await;
        by_email(&desk, &mut admin).await;
        let boss = boss(&mut admin).await;
        let carol = user(&mut admin, "Carol", "carol@north.example", None).await;
        person(&desk, "c.login", "Carol@North.Example");
        let mut browser = desk.browser();
        for _ in 0..2 {
            desk.sign_in(&mut browser, Provider::Okta, "c.login").await.expect_location("/");
        }
        let seen = detail(&mut admin, id_of(&carol)).await;
        assert_eq!(seen["user"]["status"], "active", "{seen}");
        let told = notifications(&mut admin, "linked_by_email").await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["data"]["login"], "c.login");

        person(&desk, MALLORY, BOSS);
        refused(&desk, MALLORY, Cause::IdentityUnconfirmed).await;
        assert_eq!(detail(&mut admin, id_of(&boss)).await["user"]["status"], "inactive");
        // Ada's login at Okta is her own: her first link needs no word.
        let mut ada = desk.browser();
        desk.sign_in(&mut ada, Provider::Okta, ADMIN).await.expect_location("/");
    }

    async fn email_connection_refuses_an_account_whose_login_is_another_users(desk: Desk) {
        let mut admin = desk.connected().await;
        by_email(&desk, &mut admin).await;
        user(&mut admin, "Carol", "carol@north.example", None).await;
        user(&mut admin, "Dan", "dan@north.example", Some("dan")).await;
        person(&desk, "dan", "carol@north.example");
        refused(&desk, "dan", Cause::Ambiguous).await;
        assert_eq!(witness::identities(&desk).await, 0);
    }

    async fn unverified_email_matters_only_where_it_is_matched_by(desk: Desk) {
        let mut admin = desk.connected().await;
        let alan = desk.member(&mut admin, "Alan", super::ALAN).await;
        desk.okta.change_person(super::ALAN, |person| person.email_verified = false);
        desk.okta.change_person(ADMIN, |person| person.email_verified = false);
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, super::ALAN).await.expect_location("/");
        desk.sign_in(&mut desk.browser(), Provider::Okta, ADMIN).await.expect_location("/");

        // Those two are linked: another setting changes nothing for them.
        by_email(&desk, &mut admin).await;
        desk.sign_in(&mut browser, Provider::Okta, super::ALAN).await.expect_location("/");
        assert_eq!(browser.get(paths::SESSION).await.json["user_id"], alan["id"]);
        desk.sign_in(&mut desk.browser(), Provider::Okta, ADMIN).await.expect_location("/");

        // A first link by e-mail is refused, until the connection says otherwise.
        let carol = user(&mut admin, "Carol", "carol@north.example", None).await;
        person(&desk, "c.login", "carol@north.example");
        desk.okta.change_person("c.login", |person| person.email_verified = false);
        refused(&desk, "c.login", Cause::EmailUnverified).await;
        assert_eq!(desk.latest(&mut admin).await["user"]["id"], carol["id"]);
        change(&desk, &mut admin, json!({ "allow_unverified_email": true })).await;
        desk.sign_in(&mut desk.browser(), Provider::Okta, "c.login").await.expect_location("/");
    }

    async fn linked_account_needs_no_name_at_all(desk: Desk) {
        let mut admin = desk.connected().await;
        desk.member(&mut admin, "Alan", super::ALAN).await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, super::ALAN).await.expect_location("/");
        for email in ["", " spaced@north.example", "crlf@north.example\r\n", "zero\u{200b}@north.example"] {
            desk.okta.change_person(super::ALAN, |person| person.email = email.into());
            desk.sign_in(&mut browser, Provider::Okta, super::ALAN).await.expect_location("/");
        }
    }

    async fn altered_email_claim_matches_no_one(desk: Desk) {
        let mut admin = desk.connected().await;
        by_email(&desk, &mut admin).await;
        user(&mut admin, "Carol", "carol@north.example", None).await;
        for (number, email) in [
            " carol@north.example",
            "carol@north.example\r\n",
            "carol@north.example\u{200b}",
            "\u{feff}carol@north.example",
            "carol@north.example\t",
        ]
        .into_iter()
        .enumerate()
        {
            let login = format!("c{number}");
            person(&desk, &login, email);
            refused(&desk, &login, Cause::EmailUnusable).await;
        }
        assert_eq!(witness::identities(&desk).await, 0);
    }

    async fn another_administrator_confirms_an_identity(desk: Desk) {
        let mut admin = desk.connected().await;
        by_email(&desk, &mut admin).await;
        let boss = boss(&mut admin).await;
        let sub = person(&desk, "b.login", BOSS);
        person(&desk, MALLORY, BOSS);
        refused(&desk, "b.login", Cause::IdentityUnconfirmed).await;
        refused(&desk, MALLORY, Cause::IdentityUnconfirmed).await;
        let waiting = detail(&mut admin, id_of(&boss)).await["unconfirmed"].clone();
        let waiting = waiting.as_array().expect("accounts");
        assert_eq!(waiting.len(), 2);
        let account = waiting.iter().find(|it| it["sub"] == sub).expect("the Boss's");
        // What is confirmed is what was shown, and nothing else.
        let other = json!({ "issuer": account["issuer"], "sub": "00uSomeoneElse" });
        confirm(&mut admin, id_of(&boss), &other).await.expect_status(412);
        let confirmed = confirm(&mut admin, id_of(&boss), account).await.expect_status(200).json;
        assert_eq!(confirmed["okta_login"], "b.login");
        assert_eq!(confirmed["status"], "inactive", "the sign-in makes the link");
        assert_eq!(witness::audited(&desk, "user.identity_confirmed").await, 1);

        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Okta, "b.login").await.expect_location("/");
        assert_eq!(browser.get(paths::SESSION).await.json["user_id"], boss["id"]);
        let seen = detail(&mut admin, id_of(&boss)).await;
        assert_eq!(seen["user"]["status"], "active");
        assert_eq!(seen["identities"][0]["sub"], sub);
        assert!(seen["unconfirmed"].is_null(), "{seen}");
        refused(&desk, MALLORY, Cause::LinkedToOther).await;
    }

    async fn confirmation_ends_with_another_login_or_the_login_taken(desk: Desk) {
        let mut admin = desk.connected().await;
        by_email(&desk, &mut admin).await;
        let boss = boss(&mut admin).await;
        person(&desk, "b.login", BOSS);
        refused(&desk, "b.login", Cause::IdentityUnconfirmed).await;
        let account = detail(&mut admin, id_of(&boss)).await["unconfirmed"][0].clone();
        let taken = user(&mut admin, "Eve", "eve@north.example", Some("b.login")).await;
        let refusal = confirm(&mut admin, id_of(&boss), &account).await.expect_status(422);
        assert_eq!(refusal.json["errors"][0]["field"], "okta_login");
        super::edit(&mut admin, &taken, json!({ "okta_login": null })).await;
        confirm(&mut admin, id_of(&boss), &account).await.expect_status(200);
        // An administrator assigns another login: the word given for the old account is void.
        super::edit(&mut admin, &boss, json!({ "okta_login": "another" })).await;
        refused(&desk, "b.login", Cause::IdentityUnconfirmed).await;
    }

    async fn own_test_sign_in_makes_the_login_of_a_first_administrator(desk: Desk) {
        let mut admin = desk.administrator().await;
        let sub = person(&desk, "ada.l", "somewhere@else.example");
        desk.save_okta(&mut admin, &desk.okta.issuer_org()).await.expect_status(200);
        desk.round_trip(&mut admin, Provider::Okta, "ada.l")
            .await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        let path = paths::connection(Provider::Okta);
        let connection = admin.get(&path).await.json;
        let session = admin.get(paths::SESSION).await.json;
        let id = session["user_id"].as_str().expect("an id").to_owned();
        assert_eq!(connection["verification"]["refused"], "unknown_user");
        assert_eq!(connection["verification"]["claimable_by"], json!(id));
        let guard = connection["guard"].to_string();
        assert!(guard.contains("okta_administrator"), "{guard}");

        let account = json!({ "issuer": connection["settings"]["issuer"], "sub": sub });
        let now = confirm(&mut admin, &id, &account).await.expect_status(200).json;
        assert_eq!(now["okta_login"], "ada.l");
        let guard = admin.get(&path).await.json["guard"].to_string();
        assert!(!guard.contains("okta_administrator"), "{guard}");
        desk.recovery_codes(&mut admin).await;
        desk.switch_on(&mut admin, Provider::Okta).await.expect_status(200);
        let confirmed = desk.confirm("ada.l").await.expect_status(200);
        assert_eq!(confirmed.json["state"], "connected");
    }

    async fn setting_is_previewed_and_leaves_linked_users_alone(desk: Desk) {
        let mut admin = desk.connected().await;
        let alan = desk.member(&mut admin, "Alan", super::ALAN).await;
        desk.sign_in(&mut desk.browser(), Provider::Okta, super::ALAN).await.expect_location("/");
        super::edit(&mut admin, &alan, json!({ "name": "Alan T" })).await;
        user(&mut admin, "Same", "same@north.example", Some("same@north.example")).await;
        user(&mut admin, "Without", "without@north.example", None).await;
        user(&mut admin, "Other", "other@north.example", Some("other.login")).await;
        let preview = admin.get(&paths::match_preview(Provider::Okta)).await.expect_status(200).json;
        assert_eq!(preview["changed"]["count"], 2, "{preview}");
        let names: Vec<&str> = preview["users"]
            .as_array()
            .expect("users")
            .iter()
            .filter_map(|it| it["name"].as_str())
            .collect();
        assert_eq!(names, ["Other", "Without"]);
        admin.get(&paths::match_preview(Provider::Google)).await.expect_status(404);

        let links = desk.dump().await.rows("identities");
        by_email(&desk, &mut admin).await;
        assert!(links == desk.dump().await.rows("identities"));
        let settings = admin.get(&paths::connection(Provider::Okta)).await.json["settings"].clone();
        assert_eq!(settings["match_by"], "email");
        // A form that says nothing of it leaves it as it is.
        change(&desk, &mut admin, json!({ "match_by": null })).await;
        let settings = admin.get(&paths::connection(Provider::Okta)).await.json["settings"].clone();
        assert_eq!(settings["match_by"], "email");
    }
}
