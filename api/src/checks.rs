//! The checks of a connection: a ladder of rungs, climbed before anybody signs in.

use serde::{Deserialize, Serialize};

use crate::{FieldFault, UtcMillis, cause::Cause, json::FromJson};

/// One rung of the ladder, in the order in which they are climbed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// What is entered, by itself.
    Address,
    /// Which organization answers there.
    Organization,
    /// What the issuer says of itself, and its clock.
    Discovery,
    /// What it says of our client ID.
    Client,
    /// The keys with which it signs.
    Keys,
    /// The client secret, shown with a code that nobody has.
    Secret,
    /// The request that a sign-in begins with.
    Request,
    /// The sign-in redirect URI.
    Redirect,
    /// The native app.
    Native,
}

impl CheckKind {
    pub const ALL: [Self; 9] = [
        Self::Address,
        Self::Organization,
        Self::Discovery,
        Self::Client,
        Self::Keys,
        Self::Secret,
        Self::Request,
        Self::Redirect,
        Self::Native,
    ];
}

/// How a rung, or a whole run, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Passed,
    /// Not tried, because of an earlier rung.
    Skipped,
    Warning,
    Inconclusive,
    Failed,
}

impl Verdict {
    pub const ALL: [Self; 5] = [
        Self::Passed,
        Self::Skipped,
        Self::Warning,
        Self::Inconclusive,
        Self::Failed,
    ];

    /// The word in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
            Self::Inconclusive => "inconclusive",
            Self::Failed => "failed",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// Why a run began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// An administrator asked.
    Request,
    /// Before **Connect now**.
    Connect,
    /// The settings had changed.
    Change,
    Daily,
    /// Browsers come back with errors, and the server looks whether there is something in it.
    Doubt,
}

impl Trigger {
    pub const ALL: [Self; 5] = [
        Self::Request,
        Self::Connect,
        Self::Change,
        Self::Daily,
        Self::Doubt,
    ];

    /// The word in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Connect => "connect",
            Self::Change => "change",
            Self::Daily => "daily",
            Self::Doubt => "doubt",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// What the console can do about a failed rung by itself, on one click.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fix {
    pub action: FixAction,
    /// The issuer to take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FixAction {
    /// Put this issuer into the form. The secret has to be pasted again: it goes to no other.
    TakeIssuer,
    /// Swap web and native client ID.
    SwapClientIds,
    /// Empty the field Audience.
    ClearAudience,
}

impl Fix {
    #[must_use]
    pub fn of(action: FixAction) -> Self {
        Self {
            action,
            issuer: None,
        }
    }

    #[must_use]
    pub fn take_issuer(issuer: &str) -> Self {
        Self {
            action: FixAction::TakeIssuer,
            issuer: Some(issuer.to_owned()),
        }
    }
}

/// One rung, climbed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Check {
    pub kind: CheckKind,
    pub verdict: Verdict,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// Where no cause is certain: what it may be, the likeliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub likely: Vec<Cause>,
    /// What was seen: escaped, at most 200 characters, never a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// In milliseconds.
    pub duration_ms: i64,
}

/// One run over the whole ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckRun {
    /// UUID v7.
    pub id: String,
    pub trigger: Trigger,
    pub started_at: UtcMillis,
    pub ended_at: UtcMillis,
    /// The worst of the rungs.
    pub verdict: Verdict,
    /// It was about the very settings that are saved now.
    pub up_to_date: bool,
    pub checks: Vec<Check>,
}

/// A run, in one line of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckSummary {
    pub id: String,
    pub trigger: Trigger,
    pub started_at: UtcMillis,
    pub verdict: Verdict,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

/// `GET /api/connections/{provider}/checks`: the latest run, and the latest thirty in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckReport {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<CheckRun>,
    pub history: Vec<CheckSummary>,
}

/// `POST /api/connections/{provider}/checks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckForm {
    /// `request` or `connect`: the others are the server's own.
    pub trigger: Trigger,
}

/// One line of the answer: a JSON object a line, each as soon as it is known. One of the two is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckLine {
    /// A rung was climbed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
    /// The last line: the run as it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<CheckRun>,
}

impl CheckLine {
    #[must_use]
    pub fn check(check: Check) -> Self {
        Self {
            check: Some(check),
            end: None,
        }
    }

    #[must_use]
    pub fn end(run: CheckRun) -> Self {
        Self {
            check: None,
            end: Some(run),
        }
    }
}

/// `POST /api/connections/okta/look`: anything that was pasted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LookForm {
    pub pasted: String,
}

/// What was understood of it, and what is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Look {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Why nothing was understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<FieldFault>,
    /// The address that was probably meant, to be taken with one click.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// What was done to the text, and what to mind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Cause>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationSeen>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<Engine>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom_domains: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<ServerSeen>,
}

/// Whether an Okta organization answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrganizationSeen {
    Found,
    /// Okta answers, but nobody has this name.
    Unknown,
    NotOkta,
    Unreachable,
}

/// The generation of Okta: menus are worded differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    Identity,
    Classic,
}

/// An authorization server that was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerSeen {
    pub issuer: String,
    pub kind: ServerKind,
    pub state: ServerState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServerKind {
    /// The organization's own: needs nothing, has no claims of its own.
    Org,
    /// `/oauth2/default`: needs an access policy.
    Default,
    /// Any other.
    Custom,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServerState {
    There,
    NotThere,
    /// The organization has no API Access Management.
    NotLicensed,
    Inconclusive,
}
