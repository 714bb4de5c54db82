//! Sign-in attempts: one row each, from start to end. Never a token, a code or a secret.

use serde::{Deserialize, Serialize};

use crate::{UtcMillis, cause::Cause, connections::Provider};

/// One attempt as an administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attempt {
    /// UUID v7.
    pub id: String,
    /// What the person was shown: `XXXX-XXXX`.
    pub reference: String,
    pub provider: Provider,
    pub purpose: Purpose,
    pub started_at: UtcMillis,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// The user that it matched, or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<AttemptUser>,
    /// Who they are at the provider, as far as it came to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<String>,
    /// What the provider said of the failure: its error code and its words, cut at 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_said: Option<String>,
}

/// The user of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttemptUser {
    pub id: String,
    pub name: String,
}

/// What an attempt is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Ends in a session.
    SignIn,
    /// An administrator's round trip: ends in a proof, not in a session.
    Connect,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Under ten minutes old and not ended.
    Started,
    Succeeded,
    Failed,
    NeverCameBack,
}

/// `GET /api/sign-ins`: the latest fifty, newest first, or the one with a reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttemptList {
    pub attempts: Vec<Attempt>,
}
