//! Sign-in attempts: one row each, from start to end. Never a token, a code or a secret.

use serde::{Deserialize, Serialize};

use crate::{UtcMillis, cause::Cause, connections::Provider, json::FromJson, users::Status};

/// One attempt as an administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
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
    pub claimed_login: Option<String>,
    /// What the provider said of the failure: its error code and its words, cut at 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_said: Option<String>,
    /// The stages that it passed, in their order.
    #[serde(default)]
    pub stages: Vec<Passed>,
    /// From where it was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What the browser calls itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// Of one that never came back: the latest checks of its settings passed the redirect URI and
    /// the client.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub checks_passed: bool,
}

/// A step of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The browser was sent to the provider.
    Started,
    /// The browser came back from there.
    CameBack,
    /// The code was exchanged for tokens.
    CodeExchanged,
    /// The ID token holds: signature and claims.
    TokenVerified,
    UserinfoRead,
    /// A user of this organization fits.
    Matched,
    /// The session began, or the proof was written.
    Session,
}

impl Stage {
    /// In the order in which they are passed.
    pub const ALL: [Self; 7] = [
        Self::Started,
        Self::CameBack,
        Self::CodeExchanged,
        Self::TokenVerified,
        Self::UserinfoRead,
        Self::Matched,
        Self::Session,
    ];
}

/// A stage that was passed, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Passed {
    pub stage: Stage,
    pub at: UtcMillis,
}

/// The user of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttemptUser {
    pub id: String,
    #[serde(serialize_with = "crate::names::escaped")]
    pub name: String,
    /// As it is now, not as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

/// What an attempt is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Ends in a session.
    SignIn,
    /// An administrator's round trip: ends in a proof, not in a session.
    Test,
    /// An administrator confirms their identity: ends in the session that they have, which counts as recent again.
    Reauthenticate,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Under ten minutes old and not ended.
    Started,
    Succeeded,
    Failed,
    NotCompleted,
}

/// A page of attempts, newest first: `GET /api/sign-ins`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttemptList {
    pub attempts: Vec<Attempt>,
    /// Handed back as `before` it gives the next older page. None on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Handed back as `since` it gives all that began or ended in the meantime.
    #[serde(default)]
    pub since: String,
}

/// The query of attempts. What is none does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AttemptQuery {
    /// The one with this reference number; nothing else is looked at then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// A user's id, e-mail or Okta login, or the login that somebody unknown came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Started not earlier than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<UtcMillis>,
    /// Started earlier than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<UtcMillis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// 1 to 200, 50 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Sign-ins day by day: `GET /api/sign-ins/days`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayList {
    /// Oldest first, without gaps; the last one is today.
    pub days: Vec<Day>,
    /// Why sign-ins of these days failed, the most frequent first.
    pub causes: Vec<CauseCount>,
}

/// How the sign-ins of one day (UTC) ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Day {
    /// Midnight.
    pub at: UtcMillis,
    pub succeeded: u64,
    pub failed: u64,
    pub not_completed: u64,
    /// So many minutes members could sign in, with nothing known to be wrong.
    #[serde(default)]
    pub healthy_minutes: u32,
    /// So many minutes the connection was degraded. In the rest of the day none was on.
    #[serde(default)]
    pub degraded_minutes: u32,
}

/// How often a cause was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CauseCount {
    pub cause: Cause,
    pub attempts: u64,
}

/// How many days are looked at: 14 unless told, at most 90.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DayQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}
