//! An administrator who calls the API: what a story presupposes is done by it, and not told again in the browser.

use std::{collections::BTreeMap, sync::Mutex};

use reqwest::{Method, RequestBuilder, StatusCode, header, redirect};
use serde_json::Value;

pub(crate) struct Caller {
    client: reqwest::Client,
    origin: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// An answer.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// Where a redirect leads.
    pub(crate) location: Option<String>,
    /// Null where the body is no JSON.
    pub(crate) json: Value,
    text: String,
}

impl Reply {
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }
}

impl Caller {
    pub(super) fn new(origin: &str) -> Self {
        let client = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build();
        Self {
            client: client.expect("a client"),
            origin: origin.to_owned(),
            cookies: Mutex::default(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, None, Some(body)).await
    }

    /// Sends a form of a page.
    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut query = reqwest::Url::parse("http://localhost").expect("an address");
        query.query_pairs_mut().extend_pairs(fields);
        let body = query.query().unwrap_or_default().to_owned();
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.answered(request.body(body)).await
    }

    /// A change of what is at this path, based on its version of now.
    pub(crate) async fn put(&self, path: &str, body: &Value) -> Reply {
        let version = self.version(path).await;
        self.send(Method::PUT, path, Some(version), Some(body))
            .await
    }

    /// An act on what is at `of`, based on its version of now.
    pub(crate) async fn act(&self, path: &str, of: &str) -> Reply {
        let version = self.version(of).await;
        self.send(
            Method::POST,
            path,
            Some(version),
            Some(&Value::Object(serde_json::Map::new())),
        )
        .await
    }

    async fn version(&self, path: &str) -> i64 {
        let reply = self.get(path).await.expect(200);
        let version = reply.json["version"]
            .as_i64()
            .or_else(|| reply.json["user"]["version"].as_i64());
        version.expect("a version")
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        version: Option<i64>,
        body: Option<&Value>,
    ) -> Reply {
        let mut request = self.request(method, path);
        if let Some(version) = version {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        if let Some(body) = body {
            request = request
                .header(header::CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        self.answered(request).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let address = if path.starts_with('/') {
            format!("{}{path}", self.origin)
        } else {
            path.to_owned()
        };
        self.client
            .request(method, address)
            .header(header::ORIGIN, &self.origin)
            .header("sec-fetch-site", "same-origin")
            .header(api::paths::CSRF_HEADER, "1")
            .header(header::COOKIE, self.cookie())
    }

    async fn answered(&self, request: RequestBuilder) -> Reply {
        let response = request.send().await.expect("the server answers");
        let headers = response.headers().clone();
        for cookie in headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().expect("a cookie"));
        }
        let location = headers
            .get(header::LOCATION)
            .and_then(|value| value.to_str().ok());
        let status = response.status();
        let text = response.text().await.expect("a body");
        Reply {
            status,
            location: location.map(str::to_owned),
            json: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }

    fn cookie(&self) -> String {
        let cookies = self.cookies.lock().expect("nobody fails with it");
        let pairs: Vec<String> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    fn keep(&self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        let Some((name, value)) = pair.split_once('=') else {
            return;
        };
        let mut cookies = self.cookies.lock().expect("nobody fails with it");
        if value.is_empty() {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
