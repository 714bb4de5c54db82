//! The practice Google and the practice Microsoft.

use okta_simulator::NewApp;

use crate::rp::{ADA, CALLBACK, Rp, answer, basic, claims, form_request, query};

/// A whole sign-in at Google or Microsoft: the ID token's claims and userinfo's.
async fn elsewhere(
    rp: &Rp,
    client: &(String, String),
    authorize: &str,
    token: &str,
    userinfo: &str,
) -> (serde_json::Value, serde_json::Value) {
    let params = [
        ("client_id", client.0.as_str()),
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid profile email"),
        ("state", "s"),
        ("nonce", "n"),
    ];
    let back = rp
        .okta
        .authorize(
            &rp.url(&format!("{authorize}?{}", crate::rp::form(&params))),
            ADA,
        )
        .expect("a way back");
    let code = query(&back).remove("code").expect("a code");
    let request = form_request(
        &rp.http,
        &rp.url(token),
        &[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
        ],
    );
    let tokens = answer(request.header("authorization", basic(&client.0, &client.1)))
        .await
        .json();
    let access = tokens["access_token"].as_str().expect("an access token");
    let info = answer(
        rp.http
            .get(rp.url(userinfo))
            .header("authorization", format!("Bearer {access}")),
    )
    .await
    .json();
    (claims(&tokens), info)
}

#[tokio::test]
async fn google_says_hd_and_email_verified() {
    let rp = Rp::start().await;
    let client = rp
        .okta
        .create_google_client(NewApp::named("Console").sign_in_redirect(CALLBACK));
    assert!(client.0.ends_with(".apps.googleusercontent.com"));
    let (id, info) = elsewhere(
        &rp,
        &client,
        "/google/o/oauth2/v2/auth",
        "/google/token",
        "/google/v1/userinfo",
    )
    .await;
    assert_eq!(id["iss"], rp.okta.issuer_google());
    assert_eq!(
        (
            id["hd"].as_str(),
            id["email_verified"].as_bool(),
            id["azp"].as_str()
        ),
        (
            Some("northwind.example"),
            Some(true),
            Some(client.0.as_str())
        )
    );
    assert_eq!(id["sub"].as_str().map(str::len), Some(21));
    assert_eq!(info["sub"], id["sub"]);
    rp.okta.set_email(ADA, "ada@gmail.example");
    let (id, _) = elsewhere(
        &rp,
        &client,
        "/google/o/oauth2/v2/auth",
        "/google/token",
        "/google/v1/userinfo",
    )
    .await;
    assert!(id.get("hd").is_none(), "a private account has no hd");
}

#[tokio::test]
async fn microsoft_says_tid_and_oid_and_nothing_about_verification() {
    let rp = Rp::start().await;
    let issuer = rp.okta.issuer_microsoft();
    let base = issuer.strip_suffix("/v2.0").expect("a version");
    let client = rp
        .okta
        .create_microsoft_client(NewApp::named("Console").sign_in_redirect(CALLBACK));
    let paths = |base: &str| {
        [
            "/oauth2/v2.0/authorize",
            "/oauth2/v2.0/token",
            "/oidc/userinfo",
        ]
        .map(|path| format!("{base}{path}"))
    };
    let [authorize, token, userinfo] = paths(base);
    let (id, info) = elsewhere(&rp, &client, &authorize, &token, &userinfo).await;
    assert_eq!(
        (id["iss"].as_str(), id["ver"].as_str()),
        (Some(issuer.as_str()), Some("2.0"))
    );
    assert!(issuer.contains(id["tid"].as_str().expect("a tenant")));
    assert_eq!(id["preferred_username"], ADA);
    assert!(id.get("oid").is_some() && id.get("email_verified").is_none());
    assert_eq!(info["sub"], id["sub"]);
    let [authorize, token, userinfo] = paths("/microsoft/common");
    let (common, _) = elsewhere(&rp, &client, &authorize, &token, &userinfo).await;
    assert_eq!(
        common["iss"],
        issuer.as_str(),
        "the shared door issues in the tenant's name"
    );
    let other = rp
        .okta
        .create_microsoft_client(NewApp::named("Other").sign_in_redirect(CALLBACK));
    let (pairwise, _) = elsewhere(&rp, &other, &authorize, &token, &userinfo).await;
    assert_ne!(pairwise["sub"], id["sub"], "sub differs from app to app");
    assert_eq!(pairwise["oid"], id["oid"]);
}
