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
    /// Whether this deployment runs with a practice Okta inside, and where its own pages are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practice: Option<String>,
    /// For administrators: Okta's trial, while there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<TrialSeen>,
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
