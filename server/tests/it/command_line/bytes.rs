//! Bytes that are no request of HTTP, sent to the listener as it is.

use super::{Folder, serve::Server, wire};

/// What keeps an answer to itself.
const HEADERS: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    ),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "strict-transport-security",
        "max-age=31536000; includeSubDomains",
    ),
];

#[test]
fn listener_refuses_unreadable_requests_with_the_headers_of_every_answer() {
    let folder = Folder::new();
    let server = Server::start(&folder, &["--public-url", "https://sso.example.com"]);
    // As long as what is read at most: what is not read when it closes would take the answer along.
    let long = format!("{:a<32768}", "GET /api/users?search=");
    let post = "POST /auth/password HTTP/1.1\r\nhost: x\r\ntransfer-encoding: ";
    let end = "\r\n\r\n0\r\n\r\n";
    for (what, bytes, status) in [
        ("no host", "GET / HTTP/1.1\r\n\r\n".to_owned(), 400),
        (
            "two hosts",
            "GET / HTTP/1.1\r\nhost: x\r\nhost: x\r\n\r\n".into(),
            400,
        ),
        ("chunked twice", format!("{post}chunked, chunked{end}"), 400),
        ("gzip first", format!("{post}gzip, chunked{end}"), 400),
        (
            "a length too",
            format!("{post}chunked\r\ncontent-length: 5{end}"),
            400,
        ),
        ("no request", "\x16\x03\x01\x02\r\n\r\n".into(), 400),
        ("a long head", long, 431),
    ] {
        let answer = wire::send(server.port, bytes.as_bytes());
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        for (name, value) in HEADERS {
            assert_eq!(answer.header(name), value, "{what}: {name}");
        }
        assert!(!answer.header("permissions-policy").is_empty(), "{what}");
    }
    let answer = wire::send(server.port, b"GET /healthz HTTP/1.0\r\n\r\n");
    assert_eq!(answer.status, 200, "{answer:?}");
}

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
    let origin = format!("origin: http://localhost:{}\r\n", server.port);
    let broken = format!(
        "POST /auth/password HTTP/1.1\r\nhost: x\r\n{origin}content-type: application/x-www-form-urlencoded\r\n\
         transfer-encoding: chunked\r\n\r\nzz\r\n"
    );
    for (what, bytes, status) in [
        ("no request", &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..], 400),
        ("a long address", long.as_bytes(), 431),
        ("many headers", many.as_bytes(), 431),
        ("two lengths", b"POST /auth/password HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx", 400),
        ("a length and pieces", b"POST /auth/password HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked, x\r\n\r\n0\r\n\r\n", 400),
        ("a broken piece", broken.as_bytes(), 400),
        ("a folded header", b"GET / HTTP/1.1\r\nhost: x\r\na: b\r\n c: d\r\nconnection: close\r\n\r\n", 400),
        ("a bare carriage return", b"GET / HTTP/1.1\r\nhost: x\r\na: b\rc: d\r\nconnection: close\r\n\r\n", 400),
    ] {
        let answer = wire::send(server.port, bytes);
        assert!(is_refused(&answer, status), "{what}: {answer:?}");
        assert_eq!(wire::get(server.port, "/healthz", "").status, 200, "after {what}");
    }
}

/// Whether an answer says so. A connection that closes without a word refuses nothing: the server may have died.
fn is_refused(answer: &wire::Answer, status: u16) -> bool {
    answer.status == status && answer.head.starts_with(&format!("HTTP/1.1 {status} "))
}

#[test]
fn closed_connection_without_an_answer_is_no_refusal() {
    for said in [
        "",
        "\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 403 Forbidden\r\n\r\n",
    ] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("an address").port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("somebody connects");
            let mut request = [0; 3];
            std::io::Read::read_exact(&mut stream, &mut request).expect("a request");
            std::io::Write::write_all(&mut stream, said.as_bytes()).expect("an answer");
        });
        let answer = wire::send(port, b"???");
        server.join().expect("it ends");
        assert!(!is_refused(&answer, 400), "{said:?}: {answer:?}");
    }
}
