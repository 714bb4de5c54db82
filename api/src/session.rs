//! Who is signed in. The session's token itself is in a cookie that no script can read.

use serde::{Deserialize, Serialize};

use crate::json::FromJson;

use crate::{
    UtcMillis,
    connections::{Provider, TrialSeen},
    users::Role,
};

/// `GET /api/session`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    pub user_id: String,
    #[serde(serialize_with = "crate::names::escaped")]
    pub name: String,
    pub email: String,
    pub role: Role,
    #[serde(serialize_with = "crate::names::escaped")]
    pub organization: String,
    pub signed_in_by: SignedInBy,
    /// The session ends then whatever happens; 30 minutes without a request end it sooner.
    pub expires_at: UtcMillis,
    /// When this person last signed in or confirmed their identity in this session. 0: not known, so that what takes a
    /// sign-in of the last ten minutes asks for one.
    #[serde(default)]
    pub authenticated_at: UtcMillis,
    /// For administrators: the ways to confirm their identity that are open now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reauthenticate_by: Vec<ReauthenticationMethod>,
    /// Whether this deployment runs with a practice Okta inside, and where its own pages are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub okta_simulator: Option<String>,
    /// For administrators: Okta's trial, while there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<TrialSeen>,
}

/// How long a sign-in counts as recent.
pub const RECENT_SIGN_IN: UtcMillis = 10 * 60 * 1000;

/// A way to confirm one's identity in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReauthenticationMethod {
    /// The administrator's password, while passwords are on.
    Password,
    /// A new sign-in at Okta, in a tab of its own: `GET /auth/okta/start?reauthenticate=1`.
    Okta,
    /// A recovery or break-glass code, which is used up.
    Code,
}

/// `POST /api/session/reauthenticate`: exactly one of the two.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReauthenticationForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// A recovery or break-glass code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl std::fmt::Debug for ReauthenticationForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReauthenticationForm")
            .finish_non_exhaustive()
    }
}

/// The way in that this session took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignedInBy {
    /// An administrator's password, behind the quiet link.
    Password,
    /// A single-use code, for the day single sign-on does not work.
    BreakGlass,
    Okta,
    Google,
    Microsoft,
}

impl From<Provider> for SignedInBy {
    fn from(provider: Provider) -> Self {
        match provider {
            Provider::Okta => Self::Okta,
            Provider::Google => Self::Google,
            Provider::Microsoft => Self::Microsoft,
        }
    }
}
