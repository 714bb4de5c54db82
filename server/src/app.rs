//! What every handler has: the database, the clock, the keys, the settings of the deployment.

use std::{ops::Deref, sync::Arc, time::Duration};

use api::Loopback;
use zeroize::Zeroizing;

use crate::{
    clock::{Clock, Entropy},
    connections::Configs,
    db::Db,
    error::Error,
    limits::Limits,
    oidc::{Bases, Outbound, OutboundSettings, RelyingParty},
    passwords::Passwords,
    sealing::Sealing,
    trusted_proxies::{self, TrustedProxies},
};

/// How this deployment is set up; from flags, environment and file.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Scheme, host and port under which browsers reach this server, without a slash at the end.
    pub public_url: String,
    /// Whether an identity provider on this machine may be used: demo and tests only.
    pub loopback: Loopback,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// Hosts of identity providers that may be on a private network.
    pub private_hosts: Vec<String>,
    /// Where Google and Microsoft are; the practice provider stands in for both.
    pub bases: Bases,
    /// The practice provider's own pages, when one runs inside.
    pub practice: Option<String>,
    /// Requests a minute of one address to what can be guessed at; None for the usual ones.
    pub requests_a_minute: Option<u32>,
    /// Sign-ins a minute that one address may start; None for the same as above.
    pub sign_ins_per_minute: Option<u32>,
    /// Passwords a minute that are verified for all addresses together; None for the usual number.
    pub passwords_a_minute: Option<u32>,
    /// Passwords that may wait to be verified; None for the usual number.
    pub password_queue: Option<usize>,
    /// How much longer a try takes after many wrong passwords; None for the usual time.
    pub password_delay: Option<Duration>,
    /// Cost of a password in KiB of memory; None for the real one.
    pub password_memory_kib: Option<u32>,
}

impl Settings {
    /// The usual settings for an address.
    #[must_use]
    pub fn new(public_url: &str) -> Self {
        Self {
            public_url: public_url.trim_end_matches('/').to_owned(),
            loopback: Loopback::Refused,
            trusted_proxies: TrustedProxies::default(),
            private_hosts: Vec::new(),
            bases: Bases::default(),
            practice: None,
            requests_a_minute: None,
            sign_ins_per_minute: None,
            passwords_a_minute: None,
            password_queue: None,
            password_delay: None,
            password_memory_kib: None,
        }
    }

    /// Whether browsers come over https: then answers tell them to stay there.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// An absolute URL of this deployment.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }
}

/// The shared state; clones are cheap.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub db: Db,
    pub clock: Clock,
    pub entropy: Entropy,
    pub sealing: Sealing,
    pub passwords: Passwords,
    pub settings: Settings,
    pub relying: RelyingParty,
    pub(crate) limits: Limits,
    pub(crate) forwarders: trusted_proxies::Noted,
    pub(crate) configs: Configs,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Fails with a sentence for the operator.
    pub fn new(
        db: Db,
        clock: Clock,
        entropy: Entropy,
        sealing_key: &Zeroizing<[u8; 32]>,
        settings: Settings,
    ) -> Result<Self, String> {
        let sealing = Sealing::new(sealing_key, &[], "this server");
        Self::with(db, clock, entropy, sealing, settings)
    }

    /// The same with any number of encryption keys.
    pub fn with(
        db: Db,
        clock: Clock,
        entropy: Entropy,
        sealing: Sealing,
        settings: Settings,
    ) -> Result<Self, String> {
        let say = |error: Error| format!("{error:?}");
        let outbound = Outbound::new(OutboundSettings {
            loopback: settings.loopback,
            private_hosts: settings.private_hosts.clone(),
            ..OutboundSettings::default()
        });
        Ok(Self(Arc::new(Parts {
            relying: RelyingParty::new(outbound),
            passwords: Passwords::new(settings.password_memory_kib, settings.password_queue)
                .map_err(say)?,
            limits: Limits::new(&settings),
            forwarders: trusted_proxies::Noted::default(),
            configs: Configs::default(),
            sealing,
            db,
            clock,
            entropy,
            settings,
        })))
    }
}
