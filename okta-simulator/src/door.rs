//! Where connections come in: plain HTTP, and, while the custom domain's certificate has run out, the TLS handshake that
//! nobody believes. It must not know what is asked.

use std::io;
use std::net::{SocketAddr, TcpStream as StdStream};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::serve::Listener;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::engine::Engine;
use crate::keys;

/// The first byte of a TLS connection (RFC 8446 §5.1: handshake).
const HANDSHAKE: u8 = 22;

/// A caller who says nothing is not waited for any longer.
const PATIENCE: Duration = Duration::from_secs(2);

static EXPIRED: LazyLock<Arc<ServerConfig>> = LazyLock::new(|| {
    let (certificate, key) = keys::expired();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key));
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .expect("the versions that there are")
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], key)
        .expect("the embedded certificate and its key");
    Arc::new(config)
});

/// A listener that hands on what speaks HTTP.
pub(crate) struct Door {
    entered: mpsc::Receiver<(TcpStream, SocketAddr)>,
    address: SocketAddr,
}

impl Door {
    pub(crate) fn open(listener: TcpListener, engine: Arc<Engine>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (enter, entered) = mpsc::channel(64);
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    () = enter.closed() => return,
                    accepted = listener.accept() => accepted,
                };
                // As axum's own listener: what cannot be accepted is the caller's trouble.
                if let Ok((stream, from)) = accepted {
                    let (engine, enter) = (Arc::clone(&engine), enter.clone());
                    tokio::spawn(async move {
                        if !is_turned_away(&engine, &stream).await {
                            let _gone = enter.send((stream, from)).await;
                        } else if let Ok(stream) = stream.into_std() {
                            let _ended =
                                tokio::task::spawn_blocking(move || shake_hands(stream)).await;
                        }
                    });
                }
            }
        });
        Ok(Self { entered, address })
    }
}

impl Listener for Door {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        match self.entered.recv().await {
            Some(entered) => entered,
            // Nobody will come any more: the task that waits here is about to be ended.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

async fn is_turned_away(engine: &Engine, stream: &TcpStream) -> bool {
    if !engine.world().habits.certificate_expired {
        return false;
    }
    let mut first = [0];
    let peeked = tokio::time::timeout(PATIENCE, stream.peek(&mut first)).await;
    matches!(peeked, Ok(Ok(1))) && first[0] == HANDSHAKE
}

/// Shows the certificate. A caller who looks at it goes away.
fn shake_hands(mut stream: StdStream) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut tls = ServerConnection::new(Arc::clone(&EXPIRED)).map_err(io::Error::other)?;
    tls.complete_io(&mut stream)?;
    Ok(())
}
