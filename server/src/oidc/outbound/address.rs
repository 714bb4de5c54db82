//! Which addresses this server calls: by URL before the request, and by what the name resolved to
//! at the moment of connecting, so that a name cannot change its mind in between.

use std::{
    collections::BTreeSet,
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
};

use api::{Loopback, issuer::is_loopback};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// The rules. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    loopback: Loopback,
    /// Named hosts in private networks, each with its port.
    private: Arc<BTreeSet<(String, u16)>>,
}

/// An address was refused; the name is in the text, for the log.
#[derive(Debug)]
pub(super) struct Refusal {
    why: String,
    /// The host, where only the rule against private addresses stands in its way.
    pub(super) private_host: Option<String>,
}

impl Refusal {
    fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            private_host: None,
        }
    }

    fn private(host: &str, why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            private_host: Some(host.to_owned()),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Refusal {}

impl Guard {
    pub(super) fn new(loopback: Loopback, private_hosts: &[String]) -> Self {
        let private = private_hosts
            .iter()
            .map(|entry| match entry.rsplit_once(':') {
                Some((host, port)) => (host.to_ascii_lowercase(), port.parse().unwrap_or(443)),
                None => (entry.to_ascii_lowercase(), 443),
            })
            .collect();
        Self {
            loopback,
            private: Arc::new(private),
        }
    }

    /// Fails with why this URL is never called. An IP address as host is judged here for good: the
    /// resolver is never asked about it.
    pub(super) fn check_url(&self, url: &Url) -> Result<(), Refusal> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::new("credentials in the address"));
        }
        let host = url.host_str().unwrap_or_default();
        let literal = |address: IpAddr| {
            let why = "an IP address in place of a name";
            if is_public(address) {
                Err(Refusal::new(why))
            } else {
                Err(Refusal::private(host, why))
            }
        };
        let on_loopback = match url.host() {
            Some(Host::Domain(name)) => is_loopback(name),
            Some(Host::Ipv4(address)) if address == Ipv4Addr::LOCALHOST => true,
            Some(Host::Ipv4(address)) => return literal(address.into()),
            Some(Host::Ipv6(address)) => return literal(address.into()),
            None => return Err(Refusal::new("no host")),
        };
        if on_loopback && self.loopback == Loopback::Refused {
            return Err(Refusal::private(host, "loopback"));
        }
        match url.scheme() {
            "https" => (),
            "http" if on_loopback => (),
            scheme => return Err(Refusal::new(format!("{scheme} in place of https"))),
        }
        let port = url.port_or_known_default().unwrap_or(0);
        if on_loopback || port == 443 || self.is_private(host, Some(port)) {
            Ok(())
        } else {
            Err(Refusal::new(format!("port {port}")))
        }
    }

    fn is_private(&self, host: &str, port: Option<u16>) -> bool {
        self.private
            .iter()
            .any(|(name, allowed)| name == host && port.is_none_or(|port| port == *allowed))
    }

    /// The addresses of a name that may be called; no other is ever connected to. Fails where
    /// there are addresses and none of them may be.
    fn allowed(&self, host: &str, found: &[SocketAddr]) -> Result<Vec<SocketAddr>, Refusal> {
        let named = self.is_private(host, None);
        let may =
            |address: &SocketAddr| is_public(address.ip()) || named && is_private(address.ip());
        let allowed: Vec<SocketAddr> = found.iter().copied().filter(may).collect();
        match found.first() {
            Some(first) if allowed.is_empty() => {
                let why = format!("{host} is at {}, which is not public", first.ip());
                Err(Refusal::private(host, why))
            }
            Some(_) | None => Ok(allowed),
        }
    }
}

/// Resolves names for the client, and lets through only what the [`Guard`] allows.
pub(super) struct Resolver {
    guard: Guard,
    lookup: fn(String) -> Found,
}

/// The addresses of a name.
pub(super) type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

impl Resolver {
    /// Asks the system.
    pub(super) fn new(guard: Guard) -> Self {
        Self::with(guard, |host| {
            Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.collect()) })
        })
    }

    pub(super) fn with(guard: Guard, lookup: fn(String) -> Found) -> Self {
        Self { guard, lookup }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, lookup) = (self.guard.clone(), self.lookup);
        Box::pin(async move {
            let host = name.as_str();
            // RFC 6761 §6.3: these names are loopback, whatever a resolver says.
            if is_loopback(host) {
                return match guard.loopback {
                    Loopback::Allowed => {
                        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
                        Ok(Box::new(std::iter::once(here)) as Addrs)
                    }
                    Loopback::Refused => {
                        Err(Refusal::private(host, format!("{host} is loopback")).into())
                    }
                };
            }
            let found = lookup(host.to_owned()).await?;
            let allowed = guard.allowed(host, &found)?;
            if allowed.is_empty() {
                return Err(format!("{host} has no address").into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is on the public internet (IANA's special-purpose registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

/// Only global unicast, `2000::/3`, less what is in it for tunnels and documentation. That leaves
/// out loopback, mapped IPv4, unique local, link-local and multicast. Where NAT64 translates, the
/// IPv4 address inside is what is reached.
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inside) = translated(address) {
        return inside.into_iter().all(is_public_v4);
    }
    let [first, second, ..] = address.segments();
    first & 0xe000 == 0x2000
        && !(first == 0x2001 && second < 0x0200)
        && !(first == 0x2001 && second == 0x0db8)
        && first != 0x2002
        && !(first == 0x3fff && second < 0x1000)
}

/// What a host that the operator named may be at. Never link-local, where clouds keep credentials.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private() || v4.is_loopback() || (a == 100 && (64..=127).contains(&b))
        }
        IpAddr::V6(v6) => match translated(v6) {
            Some(inside) => inside.into_iter().all(|v4| is_private(v4.into())),
            None => v6.is_unique_local() || v6.is_loopback(),
        },
    }
}

/// The IPv4 addresses that a NAT64 may make of this one: of the well-known prefix (RFC 6052 §2.1)
/// the last 32 bits. Within the local prefix (RFC 8215) it is the network that says how long its
/// own prefix is, and so where the address stands (RFC 6052 §2.2): each reading counts, but those
/// of `0.0.0.0/8`, which is what a longer prefix leaves there.
fn translated(address: Ipv6Addr) -> Option<Vec<Ipv4Addr>> {
    let [a, b, c, ..] = address.segments();
    let octets = address.octets();
    let at = |places: [usize; 4]| Ipv4Addr::from(places.map(|place| octets[place]));
    let last = at([12, 13, 14, 15]);
    match (a, b, c) {
        (0x64, 0xff9b, 0) if octets[6..12] == [0; 6] => Some(vec![last]),
        (0x64, 0xff9b, 1) => {
            let places = [
                [6, 7, 9, 10],
                [7, 9, 10, 11],
                [9, 10, 11, 12],
                [12, 13, 14, 15],
            ];
            let read = places.into_iter().map(at);
            let read: Vec<Ipv4Addr> = read.filter(|it| it.octets()[0] != 0).collect();
            Some(if read.is_empty() { vec![last] } else { read })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
