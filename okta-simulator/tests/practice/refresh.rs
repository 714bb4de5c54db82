//! Refresh tokens: how one follows another, and how all of them end.

use std::time::Duration;

use okta_simulator::Rotation;

use crate::rp::{ADA, Rp};

const TOKEN: &str = "/oauth2/v1/token";

fn refused(status: u16, error: &str, description: &str) -> (u16, String, String) {
    (status, error.to_owned(), description.to_owned())
}

async fn refresh(rp: &Rp, token: &str) -> crate::rp::Answer {
    rp.post_as_app(
        TOKEN,
        &[("grant_type", "refresh_token"), ("refresh_token", token)],
    )
    .await
}

const OFFLINE: [(&str, &str); 1] = [("scope", "openid offline_access")];
const REFRESH_INVALID: &str = "The refresh token is invalid or expired.";

#[tokio::test]
async fn a_persistent_refresh_token_stays_and_ends_after_ninety_days() {
    let rp = Rp::start().await;
    let tokens = rp.tokens("/oauth2/v1", &OFFLINE).await;
    let token = tokens["refresh_token"].as_str().expect("a refresh token");
    let again = refresh(&rp, token).await.json();
    assert_eq!(again["refresh_token"], token);
    assert!(
        crate::rp::claims(&again).get("nonce").is_none(),
        "a refreshed ID token has no nonce"
    );
    assert_eq!(
        crate::rp::claims(&again)["auth_time"],
        crate::rp::claims(&tokens)["auth_time"]
    );
    rp.okta.advance_clock(Duration::from_secs(90 * 86_400));
    assert_eq!(
        refresh(&rp, token).await.refusal(),
        refused(400, "invalid_grant", REFRESH_INVALID)
    );
}

#[tokio::test]
async fn a_rotating_refresh_token_has_a_moment_of_grace_and_then_its_reuse_ends_everything() {
    let rp = Rp::start().await;
    rp.okta.change_app(&rp.client_id, |app| {
        app.rotation = Rotation::EveryUse { grace: 30 }
    });
    let tokens = rp.tokens("/oauth2/v1", &OFFLINE).await;
    let first = tokens["refresh_token"]
        .as_str()
        .expect("a refresh token")
        .to_owned();
    let second = refresh(&rp, &first).await.json();
    let second_token = second["refresh_token"]
        .as_str()
        .expect("a refresh token")
        .to_owned();
    assert_ne!(first, second_token);
    rp.okta.advance_clock(Duration::from_secs(30));
    assert_eq!(
        refresh(&rp, &first).await.status,
        200,
        "within the grace period"
    );
    rp.okta.advance_clock(Duration::from_secs(1));
    let access = second["access_token"].as_str().expect("an access token");
    assert_eq!(rp.userinfo("/oauth2/v1", access).await.status, 200);
    assert_eq!(
        refresh(&rp, &first).await.refusal(),
        refused(400, "invalid_grant", REFRESH_INVALID)
    );
    assert_eq!(
        refresh(&rp, &second_token).await.refusal(),
        refused(400, "invalid_grant", REFRESH_INVALID),
        "the newest one ends too"
    );
    assert_eq!(
        rp.userinfo("/oauth2/v1", access).await.status,
        401,
        "and its access tokens"
    );
}

#[tokio::test]
async fn a_custom_server_s_refresh_token_ends_when_it_lies_idle_for_a_week_or_its_person_leaves() {
    let rp = Rp::start().await;
    let path = "/oauth2/default/v1/token";
    let use_it = async |token: &str| {
        rp.post_as_app(
            path,
            &[("grant_type", "refresh_token"), ("refresh_token", token)],
        )
        .await
    };
    let tokens = rp.tokens("/oauth2/default/v1", &OFFLINE).await;
    let token = tokens["refresh_token"].as_str().expect("a refresh token");
    for _ in 0..3 {
        rp.okta.advance_clock(Duration::from_secs(6 * 86_400));
        assert_eq!(use_it(token).await.status, 200);
    }
    rp.okta.advance_clock(Duration::from_secs(8 * 86_400));
    assert_eq!(
        use_it(token).await.refusal(),
        refused(400, "invalid_grant", REFRESH_INVALID)
    );
    let tokens = rp.tokens("/oauth2/default/v1", &OFFLINE).await;
    rp.okta.deactivate(ADA);
    assert_eq!(
        use_it(tokens["refresh_token"].as_str().expect("a token"))
            .await
            .refusal()
            .1,
        "invalid_grant"
    );
}

#[tokio::test]
async fn introspection_and_revocation_know_a_token() {
    let rp = Rp::start().await;
    let tokens = rp.tokens("/oauth2/v1", &OFFLINE).await;
    let access = tokens["access_token"].as_str().expect("an access token");
    let look = async |token: &str| {
        rp.post_as_app("/oauth2/v1/introspect", &[("token", token)])
            .await
            .json()
    };
    assert_eq!(
        look("made-up").await,
        serde_json::json!({ "active": false })
    );
    assert_eq!(look(access).await["username"], ADA);
    assert_eq!(
        rp.post_as_app(
            "/oauth2/v1/revoke",
            &[("token", tokens["refresh_token"].as_str().expect("a token"))]
        )
        .await
        .status,
        200
    );
    assert_eq!(
        look(access).await["active"],
        false,
        "a revoked refresh token takes its access tokens along"
    );
}
