//! What the listener answers by itself, before any route is found: a status and the headers that every answer has.

use std::fmt::Write as _;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use crate::envelope::security_headers;

/// The answer to a request that was read. The connection ends with it.
pub(super) fn response(status: StatusCode, https: bool) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    for (name, value) in security_headers(https) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The header lines alone, for an answer of the HTTP library.
pub(super) fn lines(https: bool) -> String {
    security_headers(https).fold(String::new(), |mut lines, (name, value)| {
        // Writing to a String cannot fail.
        let _ = write!(lines, "{name}: {value}\r\n");
        lines
    })
}

/// The whole answer as bytes, where no request could be read.
pub(super) fn bytes(status: StatusCode, lines: &str) -> Vec<u8> {
    let reason = status.canonical_reason().unwrap_or_default();
    let code = status.as_u16();
    format!("HTTP/1.1 {code} {reason}\r\nconnection: close\r\ncontent-length: 0\r\n{lines}\r\n")
        .into_bytes()
}
