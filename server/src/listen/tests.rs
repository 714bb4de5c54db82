//! The listener over sockets: what it answers by itself, and who gives way to whom.

use std::net::Ipv4Addr;

use axum::routing::any;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpSocket,
    task::JoinHandle,
};

use super::*;

const SLOW_BODY: &str = "POST /read HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nx";

/// A listener with two routes: one answers at once, one when it has the whole body.
struct Rig {
    port: u16,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Rig {
    async fn new(limits: Limits, proxy: Option<Ipv4Addr>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let router = Router::new()
            .route("/", any(|| async { "here" }))
            .route("/read", any(|body: axum::body::Bytes| async move { body }));
        let rules = Rules {
            is_proxy: Arc::new(move |peer| proxy.is_some_and(|it| peer == it)),
            https: true,
            limits,
        };
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(serve(listener, router, rules, stopped));
        Self {
            port,
            stop,
            serving,
        }
    }

    /// A connection from this address of the machine, 127.0.0.`last`.
    async fn connect(&self, last: u8) -> TcpStream {
        let socket = TcpSocket::new_v4().expect("a socket");
        let from = SocketAddr::from(([127, 0, 0, last], 0));
        socket.bind(from).expect("an address of this machine");
        let to = SocketAddr::from(([127, 0, 0, 1], self.port));
        socket.connect(to).await.expect("connected")
    }

    async fn sent(&self, last: u8, bytes: &str) -> TcpStream {
        let mut stream = self.connect(last).await;
        stream.write_all(bytes.as_bytes()).await.expect("sent");
        stream
    }

    async fn end(self) {
        self.stop.send(true).expect("it runs");
        self.serving.await.expect("it ended");
    }
}

/// All that comes until the other side closes.
async fn answer(mut stream: TcpStream) -> String {
    let mut all = Vec::new();
    // A connection that is cut after its answer has given it all the same.
    drop(stream.read_to_end(&mut all).await);
    String::from_utf8_lossy(&all).into_owned()
}

/// The head of one answer; the connection stays.
async fn head(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    while !all.ends_with(b"\r\n\r\n") {
        let byte = stream.read_u8().await.expect("a byte of a head");
        all.push(byte);
    }
    String::from_utf8_lossy(&all).into_owned()
}

fn expect_refusal(what: &str, answer: &str, status: u16) {
    let start = format!("HTTP/1.1 {status} ");
    assert!(answer.starts_with(&start), "{what}: {answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{what}: {answer}");
    for line in answer::lines(true).lines() {
        let times = answer.lines().filter(|it| *it == line).count();
        assert_eq!(times, 1, "{what} has {line:?} {times} times: {answer}");
    }
    assert!(answer.contains("strict-transport-security"), "{answer}");
    assert!(
        answer.to_lowercase().contains("connection: close"),
        "{what}: {answer}"
    );
}

#[tokio::test]
async fn unreadable_request_gets_a_refusal_with_headers() {
    let rig = Rig::new(Limits::default(), None).await;
    // What is not read when it closes would take the answer along: no more than it reads.
    let long = format!("{:a<HEAD_MAX$}", "GET /api/users?search=");
    let chunked = "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: ";
    let with = |coding: &str| format!("{chunked}{coding}\r\n\r\n");
    for (what, request, status) in [
        ("no request", "\x16\x03\x01\x02\r\n\r\n".to_owned(), 400),
        ("a long head", long, 431),
        ("no host", "GET / HTTP/1.1\r\n\r\n".into(), 400),
        (
            "two hosts",
            "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n".into(),
            400,
        ),
        (
            "no valid host",
            "GET / HTTP/1.1\r\nhost: a b\r\n\r\n".into(),
            400,
        ),
        ("chunked twice", with("chunked, chunked"), 400),
        ("another coding", with("gzip, chunked"), 400),
        (
            "two lines of codings",
            with("chunked\r\ntransfer-encoding: chunked"),
            400,
        ),
        ("a coding without chunked", with("gzip"), 400),
        (
            "a coding, then a length",
            with("chunked\r\ncontent-length: 5"),
            400,
        ),
        (
            "a length, then a coding",
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n"
                .into(),
            400,
        ),
        (
            "two lengths",
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx".into(),
            400,
        ),
    ] {
        expect_refusal(what, &answer(rig.sent(1, &request).await).await, status);
    }
    for request in [
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a:8080\r\nconnection: close\r\n\r\n",
        "POST /read HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhere\r\n0\r\n\r\n",
        // A body that looks like a head is none.
        "POST /read HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n\
         1c\r\ncontent-length: 5\r\nhere here\r\n0\r\n\r\n",
    ] {
        let answer = answer(rig.sent(1, request).await).await;
        assert!(answer.contains(" 200 OK"), "{request}: {answer}");
        assert!(answer.contains("here"), "{request}: {answer}");
    }
    rig.end().await;
}

#[tokio::test]
async fn refusal_after_an_answer_has_headers_too() {
    let rig = Rig::new(Limits::default(), None).await;
    let mut stream = rig.sent(1, "HEAD / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(head(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
    stream.write_all(b"no request\r\n\r\n").await.expect("sent");
    expect_refusal("the second", &answer(stream).await, 400);
    rig.end().await;
}

#[tokio::test]
async fn client_past_its_limits_loses_its_oldest_connection_with_a_reason() {
    let limits = Limits {
        heads: 1,
        bodies: 1,
        ..Limits::default()
    };
    let rig = Rig::new(limits, None).await;
    for (what, request) in [("a head", "GET / HTTP/1.1\r\nho"), ("a body", SLOW_BODY)] {
        let first = rig.sent(1, request).await;
        let second = rig.sent(1, request).await;
        expect_refusal(what, &answer(first).await, 408);
        drop(second);
    }
    rig.end().await;
    // An idle one is closed without a word, which its client takes for what it is.
    let limits = Limits {
        idle: 1,
        ..Limits::default()
    };
    let rig = Rig::new(limits, None).await;
    let mut first = rig.sent(1, "HEAD / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    head(&mut first).await;
    let _second = rig.connect(1).await;
    assert_eq!(answer(first).await, "");
    rig.end().await;
}

#[tokio::test]
async fn slow_bodies_of_one_address_leave_others_and_the_address_itself_served() {
    let limits = Limits {
        all: 12,
        of_client: 8,
        idle: 4,
        heads: 4,
        bodies: 4,
    };
    let rig = Rig::new(limits, None).await;
    let mut hostile = Vec::new();
    for _ in 0..60 {
        hostile.push(rig.sent(2, SLOW_BODY).await);
        hostile.push(rig.sent(3, SLOW_BODY).await);
    }
    let request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    for last in [1, 2, 3, 1, 2, 3] {
        let answer = answer(rig.sent(last, request).await).await;
        assert!(answer.ends_with("here"), "127.0.0.{last}: {answer}");
    }
    drop(hostile);
    rig.end().await;
}

#[tokio::test]
async fn trusted_proxy_keeps_more_connections_than_a_client_may() {
    let limits = Limits {
        of_client: 2,
        idle: 2,
        heads: 2,
        bodies: 2,
        ..Limits::default()
    };
    let rig = Rig::new(limits, Some(Ipv4Addr::new(127, 0, 0, 9))).await;
    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(rig.sent(9, SLOW_BODY).await);
    }
    for mut stream in open {
        stream.write_all(&[b'x'; 99]).await.expect("sent");
        let head = head(&mut stream).await;
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    }
    rig.end().await;
}

/// Seconds until a request is answered or given up whose body comes in `parts` of so many bytes, one a second.
async fn given_up_after(parts: u64, bytes: u64) -> (bool, u64) {
    let received = AtomicU64::new(0);
    let begun = tokio::time::Instant::now();
    let answer = async {
        for _ in 0..parts {
            tokio::time::sleep(Duration::from_secs(1)).await;
            received.fetch_add(bytes, Ordering::Relaxed);
        }
    };
    let answered = in_time(answer, &received, || true, || false).await;
    if let Err(late) = &answered {
        assert_eq!(*late, Late::Body);
    }
    (answered.is_ok(), begun.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn large_body_may_come_by_a_slow_line() {
    // 32 MiB at 100 kB a second: five minutes and more.
    assert_eq!(given_up_after(335, 100_000).await, (true, 335));
}

#[tokio::test(start_paused = true)]
async fn body_that_comes_in_drops_is_given_up() {
    let (answered, seconds) = given_up_after(10_000, 100).await;
    assert!(!answered && seconds == 10, "{seconds} s");
    // Half of the slowest line: half of the time more for each time, and it is over.
    let (answered, seconds) = given_up_after(10_000, 32_000).await;
    assert!(!answered && (18..=22).contains(&seconds), "{seconds} s");
}

#[tokio::test(start_paused = true)]
async fn answer_that_takes_too_long_is_given_up() {
    let begun = tokio::time::Instant::now();
    let late = in_time(
        std::future::pending::<()>(),
        &AtomicU64::new(0),
        || false,
        || false,
    )
    .await;
    assert_eq!((late, begun.elapsed().as_secs()), (Err(Late::Answer), 30));
}

/// Seconds until a head is given up that comes in drops of so many bytes, one a second, or whether it never is in `most`
/// seconds.
async fn head_given_up_after(bytes: usize, most: u64) -> Option<u64> {
    let (ours, mut theirs) = tokio::io::duplex(1024);
    let Admission::Admitted(place) = Register::new(Limits::default()).admit(None) else {
        panic!("the register is empty");
    };
    let patient = Patient::new(ours, STALLED);
    let mut wire = Wire::new(patient, place.0.clone(), "".into());
    let begun = tokio::time::Instant::now();
    let client = tokio::spawn(async move {
        for _ in 0..most {
            theirs.write_all(&vec![b'a'; bytes]).await.expect("taken");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    let mut all = Vec::new();
    let ended = wire.read_to_end(&mut all).await;
    client.abort();
    assert_eq!(ended.is_err(), wire.is_too_slow());
    ended.is_err().then(|| begun.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn head_that_comes_in_drops_is_given_up() {
    assert_eq!(head_given_up_after(1, 9).await, Some(3));
    assert_eq!(head_given_up_after(500, 9).await, Some(6));
    assert_eq!(head_given_up_after(1000, 9).await, None);
}
