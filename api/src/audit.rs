//! The audit log: who changed what, when and from where. Secrets stand there as fingerprints.

use serde::{Deserialize, Serialize};

use crate::{UtcMillis, json::FromJson};

/// The name of whoever acts in a shell on the host.
pub const COMMAND_LINE: &str = "command line";

/// One change of state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEvent {
    /// Its place in the log: 1 is the first row of all.
    pub seq: i64,
    pub at: UtcMillis,
    /// `noun.verb`, such as `user.created`.
    pub event: String,
    /// Who did it, or by which command on the host; none is the server by itself, or somebody who was not signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<AuditParty>,
    /// Whom or what it was done to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<AuditParty>,
    /// What is other than before, field by field.
    pub changes: Vec<AuditChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// Somebody or something in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditParty {
    /// A user's id, a provider's word, an e-mail: what a filter takes. Empty where it has a name alone.
    pub id: String,
    /// A name for it; the target's is that of now.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "crate::names::escaped_some"
    )]
    pub name: Option<String>,
    /// Whether it is a user that is still there.
    pub is_user: bool,
}

/// One field of a row: before and after, or one of them where there is no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditChange {
    pub field: String,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "crate::names::escaped_some"
    )]
    pub before: Option<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "crate::names::escaped_some"
    )]
    pub after: Option<String>,
}

/// A page of the log, newest first: `GET /api/audit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditList {
    pub events: Vec<AuditEvent>,
    /// Handed back as `before` it gives the next older page. None on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The query of the log. What is none does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AuditQuery {
    /// A user's id, e-mail or Okta login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// A user's id, e-mail or Okta login, or a provider's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Not earlier than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<UtcMillis>,
    /// Earlier than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<UtcMillis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// This row alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<i64>,
    /// 1 to 200, 50 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
