//! Where a connection is in its life, and what keeps it from the next step.

use serde::{Deserialize, Serialize};

use crate::{UtcMillis, cause::Cause, json::FromJson};

/// Where a connection is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Nothing was ever saved.
    NotConnected,
    /// Fields are saved; nothing changed for members.
    Draft,
    /// An administrator made the round trip with exactly these settings.
    Verified,
    /// Switched on, and undone by itself unless an administrator confirms it.
    Trial,
    /// Confirmed: members sign in through it.
    Connected,
    /// On, and sign-ins fail for a cause that is not the members'.
    Degraded,
    /// It was on, and Okta's going on switched it off.
    DisabledByOkta,
    /// An administrator switched it off.
    Disabled,
}

impl ConnectionState {
    pub const ALL: [Self; 8] = [
        Self::NotConnected,
        Self::Draft,
        Self::Verified,
        Self::Trial,
        Self::Connected,
        Self::Degraded,
        Self::DisabledByOkta,
        Self::Disabled,
    ];

    /// Whether members sign in through it.
    #[must_use]
    pub fn is_on(self) -> bool {
        match self {
            Self::Trial | Self::Connected | Self::Degraded => true,
            Self::NotConnected
            | Self::Draft
            | Self::Verified
            | Self::DisabledByOkta
            | Self::Disabled => false,
        }
    }

    /// The word in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotConnected => "not_connected",
            Self::Draft => "draft",
            Self::Verified => "verified",
            Self::Trial => "trial",
            Self::Connected => "connected",
            Self::Degraded => "degraded",
            Self::DisabledByOkta => "disabled_by_okta",
            Self::Disabled => "disabled",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// What a connection still lacks before it may be switched on: without it administrators could
/// lock themselves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// A round trip with exactly these settings.
    Verification,
    /// An administrator whose identity came through Okta with this issuer.
    OktaAdministrator,
    /// A break-glass credential that was used or tested in the last 30 days.
    BreakGlass,
}

impl Missing {
    pub const ALL: [Self; 3] = [
        Self::Verification,
        Self::OktaAdministrator,
        Self::BreakGlass,
    ];
}

/// A connection that was switched on and is not confirmed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trial {
    pub began_at: UtcMillis,
    /// Then everything returns to what it was.
    pub ends_at: UtcMillis,
}

/// A trial as a session sees it: `GET /api/session`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrialSeen {
    pub ends_at: UtcMillis,
    /// Whether this session may confirm: it came through Okta after the trial began.
    pub may_confirm: bool,
}

/// Since when sign-ins fail, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Degraded {
    pub since: UtcMillis,
    pub cause: Cause,
}
