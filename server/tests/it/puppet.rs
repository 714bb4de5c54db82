//! A provider that says whatever a test wants, for what the practice Okta has no switch for. It
//! keeps no rule and knows no person: the test writes its lines.

mod signer;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::{Provider, connections::MatchBy, paths};
use axum::{
    Router,
    extract::{Request, State},
    http::header::CONTENT_TYPE,
    response::{IntoResponse as _, Response},
};
use serde_json::{Map, Value, json};

pub(crate) use signer::{Signer, encoded, half_hash, hs256, unsigned};

use crate::desk::{Browser, Desk, Reply, version_of};
use crate::witness::parameter;

pub(crate) const CLIENT_ID: &str = "0oaPuppet00000000000";
pub(crate) const CLIENT_SECRET: &str = "PuPpEt-canary-0123456789-secret";
/// Who the puppet says has signed in.
pub(crate) const SUB: &str = "00uGraceAtThePuppet0";
pub(crate) const LOGIN: &str = "grace@northwind.example";
pub(crate) const ACCESS_TOKEN: &str = "access-token-of-the-puppet";
pub(crate) const KID: &str = "puppet-key-1";

/// What it says, endpoint by endpoint.
#[derive(Clone, Copy)]
pub(crate) struct Script {
    pub(crate) discovery: fn(&Moment) -> Response,
    pub(crate) keys: fn(&Moment) -> Response,
    pub(crate) id_token: fn(&Moment) -> String,
    /// Given the ID token.
    pub(crate) token: fn(&Moment, String) -> Response,
    pub(crate) userinfo: fn(&Moment) -> Response,
}

impl Default for Script {
    /// The lines of an honest provider.
    fn default() -> Self {
        Self {
            discovery: |moment| answer(moment.discovery()),
            keys: |_| answer(json!({ "keys": [Signer::rsa().jwk(KID)] })),
            id_token: |moment| signed(moment.claims()),
            token: |_, id_token| answer(token_answer(&id_token)),
            userinfo: |_| answer(userinfo()),
        }
    }
}

/// The sign-in that is going on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moment {
    pub(crate) base: String,
    pub(crate) nonce: String,
    /// In seconds, by the clock of the test.
    pub(crate) now: i64,
}

/// The provider. It ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Puppet {
    base: String,
    stage: Arc<Mutex<Stage>>,
}

#[derive(Default)]
struct Stage {
    script: Script,
    moment: Moment,
    asked: Vec<String>,
    codes: usize,
}

impl Puppet {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("its address"));
        let stage = Arc::new(Mutex::new(Stage::default()));
        locked(&stage).moment.base.clone_from(&base);
        let router = Router::new().fallback(speak).with_state(stage.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, stage }
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.base
    }

    /// From now on it speaks so.
    pub(crate) fn say(&self, script: Script) {
        locked(&self.stage).script = script;
    }

    /// How often it was asked for a path that ends so, since the last [`Self::forget`].
    pub(crate) fn asked(&self, end: &str) -> usize {
        let stage = locked(&self.stage);
        stage
            .asked
            .iter()
            .filter(|path| path.ends_with(end))
            .count()
    }

    pub(crate) fn forget(&self) {
        locked(&self.stage).asked.clear();
    }

    /// What a browser does here: comes with an authorization request, is sent back with a code.
    pub(crate) fn visit(&self, desk: &Desk, address: &str) -> String {
        assert!(address.starts_with(&self.base), "went to {address}");
        let mut stage = locked(&self.stage);
        stage.codes += 1;
        stage.moment.nonce = parameter(address, "nonce");
        stage.moment.now = desk.app.clock.now() / 1000;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("code", &format!("puppet-code-number-{:06}", stage.codes))
            .append_pair("state", &parameter(address, "state"));
        format!("{}?{}", parameter(address, "redirect_uri"), query.finish())
    }

    /// Saves it as the Okta connection.
    pub(crate) async fn save(&self, admin: &mut Browser) -> Reply {
        self.save_by(admin, MatchBy::OktaLogin).await
    }

    async fn save_by(&self, admin: &mut Browser, match_by: MatchBy) -> Reply {
        let path = paths::connection(Provider::Okta);
        let version = version_of(admin, path.clone()).await;
        let form = json!({
            "issuer": self.base, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
            "match_by": match_by,
        });
        admin.put(&path, version, &form).await
    }

    /// The administrator's round trip; where it ended.
    pub(crate) async fn round_trip(&self, desk: &Desk, admin: &mut Browser) -> Reply {
        desk.recent(admin).await;
        let reply = admin
            .post(&paths::connect(Provider::Okta), &Value::Null)
            .await;
        let there = reply.expect_status(200).json["location"]
            .as_str()
            .unwrap_or("")
            .to_owned();
        if there.starts_with('/') {
            return admin.get(&there).await;
        }
        let back = self.visit(desk, &there);
        admin.get(&back).await
    }

    /// A deployment that is connected to it, with Grace as a user; the administrator's browser.
    pub(crate) async fn connected(&self, desk: &Desk) -> Browser {
        self.connected_by(desk, MatchBy::OktaLogin).await
    }

    /// The same where users are matched by another value.
    pub(crate) async fn connected_by(&self, desk: &Desk, match_by: MatchBy) -> Browser {
        let mut admin = desk.administrator().await;
        self.save_by(&mut admin, match_by).await.expect_status(200);
        self.round_trip(desk, &mut admin)
            .await
            .expect_location("/settings/integrations/sso/okta?proved=1");
        desk.in_force().await;
        desk.member(&mut admin, "Grace", LOGIN).await;
        admin
    }

    /// A browser that is about to come back, and the address that it comes back to.
    pub(crate) async fn until_callback(&self, desk: &Desk) -> (Browser, String) {
        let mut browser = desk.browser();
        let reply = browser.get(&paths::auth_start(Provider::Okta)).await;
        let back = self.visit(desk, &reply.location());
        (browser, back)
    }
}

impl Moment {
    pub(crate) fn discovery(&self) -> Value {
        let at = |path: &str| format!("{}/v1/{path}", self.base);
        json!({
            "issuer": self.base,
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "userinfo_endpoint": at("userinfo"),
            "jwks_uri": at("keys"),
            "end_session_endpoint": at("logout"),
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
        })
    }

    /// The claims of an honest ID token.
    pub(crate) fn claims(&self) -> Map<String, Value> {
        let claims = json!({
            "iss": self.base, "aud": CLIENT_ID, "sub": SUB, "nonce": self.nonce,
            "iat": self.now, "exp": self.now + 3600, "auth_time": self.now,
            "email": LOGIN, "preferred_username": LOGIN, "name": "Grace Member",
        });
        claims.as_object().cloned().expect("an object")
    }

    /// Rightly signed, with one claim changed.
    pub(crate) fn with(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims();
        claims.insert(name.to_owned(), value);
        signed(claims)
    }

    /// Rightly signed, with one claim left out.
    pub(crate) fn without(&self, name: &str) -> String {
        let mut claims = self.claims();
        claims.remove(name);
        signed(claims)
    }
}

/// Signed as it should be.
pub(crate) fn signed(claims: Map<String, Value>) -> String {
    with_header(&json!({ "alg": "RS256", "kid": KID, "typ": "JWT" }), claims)
}

/// Rightly signed, with another header.
pub(crate) fn with_header(header: &Value, claims: Map<String, Value>) -> String {
    let payload = Value::Object(claims).to_string();
    Signer::rsa().token(&header.to_string(), payload.as_bytes())
}

/// Rightly signed, whatever the payload is.
pub(crate) fn raw(payload: &[u8]) -> String {
    let header = json!({ "alg": "RS256", "kid": KID }).to_string();
    Signer::rsa().token(&header, payload)
}

pub(crate) fn token_answer(id_token: &str) -> Value {
    json!({
        "token_type": "Bearer", "expires_in": 3600, "access_token": ACCESS_TOKEN,
        "scope": "openid profile email", "id_token": id_token,
    })
}

pub(crate) fn userinfo() -> Value {
    json!({ "sub": SUB, "email": LOGIN, "email_verified": true, "preferred_username": LOGIN })
}

pub(crate) fn answer(body: Value) -> Response {
    text("application/json", body.to_string())
}

pub(crate) fn text(kind: &'static str, body: impl Into<String>) -> Response {
    ([(CONTENT_TYPE, kind)], body.into()).into_response()
}

fn locked(stage: &Mutex<Stage>) -> MutexGuard<'_, Stage> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn speak(State(stage): State<Arc<Mutex<Stage>>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let (script, moment) = {
        let mut stage = locked(&stage);
        stage.asked.push(path.clone());
        (stage.script, stage.moment.clone())
    };
    match path.rsplit('/').next().unwrap_or_default() {
        "openid-configuration" => (script.discovery)(&moment),
        "keys" => (script.keys)(&moment),
        "token" => (script.token)(&moment, (script.id_token)(&moment)),
        "userinfo" => (script.userinfo)(&moment),
        _ => axum::http::StatusCode::NOT_FOUND.into_response(),
    }
}
