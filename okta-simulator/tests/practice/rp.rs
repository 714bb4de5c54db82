//! A relying party for tests: it speaks the protocol by hand, and believes nothing.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use okta_simulator::{Clock, Config, NewApp, PracticeOkta, northwind};
use reqwest::header::{HeaderMap, LOCATION};
use serde_json::Value;
use url::form_urlencoded::Serializer;

pub(crate) const CALLBACK: &str = "http://127.0.0.1:9/callback";
pub(crate) const VERIFIER: &str = "a-verifier-that-is-at-least-forty-three-characters-long";
pub(crate) const ADA: &str = "ada@northwind.example";
pub(crate) const GRACE: &str = "ghopper@northwind.example";
/// Wednesday, 1 July 2026, noon.
pub(crate) const NOON: i64 = 1_782_907_200_000;

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a text header"))
    }

    pub(crate) fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }

    /// Status, `error` and `error_description`.
    pub(crate) fn refusal(&self) -> (u16, String, String) {
        let body = self.json();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        (self.status, text("error"), text("error_description"))
    }
}

/// A practice Okta with everybody of Northwind, one web app with Ada and Grace, and a client of our own.
pub(crate) struct Rp {
    pub(crate) okta: PracticeOkta,
    pub(crate) http: reqwest::Client,
    pub(crate) client_id: String,
    pub(crate) secret: String,
}

impl Rp {
    pub(crate) async fn start() -> Self {
        Self::with(Config::seeded(1)).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let okta = PracticeOkta::start(config.clock(Clock::fixed(NOON)))
            .await
            .expect("a free port");
        okta.add_people(northwind::people());
        let app = NewApp::named("Test app")
            .sign_in_redirect(CALLBACK)
            .sign_out_redirect("http://127.0.0.1:9/bye")
            .refresh_token();
        let (client_id, secret) = okta.create_web_app(app);
        okta.assign(&client_id, ADA);
        okta.assign(&client_id, GRACE);
        Self {
            okta,
            http: http(),
            client_id,
            secret,
        }
    }

    /// `tree`: `/oauth2/v1`, `/oauth2/default/v1`, … `change` replaces parameters; an empty value removes one.
    pub(crate) fn authorize_url(&self, tree: &str, change: &[(&str, &str)]) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
        let mut params = BTreeMap::from([
            ("client_id", self.client_id.as_str()),
            ("response_type", "code"),
            ("redirect_uri", CALLBACK),
            ("scope", "openid profile email"),
            ("state", "the state"),
            ("nonce", "the nonce"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ]);
        for (name, value) in change {
            params.insert(name, value);
        }
        params.retain(|_, value| !value.is_empty());
        format!(
            "{}{tree}/authorize?{}",
            self.okta.base_url(),
            form(&params.into_iter().collect::<Vec<_>>())
        )
    }

    /// The code that Ada comes back with.
    pub(crate) fn code(&self, tree: &str, change: &[(&str, &str)]) -> String {
        let back = self
            .okta
            .authorize(&self.authorize_url(tree, change), ADA)
            .expect("a way back");
        query(&back)
            .remove("code")
            .unwrap_or_else(|| panic!("no code: {back}"))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        answer(self.http.get(self.url(path))).await
    }

    /// As the web app, with its secret in the header.
    pub(crate) async fn post_as_app(&self, path: &str, params: &[(&str, &str)]) -> Answer {
        let request = form_request(&self.http, &self.url(path), params)
            .header("authorization", basic(&self.client_id, &self.secret));
        answer(request).await
    }

    pub(crate) async fn redeem(&self, tree: &str, code: &str) -> Answer {
        let params = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.post_as_app(&format!("{tree}/token"), &params).await
    }

    /// The token answer after a whole sign-in of Ada's.
    pub(crate) async fn tokens(&self, tree: &str, change: &[(&str, &str)]) -> Value {
        let answer = self.redeem(tree, &self.code(tree, change)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    pub(crate) async fn userinfo(&self, tree: &str, access_token: &str) -> Answer {
        answer(
            self.http
                .get(self.url(&format!("{tree}/userinfo")))
                .header("authorization", format!("Bearer {access_token}")),
        )
        .await
    }

    pub(crate) fn url(&self, path: &str) -> String {
        if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.okta.base_url())
        }
    }

    /// True when a published key of this kid made the signature.
    pub(crate) async fn verifies(&self, keys_path: &str, token: &str) -> bool {
        let keys = self.get(keys_path).await.json();
        let (input, signature) = token.rsplit_once('.').expect("three parts");
        let header = part(token, 0);
        let Some(key) = keys["keys"]
            .as_array()
            .expect("keys")
            .iter()
            .find(|key| key["kid"] == header["kid"])
        else {
            return false;
        };
        let number = |name: &str| {
            URL_SAFE_NO_PAD
                .decode(key[name].as_str().expect("a number"))
                .expect("base64")
        };
        let public = RsaPublicKeyComponents {
            n: number("n"),
            e: number("e"),
        };
        let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64");
        public
            .verify(&RSA_PKCS1_2048_8192_SHA256, input.as_bytes(), &signature)
            .is_ok()
    }
}

pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("a client")
}

pub(crate) fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

pub(crate) fn form(params: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(params).finish()
}

pub(crate) fn form_request(
    http: &reqwest::Client,
    url: &str,
    params: &[(&str, &str)],
) -> reqwest::RequestBuilder {
    http.post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form(params))
}

pub(crate) async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer {
        status,
        headers,
        text: response.text().await.expect("a text"),
    }
}

pub(crate) fn query(url: &str) -> BTreeMap<String, String> {
    url::Url::parse(url)
        .expect("a URL")
        .query_pairs()
        .into_owned()
        .collect()
}

/// The header (0) or the payload (1) of a token.
pub(crate) fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

pub(crate) fn claims(tokens: &Value) -> Value {
    part(tokens["id_token"].as_str().expect("an ID token"), 1)
}

pub(crate) fn names(object: &Value) -> Vec<String> {
    let mut names: Vec<String> = object
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    // In which order an object keeps its names depends on who else is built with it.
    names.sort_unstable();
    names
}
