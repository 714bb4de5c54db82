//! What ID tokens, access tokens and userinfo say, at each of the providers.

use okta_simulator::Claim;

use crate::rp::{ADA, NOON, Rp, claims, names, part, query};

#[tokio::test]
async fn the_org_server_s_id_token_is_thin_and_userinfo_has_the_rest() {
    let rp = Rp::start().await;
    let tokens = rp.tokens("/oauth2/v1", &[]).await;
    let id = claims(&tokens);
    let expected = [
        "amr",
        "at_hash",
        "aud",
        "auth_time",
        "email",
        "exp",
        "iat",
        "idp",
        "iss",
        "jti",
        "name",
        "nonce",
        "preferred_username",
        "sub",
        "ver",
    ];
    assert_eq!(names(&id), expected);
    assert_eq!(id["iss"], rp.okta.issuer_org());
    assert_eq!(id["aud"], rp.client_id.as_str());
    assert_eq!(id["nonce"], "the nonce");
    assert_eq!(id["sub"], rp.okta.person(ADA).id);
    assert_eq!(
        (id["iat"].as_i64(), id["exp"].as_i64()),
        (Some(NOON / 1000), Some(NOON / 1000 + 3600))
    );
    assert!(id["jti"].as_str().expect("an id").starts_with("ID."));
    let header = part(tokens["id_token"].as_str().expect("an ID token"), 0);
    assert_eq!(names(&header), ["alg", "kid"]);
    let access = tokens["access_token"].as_str().expect("an access token");
    assert_eq!(access.matches('.').count(), 0, "opaque");
    let info = rp.userinfo("/oauth2/v1", access).await.json();
    assert_eq!(info["sub"], id["sub"]);
    assert_eq!(
        (
            info["given_name"].as_str(),
            info["family_name"].as_str(),
            info["email_verified"].as_bool()
        ),
        (Some("Ada"), Some("Lovelace"), Some(true))
    );
}

#[tokio::test]
async fn scopes_decide_what_is_said() {
    let rp = Rp::start().await;
    let tokens = rp.tokens("/oauth2/v1", &[("scope", "openid")]).await;
    assert!(
        ["email", "name", "preferred_username"]
            .iter()
            .all(|name| claims(&tokens).get(name).is_none())
    );
    let info = rp
        .userinfo(
            "/oauth2/v1",
            tokens["access_token"].as_str().expect("a token"),
        )
        .await
        .json();
    assert_eq!(names(&info), ["sub"]);
}

#[tokio::test]
async fn a_custom_claim_is_always_there_or_only_at_userinfo_or_only_in_the_access_token() {
    let rp = Rp::start().await;
    rp.okta
        .add_claim("default", Claim::id_token("upn", "user.email"));
    rp.okta
        .add_claim("default", Claim::id_token("uid", "user.id"));
    rp.okta
        .add_claim("default", Claim::userinfo_only("quiet", "user.login"));
    rp.okta
        .add_claim("default", Claim::access_token("tier", "\"gold\""));
    rp.okta
        .add_claim("default", Claim::id_token("nothing", "user.mail"));
    let mut narrow = Claim::id_token("narrow", "user.id");
    narrow.scopes = ["phone".to_owned()].into();
    rp.okta.add_claim("default", narrow);
    rp.okta.set_email(ADA, "countess@northwind.example");
    let tokens = rp.tokens("/oauth2/default/v1", &[]).await;
    let id = claims(&tokens);
    assert_eq!(
        (&id["upn"], &id["uid"]),
        (
            &serde_json::json!("countess@northwind.example"),
            &serde_json::json!(rp.okta.person(ADA).id)
        )
    );
    for absent in ["quiet", "tier", "nothing", "narrow"] {
        assert!(id.get(absent).is_none(), "{absent}");
    }
    let access = tokens["access_token"].as_str().expect("an access token");
    let jwt = part(access, 1);
    assert_eq!(
        (
            jwt["tier"].as_str(),
            jwt["aud"].as_str(),
            jwt["sub"].as_str()
        ),
        (Some("gold"), Some("api://default"), Some(ADA))
    );
    assert_eq!(
        (&jwt["cid"], &jwt["iss"]),
        (
            &serde_json::json!(rp.client_id),
            &serde_json::json!(rp.okta.issuer_default())
        )
    );
    assert!(jwt.get("upn").is_none());
    assert!(rp.verifies("/oauth2/default/v1/keys", access).await);
    let info = rp.userinfo("/oauth2/default/v1", access).await.json();
    assert_eq!(
        (info["quiet"].as_str(), info["upn"].as_str()),
        (Some(ADA), Some("countess@northwind.example"))
    );
    assert!(info.get("tier").is_none());
    assert_eq!(
        rp.userinfo("/oauth2/v1", access).await.status,
        401,
        "another issuer's token"
    );
}

#[tokio::test]
async fn an_expression_that_makes_no_sense_is_a_server_error() {
    let rp = Rp::start().await;
    rp.okta
        .add_claim("default", Claim::id_token("upn", "email"));
    let back = rp
        .okta
        .authorize(&rp.authorize_url("/oauth2/default/v1", &[]), ADA)
        .expect("a way back");
    assert_eq!(query(&back)["error"], "server_error");
    assert_eq!(
        query(&back)["error_description"],
        "The 'upn' user claim could not be evaluated."
    );
}

#[tokio::test]
async fn userinfo_refuses_in_its_header() {
    let rp = Rp::start().await;
    let refused = rp.userinfo("/oauth2/v1", "made-up").await;
    assert_eq!(refused.status, 401);
    let header = refused.header("www-authenticate");
    assert!(
        header.contains("error=\"invalid_token\"")
            && header.contains("error_description=\"The access token is invalid.\""),
        "{header}"
    );
    let tokens = rp.tokens("/oauth2/v1", &[]).await;
    rp.okta.advance_clock(std::time::Duration::from_secs(3600));
    assert_eq!(
        rp.userinfo(
            "/oauth2/v1",
            tokens["access_token"].as_str().expect("a token")
        )
        .await
        .status,
        401,
        "expired"
    );
    assert_eq!(rp.okta.count_requests("/v1/userinfo"), 2);
}
