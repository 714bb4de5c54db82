//! An administrator's steps at Okta, rehearsed on the admin pages: what comes out signs people in.

use crate::admin::{field, send};
use crate::rp::{ADA, Rp, VERIFIER, answer, basic, claims, form_request, query};

/// Whether an app with these credentials signs Ada in, and the claims that it gets.
async fn sign_in(rp: &Rp, tree: &str, id: &str, secret: &str, callback: &str) -> serde_json::Value {
    let url = rp.authorize_url(tree, &[("client_id", id), ("redirect_uri", callback)]);
    let back = rp.okta.authorize(&url, ADA).expect("a way back");
    let code = query(&back)
        .remove("code")
        .unwrap_or_else(|| panic!("{back}"));
    let params = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", callback),
        ("code_verifier", VERIFIER),
    ];
    let request = form_request(&rp.http, &rp.url(&format!("{tree}/token")), &params);
    let tokens = answer(request.header("authorization", basic(id, secret))).await;
    claims(&tokens.json())
}

#[tokio::test]
async fn the_steps_for_the_org_server_make_an_app_that_signs_in() {
    let rp = Rp::start().await;
    let list = rp.get("/practice/apps").await;
    assert!(list.text.contains(">Create App Integration</a>"));
    let kinds = rp.get("/practice/apps/new").await.text;
    for words in [
        "OIDC - OpenID Connect",
        "Web Application",
        "Native Application",
        ">Next<",
    ] {
        assert!(kinds.contains(words), "{words}");
    }
    let fields = rp.get("/practice/apps/new?method=oidc&type=web").await.text;
    for label in [
        "App integration name",
        "Grant type",
        "Refresh Token",
        "Sign-in redirect URIs",
        "Sign-out redirect URIs",
        "Assignments",
        "Skip group assignment for now",
    ] {
        assert!(fields.contains(label), "{label}");
    }
    let callback = "https://calls.example/sso/okta";
    let form = [
        ("type", "web"),
        ("name", "Calls over OIDC"),
        ("grant", "authorization_code"),
        ("sign_in", callback),
        ("sign_out", ""),
        ("assignments", "skip"),
    ];
    let (at, page) = send(&rp, "/practice/apps", &form).await;
    assert!(page.text.contains("role=\"status\">Created."));
    let (id, secret) = (
        field(&page.text, "Client ID"),
        field(&page.text, "Client Secret"),
    );
    let url = rp.authorize_url(
        "/oauth2/v1",
        &[("client_id", &id), ("redirect_uri", callback)],
    );
    assert!(
        rp.okta
            .authorize(&url, ADA)
            .expect("a way back")
            .contains("error=access_denied")
    );
    let path = at.split('?').next().expect("a path");
    let ada = rp.okta.person(ADA).id;
    let (_, assigned) = send(&rp, &format!("{path}/assignments"), &[("assign", &ada)]).await;
    assert!(assigned.text.contains("1 of 40 people are assigned."));
    let claims = sign_in(&rp, "/oauth2/v1", &id, &secret, callback).await;
    assert_eq!(claims["email"], ADA);
    assert!(claims.get("upn").is_none());
}

#[tokio::test]
async fn the_steps_for_a_custom_server_make_two_apps_a_server_and_its_claims() {
    let rp = Rp::start().await;
    let callback = "https://field.example/authenticate";
    let web = [
        ("type", "web"),
        ("name", "Field service web"),
        ("grant", "authorization_code"),
        ("grant", "refresh_token"),
        ("sign_in", callback),
        ("sign_out", "https://field.example"),
        ("assignments", "everyone"),
    ];
    let (_, web) = send(&rp, "/practice/apps", &web).await;
    let native = [
        ("type", "native"),
        ("name", "Field service phones"),
        ("grant", "authorization_code"),
        ("grant", "refresh_token"),
        ("sign_in", "https://www.field.example/oauth.html"),
        ("sign_out", ""),
        ("assignments", "everyone"),
    ];
    let (_, native) = send(&rp, "/practice/apps", &native).await;
    assert!(!native.text.contains("Client Secret"));
    let server = [
        ("name", "Field service"),
        ("audience", "https://field.example/api"),
    ];
    let (at, page) = send(&rp, "/practice/authorization-servers", &server).await;
    let issuer = field(&page.text, "Issuer");
    let path = at.split('?').next().expect("a path").to_owned();
    for (name, value) in [("upn", "user.email"), ("uid", "user.id")] {
        let claim = [
            ("name", name),
            ("token", "id"),
            ("when", "always"),
            ("kind", "expression"),
            ("value", value),
            ("scopes", ""),
        ];
        let (_, page) = send(&rp, &format!("{path}/claims"), &claim).await;
        assert!(
            page.text
                .contains(&format!("<th scope=\"row\">{name}</th>"))
                && page.text.contains("ID Token, Always")
        );
    }
    let tree = format!(
        "{}/v1",
        issuer.strip_prefix(&rp.okta.base_url()).expect("this host")
    );
    let policies = format!("{path}/access-policies");
    assert!(
        rp.get(&policies)
            .await
            .text
            .contains("Without an access policy this server lets nobody in.")
    );
    send(
        &rp,
        &policies,
        &[("policy", "Everybody"), ("clients", "all")],
    )
    .await;
    let rule = [
        ("add_rule", "0"),
        ("rule-name-0", "Sign-in"),
        ("grant", "authorization_code"),
        ("rule-scopes-0", ""),
        ("rule-minutes-0", "30"),
    ];
    send(&rp, &policies, &rule).await;
    let (id, secret) = (
        field(&web.text, "Client ID"),
        field(&web.text, "Client Secret"),
    );
    let claims = sign_in(&rp, &tree, &id, &secret, callback).await;
    assert_eq!(claims["iss"], issuer.as_str());
    assert_eq!(claims["upn"], ADA);
    assert_eq!(claims["uid"], rp.okta.person(ADA).id);
}
