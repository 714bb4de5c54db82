//! For tests: a relying party, a provider whose manners one can change, and a connection between.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use api::{Cause, Loopback};

use super::{
    signer::{RSA, Signer},
    stand_in::{Answer, Asked, StandIn},
    *,
};

/// Sat, 21 Nov 2026 19:29:00 GMT
pub(crate) const NOW: i64 = 1_795_289_340;
pub(crate) const NONCE: &str = "n-of-this-attempt";
pub(crate) const REDIRECT: &str = "https://sso.acme.example/auth/okta/callback";

pub(crate) fn connection(issuer: &str) -> ConnectionConfig {
    ConnectionConfig {
        id: "c1".into(),
        version: 1,
        provider: Provider::Okta,
        issuer: issuer.into(),
        client_id: "0oa1".into(),
        client_secret: "PrAcTiCe-secret".into(),
        native_client_id: None,
        native_redirect_uri: None,
        hosted_domain: None,
        audience: None,
        tenant: None,
        match_by: MatchBy::OktaLogin,
        allow_unverified_email: false,
    }
}

pub(crate) fn metadata(base: &str) -> Metadata {
    let url = |path: &str| Url::parse(&format!("{base}/oauth2/v1/{path}")).expect("a URL");
    Metadata {
        issuer: base.into(),
        authorization: url("authorize"),
        token: url("token"),
        userinfo: url("userinfo"),
        jwks: url("keys"),
        end_session: Some(url("logout")),
        token_auth: TokenAuth::Basic,
        takes_form: false,
        names_itself_in_callback: false,
    }
}

/// How the provider behaves; an answer that is set comes in place of the good one.
pub(crate) struct Manners {
    pub(crate) discovery: BTreeMap<&'static str, String>,
    pub(crate) keys: Vec<String>,
    pub(crate) signer: &'static Signer,
    pub(crate) header: String,
    pub(crate) claims: BTreeMap<&'static str, String>,
    pub(crate) userinfo: String,
    /// The one way in which the app takes its secret.
    pub(crate) takes: Option<TokenAuth>,
    /// By a part of the path.
    pub(crate) instead: BTreeMap<&'static str, Answer>,
}

/// A provider, the relying party, and a connection between them.
pub(crate) struct Rig {
    pub(crate) manners: Arc<Mutex<Manners>>,
    pub(crate) server: StandIn,
    pub(crate) relying: RelyingParty,
    pub(crate) connection: ConnectionConfig,
}

fn locked(manners: &Mutex<Manners>) -> MutexGuard<'_, Manners> {
    manners.lock().unwrap_or_else(PoisonError::into_inner)
}

fn object(members: &BTreeMap<&'static str, String>) -> String {
    let members: Vec<String> = members
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name:?}:{value}"))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn answer(manners: &Manners, asked: &Asked) -> Answer {
    if let Some(found) = manners
        .instead
        .iter()
        .find(|(path, _)| asked.path.contains(**path))
    {
        return found.1.clone();
    }
    let base = format!("http://{}", asked.header("host").expect("a host"));
    match asked.path.rsplit('/').next().expect("a path") {
        "openid-configuration" => {
            let mut document: BTreeMap<_, _> = [
                ("authorization_endpoint", "authorize"),
                ("token_endpoint", "token"),
                ("userinfo_endpoint", "userinfo"),
                ("jwks_uri", "keys"),
                ("end_session_endpoint", "logout"),
            ]
            .map(|(name, path)| (name, format!("\"{base}/oauth2/v1/{path}\"")))
            .into();
            document.insert("issuer", format!("{base:?}"));
            document.extend(manners.discovery.clone());
            Answer::json(object(&document))
        }
        "keys" => Answer::json(format!(r#"{{"keys":[{}]}}"#, manners.keys.join(","))),
        "token" if refuses(manners, asked) => Answer::status(
            401,
            r#"{"error":"invalid_client","error_description":"Client authentication failed."}"#,
        ),
        "token" => {
            let mut claims: BTreeMap<_, _> = [
                ("iss", format!("{base:?}")),
                ("aud", r#""0oa1""#.into()),
                ("sub", r#""00u1""#.into()),
                ("nonce", format!("{NONCE:?}")),
                ("iat", NOW.to_string()),
                ("exp", (NOW + 3600).to_string()),
                ("email", r#""ada@acme.example""#.into()),
                ("preferred_username", r#""ada""#.into()),
            ]
            .into();
            claims.extend(manners.claims.clone());
            let token = manners.signer.token(&manners.header, &object(&claims));
            Answer::Plain(
                200,
                "Date: Sat, 21 Nov 2026 19:29:02 GMT\r\n".into(),
                format!(r#"{{"token_type":"Bearer","id_token":"{token}","access_token":"at-1"}}"#)
                    .into(),
            )
        }
        "userinfo" => Answer::json(manners.userinfo.clone()),
        _ => Answer::status(404, "{}"),
    }
}

fn refuses(manners: &Manners, asked: &Asked) -> bool {
    let sent = match asked.header("authorization") {
        Some(_) => TokenAuth::Basic,
        None => TokenAuth::Post,
    };
    manners.takes.is_some_and(|only| only != sent)
}

impl Rig {
    pub(crate) async fn new() -> Self {
        let manners = Arc::new(Mutex::new(Manners {
            discovery: BTreeMap::new(),
            keys: vec![RSA.jwk("k1", "")],
            signer: &RSA,
            header: r#"{"alg":"RS256","kid":"k1"}"#.into(),
            claims: BTreeMap::new(),
            takes: None,
            userinfo: r#"{"sub":"00u1","email":"ada@acme.example","given_name":"Ada"}"#.into(),
            instead: BTreeMap::new(),
        }));
        let shared = manners.clone();
        let server = StandIn::start(move |asked| answer(&locked(&shared), asked)).await;
        let outbound = Outbound::new(OutboundSettings {
            loopback: Loopback::Allowed,
            total: std::time::Duration::from_millis(500),
            ..OutboundSettings::default()
        });
        Self {
            manners,
            connection: connection(&server.base),
            server,
            relying: RelyingParty::new(outbound),
        }
    }

    pub(crate) fn manners(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut locked(&self.manners));
    }

    pub(crate) async fn exchange_at(
        &self,
        second: i64,
        iss: Option<&str>,
    ) -> Result<Person, Failure> {
        let (nonce, verifier) = (Secret::from(NONCE), Secret::from("v".repeat(43)));
        let started = Started {
            nonce: &nonce,
            verifier: &verifier,
            redirect_uri: REDIRECT,
            max_age: None,
            iss,
            passed: &|_| (),
        };
        let code = Secret::from("SECRETCODE");
        let now = (NOW + second) * 1000;
        self.relying
            .exchange(&self.connection, &started, &code, now)
            .await
    }

    pub(crate) async fn exchange(&self) -> Result<Person, Failure> {
        self.exchange_at(0, None).await
    }

    pub(crate) async fn cause(&self) -> Cause {
        self.exchange().await.expect_err("a failure").cause
    }
}
