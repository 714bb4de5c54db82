//! The address that is told of every notice, signed as Standard Webhooks 1.0 has it.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

use crate::{
    UtcMillis,
    field::{FieldError, FieldFault},
    issuer::{self, Loopback},
    notifications::NotificationKind,
};

/// `GET /api/webhook`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Webhook {
    /// None: nobody is told but on the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Sent back as `If-Match` with a change; 0 while nothing was ever saved.
    pub version: i64,
    /// When the signing secret was made, and by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_set_at: Option<UtcMillis>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "crate::names::escaped_some"
    )]
    pub secret_set_by: Option<String>,
    /// The latest twenty, newest first.
    pub deliveries: Vec<Delivery>,
}

/// `PUT /api/webhook`. An empty URL takes the webhook away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WebhookForm {
    pub url: String,
}

/// What a change of the webhook answers: the secret only when it was made just now.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookSaved {
    pub webhook: Webhook,
    /// `whsec_` and base64: shown once, never again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

impl std::fmt::Debug for WebhookSaved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookSaved")
            .field("webhook", &self.webhook)
            .finish_non_exhaustive()
    }
}

/// One message on its way to the webhook, or at its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// `webhook-id`: the same with every try, so that a receiver can tell a repetition.
    pub id: String,
    pub at: UtcMillis,
    /// None: a test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<NotificationKind>,
    pub state: DeliveryState,
    pub attempts: i64,
    /// The status of the last answer, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why the last try failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<DeliveryFault>,
    /// When it is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<UtcMillis>,
}

/// Where a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Pending,
    Delivered,
    /// A day of tries failed, or the webhook was taken away meanwhile.
    Failed,
}

impl DeliveryState {
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Failed];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// Why a try failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryFault {
    /// The address is none that this server calls.
    Refused,
    /// No connection, or no answer within five seconds.
    Unreachable,
    /// An answer that is no success.
    Status,
    /// A redirect: they are not followed.
    Redirected,
}

impl DeliveryFault {
    pub const ALL: [Self; 4] = [
        Self::Refused,
        Self::Unreachable,
        Self::Status,
        Self::Redirected,
    ];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::Status => "status",
            Self::Redirected => "redirected",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

impl WebhookForm {
    /// The address, or None where there shall be none.
    pub fn validate(&self, loopback: Loopback) -> Result<Option<String>, Vec<FieldError>> {
        url(&self.url, loopback).map_err(|fault| vec![FieldError::new("url", fault)])
    }
}

fn url(text: &str, loopback: Loopback) -> Result<Option<String>, FieldFault> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() > 500 {
        return Err(FieldFault::TooLong);
    }
    if !text.is_ascii() {
        return Err(FieldFault::NotAscii);
    }
    if text.bytes().any(|b| b <= b' ' || b == 0x7f || b == b'\\') {
        return Err(FieldFault::Blanks);
    }
    let (scheme, rest) = text.split_once("://").ok_or(FieldFault::NotAnAddress)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(FieldFault::Credentials);
    }
    let (host, port) = issuer::split_port(authority)?;
    if text.contains('#') {
        return Err(FieldFault::NotAnAddress);
    }
    let is_http = scheme.eq_ignore_ascii_case("http");
    let is_https = scheme.eq_ignore_ascii_case("https");
    if loopback == Loopback::Allowed && issuer::is_loopback(&host) && (is_http || is_https) {
        return Ok(Some(text.to_owned()));
    }
    // The rules of an issuer: the same client sends to both.
    issuer::public_host(&host)?;
    match port {
        _ if !is_https => Err(FieldFault::NotHttps),
        None | Some(443) => Ok(Some(text.to_owned())),
        Some(_) => Err(FieldFault::Port),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_of_a_name_without_credentials() {
        let good = "https://hooks.example.com/services/T0?x=1";
        assert_eq!(url(good, Loopback::Refused), Ok(Some(good.into())));
        assert_eq!(url("  ", Loopback::Refused), Ok(None));
        for (text, fault) in [
            ("http://hooks.example.com/", FieldFault::NotHttps),
            ("ftp://hooks.example.com/", FieldFault::NotHttps),
            ("hooks.example.com", FieldFault::NotAnAddress),
            (
                "https://user:pw@hooks.example.com/",
                FieldFault::Credentials,
            ),
            ("https://169.254.169.254/latest", FieldFault::IpAddress),
            ("https://[::1]/", FieldFault::IpAddress),
            ("https://[::ffff:127.0.0.1]:443/", FieldFault::IpAddress),
            ("https://localhost/", FieldFault::NotAnAddress),
            ("https://127.0.0.1/", FieldFault::IpAddress),
            ("https://10.0.0.1/", FieldFault::IpAddress),
            ("https://100.64.0.1./", FieldFault::IpAddress),
            ("https://0x7f.0.0.1/", FieldFault::IpAddress),
            ("https://127.0.0.0x1/", FieldFault::IpAddress),
            ("https://0X7F000001/", FieldFault::IpAddress),
            ("https://2130706433/", FieldFault::IpAddress),
            ("https://127.1/", FieldFault::IpAddress),
            ("https://0177.0.0.1/", FieldFault::IpAddress),
            ("https://localhost./", FieldFault::NotAnAddress),
            ("https://LOCALHOST/", FieldFault::NotAnAddress),
            ("https://a.localhost/", FieldFault::NotAnAddress),
            (
                "https://localhost%00.example.com/",
                FieldFault::NotAnAddress,
            ),
            ("https://local%68ost/", FieldFault::NotAnAddress),
            ("https://a_b.example.com/", FieldFault::NotAnAddress),
            ("https://hooks.example.com:8443/", FieldFault::Port),
            ("https://hooks.example.com:x/", FieldFault::NotAnAddress),
            ("https://hooks.example.com:/", FieldFault::NotAnAddress),
            ("https://@hooks.example.com/", FieldFault::Credentials),
            ("file://hooks.example.com/", FieldFault::NotHttps),
            ("https://intranet/", FieldFault::NotAnAddress),
            ("https:///path", FieldFault::NotAnAddress),
            ("https://a.example/#x", FieldFault::NotAnAddress),
            ("https://a.example\\@b.example/", FieldFault::Blanks),
            ("https://a.example/ b", FieldFault::Blanks),
        ] {
            assert_eq!(url(text, Loopback::Refused), Err(fault), "{text}");
        }
        let port = "https://hooks.example.com:443/";
        assert_eq!(url(port, Loopback::Refused), Ok(Some(port.into())));
        let here = "http://127.0.0.1:9000/hook";
        assert_eq!(url(here, Loopback::Allowed), Ok(Some(here.into())));
    }
}
