//! A provider whose discovery is honest, and one of its other answers is not: the checks end in time
//! with a named cause or with none, never with *passed*, and nobody else is asked anything.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use api::{Cause, paths};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use futures_util::stream;
use serde_json::{Value, json};

use super::{climb, save};
use crate::{
    desk::Browser,
    on_both,
    puppet::{CLIENT_ID, CLIENT_SECRET, KID, Signer, answer, text},
    witness::parameter,
};

/// What an endpoint does in place of its answer.
type Act = fn() -> Response;

const ACTS: [(&str, Act); 9] = [
    ("endless", || {
        let piece = Bytes::from(vec![b' '; 64 * 1024]);
        let pieces = stream::repeat(piece).map_infallible();
        Body::from_stream(pieces).into_response()
    }),
    ("never", || {
        Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>()).into_response()
    }),
    ("a page", || {
        text("text/html", "<title>Maintenance</title><p>Back soon.")
    }),
    ("nothing", || text("application/json", "")),
    ("a list", || text("application/json", "[]")),
    ("deep", || text("application/json", "[".repeat(100_000))),
    ("names twice", || {
        let twice =
            r#"{"id":"a","id":"b","keys":[],"keys":[],"error":"x","error":"invalid_grant"}"#;
        text("application/json", twice)
    }),
    ("wrong types", || {
        answer(json!({ "id": 7, "keys": 7, "error": 7, "active": "yes", "request_uri": [] }))
    }),
    ("inside", || {
        Redirect::to("http://169.254.169.254/latest").into_response()
    }),
];

fn refusal(status: u16, code: &str, words: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    let body = json!({ "error": code, "error_description": words });
    (status, answer(body)).into_response()
}

trait Infallible: Sized {
    fn map_infallible(
        self,
    ) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> + Send;
}

impl<S: futures_util::Stream<Item = Bytes> + Send> Infallible for S {
    fn map_infallible(
        self,
    ) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> + Send {
        futures_util::StreamExt::map(self, Ok)
    }
}

/// What the provider says of itself, and which of its answers is not its own.
#[derive(Clone)]
struct Provider {
    base: String,
    document: Value,
    /// The end of a path, and what it does; with `?`, only for one client.
    bad: Option<(&'static str, Act)>,
    asked: Arc<AtomicUsize>,
}

impl Provider {
    async fn start(bad: Option<(&'static str, Act)>, change: impl FnOnce(&mut Value)) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("its address"));
        let at = |path: &str| format!("{base}/v1/{path}");
        let mut document = json!({
            "issuer": base,
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "userinfo_endpoint": at("userinfo"),
            "jwks_uri": at("keys"),
            "end_session_endpoint": at("logout"),
            "introspection_endpoint": at("introspect"),
            "pushed_authorization_request_endpoint": at("par"),
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        change(&mut document);
        let this = Self {
            base,
            document,
            bad,
            asked: Arc::default(),
        };
        let router = Router::new().fallback(speak).with_state(this.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        this
    }

    async fn honest() -> Self {
        Self::start(None, |_| ()).await
    }

    async fn save(&self, admin: &mut Browser) {
        let form = json!({
            "issuer": self.base, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        });
        save(admin, &form).await;
    }
}

async fn speak(State(it): State<Provider>, request: Request) -> Response {
    it.asked.fetch_add(1, Ordering::SeqCst);
    let (path, query) = (
        request.uri().path(),
        request.uri().query().unwrap_or_default(),
    );
    if let Some((end, act)) = it.bad {
        let of_one = path.ends_with("/openid-configuration") && query.contains("client_id");
        if path.ends_with(end) || (end == "?" && of_one) {
            return act();
        }
    }
    let error =
        |code: &str| (StatusCode::BAD_REQUEST, answer(json!({ "error": code }))).into_response();
    match path.rsplit('/').next().unwrap_or_default() {
        "okta-organization" => answer(json!({
            "id": "00oPuppet00000000000", "pipeline": "idx",
            "alternates": [{ "href": "http://169.254.169.254" }],
        })),
        "openid-configuration" => answer(it.document),
        "keys" => answer(json!({ "keys": [Signer::rsa().jwk(KID)] })),
        "token" => error("invalid_grant"),
        "introspect" => answer(json!({ "active": false })),
        "par" => answer(json!({ "request_uri": "urn:one", "expires_in": 60 })),
        "authorize" => {
            let address = request.uri().to_string();
            let back = parameter(&address, "redirect_uri");
            if back.ends_with(&paths::auth_callback(api::Provider::Okta)) {
                let state = parameter(&address, "state");
                let to = format!("{back}?error=login_required&state={state}");
                (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
            } else {
                let page = text("text/html", "the 'redirect_uri' is not registered");
                (StatusCode::BAD_REQUEST, page).into_response()
            }
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whether a rung may end so while this endpoint misbehaves.
fn is_fair(end: &str, act: &str, rung: &str, check: &Value) -> bool {
    let (verdict, cause) = (
        &check["verdict"],
        check["cause"].as_str().unwrap_or_default(),
    );
    let failed =
        |causes: &[Cause]| verdict == "failed" && causes.iter().any(|known| known.code() == cause);
    let unclear = verdict == "inconclusive";
    match (end, rung) {
        ("okta-organization", "organization") => {
            unclear || (verdict == "warning" && cause == Cause::NotOkta.code())
        }
        ("keys", "keys") => failed(&[Cause::KeysUnreadable]),
        ("token", "secret") => match act {
            "never" => failed(&[Cause::ProviderSlow]),
            "inside" => failed(&[Cause::Redirected]),
            _ => failed(&[Cause::TokenMalformed]),
        },
        // One client's own description that cannot be read says nothing of it.
        ("?", "client") | ("authorize", "redirect") => unclear,
        // What the page does not say may be said by the pushed request, and the other way round.
        ("authorize" | "par", "request") => unclear || verdict == "passed",
        // Nor does introspection matter: the token endpoint has said it already.
        _ => verdict == "passed",
    }
}

on_both! {
    async fn any_answer_but_the_right_one_ends_in_time_and_is_never_passed(desk: Desk) {
        let mut admin = desk.administrator().await;
        let honest = Provider::honest().await;
        honest.save(&mut admin).await;
        let ladder = climb(&mut admin, api::Provider::Okta).await;
        for rung in ["organization", "discovery", "keys", "secret", "request", "redirect"] {
            assert_eq!(ladder.rung(rung)["verdict"], "passed", "{:#?}", ladder.0);
        }
        for end in ["okta-organization", "?", "keys", "token", "introspect", "par", "authorize"] {
            for (what, act) in ACTS {
                Provider::start(Some((end, act)), |_| ()).await.save(&mut admin).await;
                let run = tokio::time::timeout(Duration::from_secs(15), climb(&mut admin, api::Provider::Okta));
                let ladder = run.await.unwrap_or_else(|_| panic!("{end}, {what}: too long"));
                for rung in ["organization", "discovery", "client", "keys", "secret", "request", "redirect"] {
                    let check = ladder.rung(rung);
                    let untold = rung == "client" && end != "?";
                    assert!(untold || is_fair(end, what, rung, check), "{end}, {what}: {check:#}");
                }
            }
        }
    }

    /// A made-up code may be missed its challenge before anything else, in whatever words.
    async fn token_endpoint_that_speaks_of_pkce_accepted_the_secret(desk: Desk) {
        let mut admin = desk.administrator().await;
        let acts: [(Act, &str, Option<Cause>); 4] = [
            (|| refusal(400, "invalid_request", "PKCE code challenge should be specified in the authorize request for code verification."), "passed", None),
            (|| refusal(400, "invalid_request", "SE REQUIERE PKCE"), "passed", None),
            (|| refusal(400, "invalid_request", "Falta code_challenge."), "passed", None),
            (|| refusal(400, "invalid_request", "Solicitud no válida."), "inconclusive", Some(Cause::ProviderRefusedCheck)),
        ];
        for (act, verdict, cause) in acts {
            let provider = Provider::start(Some(("token", act)), |document| {
                document["introspection_endpoint"] = Value::Null;
            });
            provider.await.save(&mut admin).await;
            let ladder = climb(&mut admin, api::Provider::Okta).await;
            let check = ladder.rung("secret");
            assert_eq!(check["verdict"], verdict, "{check:#}");
            assert_eq!(check["cause"].as_str(), cause.map(Cause::code), "{check:#}");
        }
    }

    /// B18, C15 in words that nobody knows: two endpoints took the very secret.
    async fn endpoints_that_took_the_secret_decide_unknown_words(desk: Desk) {
        let mut admin = desk.administrator().await;
        let encrypted: Act = || refusal(401, "invalid_client", "No hay clave de cifrado.");
        let request: Act = || refusal(400, "invalid_request", "Solicitud no válida.");
        let denied: Act = || refusal(403, "access_denied", "Acceso denegado.");
        for (act, verdict, cause) in [
            (encrypted, "failed", Some(Cause::TokenEncrypted)),
            (request, "passed", None),
            (denied, "inconclusive", Some(Cause::AccessDeniedCheck)),
        ] {
            Provider::start(Some(("token", act)), |_| ()).await.save(&mut admin).await;
            let ladder = climb(&mut admin, api::Provider::Okta).await;
            let check = ladder.rung("secret");
            assert_eq!(check["verdict"], verdict, "{check:#}");
            assert_eq!(check["cause"].as_str(), cause.map(Cause::code), "{check:#}");
        }
    }

    /// The guide's first question goes to whatever was pasted.
    async fn a_look_at_any_of_them_ends_in_time_too(desk: Desk) {
        let mut admin = desk.administrator().await;
        for end in ["okta-organization", "openid-configuration"] {
            for (what, act) in ACTS {
                let provider = Provider::start(Some((end, act)), |_| ()).await;
                let form = json!({ "pasted": provider.base });
                let look = admin.post(paths::LOOK, &form);
                let look = tokio::time::timeout(Duration::from_secs(15), look).await;
                let look = look.unwrap_or_else(|_| panic!("{end}, {what}: too long"));
                let look = look.expect_status(200).json;
                assert_eq!(look["issuer"], provider.base, "{end}, {what}: {look:#}");
                if end == "openid-configuration" {
                    let there = look["servers"].as_array().into_iter().flatten();
                    let mut there = there.filter(|it| it["state"] == "there");
                    assert!(there.next().is_none(), "{what}: {look:#}");
                } else {
                    assert_ne!(look["organization"], "found", "{what}: {look:#}");
                }
            }
        }
    }

    /// Discovery is what a stranger may have written: each address in it stays where it was asked.
    async fn no_address_of_discovery_leads_a_check_elsewhere(desk: Desk) {
        let mut admin = desk.administrator().await;
        let stranger = Provider::honest().await;
        for name in [
            "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint",
            "introspection_endpoint", "pushed_authorization_request_endpoint", "service_documentation",
            "op_policy_uri", "op_tos_uri", "registration_endpoint", "logo_uri",
        ] {
            let there = stranger.base.clone();
            let provider = Provider::start(None, |document| {
                document[name] = json!(format!("{there}/v1/keys"));
            }).await;
            provider.save(&mut admin).await;
            climb(&mut admin, api::Provider::Okta).await;
            let form = json!({ "pasted": provider.base });
            admin.post(paths::LOOK, &form).await.expect_status(200);
            assert!(provider.asked.load(Ordering::SeqCst) > 0, "{name}: nothing was checked");
            assert_eq!(stranger.asked.load(Ordering::SeqCst), 0, "{name} was followed");
        }
    }
}
