//! A client's connection under the HTTP library: notes when a request begins to arrive, gives up on a head that comes
//! too slowly, and adds our headers to what the library answers by itself.

use std::{
    future::Future as _,
    io::{Error, ErrorKind, IoSlice, Result},
    pin::Pin,
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use super::{
    head::Scan,
    patient::Patient,
    register::{Entry, State},
};

/// So long a head may take however slowly it comes.
const HEAD_AT_LEAST: Duration = Duration::from_secs(3);
/// The slowest line on which a head is waited for longer, in bytes a millisecond: 8 kilobits a second.
const HEAD_PACE: u64 = 1;

pub(super) struct Wire<S> {
    stream: Patient<S>,
    entry: Arc<Entry>,
    /// What every answer has, as header lines.
    lines: Arc<str>,
    /// Of an answer of the library's: what the socket did not take yet.
    rest: Vec<u8>,
    head: Head,
}

/// The head that is arriving.
struct Head {
    scan: Scan,
    since: Instant,
    bytes: u64,
    until: Option<Pin<Box<Sleep>>>,
    is_too_slow: bool,
}

impl Head {
    fn new() -> Self {
        Self {
            scan: Scan::new(),
            since: Instant::now(),
            bytes: 0,
            until: None,
            is_too_slow: false,
        }
    }

    fn deadline(&self) -> Instant {
        self.since + HEAD_AT_LEAST + Duration::from_millis(self.bytes / HEAD_PACE)
    }
}

impl<S: AsyncWrite + AsyncRead + Unpin> Wire<S> {
    pub(super) fn new(stream: Patient<S>, entry: Arc<Entry>, lines: Arc<str>) -> Self {
        Self {
            stream,
            entry,
            lines,
            rest: Vec::new(),
            head: Head::new(),
        }
    }

    /// Whether a request's head came too slowly.
    pub(super) fn is_too_slow(&self) -> bool {
        self.head.is_too_slow
    }

    /// Sends the last bytes, and ends the connection.
    pub(super) async fn end_with(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes).await?;
        self.stream.shutdown().await
    }

    fn received(&mut self, bytes: &[u8]) {
        match self.entry.state() {
            State::Idle => {
                self.entry.framed_twice.store(false, Ordering::Relaxed);
                self.entry.enter(State::Head);
                self.head = Head::new();
            }
            State::Head => (),
            State::Body | State::Working | State::Sending => return,
        }
        self.head.bytes += bytes.len() as u64;
        if self.head.scan.read(bytes) {
            self.entry.framed_twice.store(true, Ordering::Relaxed);
        }
    }

    /// An error once the head that is arriving takes too long for what has come of it.
    fn unless_slow(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        if self.entry.state() != State::Head {
            self.head.until = None;
            return Poll::Pending;
        }
        loop {
            let deadline = self.head.deadline();
            let until = self
                .head
                .until
                .get_or_insert_with(|| Box::pin(sleep_until(deadline)));
            if until.deadline() != deadline {
                until.as_mut().reset(deadline);
            }
            if until.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            if Instant::now() >= self.head.deadline() {
                self.head.is_too_slow = true;
                let why = "a request's head comes too slowly";
                return Poll::Ready(Err(Error::new(ErrorKind::TimedOut, why)));
            }
        }
    }

    /// Whether what is written now is none of the router's answers, and so one of the library's: it could not read the
    /// head.
    fn is_the_librarys(&self) -> bool {
        matches!(self.entry.state(), State::Idle | State::Head)
            && !self.entry.answering.load(Ordering::Acquire)
    }

    /// Puts our header lines behind those of the library.
    fn keep(&mut self, parts: &[IoSlice<'_>]) -> usize {
        let mut all: Vec<u8> = parts.iter().flat_map(|part| part.iter().copied()).collect();
        let taken = all.len();
        if all.ends_with(b"\r\n\r\n") {
            all.truncate(taken - 2);
            all.extend_from_slice(self.lines.as_bytes());
            all.extend_from_slice(b"\r\n");
        }
        self.rest.extend(all);
        taken
    }

    fn send_rest(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        while !self.rest.is_empty() {
            match Pin::new(&mut self.stream).poll_write(context, &self.rest) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(taken)) => drop(self.rest.drain(..taken)),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let before = into.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, into) {
            Poll::Ready(Ok(())) => {
                let came = into.filled().get(before..).unwrap_or_default();
                if !came.is_empty() {
                    self.received(came);
                }
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => self.unless_slow(context),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        if self.is_the_librarys() {
            return Poll::Ready(Ok(self.keep(&[IoSlice::new(bytes)])));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        if self.is_the_librarys() {
            return Poll::Ready(Ok(self.keep(parts)));
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// The library asks for this when it has handed over all that it has.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.entry.answering.store(false, Ordering::Release);
        match self.send_rest(context) {
            Poll::Ready(Ok(())) => Pin::new(&mut self.stream).poll_flush(context),
            other => other,
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        match self.send_rest(context) {
            Poll::Ready(Ok(())) => Pin::new(&mut self.stream).poll_shutdown(context),
            other => other,
        }
    }
}
