//! The token endpoint: who may call it, what a code is worth, and how refresh tokens follow one another.

use std::time::Duration;

use okta_simulator::NewApp;

use crate::rp::{ADA, CALLBACK, Rp, VERIFIER, answer, basic, form_request};

const TOKEN: &str = "/oauth2/v1/token";

fn code_params(code: &str) -> [(&str, &str); 4] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ]
}

fn refused(status: u16, error: &str, description: &str) -> (u16, String, String) {
    (status, error.to_owned(), description.to_owned())
}

const CODE_INVALID: &str = "The authorization code is invalid or has expired.";

#[tokio::test]
async fn a_code_is_worth_tokens_once_and_for_five_minutes() {
    let rp = Rp::start().await;
    let code = rp.code("/oauth2/v1", &[]);
    let first = rp.redeem("/oauth2/v1", &code).await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header("cache-control"), "no-cache, no-store");
    assert_eq!(first.header("x-rate-limit-limit"), "1200");
    let body = first.json();
    assert_eq!(
        (
            body["token_type"].as_str(),
            body["expires_in"].as_i64(),
            body["scope"].as_str()
        ),
        (Some("Bearer"), Some(3600), Some("openid profile email"))
    );
    assert!(body.get("refresh_token").is_none());
    assert_eq!(
        rp.redeem("/oauth2/v1", &code).await.refusal(),
        refused(400, "invalid_grant", CODE_INVALID)
    );
    let late = rp.code("/oauth2/v1", &[]);
    rp.okta.advance_clock(Duration::from_secs(300));
    assert_eq!(
        rp.redeem("/oauth2/v1", &late).await.refusal(),
        refused(400, "invalid_grant", CODE_INVALID)
    );
    assert_eq!(
        rp.redeem("/oauth2/v1", "made-up").await.refusal(),
        refused(400, "invalid_grant", CODE_INVALID)
    );
}

#[tokio::test]
async fn client_authentication_fails_in_each_of_okta_s_ways() {
    let rp = Rp::start().await;
    let (id, secret) = (rp.client_id.clone(), rp.secret.clone());
    let native = rp
        .okta
        .create_native_app(NewApp::named("Phone").sign_in_redirect(CALLBACK).everyone());
    let failed =
        "Client authentication failed. Either the client or the client credentials are invalid.";
    let with = async |header: Option<String>, extra: &[(&str, &str)]| {
        let mut params = code_params("made-up").to_vec();
        params.extend_from_slice(extra);
        let mut request = form_request(&rp.http, &rp.url(TOKEN), &params);
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        answer(request).await
    };
    assert_eq!(
        with(None, &[]).await.refusal(),
        refused(401, "invalid_client", "No client credentials found.")
    );
    assert_eq!(
        with(Some("Basic nonsense".into()), &[]).await.refusal(),
        refused(
            401,
            "invalid_client",
            "Found Authentication header but was not valid client credentials."
        )
    );
    assert_eq!(
        with(Some(basic(&id, "wrong")), &[]).await.refusal(),
        refused(
            401,
            "invalid_client",
            "The client secret supplied for a confidential client is invalid."
        )
    );
    let (status, error, description) =
        with(Some(basic(&id, &secret)), &[("client_secret", &secret)])
            .await
            .refusal();
    assert_eq!((status, error.as_str()), (401, "invalid_request"));
    assert!(
        description
            .starts_with("Cannot supply multiple client credentials. Use one of the following: "),
        "{description}"
    );
    assert_eq!(
        with(None, &[("client_id", &id)]).await.refusal(),
        refused(401, "invalid_client", failed)
    );
    assert_eq!(
        with(None, &[("client_id", &native), ("client_secret", "x")])
            .await
            .refusal(),
        refused(401, "invalid_client", failed)
    );
    let unknown = with(Some(basic("0oaNobody", "x")), &[]).await;
    assert_eq!(
        (unknown.status, unknown.json()["errorCode"].as_str()),
        (401, Some("invalid_client"))
    );
    assert_eq!(
        unknown.json()["errorSummary"],
        "Invalid value for 'client_id' parameter."
    );
    // And in both right ways, up to the made-up code.
    assert_eq!(
        with(Some(basic(&id, &secret)), &[]).await.refusal().1,
        "invalid_grant"
    );
    assert_eq!(
        with(None, &[("client_id", &id), ("client_secret", &secret)])
            .await
            .refusal()
            .1,
        "invalid_grant"
    );
    assert_eq!(
        with(None, &[("client_id", &native)]).await.refusal().1,
        "invalid_grant"
    );
    rp.okta.change_app(&id, |app| app.active = false);
    assert_eq!(
        with(Some(basic(&id, &secret)), &[]).await.refusal(),
        refused(401, "invalid_client", failed)
    );
}

#[tokio::test]
async fn two_secrets_work_side_by_side_until_one_is_deactivated() {
    let rp = Rp::start().await;
    let second = rp
        .okta
        .create_secret(&rp.client_id)
        .expect("room for a second");
    assert_eq!(rp.okta.create_secret(&rp.client_id), None, "two at most");
    let probe = async |secret: &str| {
        let request = form_request(
            &rp.http,
            &rp.url("/oauth2/v1/introspect"),
            &[("token", "x")],
        )
        .header("authorization", basic(&rp.client_id, secret));
        answer(request).await.status
    };
    assert_eq!((probe(&rp.secret).await, probe(&second).await), (200, 200));
    rp.okta
        .change_app(&rp.client_id, |app| app.secrets[0].active = false);
    assert_eq!((probe(&rp.secret).await, probe(&second).await), (401, 200));
}

#[tokio::test]
async fn a_secret_with_signs_in_it_is_form_encoded_before_it_is_joined() {
    let rp = Rp::start().await;
    rp.okta.change_app(&rp.client_id, |app| {
        app.secrets[0].value = "a:b%c+d&e=f é".into();
    });
    let header = basic(&rp.client_id, "a%3Ab%25c%2Bd%26e%3Df+%C3%A9");
    let request = form_request(
        &rp.http,
        &rp.url("/oauth2/v1/introspect"),
        &[("token", "x")],
    )
    .header("authorization", header);
    assert_eq!(answer(request).await.status, 200);
}

#[tokio::test]
async fn a_code_is_bound_to_its_client_redirect_issuer_and_verifier() {
    let rp = Rp::start().await;
    let (other, other_secret) = rp
        .okta
        .create_web_app(NewApp::named("Other").sign_in_redirect(CALLBACK).everyone());
    let stolen = rp.code("/oauth2/v1", &[]);
    let request = form_request(&rp.http, &rp.url(TOKEN), &code_params(&stolen))
        .header("authorization", basic(&other, &other_secret));
    let description = "The grant was issued to another client. Please make sure the 'client_id' matches the one used at the authorize request.";
    assert_eq!(
        answer(request).await.refusal(),
        refused(400, "invalid_grant", description)
    );

    let elsewhere = rp
        .redeem("/oauth2/default/v1", &rp.code("/oauth2/v1", &[]))
        .await;
    assert_eq!(
        elsewhere.refusal(),
        refused(
            400,
            "invalid_request",
            "The grant was issued for another authorization server."
        )
    );

    let params = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", "http://127.0.0.1:9/other"),
        ("code_verifier", VERIFIER),
    ];
    let code = rp.code("/oauth2/v1", &[]);
    let answer = rp
        .post_as_app(TOKEN, &[&params[..], &[("code", &code)]].concat())
        .await;
    let description =
        "The 'redirect_uri' does not match the redirection URI used in the authorization request.";
    assert_eq!(answer.refusal(), refused(400, "invalid_grant", description));

    let verify = async |change: &[(&str, &str)], verifier: Option<&str>| {
        let code = rp.code("/oauth2/v1", change);
        let mut params = vec![
            ("grant_type", "authorization_code"),
            ("redirect_uri", CALLBACK),
            ("code", code.as_str()),
        ];
        params.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        rp.post_as_app(TOKEN, &params).await
    };
    let wrong = "another-verifier-that-is-at-least-forty-three-characters";
    assert_eq!(
        verify(&[], Some(wrong)).await.refusal(),
        refused(400, "invalid_grant", "PKCE verification failed.")
    );
    assert_eq!(
        verify(&[], None).await.refusal(),
        refused(
            400,
            "invalid_request",
            "PKCE code verifier is required by the application."
        )
    );
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let description =
        "PKCE code challenge should be specified in the authorize request for code verification.";
    assert_eq!(
        verify(&without, Some(VERIFIER)).await.refusal(),
        refused(400, "invalid_request", description)
    );
    assert_eq!(verify(&without, None).await.status, 200);
}

#[tokio::test]
async fn a_grant_must_exist_and_be_ticked() {
    let rp = Rp::start().await;
    let (_, error, _) = rp
        .post_as_app(TOKEN, &[("grant_type", "magic")])
        .await
        .refusal();
    assert_eq!(error, "unsupported_grant_type");
    rp.okta
        .change_app(&rp.client_id, |app| app.refresh_token = false);
    let description = "The client is not authorized to use the provided grant type. Configured grant types: [authorization_code].";
    assert_eq!(
        rp.post_as_app(
            TOKEN,
            &[("grant_type", "refresh_token"), ("refresh_token", "x")]
        )
        .await
        .refusal(),
        refused(400, "unauthorized_client", description)
    );
    let no_refresh = rp
        .okta
        .authorize(
            &rp.authorize_url("/oauth2/v1", &[("scope", "openid offline_access")]),
            ADA,
        )
        .expect("a way back");
    assert!(no_refresh.contains("error=invalid_scope"), "{no_refresh}");
    let get = rp.get(TOKEN).await;
    assert_eq!(
        (get.status, get.json()["errorCode"].as_str()),
        (405, Some("E0000022"))
    );
}

#[tokio::test]
async fn the_same_seed_gives_the_same_ids_secrets_and_codes() {
    let (one, two) = (Rp::start().await, Rp::start().await);
    assert_eq!((&one.client_id, &one.secret), (&two.client_id, &two.secret));
    assert!(one.client_id.starts_with("0oa") && one.client_id.len() == 20);
    assert_eq!(one.okta.person(ADA).id, two.okta.person(ADA).id);
    assert!(one.okta.person(ADA).id.starts_with("00u"));
    assert_eq!(one.code("/oauth2/v1", &[]), two.code("/oauth2/v1", &[]));
    let other = Rp::with(okta_simulator::Config::seeded(2)).await;
    assert_ne!(one.client_id, other.client_id);
}
