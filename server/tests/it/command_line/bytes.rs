//! Bytes that are no request of HTTP, sent to the listener as it is.

use super::{Folder, serve::Server, wire};

#[test]
fn bytes_that_are_no_request_are_refused_and_the_next_one_is_answered() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    let long = format!(
        "GET /?{} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        "q".repeat(100_000)
    );
    let many = format!(
        "GET / HTTP/1.1\r\nhost: x\r\n{}\r\n",
        "a: b\r\n".repeat(5000)
    );
    for (what, bytes) in [
        ("no request", &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..]),
        ("a long address", long.as_bytes()),
        ("many headers", many.as_bytes()),
        ("two lengths", b"POST /auth/password HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx"),
        ("a length and pieces", b"POST /auth/password HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked, x\r\n\r\n0\r\n\r\n"),
        ("a broken piece", b"POST /auth/password HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"),
        ("a folded header", b"GET / HTTP/1.1\r\nhost: x\r\na: b\r\n c: d\r\nconnection: close\r\n\r\n"),
        ("a bare carriage return", b"GET / HTTP/1.1\r\nhost: x\r\na: b\rc: d\r\nconnection: close\r\n\r\n"),
    ] {
        let answer = wire::send(server.port, bytes);
        let refused = (400..500).contains(&answer.status) || answer.head.is_empty();
        assert!(refused, "{what}: {answer:?}");
        assert_eq!(wire::get(server.port, "/healthz", "").status, 200, "after {what}");
    }
}
