//! Connections to identity providers: saved, proved by a round trip, switched off and on.

mod edit;
mod failure;
mod health;
mod hearsay;
mod life;
mod moves;
mod rotation;
mod secret;
mod walk;

use api::{Provider, paths};
use serde_json::{Value, json};

use crate::{
    desk::{Browser, Desk, Reply, callback_url, version_of},
    on_both,
};

/// The connection as the administrator sees it.
async fn shown(admin: &mut Browser, provider: Provider) -> Value {
    admin
        .get(&paths::connection(provider))
        .await
        .expect_status(200)
        .json
}

/// Saves on the version that is there.
async fn save(admin: &mut Browser, provider: Provider, form: &Value) -> Reply {
    let version = version_of(admin, paths::connection(provider)).await;
    admin.put(&paths::connection(provider), version, form).await
}

/// A form for the practice Okta's organization server with an app of its own.
fn okta_form(desk: &Desk) -> Value {
    let (client_id, client_secret) = desk.web_app();
    json!({
        "issuer": desk.okta.issuer_org(), "client_id": client_id, "client_secret": client_secret,
    })
}

/// Google or Microsoft, connected by Ada's account there.
async fn connect_other(desk: &Desk, admin: &mut Browser, provider: Provider) {
    let app = okta_simulator::NewApp::named("SSO Console")
        .sign_in_redirect(&callback_url(provider))
        .everyone();
    let (client_id, client_secret) = match provider {
        Provider::Google => desk.okta.create_google_client(app),
        Provider::Microsoft | Provider::Okta => desk.okta.create_microsoft_client(app),
    };
    let form = json!({
        "client_id": client_id, "client_secret": client_secret,
        "tenant": match provider {
            Provider::Microsoft => tenant(desk),
            Provider::Okta | Provider::Google => Value::Null,
        },
    });
    save(admin, provider, &form).await.expect_status(200);
    let reply = desk.round_trip(admin, provider, crate::desk::ADMIN).await;
    reply.expect_location(&format!(
        "/settings/integrations/sso/{}?proved=1",
        provider.code()
    ));
    desk.switch_on(admin, provider).await.expect_status(200);
}

/// The practice provider's own directory.
fn tenant(desk: &Desk) -> Value {
    let issuer = desk.okta.issuer_microsoft();
    json!(issuer.rsplit('/').nth(1).expect("a tenant in the issuer"))
}

on_both! {
    async fn nothing_is_connected_at_first_and_the_redirect_uri_is_there_to_copy(desk: Desk) {
        let mut admin = desk.administrator().await;
        let list = admin.get(paths::CONNECTIONS).await.expect_status(200).json;
        let list = list["connections"].as_array().expect("connections").clone();
        let providers: Vec<_> = list.iter().map(|it| it["provider"].clone()).collect();
        assert_eq!(providers, ["okta", "google", "microsoft"]);
        for (connection, provider) in list.iter().zip(Provider::ALL) {
            let mut expected = json!({
                "provider": provider.code(), "state": "not_connected", "version": 0,
                "redirect_uri": callback_url(provider),
                "sign_out_redirect_uri": "http://localhost:8080/signed-out",
                "unverified": false, "live": false,
            });
            if provider == Provider::Okta {
                expected["initiate_login_uri"] = json!("http://localhost:8080/auth/okta/initiate");
            }
            assert_eq!(*connection, expected);
            assert_eq!(shown(&mut admin, provider).await, *connection);
        }
        admin.get("/api/connections/yahoo").await.expect_status(404);
    }

    async fn the_round_trip_proves_it_and_shows_what_came_back(desk: Desk) {
        let mut admin = desk.administrator().await;
        desk.person("Ada", "Lovelace", crate::desk::ADMIN);
        save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200);
        let before = desk.audit().await.len();
        desk.round_trip(&mut admin, Provider::Okta, crate::desk::ADMIN)
            .await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        let connection = shown(&mut admin, Provider::Okta).await;
        assert_eq!(connection["state"], "verified");
        assert_eq!(connection["unverified"], false);
        let proof = &connection["verification"];
        assert_eq!(proof["login"], crate::desk::ADMIN);
        assert_eq!(proof["by"], "Ada Lovelace");
        assert_eq!(proof["user"]["name"], "Ada Lovelace");
        let claims = proof["claims"].as_array().expect("claims");
        assert!(claims.iter().any(|it| it["name"] == "email" && it["userinfo"] == crate::desk::ADMIN));
        assert_eq!(desk.acts_since(before).await, ["connection.proved"]);
        // It is a proof and no sign-in: the administrator stays who they were, by their password.
        let session = admin.get(paths::SESSION).await.json;
        assert_eq!(session["signed_in_by"], "password");
        let users = desk.dump().await.rows("identities");
        assert!(users.is_empty(), "the round trip made a bond");
    }

    async fn what_is_saved_changes_nothing_for_members(desk: Desk) {
        let mut admin = desk.administrator().await;
        let draft = save(&mut admin, Provider::Okta, &okta_form(&desk)).await.expect_status(200).json;
        assert_eq!(draft["state"], "draft");
        assert_eq!(draft["unverified"], true);
        let mut member = desk.browser();
        let page = member.get(paths::SIGN_IN).await.expect_status(200);
        assert!(!page.text.contains(&paths::auth_start(Provider::Okta)), "{}", page.text);
        member.get(&paths::auth_start(Provider::Okta)).await.reference();
        assert_eq!(desk.latest(&mut admin).await["cause"], "connection_off");
    }

    async fn every_wrong_field_of_a_connection_is_named(desk: Desk) {
        let mut admin = desk.administrator().await;
        let right = okta_form(&desk);
        for (field, value, fault) in [
            ("issuer", "", "required"),
            ("issuer", "http://company.okta.com", "not_https"),
            ("issuer", "https://{yourOktaDomain}", "placeholder"),
            ("issuer", "https://10.0.0.1", "ip_address"),
            ("issuer", "https://169.254.169.254/latest", "ip_address"),
            ("issuer", "company.okta.com\u{0}", "blanks"),
            ("client_id", "", "required"),
            ("client_id", "••••••••", "masked"),
            ("client_id", "a b", "blanks"),
            ("client_secret", "****************", "masked"),
            ("client_secret", "0oa1gwbkhjPYwHEzQ0x7", "client_id_in_secret"),
            ("client_secret", "", "required"),
            ("native_client_id", "a\u{0}b", "blanks"),
            ("audience", "api: //default", "blanks"),
            ("audience", "api\u{0}", "blanks"),
        ] {
            let mut wrong = right.clone();
            wrong[field] = json!(value);
            let reply = save(&mut admin, Provider::Okta, &wrong).await.expect_status(422);
            assert_eq!(reply.faults(), [format!("{field}: {fault}")], "{value:?}");
        }
        let mut same = right.clone();
        same["native_client_id"] = same["client_id"].clone();
        let reply = save(&mut admin, Provider::Okta, &same).await.expect_status(422);
        assert_eq!(reply.faults(), ["native_client_id: same_as_web"]);
        let reply = save(&mut admin, Provider::Microsoft, &json!({
            "client_id": "c", "client_secret": "a secret".replace(' ', "-"), "tenant": "common",
        })).await.expect_status(422);
        assert_eq!(reply.faults(), ["tenant: not_a_tenant"]);
        assert_eq!(desk.acts_since(1).await, [""; 0]);
        assert_eq!(shown(&mut admin, Provider::Okta).await["state"], "not_connected");
    }

    async fn the_second_of_two_administrators_is_told_that_the_connection_changed(desk: Desk) {
        let mut admin = desk.administrator().await;
        let path = paths::connection(Provider::Okta);
        let form = okta_form(&desk);
        admin.put(&path, 0, &form).await.expect_status(200);
        let before = desk.dump().await;
        for stale in [0, 2, -1] {
            let reply = admin.put(&path, stale, &form).await.expect_status(412);
            assert_eq!(reply.code(), "changed");
        }
        for path in [paths::disable(Provider::Okta), paths::enable(Provider::Okta)] {
            admin.post(&path, &Value::Null).await.expect_status(428);
            admin.post_version(&path, 0).await.expect_status(412);
        }
        assert!(before == desk.dump().await);
    }

    async fn of_many_saves_at_once_on_one_version_one_is_kept(desk: Desk) {
        let admin = desk.administrator().await;
        let node = desk.another().await;
        let form = okta_form(&desk);
        let mut tasks = tokio::task::JoinSet::new();
        for at in 0..8 {
            let mut browser = if at % 2 == 0 { admin.clone() } else { admin.at(&node) };
            let form = form.clone();
            tasks.spawn(async move {
                browser.put(&paths::connection(Provider::Okta), 0, &form).await.status.as_u16()
            });
        }
        let mut statuses = tasks.join_all().await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
        assert_eq!(desk.dump().await.rows("connection_settings").len(), 1);
    }
}
