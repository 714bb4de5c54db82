//! Asks a running server whether it is ready: for containers and service managers.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use clap::Args;

const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Address and port of the server.
    #[arg(long, env = "SSO_CONSOLE_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

/// `sso-console healthcheck`.
pub(super) fn run(options: &Options) -> Result<(), String> {
    let mut address = options.listen;
    if address.ip().is_unspecified() {
        address.set_ip([127, 0, 0, 1].into());
    }
    let status = ask(address).map_err(|error| format!("{address} does not answer: {error}"))?;
    if status.starts_with("HTTP/1.1 200") {
        super::say("ready");
        Ok(())
    } else {
        Err(format!("{address} is not ready: {status}"))
    }
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 64];
    let length = stream.read(&mut head)?;
    let text = String::from_utf8_lossy(&head[..length]);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
