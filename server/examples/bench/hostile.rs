//! A client that opens thousands of connections and finishes no request, and what others notice of it.
//!
//! It comes from an address of its own, and ends by itself: its connections and its time are counted.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    time::timeout_at,
};

use crate::client::Client;

/// Connections that are kept open or opened again.
pub(crate) const CONNECTIONS: usize = 6_000;
/// Another address of this machine than the one of everyone else here.
const FROM: [u8; 4] = [127, 0, 0, 2];
/// Between two bytes, and between the end of a connection and the next one.
const PAUSE: Duration = Duration::from_secs(2);
/// Until all of them are there.
const ARRIVAL: Duration = Duration::from_secs(2);
/// Between two honest requests.
const HONEST: Duration = Duration::from_millis(20);

/// Milliseconds of an honest request on a connection of its own, each, while the others are there for so long.
pub(crate) async fn honest_beside(port: u16, during: Duration) -> Result<Vec<f64>, String> {
    let until = Instant::now() + ARRIVAL + during;
    let mut crowd = tokio::task::JoinSet::new();
    for number in 0..CONNECTIONS {
        crowd.spawn(linger(port, number, until));
    }
    tokio::time::sleep(ARRIVAL).await;
    let mut times = Vec::new();
    let mut turn = tokio::time::interval(HONEST);
    while Instant::now() < until {
        turn.tick().await;
        let begun = Instant::now();
        let mut client = Client::connect(port).await?;
        client.get("/sign-in", "").await?.expect(200)?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    let mut opened = 0;
    while let Some(count) = crowd.join_next().await {
        opened += count.map_err(|error| error.to_string())?;
    }
    if opened < CONNECTIONS {
        return Err(format!(
            "only {opened} of {CONNECTIONS} connections could be opened; raise `ulimit -n`"
        ));
    }
    Ok(times)
}

/// Opens a connection that finishes nothing, again and again; how many it were.
async fn linger(port: u16, number: usize, until: Instant) -> usize {
    let until = tokio::time::Instant::from_std(until);
    let mut opened = 0;
    while tokio::time::Instant::now() < until {
        if let Ok(Ok(stream)) = timeout_at(until, connect(port)).await {
            opened += 1;
            // Its end, of whatever kind, is what the server is for.
            let _ = timeout_at(until, dribble(stream, number)).await;
        }
        tokio::time::sleep_until(until.min(tokio::time::Instant::now() + PAUSE)).await;
    }
    opened
}

async fn connect(port: u16) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    // Otherwise the ports of one address would be used up by connections that are over.
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from((FROM, 0)))?;
    socket
        .connect(SocketAddr::from(([127, 0, 0, 1], port)))
        .await
}

/// A body, a head, or nothing at all, a byte at a time.
async fn dribble(mut stream: TcpStream, number: usize) -> std::io::Result<()> {
    let begin: &[u8] = match number % 3 {
        0 => b"POST /auth/password HTTP/1.1\r\nhost: localhost\r\ncontent-length: 60000\r\n\r\n",
        1 => b"GET /sign-in HTTP/1.1\r\nhost: localhost\r\nx: ",
        _ => b"",
    };
    stream.write_all(begin).await?;
    let mut answer = [0; 256];
    loop {
        tokio::select! {
            read = stream.read(&mut answer) => if read? == 0 {
                return Ok(());
            },
            () = tokio::time::sleep(PAUSE) => if !begin.is_empty() {
                stream.write_all(b"a").await?;
            },
        }
    }
}
