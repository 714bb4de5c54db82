//! "Okta domain or metadata URL": takes what an administrator pastes and says which issuer it means.
//!
//! Only the listed rules change the text; whatever they do not cover is refused with its reason.
//! Okta writes an issuer without a slash at the end, in lower case and without a port.

use crate::{cause::Cause, field::FieldFault, logins};

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

/// The host in lower case without a dot at the end, and the port.
pub(crate) fn split_port(authority: &str) -> Result<(String, Option<u16>), FieldFault> {
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
    if host.ends_with(".com.com") {
        return Err(FieldFault::DoubledSuffix);
    }
    public_host(host)?;
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

/// A host that this server may call: a name, in lower case and without a dot at the end, of another machine.
pub(crate) fn public_host(host: &str) -> Result<(), FieldFault> {
    if host.rsplit('.').next().is_some_and(is_number) {
        return Err(FieldFault::IpAddress);
    }
    if is_loopback(host) || !logins::domain_ok(host) {
        return Err(FieldFault::NotAnAddress);
    }
    Ok(())
}

/// Whether the last label makes an IPv4 address of a host (WHATWG URL, "ends in a number"): `0x7f.1` is 127.0.0.1.
fn is_number(label: &str) -> bool {
    let hex = label
        .strip_prefix("0x")
        .or_else(|| label.strip_prefix("0X"));
    match hex {
        Some(digits) => digits.bytes().all(|b| b.is_ascii_hexdigit()),
        None => !label.is_empty() && label.bytes().all(|b| b.is_ascii_digit()),
    }
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

/// What was done to a text that was understood, worth a word to whoever pasted it.
#[must_use]
pub fn notes(pasted: &str, input: &IssuerInput) -> Vec<Cause> {
    let mut notes = Vec::new();
    if input.was_admin {
        notes.push(Cause::AdminDomain);
    }
    let text = cleaned(pasted).unwrap_or_default();
    let rest = text.split_once("://").map_or(&*text, |(_, rest)| rest);
    let cut = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(cut);
    let own = match &input.authorization_server {
        Some(id) => format!("/oauth2/{id}"),
        None => String::new(),
    };
    if path.contains("/.well-known") {
        notes.push(Cause::MetadataAddress);
    } else if path.trim_end_matches('/') != own {
        notes.push(Cause::PageAddress);
    } else if path != own
        || pasted != text
        || (!input.was_admin && !input.issuer.ends_with(&format!("://{authority}{own}")))
    {
        notes.push(Cause::AddressNormalized);
    }
    notes
}

/// What was probably meant by a text that was refused; to be offered, never to be taken unasked.
#[must_use]
pub fn suggestion(pasted: &str, loopback: Loopback, fault: FieldFault) -> Option<String> {
    let text = pasted.trim().to_ascii_lowercase();
    let rest = text.split_once("://").map_or(&*text, |(_, rest)| rest);
    let cut = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
    let (host, tail) = rest.split_at(cut);
    let meant = match fault {
        FieldFault::NotHttps => format!("https://{rest}"),
        FieldFault::DoubledSuffix => format!("{}{tail}", host.strip_suffix(".com")?),
        FieldFault::Blanks => rest.split_whitespace().collect(),
        FieldFault::NotAnIssuer | FieldFault::Port => host.to_owned(),
        // The name alone, as people say it.
        FieldFault::NotAnAddress if rest == text && tail.is_empty() && !host.contains('.') => {
            format!("{host}.okta.com")
        }
        _ => return None,
    };
    let understood = IssuerInput::parse(&meant, loopback).ok()?;
    Some(understood.issuer)
}

#[cfg(test)]
mod tests;
