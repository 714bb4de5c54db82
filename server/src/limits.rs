//! Rate limits: what can be guessed at or made to work hard, by address, and for passwords by all addresses together.
//!
//! A limit never refuses what only one person can have: a code, the set-up link and the callback of a sign-in of this
//! browser are looked up first, and only wrong ones count.

mod buckets;
pub(crate) mod guesses;
pub(crate) mod refusals;

use std::net::IpAddr;

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, request::Parts},
};

use self::{
    buckets::{ByAddress, Keyed, Total, Wait},
    guesses::Guesses,
    refusals::Refusals,
};
use crate::{App, Settings, TrustedProxies, error::Error, ids};

/// Tries of one address at an administrator's password, at a code, at the set-up link.
const GUESSES_A_MINUTE: u32 = 10;
/// Passwords that all addresses together may have verified: each is work for the processor.
const PASSWORDS_A_MINUTE: u32 = 120;
/// Sign-ins that one browser may start.
const STARTS_OF_A_BROWSER: u32 = 30;
/// Sign-ins that one address may start; a whole office can share one.
const STARTS_A_MINUTE: u32 = 1200;
/// Callbacks that belong to no sign-in of their browser: each writes a row.
const STRAYS_A_MINUTE: u32 = 120;
/// Checks that one address may have run: each sends requests where an administrator says.
const CHECKS_A_MINUTE: u32 = 10;

/// What is limited by address alone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    /// A wrong code.
    Code,
    /// A set-up that failed.
    SetUp,
    /// A callback that belongs to no sign-in of its browser.
    Stray,
    Check,
}

pub(crate) struct Limits {
    passwords: ByAddress,
    all_passwords: Total,
    codes: ByAddress,
    set_ups: ByAddress,
    browsers: Keyed<[u8; 32]>,
    starts: ByAddress,
    strays: ByAddress,
    checks: ByAddress,
    pub(crate) guesses: Guesses,
    pub(crate) refusals: Refusals,
}

impl Limits {
    pub(crate) fn new(settings: &Settings) -> Self {
        let all = settings.requests_a_minute;
        let by_address = |usual| ByAddress::new(all.unwrap_or(usual));
        let starts = settings.sign_ins_per_minute.or(all);
        let of_all = all.unwrap_or_default().max(PASSWORDS_A_MINUTE);
        Self {
            passwords: by_address(GUESSES_A_MINUTE),
            all_passwords: Total::new(settings.passwords_a_minute.unwrap_or(of_all)),
            codes: by_address(GUESSES_A_MINUTE),
            set_ups: by_address(GUESSES_A_MINUTE),
            browsers: Keyed::new(all.unwrap_or(STARTS_OF_A_BROWSER)),
            starts: ByAddress::new(starts.unwrap_or(STARTS_A_MINUTE)),
            strays: by_address(STRAYS_A_MINUTE),
            checks: by_address(CHECKS_A_MINUTE),
            guesses: Guesses::default(),
            refusals: Refusals::default(),
        }
    }

    /// Counts one request of this address, or says when the next may come.
    pub(crate) fn pass(&self, limit: Limit, address: IpAddr) -> Result<(), Error> {
        let (bucket, name) = match limit {
            Limit::Code => (&self.codes, "code"),
            Limit::SetUp => (&self.set_ups, "set_up"),
            Limit::Stray => (&self.strays, "callback"),
            Limit::Check => (&self.checks, "check"),
        };
        answer(name, bucket.pass(address))
    }

    /// Counts a try at a password: of its address first, so that one address does not use up what all share.
    pub(crate) fn pass_password(&self, address: IpAddr) -> Result<(), Error> {
        answer("password", self.passwords.pass(address))?;
        answer("all_passwords", self.all_passwords.pass())
    }

    /// Counts the start of a sign-in: of its browser, if our cookie says which it is, and then of its address. Any
    /// client can make a cookie up, and is then held by the address.
    pub(crate) fn pass_start(&self, browser: Option<&str>, address: IpAddr) -> Result<(), Error> {
        if let Some(browser) = browser {
            answer("browser", self.browsers.pass(&ids::hash(browser)))?;
        }
        answer("start", self.starts.pass(address))
    }

    /// Forgets addresses that have been quiet: memory does not grow with them.
    pub(crate) fn forget_the_quiet(&self, now: api::UtcMillis) {
        for bucket in [
            &self.passwords,
            &self.codes,
            &self.set_ups,
            &self.starts,
            &self.strays,
            &self.checks,
        ] {
            bucket.forget_the_quiet();
        }
        self.browsers.forget_the_quiet();
        self.guesses.forget_the_old(now);
    }
}

fn answer(limit: &'static str, passed: Result<(), Wait>) -> Result<(), Error> {
    passed.map_err(|seconds| {
        metrics::counter!("sso_limited_total", "limit" => limit).increment(1);
        Error::TooMany(seconds)
    })
}

/// Who the request comes from: the peer, or what a trusted proxy says of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address(pub(crate) IpAddr);

impl FromRequestParts<App> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(address(parts, &app.settings.trusted_proxies)))
    }
}

/// Who the connection comes from.
pub(crate) fn peer(extensions: &Extensions) -> IpAddr {
    extensions
        .get::<ConnectInfo<std::net::SocketAddr>>()
        // On a listener of both families IPv4 comes as `::ffff:a.b.c.d`, all of it in one /64.
        .map_or(IpAddr::from([127, 0, 0, 1]), |info| {
            info.0.ip().to_canonical()
        })
}

pub(crate) fn address(parts: &Parts, trusted: &TrustedProxies) -> IpAddr {
    let peer = peer(&parts.extensions);
    if !trusted.contains(&peer) {
        return peer;
    }
    // The rightmost address that is no proxy of ours: everything left of it can be made up, and so
    // can be whatever stands left of something that is no address.
    let values: Vec<&str> = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .collect();
    values
        .into_iter()
        .rev()
        .map_while(forwarded)
        .find(|address| !trusted.contains(address))
        .unwrap_or(peer)
}

/// An address, alone or with a port, as some gateways append it.
fn forwarded(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = || text.parse().ok().map(|it: std::net::SocketAddr| it.ip());
    text.parse()
        .ok()
        .or_else(with_port)
        .map(|address: IpAddr| address.to_canonical())
}
