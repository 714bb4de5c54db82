//! An answer, with what matters of its headers, or why there is none.

use std::fmt;

use api::UtcMillis;
use bytes::Bytes;
use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, DATE, HeaderMap, HeaderName, LOCATION};
use url::Url;

use super::http_date;

/// An answer of whatever status but 3xx.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    /// The media type without its parameters, in lower case.
    pub content_type: Option<String>,
    /// The sender's clock when it answered.
    pub date: Option<UtcMillis>,
    /// `Cache-Control: max-age`, in seconds; 0 for `no-store` and `no-cache`.
    pub max_age: Option<u64>,
    pub body: Bytes,
}

/// Why there is no answer. The texts are for the log only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoReply {
    /// The address is none that this server calls.
    Refused { why: String },
    /// The host is at a private address, and not among those that may be.
    Private { host: String, why: String },
    /// No connection, no answer in time, or none that is HTTP.
    Unreachable { why: String, how: Silence },
    /// Headers or body are larger than what is read.
    TooLarge,
    /// The answer sends us elsewhere; we do not go.
    Redirected { status: u16, to: String },
}

/// What kind of silence it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// Nobody there, or not reached in time.
    NoConnection,
    /// A connection, but no answer in time.
    Slow,
    /// A certificate that is not trusted.
    Certificate,
}

/// Where a request that a browser would make ends: at a page, or on the way elsewhere.
#[derive(Debug)]
pub enum Landing {
    Page(Reply),
    /// As the header says it; not for a log, since it may carry a code.
    Sent {
        to: Option<Url>,
    },
}

impl fmt::Display for NoReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { why } | Self::Private { why, .. } => {
                write!(f, "the address is refused: {why}")
            }
            Self::Unreachable { why, .. } => write!(f, "no answer: {why}"),
            Self::TooLarge => f.write_str("the answer is over 1 MiB"),
            Self::Redirected { status, to } => write!(f, "redirect {status} to {to}"),
        }
    }
}

impl Reply {
    pub(super) fn new(status: u16, headers: &HeaderMap, body: Bytes) -> Self {
        Self {
            status,
            content_type: text(headers, &CONTENT_TYPE).map(media_type),
            date: text(headers, &DATE).and_then(http_date::parse),
            max_age: text(headers, &CACHE_CONTROL).and_then(max_age),
            body,
        }
    }
}

/// Where an answer would send us; only the origin, as the rest may carry what is not for a log.
pub(super) fn redirected(status: u16, headers: &HeaderMap) -> NoReply {
    let to = match text(headers, &LOCATION).map(Url::parse) {
        Some(Ok(url)) => url.origin().ascii_serialization(),
        Some(Err(_)) => "a relative address".into(),
        None => "nowhere".into(),
    };
    NoReply::Redirected { status, to }
}

/// The whole of where an answer would send a browser, relative to where it was asked.
pub(super) fn sent(asked: &Url, headers: &HeaderMap) -> Landing {
    let to = text(headers, &LOCATION).and_then(|to| asked.join(to).ok());
    Landing::Sent { to }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn media_type(value: &str) -> String {
    value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn max_age(value: &str) -> Option<u64> {
    let mut age = None;
    for directive in value.split(',').map(str::trim) {
        if directive.eq_ignore_ascii_case("no-store") || directive.eq_ignore_ascii_case("no-cache")
        {
            return Some(0);
        }
        if let Some((name, seconds)) = directive.split_once('=')
            && name.trim().eq_ignore_ascii_case("max-age")
        {
            let seconds = seconds.trim().trim_matches('"');
            let digits = !seconds.is_empty() && seconds.bytes().all(|b| b.is_ascii_digit());
            // What does not fit is very long: the caller clamps it.
            age = digits.then(|| seconds.parse().unwrap_or(u64::MAX));
        }
    }
    age
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_an_answer_keeps_is_read_leniently() {
        for (header, seconds) in [
            ("max-age=60", Some(60)),
            ("public, Max-Age=60", Some(60)),
            ("max-age=\"60\"", Some(60)),
            ("max-age=1000000000000000000000", Some(u64::MAX)),
            ("no-store", Some(0)),
            ("max-age=60, no-cache", Some(0)),
            ("max-age=-1", None),
            ("max-age=", None),
            ("s-maxage=60", None),
            ("", None),
        ] {
            assert_eq!(max_age(header), seconds, "{header}");
        }
    }
}
