//! Discovery, keys, and whose organization answers.

use okta_simulator::{Config, NewApp};

use crate::rp::{Rp, names, part};

#[tokio::test]
async fn the_org_server_and_the_custom_servers_describe_themselves() {
    let rp = Rp::start().await;
    let base = rp.okta.base_url();
    let org = rp.get("/.well-known/openid-configuration").await;
    assert_eq!(
        org.header("cache-control"),
        "max-age=86400, must-revalidate"
    );
    assert!(!org.header("x-okta-request-id").is_empty());
    assert_eq!(org.header("date"), "Wed, 01 Jul 2026 12:00:00 GMT");
    let org = org.json();
    assert_eq!(org["issuer"], base.as_str());
    assert_eq!(org["token_endpoint"], format!("{base}/oauth2/v1/token"));
    assert_eq!(
        org["code_challenge_methods_supported"],
        serde_json::json!(["S256"])
    );
    for absent in [
        "authorization_response_iss_parameter_supported",
        "backchannel_logout_supported",
        "claims_parameter_supported",
    ] {
        assert!(org.get(absent).is_none(), "{absent}");
    }
    let default = rp
        .get("/oauth2/default/.well-known/openid-configuration")
        .await
        .json();
    assert_eq!(default["issuer"], rp.okta.issuer_default());
    assert_eq!(
        default["jwks_uri"],
        format!("{base}/oauth2/default/v1/keys")
    );
    let oauth = rp
        .get("/.well-known/oauth-authorization-server/oauth2/default")
        .await
        .json();
    assert_eq!(oauth["issuer"], default["issuer"]);
    assert!(oauth.get("userinfo_endpoint").is_none());
}

#[tokio::test]
async fn discovery_for_a_client_describes_that_client() {
    let rp = Rp::start().await;
    let native = rp.okta.create_native_app(NewApp::named("Phone"));
    let web = rp
        .get(&format!(
            "/.well-known/openid-configuration?client_id={}",
            rp.client_id
        ))
        .await
        .json();
    assert_eq!(
        web["token_endpoint_auth_methods_supported"],
        serde_json::json!(["client_secret_basic"])
    );
    assert_eq!(
        web["grant_types_supported"],
        serde_json::json!(["authorization_code", "refresh_token"])
    );
    assert!(
        web["jwks_uri"]
            .as_str()
            .expect("a URL")
            .ends_with(&format!("/oauth2/v1/keys?client_id={}", rp.client_id))
    );
    let phone = rp
        .get(&format!(
            "/oauth2/default/.well-known/openid-configuration?client_id={native}"
        ))
        .await
        .json();
    assert_eq!(
        phone["token_endpoint_auth_methods_supported"],
        serde_json::json!(["none"])
    );
    assert_eq!(
        phone["grant_types_supported"],
        serde_json::json!(["authorization_code"])
    );
    let unknown = rp
        .get("/.well-known/openid-configuration?client_id=0oaNobody")
        .await;
    assert_eq!(unknown.status, 400);
    assert_eq!(unknown.json()["errorCode"], "invalid_client");
    assert_eq!(
        unknown.json()["errorSummary"],
        "Invalid value for 'client_id' parameter."
    );
}

#[tokio::test]
async fn an_unknown_server_is_404_and_an_unpaid_one_401() {
    let rp = Rp::start().await;
    let unknown = rp
        .get("/oauth2/ausNobody/.well-known/openid-configuration")
        .await;
    assert_eq!(
        (unknown.status, unknown.json()["errorCode"].as_str()),
        (404, Some("E0000007"))
    );
    assert_eq!(
        unknown.json()["errorSummary"],
        "Not found: Resource not found: ausNobody (AuthorizationServer)"
    );
    let unpaid = Rp::with(Config {
        api_access_management: false,
        ..Config::seeded(1)
    })
    .await;
    let refused = unpaid
        .get("/oauth2/default/.well-known/openid-configuration")
        .await;
    assert_eq!(
        (refused.status, refused.json()["errorCode"].as_str()),
        (401, Some("E0000015"))
    );
    assert_eq!(
        refused.json()["errorSummary"],
        "You do not have permission to access the feature you are requesting"
    );
    assert_eq!(
        unpaid.get("/.well-known/openid-configuration").await.status,
        200
    );
}

#[tokio::test]
async fn the_issuer_follows_the_host_and_the_admin_host_gives_itself_away() {
    let rp = Rp::start().await;
    let port = rp.okta.address().port();
    let asked = async |host: &str, path: &str| {
        crate::rp::answer(
            rp.http
                .get(rp.url(path))
                .header("host", format!("{host}:{port}")),
        )
        .await
    };
    let org = asked(
        "northwind.okta.localhost",
        "/.well-known/openid-configuration",
    )
    .await
    .json();
    assert_eq!(
        org["issuer"],
        format!("http://northwind.okta.localhost:{port}")
    );
    let admin = asked(
        "northwind-admin.okta.localhost",
        "/.well-known/openid-configuration",
    )
    .await;
    assert_eq!(admin.status, 200);
    assert_eq!(
        admin.json()["issuer"],
        format!("http://northwind.okta.localhost:{port}")
    );
    let token = crate::rp::form_request(&rp.http, &rp.url("/oauth2/v1/token"), &[])
        .header("host", format!("northwind-admin.okta.localhost:{port}"));
    assert_eq!(crate::rp::answer(token).await.status, 302);
}

#[tokio::test]
async fn a_name_that_nobody_has_is_the_parked_organization() {
    let rp = Rp::start().await;
    let asked = async |host: &str, path: &str| {
        crate::rp::answer(rp.http.get(rp.url(path)).header("host", host)).await
    };
    let parked = asked("nortwhind.okta.localhost", "/.well-known/okta-organization").await;
    assert_eq!(parked.status, 200);
    assert_eq!(parked.json()["id"], "00oplaODtXoEq1eQo0g3");
    assert_eq!(parked.json()["pipeline"], "v1");
    let own = asked("northwind.okta.localhost", "/.well-known/okta-organization")
        .await
        .json();
    assert_eq!(own["id"], rp.okta.org_id());
    assert_eq!(own["pipeline"], "idx");
    let client = asked(
        "nortwhind.okta.localhost",
        &format!(
            "/.well-known/openid-configuration?client_id={}",
            rp.client_id
        ),
    )
    .await;
    assert_eq!(client.status, 400);
}

#[tokio::test]
async fn two_keys_are_published_and_rotation_replaces_them() {
    let rp = Rp::start().await;
    let kids = async || {
        let keys = rp.get("/oauth2/v1/keys").await.json();
        keys["keys"]
            .as_array()
            .expect("keys")
            .iter()
            .map(|key| key["kid"].as_str().expect("a kid").to_owned())
            .collect::<Vec<_>>()
    };
    let before = kids().await;
    assert_eq!(before.len(), 2);
    rp.okta.promote_next_key();
    let promoted = kids().await;
    assert_eq!(promoted[0], before[1], "the announced key signs now");
    rp.okta.rotate_keys();
    let replaced = kids().await;
    assert!(replaced.iter().all(|kid| !promoted.contains(kid)));
    let tokens = rp.tokens("/oauth2/v1", &[]).await;
    let id_token = tokens["id_token"].as_str().expect("an ID token");
    assert_eq!(part(id_token, 0)["kid"], replaced[0].as_str());
    assert!(rp.verifies("/oauth2/v1/keys", id_token).await);
    assert!(
        !rp.verifies("/oauth2/default/v1/keys", id_token).await,
        "issuers do not share keys"
    );
}

#[tokio::test]
async fn google_and_microsoft_are_issuers_of_their_own() {
    let rp = Rp::start().await;
    let google = rp
        .get("/google/.well-known/openid-configuration")
        .await
        .json();
    assert_eq!(google["issuer"], rp.okta.issuer_google());
    assert!(names(&google).contains(&"jwks_uri".to_owned()));
    let issuer = rp.okta.issuer_microsoft();
    let microsoft = rp
        .get(&format!("{issuer}/.well-known/openid-configuration"))
        .await
        .json();
    assert_eq!(microsoft["issuer"], issuer.as_str());
    let common = rp
        .get("/microsoft/common/v2.0/.well-known/openid-configuration")
        .await
        .json();
    assert!(
        common["issuer"]
            .as_str()
            .expect("an issuer")
            .contains("{tenantid}")
    );
    assert_eq!(
        rp.get("/microsoft/nobody/v2.0/.well-known/openid-configuration")
            .await
            .status,
        400
    );
}
