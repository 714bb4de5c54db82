//! What is remembered of discovery goes out of date, and apps take their secret in one way only.

use api::Cause;

use crate::oidc::{
    TokenAuth,
    rig::{NOW, Rig},
    signer::OTHER_RSA,
    stand_in::Answer,
};

const METHODS: &str = "token_endpoint_auth_methods_supported";
const PROMISE: &str = "authorization_response_iss_parameter_supported";

fn at(rig: &Rig, path: &str) -> String {
    format!("\"{}/oauth2/v2/{path}\"", rig.server.base)
}

/// A rig whose discovery offers both ways to send a secret.
async fn both() -> Rig {
    let rig = Rig::new().await;
    rig.manners(|it| {
        let list = r#"["client_secret_basic","client_secret_post","private_key_jwt"]"#;
        it.discovery.insert(METHODS, list.into());
    });
    rig
}

#[tokio::test]
async fn promise_that_was_taken_back_refuses_no_one() {
    let rig = Rig::new().await;
    rig.manners(|it| {
        it.discovery.insert(PROMISE, "true".into());
    });
    rig.relying
        .prepare(&rig.connection, None, NOW * 1000)
        .await
        .expect("discovery");
    rig.manners(|it| {
        it.discovery.remove(PROMISE);
    });
    rig.exchange().await.expect("a person");
    assert_eq!(rig.server.times("openid-configuration"), 2);
}

#[tokio::test]
async fn promise_that_is_still_made_is_asked_for_once_a_minute() {
    let rig = Rig::new().await;
    rig.manners(|it| {
        it.discovery.insert(PROMISE, "true".into());
    });
    for (second, asked) in [(0, 2), (1, 2), (59, 2), (61, 3)] {
        let failure = rig.exchange_at(second, None).await.expect_err("no iss");
        assert_eq!(failure.cause, Cause::CallbackIssuer);
        assert_eq!(rig.server.times("openid-configuration"), asked, "{second}");
    }
    // Another issuer's name is refused whatever discovery says, and asks for nothing.
    let failure = rig.exchange_at(200, Some("https://evil.test")).await;
    assert_eq!(failure.expect_err("evil").cause, Cause::CallbackIssuer);
    assert_eq!(rig.server.times("openid-configuration"), 3);
    assert_eq!(rig.server.times("/token"), 0);
}

#[tokio::test]
async fn endpoints_that_moved_are_found_before_someone_is_refused() {
    for (endpoint, name) in [
        ("/oauth2/v1/token", "token_endpoint"),
        ("/oauth2/v1/keys", "jwks_uri"),
        ("/oauth2/v1/userinfo", "userinfo_endpoint"),
    ] {
        let rig = Rig::new().await;
        rig.exchange().await.expect("a person");
        let moved = at(&rig, endpoint.rsplit('/').next().expect("a name"));
        rig.manners(|it| {
            it.discovery.insert(name, moved);
            it.instead.insert(endpoint, Answer::status(404, "{}"));
            // Keys that are remembered would do: these are new.
            it.keys = vec![OTHER_RSA.jwk("k2", "")];
            it.signer = &OTHER_RSA;
            it.header = r#"{"alg":"RS256","kid":"k2"}"#.into();
        });
        rig.exchange_at(1, None).await.expect(name);
        assert_eq!(rig.server.times("openid-configuration"), 2, "{name}");
    }
}

#[tokio::test]
async fn code_that_was_looked_at_is_sent_nowhere_else() {
    let rig = Rig::new().await;
    rig.exchange().await.expect("a person");
    let moved = at(&rig, "token");
    rig.manners(|it| {
        it.discovery.insert("token_endpoint", moved);
        let refused = Answer::status(400, r#"{"error":"invalid_grant"}"#);
        it.instead.insert("/oauth2/v1/token", refused);
    });
    let failure = rig.exchange_at(1, None).await.expect_err("refused");
    assert_eq!(failure.cause, Cause::CodeRefused);
    assert_eq!(rig.server.times("/oauth2/v2/token"), 0);
}

#[tokio::test]
async fn secret_is_sent_as_the_app_takes_it_and_that_is_remembered() {
    let rig = both().await;
    rig.manners(|it| it.takes = Some(TokenAuth::Post));
    rig.exchange().await.expect("a person");
    assert_eq!(rig.server.times("/token"), 2);
    rig.exchange_at(1, None).await.expect("a person");
    assert_eq!(rig.server.times("/token"), 3);
    // And when the app is set the other way again.
    rig.manners(|it| it.takes = Some(TokenAuth::Basic));
    rig.exchange_at(2, None).await.expect("a person");
    rig.exchange_at(3, None).await.expect("a person");
    assert_eq!(rig.server.times("/token"), 6);
}

#[tokio::test]
async fn secret_goes_no_way_that_discovery_does_not_offer() {
    let rig = Rig::new().await;
    rig.manners(|it| it.takes = Some(TokenAuth::Post));
    assert_eq!(rig.cause().await, Cause::AuthenticationRefused);
    assert_eq!(rig.server.times("/token"), 1);
    let rig = both().await;
    let words = "The client secret supplied for a confidential client is invalid.";
    let body = format!(r#"{{"error":"invalid_client","error_description":"{words}"}}"#);
    rig.manners(|it| {
        it.instead.insert("/token", Answer::status(401, body));
    });
    assert_eq!(rig.cause().await, Cause::ClientRefused);
    assert_eq!(rig.server.times("/token"), 1, "the secret itself is wrong");
}

#[tokio::test]
async fn app_without_a_secret_is_named_by_its_own_description() {
    for (method, cause) in [
        ("private_key_jwt", Cause::ClientRequiresKey),
        ("none", Cause::ClientIsPublic),
        ("client_secret_jwt", Cause::SecretMethod),
        ("client_secret_basic", Cause::AuthenticationRefused),
    ] {
        let rig = both().await;
        let refused =
            r#"{"error":"invalid_client","error_description":"Client authentication failed."}"#;
        let only = format!(r#"{{"{METHODS}":["{method}"]}}"#);
        rig.manners(|it| {
            it.instead.insert("/token", Answer::status(401, refused));
            it.instead.insert("client_id=0oa1", Answer::json(only));
        });
        for second in 0..3 {
            let failure = rig.exchange_at(second, None).await.expect_err(method);
            assert_eq!(failure.cause, cause, "{method}");
            assert!(
                failure.is_of_the_secret(),
                "another secret may still be tried"
            );
        }
        assert_eq!(rig.server.times("client_id=0oa1"), 1, "{method}");
    }
}
