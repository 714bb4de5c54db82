//! The Rust API: a running practice Okta, its addresses, its faults, its clock and its log.

mod directory;
mod rehearse;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::config::Config;
use crate::door::Door;
use crate::drive::{self, ShownPage};
use crate::engine::Engine;
use crate::fault::Fault;
use crate::http;
use crate::log::Seen;

/// A running practice Okta. Clones are the same one; it stops when the last is dropped.
///
/// Methods that name an app, a server or a person that is not there panic: in a test that is a mistake of the test.
#[derive(Clone)]
pub struct PracticeOkta {
    engine: Arc<Engine>,
    address: SocketAddr,
    _running: Arc<Running>,
}

struct Running(JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl PracticeOkta {
    /// Listens and serves on the current tokio runtime. Fails when the address is taken.
    pub async fn start(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind(config.listen).await?;
        let address = listener.local_addr()?;
        let engine = Arc::new(Engine::new(config));
        let router = http::router(Arc::clone(&engine));
        let door = Door::open(listener, Arc::clone(&engine))?;
        let task = tokio::spawn(serve(door, router));
        Ok(Self {
            engine,
            address,
            _running: Arc::new(Running(task)),
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:{port}`: the organization, by the address it listens on. Also the org server's issuer.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same server under another name, for example `northwind-admin.okta.localhost`. Names under `.localhost` are loopback in browsers.
    pub fn url_for_host(&self, host: &str) -> String {
        format!("http://{host}:{}", self.address.port())
    }

    /// The issuer of the org authorization server.
    pub fn issuer_org(&self) -> String {
        self.base_url()
    }

    /// The issuer of the custom authorization server `default`.
    pub fn issuer_default(&self) -> String {
        self.issuer_of("default")
    }

    /// The issuer of a custom authorization server, by id.
    pub fn issuer_of(&self, server_id: &str) -> String {
        format!("{}/oauth2/{server_id}", self.base_url())
    }

    /// The issuer of the practice Google.
    pub fn issuer_google(&self) -> String {
        format!("{}/google", self.base_url())
    }

    /// The issuer of the practice Microsoft, for its one tenant.
    pub fn issuer_microsoft(&self) -> String {
        format!(
            "{}/microsoft/{}/v2.0",
            self.base_url(),
            self.engine.config.microsoft_tenant
        )
    }

    /// The admin page.
    pub fn admin_url(&self) -> String {
        format!("{}/practice", self.base_url())
    }

    /// The organization's id, `00o…`.
    pub fn org_id(&self) -> String {
        self.engine.world().org_id.clone()
    }

    /// Switches a fault on; one that is on already takes the new amount.
    pub fn set_fault(&self, fault: Fault) {
        self.engine.world().faults.set(fault);
    }

    /// Switches one fault off, whatever its amount.
    pub fn clear_fault(&self, fault: Fault) {
        self.engine.world().faults.clear(fault);
    }

    /// Back to a provider that behaves.
    pub fn clear_faults(&self) {
        self.engine.world().faults.clear_all();
    }

    pub fn faults(&self) -> Vec<Fault> {
        self.engine.world().faults.list().to_vec()
    }

    /// Replaces every published key at once, without notice: what is signed next has an unknown `kid` for who cached the old set.
    pub fn rotate_keys(&self) {
        self.engine.world().rotate_keys();
    }

    /// Rotates as Okta does: the key that was announced starts to sign, and another is announced.
    pub fn promote_next_key(&self) {
        self.engine.world().promote_keys();
    }

    /// Moves the clock on: codes, tokens and sessions age.
    pub fn advance_clock(&self, by: Duration) {
        self.engine
            .move_clock(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
    }

    /// Sets how far the clock is from the one of the configuration, in milliseconds; negative: behind.
    pub fn set_clock_offset(&self, milliseconds: i64) {
        self.engine.set_clock_offset(milliseconds);
    }

    /// The practice Okta's time, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.engine.now()
    }

    /// What was asked so far, oldest first, [`Config::remembered_requests`] at most.
    pub fn requests(&self) -> Vec<Seen> {
        self.engine.world().log.iter().cloned().collect()
    }

    /// How often a path was asked for whose end is `path_end`, for example `/v1/userinfo`.
    pub fn count_requests(&self, path_end: &str) -> usize {
        self.engine
            .world()
            .log
            .iter()
            .filter(|seen| seen.path.ends_with(path_end))
            .count()
    }

    pub fn forget_requests(&self) {
        self.engine.world().log.clear();
    }

    /// Signs a person in without a browser: opens the authorization URL and picks the person. Gives where the browser is sent.
    ///
    /// The redirect may carry an `error`, as at Okta. What Okta shows on a page of its own, and never sends back, is the `Err`.
    pub fn authorize(&self, url: &str, login: &str) -> Result<String, ShownPage> {
        drive::authorize(&self.engine, url, login)
    }

    /// Ends every session that browsers have here, so that the next sign-in asks again.
    pub fn end_sessions(&self) {
        self.engine.world().sessions.clear();
    }

    /// The same provider as a router, to be served by a listener of the caller's.
    pub fn router(&self) -> Router {
        http::router(Arc::clone(&self.engine))
    }
}

async fn serve(door: Door, router: Router) {
    // Only ends with the task: axum's accept loop outlives every error of a connection.
    let _ended = axum::serve(door, router).await;
}
