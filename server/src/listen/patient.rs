//! A connection whose other side may be slow to take what is sent, but does not hold its place for ever.
//!
//! It must not know what is sent.

use std::{
    future::Future as _,
    io::{Error, ErrorKind, IoSlice, Result},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

pub(super) struct Patient<S> {
    stream: S,
    patience: Duration,
    /// Runs while the other side takes nothing.
    until: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    /// Ends with an error once nothing of what waits was taken for as long as `patience`.
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self {
            stream,
            patience,
            until: None,
        }
    }

    fn unless_stalled<T>(
        &mut self,
        context: &mut Context<'_>,
        poll: Poll<Result<T>>,
    ) -> Poll<Result<T>> {
        if poll.is_ready() {
            self.until = None;
            return poll;
        }
        let patience = self.patience;
        let until = self.until.get_or_insert_with(|| Box::pin(sleep(patience)));
        until.as_mut().poll(context).map(|()| {
            let why = "the other side takes nothing";
            Err(Error::new(ErrorKind::TimedOut, why))
        })
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.unless_stalled(context, poll)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.unless_stalled(context, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        let poll = Pin::new(&mut self.stream).poll_flush(context);
        self.unless_stalled(context, poll)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    #[tokio::test]
    async fn who_takes_nothing_is_let_go() {
        let (ours, _theirs) = duplex(16);
        let mut patient = Patient::new(ours, Duration::from_millis(20));
        let error = patient.write_all(&[0; 64]).await.expect_err("stalled");
        assert_eq!(error.kind(), ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn who_takes_it_slowly_gets_it_all() {
        let (ours, mut theirs) = duplex(16);
        let patience = Duration::from_secs(1);
        let mut patient = Patient::new(ours, patience);
        let sent = tokio::spawn(async move { patient.write_all(&[7; 640]).await });
        let mut taken = Vec::new();
        for _ in 0..40 {
            let mut part = [0; 16];
            theirs.read_exact(&mut part).await.expect("a part");
            taken.extend(part);
            // In all of it longer than one part may take.
            sleep(patience / 25).await;
        }
        sent.await.expect("no panic").expect("all of it");
        assert_eq!(taken, [7; 640]);
    }
}
