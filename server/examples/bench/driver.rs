//! Browsers, as cheap as they can be: keep-alive connections that send what a browser would.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    process::Server,
    provider::{CLIENT_ID, CLIENT_SECRET, Provider, email, text},
};

pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The value of a cookie that is set.
    fn cookie(&self, name: &str) -> Option<String> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .filter(|(key, _)| key.eq_ignore_ascii_case("set-cookie"))
            .find_map(|(_, value)| {
                let pair = value.trim().split(';').next()?;
                pair.strip_prefix(name)?
                    .strip_prefix('=')
                    .map(str::to_owned)
            })
    }

    fn expect(self, status: u16) -> Result<Self, String> {
        if self.status == status {
            Ok(self)
        } else {
            let body = String::from_utf8_lossy(&self.body).into_owned();
            Err(format!(
                "status {} for {status}: {} {body}",
                self.status, self.head
            ))
        }
    }
}

impl Client {
    pub(crate) async fn connect(port: u16) -> Result<Self, String> {
        let stream = TcpStream::connect(("127.0.0.1", port))
            .await
            .map_err(|e| e.to_string())?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    pub(crate) async fn get(&mut self, path: &str, cookies: &str) -> Result<Answer, String> {
        let cookies = if cookies.is_empty() {
            String::new()
        } else {
            format!("Cookie: {cookies}\r\n")
        };
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\n{cookies}\r\n"
        ))
        .await
    }

    async fn change(
        &mut self,
        server: u16,
        (method, path): (&str, &str),
        cookies: &str,
        version: i64,
        body: &Value,
    ) -> Result<Answer, String> {
        let body = text(body);
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:{server}\r\n\
             Sec-Fetch-Site: same-origin\r\n{}: 1\r\nContent-Type: application/json\r\n\
             If-Match: \"{version}\"\r\nCookie: {cookies}\r\nContent-Length: {}\r\n\r\n{body}",
            api::paths::CSRF_HEADER,
            body.len()
        );
        self.send(&request).await
    }

    async fn send(&mut self, request: &str) -> Result<Answer, String> {
        self.stream
            .write_all(request.as_bytes())
            .await
            .map_err(|e| e.to_string())?;
        self.buffer.clear();
        let (mut head_end, mut length) = (None, 0);
        loop {
            if let Some(end) = head_end
                && self.buffer.len() >= end + length
            {
                let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
                let status = head
                    .split(' ')
                    .nth(1)
                    .and_then(|it| it.parse().ok())
                    .unwrap_or(0);
                return Ok(Answer {
                    status,
                    body: self.buffer[end..].to_vec(),
                    head,
                });
            }
            let read = self
                .stream
                .read_buf(&mut self.buffer)
                .await
                .map_err(|e| e.to_string())?;
            if read == 0 {
                return Err("the server closed the connection".into());
            }
            if head_end.is_none()
                && let Some(at) = self.buffer.windows(4).position(|part| part == b"\r\n\r\n")
            {
                head_end = Some(at + 4);
                let head = String::from_utf8_lossy(&self.buffer[..at]).to_ascii_lowercase();
                length = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
                    .unwrap_or(0);
            }
        }
    }
}

/// The administrator's part: set-up, connection, people.
pub(crate) struct Console {
    people: usize,
}

impl Console {
    pub(crate) async fn set_up(
        server: &Server,
        provider: &Provider,
        token: &str,
        people: usize,
    ) -> Result<Self, String> {
        let mut client = Client::connect(server.port).await?;
        let form = json!({
            "token": token, "organization": "Bench", "name": "Admin",
            "email": "admin@bench.example", "password": "a password of the bench",
        });
        let set_up = ("POST", api::paths::SET_UP);
        let done = client
            .change(server.port, set_up, "", 0, &form)
            .await?
            .expect(201)?;
        let session = done.cookie("__Host-sso_session").ok_or("no session")?;
        let mut cookies = format!("__Host-sso_session={session}");
        for number in 0..people {
            let email = email(number);
            let user = json!({
                "name": "Bench Person", "email": email, "okta_login": email, "role": "member",
            });
            let path = ("POST", api::paths::USERS);
            client
                .change(server.port, path, &cookies, 0, &user)
                .await?
                .expect(201)?;
        }
        let connection = api::paths::connection(api::Provider::Okta);
        let form = json!({
            "issuer": provider.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        });
        let path = ("PUT", connection.as_str());
        client
            .change(server.port, path, &cookies, 0, &form)
            .await?
            .expect(200)?;
        let connect = api::paths::connect(api::Provider::Okta);
        let path = ("POST", connect.as_str());
        let begun = client
            .change(server.port, path, &cookies, 0, &Value::Null)
            .await?
            .expect(200)?;
        let browser = begun
            .cookie("__Host-sso_browser")
            .ok_or("no browser cookie")?;
        cookies = format!("{cookies}; __Host-sso_browser={browser}");
        let trip: Value = serde_json::from_slice(&begun.body).map_err(|e| e.to_string())?;
        let start = Start::read(trip["location"].as_str().unwrap_or_default(), 0, &browser)?;
        provider.sign(&start.code, &start.nonce, 0);
        let back = client.get(&start.callback, &cookies).await?.expect(303)?;
        match back.header("location") {
            Some(to) if to.ends_with("connected=1") => Ok(Self { people }),
            other => Err(format!("the round trip ended at {other:?}")),
        }
    }
}

/// A sign-in that was started and waits at the provider.
pub(crate) struct Start {
    code: String,
    nonce: String,
    callback: String,
    cookies: String,
    person: usize,
}

impl Start {
    fn read(location: &str, person: usize, browser: &str) -> Result<Self, String> {
        let url = url::Url::parse(location).map_err(|error| format!("{location:?}: {error}"))?;
        let value = |name: &str| {
            let found = url.query_pairs().find(|(key, _)| key == name);
            found
                .map(|(_, value)| value.into_owned())
                .ok_or(format!("no {name}"))
        };
        let state = value("state")?;
        let code = format!("code-{state}");
        Ok(Self {
            callback: format!("/auth/okta/callback?code={code}&state={state}"),
            nonce: value("nonce")?,
            cookies: format!("__Host-sso_browser={browser}"),
            code,
            person,
        })
    }
}

/// People who sign in.
pub(crate) struct Driver<'a> {
    port: u16,
    provider: &'a Provider,
    people: usize,
    session: String,
}

impl<'a> Driver<'a> {
    pub(crate) fn new(server: &Server, provider: &'a Provider, console: Console) -> Self {
        Self {
            port: server.port,
            provider,
            people: console.people,
            session: String::new(),
        }
    }

    pub(crate) fn move_to(&mut self, server: &Server) {
        self.port = server.port;
    }

    /// Whole sign-ins, one after the other.
    pub(crate) async fn sign_in(&mut self, count: usize) -> Result<(), String> {
        let starts = self.start(count).await?;
        self.sign(&starts);
        let mut client = Client::connect(self.port).await?;
        for start in &starts {
            self.session = one(&mut client, start).await?;
        }
        Ok(())
    }

    pub(crate) async fn start(&self, count: usize) -> Result<Vec<Start>, String> {
        let mut client = Client::connect(self.port).await?;
        let mut starts = Vec::with_capacity(count);
        for number in 0..count {
            let answer = client.get("/auth/okta/start", "").await?.expect(303)?;
            let browser = answer
                .cookie("__Host-sso_browser")
                .ok_or("no browser cookie")?;
            let location = answer.header("location").ok_or("no location")?;
            starts.push(Start::read(location, number % self.people, &browser)?);
        }
        Ok(starts)
    }

    /// Signs the tokens of these sign-ins, before the clock runs.
    pub(crate) fn sign(&self, starts: &[Start]) {
        for start in starts {
            self.provider.sign(&start.code, &start.nonce, start.person);
        }
    }

    /// Finishes them all, so many at a time.
    pub(crate) async fn finish(&self, starts: &[Start], at_once: usize) -> Result<(), String> {
        let shares = starts.chunks(starts.len().div_ceil(at_once));
        let works = shares.map(|share| async move {
            let mut client = Client::connect(self.port).await?;
            for start in share {
                one(&mut client, start).await?;
            }
            Ok::<_, String>(())
        });
        futures_util::future::try_join_all(works).await.map(drop)
    }

    /// Finishes one each interval, whether or not the one before has ended; milliseconds each.
    pub(crate) async fn finish_at(
        &self,
        starts: &[Start],
        interval: Duration,
    ) -> Result<Vec<f64>, String> {
        let begin = Instant::now();
        let works = starts.iter().enumerate().map(|(number, start)| async move {
            let due = begin + interval * u32::try_from(number).unwrap_or(u32::MAX);
            let mut client = Client::connect(self.port).await?;
            tokio::time::sleep_until(due.into()).await;
            one(&mut client, start).await?;
            // From when it was due: a late start counts against the server too.
            Ok::<_, String>(due.elapsed().as_secs_f64() * 1000.0)
        });
        futures_util::future::try_join_all(works).await
    }

    pub(crate) async fn check_sessions(&self, count: usize, at_once: usize) -> Result<(), String> {
        let cookies = format!("__Host-sso_session={}", self.session);
        let cookies = cookies.as_str();
        let works = (0..at_once).map(|_| async move {
            let mut client = Client::connect(self.port).await?;
            for _ in 0..count / at_once {
                client
                    .get(api::paths::SESSION, cookies)
                    .await?
                    .expect(200)?;
            }
            Ok::<_, String>(())
        });
        futures_util::future::try_join_all(works).await.map(drop)
    }
}

/// Comes back from the provider; the session's token.
async fn one(client: &mut Client, start: &Start) -> Result<String, String> {
    let answer = client
        .get(&start.callback, &start.cookies)
        .await?
        .expect(303)?;
    answer
        .cookie("__Host-sso_session")
        .ok_or_else(|| format!("no session: {}", answer.head))
}
