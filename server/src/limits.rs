//! Rate limits: what can be guessed at or made to work hard, an address at a time.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};

use crate::{App, Settings, error::Error};

/// Tries of one address at an administrator's password.
const PASSWORDS_A_MINUTE: u32 = 10;
/// Sign-ins that one address may start; a whole office can share one.
const STARTS_A_MINUTE: u32 = 120;
/// Checks that one address may have run: each sends requests where an administrator says.
const CHECKS_A_MINUTE: u32 = 10;

/// What is limited.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    Password,
    Start,
    Check,
}

pub(crate) struct Limits {
    passwords: DefaultKeyedRateLimiter<IpAddr>,
    starts: DefaultKeyedRateLimiter<IpAddr>,
    checks: DefaultKeyedRateLimiter<IpAddr>,
}

impl Limits {
    pub(crate) fn new(settings: &Settings) -> Self {
        let limiter = |a_minute: Option<u32>, usual: u32| {
            let count = NonZeroU32::new(a_minute.unwrap_or(usual)).unwrap_or(NonZeroU32::MIN);
            RateLimiter::keyed(Quota::per_minute(count))
        };
        let all = settings.requests_a_minute;
        Self {
            passwords: limiter(all, PASSWORDS_A_MINUTE),
            checks: limiter(all, CHECKS_A_MINUTE),
            starts: limiter(settings.sign_ins_a_minute.or(all), STARTS_A_MINUTE),
        }
    }

    /// Counts one request of this address, or says when the next may come.
    pub(crate) fn pass(&self, limit: Limit, address: IpAddr) -> Result<(), Error> {
        let limiter = match limit {
            Limit::Password => &self.passwords,
            Limit::Start => &self.starts,
            Limit::Check => &self.checks,
        };
        limiter.check_key(&network(address)).map_err(|not_yet| {
            let wait = not_yet.wait_time_from(governor::clock::DefaultClock::default().now());
            Error::TooMany(wait.as_secs().max(1))
        })
    }

    /// Forgets addresses that have been quiet: memory does not grow with them.
    pub(crate) fn forget_the_quiet(&self) {
        self.passwords.retain_recent();
        self.starts.retain_recent();
        self.checks.retain_recent();
    }
}

/// An IPv6 customer has a /64 at least: it counts as one address.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let s = v6.segments();
            IpAddr::V6(Ipv6Addr::new(s[0], s[1], s[2], s[3], 0, 0, 0, 0))
        }
    }
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

pub(crate) fn address(parts: &Parts, trusted: &[IpAddr]) -> IpAddr {
    let peer = parts
        .extensions
        .get::<ConnectInfo<std::net::SocketAddr>>()
        // On a listener of both families IPv4 comes as `::ffff:a.b.c.d`, all of it in one /64.
        .map_or(IpAddr::from([127, 0, 0, 1]), |info| {
            info.0.ip().to_canonical()
        });
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
