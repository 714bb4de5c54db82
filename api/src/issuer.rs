//! "Okta domain or metadata URL": takes what an administrator pastes and says which issuer it means.
//!
//! Only the listed rules change the text; whatever they do not cover is refused with its reason.
//! Okta writes an issuer without a slash at the end, in lower case and without a port.

use crate::{field::FieldFault, logins};

/// The suffixes under which Okta gives out names (Okta: "Find your Okta domain").
pub const OKTA_SUFFIXES: &[&str] = &[
    "okta.com",
    "oktapreview.com",
    "okta-emea.com",
    "okta-gov.com",
    "okta.mil",
];

/// Whether an issuer on this very machine may be used: in the demo and in tests, never in earnest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loopback {
    Refused,
    Allowed,
}

/// An issuer, as understood from what was pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerInput {
    /// `https://host` or `https://host/oauth2/id`; compared byte for byte from here on.
    pub issuer: String,
    /// The id of the custom authorization server; none is the organization's own.
    pub authorization_server: Option<String>,
    /// The Admin Console's name was pasted, and the organization's own was taken instead.
    pub was_admin: bool,
}

impl IssuerInput {
    /// Fails with the [`FieldFault`] that names what is wrong.
    pub fn parse(text: &str, loopback: Loopback) -> Result<Self, FieldFault> {
        let text = cleaned(text)?;
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => (String::new(), text.as_str()),
        };
        let cut = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(cut);
        if authority.contains('@') {
            return Err(FieldFault::Credentials);
        }
        let (host, port) = split_port(authority)?;
        let on_loopback = is_loopback(&host) && loopback == Loopback::Allowed;
        let scheme = match scheme.as_str() {
            "" | "http" if on_loopback => "http",
            "" | "https" => "https",
            "http" => return Err(FieldFault::NotHttps),
            _ => return Err(FieldFault::NotAnAddress),
        };
        let port = match port {
            Some(port) if on_loopback => format!(":{port}"),
            None | Some(443) => String::new(),
            Some(_) => return Err(FieldFault::Port),
        };
        let (host, was_admin) = if on_loopback {
            (host, false)
        } else {
            host_checked(&host)?
        };
        let server = server_of(path)?;
        let issuer = match &server {
            Some(id) => format!("{scheme}://{host}{port}/oauth2/{id}"),
            None => format!("{scheme}://{host}{port}"),
        };
        Ok(Self {
            issuer,
            authorization_server: server,
            was_admin,
        })
    }
}

/// Whether a host name means this machine. `*.localhost` does by RFC 6761 §6.3.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    host == "localhost" || host == "127.0.0.1" || host.ends_with(".localhost")
}

/// Trims, and drops what word processors and chats hide in a copied address.
fn cleaned(text: &str) -> Result<String, FieldFault> {
    let text: String = text
        .chars()
        .filter(|c| {
            !matches!(
                c,
                '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
            )
        })
        .collect();
    let text = text
        .trim()
        .trim_matches(['"', '\'', '`', '\u{201c}', '\u{201d}']);
    if text.is_empty() {
        return Err(FieldFault::Required);
    }
    if text.len() > 2048 {
        return Err(FieldFault::TooLong);
    }
    let lower = text.to_ascii_lowercase();
    if text.contains(['{', '}', '<', '>', '$']) || lower.contains("youroktadomain") {
        return Err(FieldFault::Placeholder);
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(FieldFault::Blanks);
    }
    if text.contains('\\') {
        return Err(FieldFault::NotAnAddress);
    }
    if !text.is_ascii() {
        return Err(FieldFault::NotAscii);
    }
    Ok(text.to_owned())
}

fn split_port(authority: &str) -> Result<(String, Option<u16>), FieldFault> {
    if authority.starts_with('[') {
        return Err(FieldFault::IpAddress);
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => {
            let port = port.parse().map_err(|_| FieldFault::NotAnAddress)?;
            (host, Some(port))
        }
        None => (authority, None),
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    Ok((host.to_ascii_lowercase(), port))
}

/// The host that the issuer has, and whether it was the Admin Console's.
fn host_checked(host: &str) -> Result<(String, bool), FieldFault> {
    let labels: Vec<&str> = host.split('.').collect();
    if labels
        .last()
        .is_some_and(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(FieldFault::IpAddress);
    }
    if host.ends_with(".com.com") {
        return Err(FieldFault::DoubledSuffix);
    }
    if is_loopback(host) || !logins::domain_ok(host) {
        return Err(FieldFault::NotAnAddress);
    }
    let suffix = OKTA_SUFFIXES.iter().find(|suffix| {
        host.strip_suffix(*suffix)
            .is_some_and(|name| name.ends_with('.'))
    });
    if let (Some(suffix), Some(first)) = (suffix, labels.first())
        && let Some(name) = first.strip_suffix("-admin")
        && !name.is_empty()
        && host.len() == first.len() + 1 + suffix.len()
    {
        return Ok((format!("{name}.{suffix}"), true));
    }
    if OKTA_SUFFIXES.contains(&host) {
        return Err(FieldFault::NotAnAddress);
    }
    Ok((host.to_owned(), false))
}

/// The id of the custom authorization server in the path, or none for the organization's own.
fn server_of(path: &str) -> Result<Option<String>, FieldFault> {
    let path = path.split(['?', '#']).next().unwrap_or("");
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    match segments.as_slice() {
        ["oauth2"] | ["oauth2", "v1"] => Err(FieldFault::NotAnIssuer),
        // RFC 8414 §3.1 puts the issuer's path behind the well-known part.
        [".well-known", _, "oauth2", id, ..] | ["oauth2", id, ..] if *id != "v1" => {
            if id.len() <= 64
                && id
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
            {
                Ok(Some((*id).to_owned()))
            } else {
                Err(FieldFault::NotAnIssuer)
            }
        }
        // Any page of the organization: its address is all that counts.
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn understood(text: &str) -> Result<String, FieldFault> {
        IssuerInput::parse(text, Loopback::Refused).map(|input| input.issuer)
    }

    #[test]
    fn what_people_paste_is_understood() {
        for (pasted, issuer) in [
            ("company.okta.com", "https://company.okta.com"),
            ("https://company.okta.com/", "https://company.okta.com"),
            ("  https://Company.Okta.com  ", "https://company.okta.com"),
            ("HTTPS://COMPANY.OKTA.COM", "https://company.okta.com"),
            ("https://company.okta.com:443", "https://company.okta.com"),
            ("https://company.okta.com.", "https://company.okta.com"),
            ("company-admin.okta.com", "https://company.okta.com"),
            (
                "https://company-admin.okta.com/admin/dashboard",
                "https://company.okta.com",
            ),
            (
                "https://company.okta.com/app/UserHome?x=1#y",
                "https://company.okta.com",
            ),
            (
                "https://company.okta.com/.well-known/openid-configuration",
                "https://company.okta.com",
            ),
            (
                "https://company.okta.com/oauth2/v1/authorize",
                "https://company.okta.com",
            ),
            (
                "https://company.okta.com/oauth2/default",
                "https://company.okta.com/oauth2/default",
            ),
            (
                "https://company.okta.com/oauth2/default/",
                "https://company.okta.com/oauth2/default",
            ),
            (
                "https://company.okta.com/oauth2/default/.well-known/openid-configuration",
                "https://company.okta.com/oauth2/default",
            ),
            (
                "https://company.okta.com/.well-known/oauth-authorization-server/oauth2/ausA1",
                "https://company.okta.com/oauth2/ausA1",
            ),
            (
                "https://company.okta.com/oauth2/ausA1/v1/token",
                "https://company.okta.com/oauth2/ausA1",
            ),
            ("\u{feff}\"company.okta.com\"", "https://company.okta.com"),
            ("company.oktapreview.com", "https://company.oktapreview.com"),
            ("login.company.example", "https://login.company.example"),
            ("shop-ecom.com", "https://shop-ecom.com"),
            (
                "team-admin.company.example",
                "https://team-admin.company.example",
            ),
        ] {
            assert_eq!(understood(pasted).as_deref(), Ok(issuer), "{pasted:?}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_reason() {
        for (pasted, fault) in [
            ("", FieldFault::Required),
            ("company", FieldFault::NotAnAddress),
            ("http://company.okta.com", FieldFault::NotHttps),
            ("ftp://company.okta.com", FieldFault::NotAnAddress),
            ("javascript://company.okta.com", FieldFault::NotAnAddress),
            ("https://{yourOktaDomain}", FieldFault::Placeholder),
            ("https://yourOktaDomain.okta.com", FieldFault::Placeholder),
            ("company.okta.com.com", FieldFault::DoubledSuffix),
            (
                "https://company.okta.com@evil.test",
                FieldFault::Credentials,
            ),
            (
                "https://company.okta.com\\@evil.test",
                FieldFault::NotAnAddress,
            ),
            ("company okta.com", FieldFault::Blanks),
            ("comp\tany.okta.com", FieldFault::Blanks),
            ("https://\u{43e}kta.com", FieldFault::NotAscii),
            ("https://company.okta.com:8443", FieldFault::Port),
            ("https://127.0.0.1", FieldFault::IpAddress),
            ("https://2130706433", FieldFault::IpAddress),
            ("https://0x7f.1", FieldFault::IpAddress),
            ("https://[::1]", FieldFault::IpAddress),
            ("https://localhost", FieldFault::NotAnAddress),
            ("https://okta.localhost", FieldFault::NotAnAddress),
            ("okta.com", FieldFault::NotAnAddress),
            ("https://company.okta.com/oauth2", FieldFault::NotAnIssuer),
            (
                "https://company.okta.com/oauth2/v1",
                FieldFault::NotAnIssuer,
            ),
            (
                "https://company.okta.com/oauth2/%2e%2e",
                FieldFault::NotAnIssuer,
            ),
        ] {
            assert_eq!(understood(pasted), Err(fault), "{pasted:?}");
        }
    }

    #[test]
    fn loopback_is_an_issuer_only_where_it_is_allowed() {
        let text = "http://127.0.0.1:7080/oauth2/default";
        assert_eq!(
            IssuerInput::parse(text, Loopback::Allowed).map(|i| i.issuer),
            Ok(text.to_owned())
        );
        assert!(IssuerInput::parse(text, Loopback::Refused).is_err());
        assert_eq!(
            IssuerInput::parse("http://evil.localhost.test", Loopback::Allowed),
            Err(FieldFault::NotHttps)
        );
    }

    proptest::proptest! {
        #[test]
        fn an_issuer_that_was_understood_is_understood_as_itself(text in "\\PC{0,60}") {
            if let Ok(first) = IssuerInput::parse(&text, Loopback::Refused) {
                let again = IssuerInput::parse(&first.issuer, Loopback::Refused).expect("again");
                proptest::prop_assert_eq!(again.issuer, first.issuer);
            }
        }
    }
}
