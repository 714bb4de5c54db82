//! The one outbound HTTP client. Whatever this server asks of a provider goes through here.
//!
//! https only, port 443 only, addresses checked where they are resolved, no redirects, no cookies,
//! no proxy from the environment, no decompression; 2 s to connect, 5 s in all, 1 MiB a body.
//! It knows nothing of OpenID Connect, and never logs what it sends.

mod address;
mod http_date;
mod reply;

use std::{error::Error as _, sync::OnceLock, time::Duration};

use api::Loopback;
use bytes::BytesMut;
use reqwest::{
    Certificate, Client, ClientBuilder, RequestBuilder, Response,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
};
use url::Url;

use self::address::{Guard, Resolver};
pub use self::reply::{Landing, NoReply, Reply, Silence};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(2);
/// How long everything may take, the body included.
const TOTAL: Duration = Duration::from_secs(5);
/// The longest body that is read, in bytes.
const BODY_MAX: usize = 1024 * 1024;
/// Shorter than the 60 s after which common load balancers drop a connection that is idle.
const IDLE: Duration = Duration::from_secs(45);

/// What the client may reach beyond the public internet.
#[derive(Clone, Debug)]
pub struct OutboundSettings {
    /// Whether 127.0.0.1, `localhost` and `*.localhost` may be called, by http too.
    pub loopback: Loopback,
    /// Hosts in private networks that may be called: `host` (port 443) or `host:port`. https only.
    pub private_hosts: Vec<String>,
    /// Certificates (PEM) that are trusted besides the system's.
    pub extra_roots: Vec<Vec<u8>>,
    /// How long a request may take, its body included.
    pub total: Duration,
}

impl Default for OutboundSettings {
    fn default() -> Self {
        Self {
            loopback: Loopback::Refused,
            private_hosts: Vec::new(),
            extra_roots: Vec::new(),
            total: TOTAL,
        }
    }
}

/// The client. One for the whole server: it keeps the connections to the providers.
#[derive(Debug)]
pub struct Outbound {
    settings: OutboundSettings,
    guard: Guard,
    /// For http on loopback: needs no certificates, so a demo runs where there are none.
    plain: OnceLock<Result<Client, String>>,
    /// Made at the first https request: reading the system's certificates takes milliseconds.
    tls: OnceLock<Result<Client, String>>,
}

impl Outbound {
    #[must_use]
    pub fn new(settings: OutboundSettings) -> Self {
        Self {
            guard: Guard::new(settings.loopback, &settings.private_hosts),
            settings,
            plain: OnceLock::new(),
            tls: OnceLock::new(),
        }
    }

    /// Reads the certificates now, which the first https request would otherwise do. Fails with
    /// what is wrong with them, for the operator.
    pub fn warm_up(&self) -> Result<(), String> {
        let client = self.tls.get_or_init(|| self.tls_client());
        client.as_ref().map(|_| ()).map_err(Clone::clone)
    }

    /// `GET url`, asking for JSON.
    pub async fn get(&self, url: &Url) -> Result<Reply, NoReply> {
        self.send(self.client(url)?.get(url.clone())).await
    }

    /// `GET url` with an access token in the header (RFC 6750 §2.1).
    pub async fn get_bearer(&self, url: &Url, token: &str) -> Result<Reply, NoReply> {
        let value = sensitive(&format!("Bearer {token}"))?;
        self.send(
            self.client(url)?
                .get(url.clone())
                .header(AUTHORIZATION, value),
        )
        .await
    }

    /// `POST url` with a form; `authorization` is the whole header, when there is one.
    pub(crate) async fn post_form(
        &self,
        url: &Url,
        authorization: Option<&str>,
        form: String,
    ) -> Result<Reply, NoReply> {
        let mut request = self
            .client(url)?
            .post(url.clone())
            .header(
                CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            )
            .body(form);
        if let Some(text) = authorization {
            request = request.header(AUTHORIZATION, sensitive(text)?);
        }
        self.send(request).await
    }

    /// `GET url` as a browser without cookies would, and says where that ends. Never goes on.
    pub(crate) async fn land(&self, url: &Url) -> Result<Landing, NoReply> {
        let request = self
            .client(url)?
            .get(url.clone())
            .header(ACCEPT, HeaderValue::from_static("text/html"));
        let response = request.send().await.map_err(no_reply)?;
        if response.status().is_redirection() {
            return Ok(reply::sent(url, response.headers()));
        }
        read(response).await.map(Landing::Page)
    }

    /// `POST url` with JSON and headers of the caller's: for the webhook.
    pub(crate) async fn post_json(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<Reply, NoReply> {
        let mut request = self
            .client(url)?
            .post(url.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(body);
        for (name, value) in headers {
            request = request.header(*name, sensitive(value)?);
        }
        self.send(request).await
    }

    fn client(&self, url: &Url) -> Result<&Client, NoReply> {
        self.guard
            .check_url(url)
            .map_err(|refusal| refused(&refusal))?;
        let client = if url.scheme() == "https" {
            self.tls.get_or_init(|| self.tls_client())
        } else {
            self.plain
                .get_or_init(|| built(self.builder().tls_certs_only([])))
        };
        client.as_ref().map_err(|why| NoReply::Unreachable {
            why: why.clone(),
            how: Silence::NoConnection,
        })
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .dns_resolver(Resolver::new(self.guard.clone()))
            .connect_timeout(CONNECT)
            .timeout(self.settings.total)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(64)
            .http1_only()
            .http1_max_headers(100)
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .user_agent(concat!("sso-console/", env!("CARGO_PKG_VERSION")))
            .default_headers(HeaderMap::from_iter([(
                ACCEPT,
                HeaderValue::from_static("application/json"),
            )]))
    }

    fn tls_client(&self) -> Result<Client, String> {
        let mut roots = Vec::new();
        for pem in &self.settings.extra_roots {
            roots.extend(Certificate::from_pem_bundle(pem).map_err(|error| chain(&error))?);
        }
        built(self.builder().https_only(true).tls_certs_merge(roots))
    }

    async fn send(&self, request: RequestBuilder) -> Result<Reply, NoReply> {
        let response = request.send().await.map_err(no_reply)?;
        let status = response.status();
        if status.is_redirection() {
            return Err(reply::redirected(status.as_u16(), response.headers()));
        }
        read(response).await
    }
}

/// The answer with its body, up to the limit.
async fn read(mut response: Response) -> Result<Reply, NoReply> {
    let status = response.status();
    if response
        .content_length()
        .is_some_and(|length| length > BODY_MAX as u64)
    {
        return Err(NoReply::TooLarge);
    }
    let first = response
        .chunk()
        .await
        .map_err(no_reply)?
        .unwrap_or_default();
    if first.len() > BODY_MAX {
        return Err(NoReply::TooLarge);
    }
    // Most answers come in one piece; only the others are put together.
    let mut rest: Option<BytesMut> = None;
    while let Some(chunk) = response.chunk().await.map_err(no_reply)? {
        let whole = rest.get_or_insert_with(|| BytesMut::from(&first[..]));
        if whole.len() + chunk.len() > BODY_MAX {
            return Err(NoReply::TooLarge);
        }
        whole.extend_from_slice(&chunk);
    }
    let body = rest.map_or(first, BytesMut::freeze);
    Ok(Reply::new(status.as_u16(), response.headers(), body))
}

fn built(builder: ClientBuilder) -> Result<Client, String> {
    builder.build().map_err(|error| chain(&error))
}

/// A header value that is kept out of every debug text.
fn sensitive(text: &str) -> Result<HeaderValue, NoReply> {
    let mut value = HeaderValue::from_str(text).map_err(|_| NoReply::Refused {
        why: "a credential that no header can carry".into(),
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn refused(refusal: &address::Refusal) -> NoReply {
    let why = refusal.to_string();
    match refusal.private_host.clone() {
        Some(host) => NoReply::Private { host, why },
        None => NoReply::Refused { why },
    }
}

fn no_reply(error: reqwest::Error) -> NoReply {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(refusal) = inner.downcast_ref::<address::Refusal>() {
            return refused(refusal);
        }
        source = inner.source();
    }
    if error.is_timeout() {
        let how = if error.is_connect() {
            Silence::NoConnection
        } else {
            Silence::Slow
        };
        let why = "too slow".into();
        return NoReply::Unreachable { why, how };
    }
    let why = chain(&error.without_url());
    // rustls's own words; what is behind them is not for us to match.
    let how = if why.contains("invalid peer certificate") {
        Silence::Certificate
    } else {
        Silence::NoConnection
    };
    NoReply::Unreachable { why, how }
}

/// An error with its causes, in one line.
fn chain(error: &reqwest::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        line.push_str(": ");
        line.push_str(&inner.to_string());
        source = inner.source();
    }
    super::failure::shown(&line)
}

#[cfg(test)]
mod tests;
