//! The listener: HTTP/1.1 with limits of time, size and number, and an end that loses no request.

mod answer;
mod exchange;
mod head;
mod patient;
mod register;
mod wire;

use std::{
    convert::Infallible,
    future::poll_fn,
    net::{IpAddr, SocketAddr},
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo, http::StatusCode};
use hyper::{Request, Response, body::Incoming, server::conn::http1};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::watch,
};
use tower::ServiceExt as _;

use crate::app::Settings;
use exchange::{Received, Sent};
use patient::Patient;
use register::{Admission, Entry, Place, Register, State};
use wire::Wire;

pub use register::Limits;

/// A request's head has to arrive within this time, and the next one on the same connection.
const HEAD: Duration = Duration::from_secs(10);
/// A body has to arrive within this time, and that which a large one takes on a slow line.
const BODY: Duration = Duration::from_secs(10);
/// A whole request has to be answered within this time, and that which a large body takes on a slow line.
const REQUEST: Duration = Duration::from_secs(30);
/// The slowest line on which a body is waited for, in bytes a millisecond: half a megabit a second.
const PACE: u64 = 64;
/// A client that takes nothing of an answer for so long loses its place.
const STALLED: Duration = Duration::from_secs(30);
/// What is under way at the end may take so long.
const GRACE: Duration = Duration::from_secs(10);
/// A connection that is given up for another has so long for its last answer.
const LAST_ANSWER: Duration = Duration::from_secs(1);
/// The largest head, in bytes (hyper wants 8 KiB at least).
const HEAD_MAX: usize = 32 * 1024;

/// New connections that the kernel keeps until they are accepted: a flood must not fill its queue.
const QUEUE: u32 = 4096;

/// Listens on an address. To be called inside a runtime.
pub fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A server that starts again takes its port back at once. Elsewhere it would let two programs share one.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
}

/// What a listener goes by.
#[derive(Clone)]
pub struct Rules {
    /// Whether a peer is a trusted proxy, behind which everyone has one address.
    pub is_proxy: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
    /// Whether browsers come over https.
    pub https: bool,
    pub limits: Limits,
}

impl Rules {
    /// As the deployment is set up.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let proxies = settings.trusted_proxies.clone();
        Self {
            is_proxy: Arc::new(move |peer| proxies.contains(&peer)),
            https: settings.is_https(),
            limits: Limits::default(),
        }
    }
}

/// What every connection of a listener has.
#[derive(Clone)]
struct Shared {
    router: Router,
    https: bool,
    /// The headers of every answer, as lines.
    lines: Arc<str>,
}

/// Serves until `stop` says so, then lets what is under way finish.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    rules: Rules,
    mut stop: watch::Receiver<bool>,
) {
    let register = Register::new(rules.limits);
    let shared = Shared {
        router,
        https: rules.https,
        lines: answer::lines(rules.https).into(),
    };
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
        };
        match accepted {
            Ok((stream, peer)) => {
                let client = peer.ip().to_canonical();
                let client = (!(rules.is_proxy)(client)).then_some(client);
                let place = tokio::select! {
                    place = admitted(&register, client) => place,
                    _ = stop.changed() => break,
                };
                let Some(place) = place else {
                    refuse(&stream, &shared.lines);
                    continue;
                };
                // A small answer goes out at once instead of waiting for more.
                let _ = stream.set_nodelay(true);
                connections.spawn(one(stream, peer, place, shared.clone(), stop.clone()));
            }
            Err(error) => {
                // Out of file descriptors, most likely: others have to end first.
                tracing::warn!(%error, "a connection could not be accepted");
                register.make_room();
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

/// A place for a new connection, as soon as there is one; None where this client has more than enough.
async fn admitted(register: &Arc<Register>, client: Option<IpAddr>) -> Option<Place> {
    loop {
        match register.admit(client) {
            Admission::Admitted(place) => return Some(place),
            Admission::Refused => return None,
            Admission::Full => register.ended.notified().await,
        }
    }
}

/// Says so if the socket takes it at once, and waits for nothing.
fn refuse(stream: &TcpStream, lines: &str) {
    let bytes = answer::bytes(StatusCode::SERVICE_UNAVAILABLE, lines);
    let _ = stream.try_write(&bytes);
}

async fn one(
    stream: TcpStream,
    peer: SocketAddr,
    place: Place,
    shared: Shared,
    mut stop: watch::Receiver<bool>,
) {
    let entry = place.0.clone();
    let stream = Patient::new(stream, STALLED);
    let io = TokioIo::new(Wire::new(stream, entry.clone(), shared.lines.clone()));
    let (router, https, of_request) = (shared.router, shared.https, entry.clone());
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let (router, entry) = (router.clone(), of_request.clone());
        async move {
            let answer = answered(router, peer, https, &entry, request).await;
            Ok::<_, Infallible>(answer.map(|body| Sent::new(body, entry)))
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_MAX)
        .serve_connection(io, service);
    let mut last = pin!(tokio::time::sleep(LAST_ANSWER));
    let (mut stopping, mut ending) = (false, false);
    let ended = loop {
        tokio::select! {
            ended = &mut connection => break Some(ended),
            _ = stop.changed(), if !stopping => stopping = true,
            () = entry.failed(), if !ending => {
                if entry.state() == State::Head {
                    break None;
                }
                ending = true;
                last.as_mut().reset(tokio::time::Instant::now() + LAST_ANSWER);
            }
            () = last.as_mut(), if ending => return,
        }
        Pin::new(&mut connection).graceful_shutdown();
    };
    let was_slow = match ended {
        Some(Ok(())) => return,
        Some(Err(error)) => {
            tracing::debug!(%error, "a connection ended early");
            error.is_timeout()
        }
        None => true,
    };
    let mut wire = connection.into_parts().io.into_inner();
    if entry.state() == State::Head && (was_slow || wire.is_too_slow()) {
        let bytes = answer::bytes(StatusCode::REQUEST_TIMEOUT, &shared.lines);
        let _ = tokio::time::timeout(LAST_ANSWER, wire.end_with(&bytes)).await;
    }
}

/// The router's answer, or ours where the request is none or takes too long.
async fn answered(
    router: Router,
    peer: SocketAddr,
    https: bool,
    entry: &Arc<Entry>,
    request: Request<Incoming>,
) -> Response<Body> {
    let received = Arc::new(AtomicU64::new(0));
    let count = received.clone();
    let mut request = request.map(|body| Body::new(Received::new(body, entry.clone(), count)));
    let framed_twice = entry.framed_twice.swap(false, Ordering::Relaxed);
    if head::is_refused(request.version(), request.headers(), framed_twice) {
        return answer::response(StatusCode::BAD_REQUEST, https);
    }
    request.extensions_mut().insert(ConnectInfo(peer));
    let waits = || entry.state() == State::Body;
    match in_time(router.oneshot(request), &received, waits, || {
        entry.is_given_up()
    })
    .await
    {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        Err(Late::Body) => answer::response(StatusCode::REQUEST_TIMEOUT, https),
        Err(Late::Answer) => answer::response(StatusCode::SERVICE_UNAVAILABLE, https),
    }
}

/// What took too long.
#[derive(Debug, PartialEq, Eq)]
enum Late {
    Body,
    Answer,
}

/// The answer in time: each byte that came adds to the time, so that a large file may come by a slow line, and a client
/// that sends a drop now and then gains nothing. `waits`: whether more of the body is to come. `failed`: whether the
/// connection has to end for another; who says so wakes the task.
async fn in_time<T>(
    answer: impl Future<Output = T>,
    received: &AtomicU64,
    waits: impl Fn() -> bool,
    failed: impl Fn() -> bool,
) -> Result<T, Late> {
    let mut answer = pin!(answer);
    let mut failed = pin!(poll_fn(|_| if waits() && failed() {
        Poll::Ready(())
    } else {
        Poll::Pending
    }));
    let mut waited = Duration::ZERO;
    loop {
        let for_bytes = Duration::from_millis(received.load(Ordering::Relaxed) / PACE);
        let (least, late) = if waits() {
            (BODY, Late::Body)
        } else {
            (REQUEST, Late::Answer)
        };
        let allowed = least + for_bytes;
        let left = allowed.saturating_sub(waited);
        if left.is_zero() {
            return Err(late);
        }
        tokio::select! {
            biased;
            answer = answer.as_mut() => return Ok(answer),
            () = failed.as_mut() => return Err(Late::Body),
            () = tokio::time::sleep(left) => waited = allowed,
        }
    }
}

#[cfg(test)]
mod tests;
