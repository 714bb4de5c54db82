//! The listener: HTTP/1.1 with bounds on time and size, and an end that loses no request.

mod patient;

use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use http_body_util::BodyExt as _;
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{net::TcpListener, sync::watch};
use tower::ServiceExt as _;

use patient::Patient;

/// A request's head has to arrive within this time.
const HEAD: Duration = Duration::from_secs(10);
/// A whole request has to be answered within this time, and that which a large body takes on a slow line.
const REQUEST: Duration = Duration::from_secs(30);
/// The slowest line on which a body is waited for, in bytes a millisecond: half a megabit a second.
const PACE: u64 = 64;
/// Whoever takes nothing of an answer for so long gives their place up.
const STALLED: Duration = Duration::from_secs(30);
/// What is under way at the end may take so long.
const GRACE: Duration = Duration::from_secs(10);
/// The largest head, in bytes (hyper wants 8 KiB at least).
const HEAD_MAX: usize = 32 * 1024;
/// Connections at once; more wait in the kernel's queue.
const CONNECTIONS: usize = 4096;

/// Serves until `stop` says so, then lets what is under way finish.
pub async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let slots = Arc::new(tokio::sync::Semaphore::new(CONNECTIONS));
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else {
            break;
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
        };
        match accepted {
            Ok((stream, peer)) => {
                // A small answer goes out at once instead of waiting for more.
                let _ = stream.set_nodelay(true);
                let (router, stop) = (router.clone(), stop.clone());
                connections.spawn(async move {
                    one(
                        TokioIo::new(Patient::new(stream, STALLED)),
                        peer,
                        router,
                        stop,
                    )
                    .await;
                    drop(slot);
                });
            }
            Err(error) => {
                // Out of file descriptors, most likely: others have to end first.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    let finished = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, finished).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
}

async fn one(
    io: TokioIo<Patient<tokio::net::TcpStream>>,
    peer: SocketAddr,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let router = router.clone();
        async move {
            let received = Arc::new(AtomicU64::new(0));
            let count = received.clone();
            let mut request = request.map(|body| {
                Body::new(body.map_frame(move |frame| {
                    let bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
                    count.fetch_add(bytes, Ordering::Relaxed);
                    frame
                }))
            });
            request.extensions_mut().insert(ConnectInfo(peer));
            Ok::<_, Infallible>(match in_time(router.oneshot(request), &received).await {
                Some(Ok(response)) => response,
                Some(Err(never)) => match never {},
                None => too_slow(),
            })
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_MAX)
        .serve_connection(io, service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.as_mut().await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// The answer, or none: each byte that came adds to the time, so that a large file may come by a slow line, and whoever
/// sends a drop now and then gains nothing.
async fn in_time<T>(answer: impl Future<Output = T>, received: &AtomicU64) -> Option<T> {
    let mut answer = pin!(answer);
    let mut waited = Duration::ZERO;
    loop {
        let bytes = received.load(Ordering::Relaxed);
        let allowed = REQUEST + Duration::from_millis(bytes / PACE);
        let left = allowed.saturating_sub(waited);
        if left.is_zero() {
            return None;
        }
        if let Ok(answer) = tokio::time::timeout(left, answer.as_mut()).await {
            return Some(answer);
        }
        waited = allowed;
    }
}

fn too_slow() -> axum::response::Response {
    let mut response = axum::response::Response::new(Body::empty());
    *response.status_mut() = axum::http::StatusCode::SERVICE_UNAVAILABLE;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let answered = in_time(answer, &received).await.is_some();
        (answered, begun.elapsed().as_secs())
    }

    /// A megabyte of search text comes no further than here, and whoever sends it hears why.
    #[tokio::test]
    async fn an_address_that_is_too_long_is_told_so() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(serve(listener, Router::new(), stopped));
        let mut stream = tokio::net::TcpStream::connect(address)
            .await
            .expect("connected");
        // What is not read when it closes would take the answer along: no more than it reads.
        let head = format!("{:a<HEAD_MAX$}", "GET /api/users?search=");
        stream.write_all(head.as_bytes()).await.expect("sent");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.expect("an answer");
        assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 431");
        drop(stream);
        stop.send(true).expect("it runs");
        serving.await.expect("it ended");
    }

    #[tokio::test(start_paused = true)]
    async fn a_large_body_may_come_by_a_slow_line() {
        // 32 MiB at 100 kB a second: five minutes and more.
        assert_eq!(given_up_after(335, 100_000).await, (true, 335));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_sends_drops_gains_nothing() {
        let (answered, seconds) = given_up_after(10_000, 100).await;
        assert!(!answered && seconds == 30, "{seconds} s");
        // Half of the slowest line: half a minute more for each half minute, and it is over.
        let (answered, seconds) = given_up_after(10_000, 32_000).await;
        assert!(!answered && (55..=62).contains(&seconds), "{seconds} s");
    }
}
