//! The authorization endpoint: what goes back to the app, what stays on Okta's page, and the sign-in page itself.

use okta_simulator::{AccessPolicy, Config, NewApp, northwind};

use crate::rp::{ADA, CALLBACK, GRACE, Rp, answer, query};

/// `error` and `error_description` that the app is told.
fn told(rp: &Rp, tree: &str, change: &[(&str, &str)], login: &str) -> (String, String) {
    let back = rp
        .okta
        .authorize(&rp.authorize_url(tree, change), login)
        .expect("a way back");
    assert!(back.starts_with(CALLBACK), "{back}");
    let mut query = query(&back);
    assert!(!query.contains_key("code"), "{back}");
    (
        query.remove("error").expect("an error"),
        query.remove("error_description").expect("a description"),
    )
}

#[tokio::test]
async fn a_person_comes_back_with_code_and_state_and_nothing_else() {
    let rp = Rp::start().await;
    let back = rp
        .okta
        .authorize(&rp.authorize_url("/oauth2/v1", &[]), ADA)
        .expect("a way back");
    let query = query(&back);
    assert_eq!(query.keys().collect::<Vec<_>>(), ["code", "state"]);
    assert_eq!(query["state"], "the state");
}

#[tokio::test]
async fn a_redirect_uri_must_be_the_registered_one_to_the_byte() {
    let rp = Rp::start().await;
    for wrong in [
        "http://127.0.0.1:9/callback/",
        "http://127.0.0.1:9/Callback",
        "https://127.0.0.1:9/callback",
        "http://127.0.0.1/callback",
        "http://localhost:9/callback",
    ] {
        let page = rp
            .okta
            .authorize(
                &rp.authorize_url("/oauth2/v1", &[("redirect_uri", wrong)]),
                ADA,
            )
            .expect_err(wrong);
        let link = format!(
            "/admin/app/oidc_client/instance/{}#tab-general",
            rp.client_id
        );
        assert_eq!(
            (page.status, page.title.as_str()),
            (400, "Northwind - 400 Bad Request")
        );
        assert!(page.text.starts_with("invalid_request: The 'redirect_uri' parameter must be a Login redirect URI in the client app settings: "), "{}", page.text);
        assert!(page.text.ends_with(&link), "{}", page.text);
    }
    let shown = answer(
        rp.http
            .get(rp.authorize_url("/oauth2/v1", &[("redirect_uri", "http://evil.invalid/")])),
    )
    .await;
    assert_eq!(shown.status, 400);
    assert!(shown.header("content-type").starts_with("text/html"));
    assert!(
        shown
            .text
            .contains("<title>Northwind - 400 Bad Request</title>")
    );
    assert!(
        shown
            .text
            .contains("Error Code</dt><dd>invalid_request</dd>")
    );
    assert!(
        shown
            .text
            .contains("The &#39;redirect_uri&#39; parameter must be a Login redirect URI")
    );
}

#[tokio::test]
async fn an_unknown_or_inactive_app_gets_okta_s_own_page() {
    let rp = Rp::start().await;
    let unknown = rp
        .okta
        .authorize(
            &rp.authorize_url("/oauth2/v1", &[("client_id", "0oaNobody")]),
            ADA,
        )
        .expect_err("a page");
    assert_eq!(
        unknown.text,
        "invalid_client: Invalid value for 'client_id' parameter."
    );
    rp.okta.change_app(&rp.client_id, |app| app.active = false);
    let inactive = rp
        .okta
        .authorize(&rp.authorize_url("/oauth2/v1", &[]), ADA)
        .expect_err("a page");
    assert_eq!(inactive.status, 400);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_told_in_okta_s_words() {
    let rp = Rp::start().await;
    let org = |change: &[(&str, &str)]| told(&rp, "/oauth2/v1", change, ADA);
    let expect = |told: (String, String), error: &str, description: &str| {
        assert_eq!((told.0.as_str(), told.1.as_str()), (error, description));
    };
    expect(
        org(&[("state", "")]),
        "invalid_request",
        "The authentication request has an invalid 'state' parameter.",
    );
    expect(
        org(&[("response_type", "id_token token")]),
        "unsupported_response_type",
        "The response type is not supported by the authorization server. Configured response types: [code].",
    );
    expect(
        org(&[("response_mode", "web_message")]),
        "unsupported_response_mode",
        "The response mode is not supported by the authorization server. Valid response modes: [query, fragment, form_post, okta_post_message].",
    );
    expect(
        org(&[("scope", "")]),
        "invalid_scope",
        "No scopes were requested.",
    );
    expect(
        org(&[("scope", "openid crm")]),
        "invalid_scope",
        "Custom scopes are not allowed for this request.",
    );
    expect(
        told(&rp, "/oauth2/default/v1", &[("scope", "openid crm")], ADA),
        "invalid_scope",
        "One or more scopes are not configured for the authorization server resource.",
    );
    expect(
        org(&[("prompt", "perhaps")]),
        "invalid_request",
        "Invalid value for 'prompt' parameter. Supported values: [none, login, consent, login consent, enroll_authenticator].",
    );
    expect(
        told(&rp, "/oauth2/ausNobody/v1", &[], ADA),
        "invalid_request",
        "The authorization server id is invalid.",
    );
    rp.okta
        .change_app(&rp.client_id, |app| app.authorization_code = false);
    expect(
        org(&[]),
        "unauthorized_client",
        "The client is not authorized to use the provided grant type. Configured grant types: [refresh_token].",
    );
}

#[tokio::test]
async fn pkce_is_s256_only_and_required_where_the_app_says_so() {
    let rp = Rp::start().await;
    let (_, plain) = told(
        &rp,
        "/oauth2/v1",
        &[("code_challenge_method", "plain")],
        ADA,
    );
    assert_eq!(
        plain,
        "PKCE code challenge method is not supported. Valid values: [S256]"
    );
    let none = [("code_challenge", ""), ("code_challenge_method", "")];
    rp.code("/oauth2/v1", &none);
    rp.okta
        .change_app(&rp.client_id, |app| app.pkce_required = true);
    let (error, missing) = told(&rp, "/oauth2/v1", &none, ADA);
    assert_eq!(
        (error.as_str(), missing.as_str()),
        (
            "invalid_request",
            "PKCE code challenge is required by the application."
        )
    );
    let phone = rp
        .okta
        .create_native_app(NewApp::named("Phone").sign_in_redirect(CALLBACK).everyone());
    let (_, native) = told(
        &rp,
        "/oauth2/v1",
        &[("client_id", &phone), none[0], none[1]],
        ADA,
    );
    assert_eq!(
        native,
        "PKCE code challenge is required by the application."
    );
}

#[tokio::test]
async fn who_is_not_assigned_comes_back_with_access_denied() {
    let rp = Rp::start().await;
    let url = rp.authorize_url("/oauth2/v1", &[]);
    let back = rp
        .okta
        .authorize(&url, northwind::NOT_ASSIGNED)
        .expect("a way back");
    assert_eq!(
        back,
        format!(
            "{CALLBACK}?state=the+state&error=access_denied&error_description=User+is+not+assigned+to+the+client+application."
        )
    );
    rp.okta.assign_everyone(&rp.client_id);
    assert!(
        rp.okta
            .authorize(&url, northwind::NOT_ASSIGNED)
            .expect("a way back")
            .contains("code=")
    );
    rp.okta.unassign(&rp.client_id, ADA);
    assert_eq!(
        told(&rp, "/oauth2/v1", &[], ADA).1,
        "User is not assigned to the client application."
    );
    assert!(
        rp.okta
            .authorize(&url, GRACE)
            .expect("a way back")
            .contains("code="),
        "the others stay"
    );
}

#[tokio::test]
async fn a_custom_server_asks_its_access_policies_and_the_org_server_has_none() {
    let rp = Rp::with(Config {
        default_policy: false,
        ..Config::seeded(1)
    })
    .await;
    rp.code("/oauth2/v1", &[]);
    let (error, description) = told(&rp, "/oauth2/default/v1", &[], ADA);
    assert_eq!(error, "access_denied");
    assert_eq!(
        description,
        "Policy evaluation failed for this request, please check the policy configurations."
    );
    let mut policy = AccessPolicy::open("Narrow");
    policy.rules[0].scopes = ["openid", "profile"].map(str::to_owned).into();
    rp.okta.add_policy("default", policy);
    let (_, denied) = told(&rp, "/oauth2/default/v1", &[], ADA);
    assert_eq!(
        denied,
        "Some of the requested scopes were denied by the policy. Denied scopes: [email]."
    );
    rp.okta.change_authorization_server("default", |server| {
        server.policies[0].rules[0].scopes.clear();
    });
    rp.code("/oauth2/default/v1", &[]);
}

#[tokio::test]
async fn the_answer_travels_as_the_response_mode_says() {
    let rp = Rp::start().await;
    let fragment = rp
        .okta
        .authorize(
            &rp.authorize_url("/oauth2/v1", &[("response_mode", "fragment")]),
            ADA,
        )
        .expect("a way back");
    assert!(fragment.starts_with(&format!("{CALLBACK}#code=")));
    let pushed = rp
        .post_as_app(
            "/oauth2/v1/par",
            &[
                ("response_type", "code"),
                ("redirect_uri", CALLBACK),
                ("scope", "openid"),
                ("state", "pushed"),
            ],
        )
        .await
        .json();
    assert_eq!(pushed["expires_in"], 3600);
    let request_uri = pushed["request_uri"].as_str().expect("a reference");
    assert!(request_uri.starts_with("urn:okta:"));
    let url = format!(
        "{}/oauth2/v1/authorize?client_id={}&request_uri={request_uri}",
        rp.okta.base_url(),
        rp.client_id
    );
    assert_eq!(
        query(&rp.okta.authorize(&url, ADA).expect("a way back"))["state"],
        "pushed"
    );
    assert_eq!(
        rp.okta.authorize(&url, ADA).expect_err("used up").status,
        400
    );
}
