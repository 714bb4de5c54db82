//! The questions of the reading room, and their answers with the secrets cut.

mod cut;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{Method, Request};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tower::ServiceExt as _;
use url::form_urlencoded::Serializer;

use crate::drive;
use crate::engine::Engine;
use crate::jose::s256;

use cut::{cut_query, parameter, payload, read, shown};

const VERIFIER: &str = "a-verifier-of-the-reading-room-with-43-characters-or-more";

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exchange {
    pub(crate) title: &'static str,
    pub(crate) request: String,
    /// Status line, what matters of the headers, body.
    pub(crate) answer: String,
}

/// Who asks: the console, with what it was told.
pub(super) struct Asker {
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) secret: String,
    pub(super) redirect_uri: String,
    pub(super) login: String,
}

impl Asker {
    pub(super) async fn ask_all(&self, router: Router, engine: &Arc<Engine>) -> Vec<Exchange> {
        let base = self.base();
        let discovery = "/.well-known/openid-configuration";
        let of_client = query(&[("client_id", &self.client_id)]);
        let issuer = &self.issuer;
        let tree = self.tree();
        let mut all = Vec::new();
        for (title, url) in [
            (
                "Whose organization is it?",
                format!("{base}/.well-known/okta-organization"),
            ),
            ("Discovery", format!("{issuer}{discovery}")),
            (
                "Discovery, for this client",
                format!("{issuer}{discovery}?{of_client}"),
            ),
            ("Keys, for this client", format!("{tree}/keys?{of_client}")),
        ] {
            all.push(self.get(&router, title, &url).await);
        }
        let code = [
            ("grant_type", "authorization_code"),
            ("code", "made-up"),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        let token = format!("{tree}/token");
        all.push(
            self.post(&router, "A code that was made up", &token, &code)
                .await,
        );
        let url = format!("{tree}/introspect");
        all.push(
            self.post(
                &router,
                "A token that was made up",
                &url,
                &[("token", "made-up")],
            )
            .await,
        );
        for (title, redirect_uri) in [
            ("The request, without a person", self.redirect_uri.clone()),
            (
                "The same with a redirect URI that cannot be registered",
                format!("{}/cannot-be-registered", self.redirect_uri),
            ),
        ] {
            let url = self.authorize(&redirect_uri, "none");
            all.push(self.get(&router, title, &url).await);
        }
        all.extend(self.sign_in(&router, engine).await);
        all
    }

    fn base(&self) -> &str {
        let start = self.issuer.find("://").map_or(0, |at| at + 3);
        let end = self.issuer[start..].find('/');
        end.map_or(self.issuer.as_str(), |end| &self.issuer[..start + end])
    }

    /// Where the issuer's endpoints are.
    fn tree(&self) -> String {
        let rest = self.issuer[self.base().len()..].trim_end_matches('/');
        match rest.strip_prefix("/oauth2/") {
            Some(id) => format!(
                "{}/oauth2/{}/v1",
                self.base(),
                id.split('/').next().unwrap_or_default()
            ),
            None => format!("{}/oauth2/v1", self.base()),
        }
    }

    fn authorize(&self, redirect_uri: &str, prompt: &str) -> String {
        let challenge = s256(VERIFIER);
        let mut pairs = vec![
            ("client_id", self.client_id.as_str()),
            ("response_type", "code"),
            ("redirect_uri", redirect_uri),
            ("scope", "openid profile email"),
            ("state", "state-of-the-reading-room"),
            ("nonce", "nonce-of-the-reading-room"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        if !prompt.is_empty() {
            pairs.push(("prompt", prompt));
        }
        format!("{}/authorize?{}", self.tree(), query(&pairs))
    }

    /// A person signs in; then the code, and who that is.
    async fn sign_in(&self, router: &Router, engine: &Arc<Engine>) -> Vec<Exchange> {
        let url = self.authorize(&self.redirect_uri, "");
        let request = format!("{} signs in\nGET {}", self.login, cut_query(&url));
        let title = "A person signs in";
        if !is_here(&url) {
            return ["A person signs in", "The code is exchanged", "Userinfo"]
                .map(nothing)
                .to_vec();
        }
        let (answer, code) = match drive::authorize(engine, &url, &self.login) {
            Ok(back) => (
                format!("Back to the app\n{}", cut_query(&back)),
                parameter(&back, "code"),
            ),
            Err(page) => (shown(&page), None),
        };
        let mut all = vec![Exchange {
            title,
            request,
            answer,
        }];
        let title = "The code is exchanged";
        let Some(code) = code else {
            for title in [title, "Userinfo"] {
                all.push(nothing(title));
            }
            return all;
        };
        let params = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        let (request, form) = self.form(&format!("{}/token", self.tree()), &params);
        let response = send(router, form).await;
        let (answer, body) = read(response).await;
        let tokens: Value = serde_json::from_str(&body).unwrap_or_default();
        let mut answer = answer;
        if let Some(payload) = tokens["id_token"].as_str().and_then(payload) {
            answer.push_str("\n\nID token\n");
            answer.push_str(&payload);
        }
        all.push(Exchange {
            title,
            request,
            answer,
        });
        let title = "Userinfo";
        let Some(access) = tokens["access_token"].as_str() else {
            all.push(nothing(title));
            return all;
        };
        let url = format!("{}/userinfo", self.tree());
        let builder = request_to(Method::GET, &url)
            .header(AUTHORIZATION, format!("Bearer {access}"))
            .body(Body::empty());
        let (answer, _) = read(send(router, builder.ok()).await).await;
        all.push(Exchange {
            title,
            request: format!("GET {url}\nAuthorization: Bearer …"),
            answer,
        });
        all
    }

    async fn get(&self, router: &Router, title: &'static str, url: &str) -> Exchange {
        let request = request_to(Method::GET, url).body(Body::empty());
        let (answer, _) = read(send(router, request.ok()).await).await;
        Exchange {
            title,
            request: format!("GET {}", cut_query(url)),
            answer,
        }
    }

    async fn post(
        &self,
        router: &Router,
        title: &'static str,
        url: &str,
        params: &[(&str, &str)],
    ) -> Exchange {
        let (request, form) = self.form(url, params);
        let (answer, _) = read(send(router, form).await).await;
        Exchange {
            title,
            request,
            answer,
        }
    }

    /// A form with the app's credentials in the header, as it is shown and as it is sent.
    fn form(&self, url: &str, params: &[(&str, &str)]) -> (String, Option<Request<Body>>) {
        let query = query(params);
        let shown = format!(
            "POST {url}\nAuthorization: Basic {}:…\n\n{}",
            self.client_id,
            cut_query(&format!("?{query}")).trim_start_matches('?')
        );
        let credentials = STANDARD.encode(format!("{}:{}", self.client_id, self.secret));
        let request = request_to(Method::POST, url)
            .header(AUTHORIZATION, format!("Basic {credentials}"))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(query));
        (shown, request.ok())
    }
}

fn query(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn nothing(title: &'static str) -> Exchange {
    Exchange {
        title,
        request: "Not asked: it did not come to that.".to_owned(),
        answer: String::new(),
    }
}

fn request_to(method: Method, url: &str) -> axum::http::request::Builder {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let uri = match path {
        // No address at all: the request cannot be built.
        _ if !is_here(url) => "",
        "" => "/",
        path => path,
    };
    Request::builder()
        .method(method)
        .uri(uri)
        .header(HOST, host)
}

/// Whether an address leads to this computer: every other one is somebody else's.
fn is_here(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| {
        let host = url.host_str().unwrap_or_default();
        url.scheme() == "http" && (host == "127.0.0.1" || host.ends_with("localhost"))
    })
}

/// `None`: what was pasted is no address at all.
async fn send(router: &Router, request: Option<Request<Body>>) -> Option<Response> {
    router.clone().oneshot(request?).await.ok()
}
