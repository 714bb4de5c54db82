//! A browser, as cheap as it can be: a keep-alive connection that sends what a browser would.

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    driver::{ADMIN, PASSWORD},
    provider::text,
};

pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The value of a cookie that is set.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
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

    pub(crate) fn expect(self, status: u16) -> Result<Self, String> {
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

    pub(crate) async fn change(
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

    /// Sends a file.
    pub(crate) async fn upload(
        &mut self,
        server: u16,
        path: &str,
        cookies: &str,
        file: &str,
    ) -> Result<Answer, String> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:{server}\r\n\
             {}: 1\r\nContent-Type: text/csv\r\nCookie: {cookies}\r\nContent-Length: {}\r\n\r\n{file}",
            api::paths::CSRF_HEADER,
            file.len()
        );
        self.send(&request).await
    }

    /// Signs the administrator in with their password; the cookie.
    pub(crate) async fn sign_in(&mut self, server: u16) -> Result<String, String> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("email", ADMIN);
        form.append_pair("password", PASSWORD);
        let form = form.finish();
        let request = format!(
            "POST {} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:{server}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            api::paths::AUTH_PASSWORD,
            form.len()
        );
        let answer = self.send(&request).await?.expect(303)?;
        let session = answer.cookie("__Host-sso_session").ok_or("no session")?;
        Ok(format!("__Host-sso_session={session}"))
    }

    /// Tries a wrong password, as it comes from an address through a proxy; the status.
    pub(crate) async fn guess(&mut self, server: u16, address: &str) -> Result<u16, String> {
        let form = "email=admin%40bench.example&password=a+wrong+password";
        let request = format!(
            "POST {} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:{server}\r\n\
             X-Forwarded-For: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            api::paths::AUTH_PASSWORD,
            form.len()
        );
        Ok(self.send(&request).await?.status)
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
