//! Connections to identity providers, as they are shown.

mod form;

use serde::{Deserialize, Serialize};

use crate::{UtcMillis, cause::Cause};

pub(crate) use form::client_secret;
pub use form::{ConnectionForm, ValidConnection};

/// The identity providers that an organization can be connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    Okta,
    Google,
    Microsoft,
}

impl Provider {
    pub const ALL: [Self; 3] = [Self::Okta, Self::Google, Self::Microsoft];

    /// The word in URLs and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Okta => "okta",
            Self::Google => "google",
            Self::Microsoft => "microsoft",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// The provider's own name, the same in every language.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Okta => "Okta",
            Self::Google => "Google",
            Self::Microsoft => "Microsoft",
        }
    }
}

/// Where a connection is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Nothing was ever saved.
    NotConnected,
    /// Fields are saved; nothing changed for members.
    Draft,
    /// Members sign in through it.
    Active,
    /// It was active, and Okta's going active switched it off.
    SwitchedOff,
    /// An administrator switched it off.
    Disabled,
}

impl ConnectionState {
    pub const ALL: [Self; 5] = [
        Self::NotConnected,
        Self::Draft,
        Self::Active,
        Self::SwitchedOff,
        Self::Disabled,
    ];

    /// The word in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotConnected => "not_connected",
            Self::Draft => "draft",
            Self::Active => "active",
            Self::SwitchedOff => "switched_off",
            Self::Disabled => "disabled",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// One connection: `GET /api/connections/{provider}`. The secret itself never travels back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Connection {
    pub provider: Provider,
    pub state: ConnectionState,
    /// Sent back as `If-Match` with a change; 0 while nothing was ever saved.
    pub version: i64,
    /// Read-only: what has to be registered at the provider.
    pub redirect_uri: String,
    /// Read-only: where the provider may send people after signing out.
    pub sign_out_redirect_uri: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Settings>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretInfo>,
    /// What is shown was edited and not proven yet: members go on with the settings before it
    /// until **Connect now** succeeds.
    #[serde(default)]
    pub unproven: bool,
    /// Since when members sign in through it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_since: Option<UtcMillis>,
    /// What the last round trip with these very settings showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// How the last round trip failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// What was entered, as it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    pub issuer: String,
    pub client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub native_client_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// Google: only accounts of this Workspace domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosted_domain: Option<String>,
    /// Microsoft: the directory (tenant) whose accounts may enter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

/// What may be known of a stored secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecretInfo {
    pub last_four: String,
    pub set_at: UtcMillis,
    /// The administrator's name.
    pub set_by: String,
    /// The date that was entered for its end, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs_out_on: Option<String>,
}

/// What came back from the provider in an administrator's round trip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proof {
    pub at: UtcMillis,
    pub by: String,
    /// Who signed in there.
    pub sub: String,
    pub login: String,
    /// The claims with their values, in the order of their names; strings are cut at 200 characters.
    pub claims: Vec<Claim>,
    /// The user that this account is, or would be at a sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<ProofUser>,
}

/// One claim and where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Claim {
    pub name: String,
    pub id_token: Option<String>,
    pub userinfo: Option<String>,
}

/// The user of a proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProofUser {
    pub id: String,
    pub name: String,
}

/// How a round trip failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failure {
    pub at: UtcMillis,
    pub cause: Cause,
    pub reference: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_said: Option<String>,
}

/// `GET /api/connections`: Okta, Google, Microsoft, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionList {
    pub connections: Vec<Connection>,
}

/// Where to send the browser for the round trip: `POST /api/connections/{provider}/connect`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoundTrip {
    pub location: String,
}
