//! Token buckets by address: one for each IPv4 address, and for IPv6 one for each /64 and one for the /48 above it.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
};

use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

/// Keys that one table may hold. A table that is full counts no further ones until the maintenance has cleared it:
/// memory is limited, and what is limited for all together is limited still.
const KEYS_MAX: usize = 100_000;

/// Seconds until the next one may pass.
pub(super) type Wait = u64;

pub(super) struct Keyed<K: Hash + Eq + Clone>(DefaultKeyedRateLimiter<K>);

impl<K: Hash + Eq + Clone> Keyed<K> {
    pub(super) fn new(a_minute: u32) -> Self {
        Self(RateLimiter::keyed(quota(a_minute)))
    }

    pub(super) fn pass(&self, key: &K) -> Result<(), Wait> {
        if self.0.len() >= KEYS_MAX {
            return Ok(());
        }
        self.0.check_key(key).map_err(|not_yet| wait(&not_yet))
    }

    pub(super) fn forget_the_quiet(&self) {
        self.0.retain_recent();
    }
}

/// What all addresses share.
pub(super) struct Total(DefaultDirectRateLimiter);

impl Total {
    pub(super) fn new(a_minute: u32) -> Self {
        Self(RateLimiter::direct(quota(a_minute)))
    }

    pub(super) fn pass(&self) -> Result<(), Wait> {
        self.0.check().map_err(|not_yet| wait(&not_yet))
    }
}

/// A site is an IPv4 address or an IPv6 /48, and each has as much. A /64 in it has half of that, so that one network
/// does not use up what the others of its site have.
pub(super) struct ByAddress {
    sites: Keyed<IpAddr>,
    networks: Keyed<IpAddr>,
}

impl ByAddress {
    pub(super) fn new(a_minute: u32) -> Self {
        Self {
            sites: Keyed::new(a_minute),
            networks: Keyed::new(a_minute / 2),
        }
    }

    pub(super) fn pass(&self, address: IpAddr) -> Result<(), Wait> {
        match address {
            IpAddr::V4(_) => {}
            IpAddr::V6(v6) => self.networks.pass(&prefix(v6, 4))?,
        }
        self.sites.pass(&site(address))
    }

    pub(super) fn forget_the_quiet(&self) {
        self.sites.forget_the_quiet();
        self.networks.forget_the_quiet();
    }
}

/// The IPv4 address, or the /48: what one customer has at least.
pub(super) fn site(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => prefix(v6, 3),
    }
}

/// The first groups of 16 bits.
fn prefix(address: Ipv6Addr, groups: usize) -> IpAddr {
    let mut segments = address.segments();
    segments[groups..].fill(0);
    IpAddr::V6(Ipv6Addr::from(segments))
}

fn quota(a_minute: u32) -> Quota {
    Quota::per_minute(NonZeroU32::new(a_minute).unwrap_or(NonZeroU32::MIN))
}

fn wait(not_yet: &NotUntil<<DefaultClock as Clock>::Instant>) -> Wait {
    let wait = not_yet.wait_time_from(DefaultClock::default().now());
    wait.as_secs().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(buckets: &ByAddress, addresses: impl Iterator<Item = String>) -> usize {
        addresses
            .filter(|it| buckets.pass(it.parse().expect("an address")).is_ok())
            .count()
    }

    #[test]
    fn site_limits_all_its_networks_together() {
        let buckets = ByAddress::new(10);
        let of_one_network = (0..15).map(|at| format!("2001:db8:1:1::{at}"));
        assert_eq!(passed(&buckets, of_one_network), 5);
        let of_one_site = (0..15).map(|at| format!("2001:db8:2:{at}::1"));
        assert_eq!(passed(&buckets, of_one_site), 10);
        let of_many_sites = (0..15).map(|at| format!("2001:db8:{}::1", 100 + at));
        assert_eq!(passed(&buckets, of_many_sites), 15);
        let of_one_address = (0..15).map(|_| "203.0.113.1".to_owned());
        assert_eq!(passed(&buckets, of_one_address), 10);
        let of_a_subnet = (0..15).map(|at| format!("203.0.113.{}", 10 + at));
        assert_eq!(passed(&buckets, of_a_subnet), 15);
    }
}
