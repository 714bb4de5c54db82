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
pub(super) struct Refusal(String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
    pub(super) fn check_url(&self, url: &Url) -> Result<(), String> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err("credentials in the address".into());
        }
        let on_loopback = match url.host() {
            Some(Host::Domain(name)) => is_loopback(name),
            Some(Host::Ipv4(address)) if address == Ipv4Addr::LOCALHOST => true,
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => {
                return Err("an IP address in place of a name".into());
            }
            None => return Err("no host".into()),
        };
        if on_loopback && self.loopback == Loopback::Refused {
            return Err("loopback".into());
        }
        match url.scheme() {
            "https" => (),
            "http" if on_loopback => (),
            scheme => return Err(format!("{scheme} in place of https")),
        }
        let port = url.port_or_known_default().unwrap_or(0);
        if on_loopback || port == 443 || self.is_private(url.host_str().unwrap_or(""), Some(port)) {
            Ok(())
        } else {
            Err(format!("port {port}"))
        }
    }

    fn is_private(&self, host: &str, port: Option<u16>) -> bool {
        self.private
            .iter()
            .any(|(name, allowed)| name == host && port.is_none_or(|port| port == *allowed))
    }

    /// Fails unless every address that the name resolved to may be called.
    fn check_resolved(&self, host: &str, found: &[SocketAddr]) -> Result<(), Refusal> {
        let named = self.is_private(host, None);
        if found.is_empty() {
            return Err(Refusal(format!("{host} has no address")));
        }
        match found
            .iter()
            .find(|address| !(is_public(address.ip()) || named && is_private(address.ip())))
        {
            Some(address) => Err(Refusal(format!(
                "{host} is at {}, which is not public",
                address.ip()
            ))),
            None => Ok(()),
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
                    Loopback::Refused => Err(Refusal(format!("{host} is loopback")).into()),
                };
            }
            let found = lookup(host.to_owned()).await?;
            guard.check_resolved(host, &found)?;
            Ok(Box::new(found.into_iter()) as Addrs)
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
/// out loopback, mapped and translated IPv4, unique local, link-local and multicast.
fn is_public_v6(address: Ipv6Addr) -> bool {
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
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_loopback(),
    }
}

#[cfg(test)]
mod tests;
