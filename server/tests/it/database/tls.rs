//! A PostgreSQL that speaks TLS, with a certificate of an authority of its own: in front of the one of the tests.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    time::Duration,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use server::db::{Db, Location};

#[path = "../../../src/oidc/outbound/tests/certificate.rs"]
mod certificate;

use super::{Folder, refusal};
use crate::desk::{Engine, new_database};
use certificate::{Holder, UNTIL, UNTIL_2021, pem};

/// SSLRequest (PostgreSQL, "Message Formats"): length 8, code 80877103.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// A front that speaks TLS with this certificate, or says that it has none.
fn front(behind: SocketAddr, tls: Option<(&Holder, Vec<u8>)>) -> u16 {
    let config = tls.map(|(holder, certificate)| {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(holder.private_key()));
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let config = ServerConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(certificate)], key)
            .expect("a configuration");
        Arc::new(config)
    });
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (client, config) = (client.expect("a client"), config.clone());
            std::thread::spawn(move || relay(client, behind, config));
        }
    });
    port
}

/// One connection, to its end.
fn relay(mut client: TcpStream, behind: SocketAddr, config: Option<Arc<ServerConfig>>) {
    let mut request = [0; SSL_REQUEST.len()];
    client.read_exact(&mut request).expect("the first message");
    assert_eq!(request, SSL_REQUEST, "it went on without TLS");
    let Some(config) = config else {
        client.write_all(b"N").expect("sent");
        return;
    };
    client.write_all(b"S").expect("sent");
    let server = TcpStream::connect(behind).expect("the PostgreSQL of the tests");
    let turn = Some(Duration::from_millis(1));
    client.set_read_timeout(turn).expect("a timeout");
    server.set_read_timeout(turn).expect("a timeout");
    let tls = ServerConnection::new(config).expect("a connection");
    let (mut client, mut server) = (StreamOwned::new(tls, client), server);
    while carry(&mut client, &mut server) && carry(&mut server, &mut client) {}
}

/// Hands on what came; false at the end of either side.
fn carry(from: &mut impl Read, to: &mut impl Write) -> bool {
    let mut part = [0; 4096];
    match from.read(&mut part) {
        Ok(0) => false,
        Ok(length) => to
            .write_all(&part[..length])
            .and_then(|()| to.flush())
            .is_ok(),
        Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

/// A new database's URL by way of this port, and what keeps the database.
struct Place {
    url: String,
    behind: SocketAddr,
    _kept: crate::desk::DatabasePlace,
}

impl Place {
    fn new() -> Self {
        let (Location::Postgres(url), kept) = new_database(Engine::Postgres) else {
            panic!("a PostgreSQL was asked for");
        };
        let parsed = url::Url::parse(&url).expect("a URL");
        let behind = parsed.socket_addrs(|| Some(5432)).expect("an address")[0];
        Self {
            url,
            behind,
            _kept: kept,
        }
    }

    fn by(&self, port: u16, query: &str) -> Location {
        let mut url = url::Url::parse(&self.url).expect("a URL");
        url.set_host(Some("localhost")).expect("a host");
        url.set_port(Some(port)).expect("a port");
        url.set_query(Some(query));
        Location::Postgres(url.into())
    }
}

#[tokio::test]
async fn postgres_with_a_certificate_of_the_named_authority_is_used() {
    let (folder, place) = (Folder::new(), Place::new());
    let (authority, server) = (Holder::new("An authority"), Holder::new("A database"));
    let file = folder.file("our authority.pem");
    std::fs::write(&file, pem(&authority.authority())).expect("written");
    let certificate = authority.certifies(&server, "localhost", UNTIL);
    let port = front(place.behind, Some((&server, certificate)));
    let file = file.display().to_string().replace(' ', "%20");
    for mode in ["verify-full", "require"] {
        let location = place.by(port, &format!("sslmode={mode}&sslrootcert={file}"));
        let db = tokio::task::spawn_blocking(move || Db::open(&location, 2))
            .await
            .expect("it opens")
            .expect(mode);
        let row = db.read(|tx| tx.row("select 1", &[]).map(drop)).await;
        row.expect("an answer");
    }
}

#[test]
fn postgres_whose_certificate_does_not_hold_is_refused_with_what_to_do() {
    let (folder, place) = (Folder::new(), Place::new());
    let (authority, server) = (Holder::new("An authority"), Holder::new("A database"));
    let other = Holder::new("Another authority");
    let file = folder.file("authority.pem");
    std::fs::write(&file, pem(&authority.authority())).expect("written");
    let named = format!("sslmode=verify-full&sslrootcert={}", file.display());
    let good = || authority.certifies(&server, "localhost", UNTIL);
    for (what, certificate, query) in [
        (
            "another authority",
            other.certifies(&server, "localhost", UNTIL),
            named.as_str(),
        ),
        (
            "another host",
            authority.certifies(&server, "db.example", UNTIL),
            &named,
        ),
        (
            "an old one",
            authority.certifies(&server, "localhost", UNTIL_2021),
            &named,
        ),
        (
            "an authority that is not named",
            good(),
            "sslmode=verify-full",
        ),
        ("the same with require", good(), "sslmode=require"),
    ] {
        let port = front(place.behind, Some((&server, certificate)));
        let why = refusal(&place.by(port, query));
        for word in [
            "cannot be used",
            "certificate",
            "sslrootcert=FILE",
            "sslmode=disable",
        ] {
            assert!(why.contains(word), "{what}: {why}");
        }
    }
    let why = refusal(&place.by(front(place.behind, None), &named));
    for word in ["does not support TLS", "sslmode=disable"] {
        assert!(why.contains(word), "{why}");
    }
}
