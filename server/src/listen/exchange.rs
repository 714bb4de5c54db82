//! A request's body and an answer's, which note in the register how far the request is.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};

use super::register::{Entry, State};

/// The body that a client sends.
pub(super) struct Received {
    body: Incoming,
    entry: Arc<Entry>,
    /// How many bytes of it came.
    bytes: Arc<AtomicU64>,
}

impl Received {
    pub(super) fn new(body: Incoming, entry: Arc<Entry>, bytes: Arc<AtomicU64>) -> Self {
        entry.enter(if body.is_end_stream() {
            State::Working
        } else {
            State::Body
        });
        Self { body, entry, bytes }
    }

    fn is_over(&self) {
        if self.entry.state() == State::Body {
            self.entry.enter(State::Working);
        }
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        self.is_over();
    }
}

impl HttpBody for Received {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let poll = Pin::new(&mut self.body).poll_frame(context);
        match &poll {
            Poll::Ready(Some(Ok(frame))) => {
                let bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
                self.bytes.fetch_add(bytes, Ordering::Relaxed);
                if self.body.is_end_stream() {
                    self.is_over();
                }
            }
            Poll::Ready(Some(Err(_)) | None) => self.is_over(),
            Poll::Pending => (),
        }
        poll
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer.
pub(super) struct Sent {
    body: Body,
    entry: Arc<Entry>,
}

impl Sent {
    pub(super) fn new(body: Body, entry: Arc<Entry>) -> Self {
        entry.answering.store(true, Ordering::Release);
        entry.enter(State::Sending);
        Self { body, entry }
    }
}

/// The library has taken all of it; what it has not written yet, it writes before anything else.
impl Drop for Sent {
    fn drop(&mut self) {
        self.entry.answering.store(true, Ordering::Release);
        self.entry.enter(State::Idle);
    }
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
