//! Whatever a provider sends: a named cause within the time limit, and no secret to a stranger.

use std::time::Duration;

use api::{Cause, Provider};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::{StreamExt as _, stream};
use serde_json::json;

use super::{climb, save};
use crate::on_both;

/// What the provider does when it is asked for its discovery.
type Act = fn(&str) -> Response;

/// A provider that does so, and its issuer.
async fn provider(act: Act) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("its address"));
    let router = Router::new()
        .fallback(answer)
        .with_state((base.clone(), act));
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

async fn answer(State((base, act)): State<(String, Act)>, request: Request) -> Response {
    if request.uri().path().ends_with("/openid-configuration") {
        act(&base)
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

fn json_text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn document(base: &str) -> serde_json::Value {
    json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "userinfo_endpoint": format!("{base}/userinfo"),
        "jwks_uri": format!("{base}/keys"),
    })
}

fn refused(status: u16, words: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    let body = json!({ "errorCode": "E0000007", "errorSummary": words }).to_string();
    (status, json_text(body)).into_response()
}

/// A megabyte a piece, for ever.
fn endless() -> Body {
    let piece = Bytes::from(vec![b' '; 64 * 1024]);
    Body::from_stream(stream::repeat(piece).map(Ok::<_, std::convert::Infallible>))
}

on_both! {
    async fn hostile_answers_end_in_a_named_cause_within_the_limit(desk: Desk) {
        let mut admin = desk.administrator().await;
        let acts: [(&str, Act, Cause); 11] = [
            ("endless", |_| endless().into_response(), Cause::DiscoveryMalformed),
            ("never", |_| Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>()).into_response(), Cause::ProviderSlow),
            ("a list", |_| json_text("[]".into()), Cause::DiscoveryMalformed),
            ("nothing", |_| json_text(String::new()), Cause::DiscoveryMalformed),
            ("deep", |_| json_text("[".repeat(100_000)), Cause::DiscoveryMalformed),
            ("a name twice", |base| json_text(format!(r#"{{"issuer":"{base}","issuer":"https://evil.test"}}"#)), Cause::DiscoveryMalformed),
            ("no issuer", |_| json_text("{}".into()), Cause::DiscoveryMalformed),
            ("a number for an issuer", |_| json_text(r#"{"issuer":7}"#.into()), Cause::DiscoveryMalformed),
            ("another issuer", |_| json_text(r#"{"issuer":"https://evil.test"}"#.into()), Cause::IssuerMismatch),
            ("a token endpoint inside", |base| {
                let mut it = document(base);
                it["token_endpoint"] = json!("http://169.254.169.254/latest");
                json_text(it.to_string())
            }, Cause::DiscoveryMalformed),
            ("a redirect inside", |_| (StatusCode::FOUND, [(header::LOCATION, "http://169.254.169.254/")]).into_response(), Cause::Redirected),
        ];
        for (what, act, cause) in acts {
            let issuer = provider(act).await;
            save(&mut admin, &json!({
                "issuer": issuer, "client_id": "0oa00000000000000000", "client_secret": "PuPpEt-canary-0123456789-secret",
            })).await;
            let run = tokio::time::timeout(Duration::from_secs(5), climb(&mut admin, Provider::Okta));
            let ladder = run.await.unwrap_or_else(|_| panic!("{what}: too long"));
            ladder.tells("discovery", "failed", cause);
            for rung in ["client", "keys", "secret", "request", "redirect"] {
                assert_eq!(ladder.rung(rung)["verdict"], "skipped", "{what}");
            }
            // Another issuer's name is no mend: a stranger may say any.
            assert!(ladder.rung("discovery")["fix"].is_null(), "{what}");
        }
    }

    /// A14: an authorization server that says that it is inactive, and one that says nothing.
    async fn inactive_authorization_server_is_told_from_an_unknown_one(desk: Desk) {
        let mut admin = desk.administrator().await;
        let acts: [(Act, Cause); 3] = [
            (|_| refused(400, "The authorization server is inactive."), Cause::ServerInactive),
            (|_| refused(404, "Authorization server aus1 is INACTIVE"), Cause::ServerInactive),
            (|_| refused(404, "Not found: Resource not found: aus1 (AuthorizationServer)"), Cause::ServerUnknown),
        ];
        for (act, cause) in acts {
            let issuer = format!("{}/oauth2/aus1", provider(act).await);
            save(&mut admin, &json!({
                "issuer": issuer, "client_id": "0oa00000000000000000", "client_secret": "PuPpEt-canary-0123456789-secret",
            })).await;
            climb(&mut admin, Provider::Okta).await.tells("discovery", "failed", cause);
        }
    }

    /// The connector refuses what is not public, and the page learns nothing of what is there.
    async fn addresses_inside_are_all_the_same_from_outside(desk: Desk) {
        let mut admin = desk.administrator().await;
        for host in ["metadata.google.internal", "db.internal", "no-such-name.invalid"] {
            save(&mut admin, &json!({
                "issuer": format!("https://{host}"), "client_id": "0oa00000000000000000",
                "client_secret": "PuPpEt-canary-0123456789-secret",
            })).await;
            let ladder = climb(&mut admin, Provider::Okta).await;
            ladder.tells("discovery", "failed", Cause::Unreachable);
            assert!(ladder.rung("discovery")["received"].is_null());
        }
    }
}
