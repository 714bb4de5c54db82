//! Servers that prove who they are, and servers that do not.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use rustls::{
    ServerConfig, ServerConnection,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};

use super::{
    certificate::{Holder, UNTIL, UNTIL_2021, pem},
    *,
};

/// Serves one connection with this certificate.
fn serve(holder: &Holder, certificate: Vec<u8>) -> SocketAddr {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(holder.private_key()));
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], key)
        .expect("a configuration");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    std::thread::spawn(move || {
        let (mut tcp, _) = listener.accept().expect("a caller");
        let mut tls = ServerConnection::new(Arc::new(config)).expect("a connection");
        let mut stream = rustls::Stream::new(&mut tls, &mut tcp);
        // A caller who does not trust us says so here.
        if stream.read(&mut [0; 4096]).is_ok() {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            let _ = stream.read(&mut [0; 1]);
        }
    });
    address
}

async fn asked(host: &str, address: SocketAddr, root: &[u8]) -> Result<u16, NoReply> {
    let outbound = Outbound::new(OutboundSettings {
        loopback: Loopback::Allowed,
        extra_roots: vec![pem(root)],
        ..OutboundSettings::default()
    });
    let url = Url::parse(&format!("https://{host}:{}/", address.port())).expect("a URL");
    outbound.get(&url).await.map(|reply| reply.status)
}

#[tokio::test]
async fn a_server_is_believed_by_a_valid_certificate_for_its_name() {
    let (authority, server) = (Holder::new("Practice CA"), Holder::new("server"));
    let root = authority.authority();
    let certificate = authority.certifies(&server, "id.localhost", UNTIL);
    let address = serve(&server, certificate);
    assert_eq!(asked("id.localhost", address, &root).await, Ok(200));
}

#[tokio::test]
async fn a_server_without_one_is_unreachable() {
    let (authority, other) = (Holder::new("Practice CA"), Holder::new("Practice CA"));
    let server = Holder::new("server");
    let root = authority.authority();
    for (what, certificate, why) in [
        (
            "expired",
            authority.certifies(&server, "id.localhost", UNTIL_2021),
            "expired",
        ),
        (
            "another name",
            authority.certifies(&server, "other.localhost", UNTIL),
            "not valid for name",
        ),
        (
            "another authority of the same name",
            other.certifies(&server, "id.localhost", UNTIL),
            "BadSignature",
        ),
        (
            "signed by itself",
            server.certifies(&server, "id.localhost", UNTIL),
            "UnknownIssuer",
        ),
    ] {
        let address = serve(&server, certificate);
        match asked("id.localhost", address, &root).await {
            Err(NoReply::Unreachable { why: said, how }) => {
                assert_eq!(how, Silence::Certificate, "{said}");
                assert!(said.contains(why), "{what}: {said}");
            }
            reply => panic!("{what}: {reply:?}"),
        }
    }
}
