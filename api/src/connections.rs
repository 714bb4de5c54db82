//! Connections to identity providers, as they are shown.

mod form;
mod life;
mod verification;

use serde::{Deserialize, Serialize};

use crate::{UtcMillis, cause::Cause, json::FromJson};

pub(crate) use form::client_secret;
pub use form::{ConnectionForm, ValidConnection};
pub use life::{ConnectionState, Degraded, Missing, Trial, TrialSeen};
pub use verification::{Claim, ClaimFault, ClaimNote, Verification, VerificationUser};

/// The identity providers that an organization can be connected to.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson,
)]
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

/// What a user is looked up by when an Okta account comes for the first time. Afterwards the identity link decides alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MatchBy {
    /// The claim `upn`, or `preferred_username` where there is no `upn`, equals the user's Okta login.
    #[default]
    OktaLogin,
    /// The claim `email` equals the user's email. People who can change their own email at Okta can become other users.
    Email,
}

impl MatchBy {
    pub const ALL: [Self; 2] = [Self::OktaLogin, Self::Email];

    /// The word in the API, the database and the configuration file.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OktaLogin => "okta_login",
            Self::Email => "email",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// One connection: `GET /api/connections/{provider}`. The secret itself never travels back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
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
    /// Read-only: where the tile on Okta's dashboard leads; None elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Settings>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretInfo>,
    /// What is shown was edited and not verified yet: members go on with the settings before it.
    #[serde(default)]
    pub unverified: bool,
    /// What is shown is what members sign in with, or would after switching on again.
    #[serde(default)]
    pub live: bool,
    /// What keeps these settings from being switched on or over; empty if nothing does, or while
    /// there is nothing to switch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guard: Vec<Missing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<Trial>,
    /// When the last trial ended because nobody confirmed it; until the next change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverted_at: Option<UtcMillis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degraded: Option<Degraded>,
    /// Since when members sign in through it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_since: Option<UtcMillis>,
    /// What the last round trip with these very settings showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
    /// How the last round trip failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// What was entered, as it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    pub issuer: String,
    pub client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub native_client_id: Option<String>,
    /// Where Okta sends the native app's people back to: only for the checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub native_redirect_uri: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// Google: only accounts of this Workspace domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosted_domain: Option<String>,
    /// Microsoft: the directory (tenant) whose accounts may enter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Okta only: what users are matched by at their first sign-in.
    #[serde(default)]
    pub match_by: MatchBy,
    /// Okta, matched by email: whether an email that Okta says is not verified counts as well.
    #[serde(default)]
    pub allow_unverified_email: bool,
}

/// What may be known of a stored secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecretInfo {
    pub last_four: String,
    pub set_at: UtcMillis,
    /// The administrator's name.
    #[serde(serialize_with = "crate::names::escaped")]
    pub set_by: String,
    /// The date that was entered for its end, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<String>,
}

/// How a round trip failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failure {
    pub at: UtcMillis,
    pub cause: Cause,
    pub reference: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_said: Option<String>,
}

/// `GET /api/connections`: Okta, Google, Microsoft, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionList {
    pub connections: Vec<Connection>,
}

/// Who would be matched differently: `GET /api/connections/{provider}/match-preview`. Linked users stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatchPreview {
    /// Users whose first sign-in is still to come, and whose email and Okta login are not the same.
    pub changed: crate::users::Found,
    /// The first hundred of them, by name.
    pub users: Vec<MatchChange>,
}

/// One user whom the other setting would match by another value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatchChange {
    pub id: String,
    #[serde(serialize_with = "crate::names::escaped")]
    pub name: String,
    pub email: String,
    /// None: not matched by login at all.
    pub okta_login: Option<String>,
    /// An administrator is linked to another login only once that identity is confirmed.
    pub is_administrator: bool,
}

/// Where to send the browser for the round trip: `POST /api/connections/{provider}/connect`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestSignIn {
    pub location: String,
}
