//! A browser as far as the server can tell: cookies, redirects not followed, its own headers.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, Response, StatusCode, header},
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

use super::{PUBLIC_URL, watch};

#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// Null where the body is no JSON.
    pub(crate) json: Value,
}

impl Browser {
    pub(super) fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
        }
    }

    /// The same browser at another node.
    pub(crate) fn at(&self, desk: &super::Desk) -> Self {
        Self {
            router: desk.router.clone(),
            cookies: self.cookies.clone(),
        }
    }

    /// Opens a path, or an address of the server.
    pub(crate) async fn get(&mut self, address: &str) -> Reply {
        let request = Request::builder()
            .method(Method::GET)
            .uri(address.strip_prefix(PUBLIC_URL).unwrap_or(address));
        let reply = self
            .send(request.body(Body::empty()).expect("a request"))
            .await;
        // Sent back at once to show that it keeps cookies: what a browser does before anything is seen of it.
        if reply.header("location").contains("cookie=sent") && !address.contains("cookie=sent") {
            let again = reply.location();
            return Box::pin(self.get(&again)).await;
        }
        reply
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.change(Method::POST, path, None, body).await
    }

    /// A change that needs no version, such as a deletion.
    pub(crate) async fn delete(&mut self, path: &str) -> Reply {
        self.change(Method::DELETE, path, None, &Value::Null).await
    }

    pub(crate) async fn put(&mut self, path: &str, version: i64, body: &Value) -> Reply {
        self.change(Method::PUT, path, Some(version), body).await
    }

    pub(crate) async fn post_version(&mut self, path: &str, version: i64) -> Reply {
        self.change(Method::POST, path, Some(version), &Value::Null)
            .await
    }

    pub(crate) async fn change(
        &mut self,
        method: Method,
        path: &str,
        version: Option<i64>,
        body: &Value,
    ) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ORIGIN, PUBLIC_URL)
            .header("sec-fetch-site", "same-origin")
            .header(api::paths::CSRF_HEADER, "1")
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(version) = version {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        let request = request
            .body(Body::from(body.to_string()))
            .expect("a request");
        self.send(request).await
    }

    /// Sends a form of a page.
    pub(crate) async fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::ORIGIN, PUBLIC_URL)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    /// Opens a path whose answer is read a part at a time.
    pub(crate) async fn opened(&mut self, path: &str) -> Body {
        let request = Request::builder().method(Method::GET).uri(path);
        let request = request.body(Body::empty()).expect("a request");
        self.answer(request).await.into_body()
    }

    /// Sends any request, with this browser's cookies.
    pub(crate) async fn send(&mut self, request: Request<Body>) -> Reply {
        let (parts, body) = self.answer(request).await.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().expect("a cookie"));
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        watch::answer(&parts.headers, &text, &self.cookies);
        Reply {
            status: parts.status,
            json: serde_json::from_str(&text).unwrap_or(Value::Null),
            headers: parts.headers,
            text,
        }
    }

    async fn answer(&self, mut request: Request<Body>) -> Response<Body> {
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let value = cookies.join("; ").parse().expect("a header");
            request.headers_mut().insert(header::COOKIE, value);
        }
        let answered = self.router.clone().oneshot(request).await;
        answered.expect("the server answers")
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').expect("a name and a value");
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Whether the server takes this browser for somebody.
    pub(crate) async fn is_signed_in(&mut self) -> bool {
        self.get(api::paths::SESSION).await.status == StatusCode::OK
    }
}

impl Reply {
    pub(crate) fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// The problem's code.
    pub(crate) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// The fields that were refused with their faults, as `field: fault`.
    pub(crate) fn faults(&self) -> Vec<String> {
        self.json["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|error| {
                let word = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
                format!("{}: {}", word("field"), word("fault"))
            })
            .collect()
    }

    /// Where the links of a page lead, as a browser reads them.
    pub(crate) fn links(&self) -> Vec<String> {
        let values = self.text.split("href=\"").skip(1);
        values
            .filter_map(|it| it.split('"').next())
            .map(|it| it.replace("&#39;", "'").replace("&amp;", "&"))
            .collect()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub(crate) fn location(&self) -> String {
        assert!(
            self.status.is_redirection(),
            "{} {}",
            self.status,
            self.text
        );
        self.header("location").to_owned()
    }

    pub(crate) fn expect_location(&self, location: &str) {
        assert_eq!(self.location(), location);
    }

    /// The reference number of a refusal.
    pub(crate) fn reference(&self) -> String {
        let location = self.location();
        let reference = location.strip_prefix("/sign-in/refused?reference=");
        reference
            .unwrap_or_else(|| panic!("went to {location}"))
            .to_owned()
    }
}
