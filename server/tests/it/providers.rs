//! Google and Microsoft: real connections over the same code, and what Okta's going active does to
//! them.

mod switching;

use api::{Cause, Provider, paths};
use okta_simulator::{Fault, NewApp};
use serde_json::{Value, json};

use crate::{
    desk::{ADMIN, Browser, Desk, Reply, callback_url, version_of},
    on_both,
    puppet::{self, Puppet, Script},
    refusals::user,
    witness,
};

const ALAN: &str = "alan@northwind.example";

/// A client at the practice provider.
fn client(desk: &Desk, provider: Provider) -> (String, String) {
    let app = NewApp::named("SSO Console").sign_in_redirect(&callback_url(provider));
    match provider {
        Provider::Okta => desk.okta.create_web_app(app.everyone()),
        Provider::Google => desk.okta.create_google_client(app),
        Provider::Microsoft => desk.okta.create_microsoft_client(app),
    }
}

/// The directory of the practice Microsoft.
fn tenant(desk: &Desk) -> String {
    let issuer = desk.okta.issuer_microsoft();
    issuer.rsplit('/').nth(1).expect("a tenant").to_owned()
}

/// Saves a connection to the practice provider; `more` is added to the form.
async fn save(desk: &Desk, admin: &mut Browser, provider: Provider, more: Value) -> Reply {
    let (client_id, client_secret) = client(desk, provider);
    let mut form = json!({ "client_id": client_id, "client_secret": client_secret });
    if provider == Provider::Microsoft {
        form["tenant"] = json!(tenant(desk));
    }
    for (name, value) in more.as_object().into_iter().flatten() {
        form[name] = value.clone();
    }
    let path = paths::connection(provider);
    let version = version_of(admin, path.clone()).await;
    admin.put(&path, version, &form).await
}

/// Connects one of the two, by Ada's account there.
async fn connect(desk: &Desk, admin: &mut Browser, provider: Provider, more: Value) {
    save(desk, admin, provider, more).await.expect_status(200);
    let reply = desk.round_trip(admin, provider, ADMIN).await;
    let code = provider.code();
    reply.expect_location(&format!("/settings/integrations/sso/{code}?proved=1"));
    desk.switch_on(admin, provider).await.expect_status(200);
}

/// A deployment with Ada at every provider and Alan as a user; nothing is connected.
async fn set_up(desk: &Desk) -> Browser {
    let mut admin = desk.administrator().await;
    desk.person("Ada", "Lovelace", ADMIN);
    desk.member(&mut admin, "Alan", ALAN).await;
    admin
}

async fn refused(desk: &Desk, provider: Provider, login: &str, cause: Cause) {
    let mut browser = desk.browser();
    let back = desk.until_callback(&mut browser, provider, login).await;
    let reply = browser.get(&back).await;
    let what = format!("{} {login}", provider.code());
    witness::refused(desk, &mut browser, reply, cause, &what, &back).await;
}

on_both! {
    async fn google_signs_users_in_by_their_verified_email(desk: Desk) {
        let mut admin = set_up(&desk).await;
        connect(&desk, &mut admin, Provider::Google, json!({})).await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Google, ALAN).await.expect_location("/");
        let session = browser.get(paths::SESSION).await.expect_status(200).json;
        assert_eq!((&session["email"], &session["signed_in_by"]), (&json!(ALAN), &json!("google")));
        let page = desk.browser().get(paths::SIGN_IN).await;
        assert!(page.text.contains("/auth/google/start"));
        assert!(!page.text.contains("/auth/okta/start") && !page.text.contains("/auth/microsoft/"));

        desk.person("Zoe", "Unknown", "zoe@northwind.example");
        refused(&desk, Provider::Google, "zoe@northwind.example", Cause::UnknownUser).await;
        // It says nothing of the one who is linked, and keeps a first sign-in out.
        desk.okta.change_person(ALAN, |person| person.email_verified = false);
        desk.sign_in(&mut desk.browser(), Provider::Google, ALAN).await.expect_location("/");
        desk.okta.change_person("zoe@northwind.example", |person| person.email_verified = false);
        user(&mut admin, "Zoe", "zoe@northwind.example", None).await;
        refused(&desk, Provider::Google, "zoe@northwind.example", Cause::EmailUnverified).await;
        // Google has no page to sign out at.
        browser.form(paths::AUTH_SIGN_OUT, &[]).await.expect_location(paths::SIGNED_OUT);
        assert!(!browser.is_signed_in().await);
    }

    async fn google_refuses_accounts_of_another_domain(desk: Desk) {
        let mut admin = set_up(&desk).await;
        let more = json!({ "hosted_domain": "northwind.example" });
        connect(&desk, &mut admin, Provider::Google, more).await;
        let elsewhere = "alan@elsewhere.example";
        desk.person("Alan", "Elsewhere", elsewhere);
        user(&mut admin, "Alan Elsewhere", elsewhere, None).await;
        refused(&desk, Provider::Google, elsewhere, Cause::DomainRefused).await;
        let mut browser = desk.browser();
        let there = browser.get(&paths::auth_start(Provider::Google)).await.location();
        // A hint for Google's list of accounts; what counts is in the token.
        assert_eq!(witness::parameter(&there, "hd"), "northwind.example");
        let without = there.replace("hd=northwind.example", "hd=elsewhere.example");
        let back = desk.okta.authorize(&without, elsewhere).expect("sent back");
        let reply = browser.get(&back).await;
        let (cause, what) = (Cause::DomainRefused, "an edited hint");
        witness::refused(&desk, &mut browser, reply, cause, what, &back).await;
        desk.sign_in(&mut browser, Provider::Google, ALAN).await.expect_location("/");
    }

    async fn another_e_mail_is_another_account_there(desk: Desk) {
        let mut admin = set_up(&desk).await;
        connect(&desk, &mut admin, Provider::Google, json!({})).await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Google, ALAN).await.expect_location("/");
        // The user is handed on to somebody else.
        let successor = "kurt@northwind.example";
        desk.person("Kurt", "Godel", successor);
        let users = admin.get(paths::USERS).await.json;
        let alan = users["users"].as_array().expect("users").iter().find(|it| it["email"] == ALAN);
        let path = paths::user(crate::refusals::id_of(alan.expect("Alan")));
        let shown = admin.get(&path).await.json;
        let version = shown["user"]["version"].as_i64().expect("a version");
        let form = json!({ "name": "Kurt", "email": successor, "okta_login": successor, "role": "member" });
        admin.put(&path, version, &form).await.expect_status(200);
        assert!(!browser.is_signed_in().await, "their session ends");
        refused(&desk, Provider::Google, ALAN, Cause::UnknownUser).await;
        desk.sign_in(&mut browser, Provider::Google, successor).await.expect_location("/");
    }

    async fn microsoft_signs_users_in_by_user_name_and_never_by_email(desk: Desk) {
        let mut admin = set_up(&desk).await;
        connect(&desk, &mut admin, Provider::Microsoft, json!({})).await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Microsoft, ALAN).await.expect_location("/");
        assert_eq!(browser.get(paths::SESSION).await.json["signed_in_by"], "microsoft");
        // Anybody who runs a directory can write any e-mail into it (nOAuth).
        desk.okta.add_person(
            okta_simulator::NewPerson::new("Mallory", "Evil", "grace@northwind.example")
                .login("mallory@northwind.example"),
        );
        user(&mut admin, "Grace", "grace@northwind.example", None).await;
        refused(&desk, Provider::Microsoft, "mallory@northwind.example", Cause::UnknownUser).await;
        let there = browser.form(paths::AUTH_SIGN_OUT, &[]).await.location();
        assert_eq!(there, paths::SIGNED_OUT);
    }

    async fn microsoft_refuses_accounts_of_another_tenant(desk: Desk) {
        let puppet = Puppet::start().await;
        let base = puppet.issuer().to_owned();
        let desk = desk.another_with(|settings| settings.bases.microsoft = base).await;
        let mut admin = set_up(&desk).await;
        user(&mut admin, "Grace", puppet::LOGIN, None).await;
        puppet.say(microsoft("11111111-2222-3333-4444-555555555555"));
        let form = json!({
            "client_id": puppet::CLIENT_ID, "client_secret": puppet::CLIENT_SECRET,
            "tenant": TENANT,
        });
        let path = paths::connection(Provider::Microsoft);
        admin.put(&path, 0, &form).await.expect_status(200);
        puppet.say(microsoft(TENANT));
        let reply = admin.post(&paths::connect(Provider::Microsoft), &Value::Null).await;
        let there = reply.json["location"].as_str().expect("a location").to_owned();
        let back = puppet.visit(&desk, &there);
        admin.get(&back).await.expect_location("/settings/integrations/sso/microsoft?proved=1");
        desk.switch_on(&mut admin, Provider::Microsoft).await.expect_status(200);

        let start = paths::auth_start(Provider::Microsoft);
        for (script, cause) in [
            (microsoft("11111111-2222-3333-4444-555555555555"), Cause::TenantRefused),
            // The right issuer, and a `tid` that does not go with it.
            (
                Script {
                    id_token: |moment| {
                        let mut claims = microsoft_claims(moment, TENANT);
                        claims.insert("tid".into(), json!("11111111-2222-3333-4444-555555555555"));
                        puppet::signed(claims)
                    },
                    ..microsoft(TENANT)
                },
                Cause::TenantRefused,
            ),
            (
                Script {
                    id_token: |moment| {
                        let mut claims = microsoft_claims(moment, TENANT);
                        claims.remove("tid");
                        puppet::signed(claims)
                    },
                    ..microsoft(TENANT)
                },
                Cause::TenantRefused,
            ),
        ] {
            puppet.say(script);
            let mut browser = desk.browser();
            let back = puppet.visit(&desk, &browser.get(&start).await.location());
            let reply = browser.get(&back).await;
            let what = "another tenant";
            witness::refused(&desk, &mut browser, reply, cause, what, &back).await;
        }
        puppet.say(microsoft(TENANT));
        let mut browser = desk.browser();
        let back = puppet.visit(&desk, &browser.get(&start).await.location());
        browser.get(&back).await.expect_location("/");
    }

    async fn a_shared_door_of_microsoft_is_no_tenant(desk: Desk) {
        let mut admin = set_up(&desk).await;
        for tenant in ["common", "organizations", "consumers", "", "not-a-tenant/../x"] {
            let more = json!({ "tenant": tenant });
            let reply = save(&desk, &mut admin, Provider::Microsoft, more).await;
            assert_eq!(reply.status.as_u16(), 422, "{tenant}: {}", reply.text);
        }
    }

    async fn their_answers_are_checked_as_oktas_are(desk: Desk) {
        let mut admin = set_up(&desk).await;
        for provider in [Provider::Google, Provider::Microsoft] {
            connect(&desk, &mut admin, provider, json!({})).await;
            for (fault, cause) in [
                (Fault::WrongNonce, Cause::TokenNonce),
                (Fault::WrongIssuer, Cause::TokenIssuer),
                (Fault::WrongAudience, Cause::TokenAudience),
                (Fault::WrongAuthorizedParty, Cause::TokenAudience),
                (Fault::BadSignature, Cause::TokenSignature),
                (Fault::AlgNone, Cause::TokenAlgorithm),
                (Fault::Hs256Secret, Cause::TokenAlgorithm),
                (Fault::Expired, Cause::TokenExpired),
                (Fault::UserinfoOtherSubject, Cause::UserinfoSub),
                (Fault::TokenInvalidClient, Cause::ClientRefused),
                (Fault::CodeAndError, Cause::CallbackMalformed),
            ] {
                desk.okta.clear_faults();
                desk.okta.set_fault(fault);
                refused(&desk, provider, ALAN, cause).await;
            }
            desk.okta.clear_faults();
            let mut browser = desk.browser();
            desk.sign_in(&mut browser, provider, ALAN).await.expect_location("/");
        }
    }

    async fn another_client_at_microsoft_voids_the_bonds_as_their_subs_are_others(desk: Desk) {
        let mut admin = set_up(&desk).await;
        connect(&desk, &mut admin, Provider::Microsoft, json!({})).await;
        let mut browser = desk.browser();
        desk.sign_in(&mut browser, Provider::Microsoft, ALAN).await.expect_location("/");
        assert_eq!(witness::identities(&desk).await, 1);
        connect(&desk, &mut admin, Provider::Microsoft, json!({})).await;
        assert_eq!(witness::identities(&desk).await, 0);
        assert!(!browser.is_signed_in().await);
        desk.sign_in(&mut browser, Provider::Microsoft, ALAN).await.expect_location("/");
        assert_eq!(witness::identities(&desk).await, 1);
    }
}

const TENANT: &str = "5f1c5b2e-6a0d-4c5e-9a53-0d5b6c9a7e11";

/// A Microsoft whose accounts are of this tenant; its discovery is always that of [`TENANT`].
fn microsoft(tenant: &str) -> Script {
    let honest = Script {
        discovery: |moment| {
            let mut document = moment.discovery();
            document["issuer"] = json!(format!("{}/{TENANT}/v2.0", moment.base));
            puppet::answer(document)
        },
        id_token: |moment| puppet::signed(microsoft_claims(moment, TENANT)),
        ..Script::default()
    };
    if tenant == TENANT {
        return honest;
    }
    Script {
        id_token: |moment| {
            puppet::signed(microsoft_claims(
                moment,
                "11111111-2222-3333-4444-555555555555",
            ))
        },
        ..honest
    }
}

fn microsoft_claims(moment: &puppet::Moment, tenant: &str) -> serde_json::Map<String, Value> {
    let mut claims = moment.claims();
    claims.insert(
        "iss".into(),
        json!(format!("{}/{tenant}/v2.0", moment.base)),
    );
    claims.insert("tid".into(), json!(tenant));
    claims
}
