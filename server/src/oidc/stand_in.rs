//! For tests: a server on loopback that answers as it is told, well or badly, and remembers what
//! it was asked.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// A request, as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// The header lines, as they came.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// What it answers with.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Status, header lines (each with its line end), body.
    Plain(u16, String, Vec<u8>),
    /// These very bytes, then silence.
    Raw(Vec<u8>),
    /// The connection is dropped.
    Drop,
}

impl Answer {
    pub(crate) fn json(body: impl Into<String>) -> Self {
        Self::status(200, body)
    }

    pub(crate) fn status(status: u16, body: impl Into<String>) -> Self {
        let kind = "Content-Type: application/json\r\n".to_owned();
        Self::Plain(status, kind, body.into().into_bytes())
    }
}

type Answering = dyn Fn(&Asked) -> Answer + Send + Sync;

/// The server. It ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct StandIn {
    /// `http://127.0.0.1:port`
    pub(crate) base: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    connections: Arc<AtomicUsize>,
}

impl StandIn {
    pub(crate) async fn start(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let stand_in = Self {
            base: format!("http://{address}"),
            asked: Arc::default(),
            connections: Arc::default(),
        };
        let (shared, answer) = (
            stand_in.clone(),
            Arc::<Answering>::from(Box::new(answer) as Box<Answering>),
        );
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let (shared, answer) = (shared.clone(), answer.clone());
                tokio::spawn(async move { shared.serve(stream, &*answer).await });
            }
        });
        stand_in
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clone()
    }

    /// How often it was asked for a path that contains this.
    pub(crate) fn times(&self, path: &str) -> usize {
        let asked = self.asked();
        asked.iter().filter(|it| it.path.contains(path)).count()
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    async fn serve(&self, mut stream: TcpStream, answer: &Answering) {
        let mut buffer = Vec::new();
        while let Some(asked) = next(&mut stream, &mut buffer).await {
            let reply = answer(&asked);
            self.asked
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(asked);
            match reply {
                Answer::Plain(status, headers, body) => {
                    let length = body.len();
                    let head =
                        format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}\r\n");
                    let whole = [head.into_bytes(), body].concat();
                    if stream.write_all(&whole).await.is_err() {
                        return;
                    }
                }
                Answer::Raw(bytes) => {
                    let _ = stream.write_all(&bytes).await;
                    // Silence, until the other side has had enough.
                    let _ = stream.read(&mut [0; 1]).await;
                    return;
                }
                Answer::Drop => return,
            }
        }
    }
}

async fn next(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Asked> {
    let head_end = loop {
        if let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        more(stream, buffer).await?;
    };
    let head = String::from_utf8_lossy(&buffer[..head_end]).into_owned();
    let mut first = head.split(' ');
    let mut asked = Asked {
        path: first.nth(1)?.to_owned(),
        head,
        body: String::new(),
    };
    let length: usize = asked
        .header("content-length")
        .map_or(0, |text| text.parse().expect("a length"));
    let end = head_end + 4 + length;
    while buffer.len() < end {
        more(stream, buffer).await?;
    }
    asked.body = String::from_utf8_lossy(&buffer[head_end + 4..end]).into_owned();
    buffer.drain(..end);
    Some(asked)
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let mut piece = [0; 4096];
    let read = stream.read(&mut piece).await.ok()?;
    buffer.extend_from_slice(&piece[..read]);
    (read > 0).then_some(())
}
