//! What the HTTP library does not refuse by itself in a request's head (RFC 9112 §3.2, §6): who is asked, and where the
//! body ends. Two readers of one request must never see two different requests.

use axum::http::{HeaderMap, Version, header, uri::Authority};

/// Whether a request has to be answered with 400. `framed_twice`: its head has a length and a transfer coding.
pub(super) fn is_refused(version: Version, headers: &HeaderMap, framed_twice: bool) -> bool {
    let has_coding = headers.contains_key(header::TRANSFER_ENCODING);
    !names_one_host(version, headers)
        || (has_coding && (framed_twice || !is_chunked_alone(headers)))
}

/// HTTP/1.1 wants exactly one valid `Host`; HTTP/1.0 knows none, but two are two all the same.
fn names_one_host(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version < Version::HTTP_11,
        (Some(host), None) => host
            .to_str()
            .ok()
            .and_then(|host| host.parse::<Authority>().ok())
            .is_some_and(|host| !host.as_str().contains('@')),
        (Some(_), Some(_)) => false,
    }
}

/// `chunked` once and nothing beside it: no client of ours sends another coding, and readers disagree about them.
fn is_chunked_alone(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (Some(coding), None) => coding
            .as_bytes()
            .trim_ascii()
            .eq_ignore_ascii_case(b"chunked"),
        (None | Some(_), _) => false,
    }
}

/// The longest name that is looked for.
const NAME_MAX: usize = 17;

/// Reads along while a head arrives: the library drops `Content-Length` where `Transfer-Encoding` is there too, and what
/// it hands on no longer shows that both were.
pub(super) struct Scan {
    name: [u8; NAME_MAX],
    /// Of the line so far, up to its colon; None behind it.
    length: Option<usize>,
    at: Place,
    has_length: bool,
    has_coding: bool,
}

/// How far a head is read.
#[derive(PartialEq)]
enum Place {
    /// Before the first line that is not empty.
    Start,
    Lines,
    Over,
}

impl Scan {
    pub(super) fn new() -> Self {
        Self {
            name: [0; NAME_MAX],
            length: Some(0),
            at: Place::Start,
            has_length: false,
            has_coding: false,
        }
    }

    /// True once the head has both.
    pub(super) fn read(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            if self.at == Place::Over {
                break;
            }
            self.step(*byte);
        }
        self.has_length && self.has_coding
    }

    fn step(&mut self, byte: u8) {
        match (byte, self.length) {
            // An empty line ends the head.
            (b'\n', Some(0)) if self.at == Place::Lines => self.at = Place::Over,
            (b'\n', length) => {
                // Empty lines before a request are left out (RFC 9112 §2.2).
                if length != Some(0) {
                    self.at = Place::Lines;
                }
                self.length = Some(0);
            }
            (b'\r', _) | (_, None) => (),
            (b':', Some(length)) => {
                let name = self.name.get(..length).unwrap_or_default();
                self.has_length |= name.eq_ignore_ascii_case(b"content-length");
                self.has_coding |= name.eq_ignore_ascii_case(b"transfer-encoding");
                self.length = None;
            }
            (byte, Some(length)) => {
                if let Some(place) = self.name.get_mut(length) {
                    *place = byte;
                }
                self.length = Some(length.saturating_add(1));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().expect("a value"));
        }
        headers
    }

    #[test]
    fn head_without_exactly_one_valid_host_is_refused() {
        for (version, pairs, refused) in [
            (Version::HTTP_11, &[("host", "localhost:8080")][..], false),
            (Version::HTTP_11, &[("host", "[::1]:8080")], false),
            (Version::HTTP_11, &[], true),
            (Version::HTTP_10, &[], false),
            (Version::HTTP_11, &[("host", "a"), ("host", "a")], true),
            (Version::HTTP_10, &[("host", "a"), ("host", "b")], true),
            (Version::HTTP_11, &[("host", "")], true),
            (Version::HTTP_11, &[("host", "a b")], true),
            (Version::HTTP_11, &[("host", "user@a")], true),
            (Version::HTTP_11, &[("host", "a, b")], true),
            (Version::HTTP_11, &[("host", "a/b")], true),
        ] {
            let found = is_refused(version, &headers(pairs), false);
            assert_eq!(found, refused, "{version:?} {pairs:?}");
        }
    }

    #[test]
    fn head_with_another_coding_than_chunked_is_refused() {
        let with = |codings: &[&'static str]| {
            let pairs: Vec<_> = std::iter::once(("host", "a"))
                .chain(codings.iter().map(|it| ("transfer-encoding", *it)))
                .collect();
            headers(&pairs)
        };
        for (codings, refused) in [
            (&["chunked"][..], false),
            (&["Chunked"], false),
            (&["chunked, chunked"], true),
            (&["gzip, chunked"], true),
            (&["chunked", "chunked"], true),
            (&["identity"], true),
            (&["chunked;x=1"], true),
            (&[""], true),
        ] {
            let found = is_refused(Version::HTTP_11, &with(codings), false);
            assert_eq!(found, refused, "{codings:?}");
        }
        assert!(is_refused(Version::HTTP_11, &with(&["chunked"]), true));
        assert!(!is_refused(Version::HTTP_11, &with(&[]), true));
    }

    #[test]
    fn scan_finds_length_beside_coding_however_the_head_is_cut() {
        let both = "POST / HTTP/1.1\r\nhost: a\r\nContent-Length: 4\r\nx: y\r\nTRANSFER-ENCODING: chunked\r\n\r\n";
        let one = "POST /content-length:1 HTTP/1.1\r\nhost: transfer-encoding: x\r\nx-content-length: 1\r\n\
                   transfer-encoding: chunked\r\ntransfer-encoding-x: 1\r\n\r\ncontent-length: 4\r\n";
        let after_blanks = format!("\r\n\r\n{both}");
        for (text, found) in [(both, true), (one, false), (&after_blanks, true)] {
            for size in 1..text.len() {
                let mut scan = Scan::new();
                let seen = text.as_bytes().chunks(size).map(|part| scan.read(part));
                assert_eq!(seen.last(), Some(found), "{size}: {text}");
            }
        }
    }
}
