//! A provider that costs next to nothing while it is measured against: its tokens are signed before.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex},
};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    header,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

pub(crate) const CLIENT_ID: &str = "0oa1benchClient0000x";
pub(crate) const CLIENT_SECRET: &str = "a-secret-of-the-bench-with-forty-letters";

/// The answers to token requests by code, and to userinfo by access token.
type Answers = Arc<Mutex<HashMap<String, Bytes>>>;

pub(crate) struct Provider {
    pub(crate) issuer: String,
    key: KeyPair,
    answers: Answers,
}

impl Provider {
    /// Listens on a thread of its own.
    pub(crate) fn start() -> Result<Self, String> {
        let key = KeyPair::generate(KeySize::Rsa2048).map_err(|error| error.to_string())?;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
        listener.set_nonblocking(true).map_err(|e| e.to_string())?;
        let port = listener.local_addr().map_err(|e| e.to_string())?.port();
        let issuer = format!("http://127.0.0.1:{port}");
        let answers = Answers::default();
        let documents = Arc::new(documents(&issuer, &key));
        let served = answers.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(serve(listener, documents, served));
        });
        Ok(Self {
            issuer,
            key,
            answers,
        })
    }

    /// Prepares the answers for one sign-in of person `number`.
    pub(crate) fn sign(&self, code: &str, nonce: &str, number: usize) {
        let now = now() / 1000;
        let (email, sub) = (email(number), format!("00ubench{number:012}"));
        let head = json!({ "alg": "RS256", "kid": "bench" });
        let claims = json!({
            "iss": self.issuer, "aud": CLIENT_ID, "sub": sub, "nonce": nonce, "iat": now,
            "exp": now + 3600, "auth_time": now, "ver": 1, "jti": "ID.bench", "amr": ["pwd"],
            "idp": "00obench", "name": "Bench Person", "email": email,
            "preferred_username": email,
        });
        let text = format!(
            "{}.{}",
            B64.encode(head.to_string()),
            B64.encode(claims.to_string())
        );
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                text.as_bytes(),
                &mut signature,
            )
            .expect("signed");
        let token = json!({
            "token_type": "Bearer", "expires_in": 3600, "scope": "openid profile email",
            "access_token": sub, "id_token": format!("{text}.{}", B64.encode(signature)),
        });
        let userinfo = json!({
            "sub": sub, "email": email, "email_verified": true, "name": "Bench Person",
            "preferred_username": email, "zoneinfo": "America/Los_Angeles", "locale": "en_US",
        });
        let mut answers = self.answers.lock().expect("no panic");
        answers.insert(code.to_owned(), token.to_string().into());
        answers.insert(format!("Bearer {sub}"), userinfo.to_string().into());
    }

    /// CPU milliseconds of one userinfo request by the server's own client, on a thread of its own.
    pub(crate) async fn cost_of_a_userinfo_call(&self, times: usize) -> Result<f64, String> {
        let issuer = self.issuer.clone();
        let (done, cost) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            let _ = done.send(runtime.block_on(calls(issuer, times)));
        });
        cost.await.map_err(|error| error.to_string())?
    }
}

async fn calls(issuer: String, times: usize) -> Result<f64, String> {
    use server::oidc::{Outbound, OutboundSettings};
    let outbound = Outbound::new(OutboundSettings {
        loopback: api::Loopback::Allowed,
        ..OutboundSettings::default()
    });
    let url = url::Url::parse(&format!("{issuer}/userinfo")).map_err(|e| e.to_string())?;
    let call = || async {
        let reply = outbound.get_bearer(&url, "00ubench000000000001").await;
        reply.map_err(|error| error.to_string())
    };
    call().await?;
    let before = thread_cpu();
    for _ in 0..times {
        call().await?;
    }
    Ok((thread_cpu() - before) / times as f64)
}

fn thread_cpu() -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse::<f64>().ok())
        .unwrap_or(f64::NAN)
        / 1e6
}

pub(crate) fn email(number: usize) -> String {
    format!("person{number}@bench.example")
}

fn documents(issuer: &str, key: &KeyPair) -> (Bytes, Bytes) {
    let discovery = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    });
    let public = key.public_key();
    let keys = json!({ "keys": [{
        "kty": "RSA", "alg": "RS256", "use": "sig", "kid": "bench",
        "n": B64.encode(public.modulus().big_endian_without_leading_zero()),
        "e": B64.encode(public.exponent().big_endian_without_leading_zero()),
    }]});
    (discovery.to_string().into(), keys.to_string().into())
}

async fn serve(listener: std::net::TcpListener, documents: Arc<(Bytes, Bytes)>, answers: Answers) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        let (documents, answers) = (documents.clone(), answers.clone());
        let service = hyper::service::service_fn(move |request| {
            let (documents, answers) = (documents.clone(), answers.clone());
            async move { Ok::<_, Infallible>(answer(request, &documents, &answers).await) }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move { drop(connection.await) });
    }
}

async fn answer(
    request: Request<Incoming>,
    documents: &(Bytes, Bytes),
    answers: &Answers,
) -> Response<Full<Bytes>> {
    let known = |key: &str| answers.lock().expect("no panic").get(key).cloned();
    let body = match request.uri().path() {
        "/keys" => Some(documents.1.clone()),
        "/token" => {
            let body = request
                .into_body()
                .collect()
                .await
                .map(http_body_util::Collected::to_bytes);
            let code = body.ok().and_then(|body| {
                form_urlencoded::parse(&body)
                    .find(|(name, _)| name == "code")
                    .map(|(_, value)| value.into_owned())
            });
            code.and_then(|code| known(&code))
        }
        "/userinfo" => request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|value| known(value.to_str().ok()?)),
        path if path.starts_with("/.well-known/") => Some(documents.0.clone()),
        _ => None,
    };
    let status = if body.is_some() { 200 } else { 400 };
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(body.unwrap_or_default()))
        .expect("a response")
}

pub(crate) fn now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |since| since.as_millis().try_into().unwrap_or(u64::MAX))
}

/// A JSON value as text: what the driver sends.
pub(crate) fn text(value: &Value) -> String {
    value.to_string()
}
