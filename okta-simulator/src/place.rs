//! Which organization a request came to, by its Host header, and which of its issuers, by its path.

use crate::org::app::Provider;

/// What the host of a request stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Org,
    /// The organization's own domain.
    Custom,
    /// `{sub}-admin.…`: the Admin Console's host.
    Admin,
    /// A name that nobody has.
    Parked,
}

impl Kind {
    /// Whether the organization, with its apps and servers, is behind it.
    pub(crate) fn is_ours(self) -> bool {
        match self {
            Self::Org | Self::Custom | Self::Admin => true,
            Self::Parked => false,
        }
    }
}

/// Okta's clouds, as practised: after the first, those that the organization is not in.
const CLOUDS: [&str; 4] = [
    "okta.localhost",
    "oktapreview.localhost",
    "okta-emea.localhost",
    "okta-gov.localhost",
];

/// The origin of a request.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Scheme, host and port, without `-admin`: what issuers begin with.
    pub(crate) base: String,
    pub(crate) kind: Kind,
}

impl Place {
    /// `host` is the header as it came; `own` is the organization's name under `okta.localhost`, `custom` its own domain.
    pub(crate) fn of(host: &str, own: &str, custom: Option<&str>) -> Self {
        let (name, port) = split(host);
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        let stripped = first
            .strip_suffix("-admin")
            .filter(|label| !label.is_empty() && !rest.is_empty())
            .map(|label| format!("{label}.{rest}"));
        let org = stripped.as_deref().unwrap_or(name);
        let kind = if custom.is_some_and(|custom| name.eq_ignore_ascii_case(custom)) {
            Kind::Custom
        } else {
            match in_cloud(&org.to_ascii_lowercase(), own) {
                Some(kind) if kind != Kind::Org => kind,
                Some(_) | None if stripped.is_some() => Kind::Admin,
                Some(_) | None => Kind::Org,
            }
        };
        Self {
            base: origin(org, port),
            kind,
        }
    }

    /// The same place under another name.
    pub(crate) fn named(&self, name: &str) -> Self {
        let (_, port) = split(self.base.trim_start_matches("http://"));
        Self {
            base: origin(name, port),
            kind: self.kind,
        }
    }

    /// The Admin Console's address, where there is a name to put `-admin` into.
    pub(crate) fn admin_base(&self) -> String {
        let host = self.base.trim_start_matches("http://");
        match host.split_once('.') {
            Some((first, rest)) if !first.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("http://{first}-admin.{rest}")
            }
            Some(_) | None => self.base.clone(),
        }
    }
}

/// Host name and port of a `Host` header.
fn split(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, Some(port)),
        Some(_) | None => (host, None),
    }
}

fn origin(name: &str, port: Option<&str>) -> String {
    port.map_or_else(
        || format!("http://{name}"),
        |port| format!("http://{name}:{port}"),
    )
}

/// Whose a name in one of Okta's clouds is; `None` for every name outside of them.
fn in_cloud(name: &str, own: &str) -> Option<Kind> {
    let (_, cloud) = name.split_once('.')?;
    CLOUDS.iter().find(|known| **known == cloud)?;
    // The sandbox is the same organization: whoever connects it sees everything work.
    let ours = name == own || name == format!("dev-{own}");
    Some(if ours { Kind::Org } else { Kind::Parked })
}

/// One of the issuers that are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tree {
    /// The org authorization server.
    Org,
    /// A custom authorization server, by id; it need not exist.
    Custom(String),
    Google,
    /// With the tenant as the caller spelled it: the tenant's id, `common` or `organizations`.
    Microsoft(String),
}

/// What an issuer serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Authorize,
    Token,
    Userinfo,
    Keys,
    Introspect,
    Revoke,
    Logout,
    Par,
}

impl Endpoint {
    /// The last part of the path at Okta.
    fn okta_name(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::Token => "token",
            Self::Userinfo => "userinfo",
            Self::Keys => "keys",
            Self::Introspect => "introspect",
            Self::Revoke => "revoke",
            Self::Logout => "logout",
            Self::Par => "par",
        }
    }

    fn google_path(self) -> &'static str {
        match self {
            Self::Authorize => "o/oauth2/v2/auth",
            Self::Token => "token",
            Self::Userinfo => "v1/userinfo",
            Self::Keys => "oauth2/v3/certs",
            Self::Introspect => "introspect",
            Self::Revoke => "revoke",
            Self::Logout => "logout",
            Self::Par => "par",
        }
    }

    fn microsoft_path(self) -> &'static str {
        match self {
            Self::Authorize => "oauth2/v2.0/authorize",
            Self::Token => "oauth2/v2.0/token",
            Self::Userinfo => "oidc/userinfo",
            Self::Keys => "discovery/v2.0/keys",
            Self::Introspect => "oauth2/v2.0/introspect",
            Self::Revoke => "oauth2/v2.0/revoke",
            Self::Logout => "oauth2/v2.0/logout",
            Self::Par => "oauth2/v2.0/par",
        }
    }
}

impl Tree {
    /// The issuer that a path belongs to; the org server for every other path.
    pub(crate) fn of_path(path: &str) -> Self {
        let mut parts = path.split('/').skip(1);
        match (parts.next(), parts.next(), parts.next()) {
            (Some("oauth2"), Some(server), Some(_)) if server != "v1" => {
                Self::Custom(server.to_owned())
            }
            (Some(".well-known"), Some("oauth-authorization-server"), Some("oauth2")) => {
                Self::Custom(parts.next().unwrap_or_default().to_owned())
            }
            (Some("google"), _, _) => Self::Google,
            (Some("microsoft"), Some(tenant), _) => Self::Microsoft(tenant.to_owned()),
            (_, _, _) => Self::Org,
        }
    }

    pub(crate) fn provider(&self) -> Provider {
        match self {
            Self::Org | Self::Custom(_) => Provider::Okta,
            Self::Google => Provider::Google,
            Self::Microsoft(_) => Provider::Microsoft,
        }
    }

    /// The name of the issuer's keys. Microsoft's tenants share theirs.
    pub(crate) fn authority(&self) -> &str {
        match self {
            Self::Org => "",
            Self::Custom(id) => id,
            Self::Google => "google",
            Self::Microsoft(_) => "microsoft",
        }
    }

    /// The issuer as discovery names it.
    pub(crate) fn issuer(&self, place: &Place) -> String {
        let base = &place.base;
        match self {
            Self::Org => base.clone(),
            Self::Custom(id) => format!("{base}/oauth2/{id}"),
            Self::Google => format!("{base}/google"),
            Self::Microsoft(tenant) if tenant == "common" || tenant == "organizations" => {
                format!("{base}/microsoft/{{tenantid}}/v2.0")
            }
            Self::Microsoft(tenant) => format!("{base}/microsoft/{tenant}/v2.0"),
        }
    }

    pub(crate) fn endpoint(&self, place: &Place, endpoint: Endpoint) -> String {
        format!("{}{}", place.base, self.path(endpoint))
    }

    pub(crate) fn path(&self, endpoint: Endpoint) -> String {
        match self {
            Self::Org => format!("/oauth2/v1/{}", endpoint.okta_name()),
            Self::Custom(id) => format!("/oauth2/{id}/v1/{}", endpoint.okta_name()),
            Self::Google => format!("/google/{}", endpoint.google_path()),
            Self::Microsoft(tenant) => format!("/microsoft/{tenant}/{}", endpoint.microsoft_path()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_decides_the_organization() {
        let own = "northwind.okta.localhost";
        let place = |host| {
            let place = Place::of(host, own, Some("login.northwind.localhost"));
            (place.base, place.kind)
        };
        assert_eq!(
            place("127.0.0.1:80"),
            ("http://127.0.0.1:80".into(), Kind::Org)
        );
        assert_eq!(
            place("login.northwind.example"),
            ("http://login.northwind.example".into(), Kind::Org)
        );
        assert_eq!(
            place("northwind.okta.localhost:9"),
            ("http://northwind.okta.localhost:9".into(), Kind::Org)
        );
        assert_eq!(
            place("northwind-admin.okta.localhost:9"),
            ("http://northwind.okta.localhost:9".into(), Kind::Admin)
        );
        assert_eq!(
            place("nortwhind.okta.localhost:9"),
            ("http://nortwhind.okta.localhost:9".into(), Kind::Parked)
        );
        assert_eq!(place("badmin.example").1, Kind::Org);
        assert_eq!(
            place("login.northwind.localhost:9"),
            ("http://login.northwind.localhost:9".into(), Kind::Custom)
        );
        assert_eq!(place("northwind.oktapreview.localhost").1, Kind::Parked);
        assert_eq!(place("northwind.okta-emea.localhost").1, Kind::Parked);
        assert_eq!(place("dev-northwind.okta.localhost").1, Kind::Org);
    }

    #[test]
    fn a_path_belongs_to_one_issuer() {
        assert_eq!(Tree::of_path("/oauth2/v1/token"), Tree::Org);
        assert_eq!(
            Tree::of_path("/oauth2/default/v1/token"),
            Tree::Custom("default".into())
        );
        assert_eq!(
            Tree::of_path("/oauth2/default/.well-known/openid-configuration"),
            Tree::Custom("default".into())
        );
        assert_eq!(
            Tree::of_path("/.well-known/oauth-authorization-server/oauth2/aus1"),
            Tree::Custom("aus1".into())
        );
        assert_eq!(
            Tree::of_path("/.well-known/openid-configuration"),
            Tree::Org
        );
        assert_eq!(Tree::of_path("/google/token"), Tree::Google);
        assert_eq!(
            Tree::of_path("/microsoft/common/v2.0/.well-known/openid-configuration"),
            Tree::Microsoft("common".into())
        );
    }
}
