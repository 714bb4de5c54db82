//! Trusted proxies: the networks whose `X-Forwarded-For` counts, and the notice about a peer that forwards requests
//! and is not among them.

use std::{collections::HashSet, fmt, net::IpAddr, sync::Mutex};

use api::notifications::NotificationKind;
use axum::extract::Request;
use ipnet::IpNet;

use crate::{
    App,
    audit::Audit,
    error::Error,
    limits,
    notifications::{self, Notification},
};

/// Peers remembered between two turns of the maintenance, so that each costs one look at the database a minute.
const NOTED_MAX: usize = 256;
/// Public addresses have one notice together in this time: any client can send the header.
const PUBLIC_EVERY: api::UtcMillis = 30 * 24 * 60 * 60 * 1000;

/// The networks of `--trusted-proxies`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads addresses and networks. An empty value is none, as an environment variable that is set to nothing.
    /// Fails with what is wrong with a value, and what to write instead.
    pub fn parse<T: AsRef<str>>(values: &[T]) -> Result<Self, String> {
        let texts = values.iter().map(|it| it.as_ref().trim());
        let networks: Result<_, String> = texts.filter(|it| !it.is_empty()).map(network).collect();
        networks.map(Self)
    }

    #[must_use]
    pub fn contains(&self, address: &IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

impl fmt::Display for TrustedProxies {
    /// As `--trusted-proxies` takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, network) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            if network.prefix_len() == network.max_prefix_len() {
                write!(f, "{comma}{}", network.addr())?;
            } else {
                write!(f, "{comma}{network}")?;
            }
        }
        Ok(())
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let read = text.parse::<IpNet>().ok();
    let read = read.or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    match read.map(canonical) {
        Some(network) if network.prefix_len() == 0 => Err(format!(
            "{text:?}, which is every address; use the addresses of your proxies"
        )),
        Some(network) => Ok(network),
        None => Err(format!(
            "{text:?}, which is neither an IP address nor a network; use for example 10.0.0.1, \
             10.0.0.0/8 or fd00::/8"
        )),
    }
}

/// IPv4 written as IPv6 (`::ffff:10.0.0.0/104`) is IPv4: peers are compared in that form. Bits behind the prefix count
/// for nothing.
fn canonical(network: IpNet) -> IpNet {
    let network = network.trunc();
    match network.addr().to_canonical() {
        IpAddr::V4(address) if network.max_prefix_len() == 128 && network.prefix_len() >= 96 => {
            IpNet::new(address.into(), network.prefix_len() - 96).unwrap_or(network)
        }
        IpAddr::V4(_) | IpAddr::V6(_) => network,
    }
}

/// Networks of peers that were noted since the last turn of the maintenance.
#[derive(Default)]
pub(crate) struct Noted(Mutex<HashSet<String>>);

impl Noted {
    fn is_first(&self, key: &str) -> bool {
        let Ok(mut noted) = self.0.lock() else {
            return false;
        };
        noted.len() < NOTED_MAX && noted.insert(key.to_owned())
    }

    pub(crate) fn forget(&self) {
        if let Ok(mut noted) = self.0.lock() {
            noted.clear();
        }
    }
}

/// Who forwarded the request, if they are not trusted: then all who come through them count as one address.
pub(crate) fn untrusted(app: &App, request: &Request) -> Option<IpAddr> {
    if !request.headers().contains_key("x-forwarded-for") {
        return None;
    }
    let peer = limits::peer(request.extensions());
    (!app.settings.trusted_proxies.contains(&peer)).then_some(peer)
}

/// Writes the notice about a peer, if there is none. A request is answered whether it could be written or not.
pub(crate) async fn notify(app: &App, peer: IpAddr, reference: &str) {
    let trusted = &app.settings.trusted_proxies;
    let now = app.clock.now();
    let key = folded(peer, now);
    if !app.forwarders.is_first(&key) {
        return;
    }
    let setting = match trusted.to_string() {
        others if others.is_empty() => peer.to_string(),
        others => format!("{others},{peer}"),
    };
    let audit = Audit::of_nobody(now, &app.entropy, "");
    let written = app
        .db
        .write(move |tx| {
            let address = peer.to_string();
            let notice = Notification::UntrustedProxy {
                address: &address,
                setting: &setting,
            };
            notifications::tell(tx, &audit, &key, notice).map(drop)
        })
        .await;
    if let Err(error) = written {
        error.log(reference);
    }
}

/// What one notice is for: a private /24 or /64, in which a container's address changes with each start; or all public
/// addresses for a while.
fn folded(peer: IpAddr, now: api::UtcMillis) -> String {
    let prefix = match peer {
        IpAddr::V4(v4) if v4.is_private() || v4.is_loopback() || v4.is_link_local() => 24,
        // RFC 6598: shared by carriers and by clouds.
        IpAddr::V4(v4) if v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64 => 24,
        IpAddr::V6(v6) if v6.is_loopback() || v6.is_unique_local() => 64,
        IpAddr::V6(v6) if v6.is_unicast_link_local() => 64,
        IpAddr::V4(_) | IpAddr::V6(_) => return format!("public {}", now / PUBLIC_EVERY),
    };
    IpNet::new(peer, prefix).map_or_else(|_| peer.to_string(), |it| it.trunc().to_string())
}

/// Closes the notifications about peers that are trusted by now.
pub(crate) async fn settle(app: &App) -> Result<(), Error> {
    app.forwarders.forget();
    let trusted = app.settings.trusted_proxies.clone();
    if trusted.0.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            for (id, facts) in notifications::open_of(tx, NotificationKind::UntrustedProxy)? {
                let address = facts.address.and_then(|it| it.parse().ok());
                if address.is_some_and(|it| trusted.contains(&it)) {
                    notifications::close_one(tx, now, &id)?;
                }
            }
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(list: &[&str], address: &str) -> bool {
        let trusted = TrustedProxies::parse(list).expect("networks");
        trusted.contains(&address.parse().expect("an address"))
    }

    #[test]
    fn parse_takes_addresses_and_networks() {
        for (list, address, is_in) in [
            (&["10.0.0.0/8"][..], "10.200.3.4", true),
            (&["10.0.0.0/8"], "11.0.0.1", false),
            (&["172.18.0.2"], "172.18.0.2", true),
            (&["172.18.0.2"], "172.18.0.3", false),
            (&["fd00::/8"], "fd12:3456::1", true),
            (&["fd00::/8"], "fe80::1", false),
            (&["2001:db8::1"], "2001:db8::1", true),
            (&[" 10.0.0.0/8 ", "fd00::/8"], "fd00::1", true),
            // Bits behind the prefix, as `ip addr` prints them.
            (&["172.18.0.1/16"], "172.18.255.9", true),
            (&["::ffff:10.0.0.0/104"], "10.1.2.3", true),
            (&["::ffff:10.0.0.1"], "10.0.0.1", true),
            (&["", " "], "127.0.0.1", false),
        ] {
            assert_eq!(contains(list, address), is_in, "{list:?} {address}");
        }
    }

    #[test]
    fn parse_names_value_that_is_no_network() {
        for value in [
            "proxy",
            "10.0.0.0/33",
            "10.0.0",
            "fd00::/129",
            "0.0.0.0/0",
            "::/0",
            "10.0.0.1:80",
        ] {
            let why = TrustedProxies::parse(&["10.0.0.1", value]).expect_err(value);
            assert!(why.contains(value) && why.contains("use "), "{why}");
        }
    }

    #[test]
    fn display_is_what_parse_takes() {
        let text = "10.0.0.0/8,172.18.0.2,fd00::/8,2001:db8::1";
        let values: Vec<&str> = text.split(',').collect();
        let trusted = TrustedProxies::parse(&values).expect("networks");
        assert_eq!(trusted.to_string(), text);
    }

    #[test]
    fn notices_fold_by_private_network_and_all_public_addresses() {
        let key = |text: &str| folded(text.parse().expect("an address"), 0);
        assert_eq!(key("172.18.0.2"), key("172.18.0.77"));
        assert_ne!(key("172.18.0.2"), key("172.18.1.2"));
        assert_eq!(key("fd00::1"), key("fd00::2"));
        assert_eq!(key("203.0.113.1"), key("2001:db8::1"));
        assert_ne!(key("127.0.0.1"), key("203.0.113.1"));
    }
}
