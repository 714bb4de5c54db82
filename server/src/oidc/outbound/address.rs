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
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect(text)
    }

    #[test]
    fn only_https_to_a_name_on_443_is_called() {
        let guard = Guard::new(Loopback::Refused, &["id.corp.example:8443".into()]);
        for (text, allowed) in [
            ("https://acme.okta.com/x", true),
            ("https://acme.okta.com:443/x", true),
            ("http://acme.okta.com/x", false),
            ("https://acme.okta.com:8443/x", false),
            ("https://id.corp.example:8443/x", true),
            ("https://id.corp.example:22/x", false),
            ("https://id.corp.example/x", true),
            ("http://id.corp.example:8443/x", false),
            ("https://u:p@acme.okta.com/x", false),
            ("https://acme.okta.com@127.0.0.1/x", false),
            ("https://127.0.0.1/x", false),
            ("https://2130706433/x", false),
            ("https://0x7f.1/x", false),
            ("https://0177.1/x", false),
            ("https://93.184.216.34/x", false),
            ("https://[::1]/x", false),
            ("https://[::ffff:127.0.0.1]/x", false),
            ("https://localhost/x", false),
            ("https://okta.localhost/x", false),
            ("ftp://acme.okta.com/x", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(guard.check_url(&url(text)).is_ok(), allowed, "{text}");
        }
    }

    #[test]
    fn loopback_is_called_only_where_it_is_allowed_and_by_its_own_names() {
        let guard = Guard::new(Loopback::Allowed, &[]);
        for (text, allowed) in [
            ("http://127.0.0.1:7080/x", true),
            ("http://okta.localhost:7080/x", true),
            ("https://localhost:7080/x", true),
            ("http://127.0.0.2:7080/x", false),
            ("http://[::1]:7080/x", false),
            ("http://10.0.0.1/x", false),
            ("http://acme.okta.com/x", false),
            ("https://acme.okta.com:7080/x", false),
            ("http://evil.localhost.test/x", false),
        ] {
            assert_eq!(guard.check_url(&url(text)).is_ok(), allowed, "{text}");
        }
    }

    #[test]
    fn an_address_that_is_not_public_is_refused_where_it_is_resolved() {
        for (text, public) in [
            ("93.184.216.34", true),
            ("100.63.0.1", true),
            ("172.32.0.1", true),
            ("198.20.0.1", true),
            ("127.0.0.1", false),
            ("127.255.1.1", false),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("172.31.255.255", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("100.127.255.255", false),
            ("198.18.0.1", false),
            ("192.0.2.1", false),
            ("224.0.0.1", false),
            ("240.0.0.1", false),
            ("255.255.255.255", false),
            ("2606:2800:220:1::1", true),
            ("::", false),
            ("::1", false),
            ("::ffff:93.184.216.34", false),
            ("::93.184.216.34", false),
            ("64:ff9b::5db8:d822", false),
            ("64:ff9b:1::1", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("2002:5db8:d822::1", false),
            ("fc00::1", false),
            ("fd12::1", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
        ] {
            let address = text.parse().expect(text);
            assert_eq!(is_public(address), public, "{text}");
        }
    }

    #[test]
    fn one_private_address_among_public_ones_refuses_the_name() {
        let guard = Guard::new(Loopback::Allowed, &["id.corp.example".into()]);
        let at = |list: &[&str]| -> Vec<SocketAddr> {
            list.iter()
                .map(|ip| SocketAddr::new(ip.parse().expect("an address"), 0))
                .collect()
        };
        for (host, list, allowed) in [
            ("acme.okta.com", at(&["93.184.216.34"]), true),
            ("acme.okta.com", at(&["93.184.216.34", "10.0.0.1"]), false),
            ("acme.okta.com", at(&["127.0.0.1"]), false),
            ("acme.okta.com", at(&[]), false),
            ("id.corp.example", at(&["10.0.0.1"]), true),
            ("id.corp.example", at(&["fd00::1", "93.184.216.34"]), true),
            ("id.corp.example", at(&["169.254.169.254"]), false),
            ("x.id.corp.example", at(&["10.0.0.1"]), false),
        ] {
            let outcome = guard.check_resolved(host, &list);
            assert_eq!(outcome.is_ok(), allowed, "{host} {list:?}");
        }
    }
}
