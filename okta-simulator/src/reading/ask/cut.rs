//! Answers as the reading room shows them: what matters, and nothing that is a secret.

use std::fmt::Write as _;

use axum::body::to_bytes;
use axum::http::header::{DATE, LOCATION};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::drive::ShownPage;

/// No answer is longer, but for what a fault makes endless.
const BODY_MAX: usize = 256 * 1024;
/// Longer texts are cut where they are shown, in characters.
const TEXT_MAX: usize = 60;

/// The answer as it is shown, and its whole body.
pub(super) async fn read(response: Option<Response>) -> (String, String) {
    let Some(response) = response else {
        return ("No such address.".to_owned(), String::new());
    };
    if let Some(page) = response.extensions().get::<ShownPage>() {
        return (shown(page), String::new());
    }
    let mut answer = response.status().to_string();
    for name in [
        "date",
        "location",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
        "www-authenticate",
    ] {
        if let Some(value) = response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
        {
            let value = if name == LOCATION.as_str() {
                cut_query(value)
            } else {
                value.to_owned()
            };
            if name != DATE.as_str() || response.status().is_success() {
                write!(answer, "\n{name}: {value}").expect("a String takes every write");
            }
        }
    }
    let body = to_bytes(response.into_body(), BODY_MAX).await;
    let body = body.map_or_else(
        |_| String::new(),
        |body| String::from_utf8_lossy(&body).into_owned(),
    );
    match serde_json::from_str::<Value>(&body) {
        Ok(mut value) => {
            cut(&mut value);
            answer.push_str("\n\n");
            answer.push_str(&serde_json::to_string_pretty(&value).unwrap_or_default());
        }
        Err(_) if body.is_empty() => {}
        Err(_) => answer.push_str("\n\nA web page."),
    }
    (answer, body)
}

pub(super) fn shown(page: &ShownPage) -> String {
    format!(
        "{}\n\nA page of Okta's own: nothing goes back to the app.\n{}\n{}",
        page.status, page.title, page.text
    )
}

/// Long texts, and everything that is a secret, are cut.
fn cut(value: &mut Value) {
    match value {
        Value::String(text)
            if text.chars().count() > TEXT_MAX && !text.contains(' ') && !text.contains('/') =>
        {
            *text = format!("{}…", text.chars().take(8).collect::<String>());
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        Value::Array(items) => items.iter_mut().for_each(cut),
        Value::Object(members) => {
            for (name, value) in members {
                if [
                    "access_token",
                    "refresh_token",
                    "id_token",
                    "jti",
                    "at_hash",
                ]
                .contains(&name.as_str())
                    && value.is_string()
                {
                    *value = Value::from("…");
                } else {
                    cut(value);
                }
            }
        }
    }
}

/// Codes, challenges and verifiers are drawn anew each time and say nothing.
pub(super) fn cut_query(url: &str) -> String {
    let Some((before, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name @ ("code_verifier" | "code_challenge"), _)) => format!("{name}=…"),
            Some(("code", value)) if value != "made-up" => "code=…".to_owned(),
            Some(_) | None => pair.to_owned(),
        })
        .collect();
    format!("{before}?{}", pairs.join("&"))
}

pub(super) fn parameter(url: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let mut pairs = url.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// The claims of a signed token; of an encrypted one there is nothing to see.
pub(super) fn payload(token: &str) -> Option<String> {
    let mut parts = token.split('.');
    let (header, payload) = (parts.next()?, parts.next()?);
    if parts.count() != 1 {
        return Some(format!("Encrypted: {} parts.", token.split('.').count()));
    }
    let kid = URL_SAFE_NO_PAD.decode(header).ok()?;
    let kid: Value = serde_json::from_slice(&kid).ok()?;
    let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    cut(&mut claims);
    Some(format!(
        "kid {}\n{}",
        kid["kid"].as_str().unwrap_or_default(),
        serde_json::to_string_pretty(&claims).ok()?
    ))
}
