//! What every administrator is told of without asking: on the first page, and by webhook.

use serde::{Deserialize, Serialize};

use crate::{UtcMillis, cause::Cause, connections::Provider, json::FromJson};

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// A client secret runs out in 30, 14, 7 or 1 days.
    SecretExpiring,
    /// A client secret ran out, by the date that was entered for it.
    SecretExpired,
    /// The next client secret took the place of the first, which the provider no longer takes.
    SecretReplaced,
    BreakGlassIssued,
    BreakGlassUsed,
    BreakGlassFailed,
    /// Members sign in through the provider for a trial; it undoes itself unless it is confirmed.
    TrialStarted,
    TrialReverted,
    ConnectionDegraded,
    ConnectionRecovered,
    CheckFailed,
    /// A user's first sign-in was matched by email.
    LinkedByEmail,
    /// An Okta account was refused as an administrator until someone confirms it.
    IdentityUnconfirmed,
    /// A peer forwards requests of others and is no trusted proxy.
    UntrustedProxy,
    /// Many wrong passwords were tried for an administrator.
    PasswordGuessing,
}

impl NotificationKind {
    pub const ALL: [Self; 15] = [
        Self::SecretExpiring,
        Self::SecretExpired,
        Self::SecretReplaced,
        Self::BreakGlassIssued,
        Self::BreakGlassUsed,
        Self::BreakGlassFailed,
        Self::TrialStarted,
        Self::TrialReverted,
        Self::ConnectionDegraded,
        Self::ConnectionRecovered,
        Self::CheckFailed,
        Self::LinkedByEmail,
        Self::IdentityUnconfirmed,
        Self::UntrustedProxy,
        Self::PasswordGuessing,
    ];

    /// The word in the database, in the webhook and in the metrics.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SecretExpiring => "secret_expiring",
            Self::SecretExpired => "secret_expired",
            Self::SecretReplaced => "secret_replaced",
            Self::BreakGlassIssued => "break_glass_issued",
            Self::BreakGlassUsed => "break_glass_used",
            Self::BreakGlassFailed => "break_glass_failed",
            Self::TrialStarted => "trial_started",
            Self::TrialReverted => "trial_reverted",
            Self::ConnectionDegraded => "connection_degraded",
            Self::ConnectionRecovered => "connection_recovered",
            Self::CheckFailed => "check_failed",
            Self::LinkedByEmail => "linked_by_email",
            Self::IdentityUnconfirmed => "identity_unconfirmed",
            Self::UntrustedProxy => "untrusted_proxy",
            Self::PasswordGuessing => "password_guessing",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// What a notice says besides its kind; what does not belong to the kind is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationData {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Provider>,
    /// Whole days until the secret runs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// The date that the secret runs out on, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// The last four characters of the secret that is in use now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_four: Option<String>,
    /// The name of the person whom it concerns.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "crate::names::escaped_some"
    )]
    pub who: Option<String>,
    /// Their id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The login of the Okta account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The name of whoever did it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "crate::names::escaped_some"
    )]
    pub by: Option<String>,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<UtcMillis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// The IP address of the peer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The value that a setting needs, with what it has already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
    /// How often it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
}

/// One notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notification {
    pub id: String,
    pub at: UtcMillis,
    pub kind: NotificationKind,
    pub data: NotificationData,
}

/// `GET /api/notifications`: those that nobody dismissed, newest first, at most 50.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationList {
    pub notifications: Vec<Notification>,
}
