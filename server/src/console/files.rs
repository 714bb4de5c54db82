//! Files that are in the binary with brotli and gzip beside them: sent in what the browser takes, and
//! not at all to whoever has them.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use locales::Language;

#[derive(Clone, Copy)]
pub(super) struct File {
    pub(super) name: &'static str,
    /// The entity tag, in its quotes.
    pub(super) tag: &'static str,
    pub(super) raw: &'static [u8],
    pub(super) brotli: Option<&'static [u8]>,
    pub(super) gzip: Option<&'static [u8]>,
}

/// How long a browser may keep an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Its address changes with what it is.
    Forever,
    AnHour,
    /// Asks each time whether it is still so.
    Asking,
}

impl Keep {
    /// Trunk puts a hash into the name of what may change.
    pub(super) fn of(name: &str) -> Self {
        let hashed = name
            .split(['-', '.', '_'])
            .any(|part| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if hashed { Self::Forever } else { Self::AnHour }
    }

    fn policy(self) -> &'static str {
        match self {
            Self::Forever => "public, max-age=31536000, immutable",
            Self::AnHour => "public, max-age=3600",
            Self::Asking => "no-cache",
        }
    }
}

/// The words of a language, as the console reads them.
pub(crate) fn words(language: Language, keep: Keep, headers: &HeaderMap) -> Response {
    let packed = locales::packed(language);
    let file = File {
        name: "words.json",
        tag: packed.tag,
        raw: packed.raw,
        brotli: Some(packed.brotli),
        gzip: Some(packed.gzip),
    };
    file.send(keep, headers)
}

impl File {
    pub(super) fn send(self, keep: Keep, headers: &HeaderMap) -> Response {
        let list = |name| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().split(',').map(str::trim)
        };
        let takes = |coding: &str| list(header::ACCEPT_ENCODING).any(|it| it == coding);
        let (bytes, coding) = match (self.brotli, self.gzip) {
            (Some(brotli), _) if takes("br") => (brotli, Some("br")),
            (_, Some(gzip)) if takes("gzip") => (gzip, Some("gzip")),
            _ => (self.raw, None),
        };
        // RFC 9110 §13.1.2; the comparison is the weak one.
        let is_there = list(header::IF_NONE_MATCH)
            .any(|it| it == "*" || it.trim_start_matches("W/") == self.tag);
        let mut response = if is_there {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            Response::new(Body::from(bytes))
        };
        let out = response.headers_mut();
        if !is_there {
            out.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static(kind(self.name)),
            );
            if let Some(coding) = coding {
                out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
            }
        }
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        out.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static(keep.policy()),
        );
        out.insert(header::ETAG, HeaderValue::from_static(self.tag));
        response
    }
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        let pair = |(name, value): &(header::HeaderName, &str)| {
            (name.clone(), HeaderValue::from_str(value).expect("a value"))
        };
        pairs.iter().map(pair).collect()
    }

    async fn body(response: Response) -> Vec<u8> {
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        bytes.expect("a body").to_vec()
    }

    #[tokio::test]
    async fn words_come_packed_to_whoever_unpacks_them() {
        for (accepted, coding, most) in [
            ("gzip, deflate, br", Some("br"), 25_000),
            ("gzip", Some("gzip"), 31_000),
            ("", None, 250_000),
        ] {
            let headers = asked(&[(header::ACCEPT_ENCODING, accepted)]);
            let response = words(Language::French, Keep::Forever, &headers);
            let said = response.headers().get(header::CONTENT_ENCODING);
            assert_eq!(said.and_then(|it| it.to_str().ok()), coding);
            let bytes = body(response).await;
            assert!(bytes.len() < most, "{coding:?}: {}", bytes.len());
            if coding.is_none() {
                let texts: Vec<String> = serde_json::from_slice(&bytes).expect("a list");
                assert_eq!(texts, locales::texts(Language::French));
            }
        }
    }

    #[tokio::test]
    async fn whoever_has_it_is_sent_nothing() {
        let fresh = words(Language::English, Keep::Asking, &HeaderMap::new());
        let tag = fresh.headers()[header::ETAG].to_str().expect("a tag");
        for known in [tag.to_owned(), format!("\"other\", W/{tag}"), "*".into()] {
            let headers = asked(&[(header::IF_NONE_MATCH, &known)]);
            let again = words(Language::English, Keep::Asking, &headers);
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
            for name in [header::ETAG, header::CACHE_CONTROL, header::VARY] {
                assert_eq!(again.headers()[&name], fresh.headers()[&name]);
            }
            assert!(body(again).await.is_empty());
        }
        let headers = asked(&[(header::IF_NONE_MATCH, tag)]);
        let other = words(Language::French, Keep::Asking, &headers);
        assert_eq!(other.status(), StatusCode::OK);
    }
}
